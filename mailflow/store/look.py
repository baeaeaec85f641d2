"""Look: everything that a decision may know, loaded before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, ScalarSelect, bindparam, func, literal, or_, select

from mailflow.core import tokens
from mailflow.core.commands import in_mail, split
from mailflow.core.model import (
    UNKNOWN_LANGUAGE,
    Board,
    Draft,
    Grant,
    Known,
    Mail,
    OriginKind,
    Part,
    Party,
    PartyKind,
    Requester,
    SentMail,
    Situation,
    State,
    Ticket,
    TokenKind,
    Verdict,
)
from mailflow.core.policy import Assignment, Policy
from mailflow.core.precedents import likely
from mailflow.core.publication import Candidate, Item
from mailflow.core.routing import about
from mailflow.store import inbox, messages, publications, tickets, wanted, working
from mailflow.store.errors import Unreadable
from mailflow.store.ids import new_id
from mailflow.store.store import Store
from mailflow.store.tables import (
    AnyRow,
    CounterRow,
    InboxRow,
    OutboxRow,
    RequesterAddressRow,
    RequesterRow,
    TicketRow,
    TokenRow,
)

SAME_MAIL_WITHIN = timedelta(days=30)
A_DAY = timedelta(days=1)
ACKNOWLEDGEMENTS = ("acknowledgement", "bilingual")
OPEN = (State.NEW.value, State.ASSIGNED.value, State.WAITING.value, State.IN_REVIEW.value)
FRESH_LETTERS = 6  # of a row id's random end, for the address of a page
DAYS_COUNTED = 10  # beyond so many times a cap, more makes no difference
MOST_TOKENS = 50  # looked up for one mail

_inbox, _outbox, _ticket, _token = (r.__table__ for r in (InboxRow, OutboxRow, TicketRow, TokenRow))
_requester, _address, _counter = (r.__table__ for r in (RequesterRow, RequesterAddressRow, CounterRow))


@dataclass(frozen=True, slots=True)
class Handled:
    """The mail being handled, as far as the store knows it already."""

    inbox: str
    size: int
    archive: bool = False
    released_by: str = ""


def _acks(cap: str, *where: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many acknowledgements were made since yesterday, as far as a cap wants to know: never a count of them all."""
    since = (_outbox.c.made_at > bindparam("yesterday"), _outbox.c.template.in_(ACKNOWLEDGEMENTS))
    rows = select(literal(1)).where(*where, *since).limit(bindparam(cap)).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()


_FIRST_LOOK = select(
    select(_inbox.c.id)
    .where(_inbox.c.sameness == bindparam("sameness"), _inbox.c.sameness != "", _inbox.c.id != bindparam("inbox"))
    .where(_inbox.c.taken_at > bindparam("lately"), _inbox.c.state != "waiting")
    .limit(1)
    .scalar_subquery()
    .label("duplicate_of"),
    _acks("most_address", _outbox.c.recipient == bindparam("recipient")).label("acks_address"),
    _acks("most_domain", _outbox.c.domain == bindparam("domain")).label("acks_domain"),
    _acks("most_all").label("acks_all"),
    select(_counter.c.last).where(_counter.c.year == bindparam("year")).scalar_subquery().label("last"),
)
_WHO = (
    select(_requester.c.id, _requester.c.language, _requester.c.muted_until)
    .join(_address, _address.c.requester == _requester.c.id)
    .where(_address.c.blind == bindparam("recipient"))
)
_NEWEST = (
    select(_ticket.c.assignee)
    .where(_ticket.c.queue == bindparam("the_queue"), _ticket.c.assignee != "")
    .order_by(_ticket.c.opened.desc(), _ticket.c.ref.desc())
    .limit(1)
)
_LOAD = (
    select(_ticket.c.assignee, func.count())
    .where(_ticket.c.state.in_(OPEN), _ticket.c.assignee != "")
    .group_by(_ticket.c.assignee)
)


