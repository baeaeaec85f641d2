"""Figures as a picture, as a table in HTML and as one in plain text: the same rows in all three.

Only digits stand in the picture, since no one font has the letters of all our scripts: the words stand around it. What
draws it is an extra, `charts`; where that isn't installed, a table stands in the picture's place.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from mailflow.core.effects import Chart
from mailflow.mail.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMES: Mapping[str, int] = {"weeks": 2}  # every chart that a mail may hold, and how many series it has
SECTION = "charts"  # of words.toml
WORDS = frozenset(
    word
    for name, series in NAMES.items()
    for word in (name, f"{name}_label", f"{name}_bars", *(f"{name}_{number}" for number in range(1, series + 1)))
)
WIDTH, HEIGHT = 480, 200  # as shown, in CSS pixels
COLUMNS, GAP = 72, 3  # of the table in plain text
_PER_INCH, _SHARPNESS = 96, 2  # CSS pixels; pixels of the picture for each of them
_INK = "#333333"
# Apart in lightness as well as in hue: they differ for every eye, and on grey paper.
_COLOURS = ("#003f6b", "#d47e00", "#b5dcf5")
_FONT, _SMALL = 9.0, 4.0  # points, at most and at least
_DIGIT = 0.64  # how wide a digit is, in heights of the font
_GROUP = 0.8  # of the room between two labels


def drawable() -> bool:
    """Whether the extra is installed; it isn't loaded for that."""
    return find_spec("matplotlib") is not None


def cid(chart: Chart) -> str:
    """The Content-ID of its picture, without brackets: the same for the same figures."""
    return f"chart.{sha256(repr(chart).encode()).hexdigest()[:32]}@mailflow"


def page(chart: Chart, words: Words) -> str:
    """HTML of our own making: the picture with its words, or the same figures as a table."""
    title, bars = (html.escape(words.say(word, SECTION)) for word in (chart.name, f"{chart.name}_bars"))
    if not drawable():
        return _html_table(title, _rows(chart, words))
    columns = zip(*_rows(chart, words), strict=True)
    figures = (f"{head} {', '.join(values)}" for head, *values in columns)
    alt = " / ".join((title, *map(html.escape, figures)))
    # Outlook obeys the attributes alone, telephones the style.
    return (
        f'<p style="margin: 1em 0 0;"><img src="cid:{cid(chart)}" width="{WIDTH}" height="{HEIGHT}" alt="{alt}" '
        'style="display: block; border: 0; max-width: 100%; height: auto;"></p>\n'
        f'<p style="margin: 0.25em 0 1em; font-size: 14px;">{title}<br>\n{bars}</p>'
    )


def text(chart: Chart, words: Words) -> str:
    """A title, and a table for a font of one width, at most COLUMNS wide: a line a label, so that it never grows broad."""
    title, rows = words.say(chart.name, SECTION), _rows(chart, words)
    limit = (COLUMNS + GAP) // len(rows[0]) - GAP
    widths = [min(limit, max(map(cell_len, column))) for column in zip(*rows, strict=True)]
    table = ((" " * GAP).join(map(_to_the_right, row, widths)) for row in rows)
    widest = max(map(cell_len, title), default=1)  # 2 for Chinese letters
    return "\n".join((*textwrap.wrap(title, COLUMNS // widest), "", *table))


@lru_cache(maxsize=8)  # several people get the same one
def draw(chart: Chart) -> bytes:
    """A PNG, WIDTH by HEIGHT at double sharpness; the same octets for the same figures.

    ValueError when something other than digits is to stand in it, ModuleNotFoundError without the extra.
    """
    if not all(label.isascii() and label.isdecimal() for label in chart.labels):
        raise ValueError("only digits can stand in the picture of a chart")
    from matplotlib import rc_context, rcdefaults
    from matplotlib.figure import Figure

    drawn = BytesIO()
    with rc_context():
        rcdefaults()  # whatever this machine has set for other pictures
        size = (WIDTH / _PER_INCH, HEIGHT / _PER_INCH)
        figure = Figure(figsize=size, dpi=_PER_INCH * _SHARPNESS, facecolor="white")  # opaque: for dark mode, too
        _bars(figure.add_axes((0.01, 0.12, 0.98, 0.86)), chart)
        figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()


def _bars(axes: Axes, chart: Chart) -> None:
    groups, beside = range(len(chart.labels)), len(chart.series)
    width, font = _GROUP / beside, _font(chart)
    for number, figures in enumerate(chart.series):
        places = [group + (number - (beside - 1) / 2) * width for group in groups]
        colour = _COLOURS[number % len(_COLOURS)]
        bars = axes.bar(places, figures, width * 0.9, color=colour, edgecolor=_INK, linewidth=0.5)
        axes.bar_label(bars, [str(figure) for figure in figures], padding=1, fontsize=font, color=_INK)
    axes.set_xticks(groups, chart.labels, fontsize=font, color=_INK)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.set_xlim(-0.5, len(groups) - 0.5)
    axes.set_ylim(0, 1.15 * max(1, *map(max, chart.series)))  # room for the figure on the highest bar


def _font(chart: Chart) -> float:
    """The size in which the longest figure is no wider than its bar, in points."""
    longest = max(len(str(figure)) for figures in chart.series for figure in figures)
    bar = WIDTH / _PER_INCH * 72 / len(chart.labels) * _GROUP / len(chart.series)
    return max(_SMALL, min(_FONT, bar / (longest * _DIGIT)))


def _rows(chart: Chart, words: Words) -> tuple[tuple[str, ...], ...]:
    """The words of the columns, then a row a label. ValueError when a series has too few figures or too many."""
    numbers = range(1, len(chart.series) + 1)
    heads = [words.say(f"{chart.name}_{what}", SECTION) for what in ("label", *numbers)]
    rows = zip(chart.labels, *(map(str, figures) for figures in chart.series), strict=True)
    return (tuple(heads), *rows)


def _to_the_right(cell: str, width: int) -> str:
    if cell_len(cell) > width:
        cell = f"{set_cell_size(cell, width - 1)}…"
    return " " * (width - cell_len(cell)) + cell


def _html_table(title: str, rows: Sequence[Sequence[str]]) -> str:
    lines = (
        "<tr>"
        + "".join(
            _html_cell(cell, "col" if not down else "row" if not across else "") for across, cell in enumerate(row)
        )
        + "</tr>"
        for down, row in enumerate(rows)
    )
    return (
        '<table style="border-collapse: collapse; margin: 1em 0;">\n'
        f'<caption style="text-align: start; font-size: 14px;">{title}</caption>\n' + "\n".join(lines) + "\n</table>"
    )


def _html_cell(cell: str, heads: str) -> str:
    """A cell that heads its "col" or its "row", or a figure."""
    name, scope = ("th", f' scope="{heads}"') if heads else ("td", "")
    return f'<{name}{scope} style="border: 1px solid #8a8a8a; padding: 2px 8px; text-align: end;">{html.escape(cell)}</{name}>'
