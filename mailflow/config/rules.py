"""What the files under rules/ may say: the desk's side of an installation. The descriptions make the reference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated

from pydantic import BeforeValidator, Field

from mailflow.config.closures import Country
from mailflow.config.declared import Section
from mailflow.config.labels import Label
from mailflow.config.problems import listing
from mailflow.config.report import ReportFile
from mailflow.config.values import Address, CountryCode, Domain, Kind, LanguageTag, Slug, Text, Website, Weekday, Zone
from mailflow.core.deadlines import MONDAY_TO_FRIDAY, Reminders
from mailflow.core.model import Role
from mailflow.core.policy import USUAL_DAYS, Assignment, Caps, Coding, Deadlines, Publication, Review, Span, Topics

_CAPS, _TOPICS, _CODING, _DEADLINES, _REMINDERS = Caps(), Topics(), Coding(), Deadlines(), Reminders()
_PUBLICATION = Publication()
STAFF_ROLES = tuple(role.value for role in Role if role not in (Role.REQUESTER, Role.OPERATOR))


def _staff_role(name: object) -> Role:
    if name not in STAFF_ROLES:
        raise ValueError
    return Role(str(name))


StaffRole = Annotated[Role, BeforeValidator(_staff_role), Kind(f"one of {listing(STAFF_ROLES)}")]
Days = Annotated[int, Field(ge=1, le=366)]
Weight = Annotated[float, Field(ge=-10, le=10)]


# ---------------------------------------------------------------- people.toml


class PersonEntry(Section):
    name: Text = Field(description="The person's name, as colleagues read it. Askers never see it.")
    roles: list[StaffRole] = Field(min_length=1, description="What they do here; each role allows its mail commands.")
    addresses: list[Address] = Field(
        min_length=1, description="Their mail addresses: we write to the first and believe each of them."
    )
    reads: list[LanguageTag] = Field(
        default=["en"],
        min_length=1,
        description="Languages they read; we write to them in the first of these that is a staff language.",
    )
    writes: list[LanguageTag] = Field(default=["en"], min_length=1, description="Languages they can answer in.")
    zone: Zone | None = Field(default=None, description="Their time zone. Left out: the desk's.")
    working_days: list[Weekday] | None = Field(
        default=None, description="Days on which they work. Left out: the desk's."
    )
    opens: time | None = Field(default=None, description="When their working day begins, in their zone: 09:00:00.")
    closes: time | None = Field(default=None, description="When it ends.")
    holidays: list[Country] | None = Field(
        default=None, description="Whose public holidays they keep, as in deadlines.toml. Left out: the desk's."
    )
    delegates: list[Slug] = Field(
        default=[], description="Who may stand in for them; their answers go back for a #send."
    )


class PeopleFile(Section):
    person: dict[Slug, PersonEntry] = Field(
        description="Who works here. The name of the table ([person.ann]) is what tickets and commands call them; "
        "it never changes."
    )


# ---------------------------------------------------------------- taxonomy.toml


class CodeEntry(Section):
    id: Slug = Field(description="What tickets carry. It never changes.")
    label: Label
    note: str = Field(default="", description="A remark for whoever edits this file.")


class RegionEntry(CodeEntry):
    user: bool = Field(default=True, description="An asker can come from there.")
    concerned: bool = Field(default=True, description="A question can be about it.")


class TopicEntry(CodeEntry):
    domain: Slug = Field(description="The domain that it belongs to.")
    report_category: str = Field(default="", description="The row of the yearly report that counts it; empty: its own.")


class TaxonomyFile(Section):
    version: Text = Field(description="Which edition of the taxonomy this is; the report prints it.")
    user_type: list[CodeEntry] = Field(default=[], description="Who asks.")
    region: list[RegionEntry] = Field(default=[], description="Where askers come from, and what questions are about.")
    sector: list[CodeEntry] = Field(default=[], description="Economic sectors.")
    heard_from: list[CodeEntry] = Field(default=[], description="How askers heard of the desk.")
    domain: list[CodeEntry] = Field(description="Groups of topics.")
    topic: list[TopicEntry] = Field(description="What questions are about.")


# ---------------------------------------------------------------- topics/<language>.toml


class TopicWords(Section):
    words: dict[str, Weight] = Field(
        description="Words and phrases, each with its weight: 3 names the topic, 1 points to it, 0 silences the "
        'ones inside it, less speaks against the topic. "law*" is a word family.'
    )


class TopicsFile(Section):
    topic: dict[str, TopicWords] = Field(description="A table for each topic of the taxonomy: [wages].")


# ---------------------------------------------------------------- coding.toml, signs/<language>.toml


class CodingFile(Section):
    enough: Annotated[float, Field(gt=0)] = Field(
        default=_CODING.enough, description="A sign with a lower score suggests nothing."
    )
    refuse: Annotated[float, Field(gt=0)] = Field(
        default=_CODING.refuse, description="From this score on a mail is suggested to be inadmissible."
    )
    reason: list[CodeEntry] = Field(default=[], description="Why a question may be inadmissible.")
    domains: dict[Slug, list[Text]] = Field(
        default={}, description='For a user type, labels of mail domains that tell it: `governments = ["gov"]`.'
    )
    regions: dict[Slug, list[CountryCode]] = Field(default={}, description="For a region, the countries that it has.")


class SignWords(Section):
    words: dict[str, Weight] = Field(
        description="Words and phrases, each with its weight, as in topics/: 3 says it, 1 points to it, 0 silences "
        'the ones inside it, less speaks against it. "mine*" is a word family.'
    )


Signs = dict[Slug, SignWords]


class SignsFile(Section):
    user_type: Signs = Field(default={}, description="Who asks: a table for each user type of the taxonomy.")
    sector: Signs = Field(default={}, description="A table for each sector of the taxonomy.")
    region: Signs = Field(default={}, description="A table for each region of the taxonomy.")
    country: dict[CountryCode, SignWords] = Field(
        default={}, description="What else a country is called, its people and cities; its name is known from CLDR."
    )
    language: dict[LanguageTag, SignWords] = Field(
        default={}, description="What else a language is called; its name is known from CLDR."
    )
    heard_from: Signs = Field(
        default={}, description="How they heard of the desk: a table for each id of the taxonomy."
    )
    inadmissible: Signs = Field(default={}, description="A table for each reason of coding.toml.")
    danger: Signs = Field(default={}, description="Signs of danger to `life` or `liberty`.")
    courtesy: Signs = Field(
        default={}, description="A reply that is nothing but `thanks`, or asks only for `news` of the ticket."
    )
    wish: Signs = Field(default={}, description="What askers wish: `no_publication`, `erasure`.")
    cue: Signs = Field(default={}, description="Words that give others a meaning; see below.")
    day: Signs = Field(default={}, description="Days that have no date; see below.")


# ---------------------------------------------------------------- queues.toml, routing.toml


class QueueEntry(Section):
    name: Slug = Field(description="What tickets and commands call it. It never changes.")
    experts: list[Slug] = Field(min_length=1, description="Who answers its questions: names from people.toml.")
    topics: list[Slug] = Field(default=[], description="The topics that it takes: ids from taxonomy.toml.")
    languages: list[LanguageTag] = Field(default=[], description="The languages that it takes; empty: all.")
    assignment: Assignment = Field(
        default=Assignment.LEAST_LOADED,
        strict=False,
        description='Who gets a new ticket: the expert with the fewest open ones ("least_loaded"), the next in turn '
        '("round_robin"), or "everyone", and the first to act takes it.',
    )
    answer_days: Days = Field(default=10, description="Working days in which it answers.")
    review: Review = Field(
        default=Review.NONE,
        strict=False,
        description='Who reads an answer before it leaves: nobody ("none"), a coordinator, or another "expert" of the '
        "queue; never its author.",
    )


class QueuesFile(Section):
    queue: list[QueueEntry] = Field(min_length=1, description="A group of experts for some topics.")


class TopicsSection(Section):
    lead: Annotated[float, Field(gt=0)] = Field(
        default=_TOPICS.lead, description="A topic with a lower score decides nothing: coordinators route the ticket."
    )
    contributor: Annotated[float, Field(gt=0)] = Field(
        default=_TOPICS.contributor, description="A further topic with a lower score contributes nothing."
    )
    margin: Annotated[float, Field(ge=1)] = Field(
        default=_TOPICS.margin,
        description="A further topic whose score, times this, reaches the leading one's contributes, and so does its queue.",
    )
    strong: Annotated[float, Field(gt=0)] = Field(
        default=_TOPICS.strong,
        description="A further topic with this score contributes, however strong the leading one is.",
    )
    before: dict[Slug, list[Slug]] = Field(
        default={}, description="For a topic, those before which it leads when it comes within the margin."
    )


class RuleEntry(Section):
    name: Text = Field(description="What `explain` calls the rule when it decides.")
    when: dict[str, object] = Field(description="Conditions that must all hold; see the list of conditions.")
    queue: Slug = Field(description="The queue that gets the ticket.")


class RoutingFile(Section):
    topics: TopicsSection = Field(default=TopicsSection(), description="When topics are clear enough to act on.")
    rule: list[RuleEntry] = Field(
        default=[], description="The first rule whose conditions all hold decides; topics decide when none does."
    )


# ---------------------------------------------------------------- screening.toml, deadlines.toml, languages.toml


class CapsSection(Section):
    acks_address: Annotated[int, Field(ge=1)] = Field(
        default=_CAPS.acks_address, description="Acknowledgements a day to one address. Beyond a cap they wait."
    )
    acks_domain: Annotated[int, Field(ge=1)] = Field(default=_CAPS.acks_domain, description="A day to one domain.")
    acks_all: Annotated[int, Field(ge=1)] = Field(default=_CAPS.acks_all, description="A day in all.")
    public_domains: list[Domain] = Field(
        default=[], description="Mail providers of the public, to which the cap of a domain doesn't apply."
    )


class ScreeningFile(Section):
    refusals: list[Text] = Field(
        default=["no"],
        description="Replies to an acknowledgement that refuse publication, in any case: the word must stand alone.",
    )
    approvals: list[Text] = Field(
        default=["ok"],
        description="Replies of a reviewer that approve a draft, in any case: the words must stand alone.",
    )
    caps: CapsSection = Field(default=CapsSection(), description="How many acknowledgements may leave.")


class HolidaysSection(Section):
    countries: list[Country] = Field(
        default=[], description='Countries whose public holidays are no working days, or a part of one such as "CH-GE".'
    )


class ClosedEntry(Section):
    name: str = Field(default="", description="Why the desk is closed.")
    dates: list[date] = Field(min_length=1, description="The days, as 2026-12-24.")


class SpansSection(Section):
    first_contact: Days = Field(default=USUAL_DAYS[Span.FIRST_CONTACT], description="Until somebody has the question.")
    contribution: Days = Field(
        default=USUAL_DAYS[Span.CONTRIBUTION], description="For a part of somebody else's answer."
    )
    translation: Days = Field(default=USUAL_DAYS[Span.TRANSLATION], description="For a translation.")
    review: Days = Field(default=USUAL_DAYS[Span.REVIEW], description="For reading a draft.")
    shelf: Days = Field(default=USUAL_DAYS[Span.SHELF], description="Until somebody looks at a mail on the shelf.")


class DeadlineEntry(Section):
    queues: list[Slug] = Field(default=[], description="It holds for tickets of these queues; empty: of all.")
    languages: list[LanguageTag] = Field(default=[], description="In these languages.")
    user_types: list[Slug] = Field(default=[], description="Of these user types.")
    topics: list[Slug] = Field(default=[], description="About one of these topics.")
    answer: Days | None = Field(default=None, description="Working days for the answer.")
    first_contact: Days | None = Field(default=None, description="Until somebody has the question.")
    contribution: Days | None = Field(default=None, description="For a part of somebody else's answer.")
    translation: Days | None = Field(default=None, description="For a translation.")
    review: Days | None = Field(default=None, description="For reading a draft.")


class RemindersSection(Section):
    early: Days = Field(default=_REMINDERS.early, description="Working days before a deadline: the first warning.")
    soon: Annotated[int, Field(ge=0)] = Field(default=_REMINDERS.soon, description="The second one.")
    late: Days = Field(default=_REMINDERS.late, description="Working days after it: a reminder.")
    escalate: Days = Field(default=_REMINDERS.escalate, description="The coordinators are told.")
    supervise: Days = Field(default=_REMINDERS.supervise, description="The supervisors are told, too.")


class SilenceSection(Section):
    extension: Days = Field(
        default=_DEADLINES.extension, description="Working days that an asker is promised when an answer is late."
    )
    silent: Days = Field(
        default=_DEADLINES.silent, description="Working days after which an asker is reminded of our question."
    )
    closing: Days = Field(default=_DEADLINES.closing, description="And after which their ticket is closed.")
    reopen_days: Days = Field(
        default=_DEADLINES.reopen_days, description="Days after closing in which a mail reopens a ticket."
    )
    news_days: Days = Field(
        default=_DEADLINES.news_days, description="Days in which an asker who wants news gets them once."
    )


class DeadlinesFile(Section):
    working_days: list[Weekday] = Field(
        default=sorted(MONDAY_TO_FRIDAY), min_length=1, description="The days of the week on which the desk works."
    )
    opens: time = Field(default=time(9), description="When the working day begins: reminders and digests leave then.")
    closes: time = Field(default=time(18), description="A deadline ends at this local time of its day.")
    triage_days: Days = Field(default=10, description="Working days to answer while no queue has the ticket.")
    keep_months: Annotated[int, Field(ge=1, le=1200)] = Field(
        default=60, description="How long mails are kept after their ticket was closed, as acknowledgements say."
    )
    days: SpansSection = Field(default=SpansSection(), description="Working days for what isn't an answer.")
    deadline: list[DeadlineEntry] = Field(
        default=[], description="Other deadlines for some tickets: the first that holds and names the span decides."
    )
    reminders: RemindersSection = Field(default=RemindersSection(), description="When people are reminded.")
    askers: SilenceSection = Field(default=SilenceSection(), description="What askers are told, and when.")
    holidays: HolidaysSection = Field(default=HolidaysSection(), description="Public holidays.")
    closed: list[ClosedEntry] = Field(default=[], description="Other days on which the desk is closed.")


class LanguagesFile(Section):
    served: list[LanguageTag] = Field(
        min_length=1, description="Languages in which askers get mail; each has its folder under templates/."
    )
    bilingual: list[LanguageTag] = Field(
        min_length=2, max_length=2, description="The two languages of a mail to somebody whose language is unknown."
    )
    translates: bool = Field(
        default=True,
        description="Questions that no expert of the queue reads go through a translator, and so do the answers. "
        "`false`: experts get them as they are.",
    )
    staff: list[LanguageTag] = Field(
        default=["en", "fr", "es"], min_length=1, description="Languages in which the people of people.toml get mail."
    )


class OfficeEntry(Section):
    country: CountryCode = Field(description="ISO 3166-1, two letters.")
    name: Text = Field(description="What the office calls itself, in the language of the country.")
    address: str = Field(default="", description="Where it is found: a web address.")


class ReferralsFile(Section):
    office: list[OfficeEntry] = Field(
        default=[], description="Who helps with what the desk can't: mails about inadmissible questions name them."
    )


class PublicationFile(Section):
    delay_days: int = Field(
        default=_PUBLICATION.delay_days,
        ge=0,
        le=366,
        description="Days from approval to page: nobody must be able to match a page with a mail by its day.",
    )
    review_months: int = Field(
        default=_PUBLICATION.review_months, ge=1, le=120, description="Months after which a page is to be looked at."
    )
    rare: int = Field(
        default=_PUBLICATION.rare,
        ge=0,
        le=1000,
        description="Reviewers are warned of a text whose coding fewer tickets than this share; 0: never.",
    )
    countries: bool = Field(
        default=False, description="Whether a page says which country its question came from, and stands on its page."
    )
    site: Website = Field(
        default="",
        description='Where the site stands, such as "https://helpdesk.example.org": mails link its pages. "": nowhere yet.',
    )
    about: dict[LanguageTag, Text] = Field(
        default={}, description="A sentence or two for the site's first page, in each language."
    )
    privacy: dict[LanguageTag, Text] = Field(
        default={}, description="How questions are kept confidential, for the foot of each page."
    )
    suggestions: int = Field(
        default=_PUBLICATION.suggestions,
        ge=0,
        le=5,
        description="Earlier answers that an expert is shown with a question.",
    )
    linked: float = Field(
        default=_PUBLICATION.linked,
        ge=0,
        le=1000,
        description="An acknowledgement links published answers when the lead topic has this score; 0: never.",
    )
    reviewers: dict[str, list[Slug]] = Field(
        default={},
        description="Who reviews a text before it is published, by topic; `default` for all others. "
        "Left out: the coordinators. Whoever flagged or wrote a text never approves it.",
    )


FILES: Mapping[str, type[Section]] = {
    "referrals.toml": ReferralsFile,
    "people.toml": PeopleFile,
    "queues.toml": QueuesFile,
    "routing.toml": RoutingFile,
    "taxonomy.toml": TaxonomyFile,
    "coding.toml": CodingFile,
    "screening.toml": ScreeningFile,
    "deadlines.toml": DeadlinesFile,
    "languages.toml": LanguagesFile,
    "publication.toml": PublicationFile,
    "report.toml": ReportFile,
}
