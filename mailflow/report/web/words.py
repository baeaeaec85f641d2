"""The words of the tables in one language, from templates/report/web/<language>.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import mailflow
from mailflow.report.web.figures import WebFigures
from mailflow.report.web.trouble import WebTrouble

if TYPE_CHECKING:
    from babel import Locale

PLACE = Path("report", "web")
_VARIANT = {"en": "en-GB"}  # where dates and numbers are written as the United Nations write them
SHARE = "#,##0.00"  # of a number in percent; the sign stands behind it


@dataclass(frozen=True, slots=True)
class Words:
    sections: dict[str, dict[str, str]]
    locale: Locale
    language: str

    def say(self, section: str, key: str, **blanks: object) -> str:
        """The words for a key, filled in. Raises WebTrouble when there are none, or they have a blank that isn't filled."""
        try:
            return self.sections[section][key].format(**blanks)
        except (LookupError, ValueError):
            where = PLACE / f"{self.language}.toml"
            raise WebTrouble(
                f"templates/{where}: [{section}] has no {key} that can be filled in: compare en.toml"
            ) from None

    def count(self, number: int) -> str:
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.locale)

    def percent(self, number: float, *, signed: bool = False) -> str:
        from babel.numbers import format_decimal

        sign = "+" if signed and number > 0 else ""
        return f"{sign}{format_decimal(number, format=SHARE, locale=self.locale)}\N{NO-BREAK SPACE}%"

    def month(self, name: str) -> str:
        """March 2026, of 2026-03."""
        from babel.dates import format_skeleton

        return str(format_skeleton("yMMMM", date.fromisoformat(f"{name}-01"), locale=self.locale))

    def period(self, figures: WebFigures) -> str:
        from babel.dates import format_date

        begins, ends = (format_date(day, "medium", self.locale) for day in (figures.begins, figures.ends))
        return f"{begins} – {ends}"

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))

    def tongue(self, tag: str) -> str:
        """The language's name, which this language may not have."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(tag, sep="-").get_display_name(self.locale) or tag
        except (UnknownLocaleError, ValueError):
            return tag


def words(language: str, folder: Path | None = None) -> Words:
    """Those of an installation's templates/, when its `folder` is given, else those that are shipped. Raises WebTrouble."""
    from babel import Locale

    folder = (folder or _shipped()) / PLACE
    there = sorted(file.stem for file in folder.glob("*.toml"))
    if language not in there:
        raise WebTrouble(f'{folder} has no words for "{language}": choose one of {", ".join(there) or "none"}')
    try:
        sections = tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
    except ValueError as error:
        raise WebTrouble(f"{folder / language}.toml: {error}") from None
    return Words(sections, Locale.parse(_VARIANT.get(language, language), sep="-"), language)


def _shipped() -> Path:
    """In the installed package, or at the root of a checkout."""
    package = Path(mailflow.__file__).parent
    found = (place / "templates" for place in (package / "defaults", package.parent))
    return next((place for place in found if (place / PLACE).is_dir()), package / "defaults" / "templates")
