# ruff: noqa: SIM905  a table of words reads best as running text
"""Names of countries, languages, months and days of the week in each language, from CLDR, as words to be heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

from mailflow.mail.folding import fold
from mailflow.mail.locales import locale_of

COUNTRY_CODE = 2  # letters: ISO 3166 alpha-2; CLDR names continents by numbers
SHORT = 3  # letters: shorter abbreviations of months stand for too much else
IN_FRONT = {"th": "ภาษา"}  # of a language's name, as it is written; the name alone is also the country's
NOT_A_DAY = frozenset({"ہفتہ"})  # in Urdu a week, too
# In which people may ask to be answered. CLDR names hundreds, and many of those names are everyday words elsewhere.
LANGUAGES = tuple(
    "en fr es pt de ja my th vi ur ne zh ar bn ca cs da el fa fi hi hu id it km ko lo ms nl no pa pl ro ru si sv sw ta tl "
    "tr uk".split()
)
NOT_A_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


def with_names(keys: Mapping[str, Mapping[str, float]], language: str) -> dict[str, dict[str, float]]:
    """The words of the rules (key -> entry -> weight), and beside them what CLDR calls countries and the like: keys such
    as `country.BD`, `language.fr`, `month.12`, `weekday.4` (Friday). What the rules spell themselves stands as they
    weigh it.
    """
    merged = {key: dict(entries) for key, entries in keys.items()}
    for key, names in _named(language).items():
        entries = merged.setdefault(key, {})
        spelled = {fold(entry.removesuffix("*")) for entry in entries}
        entries.update((name, 1.0) for folded, name in names if folded not in spelled)
    return merged


@cache
def _named(language: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Key -> (folded name, name), each folded name once."""
    found: dict[str, dict[str, str]] = {}
    for key, name in _names(language):
        if folded := fold(name):
            found.setdefault(key, {}).setdefault(folded, name)
    return {key: tuple(names.items()) for key, names in found.items()}


def _names(language: str) -> Iterator[tuple[str, str]]:
    locale, front = locale_of(language), IN_FRONT.get(language, "")
    for code, name in locale.territories.items():
        if len(code) == COUNTRY_CODE and code not in NOT_A_COUNTRY:
            yield f"country.{code}", str(name)
    for code in LANGUAGES:
        if name := locale.languages.get(code):
            yield f"language.{code}", front + str(name).removeprefix(front)
    yield from _calendar(locale)


def _calendar(locale: Locale) -> Iterator[tuple[str, str]]:
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[form][width].items():
                if _telling(str(name)):
                    yield f"month.{number}", str(name).rstrip(".")
        for number, name in locale.days[form]["wide"].items():
            if name not in NOT_A_DAY:
                yield f"weekday.{number}", str(name)
            if "-" in str(name):  # sexta-feira: people say sexta
                yield f"weekday.{number}", str(name).partition("-")[0]


def _telling(month: str) -> bool:
    """Whether a month is called by a name, and not by its number; names that all scripts have are long enough."""
    return not any(letter.isdigit() for letter in month) and len(month.rstrip(".")) >= SHORT
