"""The mails about publication: the candidate for its reviewers, and what became of it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mailflow.core import mails, views
from mailflow.core.deadlines import due_after
from mailflow.core.effects import Fact, Passage, Send
from mailflow.core.model import Grant, Role, Situation, TokenKind, person
from mailflow.core.policy import Policy, Span
from mailflow.core.publication import Candidate, Mark, Replaced
from mailflow.core.wording import Line, Said

HASH_LETTERS = 16  # of a text's hash, in the reply token: whoever approves names what they saw
REQUESTER = Role.REQUESTER.value
KNOWN = "known"  # the detector that goes by what the ticket knows of its people
MOST = 80  # marks of one mail


def grant(candidate: Candidate, slug: str) -> Grant:
    """A reply speaks of this very text."""
    subject = f"{candidate.id}#{candidate.text.hash[:HASH_LETTERS]}"
    return Grant(TokenKind.PUBLICATION, subject, person(slug), candidate.ref)


def candidate(found: Candidate, slugs: Iterable[str], known: Situation, policy: Policy) -> tuple[Send, ...]:
    """For its reviewers: what would be published, what was replaced, and the original beside it."""
    facts: dict[str, Fact] = {
        "by": _name(found.author, policy),
        "topics": found.topics,
        "language": found.language,
        "version": found.version,
        "due": due_after(policy.calendar, known.now, policy.deadlines.days[Span.REVIEW]),
        "title": _walled(found.text.title, known),
        "question": Passage(_walled(found.text.question, known)),
        "answer": Passage(_walled(found.text.answer, known)),
        "marks": tuple(_mark(mark, known) for mark in found.numbered[:MOST]),
        "warnings": found.warnings,
        "leaks": tuple(Line(_word(leak.word, "", known), Said.LEAK, what=leak.kind) for leak in found.leaks[:MOST]),
        "sides": _sides(found, known),
        "actions": ("approve", "keep", "replace", "reject", "help"),
    }
    key = f"candidate:{found.id}:{found.version}:{found.text.hash[:HASH_LETTERS]}:{known.now:%Y%m%d}"
    sends = (mails.to_person(slug, "candidate", key, policy, grant(found, slug), found.ref, facts) for slug in slugs)
    return tuple(sends)


def _mark(mark: Mark, known: Situation) -> Line:
    word = " ".join(_word(mark.word, mark.by, known).split())
    values = {"word": word, "by": mark.by, "sure": str(round(100 * mark.confidence))}
    return Line(
        str(mark.number),
        Said.MARK if mark.replacement else Said.MARK_GONE,
        tuple(sorted({**values, "with": mark.replacement}.items())),
        what=mark.kind,
    )


def _sides(found: Candidate, known: Situation) -> Passage | None:
    """Original and proposal, one beside the other where a mail program shows tables, else one below the other."""
    if not found.numbered:
        return None
    texts, rows = [], []
    for part, original, marks in (
        ("question", found.original.question, found.question_marks),
        ("answer", found.original.answer, found.answer_marks),
    ):
        numbers = [mark.number for mark in found.numbered if mark.part == part]
        left, right = _marked(original, marks, numbers, known)
        texts += [left, right]
        rows.append(f"<tr><td>{_rich(left)}</td><td>{_rich(right)}</td></tr>")
    return Passage("\n\n* * *\n\n".join(texts), f"<table>{''.join(rows)}</table>")


def _marked(original: str, marks: Sequence[Replaced], numbers: Sequence[int], known: Situation) -> tuple[str, str]:
    """Both texts with the numbers of their replacements; who asked stays behind the wall on either side."""
    left, right, at = [], [], 0
    for number, mark in zip(numbers, marks, strict=False):
        between = _walled(original[at : mark.start], known)
        word = _word(original[mark.start : mark.end], mark.by, known)
        before, after = word[: len(word) - len(word.lstrip())], word[len(word.rstrip()) :]
        left += [between, before, f"[{number}: {word.strip()}]", after]
        right += [between, before, f"[{number}: {mark.replacement}]" if mark.replacement else f"[{number}]", after]
        at = mark.end
    rest = _walled(original[at:], known)
    return "".join((*left, rest)), "".join((*right, rest))


def _word(word: str, by: str, known: Situation) -> str:
    """What was replaced or must go, as its reviewers may see it: no part of the name of who asked."""
    theirs = {
        part for told in known.story if told.from_role == REQUESTER for part in _parts(f"{told.name} {told.sender}")
    }
    return views.WITHHELD if by == KNOWN or theirs & set(_parts(word)) else _walled(word, known)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[^\w]+", unaccented(text).casefold()) if len(part) > 1)


def _walled(text: str, known: Situation) -> str:
    for part in known.story:
        if part.sender or part.name:
            text = views.for_staff(text, part.sender, part.name)
    return text


def _rich(text: str) -> str:
    paragraphs = (html.escape(row).replace("\n", "<br>") for row in text.split("\n\n"))
    marked = (row.replace("[", "<b>[").replace("]", "]</b>") for row in paragraphs)
    return "".join(f"<p>{row}</p>" for row in marked)


def settled(found: Candidate, verdict: str, why: str, policy: Policy, by: str = "") -> tuple[Send, ...]:
    """For whoever flagged it and whoever wrote its text: what became of it. Withdrawn: for the coordinators, too."""
    watching = policy.coordinators if verdict in ("withdrawn", "refused") else ()
    slugs = tuple(
        dict.fromkeys(s for s in (found.flagged_by, found.author, *watching) if s in policy.people and s != by)
    )
    facts: dict[str, Fact] = {
        "verdict": verdict,  # approved, rejected, published, withdrawn, refused, unable, nobody or empty
        "by": _name(by or found.approved_by, policy),
        "why": Passage(why) if why else None,
        "title": found.text.title,
        "days": policy.publication.delay_days,
        "page": policy.publication.page(found.language, found.item) if verdict == "published" else "",
        "actions": ("show", "help"),
    }
    key = f"publication:{found.id}:{found.version}:{verdict}"
    sends = (mails.to_person(slug, "publication", key, policy, None, found.ref, facts) for slug in slugs)
    notice = {slug: Grant(TokenKind.NOTICE, found.ref, person(slug), found.ref) for slug in slugs}
    return tuple(replace(send, grant=notice[send.to.id]) for send in sends)


def _name(slug: str, policy: Policy) -> str:
    return policy.people[slug].name if slug in policy.people else policy.desk


def unaccented(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
