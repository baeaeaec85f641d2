"""What can go wrong with a mailbox, as one error type that carries no secret and no word of a mail."""

from __future__ import annotations

import imaplib
import re
import ssl
from datetime import timedelta
from enum import StrEnum

_RESPONSE_CODE = re.compile(r"\[([A-Z][A-Z-]{2,30})[\] ]", re.ASCII)
# RFC 5530: the server's own difficulty, although it says it when we log in
_NOT_OUR_LOGIN = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})


class TroubleKind(StrEnum):
    LOGIN = "login"  # refused, or the secret can't be found: only a person can help
    CONNECTION = "connection"
    TLS = "tls"  # no trusted encryption: only a person can help
    FOLDER = "folder"  # the server refused something about a folder
    TIMEOUT = "timeout"


class MailboxTrouble(Exception):
    """The mailbox can't be used now. The sentence is for the operator; the server's own text is never in it."""

    def __init__(self, kind: TroubleKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


def backoff(tries: int, kind: TroubleKind) -> timedelta:
    """How long to wait before connecting again after the `tries`-th failure in a row (1, 2, ...).

    A refused login waits longest: servers punish the address that keeps trying, even once the password is right.
    """
    first, longest = {
        TroubleKind.LOGIN: (60, 900),
        TroubleKind.TLS: (30, 300),
        TroubleKind.FOLDER: (5, 60),
    }.get(kind, (1, 60))
    return timedelta(seconds=min(longest, first * 2 ** min(max(tries, 1) - 1, 20)))


def trouble_of(error: Exception, doing: str, refused: TroubleKind) -> MailboxTrouble:
    """Our name for what went wrong: `doing` says in what ("could not log in"), `refused` is the kind of a plain no."""
    if isinstance(error.__context__, imaplib.IMAP4.abort):
        error = error.__context__  # a connection lost while logging in comes wrapped as a refused login
    if isinstance(error, imaplib.IMAP4.error):
        kind, why = _of_protocol(error, refused)
    else:
        kind, why = _of_system(error, refused)
    return MailboxTrouble(kind, f"{doing}: {why}")


def _of_protocol(error: imaplib.IMAP4.error, refused: TroubleKind) -> tuple[TroubleKind, str]:
    if isinstance(error, imaplib.IMAP4.readonly):
        return TroubleKind.FOLDER, "it may only be read"
    if isinstance(error, imaplib.IMAP4.abort):
        return TroubleKind.CONNECTION, "the connection was lost"
    found = _RESPONSE_CODE.search(str(error))
    code = found.group(1) if found else ""
    kind = TroubleKind.CONNECTION if code in _NOT_OUR_LOGIN else refused
    return kind, f"the server refused ({code})" if code else "the server refused"


def _of_system(error: Exception, refused: TroubleKind) -> tuple[TroubleKind, str]:
    if isinstance(error, TimeoutError):
        return TroubleKind.TIMEOUT, "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return TroubleKind.TLS, f"the certificate can't be trusted ({error.verify_message})"
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)):
        return TroubleKind.CONNECTION, "the connection was lost"
    if isinstance(error, ssl.SSLError):
        return TroubleKind.TLS, f"no encryption ({error.reason or 'unknown reason'})"
    if isinstance(error, OSError) and error.filename:
        return refused, f"{error.filename}: {error.strerror}"
    said = error.strerror if isinstance(error, OSError) else None
    return TroubleKind.CONNECTION, said or "the connection was lost"
