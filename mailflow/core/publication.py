"""The words of publication: what anonymising proposes, what a candidate is, and what stands on a page.

Frozen values only. publish/ makes the proposals and the pages, people decide.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

# What may stand in a text that tells who somebody is. "address": of mail; "street": of a house; "courtesy": greetings.
KINDS = frozenset({
    "person", "organisation", "place", "address", "street", "url", "telephone", "number", "date", "amount", "count", "age",
    "handle", "token", "coordinates", "plate", "description", "courtesy",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identities:
    """What a ticket itself knows of its people: whatever of this stands in a text gives somebody away."""

    names: tuple[str, ...] = ()  # of people, as display names or signatures give them
    addresses: tuple[str, ...] = ()  # mail addresses
    organisations: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()  # of the addresses; public providers' left out
    numbers: tuple[str, ...] = ()  # telephone numbers and other digits of theirs
    tokens: tuple[str, ...] = ()  # references and reply tokens of the ticket


@dataclass(frozen=True, slots=True)
class Replaced:
    """One place of the original text, and what stands there instead."""

    start: int  # code points of the original text
    end: int
    kind: str  # person, organisation, place, address, url, telephone, number, date, amount, count, token, courtesy...
    replacement: str  # "" where the place goes without trace
    confidence: float  # 0 to 1
    by: str  # the detector's name


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A text as it is proposed, which places were replaced (in order, never overlapping), and what to think of."""

    text: str
    replaced: tuple[Replaced, ...] = ()
    warnings: tuple[str, ...] = ()  # sentences in the reader's language


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that must not be published. `word` is for the reviewers alone, never for a log."""

    kind: str  # as of `Replaced`
    where: str  # question, answer, title; of a site: the file's path
    word: str


class Audience(StrEnum):
    PUBLIC = "public"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its answer as it is published, in one language.

    `id` is the last part of its address and says nothing of a ticket or a day. The same item in other languages
    shares its `group`. `month` is coarse on purpose: the first day of the month in which it came out.
    """

    id: str
    group: str
    language: str  # BCP 47
    title: str
    question: str  # paragraphs, a blank line between two; lines beginning with "- " are a list
    answer: str  # the same; links stand as https addresses
    topics: tuple[str, ...]
    month: date
    version: int = 1
    changed: date | None = None  # the month of the version, where it isn't the first
    countries: tuple[str, ...] = ()  # ISO 3166, two letters: the country pages it stands on
    audience: Audience = Audience.PUBLIC
    review_by: date | None = None
    withdrawn: date | None = None  # the month; the page says that it was taken away, and no word of it is left


# ---------------------------------------------------------------- the way from an answer to a page


class Stage(StrEnum):
    FLAGGED = "flagged"  # somebody proposed it; the machine hasn't made its proposal yet
    REVISED = "revised"  # a person changed the text, and the machine hasn't looked through it yet
    PROPOSED = "proposed"  # it is with its reviewers
    APPROVED = "approved"  # a second person approved this very text; it waits for its day
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


# A candidate on its way: at most one a ticket.
UNDER_WAY = frozenset({Stage.FLAGGED, Stage.REVISED, Stage.PROPOSED, Stage.APPROVED})


@dataclass(frozen=True, slots=True)
class Text:
    """What would be published."""

    title: str = ""
    question: str = ""
    answer: str = ""

    @property
    def hash(self) -> str:
        """Names this very text: an approval speaks of it."""
        whole = f"{self.title}\x1f{self.question}\x1f{self.answer}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def parts(self) -> dict[str, str]:
        return {"title": self.title, "question": self.question, "answer": self.answer}


@dataclass(frozen=True, slots=True)
class Mark:
    """One replacement, as reviewers see it: they name it by its number."""

    number: int
    part: str  # question or answer
    word: str  # of the original
    replacement: str  # "" where it went without trace
    kind: str  # as of `Replaced`
    confidence: float
    by: str


@dataclass(frozen=True, slots=True)
class Edits:
    """What reviewers want of the machine's replacements, by number."""

    keep: frozenset[int] = frozenset()
    replace: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and its answer on their way to the site."""

    id: str
    ref: str
    stage: Stage
    flagged_by: str  # slug
    author: str  # slug: whoever wrote the last version; of the machine's proposal, whoever flagged it
    language: str
    topics: tuple[str, ...]
    text: Text = Text()
    original: Text = Text()  # of the mails; its title is empty
    question_marks: tuple[Replaced, ...] = ()  # of the original question
    answer_marks: tuple[Replaced, ...] = ()
    numbered: tuple[Mark, ...] = ()  # none once a person rewrote the text
    warnings: tuple[str, ...] = ()  # what reviewers should think of
    leaks: tuple[Leak, ...] = ()  # what must go first
    version: int = 1
    authors: tuple[str, ...] = ()  # slugs: whoever flagged it or wrote any version: none of them approves
    audience: Audience = Audience.PUBLIC
    edits: Edits = Edits()
    approved_by: str = ""
    approved_at: datetime | None = None
    item: str = ""  # the id of its page, once it has one
    group: str = ""  # of a translation: the page that it is one of
