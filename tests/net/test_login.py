from __future__ import annotations

from pathlib import Path

import pytest

from mailflow.core.settings import Login
from mailflow.net.login import LoginTrouble, PasswordCredentials


class Listening:
    """Hears how somebody logs in."""

    def __init__(self) -> None:
        self.heard: tuple[str, ...] = ()

    def login(self, username: str, password: str) -> object:
        self.heard = ("LOGIN", username, password)
        return b""

    def plain_login(self, identity: str, password: str) -> object:
        self.heard = ("PLAIN", identity, password)
        return b""


def heard(login: Login, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    listening = Listening()
    PasswordCredentials(login, "[smtp]", environ or {}).imap(listening)
    return listening.heard


def test_the_password_comes_from_the_environment() -> None:
    assert heard(Login("desk", password_env="PW"), {"PW": "s3cret"}) == ("LOGIN", "desk", "s3cret")


def test_the_password_comes_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "pw").write_bytes(b" with spaces \r\n")
    assert heard(Login("desk", password_file=str(tmp_path / "pw")))[2] == " with spaces "


def test_a_systemd_credential_is_found_through_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imap").write_text("s3cret\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert heard(Login("desk", password_file="${CREDENTIALS_DIRECTORY}/imap"))[2] == "s3cret"


def test_a_changed_password_is_used_at_the_next_login(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("old")
    credentials = PasswordCredentials(Login("desk", password_file=str(tmp_path / "pw")), "here")
    listening = Listening()
    credentials.imap(listening)
    (tmp_path / "pw").write_text("new")
    credentials.imap(listening)
    assert listening.heard[2] == "new"


def test_a_password_that_is_not_ascii_goes_where_utf8_is_allowed() -> None:
    assert heard(Login("desk", password_env="PW"), {"PW": "pässwort"}) == ("PLAIN", "desk", "pässwort")


@pytest.mark.parametrize(
    ("login", "named"),
    [
        (Login("desk"), "has neither password_env nor password_file"),
        (Login("desk", password_env="PW"), r"\[smtp\]: password_env names PW, which is not set"),
        (Login("desk", password_file="/nowhere/pw"), r"password_file /nowhere/pw: No such file"),
        (Login("", password_env="PW"), r"\[smtp\]: user is empty"),
    ],
)
def test_without_a_secret_the_sentence_names_the_setting(login: Login, named: str) -> None:
    with pytest.raises(LoginTrouble, match=named):
        heard(login)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"\xff\xfe", "not UTF-8"), (b"one\r\ntwo", "more than one line"), (b"a\0b", "control")],
)
def test_a_file_that_holds_no_usable_password_is_said_so_without_its_content(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "pw").write_bytes(content)
    with pytest.raises(LoginTrouble, match=said) as caught:
        heard(Login("desk", password_file=str(tmp_path / "pw")))
    assert "two" not in str(caught.value)
