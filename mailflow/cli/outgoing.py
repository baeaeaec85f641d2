"""`outbox`: what leaves, what left, what could not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, called

if TYPE_CHECKING:
    from mailflow.store.queries import Letter

# What the store knows more finely than the promise to scripts: a draft that waits for a person waits.
STATES = {"waiting": ("waiting", "held"), "sent": ("sent",), "failed": ("failed",)}
State = Annotated[str, typer.Option(help="Only these: waiting, sent or failed.", metavar="STATE", show_default=False)]
Ticket = Annotated[str, typer.Option(help="Only those of this ticket.", metavar="REF", show_default=False)]


def list_(ctx: typer.Context, state: State = "", ticket: Ticket = "", as_json: AsJson = False) -> None:
    """List the mails of the desk, oldest first."""
    from mailflow.store import queries

    with called(ctx).store() as store:
        found = (values(letter) for letter in queries.letters(store, wanted(state), ticket))
        if as_json:
            for each in found:
                show.line(each)
            return
        columns = ("id", "ticket", "to", "template", "language", "state", "tries", "next_try", "error")
        rows = ([_cell(letter, each[column]) for column in columns] for letter, each in _with_values(store, state, ticket))
        show.table(columns, rows, "The outbox is empty.")
