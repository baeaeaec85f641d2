"""The days that German, Vietnamese and Thai texts name in ways of their own. Ordinary patterns, bounded and linear.

27.11. and KW 48; cuối tháng 11, ngày 20.11, thứ 6; วันที่ 25 นี้, ศุกร์หน้า; an answer "innerhalb von zehn Tagen".
Texts are folded, and hold ASCII digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from mailflow.mail.calendar_days import BEGINNING, MIDDLE, day_at, next_month, place_of, this_month, year_near
from mailflow.mail.lexicon import Place

_COUNTS = dict(
    zip(("zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn"), range(2, 11), strict=True)
)
_DAY_MONTH = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?! ?\d)|"  # German: 27.11.
    r"(?<!\w)ngay (?P<day_>\d{1,2}) ?[ .] ?(?P<month_>\d{1,2})(?!\d)(?! ?[ ./] ?\d)"  # Vietnamese: ngày 20-11
)
_PART_OF_MONTH = re.compile(r"(?<!\w)(?P<part>cuoi|het|giua|đau) thang (?P<month>\d{1,2})(?!\d)")
_DAY_OF_THIS = re.compile(
    r"(?<!\w)(?:ngay|mung|mong) (?P<day>\d{1,2}) (?:thang )?(?P<which>nay|sau|toi)(?!\w)|"
    r"วันที่ ?(?P<day_>\d{1,2}) ?(?:เดือน)?(?P<which_>นี้|หน้า)"
)
_DAY_ALONE = re.compile(
    r"(?<!moi )(?<!mot )(?<!\w)ngay (?P<day>\d{1,2})(?= ?(?:[,.;:!?)\n]|$)(?!\d))|"
    r"วันที่ ?(?P<day_>\d{1,2})(?= ?(?:[,.;:!?)\n]|$|ครับ|ค่ะ|นะ|ได้|จะ))"
)
_WEEK = re.compile(r"(?<!\w)(?:kw|kalenderwoche) ?(\d{1,2})(?!\d)")
_NEXT_WEEKDAY = re.compile(r"(?:วัน)?(จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัส|ศุกร์|เสาร์) ?(หน้า|นี้|ที่จะถึง)|วันพฤหัส(?!บ)")
_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัส", "ศุกร์", "เสาร์")
_WEEKDAY = re.compile(r"(?<!\w)(?<!lan )thu ([2-7])(?!\d)")
_AFTER_TOMORROW = re.compile(r"(?<!\w)(?:ubermorgen|ngay kia|ngay mot)(?!\w)|มะรืนนี้")
_ANSWER_WITHIN = re.compile(
    r"(?:antwort|ruckmeldung|auskunft)[^.!?\n]{0,40}(?:binnen|innerhalb)(?: von| der nachsten)? "
    rf"(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}) (?:werk|arbeits)?(?P<unit>tage|woche)|"
    r"(?:tra loi|phan hoi|hoi am)[^.!?\n]{0,40}trong (?:vong )?(?P<count_>\d{1,2}) (?P<unit_>ngay|tuan)|"
    r"ตอบ[^.!?\n]{0,40}ภายใน ?(?P<count__>\d{1,2}) ?(?P<unit__>วัน|สัปดาห์|อาทิตย์)"
)
_DAYS = frozenset({"tage", "ngay", "วัน"})


def days_local(text: str, base: date) -> Iterator[tuple[date, Place]]:
    """The days of the text's dates, before or after `base` (the day it was written), with where; in no order."""
    for found in _DAY_MONTH.finditer(text):
        month = int(_either(found, "month"))
        yield from day_at(found, year_near(base, month), month, int(_either(found, "day")))
    for found in _PART_OF_MONTH.finditer(text):
        month = int(found["month"])
        day = {"giua": MIDDLE, "đau": BEGINNING}.get(found["part"])
        yield from day_at(found, year_near(base, month), month, day)
    yield from _of_this_month(text, base)
    yield from _counted(text, base)


def weekdays_local(text: str) -> Iterator[tuple[str, Place]]:
    """Days of the week by their numbers, as numbers from Monday = 0: thứ 6 is a Friday."""
    for found in _WEEKDAY.finditer(text):
        yield str(int(found[1]) - 2), place_of(found)


def _of_this_month(text: str, base: date) -> Iterator[tuple[date, Place]]:
    for found in _DAY_OF_THIS.finditer(text):
        this = _either(found, "which") in ("nay", "นี้")
        yield from day_at(found, *(this_month(base) if this else next_month(base)), int(_either(found, "day")))
    for found in _DAY_ALONE.finditer(text):
        day = int(_either(found, "day"))
        yield from day_at(found, *(this_month(base) if day >= base.day else next_month(base)), day)


def _counted(text: str, base: date) -> Iterator[tuple[date, Place]]:
    """Days that are so many days or weeks away."""
    monday = base - timedelta(days=base.weekday())
    for found in _WEEK.finditer(text):
        weeks = (int(found[1]) - base.isocalendar().week) % 52  # a year of 53 weeks apart, which is rare
        yield monday + timedelta(weeks=weeks, days=4), place_of(found)
    for found in _NEXT_WEEKDAY.finditer(text):
        ahead = (_WEEKDAYS.index((found[1] or "พฤหัส").removesuffix("บดี")) - base.weekday()) % 7 or 7
        day = base + timedelta(days=ahead)
        yield (monday + timedelta(days=7 + day.weekday()) if found[2] == "หน้า" else day), place_of(found)
    for found in _AFTER_TOMORROW.finditer(text):
        yield base + timedelta(days=2), place_of(found)
    for found in _ANSWER_WITHIN.finditer(text):
        count, unit = _either(found, "count"), _either(found, "unit")
        yield base + timedelta(days=(_COUNTS.get(count) or int(count)) * (1 if unit in _DAYS else 7)), place_of(found)


def _either(found: re.Match[str], name: str) -> str:
    """What was found under this name, in whichever of the languages."""
    named = found.groupdict()
    return str(named.get(name) or named.get(f"{name}_") or named[f"{name}__"])
