"""Finds what breaks the table of arrows.py: in the deps of BUILD files and in #include lines."""

import os
import re

from tools.checks import arrows, build_files

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
_TEST_RULES = {"cc_test", "cc_fuzz_test", "cc_benchmark"}
_CODE = (".h", ".cc", ".cpp", ".c", ".hpp", ".inc")

# Deps that a macro of tools/build/defs.bzl adds.
_DEPS_OF_MACROS = {"cc_benchmark": {"third_party/benchmark"}}

_WALL = "tools/checks/grpc_wall/BUILD: the genquery 'grpc_reach'"

# Stand-ins for other people's repositories, outside the workspace as Bazel sees it.
_FOREIGN = "third_party/bazel/"


def _top(label_or_path):
    return re.split("[/:]", label_or_path.removeprefix("//"))[0]


def _package(label):
    return label.removeprefix("//").split(":")[0]


def _is_test(target):
    return target.rule in _TEST_RULES or bool(target.attributes.get("testonly"))


class Graph:
    """The C++ targets of a tree and the headers that each of them offers."""

    def __init__(self, tree, table=arrows):
        self.tree = tree
        self.table = table
        self.targets, self.violations = build_files.read_all(tree, {"third_party"})
        # third_party makes aliases in loops; the proof of the code generation is ordinary code.
        for path in tree.build_files():
            if path.startswith("third_party/grpc/testing/"):
                package = os.path.dirname(path)
                self.targets += build_files.read_build_file(tree.text(path), package)
        self.by_label = {target.label: target for target in self.targets if target.name}
        self.headers = {target.label: self._own_headers(target) for target in self.targets}

    def cc_targets(self):
        return [target for target in self.targets if target.rule.startswith("cc_")]

    def _own_headers(self, target):
        if target.rule == "cc_proto_library":
            protos = [self.by_label.get(label) for label in target.labels("deps")]
        elif target.rule == "cc_grpc_library":
            label = build_files.absolute_label(target.package, target.attributes["proto"])
            protos = [self.by_label.get(label)]
        else:
            return set(target.files("hdrs") + target.files("textual_hdrs"))
        suffix = ".grpc.pb.h" if target.rule == "cc_grpc_library" else ".pb.h"
        return {
            path.removesuffix(".proto") + suffix
            for proto in protos
            if proto
            for path in proto.files("srcs")
        }

    def is_umbrella(self, target):
        return target.rule in ("cc_library", "alias") and not (
            target.attributes.get("srcs") or target.attributes.get("hdrs")
        )

    def deps(self, target):
        labels = target.labels("deps")
        if target.rule == "alias":
            labels.append(build_files.absolute_label(target.package, target.attributes["actual"]))
        return labels

    def offered(self, label):
        """The labels whose headers come with a direct dep on `label`: an umbrella's deps, too."""
        target = self.by_label.get(label)
        if target is None or not self.is_umbrella(target):
            return {label}
        return {label}.union(*(self.offered(dep) for dep in self.deps(target)))

    def reached(self, label):
        seen, pending = set(), [label]
        while pending:
            current = pending.pop()
            if current not in seen:
                seen.add(current)
                target = self.by_label.get(current)
                pending += self.deps(target) if target else []
        return seen

    def sources(self, target):
        paths = target.files("srcs") + target.files("hdrs") + target.files("textual_hdrs")
        return [path for path in paths if path.endswith(_CODE) and self.tree.exists(path)]


def _matches(label, entry):
    if entry.startswith("//"):
        return label == entry
    package = _package(label)
    return package == entry or package.startswith(entry + "/")


def _allowed(graph, target):
    """The table's entries for the target, or None where all is allowed."""
    table, top = graph.table, _top(target.label)
    if top in table.PROGRAM_FOLDERS or target.label in table.PROGRAMS:
        return None
    entries = list(table.ARROWS[top])
    # A room may use another one of its folder: the inner one has its own rules.
    innermost = None
    for room, its_entries in table.ARROWS.items():
        if _top(room) != top or not room.startswith("//"):
            continue
        reached = graph.reached(room)
        if target.label in reached and (innermost is None or len(reached) < innermost):
            entries, innermost = list(its_entries), len(reached)
    if _is_test(target):
        entries = table.ARROWS[top] + table.TEST_ARROWS["*"] + table.TEST_ARROWS.get(top, [])
    return entries


def check_arrows(graph):
    """Every dep is one that the table allows."""
    for target in graph.cc_targets():
        top, table = _top(target.label), graph.table
        if top not in table.ARROWS and top not in table.PROGRAM_FOLDERS:
            yield f"{target.label}: '{top}' is not in the table of tools/checks/arrows.py"
            continue
        allowed = _allowed(graph, target)
        for dep in target.labels("deps"):
            if dep.startswith("@"):
                yield f"{target.label}: names {dep}; external code has labels below //third_party"
            elif allowed is None or _top(dep) == top or _package(dep) == "third_party/absl":
                continue
            elif not any(_matches(dep, entry) for entry in allowed):
                yield f"{target.label}: may not use {dep}"


