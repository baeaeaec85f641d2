"""`outbox`: what leaves, what left, what could not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, called

if TYPE_CHECKING:
    from mailflow.store.queries import Letter

State = Annotated[str, typer.Option(help="Only these: waiting, sent or failed.", metavar="STATE", show_default=False)]
Ticket = Annotated[str, typer.Option(help="Only those about this ticket.", metavar="REF", show_default=False)]


def list_(ctx: typer.Context, state: State = "", ticket: Ticket = "", as_json: AsJson = False) -> None:
    """List the mails of the desk, oldest first."""
    from mailflow.cli import letters
    from mailflow.store import queries

    with called(ctx).store() as store:
        found = queries.letters(store, _states(state), ticket)
        if as_json:
            for each in found:
                show.line(letters.listed(each))
            return
        rows = [_row(each) for each in found]
    columns = ("id", "ticket", "to", "template", "language", "state", "tries", "next try", "error")
    show.table(columns, rows, "No such mail is in the outbox." if state or ticket else "The outbox is empty.")


def export(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made where it is missing.", show_default=False)],
    state: State = "",
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Write the mails of the desk as .eml files, for you alone to read. It is recorded."""
    from mailflow.store import queries

    call = called(ctx)
    states = _states(state)
    with call.installation() as installation:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        installation.engine.record("exported", ticket, call.now(), what="outbox", state=state)
        for letter in queries.letters(installation.store, states, ticket):
            if not letter.raw:
                continue  # erased
            file = folder / f"{letter.id:06d}-{letter.template}.eml"
            _write_private(file, letter.raw)
            if as_json:
                show.line({"id": letter.id, "ticket": letter.ticket or None, "file": str(file)})
            else:
                show.sentence(str(file))


def retry(
    ctx: typer.Context,
    mail: Annotated[
        int | None, typer.Argument(metavar="[ID]", help="This one; else all of them.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Send again, as soon as the daemon can, what waits for another try or was given up."""
    from mailflow.store import outbox

    call = called(ctx)
    with call.store() as store:
        count = outbox.again(store, call.now(), mail)
    if mail is not None and not count:
        raise LookupError(f"the mail {mail} does not wait for another try: `mailflow outbox list` shows which do")
    if as_json:
        show.line({"retried": count})
    else:
        show.sentence(f"{count} to be sent again" if count else "Nothing waits for another try.")


def _states(state: str) -> Sequence[str]:
    from mailflow.cli.letters import STATES

    if state and state not in STATES:
        raise typer.BadParameter(f"no mail has the state {state}: write {', '.join(STATES)}")
    return STATES[state] if state else tuple(each for states in STATES.values() for each in states)


def _row(letter: Letter) -> tuple[str, ...]:
    told = (letter.ticket, letter.recipient, letter.template, letter.language, letter.state)
    return (str(letter.id), *told, str(letter.tries), show.local(letter.next_try), letter.error)


def _write_private(file: Path, octets: bytes) -> None:
    """A file that nobody else may read; an earlier export of the same name is replaced."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(octets)
