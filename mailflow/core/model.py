"""The words of the helpdesk, as frozen values. Nothing here reads a clock, a file or a socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from mailflow.core.publication import Candidate, Item

UNKNOWN_LANGUAGE = "und"  # BCP 47: undetermined


Day: TypeAlias = date  # where a field is itself called date


class Role(StrEnum):
    REQUESTER = "requester"
    EXPERT = "expert"
    COORDINATOR = "coordinator"
    SUPERVISOR = "supervisor"
    TRANSLATOR = "translator"
    DATA_PROTECTION = "data_protection"
    OPERATOR = "operator"  # whoever sits at the machine's keyboard


class State(StrEnum):
    NEW = "new"  # opened; nobody has it yet
    ASSIGNED = "assigned"  # an expert, or a whole queue, has the question
    WAITING = "waiting"  # we asked the requester something: the clock is paused
    IN_REVIEW = "in_review"  # a second person reads the draft
    ANSWERED = "answered"  # an answer has left
    CLOSED = "closed"


class OriginKind(StrEnum):
    HUMAN = "human"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    CALENDAR = "calendar"
    NOTIFICATION = "notification"
    SPAM = "spam"


class Verdict(StrEnum):
    """What the desk's own mail server says of the sender (security rule 2)."""

    PASS = "pass"  # noqa: S105  the word of RFC 8601
    FAIL = "fail"
    NONE = "none"


class Outcome(StrEnum):
    OPENED = "opened"
    ADDED = "added"
    COMMANDED = "commanded"
    RECORDED = "recorded"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"
    SHELVED = "shelved"


class TokenKind(StrEnum):
    TICKET = "ticket"
    DRAFT = "draft"
    SHELF = "shelf"
    TASK = "task"  # a contribution, translation or review that somebody owes: a reply is that
    NOTICE = "notice"  # what we report about a ticket: a reply to it may hold commands, and is never an answer
    PUBLICATION = "publication"
    DIGEST = "digest"


class PartyKind(StrEnum):
    PERSON = "person"  # somebody of people.toml, by slug
    REQUESTER = "requester"  # a row of the requester table, by id


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom a mail can reach. Never an address: those are looked up when the mail is made."""

    kind: PartyKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Party:
        kind, _, name = text.partition(":")
        return cls(PartyKind(kind), name)


def person(slug: str) -> Party:
    return Party(PartyKind.PERSON, slug)


def requester(row: str) -> Party:
    return Party(PartyKind.REQUESTER, row)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a reply token stands for: this party may speak about this subject."""

    kind: TokenKind
    subject: str  # a ticket's reference, an outbox key (draft) or an inbox id (shelf)
    party: Party
    ref: str = ""  # the ticket that the subject belongs to, if any


# ---------------------------------------------------------------- what arrived


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    type: str
    size: int  # octets, decoded
    sha256: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    kind: OriginKind
    because: str

    @property
    def automatic(self) -> bool:
        """No person sat behind it: never to be answered."""
        return self.kind not in (OriginKind.HUMAN, OriginKind.LIST)


@dataclass(frozen=True, slots=True)
class Authentication:
    verdict: Verdict
    because: str


@dataclass(frozen=True, slots=True)
class Language:
    code: str  # BCP 47, or UNKNOWN_LANGUAGE
    confidence: float  # 0 to 1
    by: str  # script, langdetect, hint or default
    guess: str = ""  # the likeliest served language when the code is unknown


@dataclass(frozen=True, slots=True)
class TopicScore:
    id: str
    score: float
    because: tuple[str, ...] = ()  # the words that spoke, as the rules spell them


