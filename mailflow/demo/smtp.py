"""The demo's mail server as mails come to it: aiosmtpd asks here who may log in, who gets what, and what it holds."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Deliver = Callable[[str, str, str, bytes], Awaitable[None]]  # envelope sender, recipient, login, octets


class Submission:
    """One server for all: those who log in are its users, others are strangers from outside."""

    def __init__(
        self, passwords: Mapping[str, str], resolve: Callable[[str], str | None], deliver: Deliver, host: str
    ) -> None:
        """`resolve` names the account of an address, or None when there is none."""
        self._passwords, self._resolve, self._deliver, self._host = passwords, resolve, deliver, host
        self._server: asyncio.Server | None = None

    async def serve(self) -> int:
        """Listen; returns the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, self._host, 0)
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="mx.example.org",
            ident="mailflow demo",
            enable_SMTPUTF8=True,
            auth_require_tls=False,  # it listens on this machine alone
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        del server, session, envelope, mechanism
        if isinstance(data, LoginPassword):
            user = data.login.decode("utf-8", "replace").lower()
            password = self._passwords.get(user, "")
            if password and hmac.compare_digest(data.password, password.encode()):
                return AuthResult(success=True, auth_data=user)
        return AuthResult(success=False, handled=False)

    # ------------------------------------------------------------ hooks, by aiosmtpd's names

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        account = self._resolve(address)
        if account is None:
            return "550 5.1.1 there is no such mailbox here, and nothing leaves this machine"
        if account not in envelope.rcpt_tos:
            envelope.rcpt_tos.append(account)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server
        login = str(session.auth_data) if session.authenticated else ""
        sender = (envelope.mail_from or "").replace("<>", "")
        for account in envelope.rcpt_tos:
            await self._deliver(sender, account, login, envelope.original_content or b"")
        return "250 2.0.0 taken"
