"""The stage: a new installation, its mail server, the daemon, and everybody who takes part."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mailflow import config
from mailflow.daemon.installation import Installation, opened
from mailflow.daemon.lock import only_one
from mailflow.demo import installing, traces
from mailflow.demo.book import Book
from mailflow.demo.cast import Cast
from mailflow.demo.checks import Evidence
from mailflow.demo.desk import Desk
from mailflow.demo.journal import Journal
from mailflow.demo.names import Names
from mailflow.demo.postoffice import PostOffice
from mailflow.demo.samples import load

GUEST = "guest@visitor.example"  # whoever joins with a mail client
LOG = "mailflow.log"


@dataclass(frozen=True, slots=True)
class Stage:
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


@contextmanager
def furnished(home: Path, pace: float) -> Iterator[Stage]:
    """All of it at work in an empty or new folder, and ended at the end.

    `pace`: seconds between two mails of the sample people. Raises ConfigError, StoreError, OSError.
    """
    installing.make(home)
    askers = load()
    people = config.load(home)[1].policy.people.values()
    accounts = [*(asker.address for asker in askers), *(person.addresses[0] for person in people), GUEST]
    office = PostOffice(installing.DESK_ADDRESS, accounts)
    with ExitStack() as stack:
        office.open()
        stack.callback(office.close)
        installing.connect(home, office)
        stack.enter_context(traces.log_in(home / LOG))
        stack.enter_context(only_one(home))
        installation = stack.enter_context(opened(home))
        desk = Desk(installation)
        desk.open()
        stack.callback(desk.close)
        policy, book = installation.desk.policy, Book(installation.store)
        cast = Cast(askers, policy, office, pace)
        names = Names(askers, policy, office.desk)
        yield Stage(home, installation, office, desk, book, Journal(office, book), cast, names)


def _markers(home: Path, languages: tuple[str, ...]) -> dict[str, str]:
    files = {code: home / "templates" / code / "words.toml" for code in languages}
    return {code: str(tomllib.loads(file.read_text(encoding="utf-8"))["marker"]) for code, file in files.items()}
