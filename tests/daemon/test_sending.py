"""Sending while the store or the mail server fails: nothing leaves twice, and nothing is kept back longer than needed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from mailflow.daemon.sending import Sender
from mailflow.daemon.writer import Writer
from mailflow.net.transport import Refused, Unreachable
from mailflow.store import outbox
from mailflow.store.errors import StoreError
from mailflow.store.outbox import Outgoing

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Desk:
    """An outbox, and the engine that is told what became of its mails."""

    waiting: list[Outgoing]
    full: bool = False  # the disk
    left_ids: list[int] = field(default_factory=list)
    refusals: list[tuple[int, str, bool]] = field(default_factory=list)
    store: object = None

    def left(self, mail: Outgoing, now: datetime) -> None:
        del now
        self._write()
        self.left_ids.append(mail.id)

    def refused(self, mail: Outgoing, status: str, now: datetime, *, permanent: bool) -> None:
        del now
        self._write()
        self.refusals.append((mail.id, status, permanent))

    def claim(self, store: object, now: datetime, most: int) -> list[Outgoing]:
        del store, now
        self._write()
        claimed, self.waiting = self.waiting[:most], self.waiting[most:]
        return claimed

    def give_back(self, store: object, ids: list[int]) -> None:
        del store
        self._write()
        self.waiting += [mail(each) for each in ids]

    def _write(self) -> None:
        if self.full:
            raise StoreError("the disk is full")


@dataclass
class Server:
    """Takes mails, until it is told to do something else with the one for a certain recipient."""

    taken: list[str] = field(default_factory=list)
    faults: dict[str, Exception] = field(default_factory=dict)
    desk: Desk | None = None  # whose disk gets full with the first mail taken

    async def send(self, envelope_sender: str, recipient: str, raw: bytes) -> None:
        del envelope_sender, raw
        await asyncio.sleep(0)
        if recipient in self.faults:
            raise self.faults.pop(recipient)
        self.taken.append(recipient)
        if self.desk:
            self.desk.full = True

    async def close(self) -> None: ...


def mail(number: int) -> Outgoing:
    return Outgoing(number, "answer", "2026-0001", 0, NOW, "", str(number), b"")


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk([mail(number) for number in (1, 2, 3)])
    monkeypatch.setattr(outbox, "claim", made.claim)
    monkeypatch.setattr(outbox, "give_back", made.give_back)
    return made


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


def sender(desk: Desk, writer: Writer, *servers: Server) -> Sender:
    return Sender(
        lambda: SimpleNamespace(store=None, left=desk.left, refused=desk.refused), servers, writer, lambda: NOW
    )


def test_a_mail_that_left_while_the_disk_was_full_is_marked_later_and_never_leaves_again(
    desk: Desk, writer: Writer
) -> None:
    server = Server(desk=desk)
    sending = sender(desk, writer, server)
    for _ in range(3):  # full, and still full
        with pytest.raises(StoreError):
            asyncio.run(sending.once())
    desk.full, server.desk = False, None
    asyncio.run(sending.once())
    assert sorted(server.taken) == ["1", "2", "3"]
    assert sorted(desk.left_ids) == [1, 2, 3]


def test_mails_that_were_claimed_when_the_disk_got_full_leave_as_soon_as_there_is_room(
    desk: Desk, writer: Writer
) -> None:
    server = Server(desk=desk)
    sending = sender(desk, writer, server)
    with pytest.raises(StoreError):
        asyncio.run(sending.once())
    desk.full, server.desk = False, None
    assert asyncio.run(sending.once()) == 2
    assert desk.waiting == []


def test_while_the_server_is_away_mails_go_back_into_the_outbox(desk: Desk, writer: Writer) -> None:
    server = Server(faults={"1": Unreachable("no route")})
    sending = sender(desk, writer, server)
    assert asyncio.run(sending.once()) == 0
    assert sorted(each.id for each in desk.waiting) == [1, 2, 3]
    assert sending.trouble == "no route"
    asyncio.run(sending.once())
    assert sorted(server.taken) == ["1", "2", "3"]
    assert sending.trouble == ""


def test_a_connection_that_ended_before_the_answer_puts_the_mail_off_instead_of_sending_it_at_once_again(
    desk: Desk, writer: Writer
) -> None:
    server = Server(faults={"1": Unreachable("silence", ambiguous=True)})
    asyncio.run(sender(desk, writer, server).once())
    assert desk.refusals == [(1, "no answer", False)]
    assert sorted(each.id for each in desk.waiting) == [2, 3]


def test_a_mail_that_is_refused_keeps_no_other_back(desk: Desk, writer: Writer) -> None:
    server = Server(faults={"2": Refused(550, "5.1.1", permanent=True)})
    asyncio.run(sender(desk, writer, server).once())
    assert sorted(server.taken) == ["1", "3"]
    assert desk.refusals == [(2, "550 5.1.1", True)]


def test_one_connection_in_trouble_gives_back_nothing_that_another_one_sends(desk: Desk, writer: Writer) -> None:
    broken = Server(faults={str(number): Unreachable("cut") for number in (1, 2, 3)})
    sound = Server()
    asyncio.run(sender(desk, writer, broken, sound).once())
    asyncio.run(sender(desk, writer, sound).once())
    assert sorted(sound.taken) == ["1", "2", "3"]
