"""All that happens in the demo, in order: mails that arrive at the desk, what becomes of them, mails that it sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from mailflow.demo import client
from mailflow.demo.book import Book
from mailflow.demo.postoffice import Letter, PostOffice


class Kind(StrEnum):
    ARRIVED = "arrived"  # at the desk; nobody has looked at it yet
    HANDLED = "handled"  # the same mail, later
    DELIVERED = "delivered"  # a mail of the desk's, in its recipient's mailbox


@dataclass(frozen=True, slots=True)
class Happening:
    at: datetime
    kind: Kind
    letter: Letter
    what: str = ""  # handled: the outcome; delivered: the template
    ticket: str = ""
    language: str = ""  # delivered: of the mail
    because: str = ""  # handled


class Journal:
    def __init__(self, office: PostOffice, book: Book) -> None:
        self.all: list[Happening] = []
        self._office, self._book = office, book
        self._waiting: list[Letter] = []

    def look(self) -> tuple[Happening, ...]:
        """What happened since the last look."""
        start = len(self.all)
        for letter in self._office.letters():
            if letter.recipient == self._office.desk:
                self._waiting.append(letter)
                self.all.append(Happening(letter.at, Kind.ARRIVED, letter))
            else:
                self._settle()  # what a mail answers was handled before it
                self._delivered(letter)
        self._settle()
        return tuple(self.all[start:])

    def quiet(self) -> bool:
        """Every mail is handled, and nothing waits to be sent; what was delivered since the last look, it doesn't know."""
        return not self._waiting and self._book.outbox_empty()

    def _settle(self) -> None:
        for letter in tuple(self._waiting):
            fate = self._book.fate(letter.raw)
            if fate is not None:
                self._waiting.remove(letter)
                now = datetime.now(UTC)
                handled = Happening(now, Kind.HANDLED, letter, fate.outcome, fate.ticket, because=fate.because)
                self.all.append(handled)

    def _delivered(self, letter: Letter) -> None:
        sent = self._book.sent(str(client.read(letter.raw)["Message-ID"]))
        if sent:
            self.all.append(Happening(letter.at, Kind.DELIVERED, letter, sent.template, sent.ticket, sent.language))
        else:
            self.all.append(Happening(letter.at, Kind.DELIVERED, letter, "a private mail"))
