"""Mailboxes in memory, served over IMAP by pymap: the demo's, never a real desk's."""

from __future__ import annotations

import asyncio
import secrets
from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime

from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, Identity, Login
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

FOLDERS = ("Drafts", "Sent", "Trash")  # what mail clients look for besides INBOX


class _Quiet(Config):
    """Says hello without asking the network for this machine's name."""

    @property
    def greeting(self) -> bytes:
        return b"mailflow demo"


class Mailboxes:
    """One account for each user; everything in the event loop of `serve`."""

    def __init__(self, passwords: Mapping[str, str], host: str) -> None:
        """`passwords` by user, in the clear: they live as long as the demo does."""
        self._passwords, self._host = passwords, host
        self._login: Login | None = None
        self._server: asyncio.Server | None = None

    async def serve(self) -> int:
        """Make the accounts and listen; returns the port."""
        config = _Quiet(
            Namespace(passlib_cfg=None, proxy_protocol="noop"),
            host=self._host,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password=secrets.token_hex(),
            tls_enabled=False,
            reject_dnsbl=False,  # nothing is asked of the network
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        config.apply_context()
        self._login = login = Login(config)
        for user, password in self._passwords.items():
            login.users_dict[user] = UserMetadata(config, user, password=password)
            await self._furnish(user)
        connected = ProxyProtocolReader(ProxyProtocolNoop()).get_callback(IMAPServer(login, config))
        self._server = await asyncio.start_server(connected, self._host, 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def deliver(self, user: str, raw: bytes, when: datetime) -> None:
        """Put a mail into the user's INBOX. Raises KeyError for a user that there is not."""
        async with self._identity(user).new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            await inbox.append(AppendMessage(raw, when), recent=True)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _furnish(self, user: str) -> None:
        async with self._identity(user).new_session() as session:
            for name in FOLDERS:
                await session.mailbox_set.add_mailbox(name)
                await session.mailbox_set.set_subscribed(name, True)

    def _identity(self, user: str) -> Identity:
        if self._login is None or user not in self._passwords:
            raise KeyError(user)
        return Identity(user, self._login, None, frozenset())
