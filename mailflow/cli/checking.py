"""Everything that can be wrong with an installation, looked at one by one; a fault hides nothing that comes after it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from mailflow import config
from mailflow.cli import sendtest
from mailflow.cli.findings import Finding, doubt, good, wrong
from mailflow.config import ConfigError, Desk, InstallationSettings, machine_problems
from mailflow.core.settings import Afterwards, AuthMethod, MailboxSettings
from mailflow.mail import charts, lint
from mailflow.mail.lexicon import faults
from mailflow.mail.render import Templates
from mailflow.net.login import PasswordCredentials
from mailflow.net.mailbox import Mailbox
from mailflow.net.transport import SmtpReport, Transport, Unreachable
from mailflow.net.trouble import MailboxTrouble
from mailflow.store.errors import StoreError
from mailflow.store.store import Store


def everything(home: Path, *, send_test: bool) -> Iterator[Finding]:
    settings, desk, problems = _configuration(home)
    yield from (wrong("configuration", problem) for problem in problems)
    if not problems:
        yield good("configuration", "config.toml and rules/ are right")
    if desk:
        yield from _words(desk)
    yield from _templates(home, desk)
    yield from _charts()
    if settings is None:
        return
    secrets = machine_problems(settings)
    yield from (wrong("secrets", problem) for problem in secrets)
    if not secrets:
        yield good("secrets", "every file and variable is there, and private")
    yield from _database(settings)
    yield from _authentication(settings)
    for mailbox in settings.mailboxes:
        yield from _mailbox(mailbox)
    yield from _smtp(settings)
    if send_test:
        yield from sendtest.there_and_back(settings)


def _configuration(home: Path) -> tuple[InstallationSettings | None, Desk | None, tuple[str, ...]]:
    """As much as can be read: with faulty rules config.toml may still lead to the servers."""
    try:
        settings, desk = config.load(home)
    except ConfigError as error:
        problems = error.problems
    else:
        return settings, desk, ()
    try:
        return config.load_settings(home), None, problems
    except ConfigError:
        return None, None, problems


def _words(desk: Desk) -> Iterator[Finding]:
    """Topic words and signs: two entries that say the same."""
    twice = list(faults(desk.words))
    yield from (wrong("words", f"rules/: {twin}") for twin in twice)
    if not twice:
        yield good("words", f"topics and signs in {len(desk.words)} languages")


def _templates(home: Path, desk: Desk | None) -> Iterator[Finding]:
    templates = Templates(home / "templates")
    if desk:
        served, staff = desk.policy.languages, desk.policy.staff_languages
        problems = lint.check(templates, languages=served, staff_languages=staff)
    else:
        problems = lint.check(templates)
    yield from (wrong("templates", str(problem)) for problem in problems)
    if not problems:
        yield good("templates", f"all render, in {len(templates.languages)} languages")


def _charts() -> Iterator[Finding]:
    if not charts.drawable():
        yield doubt(
            "charts",
            "the extra `charts` is not installed: mails show their figures as tables, not as pictures "
            "(pip install 'mailflow[charts]')",
        )


def _database(settings: InstallationSettings) -> Iterator[Finding]:
    try:
        store = Store.open(settings)
    except StoreError as error:
        yield wrong("database", error.sentence)
        return
    store.close()
    yield good("database", "of this version, and its keys fit")


def _authentication(settings: InstallationSettings) -> Iterator[Finding]:
    if settings.auth.method is AuthMethod.NONE:
        yield doubt(
            "authentication",
            'config.toml: auth.method is "none": EVERY EXPERT\'S REPLY WILL BE HELD until a coordinator releases it; '
            "`mailflow check --send-test` says which method fits your mail server",
        )
    else:
        yield good("authentication", f"senders are proven by {settings.auth.method}")


# ---------------------------------------------------------------- servers


def _mailbox(settings: MailboxSettings) -> Iterator[Finding]:
    mailbox = Mailbox(settings, PasswordCredentials(settings.login, f"mailbox {settings.name}"))
    what = f"mailbox {settings.name}"
    try:
        mailbox.connect()
        yield good(what, f"logged in at {settings.host}:{settings.port}")
        yield from _folders(mailbox, settings, what)
        yield from _capabilities(frozenset(mailbox.capabilities()), settings, what)
    except MailboxTrouble as trouble:
        yield wrong(what, trouble.sentence)
    finally:
        mailbox.close()


def _folders(mailbox: Mailbox, settings: MailboxSettings, what: str) -> Iterator[Finding]:
    there = mailbox.folders()
    for folder in settings.folders:
        if folder not in there and folder.upper() != "INBOX":
            yield wrong(what, f"there is no folder {folder}; there are: {', '.join(there)}")
        else:
            yield good(what, f"folder {folder} holds {mailbox.select(folder).exists} mails")
    if settings.afterwards is Afterwards.MOVE and settings.processed not in there:
        yield good(what, f"folder {settings.processed} will be made when the first mail is taken")


def _capabilities(known: frozenset[str], settings: MailboxSettings, what: str) -> Iterator[Finding]:
    if settings.idle and "IDLE" not in known:
        yield doubt(what, f"the server has no IDLE: new mail is seen every {settings.poll_seconds:g} s")
    if settings.afterwards is Afterwards.MOVE and "MOVE" not in known:
        yield doubt(what, "the server has no MOVE: mails are copied, then marked as deleted")
    yield good(what, "capabilities: " + " ".join(sorted(known)))


def _smtp(settings: InstallationSettings) -> Iterator[Finding]:
    smtp = settings.smtp
    try:
        report = asyncio.run(_asked(settings))
    except Unreachable as error:
        yield wrong("smtp", error.sentence)
        return
    yield good("smtp", f"logged in at {smtp.host}:{smtp.port}; extensions: {' '.join(report.extensions)}")
    if smtp.null_sender and not report.null_sender:
        yield wrong("smtp", "the server refuses an empty envelope sender: set smtp.null_sender = false in config.toml")


async def _asked(settings: InstallationSettings) -> SmtpReport:
    transport = Transport(settings.smtp, PasswordCredentials(settings.smtp.login, "smtp"))
    try:
        return await transport.check(settings.address)
    finally:
        await transport.close()
