"""What the operator set, as frozen values: people, queues, thresholds, caps. config/ makes them of the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.deadlines import Calendar, Reminders
from mailflow.core.model import Role, Ticket

if TYPE_CHECKING:
    from mailflow.core.routing import Rule


@dataclass(frozen=True, slots=True)
class Person:
    slug: str
    name: str
    roles: frozenset[Role]
    addresses: tuple[str, ...]  # the first one gets our mail
    reads: tuple[str, ...] = ("en",)
    writes: tuple[str, ...] = ("en",)
    zone: tzinfo | None = None
    delegates: tuple[str, ...] = ()  # who may stand in for them
    calendar: Calendar | None = None  # when they work; None: as the desk does


class Assignment(StrEnum):
    LEAST_LOADED = "least_loaded"
    ROUND_ROBIN = "round_robin"
    EVERYONE = "everyone"  # all get it, the first to act takes it


class Review(StrEnum):
    """Who reads an answer before it leaves."""

    NONE = "none"
    COORDINATOR = "coordinator"
    EXPERT = "expert"  # another one of the queue


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    experts: tuple[str, ...]
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # empty: all
    assignment: Assignment = Assignment.LEAST_LOADED
    answer_days: int = 10  # working days
    review: Review = Review.NONE


class Span(StrEnum):
    """What may take how long."""

    FIRST_CONTACT = "first_contact"  # until somebody has the question
    ANSWER = "answer"
    CONTRIBUTION = "contribution"
    TRANSLATION = "translation"
    REVIEW = "review"
    SHELF = "shelf"


USUAL_DAYS: Mapping[Span, int] = {
    Span.FIRST_CONTACT: 2, Span.ANSWER: 10, Span.CONTRIBUTION: 5, Span.TRANSLATION: 3, Span.REVIEW: 2, Span.SHELF: 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """Other deadlines for some tickets: all that it names must hold; an empty list holds always."""

    days: Mapping[Span, int]
    queues: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    user_types: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    def holds(self, ticket: Ticket) -> bool:
        return (
            (not self.queues or ticket.queue in self.queues)
            and (not self.languages or ticket.language in self.languages)
            and (not self.user_types or ticket.codes.get("user_type", "") in self.user_types)
            and (not self.topics or not set(self.topics).isdisjoint(ticket.topics))
        )


@dataclass(frozen=True, slots=True)
class Deadlines:
    """In working days. The first rule that holds and names the span decides."""

    days: Mapping[Span, int] = field(default_factory=lambda: dict(USUAL_DAYS))
    rules: tuple[DeadlineRule, ...] = ()
    reminders: Reminders = field(default_factory=Reminders)
    extension: int = 5  # what an asker is promised when an answer will be late
    silent: int = 10  # after our question to an asker, until they are reminded
    closing: int = 10  # and then, until their ticket is closed
    reopen_days: int = 90  # days after closing within which a mail reopens a ticket
    news_days: int = 7  # days within which news of a ticket are given once


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
class Publication:
    """How answers come to stand on the site (rules/publication.toml)."""

    reviewers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # topic, or "" for any other -> slugs
    delay_days: int = 30  # from approval to page
    review_months: int = 24  # until a page should be looked at again
    rare: int = 5  # fewer tickets than this that share a coding are few
    countries: bool = False  # whether a page says which country its question came from
    site: str = ""  # where the site stands, for links; "": nowhere yet
    about: Mapping[str, str] = field(default_factory=dict)  # language -> what stands on its first page
    privacy: Mapping[str, str] = field(default_factory=dict)  # language -> what stands at the foot of each page
    suggestions: int = 3  # earlier answers that an expert is shown with a question
    linked: float = 0.0  # the score of the lead topic from which an acknowledgement links published answers; 0: never

    def page(self, language: str, item: str) -> str:
        """The address of a page, as publish/site/ builds it; "" while the desk has no site."""
        return f"{self.site.rstrip('/')}/{language}/q/{item}/" if self.site and item else ""


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
    deadlines: Deadlines = Deadlines()
    publication: Publication = Publication()
    refusals: frozenset[str] = frozenset({"no"})  # a reply of this word alone refuses publication
    approvals: frozenset[str] = frozenset({"ok"})  # a reply of this alone approves a draft
    translates: bool = True  # False: experts get questions in any language as they are
    labels: Mapping[str, Mapping[str, Mapping[str, str]]] = field(
        default_factory=dict
    )  # list of codes -> id -> language -> label
    offices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # country -> who is competent there
    language_names: Mapping[str, str] = field(default_factory=dict)  # in small letters -> code of a served language
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

    @property
    def translators(self) -> tuple[str, ...]:
        return self._with(Role.TRANSLATOR)

    def hours_of(self, slug: str) -> Calendar:
        """When somebody works."""
        member = self.people.get(slug)
        return member.calendar if member and member.calendar else self.calendar

    def label(self, kind: str, code: str, language: str) -> str:
        """What a code of the taxonomy (topic, sector, region, user_type, reason) is called in a language."""
        labels = self.labels.get(kind, {}).get(code, {})
        return labels.get(language) or labels.get("en") or code

    def days_for(self, span: Span, ticket: Ticket) -> int:
        """How many working days something about this ticket may take."""
        named = next((rule.days[span] for rule in self.deadlines.rules if span in rule.days and rule.holds(ticket)), 0)
        if named:
            return named
        if span is Span.ANSWER:
            queue = self.queues.get(ticket.queue)
            return queue.answer_days if queue else self.triage_days
        return self.deadlines.days[span]

    def language_for(self, member: Person) -> str:
        """The staff language that this person reads best."""
        return next((code for code in member.reads if code in self.staff_languages), self.staff_languages[0])

    @property
    def staff_addresses(self) -> tuple[str, ...]:
        return tuple(address for member in self.people.values() for address in member.addresses)

    def person_at(self, address: str) -> Person | None:
        """Whose address this is. Addresses compare as `normal_address` leaves them."""
        return next((p for p in self.people.values() if address and address in p.addresses), None)
