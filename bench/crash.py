"""Kill the daemon again and again under load, and count what was lost or sent twice: `make crash`.

A real Dovecot, an SMTP server in a process of its own, and mails that keep coming: questions in nine languages, replies
of experts and askers to what they got, automatic mails, the same mail twice. In the end the daemon may finish, and the
books are compared. Exit 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from bench.audit import Findings, audit
from bench.desk import Desk, Left
from bench.mails import QUESTIONS, Correspondence, Sample
from bench.post import deliver
from bench.sink import SinkProcess, Taken
from tests.servers.dovecot import Account, Dovecot

BACKLOG = 60  # questions without an acknowledgement: while there are fewer, mails are delivered
BURST = 20  # mails delivered at a time
LIFE = 1.5  # seconds: the longest life of a daemon once it is ready
EARLY = 0.15  # share of the kills that come while the daemon is starting
STARTING = 1.5  # seconds: when those come at the latest
FINISH = 120.0  # seconds for the last daemon to do all that is left
LINE = 10  # kills a line of the report


@dataclass
class Crash:
    account: Account
    desk: Desk
    sink: SinkProcess
    seed: int
    delivered: list[Sample] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    killed_by: list[float] = field(default_factory=list)  # moments when a killed daemon's last words had arrived
    _asked: int = 0
    _acknowledged: int = 0
    _unanswered: deque[Taken] = field(default_factory=deque)
    _seen: set[str] = field(default_factory=set)  # Message-IDs

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._mails = Correspondence(self.desk.address, self.seed)

    def run(self, kills: int, say: Callable[[str], object]) -> Findings:
        self.desk.lift_caps()
        self._feed()
        for number in range(1, kills + 1):
            self._one_life()
            self._feed()
            self.killed_by.append(time.monotonic())
            if number % LINE == 0 or number == kills:
                say(self._line(number))
        self.desk.start()
        self._finish()
        assert self.desk.stop() == 0, "the last daemon did not stop cleanly"
        self._collect()
        found = audit(self.desk.home, self.delivered, self.taken, self.killed_by)
        found.blame("mails left in the mailbox", self.account.holds("INBOX"))
        verified = self.desk.verify()
        if verified["status"] != 0:
            found.wrong.append(f"mailflow verify: {verified}")
        return found

    def _one_life(self) -> None:
        if self._random.random() < EARLY:
            self.desk.process = self.desk.launch()
            time.sleep(self._random.uniform(0, STARTING))
        else:
            self.desk.start()
            end = time.monotonic() + self._random.uniform(0, LIFE)
            while (left := end - time.monotonic()) > 0:
                self._feed()
                time.sleep(min(left, 0.02))
        self.desk.kill()

    def _feed(self) -> None:
        """Deliver some mails, unless enough wait."""
        self._collect()
        if self._asked - self._acknowledged < BACKLOG:
            samples = self._mails.mix(BURST, self._unanswered)
            deliver(self.account.server.lmtp, (sample.letter for sample in samples))
            self.delivered += samples
            self._asked += sum(sample.kind in QUESTIONS for sample in samples)

    def _collect(self) -> None:
        """What arrived at the people; each mail may be answered once."""
        new = self.sink.new()
        self.taken += new
        for each in new:
            if each.message_id not in self._seen:
                self._seen.add(each.message_id)
                self._unanswered.append(each)
                self._acknowledged += each.sender == ""

    def _finish(self) -> None:
        """The last daemon does all that is left."""
        end = time.monotonic() + FINISH
        while self.desk.left() != Left(0, 0) or self.account.holds("INBOX"):
            assert time.monotonic() < end, f"not finished within {FINISH:.0f} s: {self.desk.left()}"
            time.sleep(0.2)

    def _line(self, kills: int) -> str:
        (tickets,) = self.desk.rows("SELECT count(*) FROM ticket")[0]
        copies = len(self.taken) - len(self._seen)
        sent = f"sent {len(self._seen)} (and {copies} again, {self.sink.offered - len(self.taken)} cut off)"
        return f"kills {kills:4}   delivered {len(self.delivered):5}   tickets {tickets:5}   {sent}"


@contextmanager
def prepared(seed: int, folder: Path) -> Iterator[Crash]:
    """Servers and a desk of its own."""
    dovecot = Dovecot(trustme.CA().issue_cert("localhost").private_key_and_cert_chain_pem.bytes())
    dovecot.start()
    try:
        with crash_on(dovecot.account("desk"), seed, folder) as crash:
            yield crash
    finally:
        dovecot.remove()


@contextmanager
def crash_on(account: Account, seed: int, folder: Path) -> Iterator[Crash]:
    sink = SinkProcess(folder)
    sink.start()
    desk = Desk(folder, account.address, [account.settings()], sink.settings())
    try:
        yield Crash(account, desk, sink, seed)
    finally:
        desk.kill()
        sink.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    with tempfile.TemporaryDirectory(prefix="mailflow-crash-") as folder, prepared(wanted.seed, Path(folder)) as crash:
        found = crash.run(wanted.kills, lambda line: print(line, flush=True))
    return verdict(found, len(crash.delivered), wanted.kills)


def verdict(found: Findings, delivered: int, kills: int) -> int:
    print(
        f"{delivered} mails delivered, {found.tickets} tickets, {found.sent} mails sent, {found.copies} of them twice"
    )
    for sentence in found.wrong:
        print(f"WRONG: {sentence}")
    if not found.wrong:
        print(f"{kills} kills: 0 lost, 0 duplicate tickets, {found.copies} extra copies, each with its Message-ID")
    return int(bool(found.wrong))


if __name__ == "__main__":
    sys.exit(main())
