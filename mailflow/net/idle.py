"""Waiting for mail: IDLE that loses no event and sees a dead peer, and a bell to end the wait early.

imapclient's own idle_check() misses what the server sent together with its go-ahead, takes a dead peer for silence,
and stumbles over half a line; so we only watch the socket, and let idle_done() read. What was announced is found in
imaplib's collection of untagged answers.
"""

from __future__ import annotations

import imaplib
import select
import socket
import ssl
from contextlib import suppress
from enum import StrEnum

from mailflow.net.session import Session


class Woken(StrEnum):
    """Why a wait ended. Never a proof that there is mail or none: the next look at the folder is."""

    TIME = "time"
    MAIL = "mail"
    BELL = "bell"


class Bell:
    """Wakes the thread that waits on it; any thread may ring. Rung before the wait, it ends it at once."""

    def __init__(self) -> None:
        self._heard, self._rung = socket.socketpair()
        self._heard.setblocking(False)
        self._rung.setblocking(False)

    def ring(self) -> None:
        with suppress(BlockingIOError):  # full: it rings already
            self._rung.send(b"!")

    def hush(self) -> None:
        with suppress(BlockingIOError):
            while self._heard.recv(4096):
                pass

    def fileno(self) -> int:
        return self._heard.fileno()

    def close(self) -> None:
        self._heard.close()
        self._rung.close()


def sleep(seconds: float, bell: Bell) -> Woken:
    """Wait without a server."""
    return Woken.BELL if _watch(None, seconds, bell) else Woken.TIME


def idle(session: Session, seconds: float, bell: Bell) -> Woken:
    """Wait in the selected folder. Raises what the connection raises, also when it has died in the meantime."""
    _begin(session)
    rung = not announced(session) and not _buffered(session) and _watch(session.socket(), seconds, bell)
    session.idle_done()  # reads whole lines, under the connection's time limit
    if rung:
        return Woken.BELL
    return Woken.MAIL if announced(session) else Woken.TIME


def announced(session: Session) -> bool:
    """Whether the server told of mail since SELECT, which itself tells the number of mails once.

    It may do so in the answer to any command: a mail that comes just after a SEARCH began is announced with the
    SEARCH's own answer, without being in it, and never again.
    """
    return len(session._imap.untagged_responses.get("EXISTS", ())) > 1  # noqa: SLF001


def _begin(session: Session) -> None:
    """Enter IDLE. A server may first say something else, where imapclient's idle() would give up."""
    wire = session._imap  # noqa: SLF001
    session._idle_tag = tag = wire._command("IDLE")  # noqa: SLF001
    while wire._get_response() is not None:  # noqa: SLF001
        if wire.tagged_commands[tag]:
            raise imaplib.IMAP4.error("IDLE was refused")


def _buffered(session: Session) -> bool:
    """Whether something was already read from the socket, so that watching the socket would not show it."""
    wire, connection = session._imap, session.socket()  # noqa: SLF001
    chunks = getattr(wire, "_readbuf", None)  # from Python 3.14 on imaplib keeps its own list of chunks
    if chunks is not None:
        return any(chunks) or (isinstance(connection, ssl.SSLSocket) and connection.pending() > 0)
    patience = connection.gettimeout()
    connection.setblocking(False)
    try:
        return bool(wire.file.peek(1))  # reads what TLS has already decrypted, too
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        connection.settimeout(patience)


def _watch(connection: socket.socket | None, seconds: float, bell: Bell) -> bool:
    """Until something can be read, the bell rings or the time is over. Whether it was the bell."""
    poll = select.poll()
    poll.register(bell, select.POLLIN)
    if connection is not None:
        poll.register(connection, select.POLLIN)
    rung = any(number == bell.fileno() for number, _ in poll.poll(max(0.0, seconds) * 1000))
    if rung:
        bell.hush()
    return rung
