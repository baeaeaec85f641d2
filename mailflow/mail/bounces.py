"""What a bounce says (RFC 3464 or in a server's own words). Nothing of it is believed before it is matched."""

from __future__ import annotations

import re
from email import message_from_string
from typing import TYPE_CHECKING

from mailflow.core.model import BounceReport
from mailflow.mail.addresses import normal
from mailflow.mail.bodies import fields_of
from mailflow.mail.headers import ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from email.message import Message

    from mailflow.mail.bodies import Found

MAX_LETTERS = 64_000  # of a bounce's words that are read
MAX_RECIPIENTS = 50
_ACTIONS = ("failed", "delayed", "expanded", "relayed", "delivered")  # the worst first
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
_CITING = re.compile(r"^[>| \t]{0,8}(?:message-id|references|in-reply-to):", re.IGNORECASE | re.MULTILINE)
_RECIPIENT = re.compile(r"^[ \t]{0,8}<?([^\s<>:,;]{1,128}@[^\s<>:,;]{1,255})>?:?[ \t]*(?:\(|$)", re.MULTILINE)
_ROBOTS = ("mailer-daemon", "mailerdaemon", "postmaster", "mail-daemon", "bounce", "microsoftexchange")


def report_of(found: Found, fields: Mapping[str, str], sender: str, words: str) -> BounceReport | None:
    """The report that a mail carries; None when it is no bounce. `fields` are its raw headers."""
    cites = _cited(found)
    if found.reports:
        return _standard(found.reports, cites)
    failed = fields.get("x-failed-recipients", "")
    null_path = fields.get("return-path", "").strip() == "<>"
    robot = sender.lower().startswith(_ROBOTS)
    if not failed and not robot and not null_path:
        return None
    if fields.get("auto-submitted", "").strip().lower().startswith("auto-replied") and not failed:
        return None
    return _in_words(words[:MAX_LETTERS], failed, cites, robot=bool(failed) or robot)


def _standard(reports: Iterable[list[Message]], cites: tuple[str, ...]) -> BounceReport:
    """RFC 3464: one block about the mail, then one for each recipient. The worst action speaks."""
    blocks = [fields_of(block) for blocks in reports for block in blocks]
    said = [(_word(block.get("action", "")), _address(block), block.get("status", "")) for block in blocks]
    said = [line for line in said if line[0] or line[1]]
    action = next((action for action in _ACTIONS if any(line[0] == action for line in said)), "")
    concerned = [line for line in said if line[0] == action]
    recipients = dict.fromkeys(line[1] for line in concerned if line[1])
    status = next((found[1] for line in concerned if (found := _STATUS.search(line[2][:200]))), "")
    return BounceReport(tuple(recipients)[:MAX_RECIPIENTS], status, action, cites)


def _in_words(words: str, failed: str, cites: tuple[str, ...], *, robot: bool) -> BounceReport | None:
    """A server's own words: addresses on lines of their own, a status, the headers that it gives back."""
    named = [normal(address) for address in (*failed.split(","), *_RECIPIENT.findall(words))]
    cites = cites or _cited_in(words)
    told = dict.fromkeys(address for address in named if address and f"<{address}>" not in cites)
    recipients = tuple(told)[:MAX_RECIPIENTS]
    status = _STATUS.search(words)
    reply = _REPLY.search(words)
    if not (recipients or status or reply or cites) or not (robot or ((status or reply) and (recipients or cites))):
        return None
    return BounceReport(recipients, status[1] if status else f"{reply[1][0]}.0.0" if reply else "", "", cites)


def _cited(found: Found) -> tuple[str, ...]:
    """The ids of the mail that is given back, whole or as its headers."""
    given = [fields_of(message) for message in found.returned]
    given += [fields_of(message_from_string(text[:MAX_LETTERS])) for text in found.returned_headers]
    return ids(fields.get(name, "") for fields in given for name in ("references", "in-reply-to", "message-id"))


def _cited_in(words: str) -> tuple[str, ...]:
    return ids(_folded(words, line.end()) for line in _CITING.finditer(words))


def _folded(words: str, start: int) -> str:
    """A header's value in running text: to the first line that isn't folded."""
    lines = words[start : start + 4000].split("\n")
    more = next((n for n, line in enumerate(lines) if n and not line.startswith((" ", "\t"))), len(lines))
    return " ".join(lines[:more])


def _address(block: Mapping[str, str]) -> str:
    said = block.get("original-recipient") or block.get("final-recipient") or ""
    address = said[:400].rpartition(";")[2].strip().strip("<>")
    return normal(address) or normal(block.get("final-recipient", "")[:400].rpartition(";")[2].strip().strip("<>"))


def _word(value: str) -> str:
    return value[:40].strip().lower()
