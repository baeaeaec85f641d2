"""A mail server of the demo's own: IMAP and SMTP on loopback, in one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import itertools
import queue
import secrets
import smtplib
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from mailflow.demo.imap import Mailboxes
from mailflow.demo.smtp import Submission
from mailflow.demo.stamp import stamped

HOST = "127.0.0.1"
START_SECONDS, STOP_SECONDS = 20.0, 3.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail on its way through the post office, as it lies in the mailbox of its one recipient."""

    at: datetime
    sender: str  # of the envelope; "" is the null sender
    recipient: str  # the account
    login: str  # who handed it in; "" a stranger
    raw: bytes


class PostOffice:
    """Accounts with random passwords; every mail that is delivered can be watched."""

    def __init__(self, desk: str, people: Iterable[str]) -> None:
        self.desk = desk
        self._full: set[str] = set()
        shared = secrets.token_urlsafe(9)  # one password for all sample people: somebody will have to type it
        self.passwords = {**dict.fromkeys(people, shared), desk: secrets.token_urlsafe(18)}
        self._mailboxes = Mailboxes(self.passwords, HOST)
        self._submission = Submission(self.passwords, self._account, self._deliver, HOST)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="post office", daemon=True)
        self._began: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self._letters: queue.SimpleQueue[Letter] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self.imap_port = self.smtp_port = 0

    def open(self) -> None:
        """Begin to listen. Raises OSError when that is not possible."""
        self._thread.start()
        fault = self._began.get(timeout=START_SECONDS)
        if fault is not None:
            raise fault

    def close(self) -> None:
        """End, whatever the clients do."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(STOP_SECONDS)

    def fill(self, account: str) -> None:
        """From now on its mail is taken, and then finds no room in the mailbox: a bounce is what should follow."""
        self._full.add(account)

    def letters(self) -> Iterator[Letter]:
        """What was delivered since the last look, oldest first."""
        while True:
            try:
                yield self._letters.get_nowait()
            except queue.Empty:
                return

    def submit(self, raw: bytes, *, sender: str, login: str = "") -> None:
        """Hand a mail to the desk in, as its author's mail program or server does: over SMTP. Raises OSError."""
        with smtplib.SMTP(HOST, self.smtp_port, local_hostname="client.example", timeout=START_SECONDS) as client:
            if login:
                client.login(login, self.passwords[login])
            client.sendmail(sender, [self.desk], raw)

    # ------------------------------------------------------------ in the loop

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._listen())
        except BaseException as error:  # noqa: BLE001  whoever opens it raises it
            self._began.put(error)
            return
        self._began.put(None)
        self._loop.run_forever()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _listen(self) -> None:
        self.imap_port = await self._mailboxes.serve()
        self.smtp_port = await self._submission.serve()

    async def _end(self) -> None:
        self._mailboxes.close()
        self._submission.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_SECONDS / 3)

    def _account(self, address: str) -> str | None:
        """Whose mailbox it is; address+anything is the address's own."""
        local, _, domain = address.lower().rpartition("@")
        account = f"{local.partition('+')[0]}@{domain}"
        return account if account in self.passwords else None

    async def _deliver(self, sender: str, account: str, login: str, octets: bytes) -> None:
        now = datetime.now(UTC)
        number = f"demo{next(self._numbers):05}"
        raw = stamped(octets, sender=sender, login=login, known=self.passwords, queue_id=number, now=now)
        if account not in self._full:
            await self._mailboxes.deliver(account, raw, now)
        self._letters.put(Letter(now, sender, account, login, raw))
