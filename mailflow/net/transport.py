"""One SMTP connection, kept open between mails: one envelope, one recipient, one mail at a time.

Errors are temporary until proven permanent. Nothing that a server says is repeated, except its codes: its sentences
name addresses.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

import aiosmtplib
from aiosmtplib.email import parse_address

from mailflow.core.settings import Security, SmtpSettings
from mailflow.net.login import Credentials, LoginTrouble
from mailflow.net.tls import trust

STALE_SECONDS = 60.0  # servers hang up on who is silent, from about a minute on
DATA_PATIENCE = 10  # times the ordinary timeout: who gives up on the last answer may send twice (RFC 5321, 4.5.3.2.6)
GOODBYE_SECONDS = 5.0
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])", re.ASCII)
_SERVER_CLOSES = 421
_PERMANENT = 500
_OURS_TO_MEND = frozenset({530, 534, 535, 538})  # login and encryption: no fault of this mail
_T = TypeVar("_T")


class Refused(Exception):
    """The server will not take this mail. Only the codes are kept: "550 5.1.1"."""

    def __init__(self, code: int, enhanced: str = "", *, permanent: bool) -> None:
        super().__init__(f"{code} {enhanced}".rstrip())
        self.code = code
        self.enhanced = enhanced
        self.permanent = permanent


class Unreachable(Exception):
    """The server can't be used now, whatever the mail: the others need not be tried either.

    `ambiguous`: the connection ended before the server answered to the mail's last line. It may have taken the mail.
    """

    def __init__(self, sentence: str, *, ambiguous: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.ambiguous = ambiguous


@dataclass(frozen=True, slots=True)
class SmtpReport:
    extensions: tuple[str, ...]
    null_sender: bool  # whether MAIL FROM:<> is accepted here


class Transport:
    """Every method may raise Unreachable. The next one connects again by itself."""

    def __init__(self, settings: SmtpSettings, credentials: Credentials) -> None:
        self._settings = settings
        self._credentials = credentials
        self._client: aiosmtplib.SMTP | None = None
        self._used = 0.0  # on the monotonic clock
        self._one = asyncio.Lock()

    async def send(self, envelope_sender: str, recipient: str, raw: bytes) -> None:
        """Returns once the server has taken the mail. The null sender is "". Raises Refused for this mail alone."""
        _require_address(envelope_sender, "5.1.7", null=True)
        _require_address(recipient, "5.1.3", null=False)
        async with self._one, self._session() as client:
            options = _mail_options(client, envelope_sender + recipient, raw)
            await self._ask(client.mail(envelope_sender, options=options, encoding="utf-8"))
            await self._ask(client.rcpt(recipient, encoding="utf-8"))
            patience = self._settings.timeout_seconds * DATA_PATIENCE
            await self._ask(client.data(raw, timeout=patience), ambiguous=True)

    async def check(self, recipient: str = "") -> SmtpReport:
        """Log in and try the null sender, without sending anything.

        Many servers refuse a sender only once they hear a recipient: give an address of the desk's own.
        """
        async with self._one, self._session() as client:
            try:
                await self._ask(client.mail(""))
                if recipient:
                    await self._ask(client.rcpt(recipient))
            except Refused:
                accepted = False
            else:
                accepted = True
            report = SmtpReport(tuple(sorted(client.esmtp_extensions)), accepted)
            await self._ask(client.rset())
            return report

    async def close(self) -> None:
        """Say goodbye, if anybody listens, and end the connection. Never raises what the server does."""
        async with self._one:
            await self._leave()

    # ------------------------------------------------------------ the connection

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """The kept connection or a new one. After a refusal it is made ready again, after anything else closed."""
        if self._client is None or not self._client.is_connected or self._stale():
            await self._leave()
            self._client = await self._connected()
        client = self._client
        try:
            yield client
        except Refused:
            with suppress(Unreachable):  # then the next mail finds it closed
                await self._ask(client.rset())
            raise
        except BaseException:
            _hang_up(client)
            raise
        finally:
            self._used = time.monotonic()

    def _stale(self) -> bool:
        return time.monotonic() - self._used > STALE_SECONDS

    async def _leave(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        if client.is_connected:
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.execute_command(b"QUIT", timeout=min(GOODBYE_SECONDS, self._settings.timeout_seconds))
        _hang_up(client)

    async def _connected(self) -> aiosmtplib.SMTP:
        settings = self._settings
        where = f"{settings.host}:{settings.port}"
        try:
            client = aiosmtplib.SMTP(
                hostname=settings.host,
                port=settings.port,
                use_tls=settings.security is Security.TLS,
                start_tls=settings.security is Security.STARTTLS,  # None would mean: if it happens to be offered
                tls_context=await asyncio.to_thread(trust, settings.ca_file),
                local_hostname=settings.hostname or None,
                timeout=settings.timeout_seconds,
            )
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unreachable(f"could not connect to {where}: {_reason(error)}") from None
        try:
            await client.ehlo()
            await self._credentials.smtp(client)
        except LoginTrouble as error:
            _hang_up(client)
            raise Unreachable(str(error)) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            _hang_up(client)
            raise Unreachable(f"could not log in at {where}: {_reason(error)}") from None
        except BaseException:
            _hang_up(client)
            raise
        return client

    async def _ask(self, answer: Awaitable[_T], *, ambiguous: bool = False) -> _T:
        try:
            return await answer
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error, self._settings.host) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            sentence = f"{self._settings.host} stopped answering: {_reason(error)}"
            raise Unreachable(sentence, ambiguous=ambiguous) from None


def _hang_up(client: aiosmtplib.SMTP) -> None:
    """At once: TLS would first wait for the server's goodbye, and the socket stay open when the loop ends before."""
    wire = client.transport
    client.close()
    if isinstance(wire, asyncio.WriteTransport):
        wire.abort()


