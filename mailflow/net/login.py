"""How we prove who we are, to IMAP and to SMTP.

A mailbox and a transport only know `Credentials`: another way to log in is another class here, and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import aiosmtplib

from mailflow.core.settings import Login


class LoginTrouble(Exception):
    """We have nothing to log in with; the text is one sentence that names the setting."""


class ImapLogin(Protocol):
    """The part of an IMAP connection that a login needs."""

    def login(self, username: str, password: str) -> object: ...

    def plain_login(self, identity: str, password: str) -> object: ...


class Credentials(Protocol):
    """Logs in on a fresh connection. The secret is fetched anew each time, so a changed one needs no restart.

    Raises LoginTrouble when there is no secret; what the server or the connection raises passes through.
    """

    def imap(self, session: ImapLogin) -> None: ...

    async def smtp(self, session: aiosmtplib.SMTP) -> None: ...


class PasswordCredentials:
    def __init__(self, login: Login, section: str, environ: Mapping[str, str] = os.environ) -> None:
        """`section` is where the login stands in config.toml, for the sentences: "[smtp]"."""
        self._login = login
        self._section = section
        self._environ = environ

    def imap(self, session: ImapLogin) -> None:
        if not self._login.user:
            raise LoginTrouble(f"{self._section}: user is empty, and a mailbox needs a login")
        password = self._password()
        if password.isascii() and self._login.user.isascii():
            session.login(self._login.user, password)
        else:
            session.plain_login(self._login.user, password)  # LOGIN knows ASCII only, PLAIN is UTF-8

    async def smtp(self, session: aiosmtplib.SMTP) -> None:
        if self._login.user:
            await session.login(self._login.user, self._password())

    def _password(self) -> str:
        password = self._from_file() if self._login.password_file else self._from_environment()
        if any(ord(letter) < ord(" ") for letter in password):
            raise LoginTrouble(f"{self._section}: the password has control characters or more than one line")
        return password

    def _from_environment(self) -> str:
        name = self._login.password_env
        if not name:
            raise LoginTrouble(f"{self._section}: has neither password_env nor password_file")
        password = self._environ.get(name, "")
        if not password:
            raise LoginTrouble(f"{self._section}: password_env names {name}, which is not set")
        return password

    def _from_file(self) -> str:
        path = os.path.expandvars(self._login.password_file)  # systemd gives ${CREDENTIALS_DIRECTORY}
        try:
            password = Path(path).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            raise LoginTrouble(f"{self._section}: password_file {path} is not UTF-8 text") from None
        except OSError as error:
            raise LoginTrouble(f"{self._section}: password_file {path}: {error.strerror}") from None
        if not password:
            raise LoginTrouble(f"{self._section}: password_file {path} is empty")
        return password
