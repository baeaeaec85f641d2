"""Who is here today, who is away, and who can have tickets at all."""

from __future__ import annotations

from collections.abc import Iterable

from mailflow.core.model import Absence, Role, Situation
from mailflow.core.policy import Policy


def works(slug: str, policy: Policy) -> bool:
    """Whether this person can have tickets: an expert or a coordinator, and still there."""
    member = policy.people.get(slug)
    return member is not None and bool(member.roles & {Role.EXPERT, Role.COORDINATOR})


def away(slug: str, known: Situation, policy: Policy) -> Absence | None:
    """Somebody's absence of today (by their own calendar), if they are away."""
    today = policy.hours_of(slug).day_of(known.now)
    return next((each for each in known.absences if each.slug == slug and each.covers(today)), None)


def least_loaded(slugs: Iterable[str], known: Situation) -> str:
    """Who has the fewest open tickets; "" of nobody."""
    return min(slugs, key=lambda slug: known.load.get(slug, 0), default="")


def alarmed(known: Situation, policy: Policy) -> tuple[str, ...]:
    """Who learns of a sign of danger: the coordinators, there or not; while none of them is there, supervisors, too."""
    others = () if here(policy.coordinators, known, policy) else policy.supervisors
    return tuple(dict.fromkeys((*policy.coordinators, *others)))


def here(slugs: Iterable[str], known: Situation, policy: Policy) -> tuple[str, ...]:
    """Those who are not away today, in their order."""
    return tuple(slug for slug in slugs if slug in policy.people and away(slug, known, policy) is None)
