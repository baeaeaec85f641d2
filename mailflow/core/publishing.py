"""From an answer to a public page: flagged, proposed by the machine, changed and approved by people, published, withdrawn.

Whoever flagged it or wrote a version never approves it, and an approval speaks of one text, by its hash. The machine looks
through every version before its reviewers get it (publish/), and through an approved one again on its day: something that
may give somebody away stops it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from mailflow.core import publishing_mails
from mailflow.core.effects import (
    Change,
    Conclude,
    Effect,
    KeepCandidate,
    Note,
    PublishItem,
    RefusePublication,
    WithdrawItem,
)
from mailflow.core.model import Mail, Outcome, Situation, Ticket, TokenKind
from mailflow.core.policy import Person, Policy
from mailflow.core.publication import UNDER_WAY, Audience, Candidate, Edits, Item, Stage, Text

SECTIONS = {
    "title": ("title", "titre", "título", "titulo"),
    "question": ("question", "pregunta"),
    "answer": ("answer", "réponse", "reponse", "respuesta"),
}
_HEADING = re.compile(r"[\s*_>#]{0,8}(\w{4,12})[\s*_]{0,4}[:\uff1a]?[\s*_]{0,4}", re.UNICODE)
SLUG_LETTERS = 60
A_MONTH = 31  # days, at most: only months are ever shown


def flag(ticket: Ticket, topics: tuple[str, ...], audience: Audience, by: str, known: Situation) -> tuple[Effect, ...]:
    """Somebody thinks that others might need this answer: the machine makes a proposal of it next."""
    candidate = Candidate(
        id=f"{ticket.ref}:{known.inbox or known.now.isoformat()}",
        ref=ticket.ref,
        stage=Stage.FLAGGED,
        flagged_by=by,
        author=by,
        authors=(by,),
        language=ticket.language,
        topics=topics or ticket.topics,
        audience=audience,
        item=known.candidate.item if known.candidate else "",
    )
    return KeepCandidate(candidate), Change(ticket.ref, {"publication": "flagged"})


def made(candidate: Candidate, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """The machine has looked through the text: it goes to those who review its topics."""
    if known.ticket is None or known.ticket.publication == "never":
        return (KeepCandidate(replace(candidate, stage=Stage.REJECTED)),)
    slugs = reviewers_of(candidate, known.ticket, policy)
    if candidate.stage is Stage.REJECTED:
        return _given_up(candidate, "unable", policy)  # the machine could not look through it
    if not candidate.text.answer.strip():
        return _given_up(candidate, "empty", policy)
    if not slugs:
        return _given_up(candidate, "nobody", policy)  # whoever is left flagged it or wrote it
    kept = KeepCandidate(replace(candidate, stage=Stage.PROPOSED, approved_by="", approved_at=None))
    again = Change(candidate.ref, {"publication": "flagged"})  # where it was approved before, and something was found
    return kept, again, *publishing_mails.candidate(candidate, slugs, known, policy)


def _given_up(candidate: Candidate, why: str, policy: Policy) -> tuple[Effect, ...]:
    kept = KeepCandidate(replace(candidate, stage=Stage.REJECTED))
    return kept, _back(candidate), *publishing_mails.settled(candidate, why, "", policy)


def _back(candidate: Candidate) -> Effect:
    """The ticket is as it was before somebody flagged it."""
    return Change(candidate.ref, {"publication": "published" if candidate.item else ""})


def reviewers_of(candidate: Candidate, ticket: Ticket, policy: Policy) -> tuple[str, ...]:
    """Those of its topics, without whoever flagged it or wrote a version; never only those who have the ticket."""
    named = dict.fromkeys(s for topic in candidate.topics for s in policy.publication.reviewers.get(topic, ()))
    group = tuple(named) or policy.publication.reviewers.get("", ()) or policy.coordinators
    involved = {*candidate.authors, ticket.assignee}
    for more in (policy.coordinators, policy.supervisors):
        if involved.issuperset(group):
            group = (*group, *more)
    return tuple(dict.fromkeys(slug for slug in group if slug not in candidate.authors and slug in policy.people))


# ---------------------------------------------------------------- what reviewers say


def edited(candidate: Candidate, edits: Edits, by: str) -> Candidate:
    """Other words at some numbers: the machine makes the text anew, and looks through it."""
    merged = Edits(candidate.edits.keep | edits.keep, (*candidate.edits.replace, *edits.replace))
    return replace(_by(candidate, by), edits=merged)


def _by(candidate: Candidate, by: str) -> Candidate:
    """The next version, of somebody who can't approve it any more, whatever others change after them."""
    authors = tuple(dict.fromkeys((*candidate.authors, by)))
    version = candidate.version + 1
    return replace(candidate, stage=Stage.REVISED, author=by, authors=authors, version=version, approved_by="")


