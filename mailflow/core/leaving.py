"""Somebody is away: whoever stands in learns of their open tickets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from mailflow.core import mails
from mailflow.core.assigning import stand_ins
from mailflow.core.effects import Effect, Fact, Leave, Send
from mailflow.core.model import Absence, Board, Grant, Situation, TokenKind, person
from mailflow.core.policy import Policy
from mailflow.core.rounds import Duty, about, duties
from mailflow.core.wording import Said

NOON = time(12)


def left(absence: Absence, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """Remember the absence; name the open tickets to the deputy, else to coordinators, else to supervisors."""
    mine = [duty for duty in duties(known.board or Board(), policy) if absence.slug in duty.slugs]
    today = policy.hours_of(absence.slug).day_of(known.now)
    gone = replace(known, absences=(replace(absence, first=min(absence.first, today)), *known.absences))
    told = stand_ins(absence.slug, gone, policy) if mine else ()
    key = known.inbox or known.now.isoformat()
    return Leave(absence), *(_letter(absence, mine, slug, key, policy) for slug in told)


def begun(slug: str, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """For whoever stands in, in their round: an absence noted before has begun, and these are with them now.

    Its key is the absence's, so that it is told once.
    """
    board = known.board or Board()
    letters: list[Effect] = []
    for absence in known.absences:
        today = policy.hours_of(absence.slug).day_of(known.now)
        ahead = absence.noted and policy.hours_of(absence.slug).day_of(absence.noted) < absence.first
        if ahead and absence.covers(today) and slug in stand_ins(absence.slug, known, policy):
            mine = [duty for duty in duties(board, policy) if absence.slug in duty.slugs]
            letters += [_letter(absence, mine, slug, "begun", policy)] if mine else []
    return tuple(letters)


def _letter(absence: Absence, mine: list[Duty], slug: str, key: str, policy: Policy) -> Send:
    zone = policy.people[slug].zone or policy.calendar.zone
    facts: dict[str, Fact] = {
        "who": policy.people[absence.slug].name,
        "first": datetime.combine(absence.first, NOON, zone),
        "last": datetime.combine(absence.last, NOON, zone),
        "lines": tuple(about(duty, Said.OPEN_DUTY, slug, policy) for duty in mine),
        "actions": ("status", "digest", "help"),
    }
    grant = Grant(TokenKind.DIGEST, f"away:{absence.slug}:{absence.first.isoformat()}", person(slug))
    key = f"away:{absence.slug}:{absence.first.isoformat()}:{key}"
    return mails.to_person(slug, "away", key, policy, grant, "", facts)
