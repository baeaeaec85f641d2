"""What a bounce says (RFC 3464 or in a server's own words). Nothing of it is believed before it is matched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from functools import cache
from typing import TYPE_CHECKING

from mailflow.core.model import BounceReport
from mailflow.mail import robot_words
from mailflow.mail.addresses import normal
from mailflow.mail.bodies import fields_of
from mailflow.mail.folding import fold
from mailflow.mail.headers import ids, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mailflow.mail.bodies import Found

MAX_LETTERS = 64_000  # of a bounce's words that are read
MAX_LINES = 2_000
MAX_FOLDED = 8_000  # of the server's own words, in which phrases are looked for
MAX_LINE = 400  # letters of a line or a field that are looked at
MAX_RECIPIENTS = 50
_ACTIONS = ("failed", "delayed", "expanded", "relayed", "delivered")  # the worst first
_WORD = re.compile(r"[a-z-]{1,40}")
_STATUS = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?![\d.])")  # its second digit tells it from most versions
_REPLY = re.compile(r"(?<![\d.])([45])[0-5]\d(?![\w.])")
_CITING = re.compile(r"^[>| \t]{0,8}(?:message-id|references|in-reply-to):", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(r"^[>| \t]{0,8}to:([^\n]{1,400})", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(r"[>| \t]{0,8}(?:return-path|received):", re.IGNORECASE)
_OUTSIDE = r"\s<>:,;()\[\]\"'@“”「」：（）"
_ADDRESS = rf"[^{_OUTSIDE}]{{1,128}}@[^{_OUTSIDE}]{{1,255}}"
_ANY = re.compile(_ADDRESS)
# A line that begins with an address: behind it stands nothing, or when or why it failed.
_ALONE = re.compile(
    rf"^[ \t>*•-]{{0,12}}[<\"']?({_ADDRESS})[>\"']?[ \t]{{0,8}}(?:$|[:(]|on \w|invalid)", re.IGNORECASE | re.MULTILINE
)


def report_of(found: Found, fields: Mapping[str, str], sender: str, words: str) -> BounceReport | None:
    """The report that a mail carries; None when it is no bounce. `fields` are its raw headers."""
    failed = fields.get("x-failed-recipients", "")
    robot = bool(found.reports or failed) or _of_a_daemon(sender or fields.get("from", "").lstrip(" <\"'"))
    if not robot and not _unanswerable(fields):
        return None
    blocks = _blocks(found)
    cites = _cited(found, fields, blocks)
    if robot and any(_action(block) or _address(block) for block in blocks):
        return _standard(blocks, cites or _cited_in(words[:MAX_LETTERS]))
    prose = _prose(words[:MAX_LETTERS], text_of(fields.get("subject", "")[:MAX_LINE], []))
    tiers = (_ANY.findall(failed[:MAX_LETTERS]), *prose.addresses(), *_receivers(found, prose.words))
    report = BounceReport(
        next((fit for tier in tiers if (fit := _others(tier, fields, sender))), ()),
        prose.status,
        prose.action,
        cites or _cited_in(prose.words),
    )
    told = report.recipients or report.cites or (robot and report.status)
    return report if found.reports or (told and (robot or prose.action or prose.tells_of("FAILED"))) else None


def _of_a_daemon(address: str) -> bool:
    return address.lower().startswith(robot_words.DAEMONS)


def _unanswerable(fields: Mapping[str, str]) -> bool:
    """Whether nobody is to be told when it fails itself, and it doesn't say that it answers us, as absences do."""
    answers = fields.get("auto-submitted", "").strip().lower().startswith("auto-replied")
    return fields.get("return-path", "").strip() == "<>" and not answers


# ---------------------------------------------------------------- the standard form


def _blocks(found: Found) -> list[Mapping[str, str]]:
    """The fields of RFC 3464, and those in which a sieve script refuses a mail (RFC 5429)."""
    refusals = [part.content for part in found.attachments if part.type == "message/disposition-notification"]
    messages = [block for blocks in found.reports for block in blocks]
    return [fields_of(block) for block in (*messages, *(message_from_bytes(each[:MAX_LETTERS]) for each in refusals))]


def _standard(blocks: Iterable[Mapping[str, str]], cites: tuple[str, ...]) -> BounceReport:
    """One block about the mail, then one for each recipient. The worst action speaks."""
    said = [(_action(block), _address(block), _status(block)) for block in blocks]
    said = [line for line in said if line[0] or line[1]]
    action = next((action for action in _ACTIONS if any(line[0] == action for line in said)), "")
    concerned = [line for line in said if line[0] == action]
    recipients = dict.fromkeys(line[1] for line in concerned if line[1])
    status = next((line[2] for line in concerned if line[2]), "")
    return BounceReport(tuple(recipients)[:MAX_RECIPIENTS], status, action, cites)


def _action(block: Mapping[str, str]) -> str:
    """One of _ACTIONS, or "". A disposition that no reader asked for is a refusal."""
    if "automatic-action" in block.get("disposition", "").lower():
        return "failed"
    found = _WORD.match(block.get("action", "").strip().lower())
    return found.group() if found and found.group() in _ACTIONS else ""


