"""One event through the helpdesk: look, decide, apply. All of it in one transaction, or none of it.

The engine knows nothing of mailboxes, servers or clocks: mails come in as octets, `now` is passed in, and what it wants
said waits in the outbox.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection

from mailflow import publication
from mailflow.core import digest, notices, views
from mailflow.core.audience import trespasses
from mailflow.core.commands import Done
from mailflow.core.deadlines import due_after, open_at
from mailflow.core.decide import command_typed, decide, round_key
from mailflow.core.effects import Conclude, Effect, KeepCandidate, Send
from mailflow.core.events import (
    CommandTyped,
    DayBegan,
    DeadlinePassed,
    DeliveryFailed,
    Event,
    HeldTooLong,
    MailArrived,
    MailSent,
    MailShelved,
    NoticesDue,
    QuestionEntered,
    SilenceReached,
)
from mailflow.core.model import Board, Found, Mail, Outcome, PartyKind, Requester, Situation, requester
from mailflow.core.policy import Policy
from mailflow.core.publication import Candidate
from mailflow.core.wording import Reason
from mailflow.mail.compose import Composed, Composer, Envelope
from mailflow.mail.frame import Enclosure
from mailflow.mail.parsed import Parsed
from mailflow.mail.render import Rendered
from mailflow.mail.understand import Understanding
from mailflow.store import eventlog, inbox, look, outbox, wanted, working
from mailflow.store.apply import Addressed, Applying
from mailflow.store.database import savepoint
from mailflow.store.errors import StoreError, Unreadable
from mailflow.store.eventlog import Entry
from mailflow.store.ids import new_id
from mailflow.store.inbox import TRIES, Waiting
from mailflow.store.look import Handled
from mailflow.store.outbox import Outgoing
from mailflow.store.store import Store

if TYPE_CHECKING:
    from mailflow.publish.anonymise import NameModel

HEADER_END = re.compile(rb"\r?\n\r?\n")
UNREAD_OCTETS = 64_000  # of a mail beyond our limits that a coordinator released: its head is read


class Reader(Protocol):
    """Octets to a parsed mail, or why not: the parse process, whatever it takes to keep this process safe."""

    def read(self, raw: bytes) -> Parsed | Reason: ...


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one mail."""

    inbox: str
    outcome: Outcome
    because: str
    ref: str = ""
    mail: Mail | None = None  # None when it could not be read


@dataclass(frozen=True, slots=True)
class Fault:
    """A try that failed: the traceback, which may hold words of the mail and so is only kept sealed."""

    traceback: str


