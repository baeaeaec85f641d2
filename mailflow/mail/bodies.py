"""The parts of a MIME tree as what people see: texts to read, and files that came with them."""

from __future__ import annotations

import hashlib
import html as entities
import re
from dataclasses import dataclass, field, replace
from email.message import Message

from mailflow.mail import instead
from mailflow.mail.charsets import clean, decode
from mailflow.mail.enclosed import Enclosed, taken_out
from mailflow.mail.headers import MANY, parameters
from mailflow.mail.mime import Entity, header
from mailflow.mail.parsed import Part

MAX_NAME = 200
MAX_BLOCKS = 1_000  # of a delivery report
MAX_RETURNED = 64_000  # octets of a returned mail that are looked at
_OTHER_VIEWS = ("text/x-amp-html", "text/watch-html")  # the same words again, for machines
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_META = re.compile(rb"<meta[^>]{1,200}charset=[\"' ]{0,3}([\w.:-]{1,40})", re.IGNORECASE)
_CITED = re.compile(r"\bcid:([^\s\"'<>\])]{1,250})", re.IGNORECASE)
# What is kept whole because it is signed, sealed, or elsewhere, and how it is told.
_REMARKS = {
    "multipart/signed": "signed (multipart/signed)",
    "multipart/encrypted": "encrypted (multipart/encrypted)",
    "message/partial": "a piece of a mail that was sent in pieces",
    "message/external-body": "a file that stands elsewhere: it was not fetched",
    "application/mac-binhex40": "BinHex: kept as it came",
}
_ENVELOPED = ("enveloped-data", "authenveloped-data")
_PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")


