"""What naming a day comes down to in every language: a month, a year that lies near, and a place in the text."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

from mailflow.mail.lexicon import Place

BEGINNING, MIDDLE = 10, 15  # days that stand for a part of a month


def year_near(base: date, month: int) -> int:
    """Of a date without one: what would lie more than half a year ahead is over."""
    if (month - base.month) % 12 <= 12 / 2:
        return base.year + (month < base.month)
    return base.year - (month > base.month)


def this_month(base: date) -> tuple[int, int]:
    """Year and month."""
    return base.year, base.month


def next_month(base: date) -> tuple[int, int]:
    first = base.replace(day=1) + timedelta(days=32)
    return first.year, first.month


def day_at(found: re.Match[str], year: int, month: int, day: int | None) -> Iterator[tuple[date, Place]]:
    """The day that was found, where there is such a day; None is the last one of the month."""
    if 1 <= month <= 12 and 1 <= year < 9999:  # noqa: PLR2004
        last = calendar.monthrange(year, month)[1]
        day = last if day is None else day
        if 1 <= day <= last:
            yield date(year, month, day), place_of(found)


def place_of(found: re.Match[str]) -> Place:
    return Place(found.start(), found.end())
