"""The shipped settings, and cases that are made up."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from mailflow.core.counting import Case
from mailflow.report.yearly import Labels, Settings, Words, labels_of, read_words, settings_of
from mailflow.report.yearly.labels import Code
from mailflow.report.yearly.settings import Form

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "templates" / "report"
LANGUAGES = ("en", "fr", "es")
SINCE, UNTIL = date(2022, 3, 1), date(2023, 2, 28)  # the period of the report of March 2023
# What the tables of the report count of a question.
OF = {
    "users_by_type": "user_type",
    "users_by_region": "user_region",
    "regions_concerned": "region",
    "sectors": "sector",
    "topics": "topic",
}


@cache
def settings() -> Settings:
    return settings_of(tomllib.loads((ROOT / "rules/report.toml").read_text("utf-8")))


@cache
def labels() -> Labels:
    taxonomy = tomllib.loads((ROOT / "rules/taxonomy.toml").read_text("utf-8"))
    return labels_of(taxonomy, tomllib.loads((ROOT / "rules/coding.toml").read_text("utf-8"))["reason"])


@cache
def words(language: str) -> Words:
    return read_words((TEMPLATES / "words" / f"{language}.toml").read_text("utf-8"), language)


@cache
def printed() -> dict[str, dict[str, list[int | None]]]:
    """table -> row -> its columns, as they were printed."""
    return json.loads((Path(__file__).parent / "printed-2023.json").read_text("utf-8"))


def case(ref: str, day: date, codes: dict[str, Iterable[str]] | None = None, **more: object) -> Case:
    """A question that came and was answered on one day."""
    given = {of: tuple(ids) for of, ids in (codes or {}).items()}
    return replace(Case(ref, day, day, True, language="en", codes=given), **more)


def year_2022() -> list[Case]:
    """137 questions that give the period columns of the report of March 2023, and 157 of the year before."""
    columns = {
        of: [row for row, cells in printed()[table].items() if row != "initiatives" for _ in range(cells[-2])]
        for table, of in OF.items()
    }
    now = [
        case(f"N{n}", SINCE + timedelta(n), {of: rows[n : n + 1] for of, rows in columns.items()}) for n in range(137)
    ]
    before = [row for row, cells in printed()["sectors"].items() for _ in range(cells[0])]
    return [*now, *(case(f"B{n}", date(2021, 3, 1) + timedelta(n), {"sector": [row]}) for n, row in enumerate(before))]


def small(rows: Iterable[str] = ("a", "b", "c"), **more: object) -> tuple[Settings, Labels]:
    """One table of a few rows, nothing before it."""
    form = Form(
        "things", "sector", {"en": "Things"}, ("previous", "period", "change", "mean", "cumulative"), several=True
    )
    codes = tuple(Code(row, {"en": row.upper()}) for row in rows)
    given = Settings(title={"en": "Report"}, tables=(form,), start=date(2020, 1, 1), small_base=20)
    return replace(given, **more), Labels("1", {"sector": codes})


def asked(counts: dict[str, int], year_: int, **more: object) -> list[Case]:
    """So many questions of each row in a calendar year; "" stands for no row, "a b" for two."""
    rows = [row for row, number in counts.items() for _ in range(number)]
    return [case(f"{year_}-{n}", date(year_, 2, 3), {"sector": row.split()}, **more) for n, row in enumerate(rows)]


def plain(text: str) -> str:
    """With ordinary spaces, so that a test can be read."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
