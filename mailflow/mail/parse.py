"""A mail's bytes to `Parsed`. `parse` never raises; what had to be repaired is named in `defects`.

In production both functions run in the worker process (mailflow.mail.worker), which can be killed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from mailflow.core.settings import Limits
from mailflow.core.wording import Reason
from mailflow.mail import quotes
from mailflow.mail.addresses import addresses_of, normal, sender_of
from mailflow.mail.bodies import Found, walk
from mailflow.mail.bounces import report_of
from mailflow.mail.charsets import clean, codec_of, likely, octets_of, reads_as_utf8
from mailflow.mail.headers import MANY, ids, moment, single_id, text_of, unfolded
from mailflow.mail.html import Page
from mailflow.mail.mime import Entity, tree
from mailflow.mail.parsed import Parsed

STUB_LETTERS = 300  # a plain part this short may only say "your program can't show this mail"
STUB_MOST = 2_000  # one of so many letters is a text of its own
ENOUGH = 1_000  # levels: nobody allows more, and counting on would be quadratic
# What servers write, in plain ASCII: an encoded word in it is a sender's attempt to speak as our server.
NEVER_ENCODED = frozenset(
    {"authentication-results", "arc-authentication-results", "received", "received-spf", "dkim-signature"}
)
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_BARE_RETURN = re.compile(rb"\r(?!\n)")
_ADDRESS_FIELD = re.compile(rb"^(?:from|sender|reply-to|to|cc|bcc|resent-[a-z]{2,8}):", re.IGNORECASE | re.MULTILINE)
_UNFOLDED = re.compile(rb"\r?\n(?![ \t])")
_BOUNDARY = re.compile(rb"boundary[ \t\r\n]{0,8}=[ \t]{0,8}(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))")
# Elements that say more than paragraphs do: without any, the text alone says it all.
_FORMATTED = re.compile(
    r"<(?:[biu]|a|strong|em|ul|ol|dl|table|h[1-6]|blockquote|pre|code|sub|sup|s|strike|del|ins|hr|img)[\s>/]",
    re.IGNORECASE,
)
_STRUCTURE = re.compile(rb"\n(?:--([^\r\n]{1,210})|content-type:[ \t\r\n]{0,8}message/)")


def prescan(raw: bytes, limits: Limits) -> Reason | None:
    """Whether a mail is beyond the limits, looked at as bytes alone: Reason.TOO_LARGE, or None. Linear."""
    if len(raw) > limits.mail_bytes or raw.count(b"\n") > limits.lines:
        return Reason.TOO_LARGE
    end = _HEADER_END.search(raw)
    head = raw[: end.start()] if end else raw
    if len(head) > limits.header_bytes or _addresses(head) > limits.addresses:
        return Reason.TOO_LARGE
    depth, parts = _shape(raw)
    return Reason.TOO_LARGE if depth > limits.depth or parts > limits.parts else None


def _addresses(head: bytes) -> int:
    """About how many addresses the header names: a name may hold an "@" or a comma, but seldom both."""
    count = 0
    for found in _ADDRESS_FIELD.finditer(head):
        end = _UNFOLDED.search(head, found.end())
        value = head[found.end() : end.start() if end else len(head)]
        count += min(value.count(b"@"), value.count(b",") + value.count(b";") + 1)
    return count


@dataclass(slots=True)
class _Level:
    """A multipart that is open at some point of the scan."""

    boundary: bytes
    mails: int = 0  # mails inside mails in its current part


def _shape(raw: bytes) -> tuple[int, int]:
    """How deep and into how many parts the mail divides, at most. Boundaries inside text count too."""
    lower = raw.lower()  # boundaries that differ in case only are taken as one
    boundaries = {(quoted or bare).rstrip() for quoted, bare in _BOUNDARY.findall(lower)}
    levels: list[_Level] = [_Level(b"")]
    deepest = parts = 0
    for found in _STRUCTURE.finditer(lower):
        line = found[1]
        if line is None:
            levels[-1].mails += 1
        elif (name := line.rstrip()) in boundaries:
            parts += 1
            while any(name == level.boundary for level in levels[1:]) and levels[-1].boundary != name:
                levels.pop()
            if levels[-1].boundary != name:
                levels.append(_Level(name))
            levels[-1].mails = 0
        deepest = max(deepest, len(levels) - 1 + sum(level.mails for level in levels))
        if deepest > ENOUGH:
            break
    return deepest, max(parts, len(boundaries))


# ---------------------------------------------------------------- parsing


@dataclass(slots=True)
class _Head:
    """The headers, walked over once."""

    decoded: list[tuple[str, str]] = field(default_factory=list)
    raw: dict[str, list[str]] = field(default_factory=dict)

    def all(self, name: str) -> list[str]:
        return self.raw.get(name, [])

    def first(self, name: str) -> str:
        return self.raw[name][0] if name in self.raw else ""


def parse(raw: bytes) -> Parsed:
    """Read a mail, whatever its bytes."""
    defects: list[str] = []
    message = tree(_repaired(raw, defects), defects)
    found = walk(message, defects)
    charset = _charset_of(message, found.charset)
    head = _head(message, charset, defects)
    sender = sender_of(head.all("from"))
    doubt = _doubt(message, defects) or sender.doubt
    subject = text_of(head.first("subject"), defects, charset)
    references = ids((*head.all("references"), *head.all("in-reply-to")))
    first = not references and not quotes.answers(subject)
    words = _words(found, forwarded=first or quotes.forwards(subject))
    if "&#" in found.html:
        words = _without_controls(words)
    raw_fields = {name: values[0] for name, values in head.raw.items()}
    return Parsed(
        headers=tuple(head.decoded),
        message_id=single_id(head.first("message-id"), defects),
        date=moment(head.first("date"), defects),
        sender="" if doubt else sender.address,
        sender_doubt=doubt,
        name=text_of(sender.name, defects, charset),
        to=addresses_of(head.all("to"), defects),
        cc=addresses_of(head.all("cc"), defects),
        references=references,
        return_path=_return_path(head),
        subject=subject,
        body=words.body,
        text=words.cut.text,
        quoted=words.cut.quoted,
        given=words.cut.given if words.cut.given < len(words.cut.text) else -1,
        cut_sure=words.cut.sure,
        rich=words.rich,
        attachments=tuple(found.attachments),
        report=report_of(found, raw_fields, sender.address, words.body),
        content_types=tuple(found.types),
        defects=tuple(dict.fromkeys(defects))[:MANY],
    )


def _repaired(raw: bytes, defects: list[str]) -> bytes:
    """What no two readers may read differently: where lines end in the header, and where the header begins."""
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if len(start) < len(raw):
        defects.append("empty lines before the header")
    if b"\n" not in start:
        return start.replace(b"\r", b"\n")
    end = _HEADER_END.search(start)
    head = start[: end.start()] if end else start
    if _BARE_RETURN.search(head):
        defects.append("bare carriage returns in the header")
        return _BARE_RETURN.sub(b" ", head) + start[len(head) :]
    return start


def _doubt(message: Entity, defects: list[str]) -> str:
    """Why another reader may see another sender than ours."""
    if "bare carriage returns in the header" in defects:
        return "the header has bare carriage returns"
    return "the From line stands in a damaged header" if "from" in message.loose else ""


def _head(message: Entity, charset: str, defects: list[str]) -> _Head:
    head = _Head()
    for name, raw in message.fields:
        head.raw.setdefault(name, []).append(raw)
        server = name in NEVER_ENCODED
        head.decoded.append((name, clean(unfolded(raw)) if server else text_of(raw, defects, charset)))
    return head


def _charset_of(message: Entity, said: str) -> str:
    """What octets in the header that name no charset are likely to be in: what a text says, else what all look like."""
    if codec_of(said) not in ("", "ascii", "utf-8"):
        return said
    strange = b"\n".join(octets_of(raw) for _, raw in message.fields if not raw.isascii())
    return "" if not strange or reads_as_utf8(strange) else likely(strange)


def _return_path(head: _Head) -> str | None:
    if "return-path" not in head.raw:
        return None
    said = head.first("return-path").strip()
    return normal(said.removeprefix("<").removesuffix(">")) or ("" if said == "<>" else None)


# ---------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class _Words:
    body: str
    cut: quotes.Cut
    rich: str = ""


def _words(found: Found, *, forwarded: bool) -> _Words:
    """The whole text, the author's own part of it, and that part as HTML where the page says the same."""
    plain, html = found.plain, found.html
    plain_cut = quotes.cut(plain.split("\n"), forwarded=forwarded)
    if not html:
        return _Words(plain.strip("\n"), plain_cut)
    page = Page(html)
    text = page.text
    page_cut = quotes.cut(page.lines, forwarded=forwarded)
    formatted = _FORMATTED.search(html)
    if _stub(plain, text):
        return _Words(text, page_cut, page.rich(page_cut.kept) if formatted else "")
    decisive = page_cut.sure and page_cut.quoted and not (plain_cut.sure and plain_cut.quoted)
    better = (decisive and _same_words(plain, text)) or _shorter(page_cut, plain_cut)
    cut = page_cut if better else plain_cut
    rich = formatted and (cut is page_cut or _same_words(cut.text, page_cut.text))
    return _Words(plain.strip("\n"), cut, page.rich(page_cut.kept) if rich else "")


