"""What config.toml may say: the machine's side of an installation. The descriptions make the reference."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator

from mailflow.config.declared import Section
from mailflow.config.values import (
    Address,
    Domain,
    Duration,
    Kind,
    Network,
    Prefix,
    Size,
    Slug,
    Text,
    Variable,
    Zone,
)
from mailflow.core.settings import (
    Afterwards,
    AuthMethod,
    AuthSettings,
    Limits,
    LogFormat,
    MailboxSettings,
    Security,
    SmtpSettings,
)

_BOX, _SMTP, _LIMITS, _AUTH = MailboxSettings("", ""), SmtpSettings(""), Limits(), AuthSettings()


def _moment(value: object) -> date:
    """A date or a date and time, as TOML gives them."""
    if not isinstance(value, date):
        raise ValueError  # noqa: TRY004 - pydantic reports ValueErrors; a TypeError would escape it
    return value


Moment = Annotated[date, PlainValidator(_moment), Kind("a date such as 2026-12-31, with or without a time")]
Port = Annotated[int, Field(ge=1, le=65_535)]
Wait = Annotated[Duration, Field(ge=timedelta(seconds=1), le=timedelta(hours=1))]


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class DeskSection(Section):
    name: Text = Field(description="The helpdesk's name, as its mails say it.")
    address: Address = Field(
        description="The address that people write to. Where the server delivers address+anything to it, "
        "reply tokens travel that way too."
    )
    own_addresses: list[Address] = Field(
        default=[],
        description="Other addresses that deliver here, former ones too. A mail from one of them is never answered.",
    )
    zone: Zone = Field(
        default=ZoneInfo("UTC"),
        description="The desk's time zone: for deadlines, the digest, and the year of a reference.",
    )
    prefix: Prefix = Field(
        default="", description='Stands before every reference: with "BH-" a ticket is BH-2026-0042.'
    )


class StorageSection(Section):
    database: str = Field(
        default="sqlite:///data/mailflow.db",
        description="Where tickets and mails are kept, sealed. A path with three slashes is inside this folder, "
        "with four it is absolute.",
    )
    keys: Text = Field(
        default="data/keys.db",
        description="The keys of the sealed texts. Back it up apart from the database, and keep those backups a short "
        "time only: erasing a person means deleting keys here.",
    )
    master_key_file: str = Field(
        default="master.key",
        description="The key of the keys: 32 random octets in base64, in a file that nobody else may read (mode 0600). "
        '"${CREDENTIALS_DIRECTORY}/master.key" takes a systemd credential.',
    )
    master_key_env: Variable = Field(
        default="",
        description='The environment variable with the master key, instead of the file (set master_key_file = "").',
    )


class LoginSection(Section):
    user: str = Field(default="", description="The name to log in with; empty: no login.")
    password_env: Variable = Field(default="", description="The environment variable that holds the password.")
    password_file: str = Field(
        default="",
        description="The file that holds the password, alone, mode 0600; "
        '"${CREDENTIALS_DIRECTORY}/imap" takes a systemd credential. One of the two, never both.',
    )


class MailboxSection(LoginSection):
    name: Slug = Field(description="A short name that never changes: the ledger of mails taken in carries it.")
    host: Text = Field(description="The IMAP server's name.")
    user: Text = Field(description="The name to log in with.")
    port: Port | None = Field(
        default=None, description='The server\'s port. Left out: 993, or 143 with security "starttls" or "none".'
    )
    security: Security = Field(
        default=_BOX.security,
        strict=False,
        description='"tls": from the first byte; "starttls": required, never optional; '
        '"none": only for a server on this machine.',
    )
    folders: list[Text] = Field(default=["INBOX"], min_length=1, description="The folders that are read.")
    after: Afterwards = Field(
        default=_BOX.afterwards,
        strict=False,
        description='What happens on the server to a mail that is safely stored here: "move" it to the folder '
        '`processed`, set the "keyword" `keyword`, or set the "flag" Seen.',
    )
    processed: Text = Field(default=_BOX.processed, description='The folder for "move"; it is made when it is missing.')
    keyword: Text = Field(default=_BOX.keyword, description='The IMAP keyword for "keyword".')
    idle: bool = Field(default=_BOX.idle, description="Wait for new mail with IDLE where the server has it.")
    poll: Annotated[Duration, Field(ge=timedelta(seconds=1), le=timedelta(hours=1))] = Field(
        default=timedelta(seconds=_BOX.poll_seconds),
        description="How often to look; with IDLE, at the latest after this time.",
    )
    batch: Annotated[int, Field(ge=1, le=1000)] = Field(default=_BOX.batch, description="Mails fetched at a time.")
    batch_size: Size = Field(default=_BOX.batch_bytes, ge=1_000_000, description="What one batch may weigh.")
    timeout: Wait = Field(
        default=timedelta(seconds=_BOX.timeout_seconds),
        description="When the server is silent this long, connect anew.",
    )
    ca_file: str = Field(default="", description="A private certificate authority (PEM); empty: the system's.")
    archive_before: Moment | None = Field(
        default=None,
        description="Mail older than this date is taken in as archive, without any automatic reply. "
        "Left out: mail older than the first connection.",
    )
    answer_old: bool = Field(
        default=_BOX.answer_old,
        description="true: mail that waits in the folders at the first connection is answered, too.",
    )


class SmtpSection(LoginSection):
    host: Text = Field(description="The server that takes our mail.")
    port: Port | None = Field(
        default=None, description='The server\'s port. Left out: 587, 465 with security "tls", 25 with "none".'
    )
    security: Security = Field(
        default=_SMTP.security,
        strict=False,
        description='"starttls": required, never optional; "tls": from the first byte; '
        '"none": only for a server on this machine.',
    )
    connections: Annotated[int, Field(ge=1, le=20)] = Field(
        default=_SMTP.connections,
        description="Connections at a time. After a crash each may send one mail a second time.",
    )
    null_sender: bool = Field(
        default=_SMTP.null_sender,
        description="Acknowledgements leave with an empty envelope sender, as they should; "
        "false where the server refuses that.",
    )
    timeout: Wait = Field(
        default=timedelta(seconds=_SMTP.timeout_seconds),
        description="When the server is silent this long, try again later.",
    )
    hostname: str = Field(default="", description="What we call ourselves (EHLO); empty: this machine's name.")
    ca_file: str = Field(default="", description="A private certificate authority (PEM); empty: the system's.")


class AuthSection(Section):
    method: AuthMethod = Field(
        default=_AUTH.method,
        strict=False,
        description='How your own mail server tells who wrote a mail. "rfc8601": by the topmost '
        'Authentication-Results header; "internal-host": by the host that handed the mail in; "none": not at all, '
        "and then no expert's answer leaves before a coordinator has released it.",
    )
    authserv_id: str = Field(
        default=_AUTH.authserv_id,
        description="rfc8601: the name at the beginning of your server's Authentication-Results.",
    )
    receiver: str = Field(
        default=_AUTH.receiver, description='internal-host: the name after "by" in your server\'s Received line.'
    )
    hosts: list[Network] = Field(
        default=[], description="internal-host: addresses or networks of the submitting hosts that prove the sender."
    )
    domains: list[Domain] = Field(
        default=[], description="internal-host: the sender domains that those hosts may speak for."
    )


class AnswersSection(Section):
    undo: Annotated[Duration, Field(ge=timedelta(0), le=timedelta(days=1))] = Field(
        default=timedelta(minutes=10),
        description='How long an answer waits before it leaves, so that "#stop" can stop it.',
    )
    short: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=25, description='An answer of fewer letters than this waits for "#send".'
    )


class LimitsSection(Section):
    mail: Size = Field(default=_LIMITS.mail_bytes, ge=1000, description="The whole mail.")
    headers: Size = Field(default=_LIMITS.header_bytes, ge=1000, description="All its headers.")
    lines: int = Field(default=_LIMITS.lines, ge=100, description="Lines of the mail.")
    addresses: int = Field(default=_LIMITS.addresses, ge=1, description="Addresses in its headers.")
    depth: int = Field(default=_LIMITS.depth, ge=1, le=100, description="How deep its parts are nested.")
    parts: int = Field(default=_LIMITS.parts, ge=1, description="Its parts.")
    attachments: int = Field(default=_LIMITS.attachments, ge=0, description="Its attachments.")
    time: Wait = Field(default=timedelta(seconds=_LIMITS.seconds), description="Time to read one mail.")
    memory: Size = Field(
        default=_LIMITS.memory_bytes, ge=100_000_000, description="Memory of the process that reads mails."
    )


class LogSection(Section):
    format: LogFormat = Field(
        default=LogFormat.TEXT, strict=False, description='"text" for people, "json" for programs.'
    )
    level: LogLevel = Field(default=LogLevel.INFO, strict=False, description="The least that is logged.")


class Machine(Section):
    """config.toml as a whole."""

    desk: DeskSection = Field(description="The helpdesk as its correspondents see it.")
    storage: StorageSection = Field(default=StorageSection(), description="Where everything is kept.")
    mailbox: list[MailboxSection] = Field(
        default=[],
        description="A mailbox that is read. Several are several tables.",
    )
    smtp: SmtpSection = Field(description="The server that sends our mail.")
    auth: AuthSection = Field(default=AuthSection(), description="What may be believed of a sender.")
    answers: AnswersSection = Field(default=AnswersSection(), description="Before an answer leaves.")
    limits: LimitsSection = Field(
        default=LimitsSection(),
        description="Beyond a limit a mail is kept, sealed, and a coordinator is told; it is never dropped.",
    )
    log: LogSection = Field(
        default=LogSection(), description="What the daemon says to its log. Never a word of a mail."
    )
