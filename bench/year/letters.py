"""Mails on their way to and from the desk, as ordinary programs make and read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from functools import cached_property
from itertools import count

from mailflow.core.effects import Send

DESK = "helpdesk@example.org"
AUTHSERV = "mx.example.org"
AUTOMATIC = {"Auto-Submitted": "auto-replied", "Precedence": "bulk"}
_NUMBERS = count(1)


@dataclass(frozen=True)
class Letter:
    """A mail of the desk in somebody's mailbox."""

    send: Send  # what it tells: as a person would read it out of its words
    recipient: str  # address
    raw: bytes
    at: datetime
    id: str  # Message-ID

    @property
    def ref(self) -> str:
        return self.send.ref

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body else ""


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    address: str


def new(author: Author, subject: str, text: str, now: datetime) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["To"], message["Subject"] = DESK, subject
    message.set_content(text + "\n")
    return _sent(message, author, now)


def reply(author: Author, letter: Letter, text: str, now: datetime) -> bytes:
    """What is written above the whole mail, quoted."""
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    said = f"On {letter.at:%d/%m/%Y %H:%M}, Helpdesk wrote:"
    return _sent(_answering(letter, f"{text}\n\n{said}\n{quoted}\n"), author, now)


def automatic(author: Author, letter: Letter, text: str, now: datetime) -> bytes:
    """By a program, while nobody is there."""
    message = _answering(letter, f"{text}\n")
    for name, value in AUTOMATIC.items():
        message[name] = value
    return _sent(message, author, now, return_path="")


def bounce(letter: Letter, status: str, now: datetime) -> bytes:
    """A delivery report (RFC 3464) about a mail of ours."""
    domain = letter.recipient.rpartition("@")[2]
    cited = str(letter.message["Message-ID"])
    parts = (
        ("text/plain; charset=us-ascii", "This is the mail system. Your message could not be delivered."),
        (
            "message/delivery-status",
            f"Reporting-MTA: dns; mx.{domain}\n\nFinal-Recipient: rfc822; {letter.recipient}\n"
            f"Action: failed\nStatus: {status}\n",
        ),
        ("message/rfc822", f"From: Helpdesk <{DESK}>\nMessage-ID: {cited}\nSubject: x\n\nx\n"),
    )
    body = "".join(f"--=_b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts) + "--=_b--\n"
    head = (
        f"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.{domain}>\nTo: {DESK}\n"
        f"Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nDate: {format_datetime(now)}\n"
        f"Message-ID: <{next(_NUMBERS)}.report@{domain}>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n'
    )
    return (head + body).replace("\n", "\r\n").encode()


def _answering(letter: Letter, text: str) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    received = letter.message
    message["To"], message["Subject"] = str(received["Reply-To"]), f"Re: {received['Subject']}"
    message["In-Reply-To"] = str(received["Message-ID"])
    message.set_content(text)
    return message


def _sent(message: EmailMessage, author: Author, now: datetime, return_path: str | None = None) -> bytes:
    """With what the desk's own mail server puts on top."""
    domain = author.address.rpartition("@")[2]
    message["From"] = formataddr((author.name, author.address), "utf-8")
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{next(_NUMBERS)}.mail@{domain}>"
    path = author.address if return_path is None else return_path
    top = (
        f"Return-Path: <{path}>\r\n"
        f"Received: from mail.{domain} by {AUTHSERV}; {format_datetime(now)}\r\n"
        f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from={domain}\r\n"
    )
    return top.encode() + message.as_bytes()
