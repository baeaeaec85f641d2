"""What the machine is told by config.toml, as frozen values. `mailflow.config` reads and checks them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath


class Security(StrEnum):
    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"  # required, never opportunistic
    NONE = "none"  # only for a server on this machine


class Afterwards(StrEnum):
    """What is done on the server with a mail that we have safely stored."""

    MOVE = "move"  # to the folder `processed`
    KEYWORD = "keyword"  # the keyword `keyword` is set
    FLAG = "flag"  # \\Seen is set


@dataclass(frozen=True, slots=True)
class Login:
    """How to log in. The secret itself is fetched at each login, and is never kept in a setting."""

    user: str = ""  # empty: no login
    password_env: str = ""
    password_file: str = ""  # a systemd credential is a file, too: "${CREDENTIALS_DIRECTORY}/imap"


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    name: str  # a slug: ledger rows carry it
    host: str
    port: int = 993
    security: Security = Security.TLS
    login: Login = field(default_factory=Login)
    folders: tuple[str, ...] = ("INBOX",)
    afterwards: Afterwards = Afterwards.MOVE
    processed: str = "Processed"
    keyword: str = "$MailflowTaken"
    idle: bool = True
    poll_seconds: float = 60.0  # between looks where IDLE is missing; the bound of one IDLE where it isn't (at most 60)
    batch: int = 100  # mails a fetch
    batch_bytes: int = 16_000_000
    timeout_seconds: float = 60.0
    ca_file: str = ""  # a private certificate authority; empty: the system's
    archive_before: datetime | None = (
        None  # mail older than this gets no automatic reply; None: older than the first connection
    )
    answer_old: bool = False  # True: even old mail found at the first connection is answered


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    login: Login = field(default_factory=Login)
    connections: int = 1  # each one may repeat one mail after a crash
    null_sender: bool = True  # for acknowledgements; False where the server refuses it
    timeout_seconds: float = 60.0
    hostname: str = ""  # what we call ourselves in EHLO
    ca_file: str = ""


class AuthMethod(StrEnum):
    NONE = "none"
    RFC8601 = "rfc8601"
    INTERNAL_HOST = "internal-host"


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """How the desk's own mail server says who wrote a mail (security rule 2)."""

    method: AuthMethod = AuthMethod.NONE
    authserv_id: str = ""  # rfc8601: whose Authentication-Results to believe
    receiver: str = ""  # internal-host: the name after "by" in our server's Received line
    hosts: tuple[str, ...] = ()  # internal-host: addresses or networks of submitting hosts that prove the sender
    domains: tuple[str, ...] = ()  # internal-host: sender domains that those hosts may speak for


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond these a mail is kept, sealed, and put on the shelf unread (security rule 15)."""

    mail_bytes: int = 25_000_000
    header_bytes: int = 128_000
    lines: int = 500_000
    addresses: int = 200
    depth: int = 30
    parts: int = 500
    attachments: int = 100
    seconds: float = 10.0  # for the parser, a mail
    memory_bytes: int = 300_000_000  # for the parser's process


@dataclass(frozen=True, slots=True)
class StorageSettings:
    database: str  # an SQLAlchemy URL
    keys: PurePath  # keys.db
    master_key_file: str = ""
    master_key_env: str = ""


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Settings:
    home: PurePath  # the installation's folder, absolute
    storage: StorageSettings
    mailboxes: tuple[MailboxSettings, ...]
    smtp: SmtpSettings
    auth: AuthSettings = AuthSettings()
    limits: Limits = Limits()
    log_format: LogFormat = LogFormat.TEXT
    log_level: str = "info"
