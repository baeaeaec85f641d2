"""Days become a third of their year, or their month where no year is named. Years and months alone stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.reading import MARKS, Reading
from mailflow.publish.anonymise.spans import Span
from mailflow.publish.anonymise.words import Words, words_of

_NUMERIC = re.compile(r"(?<![\d.,/\-])(\d{1,4})([./\-]) ?(\d{1,2})\2 ?(\d{2,4})(?!\d|[./\-]\d)")
_GLUED = frozenset({"ja", "zh", "zh-Hant", "th", "my", "ne", "ur"})  # other words may follow without a space
_BOUND = rf"[^\W_]|[{MARKS}]"


class _Pattern(NamedTuple):
    regex: re.Pattern[str]
    months: dict[str, int]


def dates(reading: Reading) -> Iterator[Span]:
    yield from _numeric(reading)
    for pattern in _patterns(reading.words.language):
        for found in pattern.regex.finditer(reading.text):
            groups = found.groupdict()
            month = pattern.months.get(fold(groups.get("month") or ""), 0)
            if not month and groups.get("number"):
                month = int(groups["number"])
            if groups.get("alone"):
                yield _no_month(reading, found)
            elif 0 < month < 13:  # noqa: PLR2004
                yield _span(
                    reading, found.start(), found.end(), month, groups.get("month") or "", groups.get("year") or ""
                )


def _numeric(reading: Reading) -> Iterator[Span]:
    for found in _NUMERIC.finditer(reading.text):
        first, second, third = found[1], int(found[3]), found[4]
        year, day, month = (first, int(third), second) if len(first) == 4 else (third, int(first), second)  # noqa: PLR2004
        if month > 12 >= day:  # noqa: PLR2004
            day, month = month, day
        if len(year) != 3 and 0 < day < 32 and 0 < month < 13:  # noqa: PLR2004
            year = year if len(year) == 4 else f"20{year}"  # noqa: PLR2004
            yield _span(reading, found.start(), found.end(), month, "", year)


def _span(reading: Reading, start: int, end: int, month: int, name: str, year: str) -> Span:
    words = reading.words
    part = ("early", "middle", "late")[(month - 1) // 4]
    default = "{year}"
    if year:
        shown = words.say("dates", part, default).format(year=year.strip())
    else:
        shown = words.say("dates", "month", "{month}").format(month=name or month)
    before, shown = opened(reading.text[max(0, start - 24) : start], shown, words, "before" if year else "before_month")
    return Span(start - before, end, "date", 0.9, thing=f"{year}-{month}", shown=shown)


def _no_month(reading: Reading, found: re.Match[str]) -> Span:
    """As in "Tuesday 3rd" is "one day"."""
    before, shown = opened(
        reading.text[max(0, found.start() - 24) : found.start()],
        reading.words.say("dates", "day"),
        reading.words,
        "before_day",
    )
    return Span(found.start() - before, found.end(), "date", 0.7, thing=found[0], shown=shown)


def opened(before: str, shown: str, words: Words, table: str) -> tuple[int, str]:
    """How many characters before go with it, and what stands then: "on 3 May 2026" is "in the middle of 2026"."""
    lowered = before.casefold()
    for opening, instead in sorted(words.spelled("dates", table).items(), key=lambda pair: -len(pair[0])):
        glued = opening.endswith("'")
        text = opening if glued else f"{opening} "
        for written in {text, text.replace("'", "’")}:
            if _ends(lowered, written):
                at = len(before) - len(written)
                joined = f"{instead}{shown}" if not instead or instead.endswith("'") else f"{instead} {shown}"
                return len(written), joined[:1].upper() + joined[1:] if before[at].isupper() else joined
    return 0, shown


def _ends(text: str, end: str) -> bool:
    if not text.endswith(end):
        return False
    return len(text) == len(end) or not (text[-len(end) - 1].isalnum() and end[0].isascii())


@lru_cache(maxsize=32)
def _patterns(language: str) -> tuple[_Pattern, ...]:
    """As the language writes dates: {day}, {month}, {number} of a month, {year}, {weekday} in its patterns."""
    words = words_of(language)
    months = {fold(name): number for name, number in words.table("dates", "months").items()}
    parts = {
        "day": r"(?P<day>\d{1,2})",
        "month": rf"(?P<month>{_choice(words.tables.get('dates', {}).get('months', ()))})",
        "number": r"(?P<number>\d{1,2})",
        "year": r"(?P<year>\d{4})",
        "weekday": _choice(words.listed("dates", "weekdays")) or "(?!)",
    }
    edge = "" if language in _GLUED else rf"(?!{_BOUND})"
    return tuple(
        _Pattern(re.compile(rf"(?<!\d)(?:{_filled(shape, parts)}){edge}", re.IGNORECASE), months)
        for shape in words.listed("dates", "shapes")
        if months or "{month}" not in shape
    )


def _filled(shape: str, parts: dict[str, str]) -> str:
    for name, pattern in parts.items():
        shape = shape.replace(f"<{name}>", pattern)
    return shape


def _choice(words: object) -> str:
    listed = sorted((str(word) for word in words), key=len, reverse=True)  # type: ignore[attr-defined]
    return f"(?:{'|'.join(re.escape(word) for word in listed)})" if listed else ""