def at_mail(
    connection: Connection, store: Store, mail: Mail, handled: Handled, now: datetime, policy: Policy
) -> Situation:
    """What there is to know about a mail that arrived."""
    year = now.astimezone(policy.calendar.zone).year
    blind, caps = store.blind_address(mail.sender), policy.caps
    asked = {
        "sameness": store.blind_sameness(mail),
        "inbox": handled.inbox,
        "lately": now - SAME_MAIL_WITHIN,
        "yesterday": now - A_DAY,
        "recipient": blind,
        "domain": store.blind_domain(mail.sender),
        "year": year,
        "most_address": caps.acks_address * DAYS_COUNTED,
        "most_domain": caps.acks_domain * DAYS_COUNTED,
        "most_all": caps.acks_all * DAYS_COUNTED,
    }
    first = connection.execute(_FIRST_LOOK, asked).one()
    who = connection.execute(_WHO, {"recipient": blind}).one_or_none() if mail.sender else None
    grants = _grants(connection, store, mail.tokens)
    sent = _sent_of_bounce(connection, store, mail, grants) if mail.origin.kind is OriginKind.BOUNCE else None
    ref = sent.ref if sent else next((grant.ref for grant in grants if grant.ref), "")
    ticket = tickets.by_ref(connection, ref) if ref else None
    staff = any(grant.party.kind is PartyKind.PERSON for grant in grants)
    member = policy.person_at(mail.sender)
    if mail.authentication.verdict is not Verdict.PASS and not handled.released_by:
        member = None  # nothing is looked up for whoever only claims to be staff
    wants = wanted.of_commands(connection, store, in_mail(mail)[0], member, now, policy) if member else wanted.Wanted()
    absent = member is not None and mail.origin.kind is OriginKind.AUTO_REPLY
    shelf = next((grant.subject for grant in grants if grant.kind is TokenKind.SHELF), "")
    return Situation(
        now=now,
        next_ref=reference(policy, year, (first.last or 0) + 1),
        inbox=handled.inbox,
        size=handled.size,
        duplicate_of=first.duplicate_of or "",
        archive=handled.archive,
        released_by=handled.released_by,
        grants=grants,
        ticket=ticket,
        requester=_requester_of(who, mail, now),
        drafts=_drafts(connection, ref, now) if ref else (),
        story=_story(connection, store, ref) if staff and ref else (),
        candidate=_candidate(connection, store, ticket, grants) if ticket else None,
        pages=publications.pages(connection, ref) if ticket and ticket.publication else (),
        links=working.links(connection, ref) if staff and ref else (),
        shelf=inbox.shelf_item(connection, shelf) if shelf else None,
        sent=sent,
        tasks=working.owed(connection, ref) if ref else (),
        declined=working.declined(connection, ref) if staff and ref else (),
        absences=working.absences(connection, now),
        on={name: _on(connection, store, name, handled.inbox, now, policy) for name in wants.named_on},
        others=wants.others,
        named=wants.named,
        found=wants.found,
        board=working.board(connection, policy, now) if absent else wants.board,
        known=Known(first.acks_address, first.acks_domain, first.acks_all, who.muted_until if who else None),
        published=() if grants or member else _precedents(connection, mail, policy),
        load=_load(connection),
        last_assigned=_last_assigned(connection, policy),
    )


def _precedents(connection: Connection, mail: Mail, policy: Policy) -> tuple[Item, ...]:
    """Earlier answers that may help with a new question."""
    topics = tuple(topic.id for topic in about(mail.topics, policy.topics))
    wanted = policy.publication.suggestions
    if not topics or not wanted:
        return ()
    offered = publications.public_items(connection, topics)
    return likely(f"{mail.subject}\n{mail.text}", mail.language.code, topics, offered, wanted) if offered else ()


def at_delivery(connection: Connection, outbox_id: int, now: datetime) -> Situation:
    """What there is to know when the mail server took or refused a mail of ours."""
    columns = (_outbox.c.key, _outbox.c.ticket, _outbox.c.party, _outbox.c.template, _outbox.c.made_at)
    row = connection.execute(select(*columns).where(_outbox.c.id == outbox_id)).one()
    sent = SentMail(row.key, row.ticket, Party.parse(row.party), row.template)
    ticket = tickets.by_ref(connection, row.ticket) if row.ticket else None
    overtaken = bool(ticket) and working.overtaken(connection, row.ticket, row.made_at)
    owed = working.owed(connection, row.ticket) if row.ticket else ()
    return Situation(now, ticket=ticket, sent=sent, overtaken=overtaken, tasks=owed)


