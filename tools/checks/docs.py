"""Finds what documents name and the tree does not have: paths, targets, flags, links, commands."""

import os
import re

from tools.checks import arrows, build_files

# What a path in a document starts with when it is one of ours; others (`apps/v1`) are not paths.
_TOP_FOLDERS = set(filter(lambda key: "/" not in key, arrows.ARROWS)) | {
    *arrows.PROGRAM_FOLDERS,
    ".ci",
    "docs",
    "k8s",
}
_FILE = re.compile(r"^[\w.-]+(?:/[\w.-]+)*\.(?:h|cc|md|py|sh|bzl|ya?ml|proto|txt|rc)$")
_PATH = re.compile(r"^\.?[\w-][\w.-]*(?:/[\w.-]+)*/?$")
_LABEL = re.compile(r"(?<![\w:/@])//([\w./-]*)(?::([\w.+*-]+))?")
_FLAG = re.compile(r"(?<![\w-])--([a-z][\w-]*)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")

# Their flags are not ours to check, but what follows ` -- ` is. Bazel's --config is checked.
_FOREIGN_PROGRAM = re.compile(
    r"^\s*(?:sudo |time |\$ |\w+=\S* )*(?:\S*/)?"
    r"(?:bazel|kubectl|docker|podman|kind|helm|curl|git|apt-get|memcached|mem\w+|perf|valgrind"
    r"|grpcurl|openssl|clang-format|llvm-\S+|python3|taskset|ss|sysctl)\b"
)


def _code(text):
    """Yields (line number, code) of each code span and each line of a fenced block."""
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            yield number, line
        else:
            for span in re.findall(r"`([^`]+)`", line):
                yield number, span


def _anchors(text):
    """The anchors that a Markdown renderer makes of the headings."""
    headings = re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class Names:
    """What the tree offers to be named."""

    def __init__(self, tree):
        targets, _ = build_files.read_all(tree, {"third_party"})
        self.labels = {target.label for target in targets}
        self.packages = {os.path.dirname(path) for path in tree.build_files()}
        self.configs = set()
        if tree.exists(".bazelrc"):
            self.configs = set(re.findall(r"^\w+:(\w+) ", tree.text(".bazelrc"), re.MULTILINE))
        self.flags = set()
        for path in tree.select(".cc", ".h", ".py", ".sh", ".yaml", ".ci/run"):
            if path.startswith("tools/checks/"):
                continue  # The checks name flags of documents that do not exist.
            text = tree.text(path)
            # A row of a table of options, an argument that a script or program knows.
            self.flags.update(re.findall(r'"(?:--?)?([a-z][\w-]*)=?"', text))
            self.flags.update(re.findall(r"ABSL_FLAG\([^,]+,\s*(\w+)", text))
            if path.endswith((".sh", "/run")):
                self.flags.update(re.findall(r"^\s*--([a-z][\w-]*)(?:=\*)?\)", text, re.MULTILINE))

    def has_target(self, tree, package, name):
        if name is None and package.endswith("..."):
            folder = package.removesuffix("...").rstrip("/")
            return any((p + "/").startswith(folder + "/") or not folder for p in self.packages)
        if package not in self.packages:
            return False
        name = name or package.rsplit("/", 1)[-1]
        if name in ("all", "*"):
            return True
        if f"//{package}:{name}" in self.labels:
            return True
        if package.startswith("third_party"):  # Aliases made in loops: the text names them all.
            return name == package.rsplit("/", 1)[-1] or f'"{name}"' in "".join(
                tree.text(path)
                for path in tree.select(".bzl", "/BUILD")
                if path.startswith(package + "/")
            )
        return False


def _check_code(tree, names, path, number, code):
    ours = re.sub(r"^.*? -- ", "", code) if " -- " in code else code
    if " -- " in code or not _FOREIGN_PROGRAM.match(code):
        for flag in _FLAG.findall(ours):
            if flag not in names.flags and flag.replace("-", "_") not in names.flags:
                yield f"{path}:{number}: no program of the tree has the flag --{flag}"
    for config in re.findall(r"--config=(\w+)", code):
        if re.search(r"\bbazel\b|^--config=", code) and config not in names.configs:
            yield f"{path}:{number}: .bazelrc has no configuration {config}"
    for package, name in _LABEL.findall(code):
        if (package or name) and not names.has_target(tree, package, name or None):
            yield f"{path}:{number}: there is no target //{package}{':' + name if name else ''}"
    for word in code.split():
        if "//" in word:
            continue
        word = re.sub(r"(:\d+)?[.,;:)]*$", "", word.lstrip("(./"))
        is_ours = "/" in word and _PATH.match(word) and word.split("/")[0] in _TOP_FOLDERS
        if is_ours or (_FILE.match(word) and len(code.split()) == 1):
            if not _path_exists(tree, os.path.dirname(path), word):
                yield f"{path}:{number}: there is no {word}"


def _path_exists(tree, folder, word):
    """A path from the root or from the document, or, without a folder, a file's name anywhere."""
    word = word.rstrip("/")
    for candidate in (word, "." + word, os.path.join(folder, word)):
        if tree.exists(candidate):
            return True
    # A program as its target's path: `server/server` after a build.
    if tree.exists(os.path.join(os.path.dirname(word), "BUILD")):
        build = tree.text(os.path.join(os.path.dirname(word), "BUILD"))
        if f'name = "{os.path.basename(word)}"' in build:
            return True
    return "/" not in word and any(os.path.basename(path) == word for path in tree.paths)


def _check_links(tree, path, text):
    for target in _LINK.findall(text):
        if re.match(r"^[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        linked = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
        if not tree.exists(linked):
            yield f"{path}: links to {target}, which is not there"
        elif anchor and linked.endswith(".md") and anchor not in _anchors(tree.text(linked)):
            yield f"{path}: links to {target}, but {linked} has no such heading"


def _check_headings(path, text):
    """A heading with nothing under it."""
    text = re.sub(r"```.*?```", "code", text, flags=re.DOTALL)
    lines = [line for line in text.split("\n") if line.strip()]
    for line, following in zip(lines, lines[1:] + ["# end"]):
        level = re.match(r"#+ ", line)
        below = re.match(r"#+ ", following)
        if level and below and len(below.group()) <= len(level.group()):
            yield f"{path}: nothing under '{line}'"


def check_documents(tree):
    """Everything that a Markdown file names in code or links to exists."""
    names = Names(tree)
    for path in tree.select(".md"):
        text = tree.text(path)
        for number, code in _code(text):
            yield from _check_code(tree, names, path, number, code)
        yield from _check_links(tree, path, text)
        yield from _check_headings(path, text)
