"""Who may get which mail. The last word before anything is sent: the engine refuses a Send that this does not name."""

from __future__ import annotations

from mailflow.core.effects import Effect, OpenTicket, Send
from mailflow.core.model import Party, Role, Situation, Ticket, person, requester
from mailflow.core.policy import Policy

TO_REQUESTER = frozenset({
    "acknowledgement", "bilingual", "answer", "correction", "inquiry", "details", "status", "late", "silent", "closing",
    "inadmissible", "which_language",
})  # fmt: skip
UNASKED = frozenset(
    {"acknowledgement", "bilingual"}
)  # to nobody else; the others a coordinator passes on, by telephone
TO_COORDINATORS = frozenset({"shelf", "undelivered", "notices", "digest"})
TO_WORKING_STAFF = frozenset({
    "question", "assignment", "more", "contribution", "contributed", "translation", "translated", "review", "reviewed",
    "declined", "taken_away", "weekly", "candidate", "publication",
})  # fmt: skip
TO_ANY_STAFF = frozenset({"leaving", "held", "transcript", "reminder", "away"})
TEMPLATES = TO_REQUESTER | TO_COORDINATORS | TO_WORKING_STAFF | TO_ANY_STAFF
WORKING = frozenset({Role.EXPERT, Role.TRANSLATOR, Role.SUPERVISOR})


def audience(template: str, ticket: Ticket | None, policy: Policy) -> frozenset[Party]:
    """Everybody who may get this template about this ticket."""
    coordinators = frozenset(person(slug) for slug in policy.coordinators)
    if template in TO_REQUESTER:
        if ticket is None:
            return frozenset()
        spoken = template not in UNASKED and not ticket.requester.reachable  # asked by telephone
        return coordinators if spoken else frozenset({requester(ticket.requester.id)})
    if template in TO_COORDINATORS:
        return coordinators | frozenset(person(slug) for slug in policy.supervisors)
    if template in TO_WORKING_STAFF:
        return coordinators | frozenset(person(p.slug) for p in policy.people.values() if p.roles & WORKING)
    if template in TO_ANY_STAFF:
        return frozenset(person(slug) for slug in policy.people)
    return frozenset()


def trespasses(effects: tuple[Effect, ...], known: Situation, policy: Policy) -> tuple[Send, ...]:
    """The Sends that are addressed to somebody whom the audience rule doesn't name: there must be none."""
    about = {ticket.ref: ticket for ticket in (known.ticket, *known.others.values()) if ticket}
    about |= {effect.ticket.ref: effect.ticket for effect in effects if isinstance(effect, OpenTicket)}
    return tuple(e for e in effects if isinstance(e, Send) and not _proper(e, about.get(e.ref), policy))


def _proper(send: Send, ticket: Ticket | None, policy: Policy) -> bool:
    granted = send.grant is None or send.grant.party == send.to
    return granted and send.to in audience(send.template, ticket, policy)
