"""One ticket, as each of the three people saw it: the mails that they really wrote and got."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mailflow.core.model import Outcome
from mailflow.core.tokens import find
from mailflow.demo import client
from mailflow.demo.journal import Happening, Kind
from mailflow.demo.names import Names, Side

SIDE_BY_SIDE = 150  # columns of a terminal from which on three mails fit beside one another
WIDEST = 100
_MAILTO = re.compile(r"(.{1,80}?) <mailto:[^>]*>")
_UNSEEN = {
    Side.ASKER: "who answered, any name or address of staff, the coordinator's command and note",
    Side.EXPERT: "the asker's name and address, in no line and no header",
    Side.COORDINATOR: "the asker's name and address, in no line and no header",
}


@dataclass(frozen=True, slots=True)
class Party:
    """One of the three."""

    address: str
    side: Side
    does: str


def show(console: Console, happenings: Sequence[Happening], ticket: str, names: Names) -> None:
    """Side by side where there is room, else one after the other."""
    about = [h for h in happenings if h.ticket == ticket and h.kind is not Kind.ARRIVED]
    panels = [_panel(party, about, names) for party in _parties(about, names)]
    console.print()
    console.rule(f"Ticket {ticket}, as each of the three people saw it")
    if console.width >= SIDE_BY_SIDE:
        grid = Table.grid(expand=True, padding=(0, 1, 0, 0))
        for _ in panels:
            grid.add_column(ratio=1)
        grid.add_row(*panels)
        console.print(grid)
    else:
        for panel in panels:
            console.print(panel, width=min(console.width, WIDEST))


def _parties(about: Sequence[Happening], names: Names) -> list[Party]:
    """Who asked, who gave the ticket to somebody, who answered."""
    handled = [h for h in about if h.kind is Kind.HANDLED]
    opened = [h.letter.login for h in handled if h.what == Outcome.OPENED]
    ordered = [h.letter.login for h in handled if h.what == Outcome.COMMANDED]
    added = [h.letter.login for h in handled if h.what == Outcome.ADDED]
    answered = [login for login in added if names.side(login) is Side.EXPERT]
    told = ((opened, Side.ASKER, "asks"), (answered, Side.EXPERT, "answers"), (ordered, Side.COORDINATOR, "routes"))
    return [Party(logins[0], side, does) for logins, side, does in told if logins]


def _panel(party: Party, about: Sequence[Happening], names: Names) -> Panel:
    mine = [h for h in about if party.address in (h.letter.recipient, h.letter.login)]
    mails = [part for happening in sorted(mine, key=_when) for part in _mail(happening, party)]
    unseen = Text(f"Never sees: {_UNSEEN[party.side]}.", style=f"italic {party.side.value}")
    title = f"[{party.side.value}]{names.name(party.address)}, who {party.does}[/]"
    return Panel(Group(*mails, unseen), title=title, title_align="left", border_style=party.side.value)


def _when(happening: Happening) -> str:
    return happening.letter.at.isoformat()


def _mail(happening: Happening, party: Party) -> list[Text]:
    letter = happening.letter
    mail = client.read(letter.raw)
    gets = letter.recipient == party.address
    other = client.author(mail)[0] if gets else str(mail["To"])
    head = Text.assemble(
        ("← from " if gets else "→ to ", f"bold {party.side.value}"),
        (_short(other), "bold"),
        f"  {letter.at.astimezone():%H:%M:%S}\n",
        (f"{_short(str(mail['Subject']))}\n", "bold"),
    )
    return [head, Text("\n".join(readable(client.words(letter.raw))), style="" if gets else party.side.value), Text()]


def readable(text: str) -> list[str]:
    """The lines of a mail as one reads them: quotations folded, links by their words, tokens shortened."""
    lines: list[str] = []
    quoted = 0
    for line in _short(text).strip().splitlines():
        if line.startswith(">"):
            quoted += 1
            continue
        link = _MAILTO.fullmatch(line)
        if link and lines and lines[-1].startswith("["):
            lines[-1] += f" [{link[1]}]"
        else:
            lines.append(f"[{link[1]}]" if link else line)
    return [*lines, f"> ({quoted} lines quoted)"] if quoted else lines


def _short(text: str) -> str:
    """Reply tokens are for machines: their first letters are enough here."""
    for token in find(text):
        text = text.replace(token, f"{token[:6]}…")
    return text
