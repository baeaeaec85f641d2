"""Suppression of small figures, so that nobody works them out from totals, from other columns or from other years.

A figure below the threshold is hidden. Then further ones are, the smallest first and equal ones together, until the
hidden ones aren't all alike. The choice depends on the figures alone and not on which row bears them, so whoever knows
every figure shown, every total and this very rule still finds two worlds in which a hidden row has different figures:
exchange two hidden rows, and the same report comes out. Where a column is so uniform that this needs all of its rows,
what leads from their sum to the number of questions is hidden as well.

A row of which any year since the opening balance is hidden has no cumulative figure either: the difference of two years'
would be the year's. Change, share and mean follow the counts that they are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hidden:
    """Of one column: which rows, and whether the way from their sum to the questions is hidden, too."""

    rows: frozenset[str] = frozenset()
    foot: bool = False

    def __or__(self, other: Hidden) -> Hidden:
        return Hidden(self.rows | other.rows, self.foot or other.foot)


def hidden(column: Mapping[str, int], fewer_than: int) -> Hidden:
    """What is hidden of a column, rows with their figures; nothing when `fewer_than` is 0 or no figure is small."""
    rows = {row for row, value in column.items() if 0 < value < fewer_than}
    if not rows:
        return Hidden()
    while len({column[row] for row in rows}) == 1:
        others = {value for row, value in column.items() if row not in rows}
        if not others:
            break
        least = min(others - {0}, default=0)  # a 0 is hidden last
        rows |= {row for row, value in column.items() if value == least}
    return Hidden(frozenset(rows), foot=len(rows) == len(column))


def together(columns: Iterable[Hidden]) -> Hidden:
    """What is hidden of a figure that several columns make up."""
    found = Hidden()
    for one in columns:
        found |= one
    return found
