"""Sealed values: they open in their own place, with their own key, and in no other way."""

import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from mailflow.store import keyfile
from mailflow.store.database import Database
from mailflow.store.errors import KeyGone, StoreError, Tampered
from mailflow.store.secrets import Secrets
from mailflow.store.vault import BATCH, OVERHEAD, UNWRAPPED, DataKey, Place, Vault, _bound

SECRETS = Secrets.of(bytes(32))
PLACE = Place("message", "7", "text", "2026-0042")
TEXT = b"Is the minimum wage due to posted drivers?"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now.timestamp()


@pytest.fixture
def keys(tmp_path):
    database = Database.create(tmp_path / "keys.db")
    keyfile.create(database, SECRETS)
    yield database
    database.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def vault(keys, clock):
    return Vault(keys, SECRETS, clock=clock)


def wrapped_keys(keys: Database) -> int:
    with keys.read() as connection:
        return connection.execute(select(func.count()).select_from(keyfile.data_key)).scalar_one()


# ---------------------------------------------------------------- sealing and opening


def test_what_was_sealed_opens_in_its_place_here_and_in_another_process(vault, keys):
    blob = vault.seal(vault.fresh(), PLACE, TEXT)
    assert vault.open(blob, PLACE) == TEXT
    assert Vault(keys, SECRETS).open(blob, PLACE) == TEXT


def test_a_sealed_value_shows_nothing_and_grows_by_the_overhead_alone(vault):
    key = vault.fresh()
    blob = vault.seal(key, PLACE, TEXT)
    assert TEXT not in blob
    assert len(blob) == len(TEXT) + OVERHEAD
    assert blob[:17] == b"\x01" + key.id
    assert vault.seal(key, PLACE, TEXT) != blob
    assert len(vault.seal(key, PLACE, b"")) == OVERHEAD


def test_many_open_in_the_order_asked_for(vault, keys):
    places = [PLACE._replace(row=str(n)) for n in range(1200)]
    sealed = [(vault.seal(vault.fresh(), place, place.row.encode()), place) for place in places]
    expected = [place.row.encode() for place in places]
    assert Vault(keys, SECRETS).open_all(sealed) == expected
    assert vault.open_all([]) == []


def test_more_of_a_mail_can_be_sealed_later_under_its_key(vault, keys):
    key = vault.fresh()
    later = Vault(keys, SECRETS)
    blob = later.seal(later.key(key.id), PLACE, TEXT)
    assert vault.open(blob, PLACE) == TEXT


def test_what_cannot_be_opened_keeps_nothing_else_from_being_opened(vault, keys):
    gone, damaged = vault.fresh(), vault.fresh()
    places = [PLACE._replace(row=str(n)) for n in range(5)]
    blobs = [vault.seal(key, place, b"x") for key, place in zip([vault.fresh(), gone, damaged], places, strict=False)]
    sealed = list(zip([*blobs, blobs[0], b"short"], places, strict=True))
    vault.forget([gone.id])
    with keys.write() as connection:
        table = keyfile.data_key
        connection.execute(update(table).where(table.c.id == damaged.id).values(wrapped=os.urandom(60)))
    opened = vault.open_each(sealed)
    assert opened[0] == b"x"
    assert [type(each) for each in opened[1:]] == [KeyGone, Tampered, Tampered, Tampered]
    with pytest.raises(KeyGone):
        vault.open_all(sealed)
    assert not isinstance(opened[1], StoreError)  # the machine is not at fault


# ---------------------------------------------------------------- attacks


@pytest.mark.parametrize("part", Place._fields)
def test_a_value_moved_to_another_table_row_column_or_owner_does_not_open(vault, part):
    blob = vault.seal(vault.fresh(), PLACE, TEXT)
    with pytest.raises(Tampered):
        vault.open(blob, PLACE._replace(**{part: "other"}))


