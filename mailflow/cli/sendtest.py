"""`check --send-test`: a mail from the desk to itself must come back, and shows how our server vouches for senders."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from mailflow.cli.findings import Finding, doubt, good, wrong
from mailflow.config import InstallationSettings
from mailflow.core.model import Verdict
from mailflow.core.settings import AuthMethod, MailboxSettings
from mailflow.core.wording import Reason
from mailflow.mail.auth import authenticate
from mailflow.mail.parsed import Parsed
from mailflow.mail.worker import ParserProcess
from mailflow.net.login import PasswordCredentials
from mailflow.net.mailbox import Mailbox
from mailflow.net.transport import Refused, Transport, Unreachable
from mailflow.net.trouble import MailboxTrouble

WHAT = "test mail"
PATIENCE = 90.0  # seconds until a mail to ourselves should be back
PAUSE = 1.0
LATEST = 20  # mails of a folder that are looked at: ours is among the newest


def there_and_back(settings: InstallationSettings, patience: float = PATIENCE) -> Iterator[Finding]:
    """Send it, wait for it in all folders, also where the daemon moves what it took; say what our server wrote on it."""
    mail = _test_mail(settings.address)
    try:
        asyncio.run(_sent(settings, mail.as_bytes(policy=SMTP)))
        yield good(WHAT, f"sent to {settings.address}")
        raw = _back(settings, str(mail["Message-ID"]), patience)
    except Refused as error:
        yield wrong(WHAT, f"the server refused it ({error}): see that it may send as {settings.address}")
        return
    except Unreachable as error:
        yield wrong(WHAT, error.sentence)
        return
    except MailboxTrouble as trouble:
        yield wrong(WHAT, trouble.sentence)
        return
    if raw is None:
        boxes = ", ".join(box.name for box in settings.mailboxes)
        yield wrong(WHAT, f"it did not come back within {patience:g} s: does {settings.address} deliver to {boxes}?")
        return
    yield good(WHAT, "it came back")
    yield from _looked_at(raw, settings)


def _test_mail(address: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = mail["To"] = address
    mail["Subject"] = "mailflow check"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("This is a test of the helpdesk's mail. It may be deleted.\n")
    return mail


async def _sent(settings: InstallationSettings, raw: bytes) -> None:
    transport = Transport(settings.smtp, PasswordCredentials(settings.smtp.login, "smtp"))
    try:
        await transport.send(settings.address, settings.address, raw)
    finally:
        await transport.close()


def _back(settings: InstallationSettings, message_id: str, patience: float) -> bytes | None:
    """The mail as it came back; None when it doesn't."""
    until = time.monotonic() + patience
    while True:
        for box in settings.mailboxes:
            found = _in_mailbox(box, message_id.encode())
            if found is not None:
                return found
        if time.monotonic() > until:
            return None
        time.sleep(PAUSE)


def _in_mailbox(box: MailboxSettings, message_id: bytes) -> bytes | None:
    mailbox = Mailbox(box, PasswordCredentials(box.login, f"mailbox {box.name}"))
    try:
        mailbox.connect()
        there = mailbox.folders()
        for folder in dict.fromkeys((*box.folders, box.processed)):
            if folder in there or folder.upper() == "INBOX":
                mailbox.select(folder)
                for mail in mailbox.fetch(mailbox.all_uids()[-LATEST:]):
                    if message_id in mail.raw.partition(b"\r\n\r\n")[0]:
                        return mail.raw
    finally:
        mailbox.close()
    return None


# ---------------------------------------------------------------- what our server says of its sender


def _looked_at(raw: bytes, settings: InstallationSettings) -> Iterator[Finding]:
    with ParserProcess(settings.limits) as reader:
        parsed = reader.read(raw)
    if isinstance(parsed, Reason):
        yield wrong(WHAT, f"it can't be read: {parsed.sentence}")
        return
    verdict = authenticate(parsed, settings.auth)
    if settings.auth.method is AuthMethod.NONE:
        yield doubt(WHAT, _advice(parsed))
    elif verdict.verdict is Verdict.PASS:
        yield good(WHAT, f"its sender is proven: {verdict.because}")
    else:
        yield doubt(WHAT, f"its sender is not proven ({verdict.because}): experts whose mails look so are held")


def _advice(parsed: Parsed) -> str:
    """Which method fits, as far as one mail of ours can tell."""
    results = [value for name, value in parsed.headers if name == "authentication-results"]
    received = [value for name, value in parsed.headers if name == "received"]
    if results:
        server = results[0].partition(";")[0].strip()
        return (
            f'your server writes Authentication-Results as "{server}": set auth.method = "rfc8601" and '
            f'auth.authserv_id = "{server}"; whether it says dmarc=pass shows on a mail from an expert'
        )
    if received:
        words = received[0].split()
        by = words[words.index("by") + 1] if "by" in words[:-1] else "?"
        return (
            f"your server writes no Authentication-Results; if it takes mail of your experts' domains only from hosts "
            f'that prove the sender, set auth.method = "internal-host" and auth.receiver = "{by}"'
        )
    return "your server writes neither Authentication-Results nor Received: it can't prove any sender"
