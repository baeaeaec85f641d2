"""The daemon: mailbox threads take mail in, one loop handles it, one sends, the clock ticks."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from mailflow import config
from mailflow.config import ConfigError
from mailflow.core.settings import MailboxSettings, SmtpSettings
from mailflow.daemon.installation import Installation, wall_clock
from mailflow.daemon.notify import notify
from mailflow.daemon.owed import Owed
from mailflow.daemon.sending import Sender
from mailflow.daemon.watching import Watch
from mailflow.daemon.writer import Writer
from mailflow.engine import Engine, Result
from mailflow.net.login import PasswordCredentials
from mailflow.net.mailbox import Mailbox
from mailflow.net.transport import Transport
from mailflow.store import inbox, outbox, upkeep, watch
from mailflow.store.errors import StoreError
from mailflow.store.inbox import Waiting

log = logging.getLogger("mailflow.daemon")
STOP_SECONDS = 10.0  # within which a stop must be done
LOOK_AGAIN = 5.0  # seconds: mails that wait for another try, and drafts whose undo window ends
BEAT_SECONDS = 10
TICK_SECONDS = 20
RELOAD_SECONDS = 2


class Daemon:
    """An installation at work, until `stop` is called."""

    def __init__(self, installation: Installation, clock: Callable[[], datetime] = wall_clock) -> None:
        self.installation = installation
        self.clock = clock
        self._writer = Writer()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping, self._mail_came, self._mail_waits = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._owed = Owed(self._writer)
        self._sender = Sender(self._engine, _transports(installation.settings.smtp), self._writer, clock)
        self._watches = [self._watch(settings) for settings in installation.settings.mailboxes]
        self._faulty: object = None  # the fingerprint of rules that were refused: complained of once
        self._started = clock()

    def _engine(self) -> Engine:
        return self.installation.engine

    def _watch(self, settings: MailboxSettings) -> Watch:
        mailbox = Mailbox(settings, PasswordCredentials(settings.login, f'[[mailbox]] "{settings.name}"'))
        return Watch(settings, mailbox, self.installation.store, self._writer, self.clock, self._taken)

    # ------------------------------------------------------------ the whole life

    async def run(self) -> None:
        """Work until stopped; finish what is in hand. Raises StoreError when it can't even begin."""
        self._loop = asyncio.get_running_loop()
        store = self.installation.store
        await self._writer.do(inbox.forget_leases, store)
        await self._writer.do(outbox.forget_leases, store)
        await self._beat()
        threads = [threading.Thread(target=each.run, name=f"mailbox {each.settings.name}") for each in self._watches]
        for thread in threads:
            thread.start()
        _spare_the_collector()
        scheduler = self._scheduler()
        scheduler.start()
        self._listen_to_signals(self._loop)
        notify("READY=1")
        log.info("started", extra={"mailboxes": len(threads)})
        loops = [asyncio.create_task(self._every(self._work)), asyncio.create_task(self._every(self._send))]
        try:
            await self._stopping.wait()
        finally:
            scheduler.shutdown(wait=False)
            await self._wind_up(threads, loops)

    async def once(self) -> None:
        """Poll each mailbox, handle and send until nothing is left to do, then end. Raises MailboxTrouble, StoreError."""
        for each in self._watches:
            await asyncio.to_thread(_poll_once, each)
        await self._writer.do(self._engine().tick, self.clock())
        while await self._work_batch() or await self._sender.once():
            pass
        for each in self._watches:
            each.bell.close()
        await self._sender.close()
        self._writer.close()

    def stop(self) -> None:
        """From the event loop."""
        self._stopping.set()
        self._mail_came.set()
        self._mail_waits.set()

    async def _wind_up(self, threads: list[threading.Thread], loops: list[asyncio.Task[None]]) -> None:
        """Every thread and loop finishes the batch in its hands; who takes longer than allowed is left behind."""
        notify("STOPPING=1")
        for each in self._watches:
            each.stop()
        done, late = await asyncio.wait(loops, timeout=STOP_SECONDS / 2)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for each, thread in zip(self._watches, threads, strict=True):
            await asyncio.to_thread(thread.join, STOP_SECONDS / 4)
            if not thread.is_alive():
                each.bell.close()
        await self._sender.close()
        await self._writer.do(watch.stopped, self.installation.store, "daemon")
        self._writer.close()
        log.info("stopped", extra={"loops": len(done), "left_behind": len(late)})

    def _listen_to_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        if threading.current_thread() is threading.main_thread():
            loop.add_signal_handler(signal.SIGTERM, self.stop)
            loop.add_signal_handler(signal.SIGINT, self.stop)
            loop.add_signal_handler(signal.SIGHUP, lambda: loop.create_task(self.reload(asked=True)))

    # ------------------------------------------------------------ the loops

    def _taken(self) -> None:
        """From a mailbox thread: new mail is stored."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._mail_came.set)

    async def _every(self, step: Callable[[], Awaitable[None]]) -> None:
        """Repeat until stopped; a store that can't be written now is tried again, and nothing is lost meanwhile."""
        while not self._stopping.is_set():
            try:
                await step()
            except (StoreError, OSError) as error:
                log.warning("store", extra={"why": getattr(error, "sentence", type(error).__name__)})
                await _wait(self._stopping, LOOK_AGAIN)
            except Exception as fault:  # noqa: BLE001  a fault of ours must not end the loop; its text may hold mail
                log.error("fault", extra={"error": type(fault).__name__})  # noqa: TRY400
                await _wait(self._stopping, LOOK_AGAIN)

    async def _work(self) -> None:
        self._mail_came.clear()
        if await self._work_batch():
            self._mail_waits.set()
        else:
            await _wait(self._mail_came, LOOK_AGAIN)

    async def _work_batch(self) -> int:
        """Claim and handle on the writer's thread, read on another: a hostile mail keeps nobody else from writing."""
        engine = self._engine()
        await self._owed.settle()
        claimed = await self._writer.do(engine.claim, self.clock())
        if not claimed:
            return 0
        for result in await self._handled(engine, claimed):
            log.info("handled", extra={"inbox": result.inbox, "outcome": result.outcome.value, "ticket": result.ref})
        return len(claimed)

    async def _handled(self, engine: Engine, claimed: list[Waiting]) -> list[Result]:
        try:
            read = await asyncio.to_thread(engine.read, claimed)
            return await self._writer.do(engine.handle, read, self.clock())
        except (StoreError, OSError):  # the engine may not have got so far as to say that this try didn't count
            await self._owed.tell(engine.untried, claimed)
            raise

    async def _send(self) -> None:
        self._mail_waits.clear()
        tried = await self._sender.once()
        pause = self._sender.pause
        if pause:
            await _wait(self._stopping, pause.total_seconds())
        elif not tried:
            await _wait(self._mail_waits, await self._until_next())

    async def _until_next(self) -> float:
        """Seconds until a mail of the outbox is due, at most LOOK_AGAIN."""
        due = await asyncio.to_thread(outbox.next_due, self.installation.store)
        return LOOK_AGAIN if due is None else min(max((due - self.clock()).total_seconds(), 0.02), LOOK_AGAIN)

    # ------------------------------------------------------------ the fixed jobs

    def _scheduler(self) -> AsyncIOScheduler:
        """In memory: each job looks at what is due, so that a restart loses nothing and two runs are as one."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        common = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler.add_job(self._job(self._beat), "interval", seconds=BEAT_SECONDS, **common)
        scheduler.add_job(self._job(self._tick), "interval", seconds=TICK_SECONDS, **common)
        scheduler.add_job(self._job(self.reload), "interval", seconds=RELOAD_SECONDS, **common)
        scheduler.add_job(self._job(self._sweep), "cron", hour=4, minute=17, **common)
        return scheduler

    def _job(self, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """A fixed job: what the machine refuses now, the next run does."""

        async def run() -> None:
            try:
                await work()
            except (StoreError, OSError) as error:
                log.warning("job", extra={"why": getattr(error, "sentence", type(error).__name__)})

        return run

    async def _beat(self) -> None:
        """Also when the store refuses it: a full disk is no reason to be killed. A writer that hangs is one."""
        try:
            await self._writer.do(
                watch.beat, self.installation.store, "daemon", os.getpid(), self._started, self.clock()
            )
        finally:
            notify(f"WATCHDOG=1\nSTATUS={self._sender.trouble or 'at work'}")

    async def _tick(self) -> None:
        if await self._writer.do(self._engine().tick, self.clock()):
            self._mail_waits.set()

    async def _sweep(self) -> None:
        swept = await self._writer.do(upkeep.sweep_keys, self.installation.store)
        log.info("swept", extra={"keys": swept})

    async def reload(self, *, asked: bool = False) -> None:
        """Take up changed rules/ and templates/, whole or not at all: a faulty set leaves the last good one in use."""
        home, desk = self.installation.home, self.installation.desk
        now = await asyncio.to_thread(config.fingerprint, home)
        if not asked and now in (desk.fingerprint, self._faulty):
            return
        try:
            self.installation = await asyncio.to_thread(self.installation.reloaded)
        except ConfigError as error:
            self._faulty = now
            for problem in error.problems:
                log.error("rules refused, the last good ones stay in use", extra={"why": problem})  # noqa: TRY400  no fault of ours
        else:
            self._faulty = None
            log.info("rules reloaded")


def _spare_the_collector() -> None:
    """What was loaded stays: looking through it for garbage again and again cost 8 % of the processor time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _transports(settings: SmtpSettings) -> list[Transport]:
    return [Transport(settings, PasswordCredentials(settings.login, "[smtp]")) for _ in range(settings.connections)]


def _poll_once(each: Watch) -> None:
    each.mailbox.connect()
    try:
        each.look()
    finally:
        each.mailbox.close()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Until the event or the end of the time, whichever is first."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
