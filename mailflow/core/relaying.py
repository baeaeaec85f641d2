"""Letters for a requester without an address: coordinators pass them on, and bring back what is said."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core import asking, letters, mails
from mailflow.core.effects import AddMessage, Conclude, Effect
from mailflow.core.model import Grant, Mail, Outcome, Role, Situation, State, TokenKind
from mailflow.core.policy import Person, Policy
from mailflow.core.wording import Said, line


def passed_on(grant: Grant, known: Situation) -> bool:
    """Whether the mail that was answered is such a letter."""
    return grant.kind is TokenKind.NOTICE and known.ticket is not None and grant.subject.endswith(f":{grant.ref}")


def replied(mail: Mail, member: Person, grant: Grant, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """To a question of ours it is what the requester says; to anything else a note. It is never an answer."""
    ticket, template = known.ticket, grant.subject.partition(":")[0]
    if ticket is None:
        return (Conclude(Outcome.RECORDED, "a reply about a ticket that is gone"),)
    if template in letters.ASKING and ticket.state is State.WAITING:
        effects = asking.goes_on(replace(mail, sender="", name=""), ticket, known, policy)[:-1]
        said, because = Said.BROUGHT_BACK, "what the requester said, as a coordinator heard it"
    else:
        effects = (AddMessage(ticket.ref, "note", Role.COORDINATOR.value),)
        said, because = Said.NOTED, "a note on a letter that was passed on"
    spoken = mails.transcript(member, (line("", said),), (), known, policy)
    return *effects, spoken, Conclude(Outcome.ADDED, because, ticket.ref)
