"""The part of imapclient that we use, with types, and how one of its connections is opened."""

from __future__ import annotations

import io
import logging
import socket
import ssl
from collections.abc import Mapping, Sequence
from typing import Protocol

from imapclient import IMAPClient  # type: ignore[import-untyped]

from mailflow.core.settings import MailboxSettings, Security
from mailflow.net.login import ImapLogin

# At level "debug" it writes user names and search words into the log.
logging.getLogger("imapclient").setLevel(logging.WARNING)


class Wire(Protocol):
    """imaplib's connection under imapclient's. Only waiting in IDLE has to know it."""

    debug: int
    tagged_commands: Mapping[str, object]
    untagged_responses: Mapping[str, Sequence[object]]  # since SELECT, by their word
    file: io.BufferedReader  # what was read ahead, before Python 3.14

    def _command(self, name: str) -> str: ...

    def _get_response(self) -> bytes | None: ...


class Session(ImapLogin, Protocol):
    """An imapclient connection. Message numbers are UIDs; every call may raise OSError and imaplib.IMAP4.error."""

    normalise_times: bool
    _imap: Wire
    _idle_tag: str

    def starttls(self, ssl_context: ssl.SSLContext) -> object: ...

    def capabilities(self) -> Sequence[bytes]: ...

    def has_capability(self, capability: str) -> bool: ...

    def list_folders(self) -> Sequence[tuple[tuple[bytes, ...], bytes, str]]: ...

    def folder_exists(self, folder: str) -> bool: ...

    def create_folder(self, folder: str) -> object: ...

    def subscribe_folder(self, folder: str) -> object: ...

    def select_folder(self, folder: str) -> Mapping[bytes, object]: ...

    def search(self, criteria: Sequence[str]) -> Sequence[int]: ...

    def fetch(self, messages: Sequence[int], data: Sequence[str]) -> Mapping[int, Mapping[bytes, object]]: ...

    def add_flags(self, messages: Sequence[int], flags: Sequence[str], *, silent: bool) -> object: ...

    def move(self, messages: Sequence[int], folder: str) -> object: ...

    def copy(self, messages: Sequence[int], folder: str) -> object: ...

    def uid_expunge(self, messages: Sequence[int]) -> object: ...

    def idle_done(self) -> tuple[bytes, Sequence[tuple[object, ...]]]: ...

    def logout(self) -> object: ...

    def shutdown(self) -> None: ...

    def socket(self) -> socket.socket: ...


def dial(settings: MailboxSettings, context: ssl.SSLContext) -> Session:
    """Connect, encrypted from the first byte where the settings say so. Not yet logged in."""
    session: Session = IMAPClient(
        settings.host,
        settings.port,
        ssl=settings.security is Security.TLS,
        ssl_context=context,
        timeout=settings.timeout_seconds,
    )
    session.normalise_times = False  # else INTERNALDATE comes in this machine's zone, without saying so
    session._imap.debug = 0  # noqa: SLF001  the constructor sets 5, which halves the rate of fetching
    session.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return session
