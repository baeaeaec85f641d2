"""The master key: where it may stand, who may read it, and that nothing shows it."""

import base64
import os
import stat
from pathlib import Path, PurePath

import pytest

from mailflow.core.settings import StorageSettings
from mailflow.store.errors import StoreError
from mailflow.store.secrets import Secrets, create_master_key

MASTER = bytes(range(32))
ENCODED = base64.b64encode(MASTER).decode()


def settings(file: str = "", env: str = "") -> StorageSettings:
    return StorageSettings("sqlite:///mailflow.db", PurePath("keys.db"), master_key_file=file, master_key_env=env)


def key_file(folder: Path, text: str = ENCODED, mode: int = 0o600) -> Path:
    file = folder / "master.key"
    file.write_text(text)
    file.chmod(mode)
    return file


def refusal(storage: StorageSettings, home: Path) -> str:
    with pytest.raises(StoreError) as caught:
        Secrets.load(storage, home)
    return caught.value.sentence


def test_the_key_of_a_private_file_is_taken_relative_to_the_home(tmp_path):
    key_file(tmp_path)
    assert Secrets.load(settings("master.key"), tmp_path).tokens == Secrets.of(MASTER).tokens


def test_the_key_of_an_environment_variable_is_the_same_key(tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_KEY", ENCODED + "\n")
    assert Secrets.load(settings(env="DESK_KEY"), tmp_path).kek == Secrets.of(MASTER).kek


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o666])
def test_a_key_file_that_others_can_read_or_write_is_refused(tmp_path, mode):
    key_file(tmp_path, mode=mode)
    assert "chmod 600" in refusal(settings("master.key"), tmp_path)


def test_a_systemd_credential_may_be_readable_to_its_group_but_not_to_all(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    file = key_file(tmp_path, mode=0o440)
    credential = settings("${CREDENTIALS_DIRECTORY}/master.key")
    if os.geteuid() == 0:
        assert Secrets.load(credential, Path("/nowhere")).kek == Secrets.of(MASTER).kek
        os.chown(file, 65534, 65534)
    assert "chmod 600" in refusal(credential, tmp_path)  # a credential is root's
    if os.geteuid() == 0:
        os.chown(file, 0, 0)
    file.chmod(0o444)
    assert "chmod 600" in refusal(credential, tmp_path)


def test_a_group_readable_file_outside_the_credentials_is_refused_even_of_root(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    key_file(tmp_path, mode=0o440)
    assert "chmod 600" in refusal(settings("master.key"), tmp_path)


@pytest.mark.parametrize(
    "text", ["not base64!", "c2hvcnQ=", base64.b64encode(bytes(33)).decode(), ENCODED + ENCODED, "é" * 44]
)
def test_what_is_no_key_is_refused_without_being_repeated(tmp_path, text):
    key_file(tmp_path, text)
    sentence = refusal(settings("master.key"), tmp_path)
    assert "does not hold a master key" in sentence
    assert text not in sentence


def test_each_missing_source_is_named_with_a_next_step(tmp_path, monkeypatch):
    monkeypatch.delenv("DESK_KEY", raising=False)
    assert "is missing: make one" in refusal(settings("master.key"), tmp_path)
    assert "DESK_KEY is empty or not set" in refusal(settings(env="DESK_KEY"), tmp_path)
    assert "either master_key_file or master_key_env" in refusal(settings(), tmp_path)
    assert "either master_key_file or master_key_env" in refusal(settings("master.key", "DESK_KEY"), tmp_path)


def test_a_pipe_or_folder_in_place_of_the_key_is_refused_and_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "not a plain file" in refusal(settings("pipe"), tmp_path)
    assert "can't be read" in refusal(settings("."), tmp_path)


def test_a_new_master_key_is_private_random_and_never_overwritten(tmp_path):
    first, second = tmp_path / "keys" / "a", tmp_path / "keys" / "b"
    create_master_key(first)
    create_master_key(second)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    assert Secrets.load(settings(str(first)), tmp_path).kek != Secrets.load(settings(str(second)), tmp_path).kek
    before = first.read_bytes()
    with pytest.raises(StoreError, match="never overwritten"):
        create_master_key(first)
    assert first.read_bytes() == before


def test_sub_keys_differ_from_one_another_and_from_the_master():
    secrets = Secrets.of(MASTER)
    keys = {MASTER, secrets.tokens, secrets.key_encryption[secrets.kek], secrets._index}
    assert len(keys) == 4
    assert not any(secrets.kek in key.hex() for key in keys)


def test_nothing_secret_shows_in_the_repr():
    secrets = Secrets.of(MASTER)
    assert repr(secrets) == f"Secrets(kek='{secrets.kek}')"


def test_the_blind_index_is_stable_keyed_and_keeps_kinds_apart():
    secrets = Secrets.of(MASTER)
    found = secrets.blind("address", "ann@firm.example")
    assert found == Secrets.of(MASTER).blind("address", b"ann@firm.example")
    assert len(found) == 64
    assert found not in {
        secrets.blind("address", "bob@firm.example"),
        secrets.blind("message-id", "ann@firm.example"),
        Secrets.of(bytes(32)).blind("address", "ann@firm.example"),
    }
    assert secrets.blind("a", "b:c") != secrets.blind("a:b", "c")
    assert secrets.blind("a", "1:b:c") != secrets.blind("a1:b", "c")


def test_the_derivation_never_changes_because_stored_rows_depend_on_it():
    secrets = Secrets.of(MASTER)
    assert secrets.kek == "85efb0f287fda329"
    assert (
        secrets.blind("address", "ann@firm.example")
        == "659fb2e4f02225177a08079bee43a979abaa0e766920596b52b371db982ac70d"
    )
    assert secrets.tokens.hex() == "88e7954aad12265680a698a78f166921667ad2e7d9010bbf30e029a6bfde883e"
