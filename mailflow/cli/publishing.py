"""`publication`, `anonymise` and `site`: the way from an answer to the public page."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, called
from mailflow.cli.orders import tell

if TYPE_CHECKING:
    from mailflow.core.publication import Candidate
    from mailflow.daemon.installation import Installation
    from mailflow.publish.site import Site

Name = Annotated[str, typer.Argument(metavar="ID", help="As `mailflow publication list` shows it.", show_default=False)]
Ref = Annotated[str, typer.Argument(metavar="REF", help="The ticket.", show_default=False)]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Where the site stands.", show_default=False)]
Page = Annotated[str, typer.Argument(metavar="PAGE", help="The last part of its address.", show_default=False)]
FORMATS = ("html", "docx")


def list_(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List what is on its way to the site, and what stands there."""
    from mailflow.store import publications

    with called(ctx).store() as store, store.database.read() as connection:
        found = publications.standing(connection)
    if as_json:
        for each in found:
            show.line(
                {
                    "id": each.id,
                    "ticket": each.ref,
                    "stage": each.stage,
                    "language": each.language,
                    "topics": list(each.topics),
                    "flagged_by": each.flagged_by,
                    "author": each.author,
                    "approved_by": each.approved_by,
                    "version": each.version,
                    "page": each.item,
                    "changed": show.rfc3339(each.changed),
                }
            )
        return
    rows = [(e.id, e.stage, e.language, " ".join(e.topics), e.author, e.approved_by, e.item) for e in found]
    show.table(("id", "stage", "language", "topics", "text by", "approved by", "page"), rows, "There is nothing yet.")


