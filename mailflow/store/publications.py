"""What is on its way to the site, sealed under its ticket's keys; and what stands there, in the clear."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, func, insert, literal, or_, select, update

from mailflow.core.policy import Policy
from mailflow.core.publication import UNDER_WAY, Audience, Candidate, Identities, Item, Stage
from mailflow.store import messages, people, tickets
from mailflow.store.store import Store
from mailflow.store.tables import AnyRow, ItemRow, PublicationRow, TicketRow
from mailflow.store.vault import DataKey, Place

_publication, _item, _ticket = (row.__table__ for row in (PublicationRow, ItemRow, TicketRow))
MOST_COMPARED = 300  # published answers that are compared with a question
TO_MAKE = (Stage.FLAGGED.value, Stage.REVISED.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate as lists show it: without a word of it, so that an erased one can be listed, too."""

    id: str
    ref: str
    stage: str
    language: str
    topics: tuple[str, ...]
    flagged_by: str
    author: str
    approved_by: str
    version: int
    item: str
    changed: datetime


@cache
def _candidates() -> TypeAdapter[Candidate]:
    return TypeAdapter(Candidate)


@cache
def _items() -> TypeAdapter[Item]:
    return TypeAdapter(Item)


def _place(candidate: str, ref: str) -> Place:
    return Place("publication", candidate, "sealed", ref)


def keep(connection: Connection, store: Store, key: DataKey, candidate: Candidate, now: datetime) -> None:
    sealed = store.vault.seal(key, _place(candidate.id, candidate.ref), _candidates().dump_json(candidate))
    values = {
        "stage": candidate.stage.value,
        "author": candidate.author,
        "approved_by": candidate.approved_by,
        "approved_at": candidate.approved_at,
        "version": candidate.version,
        "language": candidate.language,
        "topics": " ".join(candidate.topics),
        "item": candidate.item,
        "hash": candidate.text.hash,
        "changed_at": now,
        "sealed": sealed,
    }
    known = update(_publication).where(_publication.c.id == candidate.id).values(**values)
    if connection.execute(known).rowcount == 0:
        fresh = {"id": candidate.id, "ticket": candidate.ref, "flagged_by": candidate.flagged_by, "made_at": now}
        connection.execute(insert(_publication), {**fresh, **values})


def of_ticket(connection: Connection, store: Store, ref: str) -> Candidate | None:
    """Its latest. Raises Unreadable when the ticket was erased."""
    newest = (
        select(_publication)
        .where(_publication.c.ticket == ref)
        .order_by(_publication.c.made_at.desc(), _publication.c.id.desc())
    )
    row = connection.execute(newest.limit(1)).one_or_none()
    return _opened(store, row) if row else None


def by_id(connection: Connection, store: Store, candidate: str) -> Candidate:
    """Raises LookupError for an unknown id, Unreadable when its ticket was erased."""
    row = connection.execute(select(_publication).where(_publication.c.id == candidate)).one_or_none()
    if row is None:
        raise LookupError(f"there is no publication {candidate}: `mailflow publication list` shows all")
    return _opened(store, row)


def _opened(store: Store, row: AnyRow) -> Candidate:
    """The column says how far it is: it may have ended without its words being written again."""
    sealed = store.vault.open(row.sealed, _place(row.id, row.ticket))
    return replace(_candidates().validate_json(sealed), stage=Stage(row.stage))


def to_make(connection: Connection) -> list[str]:
    """Ids of those that the machine must look through next."""
    query = select(_publication.c.id).where(_publication.c.stage.in_(TO_MAKE)).order_by(_publication.c.changed_at)
    return list(connection.execute(query).scalars())


def pages(connection: Connection, ref: str) -> tuple[str, ...]:
    """Ids of what is published of a ticket."""
    named = select(_publication.c.item).where(_publication.c.ticket == ref, _publication.c.item != "")
    query = select(_item.c.id).where(_item.c.id.in_(named), ~_item.c.withdrawn).order_by(_item.c.id)
    return tuple(connection.execute(query).scalars())


def ref_of(connection: Connection, page: str) -> str:
    """The ticket that a page came from. LookupError when there is no such page."""
    query = select(_publication.c.ticket).where(_publication.c.item == page).limit(1)
    ref = connection.execute(query).scalar() if page else None
    if ref is None:
        raise LookupError(f"there is no page {page}: `mailflow publication list` shows all")
    return str(ref)


def approved_before(connection: Connection, moment: datetime) -> list[str]:
    """Ids of those whose day has come."""
    query = select(_publication.c.id).where(_publication.c.stage == Stage.APPROVED.value)
    return list(connection.execute(query.where(_publication.c.approved_at <= moment)).scalars())


