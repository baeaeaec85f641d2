"""From a `Send` to the final bytes of a mail. They are made once and kept: a retry sends the same mail again."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from email.utils import format_datetime, formataddr
from enum import StrEnum

from jinja2 import TemplateError

from mailflow.core import tokens
from mailflow.core.effects import Send
from mailflow.mail import charts, frame
from mailflow.mail.frame import Enclosure, Picture
from mailflow.mail.markup import clean_line
from mailflow.mail.render import Letterhead, Rendered, Templates

NONCE_OCTETS = 10  # 16 letters
MAX_REFERENCES = 20
MAX_LOCAL_PART, MAX_ADDRESS = 64, 320  # RFC 5321
MAX_DESK = 100  # characters of the desk's name
# Whatever mail systems send back of themselves, except that a mail could not be delivered.
_SUPPRESS = "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply"
_ATOM = r"[^\x00-\x20\x7f-\x9f()<>\[\]:;@\\,\"]"
_ADDRESS = re.compile(rf"(?:{_ATOM}+|\"[^\x00-\x1f\x7f-\x9f\"\\]*\")@{_ATOM}+")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,248}>")


class Kind(StrEnum):
    """What a mail says of itself in Auto-Submitted (RFC 3834)."""

    REPLIED = "auto-replied"
    GENERATED = "auto-generated"
    RELAYED = ""  # a person's words: we want to hear that its reader is on holiday


KINDS: Mapping[str, Kind] = {
    "acknowledgement": Kind.REPLIED,
    "bilingual": Kind.REPLIED,
    "transcript": Kind.REPLIED,
    "leaving": Kind.GENERATED,
    "shelf": Kind.GENERATED,
    "held": Kind.GENERATED,
    "undelivered": Kind.GENERATED,
    "question": Kind.RELAYED,
    "assignment": Kind.RELAYED,
    "more": Kind.RELAYED,
    "answer": Kind.RELAYED,
    "correction": Kind.RELAYED,
    "inquiry": Kind.RELAYED,
    "details": Kind.RELAYED,
    "inadmissible": Kind.RELAYED,
    "status": Kind.REPLIED,
    "late": Kind.GENERATED,
    "silent": Kind.GENERATED,
    "closing": Kind.GENERATED,
    "which_language": Kind.REPLIED,
    "contribution": Kind.RELAYED,
    "contributed": Kind.RELAYED,
    "translation": Kind.RELAYED,
    "translated": Kind.RELAYED,
    "review": Kind.RELAYED,
    "reviewed": Kind.GENERATED,
    "declined": Kind.GENERATED,
    "taken_away": Kind.GENERATED,
    "reminder": Kind.GENERATED,
    "away": Kind.GENERATED,
    "weekly": Kind.GENERATED,
    "digest": Kind.GENERATED,
    "notices": Kind.GENERATED,
    "candidate": Kind.RELAYED,
    "publication": Kind.GENERATED,
}
ACKNOWLEDGEMENTS = frozenset({"acknowledgement", "bilingual"})  # nothing ever comes back to a null sender


class FaultyTemplateError(Exception):
    """A template can't be rendered. What is wrong with it may hold words of a mail: `mailflow check` tells with samples."""

    def __init__(self, language: str, name: str) -> None:
        self.sentence = f"templates/{language}/{name}.txt is faulty: `mailflow check` says what is wrong"
        super().__init__(self.sentence)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the store knows of a mail that is to leave, and the decision did not: where to, and in which thread."""

    recipient: str  # address
    zone: tzinfo  # the recipient's
    token: str = ""  # "": this mail can't be answered
    languages: tuple[str, ...] = ()  # what to fall back to, in order, where the template isn't in the mail's language
    in_reply_to: str = ""
    references: tuple[str, ...] = ()  # oldest first
    attachments: tuple[Enclosure, ...] = ()
    topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # topic -> language -> label


@dataclass(frozen=True, slots=True)
class Composed:
    message_id: str  # with its angle brackets
    envelope_sender: str  # "" is the null sender
    recipient: str
    raw: bytes


class Composer:
    """Makes mails in the name of a desk: `address` is where askers write to, without any token.

    ValueError when that address can't carry a token.
    """

    def __init__(
        self,
        templates: Templates,
        desk: str,
        address: str,
        *,
        null_sender: bool = True,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        if not (_ADDRESS.fullmatch(address) and address.isascii()) or '"' in address:
            raise ValueError("the desk's address is not a plain address in ASCII")
        self.templates = templates
        self.desk = frame.shortened(clean_line(desk), MAX_DESK)
        self.address = address
        self.null_sender = null_sender
        self._random = random
        self._local, _, self._domain = address.rpartition("@")
        if len(self._local) + 1 + tokens.LENGTH > MAX_LOCAL_PART:
            raise ValueError("the desk's address is too long before the @: reply tokens don't fit in")
        self._from = f"From: {_mailbox(self.desk, address)}"

    def compose(self, send: Send, envelope: Envelope, now: datetime) -> Composed:
        """The mail, new randomness included. ValueError for an address that can't stand in a mail; else as `render`."""
        if not _ADDRESS.fullmatch(envelope.recipient) or len(envelope.recipient) > MAX_ADDRESS:
            raise ValueError("the recipient's address cannot stand in a mail")
        if now.tzinfo is None:
            raise ValueError("a time without a zone cannot be told to anybody")
        reply_address = self.reply_address(envelope.token)
        head = Letterhead(
            self.desk, self.address, send.ref, now, envelope.zone, envelope.token, reply_address, envelope.topics
        )
        wanted, _, also = send.language.partition("+")
        language = self.templates.first(send.template, (wanted, *envelope.languages))
        try:
            rendered = self.templates.render(send.template, language, send.facts, head, also)
        except (TemplateError, LookupError, ValueError) as error:
            raise FaultyTemplateError(language, send.template) from error
        message_id = f"<{'.'.join(filter(None, (envelope.token, self._nonce())))}@{self._domain}>"
        headers = [
            self._from,
            f"To: {envelope.recipient}",
            frame.header("Subject", rendered.subject),
            f"Date: {format_datetime(now.astimezone(UTC))}",
            f"Message-ID: {message_id}",
            f"Reply-To: {reply_address}",
            *_thread(envelope),
            *_automatic(KINDS[send.template]),
            f"Content-Language: {', '.join(rendered.languages)}",
        ]
        pictures = [Picture(charts.cid(chart), charts.draw(chart)) for chart in rendered.charts]
        boundary = self._random(12).hex()
        raw = frame.build(headers, rendered.text, rendered.html, envelope.attachments, boundary, pictures)
        null = self.null_sender and send.template in ACKNOWLEDGEMENTS
        return Composed(message_id, "" if null else reply_address, envelope.recipient, raw)

    def preview(self, send: Send, zone: tzinfo, now: datetime) -> Rendered:
        """What a mail would say, without a recipient or a token."""
        head = Letterhead(self.desk, self.address, send.ref, now, zone, reply_address=self.address)
        return self.templates.render(send.template, send.language, send.facts, head)

    def reply_address(self, token: str) -> str:
        """Where an answer to a mail with this token goes, and what bounces of it come back to."""
        return f"{self._local}+{token}@{self._domain}" if token else self.address

    def _nonce(self) -> str:
        return base64.b32encode(self._random(NONCE_OCTETS)).decode().lower()


def _mailbox(name: str, address: str) -> str:
    if name.isascii() and "=?" not in name:
        return formataddr((name, address))
    return f"{frame.words(name)}{frame.CRLF} <{address}>"


def _thread(envelope: Envelope) -> list[str]:
    """In-Reply-To and References. Others' Message-IDs are data: what isn't one is left out.

    So is one with a token of another ticket or person: a reply would bring it back beside ours, and be held.
    """
    known = dict.fromkeys((*envelope.references, envelope.in_reply_to))
    fit = [found for found in known if _MESSAGE_ID.fullmatch(found) and {*tokens.find(found)} <= {envelope.token}]
    parent = [found for found in fit if found == envelope.in_reply_to]
    chain = [found for found in fit if found not in parent]
    if len(chain) > MAX_REFERENCES:
        chain = [chain[0], *chain[1 - MAX_REFERENCES :]]  # the first one holds the thread together
    chain += parent
    references = ["References: " + f"{frame.CRLF} ".join(chain)] if chain else []
    return [f"In-Reply-To: {found}" for found in parent] + references


def _automatic(kind: Kind) -> list[str]:
    return [f"Auto-Submitted: {kind}", _SUPPRESS] if kind else []
