"""config.toml as `Settings`: read, checked as a whole, paths resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from mailflow.config.machine import (
    AuthSection,
    LimitsSection,
    LoginSection,
    Machine,
    MailboxSection,
    SmtpSection,
    StorageSection,
)
from mailflow.config.problems import Problems
from mailflow.config.reading import checked, read_toml
from mailflow.core.settings import (
    Afterwards,
    AuthMethod,
    AuthSettings,
    Limits,
    Login,
    MailboxSettings,
    Security,
    Settings,
    SmtpSettings,
    StorageSettings,
)

FILE = "config.toml"
_SQLITE = "sqlite:///"
_IMAP_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
_SMTP_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationSettings(Settings):
    """The settings, and what the desk's policy takes from config.toml: it changes with a restart only."""

    name: str
    address: str
    own_addresses: frozenset[str]  # `address` included
    zone: ZoneInfo
    prefix: str  # of references
    undo: timedelta
    short_answer: int  # letters


def load_settings(home: Path) -> InstallationSettings:
    """Read `home`/config.toml. Raises ConfigError with everything that is wrong in it."""
    problems = Problems()
    return problems.settled(read_settings(home, problems))


def read_settings(home: Path, problems: Problems) -> InstallationSettings | None:
    """The settings as far as they can be read; whoever uses them must stop when there are problems."""
    missing = f"there is none in {home}: `mailflow init DIR` makes an installation folder"
    raw = read_toml(home / FILE, FILE, problems, missing)
    machine = checked(Machine, raw, FILE, problems) if raw is not None else None
    if machine is None:
        return None
    problems.add_found(FILE, _contradictions(machine))
    return _settings(machine, home.resolve())


# ---------------------------------------------------------------- what no single key can tell


def _contradictions(machine: Machine) -> Iterator[tuple[str, str]]:
    yield from _storage_contradictions(machine.storage)
    names = [box.name for box in machine.mailbox]
    for box in machine.mailbox:
        where = f'mailbox "{box.name}": '
        yield from _server_contradictions(box, where)
        if names.count(box.name) > 1:
            yield f"{where}name", "two mailboxes have this name: the ledger could not tell them apart"
        if box.after is Afterwards.MOVE and box.processed in box.folders:
            yield f"{where}processed", "is one of the folders that are read: each mail would be taken in for ever"
        if box.answer_old and box.archive_before:
            yield f"{where}answer_old", "contradicts archive_before: leave one of them out"
    yield from _read_twice(machine.mailbox)
    yield from _server_contradictions(machine.smtp, "smtp.")
    yield from _auth_contradictions(machine.auth)


def _read_twice(boxes: list[MailboxSection]) -> Iterator[tuple[str, str]]:
    readers: dict[tuple[str, str, str], str] = {}
    for box in boxes:
        for folder in box.folders:
            first = readers.setdefault((box.host.lower(), box.user, folder), box.name)
            if first != box.name:
                yield f'mailbox "{box.name}": folders', f'"{folder}" is read by mailbox "{first}" already'


def _storage_contradictions(storage: StorageSection) -> Iterator[tuple[str, str]]:
    if urlsplit(storage.database).password:
        yield "storage.database", "a secret never stands in this file"
    elif not storage.database.startswith(_SQLITE) or storage.database == _SQLITE:
        yield "storage.database", f'must begin with "{_SQLITE}" and name a file, as "{_SQLITE}data/mailflow.db"'
    if storage.master_key_file == "" and storage.master_key_env == "":
        yield "storage.master_key_file", "is empty: name the file, or set master_key_env"
    if storage.master_key_env and storage.master_key_file:
        yield "storage.master_key_env", 'the key can come from one place only: set master_key_file = ""'


def _server_contradictions(server: MailboxSection | SmtpSection, where: str) -> Iterator[tuple[str, str]]:
    sources = [key for key in ("password_env", "password_file") if getattr(server, key)]
    if len(sources) == 2:  # noqa: PLR2004 - both
        yield f"{where}password_file", "the password can come from one place only: leave out password_env or this"
    if server.user and not sources:
        yield f"{where}user", "needs password_env or password_file"
    if sources and not server.user:
        yield f"{where}{sources[0]}", "needs user: whose password is it?"
    if server.security is Security.NONE and not is_loopback(server.host):
        sentence = f'"none" is only for a server on this machine, and {server.host} is none: use "tls" or "starttls"'
        yield f"{where}security", sentence