def show_(ctx: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show a text that is to be published, what was replaced in it, and what must go. It is recorded."""
    call = called(ctx)
    with call.installation() as installation:
        found = _candidate(installation, name)
        installation.engine.record("read", found.ref, call.now(), what="publication")
    if as_json:
        show.line(_values(found))
        return
    show.sentence(f"{found.id}: {found.stage.value}, version {found.version}, in {found.language}")
    show.sentence(f"flagged by {found.flagged_by}; text by {found.author or 'the machine'}; {found.text.hash}")
    for leak in found.leaks:
        show.sentence(f"must go: {leak.word} ({leak.kind}, {leak.where})")
    for warning in found.warnings:
        show.sentence(f"to think of: {warning}")
    for part, text in found.text.parts.items():
        show.sentence("")
        show.sentence(f"{part}:")
        show.passage(text)
    rows = [(str(m.number), m.word, m.replacement, m.kind, m.by) for m in found.numbered]
    show.table(("number", "original", "replacement", "kind", "found by"), rows, "No replacement is numbered.")


def flag(
    ctx: typer.Context,
    ref: Ref,
    topic: Annotated[list[str] | None, typer.Option(metavar="TOPIC", help="Instead of the ticket's.")] = None,
) -> None:
    """Propose a ticket's answer for publication: its reviewers get it, anonymised, by mail."""
    _ordered(ctx, f"publish {' '.join(topic or ())}".strip(), ref)


def withdraw(ctx: typer.Context, ref: Ref) -> None:
    """Never publish anything of a ticket: what stands on the site is taken away with the next build."""
    _ordered(ctx, "publish never", ref)


def translate(
    ctx: typer.Context,
    page: Page,
    source: Annotated[Path, typer.Argument(metavar="FILE", help="Its text under Title:, Question: and Answer:.")],
    lang: Annotated[str, typer.Option(metavar="LANGUAGE", help="BCP 47.", show_default=False)],
) -> None:
    """Bring a page in another language on its way: reviewers get the translation as they get any text."""
    from mailflow.core.publication import Stage, Text
    from mailflow.core.publishing import text_in
    from mailflow.store import publications

    text = text_in(source.read_text("utf-8"), Text())
    if text is None or not all(text.parts.values()):
        raise typer.BadParameter(f"{source} must hold a text under each of the headings Title:, Question: and Answer:")
    call = called(ctx)
    with call.installation() as installation, installation.store.database.read() as connection:
        item = publications.item(connection, page)
        if item is None or item.withdrawn:
            raise LookupError(f"there is no page {page}: `mailflow publication list` shows all")
        ref = publications.ref_of(connection, page)
        found = publications.of_ticket(connection, installation.store, ref)
    if found is None:
        raise LookupError(f"there is no page {page}: `mailflow publication list` shows all")
    fresh = replace(
        found, id=f"{ref}:{lang}:{call.now().isoformat()}", stage=Stage.REVISED, flagged_by="operator", author="operator", authors=("operator",),
        language=lang, text=text, numbered=(), question_marks=(), answer_marks=(), leaks=(), warnings=(), item="",
        group=item.group, version=1, approved_by="", approved_at=None,
    )  # fmt: skip
    with call.installation() as installation:
        installation.engine.propose(fresh, call.now())
    show.sentence("The translation goes to its reviewers with the next tick of the daemon.")


def topics(
    ctx: typer.Context,
    page: Page,
    names: Annotated[list[str], typer.Argument(metavar="TOPIC...", help="By id or label.", show_default=False)],
) -> None:
    """Give a published page other topics: it moves with the next build, and its address stays."""
    from mailflow.daemon.siting import refiled

    call = called(ctx)
    with call.installation() as installation:
        given = refiled(installation, page, names, call.now())
    show.sentence(f"{page}: {', '.join(given)}.")


def export(
    ctx: typer.Context,
    page: Page,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Ends with .html or .docx.", show_default=False)],
) -> None:
    """Write a published page as clean HTML or docx, for another content system."""
    from mailflow.publish.site import as_docx, as_html
    from mailflow.store import publications

    kind = out.suffix.removeprefix(".").casefold()
    if kind not in FORMATS:
        raise typer.BadParameter(f"{out.name} must end with .html or .docx")
    with called(ctx).installation() as installation:
        with installation.store.database.read() as connection:
            item = publications.item(connection, page)
        if item is None or item.withdrawn:
            raise LookupError(f"there is no page {page}: `mailflow publication list` shows all")
        site = site_of(installation)
    out.write_bytes(as_docx(item, site) if kind == "docx" else as_html(item, site).encode())
    show.sentence(f"{out} holds the page.")


def anonymise(
    lang: Annotated[str, typer.Option(metavar="LANGUAGE", help="BCP 47.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Propose a text without names, places and days: the standard input, anonymised. A person must read it."""
    from mailflow.publish.anonymise import anonymise as propose
    from mailflow.publish.anonymise import installed_names

    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise typer.BadParameter(
            "the standard input is not UTF-8: save the text as UTF-8, or convert it with iconv"
        ) from None
    found = propose(text, lang, names=installed_names())
    if as_json:
        spans = [
            {
                "start": each.start,
                "end": each.end,
                "kind": each.kind,
                "replacement": each.replacement,
                "confidence": each.confidence,
                "by": each.by,
            }
            for each in found.replaced
        ]
        show.line({"text": found.text, "spans": spans, "warnings": list(found.warnings)})
        return
    show.passage(found.text)
    for warning in found.warnings:
        print(warning, file=sys.stderr)


def build(
    ctx: typer.Context,
    folder: Folder,
    training: Annotated[bool, typer.Option("--training", help="With what is for training alone, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the site, or bring it up to date: only what changed is written, and a word that may not be there stops it."""
    from mailflow.core.publication import Audience
    from mailflow.daemon.siting import built

    call = called(ctx)
    with call.installation() as installation:
        audience = Audience.TRAINING if training else Audience.PUBLIC
        done = built(installation, replace(site_of(installation), audience=audience), folder, call.now())
    if as_json:
        show.line(
            {
                "items": done.items,
                "withdrawn": done.tombstones,
                "pages": done.pages,
                "languages": list(done.languages),
                "written": len(done.written),
                "kept": len(done.kept),
                "removed": len(done.removed),
                "searchable": done.searchable,
                "to_review": list(done.overdue),
                "odd": list(done.odd),
            }
        )
        return
    changes = f"{len(done.written)} files written, {len(done.kept)} kept, {len(done.removed)} removed"
    show.sentence(f"{folder}: {done.items} answers on {done.pages} pages in {', '.join(done.languages)}; {changes}.")
    for each in done.overdue:
        show.sentence(f"to be looked at again: {each}")
    for each in done.odd:
        show.sentence(f"odd: {each}")


def serve(
    folder: Folder,
    port: Annotated[int, typer.Option(metavar="PORT", help="0: any that is free.", min=0, max=65535)] = 8000,
) -> None:
    """Show a built site on this machine alone, with the headers that its server should send."""
    from mailflow.publish.site import serve as serve_

    show.sentence(f"http://127.0.0.1:{port}/ shows {folder} until you press Ctrl-C.")
    serve_(folder, port)


# ---------------------------------------------------------------- parts of these


def site_of(installation: Installation) -> Site:
    """The site as config.toml, rules/ and the folder site/ of the installation describe it."""
    from mailflow.daemon.siting import site_of as described

    return described(installation)


def _ordered(ctx: typer.Context, line: str, ref: str) -> None:
    call = called(ctx)
    with call.installation() as installation:
        tell(installation.engine.command(line, "", call.now(), ref=ref), {"ticket": ref}, as_json=False)


def _candidate(installation: Installation, name: str) -> Candidate:
    """By its id, or by its ticket."""
    from mailflow.store import publications

    with installation.store.database.read() as connection:
        if ":" in name:
            return publications.by_id(connection, installation.store, name)
        found = publications.of_ticket(connection, installation.store, name)
    if found is None:
        raise LookupError(f"nothing of {name} is on its way to the site: `mailflow publication list` shows all")
    return found


def _values(found: Candidate) -> dict[str, object]:
    return {
        "id": found.id,
        "ticket": found.ref,
        "stage": found.stage.value,
        "version": found.version,
        "language": found.language,
        "topics": list(found.topics),
        "flagged_by": found.flagged_by,
        "author": found.author,
        "approved_by": found.approved_by,
        "hash": found.text.hash,
        **found.text.parts,
        "replaced": [
            {
                "number": m.number,
                "part": m.part,
                "word": m.word,
                "replacement": m.replacement,
                "kind": m.kind,
                "by": m.by,
            }
            for m in found.numbered
        ],
        "leaks": [{"kind": leak.kind, "where": leak.where, "word": leak.word} for leak in found.leaks],
        "warnings": list(found.warnings),
        "page": found.item,
    }
