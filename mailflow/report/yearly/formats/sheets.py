"""The report's tables as CSV, a file each. No cell can be taken for a formula by a spreadsheet."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from mailflow.report.yearly.numbers import MINUS
from mailflow.report.yearly.values import COLUMNS, Figure, Report, Table, Why

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SIGNS = {Why.HIDDEN: "suppressed", Why.UNKNOWN: "unknown", Why.SMALL: "small", Why.NONE: ""}
_BOM = "\ufeff"  # Excel takes a file without it for one of the machine's own character set
_ZIPPED = (1980, 1, 1, 0, 0, 0)  # the same octets for the same report


def csv_files(report: Report) -> dict[str, bytes]:
    """Name -> octets, UTF-8 with a mark: NN-<table>.csv, and reconciliation.csv.

    Numbers have a point and no more than four digits behind it; what is below zero begins with U+2212 and not with a
    hyphen, which spreadsheets take for a formula. Every column stands in it, those that the report doesn't show, too.
    """
    files = {f"{table.number:02}-{table.id}.csv": _table(table) for table in report.tables}
    return {**files, "reconciliation.csv": _findings(report)}


def csv_zip(report: Report) -> bytes:
    """The same files in one archive."""
    octets = BytesIO()
    with ZipFile(octets, "w", ZIP_DEFLATED) as archive:
        for name, content in csv_files(report).items():
            archive.writestr(ZipInfo(name, _ZIPPED), content, ZIP_DEFLATED)
    return octets.getvalue()


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what one could."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def lines(rows: list[list[str]]) -> bytes:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return (_BOM + written.getvalue()).encode("utf-8")


def _table(table: Table) -> bytes:
    head = ["id", "kind", "group", "label", *COLUMNS]
    rows = [
        [row.id, row.kind, row.group, row.label, *(_number(row[column]) for column in COLUMNS)]
        for row in (*table.rows, *table.foot)
    ]
    measures = [
        [
            one.id,
            one.unit,
            "",
            one.label,
            *(_number(getattr(one, column, Figure(None, Why.NONE))) for column in COLUMNS),
        ]
        for one in table.measures
    ]
    return lines([head, *rows, *measures])


def _findings(report: Report) -> bytes:
    rows = [
        [
            one.kind,
            one.table,
            one.of,
            *("" if v is None else _number(Figure(v)) for v in (one.stated, one.found)),
            one.text,
        ]
        for one in report.findings
    ]
    return lines([["kind", "table", "of", "stated", "found", "text"], *rows])


def _number(figure: Figure) -> str:
    if figure.value is None:
        return _SIGNS[figure.why]
    return f"{round(figure.value, 4):g}".replace("-", MINUS) if abs(figure.value) < 1e5 else f"{figure.value:.0f}"  # noqa: PLR2004
