"""`search`, `digest` and `rehearse`: looks at the whole desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, called

if TYPE_CHECKING:
    from mailflow.rehearsal import Difference

Words = Annotated[list[str], typer.Argument(metavar="WORDS", help="All of them in one message.", show_default=False)]


def search(ctx: typer.Context, words: Words, as_json: AsJson = False) -> None:
    """Search what was written on the tickets. It is opened in memory alone, and the search is recorded."""
    from mailflow.core.orders.finding import excerpt

    call = called(ctx)
    wanted = " ".join(words)
    with call.installation() as installation:
        found = installation.engine.search(wanted, call.now())
    if as_json:
        for each in found:
            ticket, part = each.ticket, each.part
            show.line(
                {
                    "ticket": ticket.ref,
                    "state": ticket.state.value,
                    "kind": part.kind,
                    "at": show.rfc3339(part.at),
                    "excerpt": excerpt(part.text, wanted),
                }
            )
        return
    rows = [
        (f.ticket.ref, f.ticket.state.value, f.part.kind, show.local(f.part.at), excerpt(f.part.text, wanted))
        for f in found
    ]
    show.table(("ticket", "state", "what", "at", "where"), rows, "Nothing was found.")


def digest(
    ctx: typer.Context,
    person: Annotated[
        str, typer.Option(metavar="PERSON", help="As this one gets it; else the first coordinator.", show_default=False)
    ] = "",
    send: Annotated[bool, typer.Option("--send", help="Send it to every coordinator now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print how the desk stands, as coordinators get it each working day."""
    call = called(ctx)
    with call.installation() as installation:
        engine, policy = installation.engine, installation.desk.policy
        slug = person or policy.coordinators[0]
        if slug not in policy.people:
            raise typer.BadParameter(f"there is nobody called {slug} in rules/people.toml")
        if send:
            sent = engine.send_digests(call.now())
            show.sentence(f"The digest is on its way to {', '.join(sent)}.")
            return
        mail = engine.digest(slug, call.now())
    if as_json:
        show.line({"person": slug, "subject": mail.subject, "text": mail.text})
    else:
        show.sentence(f"Subject: {mail.subject}")
        show.passage(mail.text)


def rehearse(
    ctx: typer.Context,
    rules: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the changed rules.", exists=True, file_okay=False)
    ],
    since: Annotated[
        str, typer.Option(metavar="DATE", help="Only mail since this day, as 2026-03-01.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Run past questions through changed rules, and say what would have differed. Nothing is sent or changed."""
    from mailflow.rehearsal import Rehearsed, rehearsed

    call = called(ctx)
    begins = _day(since)
    with call.installation() as installation:
        desk = Rehearsed(installation.home, installation.settings, installation.desk, installation.engine)
        outcome = rehearsed(desk, rules, begins)
    if as_json:
        for each in outcome.differences:
            show.line({"ticket": each.ref, "what": each.what, "before": each.before, "after": each.after})
        show.line(
            {
                "questions": outcome.questions,
                "load_before": dict(outcome.load_before),
                "load_after": dict(outcome.load_after),
            }
        )
        return
    show.table(
        ("ticket", "what", "now", "with the changed rules"),
        [_row(each) for each in outcome.differences],
        "Nothing would have differed.",
    )
    people = sorted({*outcome.load_before, *outcome.load_after})
    rows = [(slug, str(outcome.load_before[slug]), str(outcome.load_after[slug])) for slug in people]
    show.table(("person", "questions now", "with the changed rules"), rows, "Nobody would have had a question.")
    show.sentence(f"{outcome.questions} questions were looked at.")


def _row(each: Difference) -> tuple[str, str, str, str]:
    return each.ref, each.what, each.before, each.after


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise typer.BadParameter("write a day after --since as 2026-03-01") from None
