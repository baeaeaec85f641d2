"""Every mail command about a ticket, at the keyboard: `mailflow ticket due 2026-0042 2026-12-01`.

They are taken from the registry of mail commands when `ticket` is called, so that a new one stands here, too.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from mailflow.cli.call import AsJson, called

Ref = Annotated[
    str, typer.Argument(metavar="REF", help="The ticket's reference, such as 2026-0042.", show_default=False)
]
Argument = Annotated[
    list[str] | None, typer.Argument(metavar="[ARGUMENT]...", help="As in a mail.", show_default=False)
]
# What only makes sense in a mail: an answer has an author, an undo window and a notice to them.
BY_MAIL = frozenset({"show", "status", "take", "draft", "correct", "same", "remind", "decline"})


class TicketGroup(TyperGroup):
    """`ticket`: the commands that this family declares, and every mail command that needs a ticket."""

    def list_commands(self, ctx: Any) -> list[str]:
        own = super().list_commands(ctx)
        return [*own, *(word for word in _words() if word not in own)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        own = super().get_command(ctx, cmd_name)
        return own if own is not None or cmd_name not in _words() else _command(cmd_name)


def _words() -> tuple[str, ...]:
    from mailflow.core import orders  # registers them
    from mailflow.core.commands import COMMANDS
    from mailflow.core.model import TokenKind

    assert orders
    return tuple(word for word, each in COMMANDS.items() if each.needs is TokenKind.TICKET and word not in BY_MAIL)


def _command(word: str) -> Any:
    """The mail command as one of typer's."""
    from mailflow.core.commands import COMMANDS

    entry = COMMANDS[word]

    def run(
        ctx: typer.Context,
        ref: Ref,
        argument: Argument = None,
        text: Annotated[
            str,
            typer.Option(
                "--text", "--note", metavar="TEXT", help="What stands below it in a mail.", show_default=False
            ),
        ] = "",
        as_json: AsJson = False,
    ) -> None:
        order(ctx, ref, " ".join([word, *(argument or [])]), text, as_json)

    alone = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    alone.command(word, help=f"{entry.help} In a mail: #{entry.usage}")(run)
    return typer.main.get_command(alone)


def order(ctx: typer.Context, ref: str, line: str, text: str, as_json: bool) -> None:
    """Carry out a command about a ticket, and print what came of it."""
    from mailflow.cli import orders
    from mailflow.store import queries

    call = called(ctx)
    with call.installation() as installation:
        queries.ticket(installation.store, ref)
        orders.tell(installation.engine.command(line, text, call.now(), ref=ref), {"ref": ref}, as_json)
