"""Who may get which mail. The last word before anything is sent: the engine refuses a Send that this does not name."""

from __future__ import annotations

from mailflow.core.effects import Effect, OpenTicket, Send
from mailflow.core.model import Party, PartyKind, Policy, Role, Situation, Ticket, person, requester

TO_REQUESTER = frozenset({"acknowledgement", "bilingual", "answer"})
TO_COORDINATORS = frozenset({"shelf", "undelivered"})
TO_WORKING_STAFF = frozenset({"question", "assignment", "more"})
TO_WHOEVER_WROTE = frozenset({"leaving", "held", "transcript"})
TEMPLATES = TO_REQUESTER | TO_COORDINATORS | TO_WORKING_STAFF | TO_WHOEVER_WROTE


def audience(template: str, ticket: Ticket | None, policy: Policy) -> frozenset[Party]:
    """Everybody who may get this template about this ticket."""
    coordinators = frozenset(person(slug) for slug in policy.coordinators)
    if template in TO_REQUESTER:
        if ticket is None:
            return frozenset()
        spoken = template == "answer" and not ticket.requester.reachable  # asked by telephone
        return coordinators if spoken else frozenset({requester(ticket.requester.id)})
    if template in TO_COORDINATORS:
        return coordinators | frozenset(person(slug) for slug in policy.supervisors)
    if template in TO_WORKING_STAFF:
        return coordinators | frozenset(person(p.slug) for p in policy.people.values() if Role.EXPERT in p.roles)
    if template in TO_WHOEVER_WROTE:
        return frozenset(person(slug) for slug in policy.people)
    return frozenset()


def trespasses(effects: tuple[Effect, ...], known: Situation, policy: Policy) -> tuple[Send, ...]:
    """The Sends that are addressed to somebody whom the audience rule doesn't name: there must be none."""
    opened = next((e.ticket for e in effects if isinstance(e, OpenTicket)), None)
    return tuple(e for e in effects if isinstance(e, Send) and not _proper(e, opened or known.ticket, policy))


def _proper(send: Send, ticket: Ticket | None, policy: Policy) -> bool:
    granted = send.grant is None or send.grant.party == send.to
    alone = send.to.kind is PartyKind.PERSON or (ticket is not None and send.ref == ticket.ref)
    return granted and alone and send.to in audience(send.template, ticket, policy)
