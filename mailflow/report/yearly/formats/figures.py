"""Every figure of the report as JSON, under names that don't change: what is frozen, and what other programs read."""

from __future__ import annotations

import json
from typing import Any

from mailflow.report.yearly.values import Figure, Measure, Report, Row, Table

FORMAT = 1  # goes up when a name changes or goes


def figures(report: Report) -> dict[str, Any]:
    """Plain values. A figure is a number, or {"why": "hidden" | "unknown" | "small" | "none"}."""
    return {
        "format": FORMAT,
        "language": report.language,
        "title": report.title,
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "taxonomy": report.taxonomy,
        "made": report.made.isoformat() if report.made else None,
        "key": [_measure(one) for one in report.key],
        "summary": list(report.summary),
        "method": list(report.method),
        "tables": [_table(table) for table in report.tables],
        "findings": [
            {
                "kind": one.kind,
                "table": one.table,
                "of": one.of,
                "stated": one.stated,
                "found": one.found,
                "text": one.text,
            }
            for one in report.findings
        ],
        "chapters": [
            {"order": one.order, "slug": one.slug, "title": one.title, "body": one.body} for one in report.chapters
        ],
        "differences": [
            {
                "table": one.table,
                "row": one.row,
                "column": one.column,
                "before": one.before,
                "now": one.now,
                "text": one.text,
            }
            for one in report.differences
        ],
    }


def as_json(report: Report) -> bytes:
    return (json.dumps(figures(report), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "number": table.number,
        "title": table.title,
        "columns": list(table.columns),
        "heads": dict(table.heads),
        "rows": [_row(row) for row in table.rows],
        "foot": [_row(row) for row in table.foot],
        "measures": [_measure(one) for one in table.measures],
        "paragraph": table.paragraph,
        "notes": list(table.notes),
    }


def _row(row: Row) -> dict[str, Any]:
    written = {column: _figure(figure) for column, figure in row.figures.items()}
    return {"id": row.id, "label": row.label, "kind": row.kind, "group": row.group, "figures": written}


def _measure(one: Measure) -> dict[str, Any]:
    found = {"period": _figure(one.period), "previous": _figure(one.previous)}
    return {"id": one.id, "label": one.label, "unit": one.unit, **found}


def _figure(figure: Figure) -> float | dict[str, str]:
    return {"why": figure.why.value} if figure.value is None else round(figure.value, 6)
