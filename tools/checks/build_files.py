"""Reads BUILD files without running Bazel: targets with their literal attributes.

A BUILD file of the project is a list of calls with literal arguments, so that it can be read at a
glance, and by this. What is more than that is reported as unreadable instead of being passed over.
"""

import ast
import dataclasses
import os


@dataclasses.dataclass
class Target:
    """A call of a rule or a macro."""

    package: str
    rule: str
    name: str
    attributes: dict
    line: int

    @property
    def label(self):
        return f"//{self.package}:{self.name}"

    def labels(self, attribute):
        """The attribute's labels in full form; every branch of a select()."""
        return [absolute_label(self.package, label) for label in self.attributes.get(attribute, [])]

    def files(self, attribute):
        """Paths of the files of this package that the attribute lists."""
        return [
            os.path.join(self.package, label.lstrip(":"))
            for label in self.attributes.get(attribute, [])
            if not label.startswith(("//", "@"))
        ]


class Unreadable(Exception):
    """A construct that the reader does not know."""


def absolute_label(package, label):
    """`:x`, `x`, `//a`, `//a:x` and `@r//a:x` as `//package:name`."""
    if label.startswith("@"):
        return label
    if not label.startswith("//"):
        return f"//{package}:{label.lstrip(':')}"
    if ":" not in label:
        return f"{label}:{label.rsplit('/', 1)[-1]}"
    return label


def _value(node, constants):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_value(element, constants) for element in node.elts]
    if isinstance(node, ast.Dict):
        return {_value(k, constants): _value(v, constants) for k, v in zip(node.keys, node.values)}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _value(node.left, constants) + _value(node.right, constants)
    if isinstance(node, ast.Name) and node.id in constants:
        return constants[node.id]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "select":
        branches = _value(node.args[0], constants)
        return [element for branch in branches.values() for element in branch]
    raise Unreadable(f"line {node.lineno}: {ast.unparse(node)[:80]} is not a literal")


def read_build_file(text, package):
    """Returns the targets. Raises Unreadable."""
    targets = []
    constants = {}
    try:
        statements = ast.parse(text).body
    except SyntaxError as error:
        raise Unreadable(f"line {error.lineno}: {error.msg}") from error
    for statement in statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            constants[statement.targets[0].id] = _value(statement.value, constants)
            continue
        if not isinstance(statement, ast.Expr):
            raise Unreadable(f"line {statement.lineno}: not a call")
        if isinstance(statement.value, ast.Constant):  # The file's comment.
            continue
        call = statement.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            raise Unreadable(f"line {statement.lineno}: not a call of a rule")
        attributes = {k.arg: _value(k.value, constants) for k in call.keywords if k.arg}
        targets.append(
            Target(package, call.func.id, attributes.get("name", ""), attributes, statement.lineno)
        )
    return targets


def read_all(tree, folders_to_skip=()):
    """Returns (targets, violations) of every BUILD file."""
    targets, violations = [], []
    for path in tree.build_files():
        package = os.path.dirname(path)
        if package.split("/")[0] in folders_to_skip:
            continue
        try:
            targets += read_build_file(tree.text(path), package)
        except Unreadable as problem:
            violations.append(f"{path}: {problem}; write the targets out")
    return targets, violations
