"""docs/reference/ and docs/lifecycle.md, generated from what the program itself says: they cannot say anything else.

`python -m mailflow.cli.reference` writes the files anew; a test fails while they are stale.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer

from mailflow.cli.app import app
from mailflow.config import config_reference
from mailflow.core import decide  # noqa: F401  registers the mail commands
from mailflow.core.commands import COMMANDS, Command
from mailflow.core.lifecycle import TABLE, Act, Clock, Move, diagram
from mailflow.core.model import Role, State, TokenKind

FOLDER = Path(__file__).parents[2] / "docs"

_COMMANDS = """# Commands

What an operator types. Options of `mailflow` itself may stand anywhere. Every command that shows something takes
`--json`: one object a line, UTF-8, times in RFC 3339 UTC. Errors go to stderr, a sentence each; the exit code is then 1,
for wrong usage 2, and 75 ("try later") where `mailflow ingest -` can't store a mail now.
"""
_MAIL_COMMANDS = """# Mail commands

What the staff of the desk write at the top of a reply, each on a line of its own. A word in capitals must be given,
one in brackets may be. All commands of a mail are done, or none is; each such mail is answered by a short transcript.
Those that apply just then stand under each mail as links. `#on 2026-0042` above the others says what they are about,
in a reply to any mail of ours or in a mail to the desk's plain address.

Pages in plain language: [for experts](../how-to/work-by-mail-as-an-expert.md),
[for coordinators](../how-to/work-by-mail-as-a-coordinator.md).

| command | who may | reply to | what it does |
| --- | --- | --- | --- |
"""
_ABOUT = {
    TokenKind.TICKET: "a mail about a ticket",
    TokenKind.SHELF: "a notice about the shelf",
    TokenKind.PUBLICATION: "a text to be published",
    None: "any mail of ours, or to the plain address",
}
_LIFE = """\
# The life of a ticket

Every way from state to state, as [core/lifecycle](../mailflow/core/lifecycle.py) has them in one table. What isn't here
does not happen: thanks, automatic replies and bounces move nothing.

"""
_STATES = {
    State.NEW: "nobody has it yet: the coordinators do",
    State.ASSIGNED: "an expert, a whole queue or a coordinator has it",
    State.WAITING: "we asked the requester something",
    State.IN_REVIEW: "an answer is written, and a second person reads it before it leaves",
    State.ANSWERED: "an answer has left",
    State.CLOSED: "it is over: closed by a coordinator, inadmissible, or the requester never replied",
}
_ACTS = {
    Act.ASSIGN: "somebody gets it: by its topics, `#assign`, `#queue`, `#take`, or by answering first",
    Act.UNASSIGN: "the last of a queue gives it back: `#decline`",
    Act.ASK: "our question leaves for the requester: `#ask`, `#ask details`, or which language they read",
    Act.WRITE_AGAIN: "the requester writes something that is more than thanks",
    Act.SUBMIT: "an answer goes to a reviewer, where the queue's policy asks for one",
    Act.RETURN: "the reviewer sends it back: `#reject`; or its author stops it",
    Act.ANSWER: "an answer left: the mail server took it",
    Act.REFUSE: "it is inadmissible, or spam: `#inadmissible`, `#spam`",
    Act.CLOSE: "`#close`, `#merge`",
    Act.EXPIRE: "the requester was reminded of our question, and still did not reply",
    Act.REOPEN: "`#reopen`",
}
_CLOCKS = {
    Clock.KEEP: "goes on as it was",
    Clock.START: "a fresh deadline starts",
    Clock.STOP: "stops",
    Clock.PAUSE: "pauses",
    Clock.RESUME: "goes on: the working days that were left are left again",
}
_LIFE_END = """
A ticket that nobody has when its requester writes again is `new` then, not `assigned`. A fresh deadline that the requester's
own mail starts is acknowledged; one that staff start isn't told to them. More than 90 days after it was closed
(`reopen_days` in [deadlines.toml](reference/configuration.md)) a mail opens a new ticket, linked with the old one and
routed afresh. A reply to an inadmissible ticket goes to the coordinators, and moves nothing.
"""


def reference() -> dict[str, str]:
    """The text of every generated page, by its path under docs/."""
    return {
        "reference/commands.md": command_reference(),
        "reference/mail-commands.md": mail_command_reference(),
        "reference/configuration.md": config_reference(),
        "lifecycle.md": lifecycle(),
    }


def command_reference() -> str:
    """Every command with its arguments and options, as Markdown."""
    root = typer.main.get_command(app)
    parts = [_COMMANDS, "## mailflow\n", *_options(root)]
    for name, command in _leaves(root, "mailflow"):
        parts += [f"## {name}\n", f"{_help(command)}\n", *_options(command)]
    return "\n".join(parts)


def mail_command_reference() -> str:
    return _MAIL_COMMANDS + "".join(_row(COMMANDS[word]) for word in sorted(COMMANDS))


def lifecycle() -> str:
    """The table of moves as a diagram and as Markdown: who may do what, and what the clock does."""
    states = ["| state | means |\n| --- | --- |", *(f"| {_name(state)} | {_STATES[state]} |" for state in State), ""]
    acts = ["| act | what happens |\n| --- | --- |", *(f"| {_name(act)} | {_ACTS[act]} |" for act in Act), ""]
    moves = ["| act | from | to | by | the clock |\n| --- | --- | --- | --- | --- |", *map(_move, TABLE)]
    drawn = ["```mermaid", diagram(), "```", ""]
    parts = [
        "## States",
        *states,
        "## As a diagram",
        *drawn,
        "## Acts",
        *acts,
        "## Who may do it, and the clock",
        *moves,
    ]
    return _LIFE + "\n".join(f"{part}\n" if part.startswith("## ") else part for part in parts) + "\n" + _LIFE_END


def _move(each: Move) -> str:
    states = ", ".join(map(_name, each.states))
    to = _name(each.to) if each.to else "stays"
    return f"| {_name(each.act)} | {states} | {to} | {each.by} | {_CLOCKS[each.clock]} |"


def _name(code: Act | State) -> str:
    return code.value.replace("_", " ")


def _leaves(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Typer's own types of commands have no name of their own in all its versions."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _help(command: Any) -> str:
    callback: Callable[..., None] = command.callback
    said = inspect.getdoc(callback) or command.help or ""
    sentence, mark, usage = said.partition(" In a mail: ")
    return f"{sentence} In a mail: `{usage}`." if mark else said


def _options(command: Any) -> Iterator[str]:
    rows = [row for each in command.params if (row := _parameter(each))]
    if rows:
        yield "| argument or option | what it does |\n| --- | --- |"
        yield from rows
        yield ""


def _parameter(each: Any) -> str:
    if "--help" in each.opts:
        return ""
    argument = each.param_type_name == "argument"
    spelled = [] if argument else [f"{opt} {each.metavar or ''}".strip() for opt in each.opts]
    shown = each.metavar if argument else ", ".join(spelled)
    default = f" Left out: `{each.default}`." if isinstance(each.default, str) and each.default else ""
    return f"| `{shown}` | {each.help}{default} |"


def _row(command: Command) -> str:
    roles = ", ".join(role.value.replace("_", " ") for role in Role if role in command.roles - {Role.OPERATOR})
    usage = command.usage.replace("|", "\\|")  # a bar ends a cell of the table, also in code
    return f"| `#{usage}` | {roles} | {_ABOUT[command.needs]} | {command.help} |\n"


def write(folder: Path) -> None:
    for name, text in reference().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
