import base64
import stat
import tomllib

import pytest

from mailflow.config import ConfigError, load, make_installation
from mailflow.config.starter import PARTS, defaults


@pytest.fixture
def folder(tmp_path):
    make_installation(tmp_path / "a" / "desk")
    return tmp_path / "a" / "desk"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_installation_is_a_copy_of_the_defaults(folder):
    for part in PARTS:
        assert (folder / part).exists()
    originals = list((defaults() / "rules").rglob("*.toml"))
    assert originals
    for path in originals:
        assert (folder / "rules" / path.relative_to(defaults() / "rules")).read_bytes() == path.read_bytes()


def test_a_new_installation_is_right_as_it_is(folder):
    settings, desk = load(folder)
    assert settings.home == folder
    assert desk.policy.queues


def test_its_master_key_is_32_octets_that_nobody_else_can_read(folder):
    assert len(base64.b64decode((folder / "master.key").read_text().strip(), validate=True)) == 32
    assert mode(folder / "master.key") == 0o600


def test_two_installations_have_two_keys(folder, tmp_path):
    make_installation(tmp_path / "b")
    assert (tmp_path / "b" / "master.key").read_bytes() != (folder / "master.key").read_bytes()


def test_its_data_is_for_its_user_alone(folder):
    assert mode(folder / "data") == 0o700


def test_an_empty_folder_is_taken(tmp_path):
    make_installation(tmp_path)
    assert tomllib.loads((tmp_path / "config.toml").read_text(encoding="utf-8"))


def test_a_folder_with_anything_in_it_is_left_as_it_is(tmp_path):
    (tmp_path / ".hidden").write_text("mine")
    with pytest.raises(ConfigError) as caught:
        make_installation(tmp_path)
    assert caught.value.problems == (f"{tmp_path} is not empty: name a new folder, so that nothing is overwritten",)
    assert [path.name for path in tmp_path.iterdir()] == [".hidden"]


def test_a_file_in_its_place_is_told_in_one_sentence(tmp_path):
    (tmp_path / "desk").write_text("")
    with pytest.raises(ConfigError) as caught:
        make_installation(tmp_path / "desk")
    assert caught.value.problems == (f"{tmp_path}/desk cannot be made an installation folder: File exists",)


def test_nothing_that_python_or_an_editor_left_behind_is_copied(folder):
    assert not [path for path in folder.rglob("*") if path.name.startswith((".", "__pycache__"))]


def test_an_installed_package_brings_its_own_defaults(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "mailflow"
    for part in PARTS:
        (package / "defaults" / part).mkdir(parents=True)
    monkeypatch.setattr("mailflow.__file__", str(package / "__init__.py"))
    assert defaults() == package / "defaults"


def test_a_package_without_its_defaults_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("mailflow.__file__", str(tmp_path / "mailflow" / "__init__.py"))
    with pytest.raises(ConfigError) as caught:
        make_installation(tmp_path / "desk")
    assert caught.value.problems == (f"the defaults are missing from {tmp_path}/mailflow: install mailflow anew",)
    assert not (tmp_path / "desk").exists()
