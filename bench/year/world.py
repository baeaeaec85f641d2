"""The desk and the clock of a rehearsal: the real engine, store, parser process and composer, without any server.

The clock jumps from one moment at which something happens to the next: somebody writes, a mail of ours is due, a
working day opens or closes (every deadline ends with one).
"""

from __future__ import annotations

import heapq
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Protocol

from sqlalchemy import select

from bench.year.letters import AUTHSERV, DESK, Letter
from mailflow import config
from mailflow.config import InstallationSettings
from mailflow.core.effects import Send
from mailflow.core.model import State, Ticket
from mailflow.core.policy import Policy
from mailflow.daemon.installation import opened
from mailflow.engine import Engine, Result
from mailflow.mail.compose import Composed, Composer, Envelope
from mailflow.store import inbox, outbox, tickets
from mailflow.store.inbox import Arrived, Spot
from mailflow.store.store import Store
from mailflow.store.tables import InboxRow, TicketRow
from mailflow.store.vault import Place

A_DAY = timedelta(days=1)
_MESSAGE_ID = re.compile(rb"^Message-ID:\s{1,3}(<[^>\r\n]{1,200}>)", re.IGNORECASE | re.MULTILINE)
# Two queues whose answers somebody else reads first: the shipped rules ask for that nowhere.
REVIEWED = {"child-and-forced-labour": "coordinator", "equality": "expert"}
ZONE = "Europe/Zurich"
TICKS = 3  # of so many moments at which nothing but mail comes and goes, the clock looks at one; at the others at all
_ticket, _inbox = TicketRow.__table__, InboxRow.__table__
_RUNNING = select(_ticket.c.ref, _ticket.c.clock, _ticket.c.due).where(
    _ticket.c.state.in_((State.NEW.value, State.ASSIGNED.value, State.IN_REVIEW.value))
)
_FAILED = select(_inbox.c.id, _inbox.c.fault).where(_inbox.c.fault.is_not(None)).limit(1)


class YearError(AssertionError):
    """Something that a year must not show. One sentence."""


class Reader(Protocol):
    """Somebody with a mailbox."""

    def gets(self, letter: Letter) -> None: ...


@dataclass(frozen=True, slots=True)
class Made:
    """A mail that the desk made."""

    send: Send
    at: datetime


class Recorder(Composer):
    """Makes mails as ever, and notes which words each was made of."""

    def __init__(self, like: Composer, made: dict[str, Made]) -> None:
        super().__init__(like.templates, like.desk, like.address, null_sender=like.null_sender)
        self.made = made  # by Message-ID

    def compose(self, send: Send, envelope: Envelope, now: datetime) -> Composed:
        composed = super().compose(send, envelope, now)
        self.made[composed.message_id] = Made(send, now)
        return composed


