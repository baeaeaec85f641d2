"""What was handed in, kept with its hash; and how a later report differs from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from mailflow.report.yearly.formats.figures import FORMAT, figures
from mailflow.report.yearly.numbers import Numbers
from mailflow.report.yearly.values import Difference, Figure, Report, Row, Table
from mailflow.report.yearly.words import Words

_DAY = timedelta(days=1)
_Now = Callable[[Row], Figure]


def frozen(report: Report) -> bytes:
    """Canonical JSON: {"sha256": of the canonical JSON of "report", "report": as formats.figures gives it}."""
    content = figures(report)
    whole = {"report": content, "sha256": _hash(content)}
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode("utf-8")


def _hash(content: object) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode("utf-8")).hexdigest()


def thawed(octets: bytes) -> dict[str, Any]:
    """The report that `frozen` kept. ValueError when the file is another one, or was changed."""
    try:
        whole = json.loads(octets)
        content, told = whole["report"], whole["sha256"]
    except (ValueError, KeyError, TypeError):
        raise ValueError("this is no report kept by --freeze: name the .frozen.json file that it wrote") from None
    if _hash(content) != told:
        raise ValueError("the frozen report was changed after it was kept: its hash is another; fetch it from a backup")
    if content.get("format") != FORMAT:
        raise ValueError(f"the frozen report has format {content.get('format')}, and this version reads {FORMAT}")
    return dict(content)


def compared(report: Report, kept: bytes) -> tuple[Difference, ...]:
    """Every count that isn't what was handed in: by a report of the same period, or of the one that follows it.

    Of the same period, each count is compared with itself. Of the following one, the period before with the period
    handed in, and the total less this period with the total handed in. What either doesn't give isn't compared.
    ValueError when the file is no frozen report, or is of another period.
    """
    content = thawed(kept)
    since, until = date.fromisoformat(content["since"]), date.fromisoformat(content["until"])
    if (since, until) == (report.since, report.until):
        ways: dict[str, _Now] = {column: _same(column) for column in ("period", "previous", "cumulative")}
    elif until + _DAY == report.since:
        ways = {"period": _same("previous"), "cumulative": _before_period}
    else:
        raise ValueError(
            f"the frozen report is of {since} to {until}: only one of the same period, or of the one before "
            f"{report.since}, can be compared"
        )
    tables = {table.id: table for table in report.tables}
    return tuple(one for old in content["tables"] for one in _of_table(old, tables.get(old["id"]), ways))


def with_differences(report: Report, found: tuple[Difference, ...], words: Words) -> Report:
    """The report that names them, in sentences."""
    return replace(report, differences=tuple(replace(one, text=_sentence(one, report, words)) for one in found))


def _same(column: str) -> _Now:
    return lambda row: row[column]


def _before_period(row: Row) -> Figure:
    """What the total was before this period."""
    total, period = row["cumulative"], row["period"]
    if row.kind == "stray":
        return total
    if total.value is None or period.value is None:
        return total if total.value is None else period
    return Figure(total.value - period.value)


def _of_table(old: Mapping[str, Any], table: Table | None, ways: Mapping[str, _Now]) -> Iterator[Difference]:
    rows = {row.id: row for row in (*table.rows, table.total)} if table else {}
    for one in (*old["rows"], old["foot"][-1]):
        row = rows.pop(one["id"], None)
        for column, now in ways.items():
            before = one["figures"][column]
            figure = now(row) if row else Figure(None)
            if isinstance(before, dict) or (row and figure.value is None):
                continue
            if figure.value != before and not (row is None and before == 0):
                yield Difference(old["id"], one["id"], column, before, figure.value)
    for row in rows.values() if table else ():
        for column, now in ways.items():
            if now(row).value:
                yield Difference(old["id"], row.id, column, None, now(row).value)


def _sentence(one: Difference, report: Report, words: Words) -> str:
    numbers: Numbers = words.numbers
    table = next((table for table in report.tables if table.id == one.table), None)
    row = next((row for row in (*table.rows, *table.foot) if row.id == one.row), None) if table else None
    before, now = (
        words.say("difference.not_given") if value is None else numbers.count(value) for value in (one.before, one.now)
    )
    return words.say(
        "difference.text",
        table=table.title if table else one.table,
        row=row.label if row else one.row,
        column=words.say(f"difference.{one.column}"),
        before=before,
        now=now,
    )
