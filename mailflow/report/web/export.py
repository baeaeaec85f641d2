"""The CSV export of an analytics service to tables of counts: which columns are what, and their rows.

One file may hold several tables, with lines beginning with # and empty lines between them, as Google Analytics writes
them; Matomo writes one, often in UTF-16.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mailflow.report.web.columns import DIMENSIONS, Column, folded, recognised
from mailflow.report.web.trouble import WebTrouble

LARGEST = 100_000_000  # octets of an export
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TOTALS = frozenset(("grand total", "total", "totals", "total général", "total general", "totales", "totaux"))
_DAY = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
_COUNT = re.compile(r"(\d{1,3}(?:[.,\s'\u2019\u202f]\d{3})+|\d+)(?:[.,]0{1,2})?")
_SHOWN = 8  # heads that an error names


@dataclass(slots=True)
class Table:
    """Rows of one export: the values of its dimensions, and its counts."""

    heads: dict[Column, str]  # as the file writes them
    rows: list[dict[Column, str]] = field(default_factory=list)
    counts: list[dict[Column, int]] = field(default_factory=list)

    @property
    def dimensions(self) -> frozenset[Column]:
        return DIMENSIONS & self.heads.keys()


@dataclass(frozen=True, slots=True)
class Export:
    tables: tuple[Table, ...]
    begins: date | None  # as its first lines say
    ends: date | None


def is_export(path: Path) -> bool:
    """By its name: the export ends with .csv or .tsv."""
    return path.suffix.lower() in {".csv", ".tsv"}


def read_export(path: Path) -> Export:
    """Raises WebTrouble when no table of it is understood, or a count is none."""
    lines = _text(path).splitlines()
    days = [day for line in lines if line.startswith("#") for day in _days(line)]
    tables = tuple(_tables(path, lines))
    if not any(table.rows for table in tables):
        raise WebTrouble(f"{path}: {_why(lines)}")
    return Export(tables, days[0] if days else None, days[1] if len(days) > 1 else None)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise WebTrouble(
                f"{path}: an export over {LARGEST // 1_000_000} MB isn't read: export fewer rows or columns"
            )
        octets = path.read_bytes()
    except OSError as error:
        raise WebTrouble(f"{path}: {error.strerror}") from None
    coding = next((name for bom, name in _BOMS if octets.startswith(bom)), "utf-8")
    try:
        return octets.decode(coding)
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")  # what older spreadsheets write


def _tables(path: Path, lines: list[str]) -> Iterator[Table]:
    """Each run of lines that begins with heads we know; lines of comment and empty ones end a run."""
    table: Table | None = None
    places: dict[int, Column] = {}
    separator, inside = ",", False
    for number, line in enumerate(lines, 1):
        if line.startswith("#") or not line.strip(' \t,;"'):
            inside = False
            continue
        if not inside:
            inside, separator = True, max(",;\t", key=lambda mark: len(recognised(_cells(line, mark))))
            places = recognised(heads := _cells(line, separator))
            table = _begun(places, heads)
            if table:
                yield table
        elif table:
            _take(table, places, _cells(line, separator), f"{path}: line {number}")


def _begun(places: dict[int, Column], heads: list[str]) -> Table | None:
    """A table, when there are both something to count by and counts."""
    kinds = set(places.values())
    useful = kinds & DIMENSIONS and kinds - DIMENSIONS
    return Table({known: heads[place].strip() for place, known in places.items()}) if useful else None


def _take(table: Table, places: dict[int, Column], cells: list[str], where: str) -> None:
    values = {known: cells[place].strip() if place < len(cells) else "" for place, known in places.items()}
    named = {known: value for known, value in values.items() if known in DIMENSIONS}
    if not any(named.values()) or any(folded(cell) in _TOTALS for cell in (*named.values(), cells[-1])):
        return  # the sum of the others: we add up ourselves
    table.counts.append(
        {known: _count(value, where, table.heads[known]) for known, value in values.items() if known not in named}
    )
    table.rows.append(named)


def _count(text: str, where: str, head: str) -> int:
    found = _COUNT.fullmatch(text) if text else None
    if text and not found:
        raise WebTrouble(
            f'{where}: there is no whole number under "{head}": export the figures without rounding or units'
        )
    return int(re.sub(r"\D", "", found[1])) if found else 0


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def _days(line: str) -> Iterator[date]:
    for year, month, day in _DAY.findall(line):
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue


def _why(lines: list[str]) -> str:
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if not first:
        return "there is no table in it: export it anew"
    heads = max((_cells(first, mark) for mark in ",;\t"), key=len)
    named = ", ".join(f'"{head.strip()[:40]}"' for head in heads[:_SHOWN])
    return (
        f"no table of it is understood (its columns: {named}): export page path, country, source or month with views, "
        "users or sessions, in English, French or Spanish"
    )
