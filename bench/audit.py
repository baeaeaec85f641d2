"""What became of every mail: the books of a desk against what was delivered to it and what it has sent.

Reads the stopped desk's own database, with its keys. Whatever it finds wrong is one sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from bench.mails import QUESTIONS, Sample
from bench.sink import Taken
from mailflow import config
from mailflow.store import eventlog, inbox, messages
from mailflow.store.store import Store
from mailflow.store.tables import InboxRow, OutboxRow, TicketRow

_MARK = re.compile(r"file-\d{1,9}-\d{6}")
_MESSAGE_ID = re.compile(rb"^Message-ID:\s{1,3}(<[^>\r\n]{1,200}>)", re.IGNORECASE | re.MULTILINE)
_inbox, _outbox, _ticket = (row.__table__ for row in (InboxRow, OutboxRow, TicketRow))


@dataclass(slots=True)
class Findings:
    """How much there was, and what is wrong with it: nothing, one hopes."""

    tickets: int = 0
    sent: int = 0  # mails of ours, copies not counted
    copies: int = 0  # of mails that the server had already
    wrong: list[str] = field(default_factory=list)

    def blame(self, what: str, cases: Iterable[object]) -> None:
        if count := len(list(cases)):
            self.wrong.append(f"{what}: {count}")


def audit(home: Path, delivered: Sequence[Sample], taken: Sequence[Taken], killed_at: Sequence[float]) -> Findings:
    """`killed_at`: on the monotonic clock, ascending."""
    settings, _ = config.load(home)
    store = Store.open(settings)
    found = Findings()
    try:
        with store.database.read() as connection:
            shelved = _mails_taken_in(connection, store, delivered, found)
            _tickets(connection, store, delivered, shelved, found)
            _mails_sent(connection, store, taken, found)
            if eventlog.broken_at(connection) is not None:
                found.wrong.append("the chain of the event log is broken")
    finally:
        store.close()
    _copies(taken, killed_at, found)
    return found


def _mails_taken_in(connection: Connection, store: Store, delivered: Sequence[Sample], found: Findings) -> set[str]:
    """Every mail delivered must be held and handled. Returns the Message-IDs of those on the shelf."""
    columns = (_inbox.c.id, _inbox.c.state, _inbox.c.sealed)
    held: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(*columns)):
        raw = store.vault.open(row.sealed, inbox.raw_place(row.id))
        held[_message_id(raw)].add(row.state)
    expected = {_message_id(sample.letter.raw) for sample in delivered}
    found.blame("mails lost", expected - held.keys())
    found.blame("mails that nobody had delivered", held.keys() - expected)
    found.blame("mails not handled", (each for each, states in held.items() if "waiting" in states))
    return {each for each, states in held.items() if "shelved" in states}


def _tickets(
    connection: Connection, store: Store, delivered: Sequence[Sample], shelved: set[str], found: Findings
) -> None:
    """The mark of each question stands in one ticket, of each reply in one ticket or on the shelf."""
    where: dict[str, list[str]] = defaultdict(list)
    refs = list(connection.execute(select(_ticket.c.ref)).scalars())
    for ref in refs:
        for message in messages.of_ticket(connection, store, ref):
            for mark in set(_MARK.findall(message.part.text)):
                where[mark].append(ref)
    found.tickets = len(refs)
    marked = {sample.mark: sample for sample in delivered if sample.mark}
    questions = [mark for mark, sample in marked.items() if sample.kind in QUESTIONS]
    found.blame("questions without a ticket", (mark for mark in questions if not where[mark]))
    found.blame("marks that stand in a ticket twice, or in two", (mark for mark in marked if len(where[mark]) > 1))
    replies = [sample for sample in marked.values() if sample.kind == "reply" and not where[sample.mark]]
    found.blame("replies neither on a ticket nor on the shelf", (r for r in replies if _id(r) not in shelved))
    found.blame("tickets beyond the questions", range(len(refs) - len(questions)))


def _mails_sent(connection: Connection, store: Store, taken: Sequence[Taken], found: Findings) -> None:
    """What the server got is what the outbox holds: the same Message-ID and recipient, each at least once."""
    columns = (_outbox.c.key, _outbox.c.message_id, _outbox.c.recipient, _outbox.c.state, _outbox.c.ticket)
    rows = connection.execute(select(*columns)).all()
    ours = {(row.message_id, row.recipient) for row in rows}
    sent = {(row.message_id, row.recipient) for row in rows if row.state == "sent"}
    got = {(store.blind_message_id(each.message_id), store.blind_address(each.recipient)) for each in taken}
    found.sent = len(got)
    found.blame("mails sent under a Message-ID that the outbox doesn't know", got - ours)
    found.blame("mails marked as sent that the server never got", sent - got)
    found.blame("mails sent and not marked as sent", (got & ours) - sent)
    found.blame("mails not sent", (row for row in rows if row.state == "waiting"))
    found.blame("mails made twice", (key for key, times in Counter(row.key for row in rows).items() if times > 1))
    acknowledged = Counter(row.key for row in rows if row.key.startswith("ack:") and row.key.endswith(":1"))
    found.blame("tickets without an acknowledgement", range(found.tickets - len(acknowledged)))


def _copies(taken: Sequence[Taken], killed_at: Sequence[float], found: Findings) -> None:
    """A copy is forgiven when a kill stands between it and the one before, and no other copy claims that kill."""
    last: dict[tuple[str, str], float] = {}
    claimed: Counter[int] = Counter()
    for each in sorted(taken, key=lambda each: each.at):
        name = (each.message_id, each.recipient)
        if name in last:
            found.copies += 1
            claimed[_kill_between(last[name], each.at, killed_at)] += 1
        last[name] = each.at
    found.blame("copies that no kill explains", range(claimed.pop(-1, 0)))
    found.blame("kills that made more than one copy", (kill for kill, copies in claimed.items() if copies > 1))


def _kill_between(first: float, second: float, killed_at: Sequence[float]) -> int:
    """The number of the first kill after `first`, -1 when it did not come before `second`."""
    kill = bisect_left(killed_at, first)
    return kill if kill < len(killed_at) and killed_at[kill] < second else -1


def _id(sample: Sample) -> str:
    return _message_id(sample.letter.raw)


def _message_id(raw: bytes) -> str:
    found = _MESSAGE_ID.search(raw)
    return found.group(1).decode("ascii", "replace") if found else ""
