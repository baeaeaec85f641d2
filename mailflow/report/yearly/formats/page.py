"""The report as one HTML page that needs nothing else: print style, charts, tables with captions and scopes."""

from __future__ import annotations

from base64 import b64encode

from jinja2 import Environment, StrictUndefined, TemplateError
from markupsafe import Markup

from mailflow.report.yearly.formats.chapters import BEFORE_TABLES, as_html
from mailflow.report.yearly.formats.charts import alt, chart_of, drawn, left_out
from mailflow.report.yearly.formats.shown import Shown, grouped
from mailflow.report.yearly.values import Report, Table


def page(report: Report, template: str, style: str) -> str:
    """`template`: templates/report/report.html; `style`: templates/report/report.css.

    ValueError, with the line, when the template is faulty; ModuleNotFoundError when an extra lacks.
    """
    facts = {
        "report": report,
        "shown": Shown(report),
        "words": report.words,
        "style": Markup(style.replace("</", "<\\/")),  # noqa: S704  the operator's own file
        "charts": {table.id: _picture(report, table) for table in report.tables},
        "grouped": grouped,
        "first": [(one, Markup(as_html(one))) for one in report.chapters if one.order < BEFORE_TABLES],  # noqa: S704
        "last": [(one, Markup(as_html(one))) for one in report.chapters if one.order >= BEFORE_TABLES],  # noqa: S704
    }
    # Our own template and the operator's, with values that are escaped: Markup stands above alone.
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    try:
        return environment.from_string(template).render(facts)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise ValueError(f"templates/report/report.html{f', line {line}' if line else ''}: {error}") from error


def _picture(report: Report, table: Table) -> dict[str, str] | None:
    chart = chart_of(report, table)
    if chart is None:
        return None
    octets = b64encode(drawn(chart)).decode("ascii")
    return {
        "source": f"data:image/svg+xml;base64,{octets}",
        "alt": alt(report, chart),
        "left_out": left_out(report, chart),
    }
