"""The thread that README shows is played as it stands there: what people write goes in, what the desk says must come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mailflow import config
from mailflow.daemon.installation import opened
from mailflow.store.store import Store
from tests.conversations.desk import DESK, Correspondent, Desk
from tests.conversations.letters import Letter

README = Path(__file__).parents[2] / "README.md"
_MAIL = re.compile(r"^```mail\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = "[...]"


@dataclass(frozen=True)
class Shown:
    """A mail as README shows it."""

    headers: dict[str, str]
    text: str

    @property
    def sender(self) -> str:
        return self.headers["From"].partition("<")[2].rstrip(">")


def shown() -> Iterator[Shown]:
    for block in _MAIL.findall(README.read_text("utf-8")):
        head, _, text = block.partition("\n\n")
        yield Shown(dict(line.split(": ", 1) for line in head.splitlines()), text.strip())


MAILS = tuple(shown())


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """An installation as `mailflow init` makes it, behind a mail server that proves who writes."""
    home = tmp_path_factory.mktemp("readme") / "home"
    config.make_installation(home)
    settings = (home / "config.toml").read_text("utf-8")
    settings = settings.replace('method = "none"', 'method = "rfc8601"')
    settings = settings.replace('authserv_id = ""', 'authserv_id = "mx.example.org"')
    (home / "config.toml").write_text(settings, "utf-8")
    Store.create(config.load(home)[0]).close()
    with opened(home) as installation:
        desk = Desk(replace(installation.engine, _parts={}))
        for member in installation.desk.policy.people.values():
            desk.knows(member.name, *member.addresses, staff=True)
        yield desk


def test_the_thread_of_the_readme_is_what_the_desk_says(desk):
    assert len(MAILS) >= 6
    read: dict[str, Letter] = {}  # the mail of the desk that README showed last, by whom it went to
    for mail in MAILS:
        if mail.sender == DESK:
            read[mail.headers["To"]] = arrives(desk, mail)
        else:
            leaves(desk, mail, read.get(mail.sender))


def leaves(desk: Desk, mail: Shown, answered: Letter | None) -> None:
    """Somebody writes to the desk, or replies to a mail of it: digests and reminders came, too, and aren't shown."""
    writer = desk.people.get(mail.sender) or desk.knows(mail.headers["From"].partition(" <")[0], mail.sender)
    if answered:
        writer.replies(answered, mail.text)
    else:
        writer.writes(mail.text, subject=mail.headers["Subject"])
    desk.works()


def arrives(desk: Desk, mail: Shown) -> Letter:
    """The desk wrote this, at once or when the undo window was over; README may leave out parts of it."""
    reader = next(person for person in desk.people.values() if mail.headers["To"] in person.addresses)
    if not wrote(mail, reader):
        desk.passes(minutes=10)
    letter = wrote(mail, reader)
    assert letter, f"the desk wrote no such mail: {mail.headers}"
    said = words(letter.text)
    for part in mail.text.split(_LEFT_OUT):
        assert words(part) in said
    return letter


def wrote(mail: Shown, reader: Correspondent) -> Letter | None:
    return next((letter for letter in reader.unread if letter.subject == mail.headers["Subject"]), None)


def words(text: str) -> str:
    """A text on one line: README breaks long ones."""
    return " ".join(text.split())