def at_keyboard(
    connection: Connection,
    store: Store,
    now: datetime,
    policy: Policy,
    *,
    ref: str = "",
    shelf: str = "",
    line: str = "",
) -> Situation:
    """What there is to know for a command typed about a ticket or a mail on the shelf."""
    wants = wanted.of_commands(connection, store, split(f"#{line}")[0], None, now, policy)
    year = now.astimezone(policy.calendar.zone).year
    last = connection.execute(select(_counter.c.last).where(_counter.c.year == year)).scalar()
    ticket = tickets.by_ref(connection, ref) if ref else None
    return Situation(
        now,
        next_ref=reference(policy, year, (last or 0) + 1),
        tasks=working.owed(connection, ref) if ref else (),
        declined=working.declined(connection, ref) if ref else (),
        absences=working.absences(connection, now),
        others=wants.others,
        named=wants.named,
        found=wants.found,
        board=wants.board,
        ticket=ticket,
        candidate=_candidate(connection, store, ticket) if ticket else None,
        pages=publications.pages(connection, ref) if ticket and ticket.publication else (),
        drafts=_drafts(connection, ref, now) if ref else (),
        story=_story(connection, store, ref) if ref else (),
        links=working.links(connection, ref) if ref else (),
        shelf=inbox.shelf_item(connection, shelf) if shelf else None,
        load=_load(connection),
        last_assigned=_last_assigned(connection, policy),
    )


def _on(connection: Connection, store: Store, name: str, row: str, now: datetime, policy: Policy) -> Situation:
    """What there is to know of a ticket, or of a mail on the shelf, that a command names by its number."""
    written = f"{policy.prefix}{name.removeprefix(policy.prefix.casefold())}"
    ticket = tickets.by_ref(connection, written)
    shelf = "" if ticket else inbox.on_shelf(connection, name)
    known = at_keyboard(connection, store, now, policy, ref=ticket.ref if ticket else "", shelf=shelf)
    return replace(known, inbox=row)


def at_ticket(connection: Connection, ref: str, now: datetime) -> Situation:
    """What there is to know when a deadline of a ticket is over."""
    owed, drafts = working.owed(connection, ref), _drafts(connection, ref, now)
    return Situation(now, ticket=tickets.by_ref(connection, ref), tasks=owed, drafts=drafts)


def at_round(connection: Connection, board: Board, now: datetime) -> Situation:
    """What there is to know when somebody's day begins."""
    return Situation(now, board=board, absences=working.absences(connection, now))


def at_notices(connection: Connection, slug: str, now: datetime) -> Situation:
    """What was put by for somebody."""
    return Situation(now, board=working.notices(connection, slug))


def at_publication(connection: Connection, store: Store, candidate: Candidate, now: datetime) -> Situation:
    """What there is to know when the machine has looked through a text for publication, or its day has come."""
    return Situation(
        now,
        ticket=tickets.by_ref(connection, candidate.ref),
        story=_story(connection, store, candidate.ref),
        candidate=candidate,
        item=publications.item(connection, candidate.item),
        fresh_name=new_id(now)[-FRESH_LETTERS:],
    )


def at_shelf(connection: Connection, item: str, now: datetime) -> Situation:
    """What there is to know of a mail that lies on the shelf."""
    shelf = inbox.shelf_item(connection, item)
    return Situation(now, inbox=item, shelf=shelf, absences=working.absences(connection, now))


def at_shelving(handled: Handled, now: datetime) -> Situation:
    """What there is to know of a mail that could not be read or handled."""
    return Situation(now, inbox=handled.inbox, size=handled.size)


def reference(policy: Policy, year: int, number: int) -> str:
    return f"{policy.prefix}{year}-{number:04d}"


def _requester_of(who: AnyRow | None, mail: Mail, now: datetime) -> Requester:
    """Whom the address belongs to; somebody new gets a fresh id, which is kept only if a ticket is opened."""
    if who:
        return Requester(who.id, who.language)
    return Requester(new_id(now), UNKNOWN_LANGUAGE, reachable=bool(mail.sender), new=True)


