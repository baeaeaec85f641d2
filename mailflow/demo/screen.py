"""What one sees: a line for each thing that happens, above a table of all tickets that changes as they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
WHO = 24  # cells: two names of staff
WHOLE_TABLE = 98  # columns; where there are fewer, the queue is left out
ENOUGH = 20  # letters of a line that tells what a reply is about; a greeting has fewer
_STATES = {
    "new": "yellow",
    "assigned": "cyan",
    "waiting": "blue",
    "in_review": "magenta",
    "answered": "green",
    "closed": "dim",
}
_GETS = {  # by template: in the asker's language, or for staff
    "acknowledgement": "gets the acknowledgement in {language}",
    "bilingual": "gets the acknowledgement in two languages",
    "answer": "gets the answer in {language}",
    "question": "gets the question",
    "assignment": "gets the question from a coordinator",
    "more": "gets what the asker adds",
    "transcript": "is told what was done",
    "undelivered": "learns that the answer did not arrive",
    "leaving": "sees what will leave",
    "shelf": "learns of a mail on the shelf",
    "held": "learns that a mail in their name is held",
    "which_language": "is asked whether another language will do",
    "inquiry": "is asked something",
    "details": "is asked for details",
    "correction": "gets a corrected answer in {language}",
    "inadmissible": "learns who can help instead",
    "status": "learns where it stands",
    "late": "learns that the answer will be late",
    "translation": "is asked to translate",
    "translated": "gets the question, translated",
    "contribution": "is asked for a part of the answer",
    "contributed": "gets a part of the answer",
    "declined": "learns that somebody declined",
    "taken_away": "learns that a ticket is with them no longer",
    "review": "is asked to approve an answer",
    "reviewed": "learns what became of the answer",
    "digest": "gets the digest of the day",
    "weekly": "gets a list of what they have",
    "reminder": "is reminded of what is due",
    "away": "learns who is away",
}
_BECAME: dict[str, str] = {  # by outcome
    Outcome.ADDED: "adds it to the ticket",
    Outcome.COMMANDED: "does so",
    Outcome.RECORDED: "notes it, and answers nobody",
    Outcome.IGNORED: "keeps it, and answers nobody",
    Outcome.DUPLICATE: "has it already, and opens nothing",
    Outcome.SHELVED: "puts it on the shelf",
}


class Screen:
    """On a terminal the table lives at the bottom; elsewhere there are lines alone, and the table once."""

    def __init__(self, console: Console, names: Names) -> None:
        self._console, self._names = console, names
        self._seen: set[str] = set()  # Message-IDs
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

    def show(self, happenings: Sequence[Happening], tickets: tuple[TicketNow, ...]) -> None:
        """What is new, and how the tickets stand after it."""
        changed, self._tickets = tickets != self._tickets, tickets
        for _, alike in groupby(happenings, _alike):
            first, *others = alike
            if first.kind is Kind.ARRIVED:
                self._arrived(first)
            elif first.kind is Kind.HANDLED:
                self._line(first, "the desk", self._became(first), Side.DESK)
            else:
                who = ", ".join(self._names.name(h.letter.recipient) for h in (first, *others))
                self._line(first, who, _gets(first), self._names.side(first.letter.recipient))
        if changed and self._live is not None:
            self._live.update(self._table())

    def checks(self, found: Sequence[Check]) -> None:
        for check in found:
            sign, style = ("✓", "green") if check.good else ("✗", "bold red")
            said = check.said if check.good else f"not so: {check.said}"
            self._console.print(Text.assemble(("  " + sign + " ", style), said))

    # ------------------------------------------------------------ lines

    def _arrived(self, happening: Happening) -> None:
        mail = client.read(happening.letter.raw)
        name, address = client.author(mail)
        side = self._names.side(address)
        subject, message_id = str(mail["Subject"] or ""), str(mail["Message-ID"] or "")
        if message_id and message_id in self._seen:
            said = "writes: the same mail once more, by another way"
        elif side is Side.ASKER:
            said = f"writes: {subject}"
        else:
            said = f"replies: {_gist(client.words(happening.letter.raw))}"
        self._seen.add(message_id)
        who = self._names.known(address) or name or address
        self._line(replace(happening, ticket=self._named_in(subject)), who, said, side)

    def _named_in(self, subject: str) -> str:
        return next((t.ref for t in self._tickets if f"[{t.ref}]" in subject), "")

    def _became(self, happening: Happening) -> str:
        if happening.what != Outcome.OPENED:
            return _BECAME.get(happening.what, happening.what)
        ticket = next(t for t in self._tickets if t.ref == happening.ticket)
        self._askers[ticket.ref] = self._names.name(happening.letter.login)
        whither = f"the queue {ticket.queue}" if ticket.queue else "the coordinators"
        return f"opens a ticket in {language(ticket.language)} for {whither}"

    def _line(self, happening: Happening, who: str, what: str, side: Side) -> None:
        line = Text.assemble(
            (f"{happening.at.astimezone():%H:%M:%S}  ", "dim"),
            f"{happening.ticket:9}  ",
            (f"{set_cell_size(who, WHO)}  ", side.value),
            what,
        )
        self._console.print(line, no_wrap=True, overflow="ellipsis")

    # ------------------------------------------------------------ the table

    def _table(self) -> Table:
        table = Table(title="The tickets", title_justify="left", expand=False, pad_edge=False, box=None)
        names = ("Ticket", "Asker", "Language", "With", "State", "Queue")
        shown = len(names) - (self._console.width < WHOLE_TABLE)
        for name in names[:shown]:
            table.add_column(name, no_wrap=True, header_style="dim")
        for ticket in self._tickets:
            asker = self._askers.get(ticket.ref, "")
            holder = self._names.person(ticket.assignee) if ticket.assignee else _all_of(ticket)
            state = Text(ticket.state, style=_STATES.get(ticket.state, ""))
            cells = (ticket.ref, asker, language(ticket.language), holder, state, ticket.queue or "-")
            table.add_row(*cells[:shown])
        return table


def _all_of(ticket: TicketNow) -> str:
    return "the whole queue" if ticket.queue else "the coordinators"


def _alike(happening: Happening) -> tuple[object, ...]:
    """What is told in one line: one mail of the desk to several people of its staff."""
    if happening.kind is Kind.DELIVERED:
        return happening.kind, happening.what, happening.ticket
    return happening.kind, id(happening)


def _gets(happening: Happening) -> str:
    said = _GETS.get(happening.what, f"gets: {happening.what}")
    return said.format(language=language(happening.language)) if happening.language else said


def _gist(text: str) -> str:
    """A command, or the first line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("#") or len(line) > ENOUGH), "")
