"""Somebody is away: whoever stands in learns of their open tickets."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core import mails
from mailflow.core.assigning import stand_ins
from mailflow.core.effects import Effect, Fact, Leave, Send
from mailflow.core.model import Absence, Board, Grant, Situation, TokenKind, person
from mailflow.core.policy import Policy
from mailflow.core.rounds import Duty, about, duties
from mailflow.core.wording import Said


def left(absence: Absence, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """Remember the absence; name the open tickets to the deputy, else to coordinators, else to supervisors."""
    mine = [duty for duty in duties(known.board or Board(), policy) if absence.slug in duty.slugs]
    today = policy.hours_of(absence.slug).day_of(known.now)
    gone = replace(known, absences=(replace(absence, first=min(absence.first, today)), *known.absences))
    told = stand_ins(absence.slug, gone, policy) if mine else ()
    return Leave(absence), *(_letter(absence, mine, slug, known, policy) for slug in told)


def _letter(absence: Absence, mine: list[Duty], slug: str, known: Situation, policy: Policy) -> Send:
    facts: dict[str, Fact] = {
        "who": policy.people[absence.slug].name,
        "first": absence.first.isoformat(),
        "last": absence.last.isoformat(),
        "lines": tuple(about(duty, Said.OPEN_DUTY, slug, policy) for duty in mine),
        "actions": ("status", "digest", "help"),
    }
    grant = Grant(TokenKind.DIGEST, f"away:{absence.slug}:{absence.first.isoformat()}", person(slug))
    key = f"away:{absence.slug}:{absence.first.isoformat()}:{known.inbox or known.now.isoformat()}"
    return mails.to_person(slug, "away", key, policy, grant, "", facts)
