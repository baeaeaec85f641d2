"""A mailbox in the hands of a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from mailflow.core.settings import MailboxSettings
from mailflow.net.login import PasswordCredentials
from mailflow.net.mailbox import Mailbox


def mail(text: str, size: int = 0) -> bytes:
    lines = f"From: ann@example.com\r\nSubject: {text}\r\n\r\n{text}\r\n".encode()
    return lines + (b"x" * 70 + b"\r\n") * (size // 72)


def box(settings: MailboxSettings) -> Mailbox:
    return Mailbox(settings, PasswordCredentials(settings.login, "[[mailbox]] main"))


@contextmanager
def opened(settings: MailboxSettings) -> Iterator[Mailbox]:
    with closing(box(settings)) as mailbox:
        mailbox.connect()
        yield mailbox


def taken(mailbox: Mailbox, folder: str = "INBOX") -> list[bytes]:
    """What the daemon does with a folder, without the ledger in between."""
    mailbox.select(folder)
    raws = []
    for batch in mailbox.batches(mailbox.new_uids()):
        raws += [fetched.raw for fetched in mailbox.fetch(batch)]
        mailbox.settle(batch)
    return raws
