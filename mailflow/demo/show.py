"""The demo from its first line to its last: set the stage, let everybody act, look whether all went as told."""

from __future__ import annotations

import io
import sys
import threading
import time
from pathlib import Path

from rich.console import Console

from mailflow.config import ConfigError
from mailflow.demo import installing, threesides, traces
from mailflow.demo.checks import checks
from mailflow.demo.postoffice import HOST
from mailflow.demo.screen import PIPED_WIDTH, Screen
from mailflow.demo.stage import GUEST, Stage, furnished
from mailflow.store.errors import StoreError

LIMIT_SECONDS = 90.0  # in which everything must have happened, on a slow machine
TICK = 0.05
PACE = 0.15  # seconds between mails, for somebody who watches
ENDED_EARLY = 130  # as a shell says of whatever Ctrl-C ended
_WELCOME = "people ask, experts answer, coordinators watch. Nothing leaves this machine."
_INVITATION = """\
  IMAP      {host}, port {imap}, no encryption, plain password
  SMTP      {host}, port {smtp}, no encryption, plain password, log in
  password  {password}  for every user below

  To ask       be {guest}, and write to {desk}
  To answer    be kofi.mensah@example.org or another expert, and reply to a question
  To watch     be ana.ruiz@example.org, a coordinator, and reply with #help as the first line
  To look in   mailflow --home {home} ticket list

Ctrl-C ends it."""


def run(exit_when_done: bool, folder: Path | None = None) -> int:  # noqa: FBT001
    """Show it all. Returns 0 when all went as told, else 1.

    It stays up for mail clients until Ctrl-C, or ends by itself. The installation stands in `folder`, which must be
    empty or new and is kept; without one in a temporary folder, which is deleted.
    """
    console = _console()
    stop = threading.Event()
    try:
        with (
            traces.signals(stop),
            traces.home(folder) as home,
            traces.silence(),
            furnished(home, _pace(console)) as stage,
        ):
            return _Show(console, stop, stage).run(exit_when_done=exit_when_done)
    except (ConfigError, StoreError, OSError) as error:
        Console(stderr=True).print(f"The demo can't go on: {error}", style="red", markup=False, soft_wrap=True)
        return 1


class _Show:
    def __init__(self, console: Console, stop: threading.Event, stage: Stage) -> None:
        self._console, self._stop, self._stage = console, stop, stage
        self._screen = Screen(console, stage.names)

    def run(self, *, exit_when_done: bool) -> int:
        self._console.print(f"[bold]{installing.DESK_NAME}[/]: {_WELCOME}\n")
        with self._screen:
            self._play()
        if self._stop.is_set():
            return ENDED_EARLY
        self._tell_story()
        found = checks(self._stage.evidence())
        self._console.rule("Did all go as told?")
        self._screen.checks(found)
        if not exit_when_done:
            self._invite()
            self._stay()
        return 0 if all(check.good for check in found) else 1

    def _play(self) -> None:
        """Until everybody has said all, and every mail is handled; or until it takes too long."""
        until = time.monotonic() + LIMIT_SECONDS
        self._stage.cast.begin()
        while not self._stop.is_set() and time.monotonic() < until and self._stage.desk.at_work:
            if self._beat():
                return
            self._stage.cast.act()
            self._stop.wait(TICK)
        self._stage.desk.require()

    def _beat(self) -> bool:
        """Look at what happened and let everybody react; whether nothing did, and nothing will."""
        stage = self._stage
        quiet = stage.cast.idle and stage.journal.quiet()  # asked first: what came since then, the look finds
        news = stage.journal.look()
        self._screen.show(news, stage.book.tickets())
        for happening in news:
            stage.cast.react(happening)
        return quiet and not news

    def _tell_story(self) -> None:
        stage = self._stage
        for ticket, asker in stage.cast.by_ticket.items():
            if asker.shown:
                threesides.show(self._console, stage.journal.all, ticket, stage.names)

    def _invite(self) -> None:
        office = self._stage.office
        self._console.rule("Now take part, with any mail client")
        for line in _INVITATION.format(
            host=HOST, imap=office.imap_port, smtp=office.smtp_port, password=office.passwords[GUEST],
            guest=GUEST, desk=office.desk, home=self._stage.home,
        ).splitlines():  # fmt: skip
            self._console.print(line, markup=False, soft_wrap=True)

    def _stay(self) -> None:
        """Tell what happens, until Ctrl-C."""
        while not self._stop.is_set():
            self._stage.desk.require()
            self._beat()
            self._stop.wait(TICK * 4)


def _pace(console: Console) -> float:
    return PACE if console.is_terminal else 0.0


def _console() -> Console:
    """A terminal as it is; elsewhere as wide as our lines are. A sign that it can't show becomes a question mark."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH)
