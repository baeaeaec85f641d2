"""`report`: the yearly report, the codes that it lacks, and what would be worth publishing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, Call, called

if TYPE_CHECKING:
    from mailflow.core.counting import Case
    from mailflow.daemon.installation import Installation
    from mailflow.report.web.figures import WebTable
    from mailflow.report.web.words import Words as WebWords
    from mailflow.report.yearly import Chapter, Labels, Report, Words

Begins = Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.", show_default=False)]
Ends = Annotated[str, typer.Option("--to", metavar="DATE", help="The last day, which counts, too.", show_default=False)]
Language = Annotated[str, typer.Option("--lang", metavar="LANGUAGE", help="en, fr or es.")]
Sheet = Annotated[Path, typer.Argument(metavar="FILE", help="Ends with .xlsx or .csv.", show_default=False)]
SHEETS = (".xlsx", ".csv")
WEBSITE = 60  # where the website's chapter stands: behind the tables


class ReportError(Exception):
    """Why there is no report, in one sentence."""


def year(
    ctx: typer.Context,
    *,
    begins: Begins,
    ends: Ends,
    lang: Language = "en",
    formats: Annotated[
        str, typer.Option("--format", metavar="FORMAT,...", help="Some of html, pdf, docx, csv and json.")
    ] = "html",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the files go.")] = Path(),
    freeze: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep what is handed in, with a hash.", show_default=False)
    ] = None,
    web: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The website's figures, as `report web --format json`.", show_default=False),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was kept: differences are named.", show_default=False)
    ] = None,
) -> None:
    """Make the yearly report of some days, such as 2026-03-01 to 2027-02-28."""
    from mailflow.report.yearly.formats import save
    from mailflow.report.yearly.formats.saving import put
    from mailflow.report.yearly.frozen import compared, frozen, with_differences

    call = called(ctx)
    with _said(), call.installation() as installation:
        words, labels = _words(installation, lang), _labels(installation)
        days = _day(begins, "--from"), _day(ends, "--to")
        chapters = [*_chapters(installation, lang), *([_website(installation, web, lang)] if web else [])]
        report = _report(installation, words, labels, days, chapters, call)
        if against:
            report = with_differences(report, compared(report, against.read_bytes()), words)
        wanted = [each.strip() for each in formats.split(",") if each.strip()]
        saved = save(report, wanted, out, installation.home / "templates" / "report")
        kept = put(freeze, frozen(report)) if freeze else None
    for path in (*saved.paths, *filter(None, (kept,))):
        show.sentence(str(path))
    for difference in report.differences:
        show.sentence(difference.text)
    if saved.lacking:
        show.sentence(f"No installed font has these letters of the PDF: {saved.lacking}. Install Noto fonts for them.")


def uncoded(ctx: typer.Context, file: Sheet, lang: Language = "en") -> None:
    """Write a spreadsheet of the questions that lack a code: no word of them, but their references and neutral names."""
    from mailflow.core.views import neutral_name
    from mailflow.report.yearly.formats.saving import put
    from mailflow.report.yearly.uncoded import as_csv, as_xlsx, lacking
    from mailflow.store import tickets

    call = called(ctx)
    _known_sheet(file)
    with _said(), call.installation() as installation:
        labels, words, policy = _labels(installation), _words(installation, lang), installation.desk.policy
        found = lacking(_cases(installation), labels)
        with installation.store.database.read() as connection:
            named = {t.ref: neutral_name(t, policy, lang) for t in tickets.those(connection)}
        titles = {case.ref: named[case.ref] for case in found}
        today = policy.calendar.day_of(call.now())
        excel = file.suffix.casefold() == ".xlsx"
        put(file, as_xlsx(found, titles, labels, words, today) if excel else as_csv(found, titles, labels, words))
    lack = "1 question lacks" if len(found) == 1 else f"{len(found)} questions lack"
    show.sentence(f"{file}: {lack} a code.")


def coded(ctx: typer.Context, file: Sheet) -> None:
    """Take the filled-in spreadsheet back in. Every mistake is named by its cell; with one, nothing is changed."""
    from mailflow.report.yearly.coded import read_coded

    call = called(ctx)
    _known_sheet(file)
    with _said(), call.installation() as installation:
        known = {case.ref for case in _cases(installation)}
        rows, wrong = read_coded(file.read_bytes(), _labels(installation), known)
        if wrong:
            raise ReportError("\n".join(f"{file.name} {each.cell}: {each.text}".replace(" : ", ": ") for each in wrong))
        for row in rows:
            line = " ".join(f"{of}={','.join(ids)}" for of, ids in row.codes.items() if ids)
            if line:
                installation.engine.command(f"code {line}", "", call.now(), ref=row.ref)
    show.sentence("1 question is coded." if len(rows) == 1 else f"{len(rows)} questions are coded.")


def gaps(ctx: typer.Context, begins: Begins, ends: Ends, lang: Language = "en", as_json: AsJson = False) -> None:
    """List the topics that more was asked about than in the period before, and to which no answer is published."""
    from mailflow.report.yearly import settings_of
    from mailflow.report.yearly.gaps import gaps as found_in
    from mailflow.store import publications

    call = called(ctx)
    with _said(), call.installation() as installation:
        with installation.store.database.read() as connection:
            items = publications.items(connection)
        published = Counter(topic for item in items if not item.withdrawn for topic in item.topics)
        settings, labels = settings_of(installation.desk.report), _labels(installation)
        days = _day(begins, "--from"), _day(ends, "--to")
        found = found_in(_cases(installation), published, settings, labels, *days, lang)
    if as_json:
        for gap in found:
            show.line({"topic": gap.topic, "period": gap.period, "previous": gap.previous, "published": gap.published})
        return
    rows = [(gap.topic, gap.label, str(gap.period), str(gap.previous)) for gap in found]
    show.table(("topic", "", "questions", "before"), rows, "Every topic that rises has a published answer.")


# ---------------------------------------------------------------- parts of these


@contextmanager
def _said() -> Iterator[None]:
    """What report/ refuses is a sentence already."""
    try:
        yield
    except (ValueError, ModuleNotFoundError) as error:
        if type(error).__module__.split(".")[0] == "mailflow":
            raise
        raise ReportError(str(error)) from error


def _report(
    installation: Installation,
    words: Words,
    labels: Labels,
    days: tuple[date, date],
    chapters: list[Chapter],
    call: Call,
) -> Report:
    from mailflow.report.yearly import settings_of
    from mailflow.report.yearly import year as yearly

    made = installation.desk.policy.calendar.day_of(call.now())
    settings = settings_of(installation.desk.report)
    return yearly(_cases(installation), settings, labels, words, *days, chapters=chapters, made=made)


def _chapters(installation: Installation, language: str) -> tuple[Chapter, ...]:
    """What people wrote: chapters/<order>-<slug>.<language>.md of the installation."""
    from mailflow.report.yearly.formats.chapters import chapters_of

    folder = installation.home / "chapters"
    texts = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")} if folder.is_dir() else {}
    return chapters_of(texts, language)


def _website(installation: Installation, file: Path, language: str) -> Chapter:
    """The website's figures as a chapter behind the tables."""
    from mailflow.report.web import formats
    from mailflow.report.web.tables import as_tables
    from mailflow.report.web.words import words
    from mailflow.report.yearly import Chapter

    templates = installation.home / "templates"
    said, figures = words(language, templates), formats.from_json(file)
    labels = installation.desk.policy.labels["topic"]
    topics = {topic: names.get(language) or names.get("en", topic) for topic, names in labels.items()}
    tables = as_tables(figures, language, None, templates, topics)
    title = said.say("words", "title", period=said.period(figures))
    return Chapter(WEBSITE, "website", title, "\n\n".join(_as_markdown(each, said) for each in tables))