@dataclass(slots=True)
class Promise:
    """A stretch of time in which one deadline of a ticket ran."""

    ticket: Ticket  # as it stood then
    since: datetime
    until: datetime | None = None  # None: it still runs

    @property
    def promised(self) -> tuple[int, datetime | None]:
        return self.ticket.clock, self.ticket.due

    def runs_at(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass
class World:
    home: Path
    first: datetime
    last: datetime
    seed: int = 2026
    now: datetime = field(init=False)
    chance: random.Random = field(init=False)
    engine: Engine = field(init=False)
    _settings: InstallationSettings = field(init=False)
    readers: dict[str, Reader] = field(default_factory=dict)  # by address
    refuses: dict[str, str] = field(default_factory=dict)  # address -> status: what the mail server says of it
    left: list[Letter] = field(default_factory=list)
    made: dict[str, Made] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))  # seconds by stage
    restarts: int = 0
    ticks: int = 0
    _came: bool = False  # a mail waits to be handled
    _due: datetime | None = None  # when the next mail of ours leaves
    _agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _running: dict[str, Promise] = field(default_factory=dict)  # by reference
    _open: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.now = self.first
        self.chance = random.Random(self.seed)
        install(self.home)
        self._start()

    @property
    def policy(self) -> Policy:
        return self.engine.policy

    # ------------------------------------------------------------ the machine

    def _start(self) -> None:
        installation = self._open.enter_context(opened(self.home))
        engine = installation.engine
        self._settings = installation.settings
        self.engine = replace(engine, composer=Recorder(engine.composer, self.made))

    def restart(self) -> None:
        """The daemon ends and begins again; what stands in its database is all that it knows of the desk.

        Rules and templates are kept as they were read: to read and check them anew takes seconds, and changes nothing.
        """
        self.engine.store.close()
        store = Store.open(self._settings)
        self._open.callback(store.close)
        self._came = True  # as a daemon looks when it begins
        self.engine = replace(self.engine, store=store, _parts={})
        inbox.forget_leases(store)
        outbox.forget_leases(store)
        self.restarts += 1
        self.works()

    def close(self) -> None:
        self._open.close()

    # ------------------------------------------------------------ the clock

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (max(when, self.now), next(self._numbers), act))

    def run(self) -> None:
        """To the last moment. Raises YearError when a mail can't be handled, or a second tick does something."""
        for moment in self._moments():
            self.at(moment, self._looks_twice)
        while self._agenda:
            moment = min(self._agenda[0][0], self._due or self.last)
            if moment >= self.last:
                break
            self.now = max(self.now, moment)
            while self._agenda and self._agenda[0][0] <= self.now:
                heapq.heappop(self._agenda)[2]()
            if self._came or moment == self._due:
                self.works(tick=next(self._numbers) % TICKS == 0)
        self.now = self.last

    def _moments(self) -> list[datetime]:
        """When somebody's working day opens, or the desk's closes."""
        days = [self.first.date() + A_DAY * n for n in range(-1, (self.last - self.first).days + 2)]
        calendars = [self.policy.hours_of(slug) for slug in self.policy.people]
        found = {calendar.opening(day) for calendar in calendars for day in days if calendar.works_on(day)}
        found |= {self.policy.calendar.closing(day) for day in days}
        return sorted(moment for moment in found if self.first <= moment < self.last)

    def _looks_twice(self) -> None:
        """A working day begins or ends: the clock's visit, and now and then a second one that must find nothing to do."""
        self.works()
        if self.ticks % 5 == 0 and self._tick():
            raise YearError(f"a second tick at {self.now:%Y-%m-%d %H:%M} UTC did something again")

    def _tick(self) -> bool:
        self.ticks += 1
        with self._timed("the clock's visits, digests and reminders included"):
            return self.engine.tick(self.now) > 0

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.spent[stage] += time.monotonic() - began

    def works(self, *, tick: bool = True) -> None:
        """Handle what came in, look at the clock, let leave what is due."""
        came = self._came
        with self._timed("reading and handling mails"):
            while self._came and (results := self.engine.work(self.now)):
                self.results += results
        self._came = False
        changed = (tick and self._tick()) or came
        if not changed and (self._due is None or self._due > self.now):
            return
        with self._timed("sending, and what people do with what they get"):
            while (due := outbox.next_due(self.engine.store)) and due <= self.now:
                for mail in outbox.claim(self.engine.store, self.now, 50):
                    self._delivers(mail)
        self._due = due
        if came:
            self._nothing_failed()
        self._watch_promises()

    def _watch_promises(self) -> None:
        """Which deadlines run from now on, as an outsider sees it."""
        with self.engine.store.database.read() as connection:
            running = {row.ref: (row.clock, row.due) for row in connection.execute(_RUNNING)}
            begun = [
                ref
                for ref, promised in running.items()
                if ref not in self._running or self._running[ref].promised != promised
            ]
            found = [tickets.by_ref(connection, ref) for ref in begun]
        for ref in [ref for ref in self._running if ref not in running or ref in begun]:
            self._running.pop(ref).until = self.now
        for ticket in filter(None, found):
            self._running[ticket.ref] = Promise(ticket, self.now)
            self.promises.append(self._running[ticket.ref])

    # ------------------------------------------------------------ mail

    def takes_in(self, raw: bytes) -> None:
        spot = Spot("main", "INBOX", 1, next(self._numbers))
        inbox.keep(self.engine.store, [Arrived(raw, "main", spot)], self.now)
        self._came = True

    def _delivers(self, mail: outbox.Outgoing) -> None:
        if status := self.refuses.get(mail.recipient):
            self.engine.refused(mail, status, self.now, permanent=status.startswith("5"))
            return
        found = _MESSAGE_ID.search(mail.raw)
        if found is None:
            raise YearError(f"a {mail.template} left without a Message-ID")
        letter = Letter(self.made[found[1].decode()].send, mail.recipient, mail.raw, self.now, found[1].decode())
        self.left.append(letter)
        self.engine.left(mail, self.now)
        self.readers[mail.recipient].gets(letter)

    def _nothing_failed(self) -> None:
        with self.engine.store.database.read() as connection:
            failed = connection.execute(_FAILED).one_or_none()
        if failed:
            fault = self.engine.store.vault.open(failed.fault, Place("inbox", failed.id, "fault", failed.id))
            raise YearError(f"a mail could not be handled:\n{fault.decode()}")


def install(home: Path) -> None:
    """As `mailflow init` does, with the shipped people, queues and rules; the desk's own server proves senders."""
    config.make_installation(home)
    settings = (home / "config.toml").read_text("utf-8")
    for old, fresh in (
        ('method = "none"', 'method = "rfc8601"'),
        ('authserv_id = ""', f'authserv_id = "{AUTHSERV}"'),
        ('zone = "UTC"', f'zone = "{ZONE}"'),
    ):
        settings = settings.replace(old, fresh)
    (home / "config.toml").write_text(settings, "utf-8")
    queues = (home / "rules/queues.toml").read_text("utf-8")
    for name, review in REVIEWED.items():
        queues = queues.replace(f'name = "{name}"', f'name = "{name}"\nreview = "{review}"')
    (home / "rules/queues.toml").write_text(queues, "utf-8")
    made, desk = config.load(home)
    if desk.policy.address != DESK:
        raise YearError("the shipped desk has another address than the one that the year's people write to")
    Store.create(made).close()
