"""A mail that nobody handles, and that speaks of danger to life or liberty: people learn of it at once, at any hour."""

from __future__ import annotations

from mailflow.core import coding, mails
from mailflow.core.effects import Conclude, Effect, Send
from mailflow.core.model import Mail, Outcome, ShelfItem, Situation
from mailflow.core.policy import Policy
from mailflow.core.presence import alarmed


def raised(effects: tuple[Effect, ...], mail: Mail, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """What is decided; where it puts a mail on the shelf, with a notice that says so first. Spam is no exception."""
    *others, end = effects
    if not isinstance(end, Conclude) or end.outcome is not Outcome.SHELVED or not coding.endangers(mail, policy):
        return effects
    item = ShelfItem(known.inbox, end.because, known.now, end.ref, known.size)
    told = mails.shelf_notice(item, alarmed(known, policy), policy, danger=True)
    return *told, *(each for each in others if not (isinstance(each, Send) and each.template == "shelf")), end
