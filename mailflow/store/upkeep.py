"""What the store does for itself, now and then."""

from __future__ import annotations

from sqlalchemy import select

from mailflow.store.store import Store
from mailflow.store.tables import KeyOwnerRow

_owner = KeyOwnerRow.__table__


def sweep_keys(store: Store) -> int:
    """Delete the data keys that a crash left without an owner; returns how many."""
    with store.database.read() as connection:
        owned = set(connection.execute(select(_owner.c.key)).scalars())
    return store.vault.sweep(owned)


def keys_erased(store: Store) -> int:
    """How many keys the database speaks of that were erased for good: after a restore, what came back unreadable."""
    with store.database.read() as connection:
        owned = set(connection.execute(select(_owner.c.key)).scalars())
    return len(owned.intersection(store.vault.erased_since()))
