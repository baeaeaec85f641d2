"""What is published: publish, keep, replace; approve and reject of a text for publication."""

from __future__ import annotations

import re

from mailflow.core import publishing
from mailflow.core.commands import Done, Order, command
from mailflow.core.effects import EditCandidate
from mailflow.core.model import Role, TokenKind
from mailflow.core.orders.naming import the_ticket
from mailflow.core.publication import UNDER_WAY, Audience, Candidate, Edits, Stage
from mailflow.core.wording import Said

TRAINING = frozenset({"training", "formation", "formación"})
_TEAM = (Role.EXPERT, Role.COORDINATOR)
_NUMBERS = re.compile(r"[\s,;]*(?:\d{1,4}[\s,;]*)+")
_QUOTES = "\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a \u00a0\u202f"  # around other words, as any keyboard writes them
_REPLACEMENT = re.compile(r"\s*(\d{1,4})\s*[:=]?\s+(\S.{0,300})")
_OBSTACLES = {"changed": Said.TEXT_CHANGED, "own": Said.OWN_TEXT, "leaks": Said.TEXT_LEAKS}


@command("publish [TOPIC...]", *_TEAM)
def publish(order: Order) -> Done:
    """Propose the answer for anonymised publication, under other topics if you name them; #publish training for courses alone; #publish never keeps it from it."""
    ticket, known = the_ticket(order), order.known
    if order.argument.casefold() in ("never", "jamais", "nunca"):
        return order.done(Said.NEVER_PUBLISHED, *publishing.withdrawn(known, order.policy))
    if ticket.publication == "never":
        return order.refused(Said.REFUSED_PUBLICATION)
    if ticket.answered is None:
        return order.refused(Said.NOT_ANSWERED)
    if known.candidate and known.candidate.stage in UNDER_WAY:
        return order.refused(Said.FLAGGED_ALREADY)
    words = order.argument.split()
    named = [word for word in words if word.casefold().strip(",;") not in TRAINING]
    topics = publishing.topics_named(" ".join(named), order.policy)
    if isinstance(topics, str):
        return order.refused(Said.NO_SUCH_TOPIC, name=topics)
    audience = Audience.TRAINING if len(named) < len(words) else Audience.PUBLIC
    return order.done(Said.FLAGGED, *publishing.flag(ticket, topics, audience, order.by, known))


@command("keep NUMBER...", needs=TokenKind.PUBLICATION)
def keep(order: Order) -> Done:
    """Leave the original words at these numbers of a text for publication."""
    candidate = _candidate(order)
    numbers = (
        {int(each) for each in re.findall(r"\d+", order.argument)} if _NUMBERS.fullmatch(order.argument) else set()
    )
    return _edited(order, candidate, Edits(keep=frozenset(numbers)), numbers)


@command("replace NUMBER TEXT", needs=TokenKind.PUBLICATION)
def replace_(order: Order) -> Done:
    """Put other words at a number of a text for publication: #replace 5 "a buyer"."""
    found = _REPLACEMENT.fullmatch(order.argument)
    number = int(found[1]) if found else 0
    return _edited(
        order, _candidate(order), Edits(replace=((number, found[2].strip(_QUOTES)),) if found else ()), {number}
    )


def _edited(order: Order, candidate: Candidate, edits: Edits, numbers: set[int]) -> Done:
    if candidate.stage not in (Stage.PROPOSED, Stage.REVISED):
        return order.refused(Said.TEXT_CHANGED)
    known = {mark.number for mark in candidate.numbered}
    if not numbers or not numbers <= known:
        return order.refused(Said.NO_SUCH_NUMBER, name=order.argument, known=str(len(known)))
    return order.done(Said.TEXT_EDITED, EditCandidate(candidate.id, edits, order.by))


def approve(order: Order) -> Done:
    """Of #approve: the text may be published."""
    candidate = _candidate(order)
    why = publishing.obstacle(candidate, order.by, order.known)
    if why:
        return order.refused(_OBSTACLES[why])
    done = publishing.approved(candidate, order.by, order.known, order.policy)
    return order.done(Said.PUBLICATION_APPROVED, *done, days=str(order.policy.publication.delay_days))


def reject(order: Order, why: str) -> Done:
    """Of #reject: the text won't be published."""
    candidate = _candidate(order)
    if candidate.stage not in UNDER_WAY:
        return order.refused(Said.TEXT_CHANGED)
    done = publishing.rejected(candidate, order.by, why, order.policy)
    return order.done(Said.PUBLICATION_REJECTED, *done)


def meant(order: Order) -> bool:
    """Whether a verdict is about a text for publication."""
    return order.known.candidate is not None and any(g.kind is TokenKind.PUBLICATION for g in order.known.grants)


def _candidate(order: Order) -> Candidate:
    """carry_out has seen to it that there is one."""
    if order.known.candidate is None:
        raise ValueError("a command about a publication was run without one")
    return order.known.candidate