def _auth_contradictions(auth: AuthSection) -> Iterator[tuple[str, str]]:
    needs = {AuthMethod.RFC8601: ("authserv_id",), AuthMethod.INTERNAL_HOST: ("receiver", "hosts", "domains")}
    for method, keys in needs.items():
        for key in keys:
            if auth.method is method and not getattr(auth, key):
                yield f"auth.{key}", f'is missing: method "{method}" needs it'
            if auth.method is not method and getattr(auth, key):
                yield f"auth.{key}", f'is for method "{method}" only, and the method is "{auth.method}"'


def is_loopback(host: str) -> bool:
    """Whether this name can only mean this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower().removesuffix(".") == "localhost"


# ---------------------------------------------------------------- sections to settings


def _settings(machine: Machine, home: Path) -> InstallationSettings:
    desk = machine.desk
    return InstallationSettings(
        home=home,
        storage=_storage(machine.storage, home),
        mailboxes=tuple(_mailbox(box, home, desk.zone) for box in machine.mailbox),
        smtp=_smtp(machine.smtp, home),
        auth=_auth(machine.auth),
        limits=_limits(machine.limits),
        log_format=machine.log.format,
        log_level=machine.log.level,
        name=desk.name,
        address=desk.address,
        own_addresses=frozenset((desk.address, *desk.own_addresses)),
        zone=desk.zone,
        prefix=desk.prefix,
        undo=machine.answers.undo,
        short_answer=machine.answers.short,
    )


def _path(name: str, home: Path) -> str:
    """A relative path is inside the installation; one that begins with a variable is left to whoever opens it."""
    return name if not name or name.startswith("$") else str(home / Path(name).expanduser())


def _storage(section: StorageSection, home: Path) -> StorageSettings:
    database = section.database
    if database.startswith(_SQLITE):
        database = _SQLITE + _path(database.removeprefix(_SQLITE), home)
    return StorageSettings(
        database=database,
        keys=Path(_path(section.keys, home)),
        master_key_file=_path(section.master_key_file, home),
        master_key_env=section.master_key_env,
    )


def _login(section: LoginSection, home: Path) -> Login:
    return Login(section.user, section.password_env, _path(section.password_file, home))


def _mailbox(box: MailboxSection, home: Path, zone: ZoneInfo) -> MailboxSettings:
    return MailboxSettings(
        name=box.name,
        host=box.host,
        port=box.port or _IMAP_PORTS[box.security],
        security=box.security,
        login=_login(box, home),
        folders=tuple(box.folders),
        afterwards=box.after,
        processed=box.processed,
        keyword=box.keyword,
        idle=box.idle,
        poll_seconds=box.poll.total_seconds(),
        batch=box.batch,
        batch_bytes=box.batch_size,
        timeout_seconds=box.timeout.total_seconds(),
        ca_file=_path(box.ca_file, home),
        archive_before=_aware(box.archive_before, zone) if box.archive_before else None,
        answer_old=box.answer_old,
    )


def _aware(moment: date, zone: ZoneInfo) -> datetime:
    """A date begins at midnight; without an offset it is the desk's time."""
    full = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return full if full.tzinfo else full.replace(tzinfo=zone)


def _smtp(smtp: SmtpSection, home: Path) -> SmtpSettings:
    return SmtpSettings(
        host=smtp.host,
        port=smtp.port or _SMTP_PORTS[smtp.security],
        security=smtp.security,
        login=_login(smtp, home),
        connections=smtp.connections,
        null_sender=smtp.null_sender,
        timeout_seconds=smtp.timeout.total_seconds(),
        hostname=smtp.hostname,
        ca_file=_path(smtp.ca_file, home),
    )


def _auth(auth: AuthSection) -> AuthSettings:
    return AuthSettings(auth.method, auth.authserv_id, auth.receiver, tuple(auth.hosts), tuple(auth.domains))


def _limits(limits: LimitsSection) -> Limits:
    return Limits(
        mail_bytes=limits.mail,
        header_bytes=limits.headers,
        lines=limits.lines,
        addresses=limits.addresses,
        depth=limits.depth,
        parts=limits.parts,
        attachments=limits.attachments,
        seconds=limits.time.total_seconds(),
        memory_bytes=limits.memory,
    )