def _grants(connection: Connection, store: Store, seen: Sequence[str]) -> tuple[Grant, ...]:
    """What the genuine tokens among these stand for, each once, in the order of the carriers."""
    if not seen:
        return ()
    nonces = {token: nonce for token in seen[:MOST_TOKENS] if (nonce := tokens.nonce_of(token))}
    columns = (_token.c.nonce, _token.c.kind, _token.c.subject, _token.c.party, _token.c.ticket)
    query = select(*columns).where(_token.c.nonce.in_(list(nonces.values())), ~_token.c.revoked)
    rows = {row.nonce: row for row in connection.execute(query)}
    good: dict[Grant, None] = {}
    for token, nonce in nonces.items():
        row = rows.get(nonce)
        grant = Grant(TokenKind(row.kind), row.subject, Party.parse(row.party), row.ticket) if row else None
        if grant and tokens.genuine(store.secrets.tokens, token, grant):
            good[grant] = None
    return tuple(good)


def _sent_of_bounce(connection: Connection, store: Store, mail: Mail, grants: tuple[Grant, ...]) -> SentMail | None:
    """The mail of ours that a bounce speaks of: by a Message-ID it gives back, or the token in its envelope.

    It must have gone to the very recipient that the bounce names, if it names any (security rule 10).
    """
    report = mail.bounce
    if report is None:
        return None
    columns = (_outbox.c.key, _outbox.c.ticket, _outbox.c.party, _outbox.c.template, _outbox.c.recipient)
    cited = [store.blind_message_id(each) for each in report.cites[:MOST_TOKENS]]
    query = select(*columns).where(_outbox.c.message_id.in_(cited))
    rows = list(connection.execute(query)) if cited else []
    if not rows:
        rows = [row for grant in grants for row in _last_sent_under(connection, grant, columns)]
    named = {store.blind_address(address) for address in report.recipients}
    fitting = (row for row in rows if not named or row.recipient in named)
    return next((SentMail(row.key, row.ticket, Party.parse(row.party), row.template) for row in fitting), None)


def _last_sent_under(connection: Connection, grant: Grant, columns: Iterable[object]) -> list[AnyRow]:
    query = (
        select(*columns)  # type: ignore[call-overload]
        .where(_outbox.c.party == str(grant.party), _outbox.c.ticket == grant.ref, _outbox.c.state == "sent")
        .order_by(_outbox.c.sent_at.desc())
        .limit(1)
    )
    return list(connection.execute(query))


def _drafts(connection: Connection, ref: str, now: datetime) -> tuple[Draft, ...]:
    """Answers that have not left; one that is being sent this moment counts as left."""
    query = (
        select(_outbox.c.key, _outbox.c.author, _outbox.c.next_try)
        .where(_outbox.c.ticket == ref, _outbox.c.author != "", _outbox.c.state.in_(("waiting", "held")))
        .where(or_(_outbox.c.leased_until.is_(None), _outbox.c.leased_until <= now))
        .order_by(_outbox.c.id)
    )
    return tuple(Draft(row.key, ref, row.author, row.next_try) for row in connection.execute(query))


def _story(connection: Connection, store: Store, ref: str) -> tuple[Part, ...]:
    """Of a ticket that was erased, nothing is told."""
    try:
        return tuple(message.part for message in messages.of_ticket(connection, store, ref))
    except Unreadable:
        return ()


def _candidate(
    connection: Connection, store: Store, ticket: Ticket, grants: tuple[Grant, ...] = ()
) -> Candidate | None:
    """The one that is answered, else the ticket's latest; looked for only where the ticket says that there is one."""
    if not ticket.publication:
        return None
    named = (grant.subject.rpartition("#")[0] for grant in grants if grant.kind is TokenKind.PUBLICATION)
    name = next(named, "")
    try:
        if name:
            return publications.by_id(connection, store, name)
        return publications.of_ticket(connection, store, ticket.ref)
    except Unreadable:  # erased
        return None


def _load(connection: Connection) -> dict[str, int]:
    return {row.assignee: row[1] for row in connection.execute(_LOAD)}


def _last_assigned(connection: Connection, policy: Policy) -> dict[str, str]:
    """Who got the latest ticket of each round-robin queue."""
    shared = [queue.name for queue in policy.queues.values() if queue.assignment is Assignment.ROUND_ROBIN]
    return {name: connection.execute(_NEWEST, {"the_queue": name}).scalar() or "" for name in shared}
