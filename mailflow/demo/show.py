"""The demo from its first line to its last: set the stage, let everybody act, look whether all went as told."""

from __future__ import annotations

import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from mailflow import config
from mailflow.config import ConfigError
from mailflow.daemon.installation import Installation, opened
from mailflow.daemon.lock import only_one
from mailflow.demo import folder, threesides, traces
from mailflow.demo.book import Book
from mailflow.demo.cast import Cast
from mailflow.demo.checks import Evidence, checks
from mailflow.demo.desk import Desk
from mailflow.demo.journal import Journal
from mailflow.demo.names import Names
from mailflow.demo.postoffice import HOST, PostOffice
from mailflow.demo.samples import load
from mailflow.demo.screen import PIPED_WIDTH, Screen
from mailflow.store.errors import StoreError

GUEST = "guest@visitor.example"
LOG = "mailflow.log"
LIMIT_SECONDS = 90.0  # in which everything must have happened, on a slow machine
TICK = 0.05
PACE = 0.15  # seconds between mails, for somebody who watches
ENDED_EARLY = 130  # as a shell says of whatever Ctrl-C ended
_WELCOME = "fifteen people write, experts answer, coordinators watch. Nothing leaves this machine."
_INVITATION = """\
  IMAP      {host}, port {imap}, no encryption, plain password
  SMTP      {host}, port {smtp}, no encryption, plain password, log in
  password  {password}  for every user below

  To ask       be {guest}, and write to {desk}
  To answer    be kofi.mensah@example.org, or another expert of rules/people.toml: reply to a question
  To watch     be ana.ruiz@example.org, a coordinator: reply with #help as the first line
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
        with traces.signals(stop), traces.home(folder) as home, traces.silence(), _stage(home) as stage:
            return _Show(console, stop, stage).run(exit_when_done=exit_when_done)
    except (ConfigError, StoreError, OSError) as error:
        Console(stderr=True).print(f"The demo can't go on: {error}", style="red", markup=False)
        return 1


@dataclass(frozen=True, slots=True)
class _Stage:
    """Everything that takes part."""

    home: Path
    installation: Installation
    office: PostOffice
    desk: Desk
    book: Book
    journal: Journal
    cast: Cast
    names: Names

    def evidence(self) -> Evidence:
        policy = self.installation.desk.policy
        return Evidence(self.journal.all, self.cast, policy, _markers(self.home, policy.languages))


class _Show:
    def __init__(self, console: Console, stop: threading.Event, stage: _Stage) -> None:
        self._console, self._stop, self._stage = console, stop, stage
        self._screen = Screen(console, stage.names)

    def run(self, *, exit_when_done: bool) -> int:
        self._console.print(f"[bold]{folder.DESK_NAME}[/]: {_WELCOME}\n")
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

    def _beat(self) -> bool:
        """Look at what happened and let everybody react; whether nothing did, and nothing will."""
        stage = self._stage
        quiet = stage.cast.idle and stage.journal.quiet()  # asked first: what came since then, the look finds
        news = stage.journal.look()
        self._screen.tickets(stage.book.tickets())
        self._screen.tell(news)
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
        """Tell what happens, until Ctrl-C. Raises OSError when the daemon has ended."""
        while not self._stop.is_set():
            if not self._stage.desk.at_work:
                message = f"the daemon has ended: {self._stage.desk.fault!r}"
                raise OSError(message)
            self._beat()
            self._stop.wait(TICK * 4)


# ---------------------------------------------------------------- the stage


@contextmanager
def _stage(home: Path) -> Iterator[_Stage]:
    """A new installation, its mail server, and the daemon at work; all ended at the end."""
    folder.make(home)
    askers = load()
    people = config.load(home)[1].policy.people.values()
    accounts = [*(asker.address for asker in askers), *(person.addresses[0] for person in people), GUEST]
    office = PostOffice(folder.DESK_ADDRESS, accounts)
    with ExitStack() as stack:
        office.open()
        stack.callback(office.close)
        folder.connect(home, office)
        stack.enter_context(traces.log_in(home / LOG))
        stack.enter_context(only_one(home))
        installation = stack.enter_context(opened(home))
        desk = Desk(installation)
        desk.open()
        stack.callback(desk.close)
        policy, book = installation.desk.policy, Book(installation.store)
        cast = Cast(askers, policy, office, PACE if _console().is_terminal else 0.0)
        names = Names(askers, policy, office.desk)
        yield _Stage(home, installation, office, desk, book, Journal(office, book), cast, names)


def _console() -> Console:
    """A terminal as it is; elsewhere as wide as our lines are."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def _markers(home: Path, languages: tuple[str, ...]) -> dict[str, str]:
    files = {code: home / "templates" / code / "words.toml" for code in languages}
    return {code: str(tomllib.loads(file.read_text(encoding="utf-8"))["marker"]) for code, file in files.items()}
