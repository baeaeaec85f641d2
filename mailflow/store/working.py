"""What the desk owes and knows besides its tickets: tasks, links, absences, reminders that were told; and the board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, or_, select, update

from mailflow.core.deadlines import Calendar, working_days_until
from mailflow.core.model import (
    Absence,
    Board,
    Figures,
    Flow,
    Notice,
    Party,
    SentMail,
    ShelfItem,
    State,
    Task,
    TaskKind,
    Ticket,
)
from mailflow.core.notices import NOTICES, TOGETHER
from mailflow.core.policy import Policy
from mailflow.store import tickets
from mailflow.store.tables import (
    AbsenceRow,
    AnyRow,
    InboxRow,
    LinkRow,
    MessageRow,
    NoticeRow,
    OutboxRow,
    RequesterAddressRow,
    TaskRow,
    TicketRow,
    ToldRow,
    Utc,
)

_task, _link, _absence, _told, _notice = (row.__table__ for row in (TaskRow, LinkRow, AbsenceRow, ToldRow, NoticeRow))
_ticket, _inbox, _outbox, _message = (row.__table__ for row in (TicketRow, InboxRow, OutboxRow, MessageRow))
_address = RequesterAddressRow.__table__

WEEKS = 5  # that the digest looks at
FIRST_ANSWERS = timedelta(days=28)  # lately
_FLOW = select(
    *(
        select(func.count())
        .where(each > bindparam("since", type_=Utc), each <= bindparam("until", type_=Utc), ~_ticket.c.archived)
        .scalar_subquery()
        for each in (_ticket.c.opened, _ticket.c.answered, _ticket.c.closed)
    )
)


# ---------------------------------------------------------------- tasks, links, absences, reminders


def give(connection: Connection, task: Task, now: datetime) -> None:
    """Once: the same task again changes nothing."""
    if connection.execute(select(_task.c.id).where(_task.c.id == task.id)).scalar() is None:
        values = {"id": task.id, "ticket": task.ref, "kind": task.kind.value, "slug": task.slug, "due": task.due}
        connection.execute(insert(_task), {**values, "by": task.by, "draft": task.draft, "made_at": now, "outcome": ""})


def move(connection: Connection, task: str, due: datetime) -> None:
    connection.execute(update(_task).where(_task.c.id == task, _task.c.ended_at.is_(None)).values(due=due))


def end(connection: Connection, task: str, outcome: str, now: datetime) -> None:
    ended = update(_task).where(_task.c.id == task, _task.c.ended_at.is_(None))
    connection.execute(ended.values(ended_at=now, outcome=outcome))


def owed(connection: Connection, ref: str = "") -> tuple[Task, ...]:
    """What is still owed, to one ticket or to all."""
    query = select(_task).where(_task.c.ended_at.is_(None)).order_by(_task.c.due, _task.c.id)
    rows = connection.execute(query.where(_task.c.ticket == ref) if ref else query)
    return tuple(Task(r.id, r.ticket, TaskKind(r.kind), r.slug, r.due, r.by, r.draft) for r in rows)


def declined(connection: Connection, ref: str) -> tuple[Task, ...]:
    """What somebody would not do for a ticket."""
    rows = connection.execute(select(_task).where(_task.c.ticket == ref, _task.c.outcome == "declined"))
    return tuple(Task(r.id, r.ticket, TaskKind(r.kind), r.slug, r.due, r.by, r.draft) for r in rows)


def overtaken(connection: Connection, ref: str, made: datetime) -> bool:
    """Whether the requester wrote on the ticket after a mail of ours was written.

    What was made of it on its way, by a translator or a reviewer, was written when they were asked for that.
    """
    asked = select(func.min(_task.c.made_at)).where(_task.c.ticket == ref, _task.c.ended_at == made)
    ways = (TaskKind.RETURN.value, TaskKind.REVIEW.value)
    written = connection.execute(asked.where(_task.c.kind.in_(ways), _task.c.outcome == "done")).scalar() or made
    later = select(_message.c.id).where(_message.c.ticket == ref, _message.c.kind == "more", _message.c.at > written)
    return connection.execute(later.limit(1)).first() is not None


def link(connection: Connection, ref: str, other: str, kind: str, now: datetime) -> None:
    same = (_link.c.ticket == ref, _link.c.other == other, _link.c.kind == kind)
    if connection.execute(select(_link.c.at).where(*same)).scalar() is None:
        connection.execute(insert(_link), {"ticket": ref, "other": other, "kind": kind, "at": now})


def links(connection: Connection, ref: str) -> tuple[tuple[str, str], ...]:
    """The other tickets that belong with this one, each with how."""
    query = select(_link).where(or_(_link.c.ticket == ref, _link.c.other == ref)).order_by(_link.c.at)
    return tuple((row.other if row.ticket == ref else row.ticket, row.kind) for row in connection.execute(query))


def leave(connection: Connection, absence: Absence, now: datetime) -> None:
    """A second notice for the same first day replaces the earlier one."""
    first, last = absence.first.isoformat(), absence.last.isoformat()
    known = (_absence.c.slug == absence.slug, _absence.c.first == first)
    values = {"last": last, "deputy": absence.deputy, "made_at": now}
    if connection.execute(update(_absence).where(*known).values(**values)).rowcount == 0:
        connection.execute(insert(_absence), {"slug": absence.slug, "first": first, **values})


def absences(connection: Connection, now: datetime) -> tuple[Absence, ...]:
    """Of today and later, wherever on earth it is today."""
    since = (now - timedelta(days=1)).date().isoformat()
    rows = connection.execute(select(_absence).where(_absence.c.last >= since).order_by(_absence.c.first))
    return tuple(
        Absence(r.slug, date.fromisoformat(r.first), date.fromisoformat(r.last), r.deputy, r.made_at) for r in rows
    )


def remember(connection: Connection, keys: Iterable[str], now: datetime) -> None:
    connection.execute(insert(_told), [{"key": key, "at": now} for key in keys])


def told(connection: Connection, open_ones: Iterable[Ticket], now: datetime) -> frozenset[str]:
    """What was told since the oldest of these tickets was opened: of them, nothing was told before."""
    since = min((ticket.opened for ticket in open_ones), default=now)
    return frozenset(connection.execute(select(_told.c.key).where(_told.c.at >= since)).scalars())


def rounds_made(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    return frozenset(connection.execute(select(_told.c.key).where(_told.c.key.in_(list(keys)))).scalars())


# ---------------------------------------------------------------- notices that travel together


def noticed(connection: Connection, now: datetime) -> frozenset[str]:
    """Slugs of those for whom a notice was made a moment ago, or waits."""
    made = select(_outbox.c.party).where(_outbox.c.template.in_(NOTICES), _outbox.c.made_at > now - TOGETHER)
    waiting = connection.execute(select(_notice.c.slug)).scalars()
    return frozenset((*(Party.parse(party).id for party in connection.execute(made).scalars()), *waiting))


def gather(connection: Connection, notice: Notice, now: datetime) -> None:
    values = {"slug": notice.slug, "template": notice.template, "subject": notice.subject, "at": now}
    connection.execute(insert(_notice), values)
    remember(connection, (notice.key,), now)


def was_told(connection: Connection, key: str) -> bool:
    return connection.execute(select(_told.c.at).where(_told.c.key == key)).scalar() is not None


def notices_due(connection: Connection, now: datetime) -> list[str]:
    """Slugs of those for whom something has waited long enough."""
    waited = select(_notice.c.slug).where(_notice.c.at <= now - TOGETHER).distinct()
    return list(connection.execute(waited.order_by(_notice.c.slug)).scalars())


def notices(connection: Connection, slug: str) -> Board:
    """What was gathered for somebody and still holds: mails that lie on the shelf, mails that did not arrive."""
    mine = select(_notice.c.subject).where(_notice.c.slug == slug)
    columns = (_outbox.c.key, _outbox.c.ticket, _outbox.c.party, _outbox.c.template)
    failed = select(*columns).where(_outbox.c.key.in_(mine.where(_notice.c.template == "undelivered")))
    return Board(
        shelf=_shelf(connection, _inbox.c.id.in_(mine.where(_notice.c.template == "shelf"))),
        undelivered=tuple(_sent(row) for row in connection.execute(failed.order_by(_outbox.c.id))),
    )


def gathered(connection: Connection, slug: str) -> None:
    connection.execute(delete(_notice).where(_notice.c.slug == slug))


# ---------------------------------------------------------------- the board


def board(connection: Connection, policy: Policy, now: datetime) -> Board:
    """The desk at a glance."""
    open_ones = tickets.those(connection, _ticket.c.state.not_in((State.ANSWERED.value, State.CLOSED.value)))
    return Board(
        tickets=open_ones,
        tasks=owed(connection),
        flagged=tickets.those(connection, _ticket.c.publication == "flagged"),
        shelf=_shelf(connection),
        told=told(connection, open_ones, now),
        undelivered=_undelivered(connection),
        figures=_figures(connection, policy, now),
    )


def _shelf(connection: Connection, *where: ColumnElement[bool]) -> tuple[ShelfItem, ...]:
    rows = connection.execute(select(_inbox).where(_inbox.c.state == "shelved", *where).order_by(_inbox.c.handled_at))
    return tuple(ShelfItem(r.id, r.because, r.handled_at or r.taken_at, r.ticket, r.size) for r in rows)


def _undelivered(connection: Connection) -> tuple[SentMail, ...]:
    """Mails of tickets that are not closed; an answered one, too: its answer did not arrive."""
    columns = (_outbox.c.key, _outbox.c.ticket, _outbox.c.party, _outbox.c.template)
    still_open = select(_ticket.c.ref).where(_ticket.c.state != State.CLOSED.value)
    query = select(*columns).where(_outbox.c.state == "failed", _outbox.c.ticket.in_(still_open)).order_by(_outbox.c.id)
    return tuple(_sent(row) for row in connection.execute(query))


def _sent(row: AnyRow) -> SentMail:
    return SentMail(row.key, row.ticket, Party.parse(row.party), row.template)


def _figures(connection: Connection, policy: Policy, now: datetime) -> Figures:
    """Weeks end now: what came and went in the last seven days, and in each seven before."""
    weeks = tuple(_flow(connection, now - timedelta(weeks=n + 1), now - timedelta(weeks=n)) for n in range(WEEKS))
    lately = tickets.those(connection, _ticket.c.answered > now - FIRST_ANSWERS)
    return Figures(weeks, tuple(_first_answer(ticket, policy) for ticket in lately))


def _flow(connection: Connection, since: datetime, until: datetime) -> Flow:
    return Flow(*connection.execute(_FLOW, {"since": since, "until": until}).one())


def _first_answer(ticket: Ticket, policy: Policy) -> tuple[str, str, int, bool]:
    """Queue, language, working days until the first answer, and whether the promise was kept."""
    calendar: Calendar = policy.calendar
    answered = ticket.answered or ticket.opened
    days = working_days_until(calendar, calendar.day_of(ticket.opened), calendar.day_of(answered))
    return ticket.queue, ticket.language, days, ticket.late_told == 0


def overdue(connection: Connection, now: datetime) -> list[str]:
    """Tickets whose promise is over, and whose requester hasn't been told."""
    running = (State.NEW.value, State.ASSIGNED.value, State.IN_REVIEW.value)
    query = select(_ticket.c.ref).where(func.coalesce(_ticket.c.promised, _ticket.c.due) <= now)
    query = query.where(_ticket.c.state.in_(running))
    return list(
        connection.execute(query.where(_ticket.c.late_told < _ticket.c.clock).order_by(_ticket.c.due)).scalars()
    )


def asked(connection: Connection) -> list[AnyRow]:
    """Tickets that wait for a requester whom we can remind: ref, asked, nudged."""
    query = select(_ticket.c.ref, _ticket.c.asked, _ticket.c.nudged).where(_ticket.c.asked.is_not(None))
    query = query.where(exists().where(_address.c.requester == _ticket.c.requester))
    return list(connection.execute(query.where(_ticket.c.state == State.WAITING.value)))