def test_two_rows_that_swap_their_values_are_both_detected(vault):
    key, other = vault.fresh(), PLACE._replace(row="8")
    blob, swapped = vault.seal(key, PLACE, TEXT), vault.seal(key, other, b"another text")
    for stolen, place in ((swapped, PLACE), (blob, other)):
        with pytest.raises(Tampered):
            vault.open(stolen, place)


def test_any_flipped_bit_is_detected(vault):
    blob = vault.seal(vault.fresh(), PLACE, b"ok")
    for position in range(len(blob)):
        damaged = bytearray(blob)
        damaged[position] ^= 1
        with pytest.raises((Tampered, KeyGone)):
            vault.open(bytes(damaged), PLACE)


def test_any_truncation_or_extension_is_detected(vault):
    blob = vault.seal(vault.fresh(), PLACE, b"some text")
    for length in range(len(blob)):
        with pytest.raises(Tampered):
            vault.open(blob[:length], PLACE)
    with pytest.raises(Tampered):
        vault.open(blob + b"\0", PLACE)


def test_naming_another_key_in_a_value_is_detected(vault):
    blob, other = vault.seal(vault.fresh(), PLACE, TEXT), vault.fresh()
    with pytest.raises(Tampered):
        vault.open(blob[:1] + other.id + blob[17:], PLACE)


def test_a_value_of_an_unknown_format_is_not_guessed_at(vault):
    blob = vault.seal(vault.fresh(), PLACE, TEXT)
    with pytest.raises(Tampered):
        vault.open(b"\x02" + blob[1:], PLACE)


def test_wrapped_keys_that_swap_their_rows_are_detected(vault, keys):
    first, second = vault.fresh(), vault.fresh()
    blob = vault.seal(first, PLACE, TEXT)
    table = keyfile.data_key
    with keys.write() as connection:
        stolen = connection.execute(select(table.c.wrapped).where(table.c.id == second.id)).scalar_one()
        connection.execute(update(table).where(table.c.id == first.id).values(wrapped=stolen))
    with pytest.raises(Tampered, match=r"keys\.db is damaged"):
        Vault(keys, SECRETS).open(blob, PLACE)


PARTS = st.lists(st.text("1:a", max_size=4), min_size=4, max_size=4)


@given(PARTS, PARTS)
@example(["message", "1", "2", ""], ["message", "12", "", ""])
@example(["a", "1:b", "", ""], ["a1:b", "", "", ""])
def test_no_two_places_look_alike(one, other):
    assert (_bound(b"", Place(*one)) == _bound(b"", Place(*other))) == (one == other)


def test_no_message_or_repr_shows_text_or_key(vault):
    key = vault.fresh()
    blob = vault.seal(key, PLACE, TEXT)
    with pytest.raises(Tampered) as caught:
        vault.open(blob, PLACE._replace(row="9"))
    assert caught.value.sentence.startswith("the sealed message.text of row 9 is damaged")
    assert caught.value.__context__ is None
    assert repr(key) == f"DataKey(id={key.id!r})"


# ---------------------------------------------------------------- the pool


def test_keys_are_safe_in_keys_db_before_anybody_has_them_a_batch_at_a_time(vault, keys):
    handed_out = {vault.fresh().id}
    assert wrapped_keys(keys) == BATCH
    handed_out |= {vault.fresh().id for _ in range(BATCH - 1)}
    assert wrapped_keys(keys) == BATCH
    handed_out.add(vault.fresh().id)
    assert wrapped_keys(keys) == 2 * BATCH
    assert len(handed_out) == BATCH + 1


def test_no_key_is_handed_out_when_keys_db_cannot_keep_it(vault, keys):
    with keys.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")
    with pytest.raises(StoreError, match="disk is full"):
        [vault.fresh() for _ in range(10 * BATCH)]
    assert vault._pool == []


