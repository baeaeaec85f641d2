"""`shelf`: mails that a human must look at."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, called

if TYPE_CHECKING:
    from mailflow.store.queries import Shelved

Id = Annotated[str, typer.Argument(metavar="ID", help="As `mailflow shelf list` shows it.", show_default=False)]


def list_(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the shelf, oldest first; nothing of what the mails say."""
    from mailflow.store import queries

    with called(ctx).store() as store:
        found = queries.shelf(store)
    if as_json:
        for each in found:
            show.line(_values(each))
        return
    rows = [(each.id, show.local(each.at), _sentence(each), str(each.tries), show.size(each.size)) for each in found]
    show.table(("id", "at", "reason", "tries", "size"), rows, "The shelf is empty.")


def show_(
    ctx: typer.Context,
    mail: Id,
    raw: Annotated[bool, typer.Option("--raw", help="The octets of the mail as they arrived.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a mail of the shelf, and why it is there. It is recorded."""
    from mailflow.cli.described import UNREAD, words_of
    from mailflow.cli.working import read
    from mailflow.store import inbox, queries

    call = called(ctx)
    with call.installation() as installation:
        engine = installation.engine
        item = queries.shelved(engine.store, mail)
        engine.record("read", item.ticket, call.now(), what="shelf", inbox=item.id)
        octets, fault = inbox.raw(engine.store, mail), queries.fault(engine.store, mail)
        content = None if raw else read(engine, octets)
    if raw:
        sys.stdout.buffer.write(octets)
    elif as_json:
        show.line({**_values(item), **words_of(content or UNREAD), "readable": content is not None, "fault": fault})
    else:
        show.sentence(f"{item.id}, on the shelf since {show.local(item.at)}: {_sentence(item)}")
        show.sentence(f"from {content.sender or 'nobody clear'}: {content.subject}" if content else "It can't be read.")
        show.passage(content.text if content else fault)


def release(ctx: typer.Context, mail: Id, as_json: AsJson = False) -> None:
    """Take a mail off the shelf and handle it: you vouch for its sender."""
    from mailflow.cli import orders
    from mailflow.cli.described import sentence
    from mailflow.cli.working import work_through
    from mailflow.store import queries

    call = called(ctx)
    with call.installation() as installation:
        queries.shelved(installation.store, mail)
        results = installation.engine.command("release", "", call.now(), shelf=mail)
        if orders.done(results):
            work_through(installation.engine, {mail}, call)
        fate = queries.fates(installation.store, [mail])[mail]
    reason = sentence(fate.because)
    orders.tell(
        results, {"id": mail, "outcome": fate.outcome, "reason": reason, "ticket": fate.ticket or None}, as_json
    )
    if not as_json:
        show.sentence(f"{fate.outcome} {fate.ticket}".strip() + f": {reason}")


def drop(ctx: typer.Context, mail: Id, as_json: AsJson = False) -> None:
    """Leave a mail of the shelf unanswered for good."""
    from mailflow.cli import orders
    from mailflow.store import queries

    call = called(ctx)
    with call.installation() as installation:
        queries.shelved(installation.store, mail)
        orders.tell(installation.engine.command("drop", "", call.now(), shelf=mail), {"id": mail}, as_json)


def _values(item: Shelved) -> dict[str, object]:
    at = show.rfc3339(item.at)
    return {
        "id": item.id,
        "at": at,
        "reason": _sentence(item),
        "tries": item.tries,
        "size": item.size,
        "code": item.reason,
    }


def _sentence(item: Shelved) -> str:
    from mailflow.cli.described import sentence

    return sentence(item.reason)
