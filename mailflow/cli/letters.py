"""A mail of ours, read back for a person: its head, its words, its files."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import default
from typing import TYPE_CHECKING

from mailflow.cli import show

if TYPE_CHECKING:
    from mailflow.store.queries import Letter

# What the store knows more finely than the promise to scripts: a draft that waits for a person waits.
STATES = {"waiting": ("waiting", "held"), "sent": ("sent",), "failed": ("failed",)}


def state_of(letter: Letter) -> str:
    return next((name for name, states in STATES.items() if letter.state in states), letter.state)


def listed(letter: Letter) -> dict[str, object]:
    """The object of `outbox list --json`."""
    head = BytesHeaderParser(policy=default).parsebytes(letter.raw)
    return {
        "id": letter.id,
        "ticket": letter.ticket or None,
        "to": letter.recipient,
        "template": letter.template,
        "language": letter.language,
        "subject": str(head.get("Subject", "")),
        "message_id": str(head.get("Message-ID", "")),
        "state": state_of(letter),
        "tries": letter.tries,
        "next_try": show.rfc3339(letter.next_try),
        "error": letter.error,
        "held": letter.state == "held",
        "made_at": show.rfc3339(letter.made_at),
        "sent_at": show.rfc3339(letter.sent_at),
    }


def told(letter: Letter) -> dict[str, object]:
    """The object of a ticket's story."""
    mail = BytesParser(EmailMessage, policy=default).parsebytes(letter.raw)
    body = mail.get_body(("plain",)) if letter.raw else None
    return {
        "direction": "out",
        "kind": letter.template,
        "message_id": str(mail.get("Message-ID", "")),
        "at": show.rfc3339(letter.sent_at or letter.made_at),
        "from_role": "desk",
        "text": body.get_content() if body else "",
        "attachments": [_file(part) for part in mail.iter_attachments()],
        "subject": str(mail.get("Subject", "")),
        "to": letter.party.removeprefix("person:").partition(":")[0],
        "state": letter.state,
    }


def _file(part: EmailMessage) -> dict[str, object]:
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)
    named = {"name": part.get_filename() or "", "type": part.get_content_type()}
    return {**named, "size": len(octets), "sha256": hashlib.sha256(octets).hexdigest()}