def _address(block: Mapping[str, str]) -> str:
    said = (block.get(name, "")[:MAX_LINE] for name in ("original-recipient", "final-recipient"))
    return next((address for value in said if (address := normal(value.rpartition(";")[2].strip().strip("<>")))), "")


def _status(block: Mapping[str, str]) -> str:
    found = _STATUS.search(block.get("status", "")[:MAX_LINE])
    return found[1] if found else _code(block.get("diagnostic-code", "")[:MAX_LINE])


def _code(text: str) -> str:
    """The first status in a text, or what its first reply code says of it: "4.0.0" or "5.0.0"."""
    if status := _STATUS.search(text):
        return status[1]
    reply = _REPLY.search(text)
    return f"{reply[1]}.0.0" if reply else ""


# ---------------------------------------------------------------- a server's own words


@dataclass(frozen=True, slots=True)
class _Prose:
    words: str
    notice: str  # those above the mail that is given back
    folded: str  # the subject and the notice, as phrases are looked for

    def tells_of(self, what: str) -> bool:
        return any(phrase in self.folded for phrase in _phrases()[what])

    @property
    def action(self) -> str:
        if self.tells_of("DELAYED"):
            return "delayed"
        return "delivered" if self.tells_of("DELIVERED") and not self.tells_of("FAILED") else ""

    @property
    def status(self) -> str:
        """The code that it gives, or else the one that stands for its words; "" when it says neither."""
        return _code(self.notice) or next((code for code in robot_words.PASSING if self.tells_of(code)), "")

    def addresses(self) -> Iterator[list[str]]:
        """Of whom it may speak, the surest first."""
        yield _ALONE.findall(self.notice)
        yield _ANY.findall(self.notice)


def _prose(words: str, subject: str) -> _Prose:
    position = 0
    for line in words.split("\n", MAX_LINES)[:MAX_LINES]:
        if _gives_back(line):
            break
        position += len(line) + 1
    notice = words[:position] if words[:position].strip() else words
    return _Prose(words, notice, fold(f"{subject}\n{notice[:MAX_FOLDED]}"))


def _gives_back(line: str) -> bool:
    """Whether the returned mail begins here: with its header, or below a line that says so."""
    if _HEADER.match(line):
        return True
    bare = line[:MAX_LINE].strip(" \t>|")
    if not bare.startswith(("--", "==", "__", "**")) and not bare.endswith((":", "：", "follows.")):
        return False
    folded = fold(bare)
    return any(phrase in folded for phrase in _phrases()["RETURNED"])


@cache
def _phrases() -> Mapping[str, tuple[str, ...]]:
    """Each table of words, and each status that words may stand for, folded."""
    tables: dict[str, Iterable[str]] = {
        "RETURNED": robot_words.RETURNED,
        "DELAYED": robot_words.DELAYED,
        "DELIVERED": robot_words.DELIVERED,
        "FAILED": robot_words.FAILED,
        **robot_words.PASSING,
    }
    return {name: tuple(map(fold, phrases)) for name, phrases in tables.items()}


def _others(told: Iterable[str], fields: Mapping[str, str], sender: str) -> tuple[str, ...]:
    """The addresses among these that are neither the one that the bounce came to, nor its sender's, nor a server's."""
    receivers = (fields.get(name, "")[:MAX_LINE] for name in ("to", "delivered-to"))
    ours = {_bare(sender), *(_bare(address) for value in receivers for address in _ANY.findall(value))}
    found = dict.fromkeys(address for raw in told if (address := normal(raw.strip(".!?"))))
    fit = [address for address in found if _bare(address) not in ours and not _of_a_daemon(address)]
    return tuple(fit[:MAX_RECIPIENTS])


def _bare(address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


# ---------------------------------------------------------------- the mail that is given back


def _returned(found: Found) -> list[Mapping[str, str]]:
    """The headers of each mail that is given back, whole or as its headers."""
    texts = (message_from_string(text[:MAX_LETTERS]) for text in found.returned_headers)
    return [fields_of(message) for message in (*found.returned, *texts)]


def _receivers(found: Found, words: str) -> Iterator[list[str]]:
    """To whom it was addressed: where the report names nobody, this is who it is about."""
    yield [address for fields in _returned(found) for address in _ANY.findall(fields.get("to", "")[:MAX_LINE])]
    yield [address for line in _TO.findall(words) for address in _ANY.findall(line)]


def _cited(found: Found, fields: Mapping[str, str], blocks: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """The ids of the mail that it answers, of the one that it gives back, and those that its fields name."""
    given = [value.get(name, "") for value in (fields, *_returned(found)) for name in ("references", "in-reply-to")]
    given += [value.get("message-id", "") for value in _returned(found)]
    given += [block.get(name, "") for block in blocks for name in ("original-message-id", "x-original-message-id")]
    return ids(given)


def _cited_in(words: str) -> tuple[str, ...]:
    return ids(_folded(words, line.end()) for line in _CITING.finditer(words))


def _folded(words: str, start: int) -> str:
    """A header's value in running text: to the first line that isn't folded."""
    lines = words[start : start + 4000].split("\n")
    more = next((n for n, line in enumerate(lines) if n and not line.startswith((" ", "\t"))), len(lines))
    return " ".join(lines[:more])