def _as_markdown(table: WebTable, said: WebWords) -> str:
    from mailflow.report.web import formats

    rows = [table.columns, *formats.shown(table, said)]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    rule = "| " + " | ".join("---" if at == 0 else "---:" for at in range(len(table.columns))) + " |"
    return "\n".join((f"## {table.title}", "", lines[0], rule, *lines[1:], "", table.note))


def _cases(installation: Installation) -> list[Case]:
    from mailflow.store import counting

    with installation.store.database.read() as connection:
        return counting.cases(connection, installation.desk.policy)


def _labels(installation: Installation) -> Labels:
    from mailflow.report.yearly import labels_of

    return labels_of(installation.desk.taxonomy, installation.desk.reasons)


def _words(installation: Installation, language: str) -> Words:
    from mailflow.report.yearly import read_words

    folder = installation.home / "templates" / "report" / "words"
    path = folder / f"{language}.toml"
    if not path.is_file():
        there = ", ".join(sorted(each.stem for each in folder.glob("*.toml")))
        raise ReportError(f"there are no words for a report in {language}: choose among {there}")
    return read_words(path.read_text("utf-8"), language)


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"write a day such as 2026-03-01 after {option}") from None


def _known_sheet(file: Path) -> None:
    if file.suffix.casefold() not in SHEETS:
        raise typer.BadParameter(f"{file.name} must end with .xlsx or .csv")