@dataclass(frozen=True, slots=True)
class Writing:
    """A transaction under way, and what happened in it so far."""

    connection: Connection
    log: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Read:
    """A claimed mail, and what could be made of it."""

    waiting: Waiting
    mail: Mail | Reason | Fault
    parsed: Parsed | None = None  # with the contents of its attachments


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts that handling takes. Immutable: changed rules or templates make a new one."""

    store: Store
    policy: Policy
    understanding: Understanding
    composer: Composer
    reader: Reader
    names: Callable[[], NameModel | None] = lambda: None  # what finds names besides the rules, where it is installed
    _parts: dict[str, Parsed] = field(default_factory=dict)  # the mails of the batch being handled, by inbox id

    # ------------------------------------------------------------ a mail comes in

    def work(self, now: datetime, most: int = 20) -> list[Result]:
        """Handle the oldest waiting mails; [] when none waits. The three steps in one, for callers without threads."""
        return self.handle(self.read(self.claim(now, most)), now)

    def claim(self, now: datetime, most: int = 20) -> list[Waiting]:
        """The oldest waiting mails; a try is counted for each before it is made."""
        return inbox.claim(self.store, now, most)

    def read(self, waiting: Sequence[Waiting]) -> list[Read]:
        """Parse and understand mails, outside any transaction: this is where a hostile one would cost time."""
        try:
            return [self._read(each) for each in waiting]
        except OSError:
            self.untried(waiting)  # the parse process can't run: the machine's fault
            raise

    def handle(self, read: Sequence[Read], now: datetime) -> list[Result]:
        """Look, decide, apply for each, in one commit, each in its own savepoint.

        What another process claimed meanwhile, because our lease was over or forgotten, is left to it.
        Raises StoreError when the machine is at fault: then nothing was done, and no try was counted.
        """
        if not read:
            return []
        self._parts.update({each.waiting.id: each.parsed for each in read if each.parsed})
        try:
            with self._writing(now, "daemon") as writing:
                ours = inbox.still_claimed(writing.connection, [each.waiting for each in read])
                read = [each for each in read if each.waiting.id in ours]
                results = [self._handled(writing, each.waiting, each.mail, now) for each in read]
        except StoreError:
            self.untried([each.waiting for each in read])
            raise
        finally:
            self._parts.clear()
        for each, result in zip(read, results, strict=True):
            if isinstance(result, Fault):
                inbox.failed(self.store, each.waiting, result.traceback, now)
        return [result for result in results if isinstance(result, Result)]

    def untried(self, claimed: Sequence[Waiting]) -> None:
        """The machine was at fault: these mails' try did not count. Raises StoreError when it still is."""
        inbox.untried(self.store, claimed)

    def _read(self, waiting: Waiting) -> Read:
        raw = waiting.raw
        if isinstance(raw, Unreadable):
            return Read(waiting, Fault(raw.sentence))
        try:
            parsed = self.reader.read(raw)
            if isinstance(parsed, Reason) and waiting.released_by:
                parsed = self._head_of(raw, parsed)
            if isinstance(parsed, Reason):
                return Read(waiting, parsed)
            return Read(waiting, self.understanding.understand(parsed), parsed)
        except OSError:
            raise
        except Exception:  # noqa: BLE001  whatever it is, it is this mail's own fault: counted, kept, shelved after three
            return Read(waiting, Fault(traceback.format_exc()))

    def _head_of(self, raw: bytes, why: Reason) -> Parsed | Reason:
        """A mail beyond our limits that a coordinator wants handled: its header, and a text that says what happened."""
        header, *_ = HEADER_END.split(raw[:UNREAD_OCTETS], maxsplit=1)
        parsed = self.reader.read(header + b"\r\n\r\n")
        if isinstance(parsed, Reason):
            return parsed
        return replace(parsed, text=f"[{why.sentence}]", defects=(*parsed.defects, why.sentence))

    def _handled(
        self, writing: Writing, waiting: Waiting, mail: Mail | Reason | Fault, now: datetime
    ) -> Result | Fault:
        """In a savepoint of its own, so that a mail that fails undoes nothing but itself."""
        if isinstance(mail, Fault):
            return self._gave_up(writing, waiting, mail, now)
        said = len(writing.log)
        try:
            with savepoint(writing.connection):
                if isinstance(mail, Reason):
                    return self._shelve(writing, waiting, mail, now)
                return self._receive(writing, waiting, mail, now)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001  as above
            del writing.log[said:]
            return self._gave_up(writing, waiting, Fault(traceback.format_exc()), now)

    def _gave_up(self, writing: Writing, waiting: Waiting, fault: Fault, now: datetime) -> Result | Fault:
        if waiting.tries < TRIES:
            return fault
        with savepoint(writing.connection):
            return self._shelve(writing, waiting, Reason.FAILED, now)

    def _receive(self, writing: Writing, waiting: Waiting, mail: Mail, now: datetime) -> Result:
        handled = Handled(waiting.id, waiting.size, waiting.archive, waiting.released_by)
        known = look.at_mail(writing.connection, self.store, mail, handled, now, self.policy)
        effects = self._decided(writing, decide(MailArrived(mail), known, self.policy), known)
        applying = self._applying(writing, now)
        applying.mail, applying.inbox = mail, waiting.id
        applying.key = self.store.vault.key(waiting.key)
        applying.sameness = self.store.blind_sameness(mail)
        applying.sender = requester(known.requester.id) if known.requester and mail.sender else None
        applying.apply(effects)
        return _result(waiting.id, effects, mail)

    def _shelve(self, writing: Writing, waiting: Waiting, reason: Reason, now: datetime) -> Result:
        known = look.at_shelving(Handled(waiting.id, waiting.size), now)
        effects = self._decided(writing, decide(MailShelved(reason), known, self.policy), known)
        applying = self._applying(writing, now)
        applying.inbox = waiting.id
        applying.apply(effects)
        return _result(waiting.id, effects, None)

    # ------------------------------------------------------------ a mail goes out

    def left(self, mail: Outgoing, now: datetime) -> None:
        """The mail server took a mail of ours."""
        with self._writing(now, "daemon") as writing:
            outbox.sent(writing.connection, mail.id, now)
            if mail.notable:
                known = look.at_delivery(writing.connection, mail.id, now)
                self._applying(writing, now).apply(
                    self._decided(writing, decide(MailSent(), known, self.policy), known)
                )

    def refused(self, mail: Outgoing, status: str, now: datetime, *, permanent: bool) -> None:
        """The mail server did not take it: try later, or give up and tell the coordinators."""
        if not permanent and outbox.put_off(self.store, mail, status, now):
            return
        with self._writing(now, "daemon") as writing:
            outbox.gave_up(writing.connection, mail.id, status)
            known = look.at_delivery(writing.connection, mail.id, now)
            effects = self._decided(writing, decide(DeliveryFailed(status), known, self.policy), known)
            self._applying(writing, now).apply(effects)

    # ------------------------------------------------------------ the clock ticks

    def tick(self, now: datetime) -> int:
        """Act on every deadline that is over, and on every working day that begins; returns for how many something was done.

        Two ticks are as one: what was done is remembered with what it did.
        """
        with self.store.database.read() as connection:
            held = inbox.held_too_long(connection, now)
            overdue = working.overdue(connection, now)
            silent = [row.ref for row in working.asked(connection) if self._silent(row.asked, row.nudged, now)]
            begun = self._begun(connection, now)
            gathered = working.notices_due(connection, now)
            board = working.board(connection, self.policy, now) if begun else Board()
        at = partial(partial, now=now)
        due: list[tuple[Event, Callable[[Connection], Situation]]] = [
            *((HeldTooLong(), at(look.at_shelf, item=item)) for item in held),
            *((DeadlinePassed(), at(look.at_ticket, ref=ref)) for ref in overdue),
            *((SilenceReached(), at(look.at_ticket, ref=ref)) for ref in silent),
            *((NoticesDue(slug), at(look.at_notices, slug=slug)) for slug in gathered),
            *((DayBegan(slug, day), at(look.at_round, board=board)) for slug, day in begun),
        ]
        done = sum([self.happens(event, now, looked) for event, looked in due])
        return done + publication.tick(self, now)

    def happens(self, event: Event, now: datetime, looked: Callable[[Connection], Situation]) -> bool:
        """Look, decide, apply for something that the clock brought; whether anything was done."""
        with self._writing(now, "daemon") as writing:
            known = looked(writing.connection)
            effects = self._decided(writing, decide(event, known, self.policy), known)
            self._applying(writing, now).apply(effects)
        return bool(effects)

    def _silent(self, asked: datetime, nudged: datetime | None, now: datetime) -> bool:
        """Whether the requester has had all the time that they are given."""
        spans = self.policy.deadlines
        since, days = (nudged, spans.closing) if nudged else (asked, spans.silent)
        return due_after(self.policy.calendar, since, days) <= now

    def _begun(self, connection: Connection, now: datetime) -> list[tuple[str, date]]:
        """Whose working day has begun, and whose round was not made yet today; nobody's who is away."""
        calendars = {slug: self.policy.hours_of(slug) for slug in self.policy.people}
        there = {slug: calendar.day_of(now) for slug, calendar in calendars.items() if open_at(calendar, now)}
        keys = {round_key(slug, day): (slug, day) for slug, day in there.items()}
        made = working.rounds_made(connection, keys) if keys else frozenset()
        if len(made) == len(keys):
            return []
        absences = working.absences(connection, now)
        away = {each.slug for each in absences if each.slug in there and each.covers(there[each.slug])}
        return [begun for key, begun in keys.items() if key not in made and begun[0] not in away]

    # ------------------------------------------------------------ the keyboard

    def enter(self, mail: Mail, via: str, actor: str, now: datetime) -> str:
        """Open a ticket for a question that came by telephone, letter or in person; returns its reference."""
        topics = self.understanding.topics(mail.subject, mail.text, mail.language.code)
        asked = replace(mail, topics=topics)
        with self._writing(now, actor) as writing:
            nothing = Handled("", 0)
            known = look.at_mail(writing.connection, self.store, asked, nothing, now, self.policy)
            if known.requester is None:
                known = replace(known, requester=Requester(new_id(now), reachable=False))
            effects = self._decided(writing, decide(QuestionEntered(asked, via, actor), known, self.policy), known)
            applying = self._applying(writing, now)
            applying.mail = asked
            applying.apply(effects)
        return known.next_ref

    def command(self, line: str, text: str, now: datetime, *, ref: str = "", shelf: str = "") -> tuple[Done, ...]:
        """Carry out a mail command typed at the keyboard about a ticket or a shelved mail; what to print about it."""
        with self._writing(now, "operator") as writing:
            known = look.at_keyboard(writing.connection, self.store, now, self.policy, ref=ref, shelf=shelf, line=line)
            results = command_typed(CommandTyped(line, text), known, self.policy)
            effects = tuple(effect for result in results for effect in result.effects)
            self._applying(writing, now).apply(self._decided(writing, effects, known))
        return results

    def propose(self, candidate: Candidate, now: datetime) -> None:
        """Bring a text on its way to the site that was written at the keyboard."""
        with self._writing(now, "operator") as writing:
            self._applying(writing, now).apply((KeepCandidate(candidate),))

    def search(self, words: str, now: datetime) -> tuple[Found, ...]:
        """What was written, looked through in memory; recorded without its words."""
        with self._writing(now, "operator") as writing:
            found = wanted.search(writing.connection, self.store, words, None, self.policy)
            writing.log.append(Entry("searched", "", {"found": len(found)}))
        return found

    def digest(self, slug: str, now: datetime) -> Rendered:
        """The digest as somebody would get it now."""
        with self.store.database.read() as connection:
            board = working.board(connection, self.policy, now)
            known = look.at_round(connection, board, now)
        return self.composer.preview(digest.letter(slug, "preview", known, self.policy), self._zone(slug), now)

    def send_digests(self, now: datetime) -> tuple[str, ...]:
        """To every coordinator, besides those that leave by themselves; returns their slugs."""
        with self._writing(now, "operator") as writing:
            board = working.board(writing.connection, self.policy, now)
            known = look.at_round(writing.connection, board, now)
            key = f"digest-now:{now.isoformat()}"
            letters = tuple(digest.letter(slug, key, known, self.policy) for slug in self.policy.coordinators)
            self._applying(writing, now).apply(self._decided(writing, letters, known))
        return self.policy.coordinators

    def _zone(self, slug: str) -> tzinfo:
        return self.policy.hours_of(slug).zone

    def record(self, kind: str, ref: str, now: datetime, **facts: str) -> None:
        """Note in the event log something that the keyboard did without changing anything: reading a ticket."""
        with self._writing(now, "operator") as writing:
            writing.log.append(Entry(kind, ref, facts))

    # ------------------------------------------------------------ parts of all

    def _decided(self, writing: Writing, effects: tuple[Effect, ...], known: Situation) -> tuple[Effect, ...]:
        """The last gate: nothing is addressed to anybody whom the audience rule doesn't name, and notices don't swarm."""
        wrong = trespasses(effects, known, self.policy)
        if wrong:
            message = f"refused to send {wrong[0].template} to somebody who must not get it"
            raise AudienceError(message)
        if notices.has_notices(effects):
            return notices.bundled(effects, working.noticed(writing.connection, known.now))
        return effects

    @contextmanager
    def _writing(self, now: datetime, actor: str) -> Iterator[Writing]:
        """A transaction; what happened in it is appended to the event log at its end, under one lock."""
        with self.store.database.write() as connection:
            writing = Writing(connection)
            yield writing
            eventlog.append(connection, writing.log, now, actor)

    def _applying(self, writing: Writing, now: datetime) -> Applying:
        def compose(send: Send, addressed: Addressed) -> Composed:
            return self._composed(send, addressed, now)

        return Applying(writing.connection, self.store, self.policy, now, writing.log, compose)

    def _composed(self, send: Send, addressed: Addressed, now: datetime) -> Composed:
        member = self.policy.people.get(send.to.id) if send.to.kind is PartyKind.PERSON else None
        root = (f"<{addressed.token}@{self.policy.address.rpartition('@')[2]}>",) if member and addressed.token else ()
        envelope = Envelope(
            recipient=addressed.recipient,
            zone=(member.zone if member else None) or self.policy.calendar.zone,
            token=addressed.token,
            languages=self.policy.staff_languages if member else self.policy.bilingual,
            in_reply_to=addressed.in_reply_to,
            references=addressed.references
            or root,  # staff's mails about a ticket hang together by an id that all name
            attachments=tuple(self._enclosures(send)),
            topics=self.policy.topics.labels,
        )
        return self.composer.compose(send, envelope, now)

    def _enclosures(self, send: Send) -> list[Enclosure]:
        """The files that go with a mail, their names past the same wall as words."""
        found = []
        for row in send.attach:
            parsed = self._parts.get(row) or self.reader.read(inbox.raw(self.store, row))
            if isinstance(parsed, Parsed):
                for part in parsed.attachments:
                    if part.type in views.PERSONAL_TYPES:
                        continue
                    name = self._shown(send, part.name, parsed)
                    found.append(Enclosure(name, part.type, part.content))
        return found

    def _shown(self, send: Send, name: str, parsed: Parsed) -> str:
        if send.to.kind is PartyKind.REQUESTER:
            return views.for_requester(name, self.policy)
        return views.for_staff(name, parsed.sender, parsed.name)


class AudienceError(Exception):
    """A decision wanted to write to somebody whom the audience rule doesn't name: a fault of ours, never sent."""


def _result(row: str, effects: tuple[Effect, ...], mail: Mail | None) -> Result:
    end = next(effect for effect in effects if isinstance(effect, Conclude))
    return Result(row, end.outcome, end.because, end.ref, mail)


def explain(
    raw: bytes, reader: Reader, understanding: Understanding, policy: Policy, now: datetime
) -> tuple[Result, tuple[Effect, ...]]:
    """What would be done with this mail, and why, by a desk that holds nothing yet. Changes nothing."""
    parsed = reader.read(raw)
    known = Situation(now, look.reference(policy, now.year, 1), inbox="explained", size=len(raw))
    if isinstance(parsed, Reason):
        effects = decide(MailShelved(parsed), known, policy)
        return _result("", effects, None), effects
    mail = understanding.understand(parsed)
    asker = Requester("explained", reachable=bool(mail.sender))
    effects = decide(MailArrived(mail), replace(known, requester=asker), policy)
    return _result("", effects, mail), effects
