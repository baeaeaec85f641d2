"""What staff write to the plain address: a question that came by telephone or letter, and their absences."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from mailflow.core import asking, leaving
from mailflow.core.commands import AROUND_A_NAME, Done, Order, address_in, command
from mailflow.core.days import days_in
from mailflow.core.effects import AddMessage, Conclude, Effect, Leave, Note, OpenTicket
from mailflow.core.letters import plain_address
from mailflow.core.model import (
    Absence,
    Authentication,
    Language,
    Mail,
    Origin,
    OriginKind,
    Requester,
    Role,
    Verdict,
)
from mailflow.core.orders.naming import nobody, person_called, today_of
from mailflow.core.policy import Policy
from mailflow.core.wording import Said

_DEPUTY = re.compile(r"[\s,;(\[]+(?:deputy|suppl[ée]ante?|suplente)\b\s*[:=]?\s*", re.IGNORECASE)
_BACK = frozenset(
    {"off", "back", "over", "cancel", "fini", "retour", "de retour", "annuler", "vuelta", "de vuelta", "cancelar"}
)
A_DAY = timedelta(days=1)


@command("new [WHO], [LANGUAGE]", Role.COORDINATOR, Role.EXPERT, needs=None, takes_text=True, excludes=("from",))
def new(order: Order) -> Done:
    """Enter a question that came by telephone, letter or in a meeting: who asked (an address, if there is one), the language, and the text below."""
    return _opened(order)


@command("from ADDRESS", Role.COORDINATOR, Role.EXPERT, needs=None, takes_text=True, excludes=("new",))
def from_(order: Order) -> Done:
    """Pass on a mail that came to you: what stands below is the question of this address, which gets the answer."""
    if not address_in(order.argument):
        return order.refused(Said.NO_ADDRESS, name=order.argument)
    return _opened(order)


def _entered(order: Order) -> Mail | None:
    """The question, as if it had come by mail from whoever asked; its sender is "" when they have no address."""
    if order.mail is None:
        return None
    text = order.text
    if order.word == "from" and not text.strip():
        text = order.mail.quoted
    code = _language(order.argument, order.policy)
    language = Language(code, 1.0, "hint") if code else order.mail.language
    return replace(
        order.mail,
        sender=address_in(order.argument),
        name="",
        text=text,
        quoted="",
        language=language,
        to=(),
        cc=(),
        origin=Origin(OriginKind.HUMAN, "entered by staff"),
        authentication=Authentication(Verdict.NONE, "entered by staff"),
    )


def _language(argument: str, policy: Policy) -> str:
    """The code of the language that is named behind the last comma."""
    said = argument.rpartition(",")[2].strip().casefold()
    return next((code for code in policy.languages if code.casefold() == said), policy.language_names.get(said, ""))


def _ours(address: str, policy: Policy) -> bool:
    """An address of the desk, or of somebody who works for it: never a requester's."""
    return plain_address(address) in policy.own_addresses or policy.person_at(address) is not None


def _opened(order: Order) -> Done:
    """As any other question; told apart by a note. What was typed is its text."""
    asked = _entered(order)
    if asked is None or not asked.text.strip():
        return order.refused(Said.NEEDS_TEXT)
    if _ours(asked.sender, order.policy):
        return order.refused(Said.OUR_ADDRESS, name=asked.sender)
    known = replace(order.known, requester=order.known.named or Requester("", reachable=False))
    entered: tuple[Effect, ...] = (Note(known.next_ref, f"entered by {order.by}"),)
    opened = (_typed(effect, asked) for effect in asking.open_ticket(asked, known, order.policy))
    effects = tuple(effect for effect in opened if not isinstance(effect, Conclude))
    said = Said.ENTERED if asked.sender else Said.ENTERED_SPOKEN
    return order.done(said, *effects, *entered, ref=known.next_ref, address=asked.sender)


def _typed(effect: Effect, asked: Mail) -> Effect:
    """The question is the typed text, not the mail that holds the command; its requester isn't who sent that."""
    if isinstance(effect, OpenTicket):
        return replace(effect, address=asked.sender)
    if isinstance(effect, AddMessage):
        return replace(effect, text=asked.text, subject=asked.subject)
    return effect


@command("away FROM..TO [deputy PERSON]", needs=None)
def away(order: Order) -> Done:
    """Say when you are away: you get no new tickets then, and your open ones are named to whoever stands in; #away off when you are back."""
    if order.actor is None:
        return order.refused(Said.BY_MAIL_ONLY)
    if order.argument.casefold() in _BACK:
        return back(order)
    days, *named = _DEPUTY.split(order.argument, maxsplit=1)
    named = [name.strip(AROUND_A_NAME + ".()[]") for name in named]
    span = days_in(days, today_of(order), order.policy.hours_of(order.by))
    if span is None or span[1] < today_of(order):
        return order.refused(Said.NO_SUCH_DAY, name=days)
    deputy = person_called(named[0], order.policy) if named else None
    if named and deputy is None:
        return nobody(order, named[0])
    absence = Absence(order.by, *span, deputy.slug if deputy else "")
    effects = leaving.left(absence, order.known, order.policy)
    return order.done(Said.AWAY, *effects, first=span[0].isoformat(), last=span[1].isoformat())


@command("back", needs=None)
def back(order: Order) -> Done:
    """Say that you are back before the day that you named; or that you stay, when you are not away yet."""
    today = today_of(order)
    mine = [each for each in order.known.absences if each.slug == order.by and each.last >= max(each.first, today)]
    if not mine:
        return order.refused(Said.NOT_AWAY)
    absence = min(mine, key=lambda each: each.first)
    over = min(absence.last, max(today, absence.first) - A_DAY)  # before its first day: it never is
    return order.done(
        Said.BACK, Leave(replace(absence, last=over)), first=absence.first.isoformat(), last=absence.last.isoformat()
    )
