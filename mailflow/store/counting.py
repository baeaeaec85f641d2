"""What the yearly report counts: columns that stand in the clear, so that it survives the erasure of every text."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from mailflow.core.counting import Case
from mailflow.core.deadlines import Calendar, working_days_until
from mailflow.core.model import Ticket
from mailflow.core.policy import Policy
from mailflow.store import publications, tickets
from mailflow.store.tables import EventRow, PublicationRow, TicketRow

_event, _publication, _ticket = EventRow.__table__, PublicationRow.__table__, TicketRow.__table__
REPORTED = ("user_type", "user_region", "region", "sector", "heard_from")


def cases(connection: Connection, policy: Policy) -> list[Case]:
    """Every question that the desk ever got, oldest first; not what was taken in as old mail, merged or spam."""
    listed = tickets.those(connection, ~_ticket.c.archived, _ticket.c.merged == "", _ticket.c.reason != "spam")
    pauses, published = _pauses(connection), _published(connection)
    return [_case(ticket, pauses.get(ticket.ref, ()), published.get(ticket.ref), policy) for ticket in listed]


def _case(ticket: Ticket, pauses: Sequence[tuple[datetime, datetime]], published: date | None, policy: Policy) -> Case:
    calendar = policy.calendar
    answered = ticket.answered
    codes = {kind: tuple(ticket.codes[kind].split()) for kind in REPORTED if ticket.codes.get(kind)}
    return Case(
        ref=ticket.ref,
        opened=calendar.day_of(ticket.opened),
        answered=calendar.day_of(answered) if answered else None,
        admissible=ticket.admissible,
        reason=ticket.reason,
        language=ticket.language,
        codes={**codes, **({"topic": ticket.topics} if ticket.topics else {})},
        days=_days(calendar, ticket.opened, answered, pauses) if answered else None,
        in_time=ticket.late_told == 0 if answered else None,
        published=published,
    )


def _days(calendar: Calendar, opened: datetime, answered: datetime, pauses: Iterable[tuple[datetime, datetime]]) -> int:
    """Working days from the question to its first answer, without those on which it waited for its requester."""
    paused = sum(_between(calendar, since, min(until, answered)) for since, until in pauses if since < answered)
    return max(0, _between(calendar, opened, answered) - paused)


def _between(calendar: Calendar, since: datetime, until: datetime) -> int:
    return working_days_until(calendar, calendar.day_of(since), calendar.day_of(until))


def _pauses(connection: Connection) -> Mapping[str, list[tuple[datetime, datetime]]]:
    """From when to when each ticket waited, as the event log tells it."""
    query = select(_event.c.ticket, _event.c.at, _event.c.facts).where(_event.c.kind == "changed")
    found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    since: dict[str, datetime] = {}
    for row in connection.execute(query.where(_event.c.facts.contains('"paused"')).order_by(_event.c.seq)):
        if json.loads(row.facts)["paused"]:
            since[row.ticket] = row.at
        elif row.ticket in since:
            found[row.ticket].append((since.pop(row.ticket), row.at))
    for ref, begun in since.items():
        found[ref].append((begun, begun + timedelta(days=36_500)))  # it waits still
    return found


def _published(connection: Connection) -> Mapping[str, date]:
    """When the first page of each ticket came out: its month."""
    months = {item.id: item.month for item in publications.items(connection)}
    pairs = connection.execute(select(_publication.c.ticket, _publication.c.item).where(_publication.c.item != ""))
    found: dict[str, date] = {}
    for row in pairs:
        if row.item in months:
            found[row.ticket] = min(months[row.item], found.get(row.ticket, months[row.item]))
    return found
