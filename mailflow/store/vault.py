"""Sealing: a data key per mail (AES-256-GCM), wrapped in keys.db, which stands apart from the database and its backups.

A sealed value is: version 1 octet | id of the data key 16 | nonce 12 | ciphertext | tag 16.
Its additional data name the version, the data key and the place, so that a value moved to another place fails to open.
Deleting a data key erases what it sealed in the database and in every backup of it.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import PurePath
from threading import Lock
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, delete, insert, select

from mailflow.store import keyfile
from mailflow.store.database import Database
from mailflow.store.errors import KeyGone, Tampered, Unreadable
from mailflow.store.keyfile import data_key, erased
from mailflow.store.secrets import Secrets

VERSION = b"\x01"
ID_OCTETS, NONCE_OCTETS, TAG_OCTETS = 16, 12, 16
OVERHEAD = 1 + ID_OCTETS + NONCE_OCTETS + TAG_OCTETS
BATCH = 64  # keys a commit of keys.db
UNWRAPPED = 512  # keys kept in memory, at most
UNWRAPPED_SECONDS = 60.0  # and no longer, because another process may erase
POOL_LIFE = timedelta(hours=1)  # far below the age at which sweep() takes a key for an orphan
DAY = timedelta(days=1)
_AT_ONCE = 500  # ids a statement


class Place(NamedTuple):
    """Where a sealed value stands. `owner` is whose key it is: a ticket's reference, or the inbox row's id."""

    table: str
    row: str
    column: str
    owner: str


@dataclass(frozen=True, slots=True, eq=False)
class DataKey:
    """A data key, ready for use. Its repr shows the id alone."""

    id: bytes
    cipher: AESGCM = field(repr=False)


class Vault:
    """Seals and opens values. One per process, for all of its threads."""

    def __init__(self, keys: Database, secrets: Secrets, *, clock: Callable[[], float] = time.time) -> None:
        """On keys.db as `create` made it: raises StoreError when it is none, or belongs to another master key.

        `clock` is the machine's own (seconds since 1970), whatever time the desk rehearses: it dates keys alone.
        """
        keyfile.require(keys, secrets)
        self._keys, self._secrets, self._clock = keys, secrets, clock
        self._pool: list[tuple[float, DataKey]] = []
        self._unwrapped: OrderedDict[bytes, tuple[float, DataKey]] = OrderedDict()
        self._pool_lock, self._cache_lock = Lock(), Lock()

    @classmethod
    def create(cls, keys: str | PurePath, secrets: Secrets, *, home: PurePath | None = None) -> Self:
        """A new keys.db (a path, or an SQLAlchemy URL), bound to this master key."""
        database = Database.create(keys, home=home)
        keyfile.create(database, secrets)
        return cls(database, secrets)

    # ------------------------------------------------------------ sealing

    def fresh(self) -> DataKey:
        """A key that was never used, and that is already safe on disk."""
        with self._pool_lock:
            now = self._clock()
            while self._pool:
                made, key = self._pool.pop()
                if 0 <= now - made < POOL_LIFE.total_seconds():
                    return key
            self._pool = [(now, key) for key in self._committed_batch(now)]
            return self._pool.pop()[1]

    def key(self, key_id: bytes) -> DataKey:
        """An existing key, to seal more of the same mail with it. Raises KeyGone, or Tampered when it is damaged."""
        key = self._found([key_id])[key_id]
        if isinstance(key, Unreadable):
            raise key
        return key

    def seal(self, key: DataKey, place: Place, octets: bytes) -> bytes:
        """The sealed value, OVERHEAD octets longer."""
        header = VERSION + key.id
        nonce = os.urandom(NONCE_OCTETS)
        return header + nonce + key.cipher.encrypt(nonce, octets, _bound(header, place))

    def open(self, blob: bytes, place: Place) -> bytes:
        """What was sealed for this place. Raises Tampered, or KeyGone once its key was erased."""
        return self.open_all([(blob, place)])[0]

    def open_all(self, sealed: Sequence[tuple[bytes, Place]]) -> list[bytes]:
        """The same for many, in order, with one look into keys.db. Raises for the first that can't be opened."""
        opened: list[bytes] = []
        for each in self.open_each(sealed):
            if isinstance(each, Unreadable):
                raise each
            opened.append(each)
        return opened

    def open_each(self, sealed: Sequence[tuple[bytes, Place]]) -> list[bytes | Unreadable]:
        """The same for unrelated values: in place of one that can't be opened stands the reason why."""
        keys = self._found([_named(blob) for blob, _ in sealed if _well_formed(blob)])
        return [_opened(keys, blob, place) for blob, place in sealed]

    # ------------------------------------------------------------ erasing

    def forget(self, key_ids: Iterable[bytes]) -> None:
        """Erase: delete these keys for good and remember that they were erased. Ids may be unknown or erased already.

        Other processes can open what they sealed for UNWRAPPED_SECONDS more.
        """
        gone = list(dict.fromkeys(key_ids))
        now = int(self._clock())
        with self._keys.write() as connection:
            known = _present(connection, gone)
            fresh = [{"id": each, "at": now} for each in gone if each not in known]
            if fresh:
                connection.execute(insert(erased), fresh)
            _delete(connection, gone)
        self._drop(gone)

    def erased_since(self, moment: datetime | None = None) -> tuple[bytes, ...]:
        """Ids of the keys erased at or after an aware moment (None: ever): a restored backup has to forget them too."""
        query = select(erased.c.id).order_by(erased.c.at)
        if moment is not None:
            query = query.where(erased.c.at >= int(moment.timestamp()))
        with self._keys.read() as connection:
            return tuple(connection.execute(query).scalars())

    def sweep(
        self, known_ids: Iterable[bytes], *, older_than: timedelta = DAY, younger_than: timedelta = 7 * DAY
    ) -> int:
        """Delete the orphans among the keys of that age: those not in `known_ids`, all key ids that the database holds.

        A crash between the commits of keys.db and of the database leaves them. Older keys are never touched, so
        that a wrong list cannot cost more than a week. Returns how many went.
        """
        if older_than < 2 * POOL_LIFE:
            raise ValueError("keys so young may be about to be used")
        now, known = self._now(), set(known_ids)
        of_that_age = data_key.c.made_at.between(
            int((now - younger_than).timestamp()), int((now - older_than).timestamp())
        )
        with self._keys.write() as connection:
            aged = connection.execute(select(data_key.c.id).where(of_that_age)).scalars()
            orphans = [each for each in aged if each not in known]
            _delete(connection, orphans)
        self._drop(orphans)
        return len(orphans)

    def clear(self) -> None:
        """Forget the unwrapped keys in memory; they are read again when needed."""
        with self._cache_lock:
            self._unwrapped.clear()

    def close(self) -> None:
        self.clear()
        self._keys.close()

    # ------------------------------------------------------------ keys

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _committed_batch(self, now: float) -> list[DataKey]:
        """New keys, in keys.db before anybody has them: what a lost key sealed would be lost."""
        made = [(os.urandom(ID_OCTETS), AESGCM.generate_key(256)) for _ in range(BATCH)]
        wrap = keyfile.wrapper(self._secrets)
        rows = [
            {"id": i, "wrapped": wrap(i, octets), "kek": self._secrets.kek, "made_at": int(now)} for i, octets in made
        ]
        with self._keys.write() as connection:
            connection.execute(insert(data_key), rows)
        return [DataKey(i, AESGCM(octets)) for i, octets in made]

    def _found(self, key_ids: Iterable[bytes]) -> dict[bytes, DataKey | Unreadable]:
        """These keys, from memory or keys.db, or why there is none."""
        wanted = dict.fromkeys(key_ids)
        found: dict[bytes, DataKey | Unreadable] = {key: each for key in wanted if (each := self._remembered(key))}
        missing = [each for each in wanted if each not in found]
        if missing:
            read = self._read(missing)
            self._remember(key for key in read.values() if isinstance(key, DataKey))
            found |= read
        return found

    def _read(self, missing: Sequence[bytes]) -> dict[bytes, DataKey | Unreadable]:
        found: dict[bytes, DataKey | Unreadable] = {}
        with self._keys.read() as connection:
            for some in _chunks(missing):
                query = select(data_key.c.id, data_key.c.wrapped, data_key.c.kek).where(data_key.c.id.in_(some))
                found |= {row.id: self._unwrap(row.id, row.wrapped, row.kek) for row in connection.execute(query)}
            gone = [each for each in missing if each not in found]
            were_erased = _present(connection, gone)
        return found | {each: _gone(was_erased=each in were_erased) for each in gone}

    def _unwrap(self, row: bytes, wrapped: bytes, kek: str) -> DataKey | Unreadable:
        try:
            return DataKey(row, AESGCM(keyfile.unwrapped(self._secrets, row, wrapped, kek)))
        except Tampered as damaged:
            return damaged

    def _remembered(self, each: bytes) -> DataKey | None:
        with self._cache_lock:
            since, key = self._unwrapped.get(each, (0.0, None))
            if key is None or time.monotonic() - since > UNWRAPPED_SECONDS:
                self._unwrapped.pop(each, None)
                return None
            self._unwrapped.move_to_end(each)
            return key

    def _remember(self, keys: Iterable[DataKey]) -> None:
        with self._cache_lock:
            now = time.monotonic()
            for key in keys:
                self._unwrapped[key.id] = (now, key)
            while len(self._unwrapped) > UNWRAPPED:
                self._unwrapped.popitem(last=False)

    def _drop(self, gone: Iterable[bytes]) -> None:
        """Out of memory, and out of the write-ahead log, where deleted rows would still stand."""
        with self._cache_lock:
            for each in gone:
                self._unwrapped.pop(each, None)
        self._keys.checkpoint()


