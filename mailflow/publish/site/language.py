"""What each language needs: its own name, its direction, its months and countries, and the next best language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton

from mailflow.publish.site.nouns import Labels, SiteError

_ENGLISH = "en"


@cache
def locale(language: str) -> Locale:
    """The locale of a BCP 47 tag, or of as much of it as is known; English where nothing is."""
    for tag in (*_shorter(language), _ENGLISH):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("Babel knows English")


@cache
def known(language: str) -> bool:
    """Whether its months and countries can be said in it."""
    return locale(language).language == language.partition("-")[0].lower()


@cache
def direction(language: str) -> str:
    """Of its script: ltr or rtl."""
    return "rtl" if known(language) and locale(language).text_direction == "rtl" else "ltr"


@cache
def own_name(language: str) -> str:
    """As its speakers call it; the tag where nobody knows."""
    name = locale(language).get_display_name() if known(language) else None
    return name[:1].upper() + name[1:] if name else language


@lru_cache(maxsize=4096)
def month(day: date, language: str) -> str:
    """Month and year, never the day."""
    return str(format_skeleton("yMMMM", day, locale=locale(language)))


def is_country(code: str) -> bool:
    return code in locale(_ENGLISH).territories and len(code) == len("CH") and code.isalpha()


def country(code: str, language: str) -> str:
    """A country's name. SiteError when the code is none."""
    if not is_country(code):
        raise SiteError(f"{code!r} is no country: two capital letters of ISO 3166, such as CH")
    return str(locale(language).territories.get(code) or locale(_ENGLISH).territories[code])


def nearest(language: str, there: Iterable[str], last: str = _ENGLISH) -> str:
    """Which of the languages that are there comes nearest: itself, a broader tag, `last`, English, the first."""
    choice = list(there)
    for tag in (*_shorter(language), last, _ENGLISH):
        if tag in choice:
            return tag
    if not choice:
        raise SiteError("a label without words in any language")
    return choice[0]


def label(labels: Labels, language: str, last: str) -> tuple[str, str]:
    """The words in that language or the next best one, and which language they are in."""
    found = nearest(language, labels, last)
    return labels[found], found


def _shorter(language: str) -> tuple[str, ...]:
    """zh-Hant-TW, zh-Hant, zh."""
    parts = language.split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1))
