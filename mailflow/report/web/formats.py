"""Tables for people (text, HTML) and for spreadsheets (CSV), figures for programs and for next year (JSON)."""

from __future__ import annotations

import csv
import html
import textwrap
from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.cells import cell_len

from mailflow.report.web import pages
from mailflow.report.web.figures import WebFigures, WebTable
from mailflow.report.web.trouble import WebTrouble
from mailflow.report.web.words import Words

WIDE = 100  # columns of a note in plain text
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would carry out


def as_json(figures: WebFigures) -> str:
    """What `from_json` reads back."""
    from pydantic import TypeAdapter

    return TypeAdapter(WebFigures).dump_json(figures, indent=2).decode() + "\n"


def from_json(path: Path) -> WebFigures:
    """Earlier figures. Raises WebTrouble when the file holds none."""
    from pydantic import TypeAdapter, ValidationError

    try:
        read = TypeAdapter(WebFigures).validate_json(path.read_bytes())
    except OSError as error:
        raise WebTrouble(f"{path}: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole file"
        raise WebTrouble(f"{path}: not figures as --format json writes them ({where}: {first['msg']})") from None
    return replace(read, by_page=tuple((pages.discreet(name), views) for name, views in read.by_page))


def as_text(tables: tuple[WebTable, ...], title: str, words: Words) -> str:
    return "\n\n".join((title, *(_text(table, words) for table in tables))) + "\n"


def as_csv(tables: tuple[WebTable, ...]) -> str:
    """One table under the other, an empty line between; numbers plain, so that a spreadsheet can count on."""
    out = StringIO()
    writer = csv.writer(out)
    for table in tables:
        writer.writerows(([table.title], table.columns, *(tuple(map(_harmless, row)) for row in table.rows)))
        writer.writerows([[note]] if (note := table.note) else [])
        writer.writerow([])
    return out.getvalue()


def as_html(tables: tuple[WebTable, ...], title: str, words: Words) -> str:
    """A page of its own that asks for nothing elsewhere."""
    body = "\n".join(_html(table, words) for table in tables)
    return (
        f'<!doctype html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{html.escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{html.escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;color:#222;background:#fff;margin:0 auto;max-width:60rem;padding:1rem}"
    "table{border-collapse:collapse;width:100%;margin:2rem 0 .5rem}"
    "caption{text-align:start;font-weight:bold;font-size:1.15rem;padding-bottom:.5rem}"
    "th,td{border-bottom:1px solid #999;padding:.3rem .6rem;text-align:end;vertical-align:bottom;"
    "font-variant-numeric:tabular-nums}"
    "th:first-child,td:first-child{text-align:start;overflow-wrap:anywhere}thead th{border-bottom:2px solid #222}"
    "tbody th{font-weight:normal}.scroll{overflow-x:auto}.note{font-size:.875rem;margin:0;color:#444}"
)


def _html(table: WebTable, words: Words) -> str:
    heads = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in table.columns)
    rows = (
        f'<tr><th scope="row">{html.escape(first)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in shown(table, words)
    )
    note = f'\n<p class="note">{html.escape(table.note)}</p>' if table.note else ""
    lines = "\n".join(rows)
    return (
        f'<section>\n<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(table.title)}">\n<table>\n'
        f"<caption>{html.escape(table.title)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n"
        f"</table>\n</div>{note}\n</section>"
    )


def shown(table: WebTable, words: Words) -> list[tuple[str, ...]]:
    """The cells as people of the language write them; the last column of a comparison bears its sign."""
    signed = len(table.columns) - 1 if table.columns[-1] == words.say("columns", "change") else None
    return [tuple(_cell(cell, words, signed=place == signed) for place, cell in enumerate(row)) for row in table.rows]


def _cell(cell: str | float | None, words: Words, *, signed: bool) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return _plain(cell)
    return words.percent(cell, signed=signed) if isinstance(cell, float) else words.count(cell)


def _text(table: WebTable, words: Words) -> str:
    rows = [table.columns, *shown(table, words)]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    rule = "-" * cell_len(max(lines, key=cell_len))
    parts = [table.title, "", lines[0], rule, *lines[1:]]
    return "\n".join([*parts, "", *textwrap.wrap(table.note, WIDE)] if table.note else parts)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    """The first to the left, figures to the right; letters of Chinese pages are two wide."""
    first, *rest = ((cell, " " * (width - cell_len(cell))) for cell, width in zip(row, widths, strict=True))
    return "  ".join((first[0] + first[1], *(room + cell for cell, room in rest))).rstrip()


def _plain(cell: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in cell)


def _harmless(cell: str | float | None) -> str | float | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
