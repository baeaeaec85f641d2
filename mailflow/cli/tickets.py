"""`ticket`: what coordinators may do by mail, at the keyboard too."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, called

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.model import Mail
    from mailflow.daemon.installation import Installation
    from mailflow.store.messages import Message
    from mailflow.store.queries import Happened, Story, TicketLine

VIA = ("telephone", "letter", "meeting")
Ref = Annotated[str, typer.Argument(metavar="REF", help="Its reference, such as 2026-0042.", show_default=False)]


def list_(
    ctx: typer.Context,
    state: Annotated[str, typer.Option(metavar="STATE", help="Only those in this state.", show_default=False)] = "",
    queue: Annotated[str, typer.Option(metavar="NAME", help="Only those of this queue.", show_default=False)] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose deadline is over.")] = False,
    as_json: AsJson = False,
) -> None:
    """List tickets, oldest first; nothing of what they say."""
    from mailflow.core.model import State
    from mailflow.store import queries

    if state and state not in list(State):
        raise typer.BadParameter(f"there is no state {state}: write {', '.join(State)}")
    call = called(ctx)
    now = call.now()
    with call.store() as store:
        found = queries.tickets(store, state=state, queue=queue, overdue_at=now if overdue else None)
    if as_json:
        for each in found:
            show.line(_values(each, now))
        return
    rows = [
        (t.ref, t.state, t.queue, t.assignee, t.language, ", ".join(t.topics), show.local(t.opened), _due(t, now))
        for t in found
    ]
    columns = ("ref", "state", "queue", "assignee", "language", "topics", "opened", "due")
    show.table(columns, rows, "There is no such ticket." if state or queue or overdue else "There is no ticket yet.")


def show_(ctx: typer.Context, ref: Ref, as_json: AsJson = False) -> None:
    """Show the whole story of a ticket. It is recorded."""
    from mailflow.store import queries

    call = called(ctx)
    now = call.now()
    with call.installation() as installation:
        queries.ticket(installation.store, ref)
        installation.engine.record("read", ref, now, what="ticket")
        story = queries.story(installation.store, ref)
    if as_json:
        show.line(_story_values(story, now))
    else:
        _print_story(story, now)


def new(
    ctx: typer.Context,
    sender: Annotated[str, typer.Option("--from", metavar="ADDRESS", help="Whom the answer goes to.")] = "",
    name: Annotated[str, typer.Option(metavar="NAME", help="Of whoever asks.")] = "",
    lang: Annotated[str, typer.Option(metavar="LANGUAGE", help="BCP 47; left out: told by the text.")] = "",
    via: Annotated[str, typer.Option(metavar="WAY", help="How it was asked: telephone, letter or meeting.")] = VIA[0],
    subject: Annotated[str, typer.Option(metavar="TEXT", help="What it is about, in a few words.")] = "",
    text: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The question; left out: the standard input.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter a question that was asked by telephone, by letter or in person."""
    from mailflow.store import queries

    if via not in VIA:
        raise typer.BadParameter(f"nobody asks by {via}: write {', '.join(VIA)}")
    words = (sys.stdin.read() if text is None else text).strip()
    if not words:
        raise typer.BadParameter("there is no question: write it after --text, or to the standard input")
    call = called(ctx)
    now = call.now()
    with call.installation() as installation:
        mail = _asked(installation, sender, name, subject, words, lang, now)
        ref = installation.engine.enter(mail, via, "operator", now)
        ticket = queries.ticket(installation.store, ref)
    if as_json:
        show.line(_values(ticket, now))
    else:
        to = ticket.assignee or ticket.queue or "the coordinators"
        show.sentence(f"{ref} is open, in {ticket.language}, with {to}; due {show.local(ticket.due)}.")


# ---------------------------------------------------------------- a question that did not come by mail