def test_threads_never_get_the_same_key_nor_waste_a_batch(vault, keys):
    got: list[DataKey] = []
    threads = [threading.Thread(target=lambda: got.extend(vault.fresh() for _ in range(100))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({key.id for key in got}) == 400
    assert wrapped_keys(keys) == 7 * BATCH


@pytest.mark.parametrize("later", [timedelta(hours=2), -timedelta(hours=2)])
def test_a_key_that_waited_too_long_is_not_handed_out_because_a_sweep_may_have_taken_it(vault, clock, keys, later):
    vault.fresh()
    clock.now += later
    key = vault.fresh()
    with keys.read() as connection:
        made = connection.execute(
            select(keyfile.data_key.c.made_at).where(keyfile.data_key.c.id == key.id)
        ).scalar_one()
    assert made == int(clock.now.timestamp())


def test_the_memory_of_unwrapped_keys_is_bounded(vault):
    sealed = [(vault.seal(vault.fresh(), PLACE, b"x"), PLACE) for _ in range(UNWRAPPED + 50)]
    vault.open_all(sealed)
    assert len(vault._unwrapped) == UNWRAPPED
    vault.clear()
    assert len(vault._unwrapped) == 0


# ---------------------------------------------------------------- erasing


def test_an_erased_key_opens_nothing_any_more_and_is_remembered(vault, keys, clock):
    key, kept = vault.fresh(), vault.fresh()
    blob, other = vault.seal(key, PLACE, TEXT), vault.seal(kept, PLACE, TEXT)
    assert vault.open(blob, PLACE) == TEXT  # it is in memory now
    vault.forget([key.id, key.id])
    for each in (vault, Vault(keys, SECRETS)):
        with pytest.raises(KeyGone) as caught:
            each.open(blob, PLACE)
        assert caught.value.erased
    assert vault.open(other, PLACE) == TEXT
    assert vault.erased_since() == (key.id,)


def test_erasing_twice_or_what_never_was_is_harmless(vault):
    key = vault.fresh()
    vault.forget([key.id])
    vault.forget([key.id, b"0" * 16])
    vault.forget([])
    assert set(vault.erased_since()) == {key.id, b"0" * 16}


def test_erasures_are_told_since_a_moment(vault, clock):
    first, second = vault.fresh(), vault.fresh()
    vault.forget([first.id])
    clock.now += timedelta(days=1)
    vault.forget([second.id])
    assert vault.erased_since(NOON) == (first.id, second.id)
    assert vault.erased_since(clock.now) == (second.id,)
    assert vault.erased_since(clock.now + timedelta(seconds=1)) == ()


def test_a_key_that_keys_db_never_knew_is_told_apart_from_an_erased_one(vault, tmp_path):
    other = Vault.create(tmp_path / "other.db", SECRETS)
    blob = other.seal(other.fresh(), PLACE, TEXT)
    other.close()
    with pytest.raises(KeyGone, match="newest backup of the keys") as caught:
        vault.open(blob, PLACE)
    assert not caught.value.erased


def test_nothing_of_an_erased_key_is_left_in_the_files(vault, keys, tmp_path):
    key = vault.fresh()
    table = keyfile.data_key
    with keys.read() as connection:
        wrapped = connection.execute(select(table.c.wrapped).where(table.c.id == key.id)).scalar_one()

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert wrapped in on_disk()
    vault.forget([key.id])
    assert wrapped not in on_disk()


def test_another_process_stops_opening_what_was_erased_when_its_memory_ends(vault, keys, monkeypatch):
    other = Vault(keys, SECRETS)
    key = vault.fresh()
    blob = vault.seal(key, PLACE, TEXT)
    assert other.open(blob, PLACE) == TEXT
    vault.forget([key.id])
    monkeypatch.setattr("mailflow.store.vault.UNWRAPPED_SECONDS", -1.0)
    with pytest.raises(KeyGone):
        other.open(blob, PLACE)


# ---------------------------------------------------------------- orphans


def test_orphans_older_than_a_day_are_swept_and_nothing_else(vault, keys, clock):
    used, orphan = vault.fresh(), vault.fresh()
    blob = vault.seal(used, PLACE, TEXT)
    clock.now += timedelta(hours=25)
    young = vault.fresh()
    assert vault.sweep([used.id]) == BATCH - 1
    assert vault.open(blob, PLACE) == TEXT
    assert vault.key(young.id).id == young.id
    with pytest.raises(KeyGone):
        vault.key(orphan.id)
    assert vault.sweep([used.id]) == 0
    assert vault.erased_since() == ()


def test_a_wrong_list_cannot_cost_keys_older_than_a_week(vault, clock):
    old = vault.fresh()
    clock.now += timedelta(days=8)
    assert vault.sweep([]) == 0
    assert vault.key(old.id).id == old.id


def test_keys_that_may_be_about_to_be_used_cannot_be_swept(vault):
    with pytest.raises(ValueError, match="about to be used"):
        vault.sweep([], older_than=timedelta(minutes=90))


# ---------------------------------------------------------------- the right keys.db, the right master key


def test_a_new_vault_makes_private_files_and_refuses_to_overwrite(tmp_path):
    vault = Vault.create(PurePath("keys/keys.db"), SECRETS, home=tmp_path)
    file = tmp_path / "keys" / "keys.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    vault.close()
    with pytest.raises(StoreError, match="never overwritten"):
        Vault.create(PurePath("keys/keys.db"), SECRETS, home=tmp_path)


def test_another_master_key_is_refused_at_the_start_with_both_names(keys):
    other = Secrets.of(os.urandom(32))
    with pytest.raises(StoreError, match="put back the right master key") as caught:
        Vault(keys, other)
    assert SECRETS.kek in caught.value.sentence
    assert other.kek in caught.value.sentence


def test_a_damaged_probe_is_refused_at_the_start(keys):
    with keys.write() as connection:
        connection.execute(update(keyfile.probe).values(sealed=os.urandom(44)))
    with pytest.raises(StoreError, match="is damaged"):
        Vault(keys, SECRETS)


def test_a_missing_keys_file_is_refused_and_never_made_anew(tmp_path):
    with pytest.raises(StoreError, match="is missing: restore it"):
        Database(tmp_path / "keys.db")
    assert not (tmp_path / "keys.db").exists()


def test_a_database_that_is_no_keys_file_is_refused(tmp_path):
    with pytest.raises(StoreError, match=r"not a keys\.db of mailflow"):
        Vault(Database.create(tmp_path / "empty.db"), SECRETS)
    (tmp_path / "text.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="is not a database"):
        Vault(Database(tmp_path / "text.db"), SECRETS)


def test_a_keys_file_of_a_newer_format_is_refused(keys):
    with keys.write() as connection:
        connection.execute(update(keyfile.probe).values(format=2))
    with pytest.raises(StoreError, match="newer version"):
        Vault(keys, SECRETS)


def test_keys_wrapped_under_a_former_master_key_still_open(vault, keys):
    blob = vault.seal(vault.fresh(), PLACE, TEXT)
    rotated = Vault(keys, Secrets.of(b"n" * 32, former=(bytes(32),)))
    assert rotated.open(blob, PLACE) == TEXT
    newer = rotated.seal(rotated.fresh(), PLACE, TEXT)
    assert rotated.open(newer, PLACE) == TEXT
    with pytest.raises(StoreError, match="the master key is not the one"):
        Vault(keys, SECRETS).open(newer, PLACE)


def test_every_wrapped_key_says_which_key_wrapped_it(vault, keys):
    vault.fresh()
    with keys.read() as connection:
        assert set(connection.execute(select(keyfile.data_key.c.kek)).scalars()) == {SECRETS.kek}


def test_a_key_id_can_never_be_used_twice(vault, keys):
    key = vault.fresh()
    row = {"id": key.id, "wrapped": b"x", "kek": SECRETS.kek, "made_at": 0}
    with pytest.raises(Exception, match="UNIQUE"), keys.write() as connection:
        connection.execute(insert(keyfile.data_key), [row])
