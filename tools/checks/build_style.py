"""Finds what breaks the style of BUILD files: flags, globs and the order of deps."""

import os
import re

from tools.checks import build_files

# These compile differently from the rest of the tree, or hide what a target consists of.
_FORBIDDEN_ATTRIBUTES = {"copts", "linkopts", "defines", "local_defines", "features", "includes"}


def _rank(label):
    """Buildifier's order: own targets, then the tree's, then other repositories'."""
    kind = 0 if label.startswith(":") else 1 if label.startswith("//") else 2
    return (kind, re.split(r"[:/]", label.lstrip("/:")), label)


def check_build_files(tree):
    """Flags live in .bazelrc, sources are listed, deps are sorted."""
    for path in tree.build_files():
        if path.startswith("third_party/"):
            continue
        if re.search(r"\bglob\(", re.sub(r"#.*", "", tree.text(path))):
            yield f"{path}: a glob; list the files"
        try:
            targets = build_files.read_build_file(tree.text(path), os.path.dirname(path))
        except build_files.Unreadable as problem:
            yield f"{path}: {problem}"
            continue
        for target in targets:
            for attribute in sorted(_FORBIDDEN_ATTRIBUTES & set(target.attributes)):
                yield f"{path}: {target.name} sets {attribute}; flags live in .bazelrc"
            for attribute in ("deps", "srcs", "hdrs"):
                labels = target.attributes.get(attribute, [])
                if isinstance(labels, list) and len(labels) != len(set(labels)):
                    yield f"{path}: {attribute} of {target.name} has doubles"
            deps = target.attributes.get("deps", [])
            if deps != sorted(deps, key=_rank):
                yield f"{path}: deps of {target.name} are not sorted: {sorted(deps, key=_rank)}"