def _without_controls(words: _Words) -> _Words:
    """A page may spell controls as references."""
    cut = replace(words.cut, text=clean(words.cut.text), quoted=clean(words.cut.quoted))
    return _Words(clean(words.body), cut, clean(words.rich))


def _stub(plain: str, page: str) -> bool:
    """A plain part that only stands in for the page: much shorter, and a notice or the page's beginning at most."""
    letters = len(plain.strip())
    if letters >= STUB_MOST or len(page) <= 4 * letters + STUB_LETTERS:
        return not letters or (letters < STUB_LETTERS and letters < len(page) and _foreign(plain, page))
    return letters < STUB_LETTERS or _letters(plain)[:STUB_LETTERS] not in _letters(page)


def _foreign(plain: str, page: str) -> bool:
    """Whether most words of a plain part stand nowhere in the page."""
    words = [letters for word in _LINK.sub(" ", plain).split() if (letters := _letters(word))]
    known = _letters(page)
    return 2 * sum(word not in known for word in words) >= len(words)


def _shorter(page: quotes.Cut, plain: quotes.Cut) -> bool:
    """Whether the page, where signatures are marked, shows more of what isn't the author's."""
    if not (page.sure and plain.sure and page.quoted and page.text):
        return False
    short, long = _letters(page.text), _letters(plain.text)
    return 0 < len(short) < len(long) and long.startswith(short)


def _same_words(plain: str, page: str) -> bool:
    """Whether two texts have the same letters, links and marks of lists and quotations apart."""
    return plain.split() == page.split() or _letters(plain) == _letters(page)


_LINK = re.compile(r"[<\[(]?(?:https?://|mailto:)[^\s<>\])]{1,2000}[>\])]?|\[(?:image|cid):[^\]\n]{0,200}\]")
_MARKS = re.compile(r"[\W_]+")
_ITEM = re.compile(r"^[> ]{0,20}\d{1,4}\. ", re.MULTILINE)


def _letters(text: str) -> str:
    return _MARKS.sub("", _ITEM.sub("", _LINK.sub("", text)))
