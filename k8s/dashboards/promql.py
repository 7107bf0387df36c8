"""Which metrics and labels an expression in Prometheus' language names."""

import re

_TOKEN = re.compile(
    r'"(?:\\.|[^"\\])*"'  # a label's value
    r"|\[[^\]]*\]"  # a range
    r"|\$\{?\w+\}?"  # a variable
    r"|[a-zA-Z_:][\w:]*"
    r"|\d[\w.]*"  # a number, a duration
    r"|[{}()]|[^\s\w]"
)
_WORDS = {"and", "or", "unless", "bool", "offset"}
# A list of labels follows.
_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}


class Named:
    """What an expression names: selectors as pairs of a metric and its labels, and other labels."""

    def __init__(self):
        self.selectors = []
        self.grouping = set()

    def metrics(self):
        return {metric for metric, _ in self.selectors}


def read(expression):
    """Returns what `expression` names. A function is a name before a parenthesis."""
    named = Named()
    tokens = _TOKEN.findall(expression)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in _LISTS and following == "(":
            end = tokens.index(")", index)
            named.grouping.update(_identifiers(tokens[index + 2 : end]))
            index = end
        elif _is_identifier(token) and token not in _WORDS and _begins_selector(tokens, index):
            labels = set()
            if following == "{":
                end = tokens.index("}", index)
                labels = set(_identifiers(tokens[index + 2 : end]))
                index = end
            named.selectors.append((token, labels))
        index += 1
    return named


def _begins_selector(tokens, index):
    """An aggregation may be followed by its labels: `sum by (job) (...)`."""
    following = tokens[index + 1] if index + 1 < len(tokens) else ""
    return following != "(" and following not in _LISTS


def _is_identifier(token):
    return bool(re.fullmatch(r"[a-zA-Z_:][\w:]*", token))


def _identifiers(tokens):
    return [token for token in tokens if _is_identifier(token)]
