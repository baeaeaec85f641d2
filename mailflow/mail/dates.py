"""The days that a text names, as people of the desk's languages write them. Ordinary patterns, bounded and linear."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from mailflow.mail.lexicon import Entry, Heard, Place

AHEAD = 366  # days: what is further away, or over, is no deadline
BUDDHIST, BUDDHIST_ERA = 2400, 543  # Thai years count from 543 BC
CENTURY = 100
_YMD = re.compile(r"(?<!\d)(\d{4}) ?[ ./年] ?(\d{1,2}) ?[ ./月] ?(\d{1,2})(?!\d)")
_DMY = re.compile(r"(?<!\d)(\d{1,2}) ?[ ./] ?(\d{1,2}) ?[ ./] ?(\d{4}|\d{2})(?!\d)")
_MD_EAST = re.compile(r"(?<!\d)(\d{1,2}) ?月 ?(\d{1,2}) ?[日号號]")
_DM_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2}) ?(?:thang|/) ?(\d{1,2})(?!\d)(?: ?(?:nam|/) ?(\d{4}))?")
_ERA = re.compile(r"(令和|民國|民国) ?(\d{1,3}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2})")
_ERA_BEGINS = {"令和": 2018, "民國": 1911, "民国": 1911}
_BEFORE = re.compile(r"(?<!\d)(\d{1,2})(?:\.|er|º|st|nd|rd|th)? ?(?:de |of )?$")
_AFTER = re.compile(r"^ ?(?:ရက် ?)?(\d{1,2})(?:st|nd|rd|th)?(?!\d)")
_YEAR = re.compile(r"^[ ,]{0,2}(?:de |พ\.ศ\. ?|सन् )?(\d{4})(?!\d)")
_DIGIT = re.compile(r"[^\x00-\x7f\D]")


def days(heard: Heard, base: date) -> Iterator[tuple[date, Place]]:
    """The days named in a mail that come after `base` (the day it was written), with where; in no order."""
    text = _DIGIT.sub(lambda digit: str(int(digit[0])), heard.text)  # one digit for one: places stay
    named = (*_in_numbers(text, base), *_by_name(heard.entries.items(), text, base))
    for day, place in named:
        if base <= day <= base + timedelta(days=AHEAD):
            yield day, place


def _in_numbers(text: str, base: date) -> Iterator[tuple[date, Place]]:
    for found in _YMD.finditer(text):
        yield from _day(found, int(found[1]), int(found[2]), int(found[3]))
    for found in _DMY.finditer(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        day, month = (second, first) if second > 12 else (first, second)  # noqa: PLR2004  months
        yield from _day(found, year + (2000 if year < CENTURY else 0), month, day)
    for found in _ERA.finditer(text):
        yield from _day(found, _ERA_BEGINS[found[1]] + int(found[2]), int(found[3]), int(found[4]))
    for found in _MD_EAST.finditer(text):
        yield from _day(found, _year(base, int(found[1])), int(found[1]), int(found[2]))
    for found in _DM_VIETNAMESE.finditer(text):
        month = int(found[2])
        yield from _day(found, int(found[3] or 0) or _year(base, month), month, int(found[1]))


def _by_name(heard: Iterable[tuple[Entry, list[Place]]], text: str, base: date) -> Iterator[tuple[date, Place]]:
    for entry, places in heard:
        kind, _, value = entry.key.partition(".")
        for place in places:
            if kind == "month":
                yield from _beside_month(int(value), place, text, base)
            elif kind == "weekday":
                ahead = (int(value) - base.weekday()) % 7 or 7
                yield base + timedelta(days=ahead), place
            elif kind == "day":
                yield _relative(value, base), place


def _beside_month(month: int, place: Place, text: str, base: date) -> Iterator[tuple[date, Place]]:
    """15 December, December 15, 15. Dezember 2026, ธันวาคม ๒๕๖๙, ဒီဇင်ဘာ ၁၅."""
    before = _BEFORE.search(text[max(0, place.start - 8) : place.start])
    after = _AFTER.match(text[place.end : place.end + 10]) if not before else None
    number = before or after
    if number:
        behind = place.end + (after.end() if after else 0)
        year = _YEAR.match(text[behind : behind + 16])
        span = Place(place.start - (len(before[0]) if before else 0), behind + (year.end() if year else 0))
        yield from _valid(int(year[1]) if year else _year(base, month), month, int(number[1]), span)


def _relative(value: str, base: date) -> date:
    """A day as rules/signs names it: [day.tomorrow], [day.week_end], ..."""
    match value:
        case "today":
            return base
        case "tomorrow":
            return base + timedelta(days=1)
        case "week_end":
            return base + timedelta(days=(4 - base.weekday()) % 7)
        case "next_week":
            return base + timedelta(days=(4 - base.weekday()) % 7 + 7)
        case "month_end":
            return base.replace(day=calendar.monthrange(base.year, base.month)[1])
        case "next_month":
            first = (base.replace(day=1) + timedelta(days=32)).replace(day=1)
            return first.replace(day=calendar.monthrange(first.year, first.month)[1])
        case _:  # year_end: the rules are checked for others
            return base.replace(month=12, day=31)


def _year(base: date, month: int) -> int:
    """Of a date without one: it lies ahead."""
    return base.year + (month < base.month)


def _day(found: re.Match[str], year: int, month: int, day: int) -> Iterator[tuple[date, Place]]:
    yield from _valid(year, month, day, Place(found.start(), found.end()))


def _valid(year: int, month: int, day: int, place: Place) -> Iterator[tuple[date, Place]]:
    year -= BUDDHIST_ERA if year > BUDDHIST else 0
    if 1 <= month <= 12 and year < 9999 and 1 <= day <= calendar.monthrange(max(year, 1), month)[1]:  # noqa: PLR2004
        yield date(max(year, 1), month, day), place
