"""The days that a text names, as people of the desk's languages write them. Ordinary patterns, bounded and linear."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from mailflow.mail.calendar_days import BEGINNING, MIDDLE, year_near
from mailflow.mail.dates_de_th_vi import days_local, weekdays_local
from mailflow.mail.dates_ja_zh import days_east, weekdays_east
from mailflow.mail.dates_south import days_south, weekdays_south
from mailflow.mail.lexicon import Entry, Heard, Place

AHEAD = 366  # days: what is further away, or over, is no deadline
BUDDHIST, BUDDHIST_ERA = 2400, 543  # Thai years count from 543 BC
CENTURY = 100
_YMD = re.compile(r"(?<!\d)(\d{4}) ?[ ./年] ?(\d{1,2}) ?[ ./月] ?(\d{1,2})(?!\d)")
_DMY = re.compile(r"(?<!\d)(\d{1,2}) ?[ ./] ?(\d{1,2}) ?[ ./] ?(\d{4}|\d{2})(?!\d)")
_DM_VIETNAMESE = re.compile(  # before a Japanese or Chinese word, 12/5 is a day of December
    r"(?<!\d)(\d{1,2}) ?(?:thang|/) ?(\d{1,2})(?!\d)(?! ?\(?[\u3041-\u30ff\u4e00-\u9fff])(?: ?(?:nam|/) ?(\d{4}))?"
)
_ERA = re.compile(r"(令和|民國|民国) ?(\d{1,3}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2})")
_ERA_BEGINS = {"令和": 2018, "民國": 1911, "民国": 1911}
_BEFORE = re.compile(r"(?<!\d)(\d{1,2})(?:\.?o|er|ero|ro|st|nd|rd|th)?\.? ?(?:de |of |เดือน ?)?$")  # 1º is folded to 1o
_AFTER = re.compile(r"^\.? ?(?:the |ရက် ?)?(\d{1,2})(?:st|nd|rd|th)?(?!\d)")
_YEAR = re.compile(r"^[ ,.]{0,2}(?:de |del |พ\.ศ\. ?|सन् )?(\d{4})(?!\d)")
_END_OF = re.compile(
    r"(?<!\w)(?:end of|late|fin|fin de|fines de|finales de|fim de|fins de|final de|finais de|ende) $|"
    r"(?:สิ้น|ปลาย)(?:เดือน)? ?$"
)
_MIDDLE_OF = re.compile(r"(?<!\w)(?:middle of|mid|mi|mediados de|meados de|mitte) $|กลาง(?:เดือน)? ?$")
_BEGINNING_OF = re.compile(r"(?<!\w)(?:beginning of|early|debut|principios de|inicio de|anfang) $|ต้น(?:เดือน)? ?$")
_PARTS = (_END_OF, _MIDDLE_OF, _BEGINNING_OF)
_OF_THIS_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:er|st|nd|rd|th|\.)? (?:of this month|de ce mois|courant|de este mes|deste mes|dieses monats|"
    r"del presente|del corriente|do corrente)(?!\w)"
)
_OF_WEEKDAY = re.compile(r"^,? ?(?:the |le |den |dia |der |ที่ ?|ngay )?(\d{1,2})(?!\d)")
BESIDE = 8  # folded characters at most between a day of the week and the date that it belongs to
_DIGIT = re.compile(r"[^\x00-\x7f\D]")

# Scripts without which the patterns of their languages need not be tried: most mails have neither.
_EAST = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_SOUTH = re.compile("[\u0600-\u06ff\u0900-\u097f\u1000-\u109f]")
Entries = Mapping[Entry, list[Place]]


def days(heard: Heard, base: date) -> Iterator[tuple[date, Place]]:
    """The days named in a mail that come after `base` (the day it was written), with where; in no order."""
    text = _DIGIT.sub(lambda digit: str(int(digit[0])), heard.text)  # one digit for one: places stay
    dated = [*_in_numbers(text, base), *_in_this_month(text, base), *_in_months(heard.entries, text, base)]
    named = (*dated, *_by_name(heard.entries, base), *_weekdays(heard.entries, text, base, [p for _, p in dated]))
    for day, place in named:
        if base <= day <= base + timedelta(days=AHEAD):
            yield day, place


def _in_numbers(text: str, base: date) -> Iterator[tuple[date, Place]]:
    for found in _YMD.finditer(text):
        yield from _day(found, int(found[1]), int(found[2]), int(found[3]))
    for found in _DMY.finditer(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        day, month = (second, first) if second > 12 else (first, second)  # noqa: PLR2004  months
        yield from _day(found, _whole(year, base), month, day)
    for found in _ERA.finditer(text):
        yield from _day(found, _ERA_BEGINS[found[1]] + int(found[2]), int(found[3]), int(found[4]))
    for found in _DM_VIETNAMESE.finditer(text):
        month = int(found[2])
        yield from _day(found, int(found[3] or 0) or year_near(base, month), month, int(found[1]))
    if _EAST.search(text):
        yield from days_east(text, base)
    yield from days_local(text, base)
    if _SOUTH.search(text):
        yield from days_south(text, base)


def _whole(year: int, base: date) -> int:
    """A year that may be written by its last two digits, of our era or of Buddha's: 26, 69."""
    if year >= CENTURY:
        return year
    return 2000 + year if 2000 + year <= base.year + 20 else 2500 + year


