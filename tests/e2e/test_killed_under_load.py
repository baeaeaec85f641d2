"""A short `make crash`: the daemon is killed again and again under load, and the books are compared."""

from __future__ import annotations

from pathlib import Path

from bench.crash import crash_on
from tests.servers.dovecot import Account

KILLS = 8


def test_killed_at_random_moments_it_loses_nothing_and_opens_no_ticket_twice(account: Account, tmp_path: Path) -> None:
    with crash_on(account, seed=65, folder=tmp_path) as crash:
        found = crash.run(KILLS, print)
    assert found.wrong == []
    assert found.tickets > 0
    assert found.copies <= KILLS