@dataclass(frozen=True, slots=True)
class Text:
    """One passage to read, in either form or both."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class Found:
    """All that the walk over a mail finds."""

    texts: list[Text] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)  # the Content-ID of each attachment, or ""
    types: list[str] = field(default_factory=list)
    reports: list[list[Message]] = field(default_factory=list)  # the blocks of message/delivery-status
    returned: list[Message] = field(default_factory=list)  # mails inside this one: their headers
    returned_headers: list[str] = field(default_factory=list)  # text/rfc822-headers
    outside: list[bytes] = field(default_factory=list)  # what stands around the parts
    charset: str = ""  # the first that a text names
    spare: list[tuple[str, str]] = field(
        default_factory=list
    )  # type and text of files that may be read for want of one

    @property
    def plain(self) -> str:
        return "\n\n".join(text.plain.strip("\n") for text in self.texts if text.plain.strip())

    @property
    def html(self) -> str:
        """All passages as one page; "" when none of them came as HTML."""
        if not any(text.html for text in self.texts):
            return ""
        if len(self.texts) == 1:
            return self.texts[0].html
        return "\n".join(f"<div>{text.html or _as_html(text.plain)}</div>" for text in self.texts)


def walk(message: Entity, defects: list[str]) -> Found:
    found = Found()
    _read(message, found, defects, in_related=False)
    _take_out_files(found, defects)
    if not any(text.plain.strip() or text.html.strip() for text in found.texts):
        _read_something(found, defects)
    _tell_inline(found)
    return found


def _read(part: Entity, found: Found, defects: list[str], *, in_related: bool) -> None:
    found.types.append(part.kind)
    if remark := _REMARKS.get(part.kind):
        defects.append(remark)
    if part.outside:
        found.outside.extend(part.raw[start:end] for start, end in part.outside)
    if not part.children and not part.outside:
        _leaf(part, found, defects, in_related=in_related)
    elif part.kind == "multipart/alternative":
        _alternative(part, found, defects)
    else:
        for child in part.children:
            _read(child, found, defects, in_related=part.kind == "multipart/related" or in_related)


def _alternative(part: Entity, found: Found, defects: list[str]) -> None:
    """The same passage in several forms."""
    outer, found.texts = found.texts, []
    for child in part.children:
        if child.kind not in _OTHER_VIEWS:
            _read(child, found, defects, in_related=False)
    html = "\n".join(text.html for text in found.texts if text.html)
    if found.texts:
        outer.append(Text(plain=found.plain, html=html))
    found.texts = outer


def _leaf(part: Entity, found: Found, defects: list[str], *, in_related: bool) -> None:
    disposition, name = _disposition(part, defects)
    kind = part.kind
    readable = kind in ("text/plain", "text/html") or (kind.startswith("multipart/") and disposition != "attachment")
    octets = part.octets(defects)
    if readable and disposition != "attachment" and not (name and found.texts):
        found.texts.append(_text(part, octets, found, defects))
        return
    if kind in _TNEF or (name.lower() == "winmail.dat" and octets.startswith(b"\x78\x9f\x3e\x22")):
        _unpack(octets, name, found, defects)
        return
    if kind.startswith(("message/", "text/")):
        _note(part, octets, found, named=bool(name))
    elif kind in _PKCS7:
        sealed = part.parameters.get("smime-type", "").lower() in _ENVELOPED
        defects.append("encrypted (S/MIME)" if sealed else "signed (S/MIME): its words are inside the attachment")
    cid = part.named.get("content-id", "").strip().strip("<>")
    picture = kind.startswith("image/")
    inline = picture and ((disposition == "inline" and not name) or (in_related and bool(cid)))
    _attach(found, name, kind, octets, cid, inline=inline and disposition != "attachment")


def _text(part: Entity, octets: bytes, found: Found, defects: list[str]) -> Text:
    charset = part.parameters.get("charset", "")
    found.charset = found.charset or charset
    is_html = part.kind == "text/html"
    meta = _META.search(octets[:2_000]) if is_html and not octets.isascii() else None
    hint = meta[1].decode("ascii", "replace") if meta else ""
    charset = hint if charset.lower() in ("", "us-ascii", "ascii") else charset
    text, defect = decode(octets, charset, hint, guess=len(defects) < MANY)
    if defect:
        defects.append(f"text: {defect}")
    if is_html:
        return Text(html=text)
    if part.kind == "text/plain" and part.parameters.get("format", "").lower() == "flowed":
        text = unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
    return Text(plain=text)


def _note(part: Entity, octets: bytes, found: Found, *, named: bool) -> None:
    """What of an attached mail, report or text is looked at besides being kept."""
    kind = part.kind
    if kind in ("message/delivery-status", "message/global-delivery-status"):
        found.reports.append(_blocks(octets))
    elif kind in ("message/rfc822", "message/global"):
        found.returned.append(_as_message(octets))
    elif kind in ("text/rfc822-headers", "message/global-headers"):
        guess = not found.returned_headers
        found.returned_headers.append(decode(octets, part.parameters.get("charset", ""), guess=guess)[0])
    elif kind == "text/calendar" or (kind in instead.READABLE and not named):
        found.spare.append((kind, decode(octets, part.parameters.get("charset", ""), guess=not found.spare)[0]))


def _unpack(octets: bytes, name: str, found: Found, defects: list[str]) -> None:
    """The files and the text of a winmail.dat; itself only where it can't be read to its end."""
    from mailflow.mail import tnef  # seldom needed

    told: list[str] = []
    package = tnef.unpacked(octets, told)
    for file in package.files:
        _attach(found, _last_step(file.name), _type_of(file.name, file.type), file.content, file.cid, inline=False)
    if package.plain.strip() or package.html.strip():
        found.spare.append(("text/html", package.html) if package.html.strip() else ("text/plain", package.plain))
    if told or not package:
        _attach(found, name, _TNEF[0], octets, "", inline=False)
    defects.extend(told)


def _attach(found: Found, name: str, kind: str, octets: bytes, cid: str, *, inline: bool) -> None:
    found.attachments.append(Part(name, kind, len(octets), hashlib.sha256(octets).hexdigest(), inline, octets))
    found.ids.append(cid.lower())


# ---------------------------------------------------------------- the whole, looked at again


def _take_out_files(found: Found, defects: list[str]) -> None:
    """Files and sealed passages that stand in the text itself become attachments."""
    for number, text in enumerate(found.texts):
        taken: Enclosed | None = taken_out(text.plain) if text.plain else None
        if taken is None:
            continue
        defects.extend(taken.remarks)
        found.texts[number] = replace(text, plain=taken.text)
        for name, kind, octets in taken.files:
            _attach(found, _last_step(name), _type_of(name, kind), octets, "", inline=False)


