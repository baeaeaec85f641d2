"""What one sees: a line for each thing that happens, above a table of all tickets that changes as they do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from types import TracebackType
from typing import Self

from rich.cells import set_cell_size
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from mailflow.core.model import Outcome
from mailflow.demo import client
from mailflow.demo.book import TicketNow
from mailflow.demo.checks import Check
from mailflow.demo.journal import Happening, Kind
from mailflow.demo.names import Names, Side, language

PIPED_WIDTH = 120
WHO = 22  # cells
_STATES = {"new": "yellow", "assigned": "cyan", "answered": "green", "closed": "dim"}
_GETS = {
    "acknowledgement": "gets the acknowledgement",
    "bilingual": "gets the acknowledgement, in two languages",
    "answer": "gets the answer",
    "question": "gets the question",
    "assignment": "gets the question, from a coordinator",
    "more": "gets what the asker adds",
    "transcript": "gets the transcript of the command",
    "undelivered": "learns that a mail did not arrive",
    "leaving": "sees what will leave",
    "shelf": "learns of a mail on the shelf",
    "held": "learns that a mail in their name is held",
}


class Screen:
    """On a terminal the table lives at the bottom; elsewhere there are lines alone, and the table once."""

    def __init__(self, console: Console, names: Names) -> None:
        self._console, self._names = console, names
        self._askers: dict[str, str] = {}  # of each ticket, by name
        self._live: Live | None = None
        self._tickets: tuple[TicketNow, ...] = ()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(console=self._console, refresh_per_second=8)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        else:
            self._console.print(self._table())

    def tell(self, happenings: Sequence[Happening]) -> None:
        for (_, what, ticket, kind), group in groupby(happenings, _alike):
            alike = list(group)
            if kind is Kind.DELIVERED and what != "acknowledgement":
                self._line(alike[0], ", ".join(self._names.name(h.letter.recipient) for h in alike), _got(alike[0]))
                continue
            for happening in alike:
                self._one(happening, ticket)

    def tickets(self, tickets: tuple[TicketNow, ...]) -> None:
        if tickets != self._tickets:
            self._tickets = tickets
            if self._live is not None:
                self._live.update(self._table())

    def checks(self, found: Sequence[Check]) -> None:
        for check in found:
            sign, style = ("✓", "green") if check.good else ("✗", "bold red")
            said = check.said if check.good else f"not so: {check.said}"
            self._console.print(Text.assemble(("  " + sign + " ", style), said))

    # ------------------------------------------------------------ lines

    def _one(self, happening: Happening, ticket: str) -> None:
        letter = happening.letter
        writer = letter.login or str(client.read(letter.raw)["From"].addresses[0].addr_spec)
        if happening.kind is Kind.ARRIVED:
            self._line(happening, self._names.name(writer), self._writes(happening, writer))
        elif happening.kind is Kind.DELIVERED:
            self._line(happening, self._names.name(letter.recipient), _got(happening))
        else:
            if happening.what == Outcome.OPENED:
                self._askers[ticket] = self._names.name(writer)
            self._line(happening, "the desk", _became(happening), Side.DESK)

    def _writes(self, happening: Happening, writer: str) -> str:
        if self._names.side(writer) is Side.ASKER:
            return f"writes: {client.read(happening.letter.raw)['Subject']}"
        first = next((line for line in client.words(happening.letter.raw).splitlines() if line.strip()), "")
        return f"replies: {first}"

    def _line(self, happening: Happening, who: str, what: str, side: Side | None = None) -> None:
        letter = happening.letter
        address = letter.recipient if happening.kind is Kind.DELIVERED else letter.login
        code = happening.language or "".join(t.language for t in self._tickets if t.ref == happening.ticket)
        line = Text.assemble(
            (f"{happening.at.astimezone():%H:%M:%S}  ", "dim"),
            f"{happening.ticket:9}  ",
            (f"{code:7}  ", "dim"),
            (f"{set_cell_size(who, WHO)}  ", side or self._names.side(address)),
            what,
        )
        piped = not self._console.is_terminal
        self._console.print(line, no_wrap=True, overflow="ignore" if piped else "ellipsis", soft_wrap=piped)

    # ------------------------------------------------------------ the table

    def _table(self) -> Table:
        table = Table(title="The tickets", title_justify="left", expand=False, pad_edge=False, box=None)
        for name in ("Ticket", "Asker", "Language", "Queue", "With", "State"):
            table.add_column(name, no_wrap=True, header_style="dim")
        for ticket in self._tickets:
            asker = self._askers.get(ticket.ref, "")
            holder = self._names.person(ticket.assignee) if ticket.assignee else _all_of(ticket)
            state = Text(ticket.state, style=_STATES.get(ticket.state, ""))
            table.add_row(ticket.ref, asker, language(ticket.language), ticket.queue or "-", holder, state)
        return table


def _all_of(ticket: TicketNow) -> str:
    return "the whole queue" if ticket.queue else "the coordinators"


def _alike(happening: Happening) -> tuple[str, str, str, Kind]:
    """What is told in one line: one mail of the desk to several people."""
    return str(happening.at.replace(microsecond=0)), happening.what, happening.ticket, happening.kind


def _got(happening: Happening) -> str:
    said = _GETS.get(happening.what, f"gets: {happening.what}")
    return f"{said} ({language(happening.language)})" if happening.language else said


def _became(happening: Happening) -> str:
    outcome = "opens a ticket" if happening.what == Outcome.OPENED else happening.what
    return f"{outcome}: {happening.because}"
