"""What a decision may ask for. Each one is a sentence: a verb, then the values it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from mailflow.core.model import Absence, Grant, Notice, Outcome, Party, State, Task, Ticket
from mailflow.core.publication import Candidate, Edits, Item
from mailflow.core.wording import Line

# What a template may be told: plain values only. A `Passage` is text of a person, never markup.
Fact: TypeAlias = "str | int | datetime | Passage | Line | Chart | tuple[str, ...] | tuple[Line, ...] | None"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a person inside a mail of ours: data, whatever they look like.

    `rich` is the same words as allow-listed HTML, only ever of an authenticated person.
    """

    text: str
    rich: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures to be drawn: a group of bars for each label, a bar a series. `name` says what its words are."""

    name: str
    labels: tuple[str, ...]
    series: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A new ticket. The look gave its requester's id; the store makes the requester's row if there is none yet."""

    ticket: Ticket
    because: str
    address: str = ""  # of the requester, where it isn't the sender of the mail being handled


@dataclass(frozen=True, slots=True)
class AddMessage:
    """Keep the mail being handled (or a typed text) as a message of the ticket."""

    ref: str
    kind: str  # question, more, answer, note, automatic; of a requester also thanks, news (asked for) and refusal (of publication)
    from_role: str
    text: str = ""  # only for what is not the mail being handled
    subject: str = ""
    below: bool = False  # that text stands below commands in the mail being handled: its files belong to it


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
class Change:
    """What else is known of a ticket: columns of it by name (those of `Ticket`), each with its new value."""

    ref: str
    values: Mapping[str, str | bool | int | date | datetime | None]


@dataclass(frozen=True, slots=True)
class GiveTask:
    """Somebody owes the ticket something by an inner deadline."""

    task: Task


@dataclass(frozen=True, slots=True)
class MoveTask:
    """The same is owed by another day."""

    id: str
    due: datetime


@dataclass(frozen=True, slots=True)
class EndTask:
    id: str
    outcome: str  # done, declined, moot


@dataclass(frozen=True, slots=True)
class Link:
    """Two tickets belong together."""

    ref: str
    other: str
    kind: str  # related, follows, merged, same_answer


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody is away."""

    absence: Absence


@dataclass(frozen=True, slots=True)
class Remember:
    """Reminders that are being sent: none of these is ever sent again."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gather:
    """A notice that travels with others, because its reader got one a moment ago."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was gathered for this person is being told."""

    slug: str


@dataclass(frozen=True, slots=True)
class RefusePublication:
    ref: str


@dataclass(frozen=True, slots=True)
class KeepCandidate:
    """A question and its answer on their way to the site, as they stand now."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class EditCandidate:
    """Other words at some numbers of it; several of one mail add up."""

    id: str
    edits: Edits
    by: str  # slug


@dataclass(frozen=True, slots=True)
class PublishItem:
    """It stands on the site from now on, instead of its earlier version."""

    item: Item


@dataclass(frozen=True, slots=True)
class WithdrawItem:
    """It is taken off the site: no word of it is left."""

    id: str
    month: date


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
    OpenTicket | AddMessage | SetState | SetDue | Assign | Change | GiveTask | MoveTask | EndTask | Link | Leave | Remember
    | Gather | Gathered | RefusePublication | KeepCandidate | EditCandidate | PublishItem | WithdrawItem | Send
    | ReleaseDraft | StopDraft | ReleaseMail | DropMail | HoldUntil | Mute | Note | Conclude
)  # fmt: skip
