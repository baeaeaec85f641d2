"""Days as people write them in a mail command: 2026-03-05, 5.3., 5/3/2026, 5 March, friday, tomorrow, 5 days."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from mailflow.core.deadlines import Calendar, working_day_after

_MONTHS = (
    "january janvier enero", "february fevrier febrero", "march mars marzo", "april avril abril", "may mai mayo",
    "june juin junio", "july juillet julio", "august aout agosto", "september septembre septiembre setiembre",
    "october octobre octubre", "november novembre noviembre", "december decembre diciembre",
)  # fmt: skip
_WEEKDAYS = (
    "monday lundi lunes", "tuesday mardi martes", "wednesday mercredi miercoles", "thursday jeudi jueves",
    "friday vendredi viernes", "saturday samedi sabado", "sunday dimanche domingo",
)  # fmt: skip
_NAMED = {"today": 0, "aujourd'hui": 0, "hoy": 0, "tomorrow": 1, "demain": 1, "manana": 1}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_FIGURES = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4})?)?")
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|\.)? (?:de )?([a-z]{3,})|([a-z]{3,}) (\d{1,2}),?)(?: (?:de )?(\d{4}))?"
)
_COUNTED = re.compile(r"(?:in |dans |en )?(\d{1,3}) ?(?:d|days?|jours?|dias?)?(?: (?:ouvrables|habiles))?")
_ARTICLE = re.compile(r"^(?:the|on|le|el) ")
_FROM = re.compile(r"^(?:from|du|des|depuis|del|desde)(?: (?:the|le|el))? ")
_UNTIL = re.compile(r"^(?:until|till|up to|through|jusqu'(?:au|a)|hasta)(?: (?:the|le|el))? ")
_SHORT_RANGE = re.compile(r" - |(?<=^\d)-(?=\d{1,2} [a-z])|(?<=^\d\d)-(?=\d{1,2} [a-z])")  # "3-21 august"
_RANGE = re.compile(r"\s*(?:\.\.+|…|–|—|\bto\b|\buntil\b|\bau\b|\bhasta\b|\bal\b)\s*", re.IGNORECASE)
SHORTEST = 3  # letters of a name of a month or day
LONGEST = 366  # days ahead that a command may name


def day_in(text: str, today: date, calendar: Calendar) -> date | None:
    """The day that a text names, from `today` on; a bare number counts working days. None: it names none."""
    plain = _ARTICLE.sub("", _plain(text))
    if plain in _NAMED:
        return today + timedelta(days=_NAMED[plain])
    if found := _ISO.fullmatch(plain):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _FIGURES.fullmatch(plain):
        return _of_year(int(found[1]), int(found[2]), found[3], today)
    if (found := _WORDED.fullmatch(plain)) and (month := _which(found[2] or found[3], _MONTHS)):
        return _of_year(int(found[1] or found[4]), month, found[5], today)
    if weekday := _which(plain.removeprefix("next "), _WEEKDAYS):
        return today + timedelta(days=(weekday - 1 - today.weekday() - 1) % 7 + 1)
    if (found := _COUNTED.fullmatch(plain)) and 0 < int(found[1]) <= LONGEST:
        return working_day_after(calendar, today, int(found[1]))
    return None


def days_in(text: str, today: date, calendar: Calendar) -> tuple[date, date] | None:
    """A range of days ("2026-08-03..2026-08-21", "3 to 21 August", "until friday"), or a single one; None: it names none."""
    plain = _FROM.sub("", _plain(text))
    until = _UNTIL.sub("", plain)
    if until != plain:
        ends = day_in(until, today, calendar)
        return (today, ends) if ends else None
    first, *rest = _RANGE.split(_SHORT_RANGE.sub("..", plain), maxsplit=1)
    if rest and first.isdecimal() and not rest[0].isdecimal():
        return _within_a_month(int(first), day_in(rest[0], today, calendar))
    begins = day_in(first, today, calendar)
    ends = day_in(rest[0], begins or today, calendar) if rest else begins
    return (begins, ends) if begins and ends and begins <= ends else None


def _within_a_month(day: int, ends: date | None) -> tuple[date, date] | None:
    """The month stands at the end alone ("3 to 21 August")."""
    begins = _date(ends.year, ends.month, day) if ends else None
    return (begins, ends) if begins and ends and begins <= ends else None


def _plain(text: str) -> str:
    """Small letters without accents, one blank between words."""
    apart = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    return " ".join("".join(ch for ch in apart if not unicodedata.combining(ch)).casefold().split()).strip(" .,")


def _which(name: str, lists: tuple[str, ...]) -> int:
    """The number (from 1) of the month or day that begins so, three letters at least; 0 for none or for several."""
    found = [
        n
        for n, names in enumerate(lists, 1)
        if len(name) >= SHORTEST and any(each.startswith(name) for each in names.split())
    ]
    return found[0] if len(found) == 1 else 0


def _of_year(day: int, month: int, year: str | None, today: date) -> date | None:
    """Without a year, the next such day."""
    if year:
        return _date(int(year), month, day)
    found = _date(today.year, month, day)
    return _date(today.year + 1, month, day) if found and found < today else found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
