"""A chart a table: bars, sorted, in colours that differ for every eye and on grey paper; the table below is its twin."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from mailflow.report.yearly.formats.extra import wanted
from mailflow.report.yearly.formats.shown import Shown
from mailflow.report.yearly.numbers import Numbers
from mailflow.report.yearly.values import Report, Row, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_MOST = 16  # rows; smaller figures stand in the table only
_INK, _PERIOD, _BEFORE = "#222222", "#003f6b", "#b5dcf5"
_WIDTH, _BAR, _GAP, _MARGIN = 6.7, 0.125, 0.1, 0.4  # inches: the picture, a bar, between two rows, above and below
_LABEL = 38  # letters in a line of a label
_FONT = 8.0  # points


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]  # name and figures, the period first
    written: tuple[tuple[str, ...], ...]  # the figures as the language has them
    left_out: int  # rows that are in the table only


def chart_of(report: Report, table: Table) -> Chart | None:
    """None when nothing of the table can be drawn."""
    columns = ["period", *(["previous"] if "previous" in table.columns and _known(table, "previous") else [])]
    drawn = [row for row in table.rows if row.kind == "code" and any(row[column].value for column in columns)]
    drawn = sorted(
        (row for row in drawn if all(row[column].known for column in columns)), key=lambda row: _rank(row, table)
    )
    if not drawn:
        return None
    silent = [row for row in drawn if row.id == table.unspecified]
    kept, shown = [*drawn[: len(drawn) - len(silent)][: _MOST - len(silent)], *silent], Shown(report)
    return Chart(
        title=f"{table.title} ({report.period})",
        labels=tuple(row.label for row in kept),
        series=tuple((table.heads[column], tuple(row[column].value or 0 for row in kept)) for column in columns),
        written=tuple(tuple(shown.cell(row[column], column) for row in kept) for column in columns),
        left_out=len(drawn) - len(kept),
    )


def _known(table: Table, column: str) -> bool:
    return any(row[column].value for row in table.rows)


def _rank(row: Row, table: Table) -> tuple[bool, float, float]:
    """The longest bar first, and last the one that says nothing."""
    return row.id == table.unspecified, -(row["period"].value or 0), -(row["previous"].value or 0)


def alt(report: Report, chart: Chart) -> str:
    """The chart in words, with its five longest bars."""
    rows = [
        report.words["chart_alt_row"].replace("{label}", label).replace("{figures}", ", ".join(figures))
        for label, *figures in list(zip(chart.labels, *chart.written, strict=True))[:5]
    ]
    return report.words["chart_alt"].replace("{title}", chart.title).replace("{rows}", "; ".join(rows))


def left_out(report: Report, chart: Chart) -> str:
    """That further rows stand in the table only; "" where all are drawn."""
    if not chart.left_out:
        return ""
    numbers = Numbers(report.language)
    form = "one" if numbers.plural(chart.left_out) == "one" else "other"
    return report.words[f"chart_left_out_{form}"].replace("{n}", numbers.count(chart.left_out))


def drawn(chart: Chart, kind: str = "svg", *, dpi: int = 150) -> bytes:
    """A picture, "svg" or "png"; the same octets for the same figures. ModuleNotFoundError says what to install."""
    with wanted("matplotlib"):
        from matplotlib import rc_context, rcdefaults
        from matplotlib.figure import Figure
    with rc_context():
        rcdefaults()  # whatever this machine has set for other pictures
        with rc_context({"svg.hashsalt": "mailflow", "font.size": _FONT, "svg.fonttype": "path"}):
            beside = len(chart.series)
            rows = len(chart.labels) * (beside * _BAR + _GAP)
            figure = Figure(figsize=(_WIDTH, rows + _MARGIN), facecolor="white", layout="constrained")
            _bars(figure.add_subplot(), chart)
            _legend(figure, chart)
            return _saved(figure, kind, dpi)


def _saved(figure: Canvas, kind: str, dpi: int) -> bytes:
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    octets = BytesIO()
    figure.savefig(octets, format=kind, dpi=dpi, metadata=metadata)
    return octets.getvalue()


def _bars(axes: Axes, chart: Chart) -> None:
    beside = len(chart.series)
    height = 0.82 / beside
    places = range(len(chart.labels))
    for number, ((name, figures), written) in enumerate(zip(chart.series, chart.written, strict=True)):
        at = [place + (number - (beside - 1) / 2) * height for place in places]
        colour = _PERIOD if number == 0 else _BEFORE
        bars = axes.barh(at, figures, height * 0.92, color=colour, edgecolor=_INK, linewidth=0.5, label=name)
        axes.bar_label(bars, written, padding=3, color=_INK, fontsize=_FONT - 0.5)
    axes.set_yticks(list(places), ["\n".join(textwrap.wrap(label, _LABEL)) for label in chart.labels], color=_INK)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.set_xlim(0, 1.1 * max(1, *(max(figures) for _, figures in chart.series)))
    axes.margins(y=0.01)


def _legend(figure: Canvas, chart: Chart) -> None:
    if len(chart.series) > 1:
        figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=_FONT, labelcolor=_INK)
