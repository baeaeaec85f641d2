"""Counts in an order that is always the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping


def ranked(counted: Mapping[str, int]) -> dict[str, int]:
    """The most first; of equals the first of the alphabet, so that the same logs give the same report."""
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def grouped(counted: Mapping[str, int], group: Callable[[str], str]) -> dict[str, int]:
    """The counts of each group of names together."""
    sums = Counter[str]()
    for name, number in counted.items():
        sums[group(name)] += number
    return ranked(sums)
