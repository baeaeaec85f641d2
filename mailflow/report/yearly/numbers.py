"""Numbers, dates and lists as each language writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

NARROW, MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{MINUS SIGN}"
_LOCALES = {"en": "en_GB"}  # the English of international organizations: 1 March 2022; a, b and c
_DAY = {"en": "d MMMM y", "fr": "d MMMM y"}
_Y = re.compile(r" y (?=i|h?í|hi(?![aeo]))", re.IGNORECASE)  # "y" before the sound of i is "e" in Spanish
_WITHOUT_SPACE = frozenset({"en", "ja", "zh", "ko"})  # before the sign of per cent


@dataclass(frozen=True, slots=True)
class Numbers:
    """ValueError when babel knows no such language."""

    language: str

    def __post_init__(self) -> None:
        _ = self._locale

    @property
    def _locale(self) -> Locale:
        try:
            return Locale.parse(_LOCALES.get(self.language, self.language).replace("-", "_"))
        except (UnknownLocaleError, ValueError) as error:
            raise ValueError(f"{self.language} is not a language that the report can be written in") from error

    def count(self, number: float) -> str:
        return format_decimal(number, "#,##0", locale=self._locale).replace("-", MINUS)

    def decimal(self, number: float) -> str:
        """With one digit behind the point."""
        return format_decimal(_rounded(number), "#,##0.0", locale=self._locale).replace("-", MINUS)

    def plain(self, number: float) -> str:
        """Whole where it is whole, else with one digit behind the point."""
        return self.count(number) if number == round(number) else self.decimal(number)

    def percent(self, number: float, *, signed: bool = False) -> str:
        """12.7 as "12.7%", "12,7 %": what `number` is, in per cent."""
        sign = "+" if signed and _rounded(number) > 0 else ""
        return f"{sign}{self.decimal(number)}{self.percent_sign}"

    @property
    def percent_sign(self) -> str:
        return "%" if self.language.partition("-")[0] in _WITHOUT_SPACE else f"{NARROW}%"

    def plural(self, number: float) -> str:
        """The plural category of CLDR: one, other, ..."""
        return str(self._locale.plural_form(number))

    def listed(self, items: list[str]) -> str:
        written = str(format_list(items, locale=self._locale)) if items else ""
        return _Y.sub(" e ", written) if self.language == "es" else written

    def day(self, day: date) -> str:
        written = format_date(day, _DAY.get(self.language, "long"), locale=self._locale)
        return f"1er{written[1:]}" if self.language == "fr" and day.day == 1 else written

    def month(self, day: date, *, short: bool = False) -> str:
        """The month with its year; in Spanish "marzo de 2022", in short "mar 2022"."""
        pattern = "MMM y" if short else "MMMM 'de' y" if self.language == "es" else "MMMM y"
        return str(format_date(day, pattern, locale=self._locale))

    def language_name(self, code: str) -> str:
        """What a language is called; "" when CLDR has no name for it."""
        names = self._locale.languages
        return str(names.get(code.replace("-", "_")) or names.get(code.partition("-")[0]) or "")


def _rounded(number: float) -> float:
    """To one digit, half away from zero, and never minus zero."""
    sign = -1 if number < 0 else 1
    return sign * int(abs(number) * 10 + 0.5 + 1e-9) / 10 or 0.0
