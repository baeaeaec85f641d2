"""docs/reference/, generated from what the program itself says: it cannot say anything else.

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
from mailflow.core.model import Role, TokenKind

FOLDER = Path(__file__).parents[2] / "docs" / "reference"

_COMMANDS = """# Commands

What an operator types. Options of `mailflow` itself may stand anywhere. Every command that shows something takes
`--json`: one object a line, UTF-8, times in RFC 3339 UTC. Errors go to stderr, a sentence each; the exit code is then 1,
for wrong usage 2, and 75 ("try later") where `mailflow ingest -` can't store a mail now.
"""
_MAIL_COMMANDS = """# Mail commands

What the staff of the desk write at the top of a reply, each on a line of its own. A word in capitals must be given,
one in brackets may be. All commands of a mail are done, or none is; each such mail is answered by a short transcript.
The same commands stand under each mail as links.

| command | who may | reply to | what it does |
| --- | --- | --- | --- |
"""
_ABOUT = {
    TokenKind.TICKET: "a mail about a ticket",
    TokenKind.SHELF: "a notice about the shelf",
    None: "any mail of ours",
}


def reference() -> dict[str, str]:
    """The text of every generated page, by file name."""
    return {
        "commands.md": command_reference(),
        "mail-commands.md": mail_command_reference(),
        "configuration.md": config_reference(),
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


def _leaves(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Typer's own types of commands have no name of their own in all its versions."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _help(command: Any) -> str:
    callback: Callable[..., None] = command.callback
    return inspect.getdoc(callback) or ""


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
    return f"| `#{command.usage}` | {roles} | {_ABOUT[command.needs]} | {command.help} |\n"


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in reference().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