def check_includes(graph):
    """Every #include is covered by a direct dep, and every dep by an #include."""
    owners = {}
    for label, headers in graph.headers.items():
        for header in headers:
            owners.setdefault(header, set()).add(label)
    tops = {_top(target.label) for target in graph.targets}
    for target in graph.cc_targets():
        own = set(graph.sources(target)) | graph.headers[target.label]
        deps = set(target.labels("deps"))
        direct = set().union(*(graph.offered(dep) for dep in deps), {target.label})
        direct_packages = {_package(label) for label in direct}
        direct_packages |= _DEPS_OF_MACROS.get(target.rule, set())
        included = set()
        for path in graph.sources(target):
            for quote, header in _INCLUDE.findall(graph.tree.text(path)):
                included.add(header)
                what = f"{path}: {target.label} includes {header}"
                third_party = [
                    folder
                    for prefix, folder in graph.table.THIRD_PARTY_INCLUDES.items()
                    if header.startswith(prefix)
                ]
                if third_party:
                    if third_party[0] not in direct_packages:
                        yield f"{what} without a dep on {third_party[0]}"
                elif header in own:
                    continue
                elif header in owners:
                    if not owners[header] & direct:
                        owner = " or ".join(sorted(owners[header]))
                        yield f"{what} without a dep on {owner}"
                elif _top(header) in tops or quote == '"':
                    yield f"{what}, which is in no target's hdrs"
        yield from _unused_deps(graph, target, deps, included)


def _unused_deps(graph, target, deps, included):
    if not graph.sources(target):
        return
    for dep in sorted(deps):
        lender = graph.by_label.get(dep)
        if lender is None or lender.attributes.get("alwayslink"):
            continue
        headers = set().union(*(graph.headers.get(label, set()) for label in graph.offered(dep)))
        if headers and not headers & included:
            yield f"{target.label}: includes nothing of its dep {dep}"


def check_every_file_has_a_target(graph):
    """A file that no target lists is neither compiled nor checked."""
    listed = set()
    for target in graph.targets:
        for attribute in ("srcs", "hdrs", "textual_hdrs", "data"):
            value = target.attributes.get(attribute, [])
            if isinstance(value, list):
                listed.update(target.files(attribute))
    for path in graph.tree.select(*_CODE):
        if path not in listed and not path.startswith(_FOREIGN):
            yield f"{path}: in no target of {os.path.dirname(path)}/BUILD"


def check_visibility(graph):
    """Only a folder's public targets are visible outside of it; tests' tools and data are, too."""
    for target in graph.targets:
        top = _top(target.label)
        if target.rule == "package":
            default = target.attributes.get("default_visibility", [])
            if default not in ([], ["//visibility:private"]):
                yield f"//{target.package}: default_visibility; targets are private by default"
            continue
        if not target.rule.startswith("cc_") or top in graph.table.PROGRAM_FOLDERS:
            continue
        outside = [
            label
            for label in target.attributes.get("visibility", [])
            if label != "//visibility:private" and _top(label) != top
        ]
        public = [f"//{top}:{name}" for name in graph.table.PUBLIC_TARGETS.get(top, [top])]
        if outside and target.label not in public and not _is_test(target):
            yield f"{target.label}: visible outside of {top}, which offers {', '.join(public)}"


def check_wall_is_complete(graph):
    """The genquery of the gRPC wall starts at every public library that must not reach gRPC."""
    queries = [t for t in graph.targets if t.rule == "genquery" and t.name == "grpc_reach"]
    if len(queries) != 1:
        yield f"{_WALL} is not there"
        return
    inside = set(queries[0].labels("scope"))
    expression = queries[0].attributes.get("expression", "")
    table = graph.table
    for top in sorted({_top(target.label) for target in graph.cc_targets()} & set(table.ARROWS)):
        for label in (f"//{top}:{name}" for name in table.PUBLIC_TARGETS.get(top, [top])):
            target = graph.by_label.get(label)
            is_library = target is not None and target.rule in ("cc_library", "alias")
            if not is_library or label in table.BEHIND_THE_WALL:
                continue
            if label not in inside or label not in expression:
                yield f"{_WALL} does not name {label}"
    for label in graph.table.WALLED_LIBRARIES:
        if label not in inside or label not in expression:
            yield f"{_WALL} does not name {label}"


def check(graph):
    """Returns all violations."""
    checks = [
        check_arrows,
        check_includes,
        check_every_file_has_a_target,
        check_visibility,
        check_wall_is_complete,
    ]
    return graph.violations + [violation for one in checks for violation in one(graph)]
