"""Tickets as rows, and as the values that decisions are made on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from mailflow.core.model import Requester, State, Ticket
from mailflow.store.tables import AnyRow, OutboxRow, RequesterAddressRow, RequesterRow, TicketRow

_ticket, _requester, _address, _outbox = (
    row.__table__ for row in (TicketRow, RequesterRow, RequesterAddressRow, OutboxRow)
)
CODES = ("user_type", "user_region", "region", "sector", "country", "heard_from")
_ALIKE = (
    "ref", "queue", "language", "opened", "assignee", "due", "clock", "closed", "admissible", "archived", "publication",
    "reason", "title", "paused", "asked", "nudged", "promised", "late_told", "status_told", "answered", "settled_at", "merged",
)  # fmt: skip

_EACH = select(
    *(_ticket.c[name] for name in (*_ALIKE, *CODES, "state", "topics", "wanted", "declined")),
    _ticket.c.requester.label("asker"),
    _requester.c.language.label("their_language"),
    select(func.max(_outbox.c.sent_at))
    .where(_outbox.c.ticket == _ticket.c.ref, _outbox.c.template.in_(("answer", "correction")))
    .scalar_subquery()
    .label("answered_last"),
    select(func.count()).where(_address.c.requester == _ticket.c.requester).scalar_subquery().label("addresses"),
).join(_requester, _requester.c.id == _ticket.c.requester)
_ONE = _EACH.where(_ticket.c.ref == bindparam("the_ref"))


def by_ref(connection: Connection, ref: str) -> Ticket | None:
    """The ticket; one that was merged leads to the one that it is part of."""
    row = connection.execute(_ONE, {"the_ref": ref}).one_or_none()
    if row is not None and row.merged:
        return by_ref(connection, row.merged)
    return _ticket_of(row) if row is not None else None


def those(connection: Connection, *where: ColumnElement[bool]) -> tuple[Ticket, ...]:
    """Oldest first."""
    rows = connection.execute(_EACH.where(*where).order_by(_ticket.c.opened, _ticket.c.ref))
    return tuple(_ticket_of(row) for row in rows)


def columns_of(ticket: Ticket) -> dict[str, object]:
    """The row of a new ticket."""
    alike = {name: getattr(ticket, name) for name in _ALIKE}
    codes = {code: ticket.codes.get(code, "") for code in CODES}
    lists = {"topics": " ".join(ticket.topics), "declined": " ".join(ticket.declined)}
    wanted = ticket.wanted.isoformat() if ticket.wanted else ""
    return {**alike, **codes, **lists, "wanted": wanted, "requester": ticket.requester.id, "state": ticket.state.value}


def _ticket_of(row: AnyRow) -> Ticket:
    values = row._mapping  # noqa: SLF001  SQLAlchemy's public name for it
    return Ticket(
        requester=Requester(row.asker, row.their_language, reachable=row.addresses > 0),
        state=State(row.state),
        topics=tuple(row.topics.split()),
        declined=tuple(row.declined.split()),
        answered_last=row.answered_last,
        wanted=date.fromisoformat(row.wanted) if row.wanted else None,
        codes={code: values[code] for code in CODES if values[code]},
        **{name: values[name] for name in _ALIKE},
    )
