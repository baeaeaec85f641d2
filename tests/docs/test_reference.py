"""The reference says what the program says: it is generated, and stale pages are found here."""

import re
from pathlib import Path

import pytest

from mailflow.cli.reference import command_reference, lifecycle, mail_command_reference, reference
from mailflow.core.commands import COMMANDS
from mailflow.core.lifecycle import TABLE, Act
from mailflow.core.model import State
from mailflow.core.routing import CONDITIONS

FOLDER = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", sorted(reference()))
def test_a_page_of_the_reference_is_as_the_program_would_write_it(page):
    written = (FOLDER / page).read_text("utf-8") if (FOLDER / page).exists() else ""
    assert written == reference()[page], "stale: run `python -m mailflow.cli.reference`"


@pytest.mark.parametrize("command", [
    "init", "check", "demo", "run", "status", "ingest", "explain", "ticket list", "ticket show", "ticket new",
    "ticket assign", "ticket close", "ticket approve", "ticket due", "search", "digest", "rehearse", "outbox list", "outbox export", "outbox retry", "shelf list", "shelf show",
    "shelf release", "shelf drop", "template show", "verify", "backup", "restore", "keys backup", "upgrade",
])  # fmt: skip
def test_every_command_is_documented_with_a_sentence(command):
    _, heading, rest = command_reference().partition(f"\n## mailflow {command}\n\n")
    assert heading, f"mailflow {command} is not documented"
    assert rest.partition("\n")[0].endswith(".")


def test_every_option_says_what_it_does():
    rows = [row for row in command_reference().splitlines() if row.startswith("| `")]
    assert rows
    assert not [row for row in rows if row.endswith(("| None |", "|  |"))]


@pytest.mark.parametrize("word", sorted(COMMANDS))
def test_every_mail_command_is_documented(word):
    command = COMMANDS[word]
    usage = command.usage.replace("|", "\\|")
    assert f"| `#{usage}` |" in mail_command_reference()
    assert command.help.endswith(".")


@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_every_condition_of_a_rule_is_documented(name):
    assert f"| `{name}` | {CONDITIONS[name].help} |" in reference()["reference/configuration.md"]


def test_the_life_of_a_ticket_tells_every_state_every_act_and_every_move():
    said = lifecycle()
    assert all(f"| {state.value.replace('_', ' ')} | " in said for state in State)
    assert all(f"| {act.value.replace('_', ' ')} | " in said for act in Act)
    moves = said.partition("the clock\n")[2]
    assert sum(line.startswith("| ") and " | " in line for line in moves.splitlines()) == len(TABLE) + 2


def test_every_state_can_be_reached_in_the_diagram():
    drawn = lifecycle().partition("```mermaid\n")[2].partition("```")[0]
    assert all(f"--> {state.value}" in drawn for state in State)


def test_the_commands_that_the_life_of_a_ticket_names_exist():
    named = {word.split()[0] for word in re.findall(r"`#([^`]+)`", lifecycle())}
    assert named <= set(COMMANDS)
