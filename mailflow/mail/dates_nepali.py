"""Bikram Sambat, the calendar of Nepal. Its months follow the sun's signs, so their lengths can only be looked up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

MONTHS = 12
_FIRST_YEAR, _FIRST_DAY = 2082, date(2025, 4, 14)
_SHORTEST = 29  # days of a month; below stands how many more each month of a year has, Baisakh first
_LONGER = (
    "223222101011 223222101011 223221110111 232312110111 132321110111 223222101111 123312110111 132321110111 "
    "132321110111 223222110111 123321110111 132321110111 223221110111 223222101111 123321101011 232321110111 "
    "223222010102 223222100111"
)
_LENGTHS = tuple(tuple(_SHORTEST + int(more) for more in year) for year in _LONGER.split())
_STARTS = tuple(  # of each month, as days since the first
    accumulate((length for year in _LENGTHS for length in year), initial=0)
)


def length_of(year: int, month: int) -> int:
    """How many days a month (1 to 12) has; 0 in a year that isn't known."""
    known = 0 <= year - _FIRST_YEAR < len(_LENGTHS)
    return _LENGTHS[year - _FIRST_YEAR][month - 1] if known else 0


def from_nepali(year: int, month: int, day: int) -> Iterator[date]:
    """The day of our own calendar; nothing where there is no such day, or where the year isn't known."""
    if 1 <= month <= MONTHS and 1 <= day <= length_of(year, month):
        yield _FIRST_DAY + timedelta(days=_STARTS[(year - _FIRST_YEAR) * MONTHS + month - 1] + day - 1)


def to_nepali(day: date) -> tuple[int, int, int] | None:
    """Year, month and day; None where they aren't known."""
    since = (day - _FIRST_DAY).days
    if not 0 <= since < _STARTS[-1]:
        return None
    at = sum(start <= since for start in _STARTS) - 1
    return _FIRST_YEAR + at // MONTHS, at % MONTHS + 1, since - _STARTS[at] + 1
