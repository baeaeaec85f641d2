"""Requesters: a row each, their addresses sealed and found again by a keyed hash."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from mailflow.core.model import UNKNOWN_LANGUAGE, Mail, Party, PartyKind, Ticket
from mailflow.store.store import Store
from mailflow.store.tables import KeyOwnerRow, RequesterAddressRow, RequesterRow
from mailflow.store.vault import Place

_requester, _address, _owner = (row.__table__ for row in (RequesterRow, RequesterAddressRow, KeyOwnerRow))
_INSERT_REQUESTER, _INSERT_ADDRESS, _INSERT_OWNER = insert(_requester), insert(_address), insert(_owner)


def know(connection: Connection, store: Store, ticket: Ticket, mail: Mail | None, now: datetime) -> None:
    """See to it that the ticket's requester has a row, and their address one; remember what they wrote in."""
    asker = ticket.requester
    if asker.new:
        connection.execute(_INSERT_REQUESTER, {"id": asker.id, "language": ticket.language, "made_at": now})
        if mail and mail.sender:
            _add_address(connection, store, asker.id, mail, now)
    elif ticket.language not in (asker.language, UNKNOWN_LANGUAGE):
        connection.execute(update(_requester).where(_requester.c.id == asker.id).values(language=ticket.language))


def _add_address(connection: Connection, store: Store, requester: str, mail: Mail, now: datetime) -> None:
    """Under a key of its own: a person outlives each of their tickets."""
    key, blind = store.vault.fresh(), store.blind_address(mail.sender)
    octets = json.dumps({"address": mail.sender, "name": mail.name}, ensure_ascii=False).encode()
    sealed = store.vault.seal(key, _place(blind, requester), octets)
    connection.execute(_INSERT_ADDRESS, {"blind": blind, "requester": requester, "made_at": now, "sealed": sealed})
    connection.execute(_INSERT_OWNER, {"key": key.id, "owner": f"requester:{requester}"})


def address(connection: Connection, store: Store, requester: str) -> str:
    """The newest address of a requester. Raises KeyGone when it was erased, LookupError when there never was one."""
    query = select(_address.c.blind, _address.c.sealed).where(_address.c.requester == requester)
    row = connection.execute(query.order_by(_address.c.made_at.desc()).limit(1)).one_or_none()
    if row is None:
        message = "this requester has no address: the question came by telephone or on paper"
        raise LookupError(message)
    found = json.loads(store.vault.open(row.sealed, _place(row.blind, requester)))["address"]
    return str(found)


def known(connection: Connection, store: Store, requester: str) -> list[tuple[str, str]]:
    """All addresses and names of a requester. Raises KeyGone when one was erased."""
    query = select(_address.c.blind, _address.c.sealed).where(_address.c.requester == requester)
    sealed = [(row.sealed, _place(row.blind, requester)) for row in connection.execute(query)]
    found = (json.loads(octets) for octets in store.vault.open_all(sealed))
    return [(str(each["address"]), str(each["name"])) for each in found]


def mute(connection: Connection, party: Party, until: datetime) -> None:
    """Automatic mail to a requester waits until then; staff are never muted."""
    if party.kind is PartyKind.REQUESTER:
        connection.execute(update(_requester).where(_requester.c.id == party.id).values(muted_until=until))


def _place(blind: str, requester: str) -> Place:
    return Place("requester_address", blind, "sealed", requester)
