"""The world around a desk: the border server that delivers and says whom it believes, and clients that reply."""

from __future__ import annotations

import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from tests.servers.running import HOST

AUTHSERV = "mx.example.org"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail on its way to the desk."""

    sender: str  # of the envelope: "" is the null sender
    recipient: str
    raw: bytes
    author: str = ""  # address in From, when it is another than the envelope's

    def stamped(self) -> bytes:
        """As it leaves the border: with what the border says of its author on top."""
        domain = (self.author or self.sender).rpartition("@")[2]
        return f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from={domain}\r\n".encode() + self.raw


def deliver(port: int, letters: Iterable[Letter]) -> None:
    """Hand over to the mailbox server by LMTP. Returns when each is in its mailbox."""
    with smtplib.LMTP(HOST, port) as lmtp:
        for letter in letters:
            lmtp.sendmail(letter.sender, [letter.recipient], letter.stamped())


def letter(message: EmailMessage, recipient: str) -> Letter:
    """A mail that its author sends as any client does."""
    author = parseaddr(message["From"])[1]
    return Letter(author, recipient, message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), author)


def reply(received: EmailMessage, author: str, text: str) -> Letter:
    """What an ordinary client makes of "Reply": the text above the whole received mail, quoted."""
    answer = EmailMessage()
    to = parseaddr(received["Reply-To"] or received["From"])[1]
    subject = str(received["Subject"])
    answer["From"], answer["To"] = author, to
    answer["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    answer["Date"] = format_datetime(received["Date"].datetime)
    answer["Message-ID"] = make_msgid(domain=author.rpartition("@")[2].rstrip(">"))
    answer["In-Reply-To"] = received["Message-ID"]
    answer["References"] = " ".join(filter(None, (received["References"], received["Message-ID"])))
    body = received.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in (body.get_content() if body else "").splitlines())
    answer.set_content(f"{text}\n\nOn {received['Date']}, {received['From']} wrote:\n\n{quoted}\n")
    return letter(answer, to)
