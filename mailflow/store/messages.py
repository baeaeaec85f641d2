"""The messages of a ticket: sealed words, opened only here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from mailflow.core.model import Mail, Part
from mailflow.store.ids import new_id
from mailflow.store.store import Store
from mailflow.store.tables import MessageRow
from mailflow.store.vault import DataKey, Place

_message = MessageRow.__table__
_INSERT = insert(_message)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was kept: for the ticket's story, and for threading our next mail to its writer."""

    part: Part
    message_id: str
    references: tuple[str, ...]
    attachments: tuple[dict[str, object], ...]  # name, type, size, sha256


def add(
    connection: Connection,
    store: Store,
    key: DataKey,
    *,
    ref: str,
    kind: str,
    from_role: str,
    mail: Mail,
    inbox: str,
    now: datetime,
) -> None:
    """Keep a mail's words (or a typed text, as the text of an otherwise empty mail) as a message of the ticket."""
    row = new_id(now)
    content = {
        "subject": mail.subject,
        "text": mail.text,
        "quoted": mail.quoted,
        "sender": mail.sender,
        "name": mail.name,
        "message_id": mail.message_id,
        "references": mail.references[-20:],
        "attachments": [{"name": a.name, "type": a.type, "size": a.size, "sha256": a.sha256} for a in mail.attachments],
    }
    octets = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = store.vault.seal(key, Place("message", row, "sealed", ref), octets)
    values = {"id": row, "ticket": ref, "kind": kind, "from_role": from_role, "at": now, "inbox": inbox}
    connection.execute(_INSERT, {**values, "sealed": sealed})


def of_ticket(connection: Connection, store: Store, ref: str) -> list[Message]:
    """All messages of a ticket, oldest first. Raises KeyGone when the ticket was erased."""
    query = select(_message).where(_message.c.ticket == ref).order_by(_message.c.at, _message.c.id)
    rows = connection.execute(query).all()
    opened = store.vault.open_all([(row.sealed, Place("message", row.id, "sealed", ref)) for row in rows])
    return [
        _message_of(row.kind, row.from_role, row.at, row.inbox, json.loads(octets))
        for row, octets in zip(rows, opened, strict=True)
    ]


def _message_of(kind: str, from_role: str, at: datetime, inbox: str, content: dict[str, object]) -> Message:
    attachments = content["attachments"]
    references = content["references"]
    files = tuple(attachments) if isinstance(attachments, list) else ()
    words = {name: str(content[name]) for name in ("subject", "text", "quoted", "sender", "name")}
    part = Part(kind, from_role, at, **words, files=tuple(str(f["name"]) for f in files), inbox=inbox)
    earlier = tuple(str(each) for each in references) if isinstance(references, list) else ()
    return Message(part, str(content["message_id"]), earlier, files)