def _in_this_month(text: str, base: date) -> Iterator[tuple[date, Place]]:
    for found in _OF_THIS_MONTH.finditer(text):
        yield from _day(found, base.year, base.month, int(found[1]))


def _in_months(entries: Entries, text: str, base: date) -> Iterator[tuple[date, Place]]:
    for month, place in _named("month", entries):
        yield from _beside_month(int(month), place, text, base)


def _by_name(entries: Entries, base: date) -> Iterator[tuple[date, Place]]:
    for value, place in _named("day", entries):
        yield _relative(value, base), place


def _weekdays(entries: Entries, text: str, base: date, dated: Iterable[Place]) -> Iterator[tuple[date, Place]]:
    """The next day of that name; none where a date stands beside it: "Friday, 20 November" is one day."""
    stated = _Row(dated)
    next_week = _Row(place for value, place in _named("day", entries) if value == "next_week")
    for value, place in (
        *_named("weekday", entries),
        *(weekdays_east(text) if _EAST.search(text) else ()),
        *weekdays_local(text),
        *(weekdays_south(text) if _SOUTH.search(text) else ()),
    ):
        if stated.has_beside(place):
            continue
        ahead = base + timedelta(days=(int(value) - base.weekday()) % 7 or 7)
        if next_week.has_beside(place):
            ahead = base + timedelta(days=int(value) - base.weekday() + 7)
        number = _OF_WEEKDAY.match(text[place.end : place.end + BESIDE])
        weeks = (ahead + timedelta(weeks=week) for week in range(5))  # "Friday the 20th", where it is one
        yield next((day for day in weeks if number and day.day == int(number[1])), ahead), place


class _Row:
    """Places, ready to be asked whether one of them is beside another, or ends or begins in it (下周 in 下周五)."""

    def __init__(self, places: Iterable[Place]) -> None:
        both = sorted((place.start, place.end) for place in places)
        self._starts, self._ends = [start for start, _ in both], sorted(end for _, end in both)

    def has_beside(self, place: Place) -> bool:
        return any(
            (at := bisect_left(edges, least)) < len(edges) and edges[at] <= most
            for edges, least, most in (
                (self._starts, place.start, place.end + BESIDE),
                (self._ends, place.start - BESIDE, place.end),
            )
        )


def _named(kind: str, entries: Entries) -> Iterator[tuple[str, Place]]:
    """Value and place of whatever was heard of a kind."""
    for entry, places in entries.items():
        told, _, value = entry.key.partition(".")
        if told == kind and entry.weight > 0:
            yield from ((value, place) for place in places)


def _beside_month(month: int, place: Place, text: str, base: date) -> Iterator[tuple[date, Place]]:
    """15 December, December 15, 15. Dezember 2026, ธันวาคม ๒๕๖๙, ဒီဇင်ဘာ ၁၅; the end of December."""
    front = text[max(0, place.start - 12) : place.start]
    before = _BEFORE.search(front) or next((part for of in _PARTS if (part := of.search(front))), None)
    after = _AFTER.match(text[place.end : place.end + 10]) if not before else None
    day = before or after
    if day:
        behind = place.end + (after.end() if after else 0)
        found = _YEAR.match(text[behind : behind + 16])
        year = int(found[1]) if found else year_near(base, month)
        span = Place(place.start - (len(before[0]) if before else 0), behind + (found.end() if found else 0))
        yield from _valid(year, month, _day_of(day, year, month), span)


def _day_of(found: re.Match[str], year: int, month: int) -> int:
    """The day that stands beside a month: its number, or the month's end, middle or beginning."""
    if found.re is _END_OF:
        return calendar.monthrange(year, month)[1]
    if found.re is _BEGINNING_OF:
        return BEGINNING
    return MIDDLE if found.re is _MIDDLE_OF else int(found[1])


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


def _day(found: re.Match[str], year: int, month: int, day: int) -> Iterator[tuple[date, Place]]:
    yield from _valid(year, month, day, Place(found.start(), found.end()))


def _valid(year: int, month: int, day: int, place: Place) -> Iterator[tuple[date, Place]]:
    year -= BUDDHIST_ERA if year > BUDDHIST else 0
    if 1 <= month <= 12 and year < 9999 and 1 <= day <= calendar.monthrange(max(year, 1), month)[1]:  # noqa: PLR2004
        yield date(max(year, 1), month, day), place