def _asked(
    installation: Installation, sender: str, name: str, subject: str, text: str, lang: str, now: datetime
) -> Mail:
    """The question as a mail, as far as it is one. Whoever typed it vouches for who asked."""
    from dataclasses import replace

    from mailflow.core.model import Authentication, Language, Verdict
    from mailflow.mail.addresses import normal
    from mailflow.mail.parsed import Parsed

    policy, address = installation.desk.policy, normal(sender)
    if sender and not address:
        raise typer.BadParameter("what follows --from is no address")
    if lang and lang not in policy.languages:
        raise typer.BadParameter(f"the desk does not serve {lang}: write one of {', '.join(policy.languages)}")
    parsed = Parsed(sender=address, name=name, subject=subject, body=text, text=text, date=now)
    mail = installation.engine.understanding.understand(parsed)
    language = Language(lang, 1.0, "hint") if lang else mail.language
    vouched = Authentication(Verdict.PASS, "entered at the keyboard")
    return replace(mail, language=language, authentication=vouched)


# ---------------------------------------------------------------- a ticket, told


def _values(ticket: TicketLine, now: datetime) -> dict[str, object]:
    return {
        "ref": ticket.ref,
        "state": ticket.state,
        "queue": ticket.queue,
        "assignee": ticket.assignee,
        "language": ticket.language,
        "topics": list(ticket.topics),
        "opened": show.rfc3339(ticket.opened),
        "due": show.rfc3339(ticket.due),
        "closed": show.rfc3339(ticket.closed),
        "overdue": ticket.overdue(now),
        "admissible": ticket.admissible,
        "user_type": ticket.user_type,
        "user_region": ticket.user_region,
        "region": ticket.region,
        "sector": ticket.sector,
    }


def _story_values(story: Story, now: datetime) -> dict[str, object]:
    events = [_event_values(each) for each in story.events]
    return {
        **_values(story.ticket, now),
        "messages": _messages(story),
        "events": events,
        "links": [{"ref": ref, "kind": kind} for ref, kind in story.links],
        "unreadable": story.unreadable,
    }


def _messages(story: Story) -> list[dict[str, object]]:
    """What came and what left, by time."""
    from mailflow.cli import letters

    came = [(each.part.at, _came(each)) for each in story.messages]
    left = [(each.sent_at or each.made_at, letters.told(each)) for each in story.letters]
    return [values for _, values in sorted((*came, *left), key=lambda pair: pair[0])]


def _came(message: Message) -> dict[str, object]:
    part = message.part
    return {
        "direction": "in",
        "kind": part.kind,
        "message_id": message.message_id,
        "at": show.rfc3339(part.at),
        "from_role": part.from_role,
        "text": part.text,
        "attachments": list(message.attachments),
        "subject": part.subject,
        "sender": part.sender,
        "name": part.name,
        "quoted": part.quoted,
    }


def _event_values(event: Happened) -> dict[str, object]:
    at = show.rfc3339(event.at)
    return {"seq": event.seq, "at": at, "kind": event.kind, "actor": event.actor, "facts": dict(event.facts)}


def _due(ticket: TicketLine, now: datetime) -> str:
    return show.local(ticket.due) + (" overdue" if ticket.overdue(now) else "")


def _print_story(story: Story, now: datetime) -> None:
    ticket = story.ticket
    show.sentence(
        f"{ticket.ref}: {ticket.state}, queue {ticket.queue or 'none'}, with {ticket.assignee or 'nobody alone'}"
    )
    show.sentence(f"language {ticket.language}, topics {', '.join(ticket.topics) or 'none'}")
    show.sentence(f"opened {show.local(ticket.opened)}" + (f", due {_due(ticket, now)}" if ticket.due else ""))
    if story.links:
        show.sentence("belongs with " + ", ".join(f"{ref} ({kind})" for ref, kind in story.links))
    if story.unreadable:
        show.sentence(f"Its messages can't be shown: {story.unreadable}")
    for each in _messages(story):
        came = each["direction"] == "in"
        whom = f"from {each['from_role']}" if came else f"to {each['to']} ({each['state']})"
        show.sentence("")
        show.sentence(f"{each['at']}  {each['kind']} {whom}: {each['subject']}")
        show.passage(str(each["text"]))
    show.sentence("")
    for event in story.events:
        facts = " ".join(f"{key}={value}" for key, value in event.facts.items() if value not in ("", None))
        show.sentence(f"{show.local(event.at)}  {event.kind} by {event.actor}  {facts}")
