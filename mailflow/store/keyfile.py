"""keys.db: its tables, how a data key is wrapped, and the proof that it belongs to our master key."""

from __future__ import annotations

import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, insert, select
from sqlalchemy.exc import DatabaseError

from mailflow.store.database import Database
from mailflow.store.errors import StoreError, Tampered
from mailflow.store.secrets import Secrets

FORMAT = 1
_NONCE_OCTETS = 12
_PROBE = b"mailflow keys".ljust(16, b".")  # as long as a key's id

metadata = MetaData()

data_key = Table(
    "data_key",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("kek", String(16), nullable=False),  # name of the key-encryption key
    Column("made_at", BigInteger, nullable=False, index=True),  # seconds since 1970
    sqlite_with_rowid=False,
)

erased = Table(
    "erased",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),  # seconds since 1970
    sqlite_with_rowid=False,
)

probe = Table(
    "probe",
    metadata,
    Column("format", Integer, primary_key=True),
    Column("kek", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)


def create(keys: Database, secrets: Secrets) -> None:
    """Tables in an empty keys.db, and the probe: a known value under the key-encryption key."""
    with keys.write() as connection:
        metadata.create_all(connection)
        sealed = wrapper(secrets)(_PROBE, _PROBE)
        connection.execute(insert(probe), [{"format": FORMAT, "kek": secrets.kek, "sealed": sealed}])


def require(keys: Database, secrets: Secrets) -> None:
    """Raises StoreError unless this is a keys.db that these secrets can read."""
    try:
        with keys.read() as connection:
            found = connection.execute(select(probe.c.format, probe.c.kek, probe.c.sealed)).first()
    except DatabaseError:  # no such table
        found = None
    if found is None:
        raise StoreError(f"{keys.name} is not a keys.db of mailflow: put back the right file, or its backup")
    if found.format > FORMAT:
        raise StoreError(f"{keys.name} is of a newer version of mailflow (format {found.format}): install that version")
    try:
        unwrapped(secrets, _PROBE, found.sealed, found.kek)
    except Tampered as damaged:
        raise StoreError(damaged.sentence) from None


def wrapper(secrets: Secrets) -> Callable[[bytes, bytes], bytes]:
    """(id, key) to the wrapped key: nonce 12 | ciphertext and tag. The id is bound to it."""
    cipher = AESGCM(secrets.key_encryption[secrets.kek])

    def wrap(key_id: bytes, octets: bytes) -> bytes:
        nonce = os.urandom(_NONCE_OCTETS)
        return nonce + cipher.encrypt(nonce, octets, key_id)

    return wrap


def unwrapped(secrets: Secrets, key_id: bytes, wrapped: bytes, kek: str) -> bytes:
    """The data key. Raises StoreError when another master key wrapped it, Tampered when it was altered."""
    key = secrets.key_encryption.get(kek)
    if key is None:
        raise StoreError(
            f"the master key is not the one of keys.db (it needs {kek}, this one is {secrets.kek}):"
            " put back the right master key, or the keys.db that belongs to it"
        )
    try:
        return AESGCM(key).decrypt(wrapped[:_NONCE_OCTETS], wrapped[_NONCE_OCTETS:], key_id)
    except (InvalidTag, ValueError):
        raise Tampered("a key in keys.db is damaged: restore the newest backup of the keys") from None