def give_up(connection: Connection, candidate: str, now: datetime) -> None:
    """Its ticket was erased: nothing of it can be published any more."""
    gone = update(_publication).where(_publication.c.id == candidate)
    connection.execute(gone.values(stage=Stage.REJECTED.value, changed_at=now))


def end_all(connection: Connection, ref: str, now: datetime) -> None:
    """Nothing of a ticket is on its way any more; that needs no key."""
    under_way = _publication.c.stage.in_([stage.value for stage in UNDER_WAY])
    over = update(_publication).where(_publication.c.ticket == ref, under_way)
    connection.execute(over.values(stage=Stage.REJECTED.value, changed_at=now))


def standing(connection: Connection) -> list[Standing]:
    rows = connection.execute(select(_publication).order_by(_publication.c.made_at))
    return [
        Standing(
            r.id, r.ticket, r.stage, r.language, tuple(r.topics.split()), r.flagged_by, r.author, r.approved_by,
            r.version, r.item, r.changed_at,
        )
        for r in rows
    ]  # fmt: skip


# ---------------------------------------------------------------- what stands on the site


def publish(connection: Connection, item: Item, now: datetime) -> None:
    values = {
        "language": item.language,
        "topics": " ".join(item.topics),
        "audience": item.audience.value,
        "withdrawn": item.withdrawn is not None,
        "changed_at": now,
        "content": _items().dump_json(item).decode(),
    }
    if connection.execute(update(_item).where(_item.c.id == item.id).values(**values)).rowcount == 0:
        connection.execute(insert(_item), {"id": item.id, **values})


def withdraw(connection: Connection, name: str, month: date, now: datetime) -> None:
    """No word of it is left, here either."""
    found = item(connection, name)
    if found is not None:
        publish(connection, replace(found, title="", question="", answer="", withdrawn=month, countries=()), now)


def item(connection: Connection, name: str) -> Item | None:
    row = connection.execute(select(_item.c.content).where(_item.c.id == name)).scalar() if name else None
    return _items().validate_json(row) if row else None


def items(connection: Connection) -> list[Item]:
    """All that is or was published, in a steady order."""
    rows = connection.execute(select(_item.c.content).order_by(_item.c.id)).scalars()
    return [_items().validate_json(row) for row in rows]


def public_items(connection: Connection, topics: Collection[str]) -> list[Item]:
    """What everybody may read of some topics, the newest first; not more than can be compared at once."""
    of_topic = (_spaced().contains(f" {topic} ", autoescape=True) for topic in topics)
    where = (~_item.c.withdrawn, _item.c.audience == Audience.PUBLIC.value, or_(*of_topic))
    query = select(_item.c.content).where(*where).order_by(_item.c.changed_at.desc()).limit(MOST_COMPARED)
    return [_items().validate_json(row) for row in connection.execute(query).scalars()]


def _spaced() -> ColumnElement[str]:
    return literal(" ") + _item.c.topics + literal(" ")


# ---------------------------------------------------------------- what a ticket knows of its people


def identities(connection: Connection, store: Store, ref: str, policy: Policy) -> Identities:
    """Everybody who stands in a ticket: its requester by all their addresses, who wrote to it, and the desk's staff."""
    ticket = tickets.by_ref(connection, ref)
    known = people.known(connection, store, ticket.requester.id) if ticket else []
    wrote = [message.part for message in messages.of_ticket(connection, store, ref)]
    names = [*(name for _, name in known), *(part.name for part in wrote), *(p.name for p in policy.people.values())]
    addresses = [*(address for address, _ in known), *(part.sender for part in wrote), *policy.staff_addresses]
    theirs = {address.rpartition("@")[2] for address in addresses} - policy.caps.public_domains
    desk = {address.rpartition("@")[2] for address in (*policy.own_addresses, *policy.staff_addresses)}
    return Identities(
        names=_each(names),
        addresses=_each(addresses),
        domains=_each(sorted(theirs - desk)),
        tokens=(ref,),
    )


def _each(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word.strip()))


def alike(connection: Connection, ref: str) -> int:
    """How many of the desk's tickets share this one's coding: type of user, sector and country or region."""
    ticket = tickets.by_ref(connection, ref)
    if ticket is None:
        return 0
    query = select(func.count()).select_from(_ticket).where(~_ticket.c.archived)
    for code in ("user_type", "sector", "country", "region"):
        query = query.where(_ticket.c[code] == ticket.codes.get(code, ""))
    return int(connection.execute(query).scalar() or 0)