def key_id(blob: bytes, place: Place) -> bytes:
    """The id of the data key that sealed a value. Raises Tampered when this is no sealed value."""
    if not _well_formed(blob):
        raise _tampered(place)
    return _named(blob)


def _well_formed(blob: bytes) -> bool:
    return len(blob) >= OVERHEAD and blob[:1] == VERSION


def _named(blob: bytes) -> bytes:
    return blob[1 : 1 + ID_OCTETS]


def _opened(keys: Mapping[bytes, DataKey | Unreadable], blob: bytes, place: Place) -> bytes | Unreadable:
    if not _well_formed(blob):
        return _tampered(place)
    key = keys[_named(blob)]
    if isinstance(key, Unreadable):
        return key
    start = 1 + ID_OCTETS
    nonce, sealed = blob[start : start + NONCE_OCTETS], blob[start + NONCE_OCTETS :]
    try:
        return key.cipher.decrypt(nonce, sealed, _bound(blob[:start], place))
    except InvalidTag:
        return _tampered(place)


def _bound(header: bytes, place: Place) -> bytes:
    """The additional data. Each part stands after its length, so no two places look alike."""
    return header + "".join([f"{len(part)}:{part}" for part in place]).encode()


def _present(connection: Connection, key_ids: Sequence[bytes]) -> set[bytes]:
    """Which of these were erased."""
    return {
        each
        for some in _chunks(key_ids)
        for each in connection.execute(select(erased.c.id).where(erased.c.id.in_(some))).scalars()
    }


def _delete(connection: Connection, key_ids: Sequence[bytes]) -> None:
    if key_ids:
        statement = delete(data_key).where(data_key.c.id == bindparam("gone"))
        connection.execute(statement, [{"gone": each} for each in key_ids])


def _chunks(key_ids: Iterable[bytes]) -> Iterator[list[bytes]]:
    left = iter(key_ids)
    return iter(lambda: list(islice(left, _AT_ONCE)), [])


def _tampered(place: Place) -> Tampered:
    where = f"{place.table}.{place.column} of row {place.row}"
    return Tampered(
        f"the sealed {where} is damaged, or was moved there from elsewhere: restore the database from a backup"
    )


def _gone(*, was_erased: bool) -> KeyGone:
    if was_erased:
        return KeyGone("this was erased: its key is deleted for good", erased=True)
    return KeyGone("keys.db lacks the key of this mail: restore the newest backup of the keys", erased=False)
