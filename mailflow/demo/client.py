"""Mails as ordinary mail programs and servers make them: a question, a reply with its quotation, an absence, a bounce."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from html import escape

# How a mail program introduces what it quotes, in the language of whoever uses it.
_WROTE = {
    "en": "On {date:%a, %d %b %Y at %H:%M}, {name} <{address}> wrote:",
    "es": "El {date:%d/%m/%Y} a las {date:%H:%M}, {name} <{address}> escribió:",
    "fr": "Le {date:%d/%m/%Y} à {date:%H:%M}, {name} <{address}> a écrit :",
}
_BOUNCE = """\
From: Mail Delivery System <MAILER-DAEMON@{host}>
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_returned"

--=_returned
Content-Type: text/plain; charset=us-ascii

Your message could not be delivered.

<{recipient}>: the mailbox is full

--=_returned
Content-Type: message/delivery-status

Reporting-MTA: dns; {host}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.2.2

--=_returned
Content-Type: text/rfc822-headers

{header}

--=_returned--
"""


def read(raw: bytes) -> EmailMessage:
    """A mail as a reader's program takes it apart."""
    return message_from_bytes(raw, policy=policy.default)


def author(mail: EmailMessage) -> tuple[str, str]:
    """Name and address of whoever the From line names first; empty when it names nobody."""
    found = mail["From"].addresses if mail["From"] else ()
    return (found[0].display_name, found[0].addr_spec) if found else ("", "")


def words(raw: bytes) -> str:
    """What a reader sees of a mail: its text part."""
    part = read(raw).get_body(("plain", "html"))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def question(name: str, address: str, desk: str, subject: str, text: str, now: datetime) -> bytes:
    """A new mail to the desk."""
    mail = _begun(name, address, desk, subject, now)
    mail.set_content(text.lstrip("\n"))
    return mail.as_bytes(policy=policy.SMTP)


def reply(
    received: bytes, name: str, address: str, text: str, now: datetime, *, signed: str, language: str = "en"
) -> bytes:
    """What one writes after pressing Reply, on top of everything that was said."""
    before = read(received)
    mail = _begun(name, address, _reply_to(before), _answered(str(before["Subject"])), now)
    mail["In-Reply-To"] = str(before["Message-ID"])
    mail["References"] = f"{before.get('References', '')} {before['Message-ID']}".strip()
    writer, writer_address = author(before)
    date = before["Date"].datetime
    wrote = _WROTE.get(language, _WROTE["en"]).format(date=date, name=writer, address=writer_address)
    own = f"{text.strip()}\n\n{signed}".strip()
    earlier = words(received).strip().splitlines()
    mail.set_content("\n".join([own, "", wrote, *(f"> {line}".rstrip() for line in earlier), ""]))
    mail.add_alternative(_as_html(own, wrote, earlier), subtype="html")
    return mail.as_bytes(policy=policy.SMTP)


def absence(received: bytes, name: str, address: str, text: str, now: datetime) -> bytes:
    """What an absence robot sends by itself (RFC 3834)."""
    before = read(received)
    mail = _begun(name, address, _reply_to(before), f"Automatic reply: {before['Subject']}", now)
    mail["In-Reply-To"] = mail["References"] = str(before["Message-ID"])
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(text.lstrip("\n"))
    return mail.as_bytes(policy=policy.SMTP)


def bounce(received: bytes, envelope_sender: str, recipient: str, now: datetime) -> bytes:
    """What the recipient's mail server sends when their mailbox is full (RFC 3464)."""
    host = recipient.rpartition("@")[2]
    header = received.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n")
    values = {"host": host, "recipient": recipient, "to": envelope_sender, "header": header}
    stamps = {"date": format_datetime(now), "message_id": make_msgid(domain=host)}
    return _BOUNCE.format_map({**values, **stamps}).replace("\n", "\r\n").encode("ascii", "replace")


def _begun(name: str, address: str, to: str, subject: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = formataddr((name, address))
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    return mail


def _reply_to(before: EmailMessage) -> str:
    return str((before["Reply-To"] or before["From"]).addresses[0].addr_spec)


def _answered(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _as_html(own: str, wrote: str, earlier: Sequence[str]) -> str:
    """The same for readers of HTML, as web mail makes it."""
    quoted = "<br>\n".join(escape(line) for line in earlier)
    said = "<br>\n".join(escape(line) for line in own.splitlines())
    return (
        f'<div dir="auto">{said}</div><br>\n<div class="gmail_quote"><div class="gmail_attr">{escape(wrote)}</div>\n'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{quoted}</blockquote></div>\n'
    )
