"""Finds what breaks the part of the style that can be counted: see CONTRIBUTING.md."""

import os
import re

MAX_FILE_LINES = 600
MAX_COLUMNS = 100
MAX_FUNCTION_LINES = 70
MIN_SHARE_OF_SHORT_FUNCTIONS = 0.96
MAX_HEAD_LINES = 8
MAX_MAIN_LINES = 100

_CODE = (".h", ".cc", ".py", ".sh", ".bzl", ".proto", "/BUILD", "/bazel", "/run")
_TEXT = _CODE + (
    ".md",
    ".yaml",
    ".yml",
    ".txt",
    ".bazelrc",
    "WORKSPACE",
    ".gitignore",
    ".clang-format",
)
# Recorded bytes and other people's text.
_NOT_OURS = re.compile(r"(^|/)(testdata|[a-z_]*corpus|LICENSE)(/|$)")

_EMPTY_NAMES = re.compile(r"(^|[_.-])(utils?|common|misc|helpers?|managers?)([_.-]|$)|-inl\.h$")
_EMPTY_CLASS_NAMES = re.compile(
    r"\b(?:class|struct)\s+(?:\w+\s+)?(\w*(?:Manager|Helper|Helpers|Util|Utils))\b"
)


def _strip_cpp(text):
    """Blanks comments and literals, keeping every line break and every column."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\s\\]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
        re.DOTALL,
    )
    return pattern.sub(_blank, text)


_PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", re.MULTILINE)


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group())


_FUNCTION_HEAD = re.compile(
    r"\)\s*(?:const|noexcept(?:\([^()]*\))?|override|final|mutable|&&?|[A-Z_]{3,}(?:\([^()]*\))?"
    r"|requires\b.*|->\s*[\w:<>,&*\s]+|\s)*(?::\s*[\w:<>]+\s*[({].*)?$",
    re.DOTALL,
)
_NOT_A_FUNCTION = re.compile(
    r"\s*(?:\}\s*)?(?:if|else|for|while|switch|do|catch|try|return"
    r"|namespace|class|struct|union|enum|extern)\b"
)


def function_lengths(text):
    """Yields (first line, lines) of each function body at namespace or class level.

    Lambdas and blocks inside a function count as lines of that function.
    """
    text = _PREPROCESSOR.sub(_blank, _strip_cpp(text))
    depth, inside, since = 0, None, 0
    parentheses = 0
    for index, character in enumerate(text):
        if character == "(":
            parentheses += 1
        elif character == ")":
            parentheses -= 1
        elif character == "{":
            head = text[since:index]
            if inside is None and parentheses == 0 and "(" in head and _is_function_head(head):
                head = re.sub(r"^\s*(?:public|protected|private):", "", head)
                start = index - len(head.lstrip())
                inside = (depth, text.count("\n", 0, start) + 1)
            depth += 1
            if inside is None and parentheses == 0 and not _is_initialiser(head):
                since = index + 1
        elif character == "}":
            depth -= 1
            if inside is not None and depth == inside[0]:
                yield inside[1], text.count("\n", 0, index) + 2 - inside[1]
                inside, since = None, index + 1
            elif inside is None and parentheses == 0 and not _is_initialiser(text[since:index]):
                since = index + 1
        elif character == ";" and inside is None and parentheses == 0:
            since = index + 1


def _is_initialiser(head):
    """`Class::Class() : member_{1}` opens a brace that is no body."""
    return bool(re.search(r"\)\s*(?:noexcept\s*)?:(?!:)[^;]*(?:[\w>]\s*|\{[^}]*)$", head))


def _is_function_head(head):
    if _NOT_A_FUNCTION.match(head.strip()) or _is_initialiser(head):
        return False
    if re.search(r"=\s*(?:\[|$)", head.split("(")[0]) and "operator" not in head.split("(")[0]:
        return False
    return bool(_FUNCTION_HEAD.search(head))


def _lines(tree, path):
    text = tree.text(path)
    return text.split("\n")[:-1] if text.endswith("\n") else text.split("\n")


def _ours(tree, *suffixes):
    return [path for path in tree.select(*suffixes) if not _NOT_OURS.search(path)]


def check_text(tree):
    """No tab, no trailing space, no carriage return, a line break at the end."""
    for path in _ours(tree, *_TEXT):
        text = tree.text(path)
        if text and not text.endswith("\n"):
            yield f"{path}: no line break at its end"
        for number, line in enumerate(_lines(tree, path), 1):
            if "\t" in line:
                yield f"{path}:{number}: a tab"
            if line != line.rstrip():
                yield f"{path}:{number}: a space or carriage return at the end of the line"


def check_sizes(tree):
    """Files and lines are no longer than the style says."""
    for path in _ours(tree, *_CODE):
        lines = _lines(tree, path)
        if len(lines) > MAX_FILE_LINES:
            yield f"{path}: {len(lines)} lines; past {MAX_FILE_LINES} a file has two jobs"
        if os.path.basename(path) == "main.cc" and len(lines) >= MAX_MAIN_LINES:
            yield f"{path}: {len(lines)} lines; a main.cc only wires, in less than {MAX_MAIN_LINES}"
        for number, line in enumerate(lines, 1):
            if len(line) > MAX_COLUMNS and not re.search(r"https?://\S+$", line):
                yield f"{path}:{number}: {len(line)} columns of {MAX_COLUMNS}"


def check_functions(tree):
    """The share of functions within 70 lines. Lists the longer ones if there are too many."""
    total, long_ones = 0, []
    for path in _ours(tree, ".h", ".cc"):
        for line, length in function_lengths(tree.text(path)):
            total += 1
            if length > MAX_FUNCTION_LINES:
                long_ones.append(f"{path}:{line}: a function of {length} lines")
    if total and 1 - len(long_ones) / total < MIN_SHARE_OF_SHORT_FUNCTIONS:
        share = 100 * (1 - len(long_ones) / total)
        yield f"only {share:.1f} % of {total} functions have at most {MAX_FUNCTION_LINES} lines"
        yield from long_ones


def check_names(tree):
    """A name says what is inside: no util, common, misc, helpers, manager, and no -inl.h."""
    for path in tree.paths:
        for part in path.split("/"):
            if _EMPTY_NAMES.search(part):
                yield f"{path}: '{part}' says nothing about what is inside"
    for path in _ours(tree, ".h", ".cc"):
        for name in _EMPTY_CLASS_NAMES.findall(_strip_cpp(tree.text(path))):
            yield f"{path}: the class name {name} says nothing"


def check_headers(tree):
    """A header begins with a short comment that says what it is, then its guard."""
    for path in _ours(tree, ".h"):
        lines = _lines(tree, path)
        head = []
        for line in lines:
            if not line.startswith("//"):
                break
            head.append(line)
        # An indented line belongs to a drawing or an example.
        prose = [line for line in head if line.strip("/ ") and not line.startswith("//  ")]
        if not prose:
            yield f"{path}: has no comment at its head that says what it is"
        if len(prose) > MAX_HEAD_LINES:
            yield f"{path}: {len(prose)} lines of comment at its head, {MAX_HEAD_LINES} are allowed"
        guard = "RINGCACHE_" + re.sub(r"[^A-Z0-9]", "_", path.upper()) + "_"
        text = tree.text(path)
        if f"#ifndef {guard}\n#define {guard}\n" not in text:
            yield f"{path}: the include guard is {guard}"


def check_namespaces(tree):
    """Namespace = ringcache::folder."""
    for path in _ours(tree, ".h", ".cc"):
        folders = os.path.dirname(path).split("/")
        found = set(re.findall(r"^namespace (ringcache::\w+)", tree.text(path), re.MULTILINE))
        # A fuzz target and a program may have nothing but their C function or main().
        only_entry_point = re.search(
            r"^(int main\(|extern \"C\" int LLVMFuzzer)", tree.text(path), re.MULTILINE
        )
        # A folder of tests speaks for the folder above it.
        if folders[0] == "third_party":
            continue
        allowed = {f"ringcache::{folder}" for folder in folders}
        if not found and not only_entry_point:
            yield f"{path}: is not in namespace ringcache::{folders[-1]}"
        for name in found - allowed:
            yield f"{path}: namespace {name} in folder {os.path.dirname(path)}"


_EXCEPTIONS = "exceptions"

# Here a library is called that throws: its exceptions end in this file, as a status.
_ENDS_OF_EXCEPTIONS = ["admin/metrics/exposer.cc"]

_FORBIDDEN = [
    (r"^using namespace\b", "using namespace at file scope", None),
    (r"\bstd::string_view\b", "std::string_view; Abseil has its own here: absl::string_view", None),
    (r"\b(?:throw|try|catch)\b(?!\()", _EXCEPTIONS, None),
    (
        r"\b(?:sleep_for|sleep_until|SleepFor|usleep|nanosleep|sleep)\s*\(",
        "a sleep in a test",
        "_test.cc",
    ),
    (r"\bDISABLED_\w+", "a disabled test", "_test.cc"),
    (r"^\s*#\s*pragma once", "pragma once; headers have guards", None),
    (r"^\s*#\s*if\s+0\b", "code that is switched off", None),
]


def check_language(tree):
    """Constructs that the style rules out."""
    for path in _ours(tree, ".h", ".cc"):
        text = _strip_cpp(tree.text(path))
        for number, line in enumerate(text.split("\n"), 1):
            for pattern, what, suffix in _FORBIDDEN:
                if what == _EXCEPTIONS and path in _ENDS_OF_EXCEPTIONS:
                    continue
                if re.search(pattern, line) and (suffix is None or path.endswith(suffix)):
                    yield f"{path}:{number}: {what}"


CHECKS = [
    check_text,
    check_sizes,
    check_functions,
    check_names,
    check_headers,
    check_namespaces,
    check_language,
]
