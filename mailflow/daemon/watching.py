"""Taking mail in: a thread a mailbox. Safe on disk first, then the server is told (architecture, path 1)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailflow.core.settings import MailboxSettings
from mailflow.daemon.writer import Writer
from mailflow.net.idle import Bell, sleep
from mailflow.net.mailbox import FetchedMail, Mailbox, Selected
from mailflow.net.trouble import MailboxTrouble, TroubleKind, backoff
from mailflow.store import inbox, watch
from mailflow.store.errors import StoreError
from mailflow.store.inbox import Arrived, Spot
from mailflow.store.store import Store

log = logging.getLogger("mailflow.mailbox")
OK_EVERY = timedelta(minutes=1)  # how often a mailbox that is well says so


@dataclass(slots=True)
class Watch:
    """One mailbox, watched until told to stop. Its troubles are its own: they stop no other."""

    settings: MailboxSettings
    mailbox: Mailbox
    store: Store
    writer: Writer
    clock: Callable[[], datetime]
    taken: Callable[[], None]  # called when new mail is safely stored
    bell: Bell = field(default_factory=Bell)
    stopping: threading.Event = field(default_factory=threading.Event)
    _troubles: int = 0  # since all folders could be read
    _first: dict[tuple[str, int], tuple[datetime, datetime]] = field(default_factory=dict)  # first opened, last said ok

    def run(self) -> None:
        """The thread's whole life: connect, look, wait, look again; after any trouble wait longer and longer."""
        tries = 0
        while not self.stopping.is_set():
            try:
                self.mailbox.connect()
                while not self.stopping.is_set():
                    self.look()
                    tries = 0
                    if not self.stopping.is_set():
                        self.mailbox.wait(self.bell)
                    self.bell.hush()
            except (MailboxTrouble, StoreError) as trouble:
                tries += 1
                self._wait_out(trouble, tries)
            except Exception as fault:  # noqa: BLE001  a fault of ours must not end the watch; its text may hold mail
                tries += 1
                log.error("fault", extra={"mailbox": self.settings.name, "error": type(fault).__name__})  # noqa: TRY400
                self._wait_out(
                    MailboxTrouble(TroubleKind.CONNECTION, f"an unexpected fault: {type(fault).__name__}"), tries
                )
        self.mailbox.close()

    def stop(self) -> None:
        self.stopping.set()
        self.bell.ring()

    def look(self) -> int:
        """Take in whatever is new in all folders; returns how many mails were.

        The first folder comes last: IDLE watches what was opened last. After a trouble another one comes first, so
        that a mail which breaks the connection keeps no other folder from being read.
        """
        folders = self.settings.folders
        turn = self._troubles % len(folders)
        taken = sum(self._look_into(folder) for folder in reversed(folders[turn:] + folders[:turn]))
        self._troubles = 0
        return taken

    def _look_into(self, folder: str) -> int:
        opened = self.mailbox.select(folder)
        since = self._all_is_well(opened)
        highest = watch.highest_uid(self.store, self.settings.name, folder, opened.uidvalidity)
        uids = self.mailbox.new_uids(highest)
        held = inbox.held_uids(self.store, self.settings.name, folder, opened.uidvalidity, uids)
        if held:  # stored before a crash, or marked by nobody since
            self._settle(opened, sorted(held))
        count = 0
        for batch in self.mailbox.batches([uid for uid in uids if uid not in held]):
            if self.stopping.is_set():
                break
            count += self._take(opened, self.mailbox.fetch(batch), since)
        return count

    def _take(self, opened: Selected, mails: list[FetchedMail], since: datetime) -> int:
        if not mails:
            return 0
        name = self.settings.name
        arrived = [
            Arrived(m.raw, name, Spot(name, opened.folder, opened.uidvalidity, m.uid), self._old(m, since))
            for m in mails
        ]
        kept = self.writer.run(inbox.keep, self.store, arrived, self.clock())
        self._settle(opened, [mail.uid for mail in mails])
        new = sum(each.new for each in kept)
        log.info("taken", extra={"mailbox": name, "mails": len(mails), "new": new})
        self.taken()
        return len(mails)

    def _settle(self, opened: Selected, uids: list[int]) -> None:
        self.mailbox.settle(uids)
        self.writer.run(inbox.settled, self.store, self.settings.name, opened.folder, opened.uidvalidity, uids)

    def _old(self, mail: FetchedMail, since: datetime) -> bool:
        """Whether a mail came before the desk began here: it gets no automatic reply."""
        if self.settings.answer_old or mail.internal_date is None:
            return False
        border = self.settings.archive_before or since.replace(microsecond=0)
        return mail.internal_date < border

    def _all_is_well(self, opened: Selected) -> datetime:
        """Note it now and then; returns when the folder was opened for the first time ever."""
        where, now = (opened.folder, opened.uidvalidity), self.clock()
        first, said = self._first.get(where, (now, None))
        if said is None or now - said >= OK_EVERY:
            first = self.writer.run(
                watch.opened, self.store, self.settings.name, opened.folder, opened.uidvalidity, now
            )
            self._first[where] = (first, now)
        return first

    def _wait_out(self, trouble: MailboxTrouble | StoreError, tries: int) -> None:
        kind = trouble.kind if isinstance(trouble, MailboxTrouble) else TroubleKind.CONNECTION
        pause = backoff(tries, kind)
        log.warning(
            "trouble", extra={"mailbox": self.settings.name, "why": trouble.sentence, "again_in": pause.seconds}
        )
        self._first.clear()
        self._troubles += 1
        self._tell(trouble.sentence)
        if not self.stopping.is_set():
            sleep(pause.total_seconds(), self.bell)
            self.bell.hush()

    def _tell(self, sentence: str) -> None:
        """For `status`; when even that can't be written, the log has it."""
        try:
            self.writer.run(
                watch.in_trouble, self.store, self.settings.name, self.settings.folders, sentence, self.clock()
            )
        except StoreError as error:
            log.warning("store", extra={"why": error.sentence})
