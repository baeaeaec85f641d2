"""Mails on their way to and from the desk, as ordinary programs make and read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import Header
from email.message import Message
from email.utils import format_datetime, formataddr
from functools import cached_property
from itertools import count

from mailflow.core.effects import Send

DESK = "helpdesk@example.org"
AUTHSERV = "mx.example.org"
AUTOMATIC = "Auto-Submitted: auto-replied\nPrecedence: bulk\n"
BULK = "Precedence: bulk\nList-Unsubscribe: <https://shop.example/leave>\n"
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
    def message(self) -> Message:
        return message_from_bytes(self.raw)

    @property
    def text(self) -> str:
        return self.body("text/plain")

    def body(self, kind: str) -> str:
        parts = (part for part in self.message.walk() if part.get_content_type() == kind)
        octets = next((part.get_payload(decode=True) for part in parts), b"")
        return octets.decode().replace("\r\n", "\n") if isinstance(octets, bytes) else ""


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    address: str


def new(author: Author, subject: str, text: str, now: datetime, more: str = "") -> bytes:
    """`more`: further headers."""
    subject = Header(subject, "utf-8" if not subject.isascii() else "us-ascii", header_name="Subject").encode()
    return _sent(f"To: {DESK}\nSubject: {subject}\n{more}", text, author, now)


def reply(author: Author, letter: Letter, text: str, now: datetime) -> bytes:
    """What is written above the whole mail, quoted."""
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    said = f"On {letter.at:%d/%m/%Y %H:%M}, Helpdesk wrote:"
    return _sent(_answering(letter), f"{text}\n\n{said}\n{quoted}", author, now)


def automatic(author: Author, letter: Letter, text: str, now: datetime) -> bytes:
    """By a program, while nobody is there."""
    return _sent(_answering(letter) + AUTOMATIC, text, author, now, return_path="")


def bounce(letter: Letter, status: str, now: datetime) -> bytes:
    """A delivery report (RFC 3464) about a mail of ours."""
    domain = letter.recipient.rpartition("@")[2]
    status_part = (
        f"Reporting-MTA: dns; mx.{domain}\n\nFinal-Recipient: rfc822; {letter.recipient}\n"
        f"Action: failed\nStatus: {status}\n"
    )
    parts = (
        ("text/plain; charset=us-ascii", "This is the mail system. Your message could not be delivered."),
        ("message/delivery-status", status_part),
        ("message/rfc822", f"From: Helpdesk <{DESK}>\nMessage-ID: {letter.id}\nSubject: x\n\nx\n"),
    )
    body = "".join(f"--=_b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts) + "--=_b--\n"
    head = (
        f"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.{domain}>\nTo: {DESK}\n"
        f"Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nDate: {format_datetime(now)}\n"
        f"Message-ID: <{next(_NUMBERS)}.report@{domain}>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n'
    )
    return (head + body).replace("\n", "\r\n").encode()


def _answering(letter: Letter) -> str:
    """The headers that make it a reply; the subject stays encoded as it came."""
    received = letter.message
    subject = str(received["Subject"]).replace("\r\n", "\n")
    return f"To: {received['Reply-To']}\nSubject: Re: {subject}\nIn-Reply-To: {letter.id}\nReferences: {letter.id}\n"


def _sent(headers: str, text: str, author: Author, now: datetime, return_path: str | None = None) -> bytes:
    """With what the desk's own mail server puts on top."""
    domain = author.address.rpartition("@")[2]
    path = author.address if return_path is None else return_path
    head = (
        f"Return-Path: <{path}>\nReceived: from mail.{domain} by {AUTHSERV}; {format_datetime(now)}\n"
        f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from={domain}\n{headers}"
        f"From: {formataddr((author.name, author.address), 'utf-8')}\nDate: {format_datetime(now)}\n"
        f"Message-ID: <{next(_NUMBERS)}.mail@{domain}>\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    )
    return f"{head}\n{text}\n".replace("\n", "\r\n").encode()