def rewritten(candidate: Candidate, text: Text, by: str) -> Effect:
    """A person's own words instead."""
    fresh = replace(_by(candidate, by), text=text)
    return KeepCandidate(replace(fresh, numbered=(), question_marks=(), answer_marks=(), edits=Edits()))


def approved(candidate: Candidate, by: str, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """It waits for its day now: late and coarse enough that nobody can match it with a mail."""
    kept = replace(candidate, stage=Stage.APPROVED, approved_by=by, approved_at=known.now)
    noted = Note(candidate.ref, f"publication approved by {by}: {candidate.text.hash}")
    told = publishing_mails.settled(kept, "approved", "", policy, by)
    return KeepCandidate(kept), Change(candidate.ref, {"publication": "approved"}), noted, *told


def rejected(candidate: Candidate, by: str, why: str, policy: Policy) -> tuple[Effect, ...]:
    kept = KeepCandidate(replace(candidate, stage=Stage.REJECTED))
    noted = Note(candidate.ref, f"publication rejected by {by}")
    return kept, _back(candidate), noted, *publishing_mails.settled(candidate, "rejected", why, policy, by)


def replied(mail: Mail, member: Person, known: Situation, policy: Policy, *, yes: bool) -> tuple[Effect, ...] | None:
    """A reviewer replied without a command: "OK" approves, a whole text with its headings replaces; None: neither."""
    candidate = known.candidate
    if candidate is None or candidate.stage is not Stage.PROPOSED:
        return None
    if yes and obstacle(candidate, member.slug, known) == "":
        return *approved(candidate, member.slug, known, policy), _done("a publication was approved", candidate)
    text = None if yes else text_in(mail.text, candidate.text)
    return (rewritten(candidate, text, member.slug), _done("another text for publication", candidate)) if text else None


def _done(because: str, candidate: Candidate) -> Conclude:
    return Conclude(Outcome.COMMANDED, because, candidate.ref)


def obstacle(candidate: Candidate, by: str, known: Situation) -> str:
    """Why this person can't approve what they saw: changed, own or leaks; "" when nothing stands against it."""
    seen = {g.subject.rpartition("#")[2] for g in known.grants if g.kind is TokenKind.PUBLICATION}
    if candidate.stage is not Stage.PROPOSED or (
        seen and candidate.text.hash[: publishing_mails.HASH_LETTERS] not in seen
    ):
        return "changed"
    if by in candidate.authors:
        return "own"
    return "leaks" if candidate.leaks else ""


def text_in(written: str, before: Text) -> Text | None:
    """A text under its headings (title, question, answer); what has none stays as it was. None without any heading."""
    found: dict[str, list[str]] = {}
    at = ""
    for row in written.splitlines():
        heading, rest = _heading(row)
        if heading:
            at, found[heading] = heading, [rest] if rest else []
        elif at:
            found[at].append(row)
    parts = {name: "\n".join(rows).strip() for name, rows in found.items()}
    parts = {name: " ".join(text.split()) if name == "title" else text for name, text in parts.items() if text}
    return replace(before, **parts) if parts else None


def _heading(row: str) -> tuple[str, str]:
    """Which part begins on this line, and what of it stands there already."""
    word, colon, rest = row.partition(":")
    alone = _HEADING.fullmatch(word if colon else row)
    name = next((n for n, words in SECTIONS.items() if alone and alone[1].casefold() in words), "")
    return (name, rest.strip(" *_")) if name else ("", "")


# ---------------------------------------------------------------- its day


def due(candidate: Candidate, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """The approved text becomes a page, unless something was found in it meanwhile: then it goes back to its reviewers."""
    if candidate.leaks or known.ticket is None or known.ticket.publication == "never":
        return made(candidate, known, policy)
    today = policy.calendar.day_of(known.now)
    item = _item(candidate, known, today, policy)
    published = replace(candidate, stage=Stage.PUBLISHED, item=item.id)
    noted = Note(candidate.ref, f"published: {candidate.text.hash}")
    told = publishing_mails.settled(published, "published", "", policy)
    return (
        PublishItem(item),
        KeepCandidate(published),
        Change(candidate.ref, {"publication": "published"}),
        noted,
        *told,
    )


def _item(candidate: Candidate, known: Situation, today: date, policy: Policy) -> Item:
    month = today.replace(day=1)
    earlier = known.item
    name = candidate.item or f"{slug(candidate.text.title)}{known.fresh_name}"
    country = known.ticket.codes.get("country", "") if known.ticket else ""
    concerned = (country,) if country and policy.publication.countries else ()
    return Item(
        id=name,
        group=earlier.group if earlier else candidate.group or name,
        language=candidate.language,
        title=candidate.text.title,
        question=candidate.text.question,
        answer=candidate.text.answer,
        topics=candidate.topics,
        month=earlier.month if earlier else month,
        version=earlier.version + 1 if earlier else 1,
        changed=month if earlier else None,
        countries=earlier.countries if earlier else concerned,
        audience=candidate.audience,
        review_by=(month + timedelta(days=A_MONTH * policy.publication.review_months)).replace(day=1),
    )


def slug(title: str) -> str:
    """The readable part of an address: small Latin letters and figures; "" where a title has none."""
    plain = re.sub(r"[^a-z0-9]+", "-", publishing_mails.unaccented(title).casefold()).strip("-")
    return f"{plain[:SLUG_LETTERS].rstrip('-')}-" if plain else ""


def withdrawn(known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """Its requester doesn't want it, or a coordinator: what is under way ends, what is published goes.

    That needs no word of it, so that it works after the ticket was erased, too.
    """
    if known.ticket is None:
        return ()
    month = policy.calendar.day_of(known.now).replace(day=1)
    gone = tuple(WithdrawItem(page, month) for page in known.pages)
    candidate = known.candidate
    verdict = "withdrawn" if gone else "refused"
    told = (
        publishing_mails.settled(candidate, verdict, "", policy)
        if candidate and (gone or candidate.stage in UNDER_WAY)
        else ()
    )
    return RefusePublication(known.ticket.ref), *gone, *told


def topics_named(written: str, policy: Policy) -> tuple[str, ...] | str:
    """The topics that somebody named by id or label, with commas or without; or the first word that names none."""
    labels = policy.labels.get("topic", {})
    names = {name: topic for topic, each in labels.items() for name in _names(topic, each.values())}
    words = written.replace(",", " ").replace(";", " ").split()
    found: list[str] = []
    while words:
        longest = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]).casefold() in names), 0)
        if not longest:
            return words[0]
        found.append(names[" ".join(words[:longest]).casefold()])
        words = words[longest:]
    return tuple(dict.fromkeys(found))


def _names(topic: str, labels: Iterable[str]) -> tuple[str, ...]:
    """As people may write it: a comma in a label parts nothing."""
    return tuple(" ".join(name.replace(",", " ").split()).casefold() for name in (topic, *labels))