def _read_something(found: Found, defects: list[str]) -> None:
    """What is read where no part is meant to be: the text of a winmail.dat, of an invitation, around the parts."""
    for kind, text in found.spare:
        told = instead.as_text(kind, text)
        if told.plain.strip() or told.html.strip():
            defects.append(f"the text was taken from a part of type {kind}")
            found.texts = [Text(told.plain, told.html)]
            return
    if not found.attachments:
        text, _ = decode(b"\n".join(piece.strip() for piece in found.outside if piece.strip()), found.charset)
        if text.strip():
            defects.append("text outside the parts")
            found.texts.append(Text(plain=text))


def _tell_inline(found: Found) -> None:
    """Pictures that the text shows in their place are no attachments in the eyes of its reader."""
    if not any(found.ids):
        return
    cited = {cid.lower() for text in found.texts for cid in _CITED.findall(text.html or text.plain)}
    for number, (part, cid) in enumerate(zip(found.attachments, found.ids, strict=True)):
        if cid and cid in cited and not part.inline:
            found.attachments[number] = replace(part, inline=True)


# ---------------------------------------------------------------- small things


def _blocks(octets: bytes) -> list[Message]:
    """The groups of fields of a delivery report (RFC 3464)."""
    text = octets.replace(b"\r\n", b"\n").strip(b"\n")
    pieces = [piece for piece in text.split(b"\n\n", MAX_BLOCKS)[:MAX_BLOCKS] if piece.strip()]
    return [_as_message(piece.lstrip(b"\n") + b"\n\n") for piece in pieces]


def _as_message(octets: bytes) -> Message:
    """Its header, as the standard library holds it."""
    message = Message()
    for name, value in header(octets, 0, min(len(octets), MAX_RETURNED), []).fields:
        message[name or "x-unreadable"] = value
    return message


def fields_of(part: Message) -> dict[str, str]:
    """The raw headers of a part; of several with one name, the first."""
    fields: dict[str, str] = {}
    for name, value in part.raw_items():
        fields.setdefault(name.lower(), str(value))
    return fields


def _disposition(part: Entity, defects: list[str]) -> tuple[str, str]:
    """attachment, inline or "", and the file's name: data, of which only the last step of a path is kept."""
    raw = part.named.get("content-disposition", "")
    given = parameters(raw, defects) if raw else {}
    name = given.get("filename") or given.get("name") or part.parameters.get("name") or ""
    return "".join(raw.partition(";")[0].lower().split()[:1]), _last_step(name)


def _type_of(name: str, said: str) -> str:
    """What the ending of a name tells, where nothing else does."""
    if said != "application/octet-stream":
        return said
    import mimetypes  # seldom needed

    return mimetypes.types_map.get(f".{name.rpartition('.')[2].lower()}", said)


def _last_step(name: str) -> str:
    return clean(name).replace("\n", " ").replace("\\", "/").rstrip("/").rpartition("/")[2].strip()[-MAX_NAME:]


def unflowed(text: str, delete_space: bool) -> str:  # noqa: FBT001
    """Paragraphs of format=flowed as one line each (RFC 3676)."""
    lines: list[str] = []
    paragraph: list[str] = []
    flowing, depth_before = False, 0
    for line in text.split("\n"):
        quoted = line.lstrip(">")
        depth = len(line) - len(quoted)
        words = quoted.removeprefix(" ")
        if not (flowing and depth == depth_before and words != "-- "):
            lines.append("".join(paragraph))
            paragraph = [">" * depth + " " * bool(depth)]
        flowing, depth_before = words.endswith(" ") and words != "-- ", depth
        paragraph.append(words[:-1] if flowing and delete_space else words)
    return "\n".join([*lines[1:], "".join(paragraph)])


def _as_html(plain: str) -> str:
    return entities.escape(plain).replace("\n", "<br>\n")
