"""What came of a mail command that was given at the keyboard."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import typer

from mailflow.cli import show
from mailflow.core.commands import Done
from mailflow.core.wording import Said


def done(results: tuple[Done, ...]) -> bool:
    return all(result.line.done for result in results)


def tell(results: tuple[Done, ...], about: Mapping[str, object], as_json: bool) -> None:
    """Print the sentence of each; a refusal goes to stderr and ends the command with 1."""
    for result in results:
        said = result.line
        if as_json and said.said is not Said.NOTHING_DONE:
            values = {"command": said.command, "done": said.done, "said": said.said.value, "sentence": said.sentence()}
            show.line({**about, **values})
        elif said.done:
            show.sentence(said.sentence())
        elif said.said is not Said.NOTHING_DONE:  # it speaks of a mail
            print(said.sentence(), file=sys.stderr)
    if not done(results):
        raise typer.Exit(1)