def _refusal(error: aiosmtplib.SMTPResponseException, host: str) -> Refused | Unreachable:
    found = _ENHANCED.match(error.message)
    enhanced = found.group() if found else ""
    if error.code == _SERVER_CLOSES or error.code in _OURS_TO_MEND or error.code < 0:
        return Unreachable(f"{host} answers {error.code} {enhanced}".rstrip())
    return Refused(error.code, enhanced, permanent=error.code >= _PERMANENT)


def _reason(error: Exception) -> str:
    """What happened, in words that are never the server's."""
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"the server refused ({error.code})"
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    verify = getattr(cause, "verify_message", "")
    if verify:
        return f"the certificate can't be trusted ({verify})"
    if isinstance(cause, OSError) and cause.strerror:
        return f"{cause.filename}: {cause.strerror}" if cause.filename else cause.strerror
    if isinstance(error, ConnectionError):
        return "the connection was lost"
    return "the server does not offer what the settings ask for"  # STARTTLS, or a way to log in


def _require_address(address: str, enhanced: str, *, null: bool) -> None:
    """Refuse an odd address as a server would: aiosmtplib would silently cut it into another one."""
    if null and not address:
        return
    try:
        sound = "@" in address and address.isprintable() and parse_address(address) == address
    except ValueError:
        sound = False
    if not sound:
        raise Refused(553, enhanced, permanent=True)


def _mail_options(client: aiosmtplib.SMTP, addresses: str, raw: bytes) -> list[str]:
    """What the mail needs of the server. Raises Refused where it doesn't have it (RFC 6531, RFC 3463)."""
    options = []
    if not addresses.isascii():
        if not client.supports_extension("smtputf8"):
            raise Refused(553, "5.6.7", permanent=True)
        options.append("SMTPUTF8")
    if not raw.isascii():
        if not client.supports_extension("8bitmime"):
            raise Refused(554, "5.6.3", permanent=True)
        options.append("BODY=8BITMIME")
    if client.supports_extension("size"):
        options.append(f"SIZE={len(raw)}")
    return options
