"""`report web`: the website's part of the yearly report, from access logs or an analytics service's export."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import Call, called

if TYPE_CHECKING:
    from mailflow.report.web.reading import Asked

NAME = "website"  # of the files that are written
FORMATS = {"text": "txt", "html": "html", "csv": "csv", "json": "json"}  # and how they end
AT_ONCE = 2  # processes; more than the machine has are never used

Log = Annotated[
    list[Path],
    typer.Option(
        "--log", metavar="FILE...", help="Access logs, plain, .gz, .bz2 or .xz; or exports, .csv.", show_default=False
    ),
]
More = Annotated[
    list[Path] | None, typer.Argument(metavar="[FILE]...", help="More files like --log.", show_default=False)
]


Begins = Annotated[
    str, typer.Option("--from", metavar="DATE", help="The first day, as 2026-03-01.", show_default=False)
]
Ends = Annotated[str, typer.Option("--to", metavar="DATE", help="The last day, which counts, too.", show_default=False)]
Language = Annotated[str, typer.Option("--lang", metavar="LANGUAGE", help="en, fr or es.")]
Formats = Annotated[str, typer.Option("--format", metavar="FORMAT,...", help="Some of text, html, csv and json.")]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Where the files go; one format alone is printed without.", show_default=False),
]
Previous = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Last year's figures, as --format json wrote them.", show_default=False),
]
Site = Annotated[
    list[str] | None,
    typer.Option(metavar="HOST", help="The site's own address; else it is found in the logs.", show_default=False),
]
Pause = Annotated[int, typer.Option(metavar="MINUTES", help="After how long without a page a visit is over.", min=1)]
Zone = Annotated[str, typer.Option(metavar="ZONE", help="Whose days count, such as Europe/Zurich.")]


def web(
    ctx: typer.Context,
    *,
    log: Log,
    more: More = None,
    begins: Begins = "",
    ends: Ends = "",
    lang: Language = "en",
    formats: Formats = "text",
    out: Out = None,
    previous: Previous = None,
    site: Site = None,
    pause: Pause = 30,
    zone: Zone = "UTC",
) -> None:
    """Count the website's visits, users, countries, pages and sources, from its server's logs. No address is kept."""
    from mailflow.report.web.reading import Asked

    wanted = _formats(formats, out)
    call = called(ctx)
    days = _day(begins, "--from"), _day(ends, "--to")
    asked = Asked(*days, tuple(site or ()), pause, _zone(zone), _place(call))
    texts = _made(_templates(call), [*log, *(more or ())], asked, lang, wanted, previous)
    if out is None:
        print(texts[wanted[0]], end="")
        return
    out.mkdir(parents=True, exist_ok=True)
    for each, text in texts.items():
        show.sentence(f"{_written(out / f'{NAME}.{FORMATS[each]}', text)}")


def _made(
    templates: Path | None, paths: list[Path], asked: Asked, lang: str, wanted: list[str], previous: Path | None
) -> dict[str, str]:
    """The text of each format. The words are looked for first: reading may take minutes. Raises WebTrouble."""
    from mailflow.report.web import formats
    from mailflow.report.web.read import read
    from mailflow.report.web.tables import as_tables
    from mailflow.report.web.words import words

    said, before = words(lang, templates), formats.from_json(previous) if previous else None
    with _progress(paths) as told:
        figures = read(paths, asked, min(AT_ONCE, os.cpu_count() or 1), told)
    tables = as_tables(figures, lang, before, templates)
    title = said.say("words", "title", period=said.period(figures))
    made: dict[str, Callable[[], str]] = {
        "text": lambda: formats.as_text(tables, title, said),
        "html": lambda: formats.as_html(tables, title, said),
        "csv": lambda: formats.as_csv(tables),
        "json": lambda: formats.as_json(figures),
    }
    return {each: made[each]() for each in wanted}


@contextmanager
def _progress(paths: list[Path]) -> Iterator[Callable[[int], object]]:
    """A bar on stderr, where somebody looks at it."""
    from mailflow.report.web.lines import silently

    if not sys.stderr.isatty():
        yield silently
        return
    from rich.console import Console
    from rich.progress import Progress

    octets = sum(path.stat().st_size for path in paths if path.is_file())
    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("reading", total=octets)
        yield lambda read: progress.advance(task, read)


def _formats(text: str, out: Path | None) -> list[str]:
    wanted = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [each for each in wanted if each not in FORMATS]
    if unknown or not wanted:
        raise typer.BadParameter(f"write some of {', '.join(FORMATS)} after --format, with commas between")
    if len(wanted) > 1 and out is None:
        raise typer.BadParameter("several formats are files: name their folder with --out")
    return wanted


def _templates(call: Call) -> Path | None:
    """The installation's, where there is one that has these words; the command works without."""
    try:
        folder = call.home() / "templates"
    except LookupError:
        return None
    return folder if (folder / "report" / "web").is_dir() else None


def _place(call: Call) -> Callable[[str], tuple[str, str]]:
    """Which topic a page belongs to: as the answers that are published here say, where this is an installation."""
    from mailflow.report.web.sited import Sited

    try:
        call.home()
    except LookupError:
        return Sited({})
    from mailflow.store import publications

    with call.store() as store, store.database.read() as connection:
        items = publications.items(connection)
    return Sited({item.id: item.topics[0] for item in items if item.topics})


def _day(text: str, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"write a day after {option} as 2026-03-01") from None


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise typer.BadParameter(f"there is no time zone {name}: write one like Europe/Zurich after --zone") from None


def _written(path: Path, text: str) -> Path:
    """Whole, or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, "utf-8", newline="")
    part.replace(path)
    return path
