"""A whole desk for each test: the real daemon as a process, a real Dovecot, and an SMTP server that can go away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.desk import Desk
from bench.sink import SinkProcess
from mailflow.core.settings import MailboxSettings, SmtpSettings
from tests.e2e.world import World
from tests.servers.dovecot import Account

MakeDesk = Callable[[str, list[MailboxSettings], SmtpSettings], Desk]


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[SinkProcess]:
    """The server that takes our mail, and everybody's mailbox behind it."""
    sink = SinkProcess(tmp_path)
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[MakeDesk]:
    made: list[Desk] = []

    def make(address: str, mailboxes: list[MailboxSettings], smtp: SmtpSettings) -> Desk:
        made.append(Desk(tmp_path, address, mailboxes, smtp))
        return made[-1]

    yield make
    for desk in made:
        desk.kill()


@pytest.fixture
def world(account: Account, outside: SinkProcess, make_desk: MakeDesk) -> World:
    """A desk with one mailbox, not yet started."""
    return World(account, outside, make_desk(account.address, [account.settings()], outside.settings()))
