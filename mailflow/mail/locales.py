"""Dates, times and names of languages, as people of each language write them."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

# Where CLDR's own full date reads badly inside a sentence, or babel knows no better (eras, numerals).
_DAY_PATTERNS = {
    "en": "EEEE d MMMM y",
    "ja": "y年M月d日（EEE）",
    "my": "y 'ခုနှစ်၊' MMMM'လ' d 'ရက်၊' EEEE'နေ့'",
    "th": "EEEEที่ d MMMM 'พ.ศ.' y",
    "ur": "EEEE، d MMMM y",
    "vi": "EEEE, 'ngày' d MMMM 'năm' y",
}
_BUDDHIST_ERA = 543  # years before ours
_DIGITS = {
    "my": str.maketrans("0123456789", "၀၁၂၃၄၅၆၇၈၉"),
    "ne": str.maketrans("0123456789", "०१२३४५६७८९"),
}


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The locale of a BCP 47 tag. ValueError when there is no such language."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise ValueError(f"{language} is not a language that babel knows") from error


@lru_cache(maxsize=64)
def direction(language: str) -> str:
    """How it is written: "ltr" or "rtl"."""
    return locale_of(language).text_direction


def day(when: datetime, zone: tzinfo, language: str) -> str:
    """The date with its weekday, in full: "mardi 8 décembre 2026"."""
    return _day(_local(when, zone).date(), language)


def moment(when: datetime, zone: tzinfo, language: str) -> str:
    """Date, time and distance from UTC, in the reader's zone: people travel, and so do mails."""
    local = _local(when, zone)
    clock = local.strftime("%H:%M").translate(_DIGITS.get(language, {}))
    distance = local.strftime("%z")
    stamp = str(locale_of(language).datetime_formats["full"]).replace("{1}", _day(local.date(), language))
    return f"{stamp.replace('{0}', clock)} (UTC{'' if distance == '+0000' else f'{distance[:3]}:{distance[3:5]}'})"


def language_name(code: str, language: str) -> str:
    """What a BCP 47 code is called in `language`; a code that CLDR doesn't name stands for itself."""
    names = locale_of(language).languages
    named = names.get(code.replace("-", "_")) or names.get(code.partition("-")[0])
    return str(named) if named else code


@lru_cache(maxsize=1024)
def _day(day_: date, language: str) -> str:
    pattern = _DAY_PATTERNS.get(language, "full")
    if language == "th":
        # Only the year's number changes; the weekday is still the one of our own calendar's day.
        written = format_date(day_, pattern.replace(" y", ""), locale_of(language))
        return f"{written} {day_.year + _BUDDHIST_ERA}"
    written = format_date(day_, pattern, locale_of(language))
    if language == "fr" and day_.day == 1:
        return written.replace(" 1 ", " 1er ")
    return written.translate(_DIGITS.get(language, {}))


def _local(when: datetime, zone: tzinfo) -> datetime:
    if when.tzinfo is None:
        raise ValueError("a time without a zone cannot be told to anybody")
    return when.astimezone(zone)
