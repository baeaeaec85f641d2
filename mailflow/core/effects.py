"""What a decision may ask for. Each one is a sentence: a verb, then the values it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from mailflow.core.model import Grant, Outcome, Party, State, Ticket
from mailflow.core.wording import Line

# What a template may be told: plain values only. A `Passage` is text of a person, never markup.
Fact: TypeAlias = "str | int | datetime | Passage | Line | tuple[str, ...] | tuple[Line, ...] | None"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a person inside a mail of ours: data, whatever they look like.

    `rich` is the same words as allow-listed HTML, only ever of an authenticated person.
    """

    text: str
    rich: str = ""


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A new ticket. The look gave its requester's id; the store makes the requester's row if there is none yet."""

    ticket: Ticket
    because: str


@dataclass(frozen=True, slots=True)
class AddMessage:
    """Keep the mail being handled (or a typed text) as a message of the ticket."""

    ref: str
    kind: str  # question, more, answer, note, automatic
    from_role: str
    text: str = ""  # only for what is not the mail being handled
    subject: str = ""


@dataclass(frozen=True, slots=True)
class SetState:
    ref: str
    state: State


@dataclass(frozen=True, slots=True)
class SetDue:
    """Start a deadline (`clock` counts them) or, with None, end it."""

    ref: str
    due: datetime | None
    clock: int


@dataclass(frozen=True, slots=True)
class Assign:
    ref: str
    assignee: str  # slug, or "" for the whole queue
    queue: str
    because: str


@dataclass(frozen=True, slots=True)
class RefusePublication:
    ref: str


@dataclass(frozen=True, slots=True)
class Send:
    """One mail to one party. `grant` names the reply token it carries; `key` lets it exist once."""

    to: Party
    template: str
    language: str
    key: str
    ref: str = ""
    grant: Grant | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    attach: tuple[str, ...] = ()  # inbox ids of the mails whose attachments go with it
    thread: bool = False  # In-Reply-To and References of the ticket's last mail from that side
    leaves: datetime | None = None  # not before
    held: bool = False  # waits for a person: #send, a review
    author: str = ""  # slug: this is a draft of theirs until it leaves


@dataclass(frozen=True, slots=True)
class ReleaseDraft:
    id: str


@dataclass(frozen=True, slots=True)
class StopDraft:
    id: str


@dataclass(frozen=True, slots=True)
class ReleaseMail:
    """Take a mail off the shelf and handle it again; `by` vouches for its sender."""

    id: str
    by: str


@dataclass(frozen=True, slots=True)
class DropMail:
    id: str
    by: str


@dataclass(frozen=True, slots=True)
class HoldUntil:
    """When somebody must be reminded of a mail on the shelf; None: nobody any more."""

    id: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Mute:
    """Automatic mail to this party waits until then."""

    party: Party
    until: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A line in the event log that changes nothing else. Never any word of a mail."""

    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class Conclude:
    """What became of the mail being handled, and why: the last effect of every MailArrived."""

    outcome: Outcome
    because: str
    ref: str = ""


Effect: TypeAlias = (
    OpenTicket | AddMessage | SetState | SetDue | Assign | RefusePublication | Send | ReleaseDraft
    | StopDraft | ReleaseMail | DropMail | HoldUntil | Mute | Note | Conclude
)  # fmt: skip
