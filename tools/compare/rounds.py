"""What is computed from rounds: the order of servers in each, medians, quartiles and ratios.

Times of one round were taken within seconds of each other, so a ratio is formed within a round and
the median taken over the rounds' ratios: what slows the machine down for a while cancels out.
"""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Quartiles:
    """Of a list of values, by linear interpolation between closest ranks (as numpy's default)."""

    low: float
    median: float
    high: float

    @staticmethod
    def of(values):
        ordered = sorted(values)
        if not ordered:
            raise ValueError("there are no values")
        return Quartiles(*(_quantile(ordered, share) for share in (0.25, 0.5, 0.75)))

    def scaled(self, factor):
        return Quartiles(self.low * factor, self.median * factor, self.high * factor)


@dataclasses.dataclass(frozen=True)
class Range:
    """The median of a list of values between its least and its greatest."""

    low: float
    median: float
    high: float

    @staticmethod
    def of(values):
        return Range(min(values), Quartiles.of(values).median, max(values))


def _quantile(ordered, share):
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def rotated(items, round_number):
    """The items in the order of that round: each is first, second, ... equally often."""
    shift = round_number % len(items)
    return list(items[shift:]) + list(items[:shift])


def ratios(numerators, denominators):
    """Round by round. Rounds in which either is missing or zero have no ratio."""
    return [a / b for a, b in zip(numerators, denominators, strict=True) if a and b]


def differences(minuends, subtrahends):
    """Round by round."""
    return [a - b for a, b in zip(minuends, subtrahends, strict=True)]
