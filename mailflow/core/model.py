"""The words of the helpdesk, as frozen values. Nothing here reads a clock, a file or a socket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailflow.core.deadlines import Calendar
    from mailflow.core.routing import Rule

UNKNOWN_LANGUAGE = "und"  # BCP 47: undetermined


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

    @property
    def running(self) -> bool:
        """A deadline runs: the requester has been promised to hear from us."""
        return self.state in (State.NEW, State.ASSIGNED, State.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer in the outbox that has not left: final bytes, kept back for the undo window or for a person."""

    id: str  # the key of its outbox row
    ref: str
    author: str  # slug
    leaves: datetime | None  # None: waits for #send


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
    drafts: tuple[Draft, ...] = ()  # of the ticket, not yet left
    story: tuple[Part, ...] = ()  # of the ticket, oldest first; only looked up when staff write about it
    shelf: ShelfItem | None = None
    sent: SentMail | None = None  # what the event (bounce, delivery) speaks of
    known: Known = Known()
    load: Mapping[str, int] = field(default_factory=dict)  # open tickets per person's slug
    last_assigned: Mapping[str, str] = field(default_factory=dict)  # queue -> who got its latest ticket


# ---------------------------------------------------------------- what the operator set


@dataclass(frozen=True, slots=True)
class Person:
    slug: str
    name: str
    roles: frozenset[Role]
    addresses: tuple[str, ...]  # the first one gets our mail
    reads: tuple[str, ...] = ("en",)
    writes: tuple[str, ...] = ("en",)
    zone: tzinfo | None = None


class Assignment(StrEnum):
    LEAST_LOADED = "least_loaded"
    ROUND_ROBIN = "round_robin"
    EVERYONE = "everyone"  # all get it, the first to act takes it


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    experts: tuple[str, ...]
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # empty: all
    assignment: Assignment = Assignment.LEAST_LOADED
    answer_days: int = 10  # working days


@dataclass(frozen=True, slots=True)
class Caps:
    acks_address: int = 3  # a day
    acks_domain: int = 20
    acks_all: int = 500
    public_domains: frozenset[str] = frozenset()  # mail providers of the public: no cap a domain


@dataclass(frozen=True, slots=True)
class Topics:
    """When topic scores are enough to act on (issue-wide thresholds; labels are for people)."""

    lead: float = 2.0  # below this a human decides
    contributor: float = 2.0  # a further topic with a lower score contributes nothing
    margin: float = 1.25  # the lead's score over a further one's: below this the further one contributes
    strong: float = 1000.0  # a further topic with this score contributes, however strong the lead is
    before: Mapping[str, Sequence[str]] = field(default_factory=dict)  # topic -> those it leads before when it is near
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # topic -> language -> label


@dataclass(frozen=True, slots=True)
class Coding:
    """How signs become suggestions (rules/coding.toml)."""

    enough: float = 2.0  # a weaker sign suggests nothing
    refuse: float = 4.0  # from here on a mail is suggested to be inadmissible
    regions: Mapping[str, str] = field(default_factory=dict)  # country (ISO 3166) -> region of the taxonomy
    concerned: frozenset[str] = frozenset()  # the regions that a question can be about
    domains: Mapping[str, str] = field(default_factory=dict)  # a label of the sender's domain -> user type


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator set in config.toml and rules/, checked and resolved: dates, zones and people included."""

    desk: str  # the helpdesk's name, as mails say it
    address: str  # the address that askers write to; tokens go in as address+token
    own_addresses: frozenset[str]
    calendar: Calendar
    languages: tuple[str, ...]
    bilingual: tuple[str, str]  # the two languages of a reply when theirs is unknown
    people: Mapping[str, Person]
    queues: Mapping[str, Queue]
    rules: tuple[Rule, ...] = ()
    topics: Topics = Topics()
    coding: Coding = Coding()
    caps: Caps = Caps()
    undo: timedelta = timedelta(minutes=10)
    short_answer: int = 25  # an answer of fewer letters waits for #send
    triage_days: int = 10  # answer deadline, in working days, while no queue has the ticket
    keep_months: int = 60  # the retention that acknowledgements name
    refusals: frozenset[str] = frozenset({"no"})  # a reply of this word alone refuses publication
    staff_languages: tuple[str, ...] = ("en", "fr", "es")
    prefix: str = ""  # of references
    authenticates: bool = True  # False: the desk's mail server says nothing of senders

    @property
    def coordinators(self) -> tuple[str, ...]:
        return self._with(Role.COORDINATOR)

    @property
    def supervisors(self) -> tuple[str, ...]:
        return self._with(Role.SUPERVISOR)

    def _with(self, role: Role) -> tuple[str, ...]:
        return tuple(member.slug for member in self.people.values() if role in member.roles)

    def language_for(self, member: Person) -> str:
        """The staff language that this person reads best."""
        return next((code for code in member.reads if code in self.staff_languages), self.staff_languages[0])

    @property
    def staff_addresses(self) -> tuple[str, ...]:
        return tuple(address for member in self.people.values() for address in member.addresses)

    def person_at(self, address: str) -> Person | None:
        """Whose address this is. Addresses compare as `normal_address` leaves them."""
        return next((p for p in self.people.values() if address and address in p.addresses), None)
