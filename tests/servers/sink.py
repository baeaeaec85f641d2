"""An SMTP server inside the tests that keeps what it gets and answers as it is told."""

from __future__ import annotations

import ssl
import warnings
from dataclasses import dataclass

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mailflow.core.settings import Login, Security, SmtpSettings
from tests.servers.dovecot import PASSWORD, PASSWORD_ENV
from tests.servers.running import HOST, free_ports

USER = "desk"


@dataclass(frozen=True)
class Taken:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    options: tuple[str, ...]  # of MAIL


class Sink:
    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        """With a context it offers STARTTLS, and takes nobody without it and without a login."""
        self.taken: list[Taken] = []
        self.connections = 0
        self._says: dict[str, list[str]] = {"MAIL": [], "RCPT": [], "DATA": []}
        secured = context is not None
        with warnings.catch_warnings():  # it warns of what these tests are about
            warnings.simplefilter("ignore")
            self._controller = Controller(
                self,
                hostname=HOST,
                port=free_ports(1)[0],
                tls_context=context,
                require_starttls=secured,
                auth_required=secured,
                auth_require_tls=secured,
                authenticator=_authenticate,
                enable_SMTPUTF8=True,
            )
            self._controller.start()
        self.port = int(self._controller.port)

    def close(self) -> None:
        self._controller.stop()

    def answer(self, command: str, *lines: str) -> None:
        """What to say to the next such commands, one line each; then as usual again."""
        self._says[command].extend(lines)

    def settings(self, port: int | None = None) -> SmtpSettings:
        return SmtpSettings(
            host=HOST, port=port or self.port, security=Security.NONE, timeout_seconds=20.0, hostname="desk.example.org"
        )

    def login(self) -> Login:
        return Login(user=USER, password_env=PASSWORD_ENV)

    async def handle_EHLO(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        del server, envelope
        self.connections += session.host_name is None
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        del server, session
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return self._next("MAIL", "250 2.1.0 fine")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        said = self._next("RCPT", "250 2.1.5 fine")
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        said = self._next("DATA", "250 2.0.0 taken")
        if said.startswith("2"):
            raw = envelope.original_content or b""
            options = tuple(sorted(envelope.mail_options))
            sender = (envelope.mail_from or "").replace("<>", "")
            self.taken.append(Taken(sender, tuple(envelope.rcpt_tos), raw, options))
        return said

    def _next(self, command: str, usual: str) -> str:
        waiting = self._says[command]
        return waiting.pop(0) if waiting else usual


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    del server, session, envelope, mechanism
    right = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)