class SignKind(StrEnum):
    """What the words of a mail may hint at besides its topics."""

    USER_TYPE = "user_type"  # who asks: an id of the taxonomy
    COUNTRY = "country"  # where the asker's organisation is: ISO 3166, two letters
    USER_REGION = "user_region"  # the region of that country
    CONCERNED = "concerned"  # a country, or a region of the taxonomy, that the question is about
    REGION = "region"  # the region of those countries
    SECTOR = "sector"  # an id of the taxonomy
    INADMISSIBLE = "inadmissible"  # a reason of rules/coding.toml
    DEADLINE = "deadline"  # the day that the asker names, as 2026-12-15
    DANGER = "danger"  # to life or liberty
    WISH = "wish"  # no_publication or erasure
    HEARD_FROM = "heard_from"  # how they heard of the desk: an id of the taxonomy
    COURTESY = "courtesy"  # nothing but thanks, or a question for news of the ticket
    REPLY_LANGUAGE = "reply_language"  # BCP 47


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that a mail hints at. Only ever a suggestion: a person decides."""

    kind: SignKind
    value: str
    score: float
    because: tuple[str, ...] = ()  # the words that spoke, as the rules spell them, or what else told it


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a bounce says, RFC 3464 or not: nothing of it is believed before it is matched with a mail of ours."""

    recipients: tuple[str, ...] = ()
    status: str = ""  # "5.1.1", or "" when it names none
    action: str = ""  # failed, delayed, delivered, relayed, expanded or ""
    cites: tuple[str, ...] = ()  # Message-IDs, angle brackets included, that the bounce gives back

    @property
    def failed(self) -> bool:
        """The mail did not arrive, and nobody tries any more: not so a warning that it is late, or news of success."""
        return self.action in ("", "failed") and not self.status.startswith("2")

    @property
    def permanent(self) -> bool:
        """It failed for a reason that lasts. A full mailbox or a server that was silent for days may be well again."""
        return self.failed and not self.status.startswith("4")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that arrived, decoded and understood. Only `text` is what its author wrote for us."""

    message_id: str
    sender: str  # the single address in the single From, normalised; "" when there is none or any doubt
    name: str = ""
    subject: str = ""
    date: datetime | None = None
    text: str = ""  # the author's own words
    quoted: str = ""  # what was cut as quotation or signature
    cut_sure: bool = True  # False: nothing was cut because it was not clear what to cut
    rich: str = ""  # the own words as allow-listed HTML, or ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  # decoded, names in lower case, in order
    references: tuple[str, ...] = ()  # In-Reply-To and References, newest last
    return_path: str | None = None  # "" is the null path, None is unknown
    attachments: tuple[Attachment, ...] = ()
    tokens: tuple[str, ...] = ()  # every reply token seen, in any carrier, unchecked
    origin: Origin = Origin(OriginKind.HUMAN, "nothing says otherwise")
    away_until: Day | None = None  # of an absence notice: the last day, where it names one
    authentication: Authentication = Authentication(Verdict.NONE, "nothing was said")
    language: Language = Language(UNKNOWN_LANGUAGE, 0.0, "default")
    topics: tuple[TopicScore, ...] = ()
    signs: tuple[Sign, ...] = ()  # the strongest of each kind first
    bounce: BounceReport | None = None
    sender_doubt: str = ""  # why `sender` is empty
    defects: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    @property
    def empty(self) -> bool:
        return not self.text.strip() and not self.attachments


# ---------------------------------------------------------------- what the desk holds


@dataclass(frozen=True, slots=True)
class Requester:
    id: str
    language: str = UNKNOWN_LANGUAGE
    reachable: bool = True  # False: asked by telephone, no address
    new: bool = False  # never wrote before: has no row yet


@dataclass(frozen=True, slots=True)
class Ticket:
    ref: str
    requester: Requester
    state: State
    queue: str  # "" while no rule could route it: the coordinators have it
    language: str
    opened: datetime
    assignee: str = ""  # a person's slug; "" means the whole queue
    due: datetime | None = None
    clock: int = 0  # how many deadlines were started: each is acknowledged once
    closed: datetime | None = None
    topics: tuple[str, ...] = ()
    admissible: bool | None = None
    archived: bool = False
    publication: str = ""  # "never" once the requester refused
    reason: str = ""  # why it is inadmissible: an id of coding.toml
    title: str = ""  # a neutral name that a coordinator gave it
    codes: Mapping[str, str] = field(default_factory=dict)  # user_type, user_region, region, sector, heard_from
    paused: datetime | None = None  # since when the clock stands still
    asked: datetime | None = None  # when we asked the requester something that they haven't answered
    nudged: datetime | None = None  # when they were reminded of it
    promised: datetime | None = (
        None  # by when the requester was told last that they hear from us; `due` may be another day
    )
    late_told: int = 0  # the clock for which they were told that the answer will be late
    status_told: datetime | None = None  # when they last asked for news, and got them
    answered: datetime | None = None  # when the first answer left
    answered_last: datetime | None = None  # and the latest
    settled_at: datetime | None = None  # since when it is answered or closed
    wanted: date | None = None  # the day that the requester named
    merged: str = ""  # the ticket that it is part of now
    declined: tuple[str, ...] = ()  # slugs: who gave it back

    @property
    def settled(self) -> bool:
        """Nothing is owed to the requester."""
        return self.state in (State.ANSWERED, State.CLOSED)

    @property
    def running(self) -> bool:
        """A deadline runs: the requester has been promised to hear from us."""
        return self.state in (State.NEW, State.ASSIGNED, State.IN_REVIEW)


class TaskKind(StrEnum):
    """What somebody may owe a ticket besides its answer."""

    CONTRIBUTION = "contribution"  # their part of an answer, to whoever leads
    TRANSLATION = "translation"  # of what the requester wrote
    RETURN = "return"  # the translation of an answer
    REVIEW = "review"  # of a draft
    REMINDER = "reminder"  # to look at the ticket on a day that they named


@dataclass(frozen=True, slots=True)
class Task:
    """Something that one person owes a ticket by an inner deadline."""

    id: str
    ref: str
    kind: TaskKind
    slug: str
    due: datetime
    by: str = ""  # whoever wanted it; "" for a rule
    draft: str = ""  # the key of the draft that is reviewed; of a translation for the requester, its mail's template


@dataclass(frozen=True, slots=True)
class Absence:
    slug: str
    first: date
    last: date
    deputy: str = ""  # slug
    noted: datetime | None = None  # when we learned of it

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Board:
    """The desk at a glance, for the daily rounds and digests: nothing here says who asked, or a word of a mail."""

    tickets: tuple[Ticket, ...] = ()  # that are not closed
    tasks: tuple[Task, ...] = ()  # that are owed
    flagged: tuple[Ticket, ...] = ()  # proposed for publication
    shelf: tuple[ShelfItem, ...] = ()
    told: frozenset[str] = frozenset()  # reminders that were sent, by their keys
    undelivered: tuple[SentMail, ...] = ()  # mails of open tickets that did not arrive
    figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """What came and went in one stretch of time."""

    opened: int = 0
    answered: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What the digest counts."""

    weeks: tuple[Flow, ...] = ()  # this one first, then those before it
    first_answers: tuple[tuple[str, str, int, bool], ...] = ()  # queue, language, working days, in time


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer in the outbox that has not left: final bytes, kept back for the undo window or for a person."""

    id: str  # the key of its outbox row
    ref: str
    author: str  # slug
    leaves: datetime | None  # None: waits for #send

    @property
    def letter(self) -> str:
        """What it is a copy of: an answer to a question without an address goes to each coordinator."""
        return ":".join(self.id.split(":")[:3])  # template, ticket, mail


@dataclass(frozen=True, slots=True)
class ShelfItem:
    id: str  # of the inbox row
    reason: str
    at: datetime
    ref: str = ""  # the ticket that it seems to speak of
    size: int = 0  # octets
    waiting: bool = True  # False: released or dropped meanwhile


@dataclass(frozen=True, slots=True)
class SentMail:
    """A row of the outbox, as a bounce or a delivery speaks of it."""

    id: str  # its key
    ref: str
    party: Party
    template: str


@dataclass(frozen=True, slots=True)
class Notice:
    """News for one person that can wait a quarter of an hour: of a mail on the shelf, or of one that did not arrive."""

    slug: str
    template: str  # shelf or undelivered
    subject: str  # an inbox id, or an outbox key
    key: str  # of the mail that it would have been: told once, whichever way


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a ticket's story, as the store kept it: unmasked, so only core/views may show it."""

    kind: str  # question, more, answer, note, automatic
    from_role: str
    at: datetime
    subject: str
    text: str
    quoted: str = ""
    sender: str = ""
    name: str = ""
    files: tuple[str, ...] = ()
    inbox: str = ""  # the mail that it came with, for its attachments


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket that a search came upon."""

    ticket: Ticket
    part: Part  # the message in which the words stand


@dataclass(frozen=True, slots=True)
class Known:
    """Figures about the mails that we sent lately, for the caps of security rule 8."""

    acks_address: int = 0  # to this address in the last 24 hours
    acks_domain: int = 0
    acks_all: int = 0
    muted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision may look at: what the store knew when the event came."""

    now: datetime
    next_ref: str = ""
    inbox: str = ""  # id of the mail being handled
    size: int = 0  # its octets
    duplicate_of: str = ""  # id of an earlier inbox mail that says the same
    archive: bool = False  # taken in as old mail: no automatic reply
    released_by: str = ""  # slug (or "operator") of who took it off the shelf: their word stands for authentication
    grants: tuple[Grant, ...] = ()  # what the mail's valid tokens stand for, each once
    ticket: Ticket | None = None
    requester: Requester | None = None  # whom the sender's address belongs to; a fresh id when never seen
    named: Requester | None = None  # whom the address belongs to that #from or #new names
    drafts: tuple[Draft, ...] = ()  # of the ticket, not yet left
    story: tuple[Part, ...] = ()  # of the ticket, oldest first; only looked up when staff write about it
    shelf: ShelfItem | None = None
    sent: SentMail | None = None  # what the event (bounce, delivery) speaks of
    overtaken: bool = False  # the requester wrote after `sent` was written: it doesn't answer all that they asked
    known: Known = Known()
    tasks: tuple[Task, ...] = ()  # of the ticket, still owed
    declined: tuple[Task, ...] = ()  # of the ticket, given back by those who owed them
    absences: tuple[Absence, ...] = ()  # of today and later
    on: Mapping[str, Situation] = field(
        default_factory=dict
    )  # what #on names: a ticket or shelved mail, looked up alike
    links: tuple[tuple[str, str], ...] = ()  # tickets that belong with this one, each with how (effects.Link)
    others: Mapping[str, Ticket] = field(default_factory=dict)  # tickets that commands of the mail name, by reference
    found: tuple[Found, ...] = ()  # what #find came upon
    candidate: Candidate | None = None  # the ticket's latest, on its way to the site
    item: Item | None = None  # what is published of it
    pages: tuple[str, ...] = ()  # ids of all that is published of the ticket
    fresh_name: str = ""  # for the address of a new page
    published: tuple[Item, ...] = ()  # earlier answers that may help with this mail, the likeliest first
    board: Board | None = None  # for rounds, digests, #status without a ticket
    load: Mapping[str, int] = field(default_factory=dict)  # open tickets per person's slug
    last_assigned: Mapping[str, str] = field(default_factory=dict)  # queue -> who got its latest ticket
