"""Whom and what an order names: people, queues, days; and what to say when there is no such thing."""

from __future__ import annotations

import difflib
from datetime import date

from mailflow.core.commands import Done, Order
from mailflow.core.days import day_in
from mailflow.core.deadlines import Calendar
from mailflow.core.model import Ticket
from mailflow.core.policy import Person, Policy
from mailflow.core.wording import Said


def the_ticket(order: Order) -> Ticket:
    """The ticket of an order whose command needs one: carry_out has seen to it."""
    if order.known.ticket is None:
        raise ValueError("a command that needs a ticket was run without one")
    return order.known.ticket


def person_called(name: str, policy: Policy) -> Person | None:
    """Somebody by slug, address, full name, or a part of the name that only one has."""
    wanted = name.casefold().removeprefix("@")
    exact = [p for p in policy.people.values() if wanted in (p.slug, p.name.casefold(), *p.addresses)]
    partial = [p for p in policy.people.values() if wanted in p.name.casefold().split()]
    found = exact or partial
    return found[0] if len(found) == 1 else None


def nobody(order: Order, name: str = "") -> Done:
    name = name or order.argument
    names = {p.name.casefold(): p.slug for p in order.policy.people.values()} | {s: s for s in order.policy.people}
    close_ones = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.4)
    suggestion = names[close_ones[0]] if close_ones else ", ".join(sorted(order.policy.people))
    return order.refused(Said.NO_SUCH_PERSON, name=name, suggestion=suggestion)


def today_of(order: Order) -> date:
    return _calendar(order).day_of(order.known.now)


def day_named(text: str, order: Order) -> date | None:
    """A day of today or later, within a year."""
    day = day_in(text, today_of(order), _calendar(order))
    return day if day and 0 <= (day - today_of(order)).days <= 366 else None  # noqa: PLR2004  a year


def _calendar(order: Order) -> Calendar:
    return order.policy.hours_of(order.actor.slug) if order.actor else order.policy.calendar
