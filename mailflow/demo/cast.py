"""The sample people: askers who write; coordinators, experts and translators who reply to what the desk sends them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from mailflow.core.model import Outcome, Role
from mailflow.core.policy import Person, Policy
from mailflow.demo import client
from mailflow.demo.journal import Happening, Kind
from mailflow.demo.postoffice import Letter, PostOffice
from mailflow.demo.samples import Asker

FROM_A_PHONE = "Sent from my phone"


@dataclass(frozen=True, slots=True)
class _Plan:
    """A mail that somebody will send."""

    due: float  # of time.monotonic
    make: Callable[[datetime], bytes]
    sender: str  # of the envelope
    login: str
    expected: Outcome


class Cast:
    """Everybody does their part once; whoever joins with a mail client is left alone."""

    def __init__(self, askers: Sequence[Asker], policy: Policy, office: PostOffice, pace: float) -> None:
        """`pace`: seconds between two mails, so that a person can follow."""
        self.askers = {asker.address: asker for asker in askers}
        self.by_ticket: dict[str, Asker] = {}
        self.expected: list[tuple[str, Outcome]] = []  # of each mail sent: its Message-ID, and what should become of it
        self._policy, self._office, self._pace = policy, office, pace
        self._plans: list[_Plan] = []
        self._said: Counter[tuple[str, str]] = Counter()  # (what, ticket): each is done once

    @property
    def idle(self) -> bool:
        """Nobody has anything more to say just now."""
        return not self._plans

    def begin(self) -> None:
        """Every asker writes, one after the other."""
        for number, asker in enumerate(self.askers.values()):
            asks = partial(client.question, asker.name, asker.address, self._office.desk, asker.subject, asker.text)
            self._plan(asks, asker.address, asker.address, Outcome.OPENED, number)

    def act(self) -> None:
        """Send what is due. Raises OSError when the post office does not take it."""
        now = time.monotonic()
        due, self._plans = [p for p in self._plans if p.due <= now], [p for p in self._plans if p.due > now]
        for plan in due:
            raw = plan.make(datetime.now(UTC).astimezone())
            self.expected.append((str(client.read(raw)["Message-ID"]), plan.expected))
            self._office.submit(raw, sender=plan.sender, login=plan.login)

    def react(self, happening: Happening) -> None:
        """Do what one does after such a mail."""
        if happening.kind is Kind.HANDLED and happening.what == Outcome.OPENED:
            self._asked(happening)
        asker = self.by_ticket.get(happening.ticket)
        if happening.kind is not Kind.DELIVERED or asker is None:
            return
        letter = happening.letter
        member = self._policy.person_at(letter.recipient)
        if member:
            self._staff_got(happening.what, happening.ticket, letter, member, asker)
        elif happening.what == "answer":
            self._asker_got_answer(happening.ticket, letter, asker)

    # ------------------------------------------------------------ askers

    def _asked(self, happening: Happening) -> None:
        asker = self.askers.get(happening.letter.login)
        if asker is None or asker in self.by_ticket.values():
            return
        self.by_ticket[happening.ticket] = asker
        if asker.twice:
            raw = happening.letter.raw
            self._plan(lambda _: raw, asker.address, asker.address, Outcome.DUPLICATE, 1)

    def _asker_got_answer(self, ticket: str, letter: Letter, asker: Asker) -> None:
        if not self._first("answered", ticket):
            return
        if asker.full:
            returned = partial(client.bounce, letter.raw, letter.sender, asker.address)
            self._plan(returned, "", "", Outcome.RECORDED, 1)
        if asker.away:
            robot = partial(client.absence, letter.raw, asker.name, asker.address, asker.away)
            self._plan(robot, "", asker.address, Outcome.RECORDED, 1)
        if asker.follow_up:
            again = partial(client.reply, letter.raw, asker.name, asker.address, asker.follow_up, signed=FROM_A_PHONE)
            self._plan(again, asker.address, asker.address, Outcome.ADDED, 3)

    # ------------------------------------------------------------ staff

    def _staff_got(self, template: str, ticket: str, letter: Letter, member: Person, asker: Asker) -> None:
        if template == "question" and Role.COORDINATOR in member.roles:
            if asker.order and self._first("order", ticket):
                self._reply_of(member, letter, f"{asker.order}\n{asker.note}", Outcome.COMMANDED)
        elif template == "translation":
            self._translator_got(ticket, letter, member, asker)
        elif template == "contribution":
            if asker.contribution and self._first("contribution", ticket):
                self._reply_of(member, letter, asker.contribution, Outcome.ADDED)
        elif _can_answer(template, member, asker):
            if asker.answer and self._first("answer", ticket):
                if asker.full:
                    self._office.fill(asker.address)
                self._reply_of(member, letter, asker.answer, Outcome.ADDED)
        elif template == "more" and asker.second_answer and self._first("second answer", ticket):
            self._reply_of(member, letter, asker.second_answer, Outcome.ADDED)

    def _translator_got(self, ticket: str, letter: Letter, member: Person, asker: Asker) -> None:
        """The question first, then what was answered to it."""
        if asker.translation and self._first("translation", ticket):
            self._reply_of(member, letter, asker.translation, Outcome.ADDED)
        elif asker.answer_back and self._first("answer back", ticket):
            self._reply_of(member, letter, asker.answer_back, Outcome.ADDED)

    def _reply_of(self, member: Person, letter: Letter, text: str, expected: Outcome) -> None:
        address = letter.recipient
        signed = f"-- \n{member.name}\n{address}"
        language = self._policy.language_for(member)
        reply = partial(client.reply, letter.raw, member.name, address, text, language=language, signed=signed)
        self._plan(reply, address, address, expected, 2)

    # ------------------------------------------------------------ plans

    def _plan(
        self, make: Callable[[datetime], bytes], sender: str, login: str, expected: Outcome, beats: float
    ) -> None:
        self._plans.append(_Plan(time.monotonic() + beats * self._pace, make, sender, login, expected))

    def _first(self, what: str, ticket: str) -> bool:
        self._said[what, ticket] += 1
        return self._said[what, ticket] == 1


def _can_answer(template: str, member: Person, asker: Asker) -> bool:
    """Whether this mail is the one after which they write: they can read it, and have what others contribute."""
    if template in ("question", "assignment"):
        return asker.language in member.reads and not asker.contribution
    return template == "translated" or (template == "contributed" and bool(asker.contribution))
