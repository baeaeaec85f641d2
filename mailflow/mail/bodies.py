"""The parts of a MIME tree as what people see: texts to read, and files that came with them."""

from __future__ import annotations

import hashlib
import html as entities
from dataclasses import dataclass, field
from email.generator import BytesGenerator
from email.message import Message
from email.policy import Compat32
from io import BytesIO

from mailflow.mail.charsets import clean, decode
from mailflow.mail.headers import media_type, parameters
from mailflow.mail.parsed import Part

MAX_NAME = 200
_ENCODINGS = ("", "7bit", "8bit", "binary", "quoted-printable", "base64", "x-uuencode", "uuencode", "uue", "x-uue")
_OTHER_VIEWS = ("text/x-amp-html", "text/watch-html")  # the same words again, for machines


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
    types: list[str] = field(default_factory=list)
    reports: list[list[Message]] = field(default_factory=list)  # the blocks of message/delivery-status
    returned: list[Message] = field(default_factory=list)  # mails inside this one
    returned_headers: list[str] = field(default_factory=list)  # text/rfc822-headers

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


def walk(message: Message, defects: list[str]) -> Found:
    found = Found()
    _read(message, found, defects, in_related=False)
    if not found.texts and not found.attachments and message.is_multipart():
        outside = clean("\n".join(text for text in (message.preamble, message.epilogue) if text))
        if outside.strip():
            defects.append("text outside the parts")
            found.texts.append(Text(plain=outside))
    return found


def _read(part: Message, found: Found, defects: list[str], *, in_related: bool) -> None:
    fields = fields_of(part)
    kind = media_type(fields.get("content-type", ""), part.get_default_type())
    found.types.append(kind)
    if not part.is_multipart():
        _leaf(part, kind, fields, found, defects, in_related=in_related)
    elif kind == "message/delivery-status":
        found.reports.append(_children(part))
        _attach_message(part, kind, fields, found, defects)
    elif kind.startswith("message/"):
        found.returned.extend(_children(part))
        _attach_message(part, kind, fields, found, defects)
    elif kind == "multipart/alternative":
        _alternative(part, found, defects)
    else:
        for child in _children(part):
            _read(child, found, defects, in_related=kind == "multipart/related" or in_related)


def _children(part: Message) -> list[Message]:
    """Only asked of a multipart: the payload of a leaf would be decoded, by whatever codec the mail names."""
    inner = part.get_payload() if part.is_multipart() else []
    return [child for child in inner if isinstance(child, Message)]


def _alternative(part: Message, found: Found, defects: list[str]) -> None:
    """The same passage in several forms."""
    inner = Found(
        attachments=found.attachments,
        types=found.types,
        reports=found.reports,
        returned=found.returned,
        returned_headers=found.returned_headers,
    )
    for child in _children(part):
        if child.get_content_type() not in _OTHER_VIEWS:
            _read(child, inner, defects, in_related=False)
    html = "\n".join(text.html for text in inner.texts if text.html)
    if inner.texts:
        found.texts.append(Text(plain=inner.plain, html=html))


def _leaf(
    part: Message, kind: str, fields: dict[str, str], found: Found, defects: list[str], *, in_related: bool
) -> None:
    type_parameters = parameters(fields.get("content-type", ""), defects)
    disposition, name = _disposition(fields, type_parameters, defects)
    octets = _octets(part, fields, defects)
    readable = kind in ("text/plain", "text/html") or (kind.startswith("multipart/") and disposition != "attachment")
    if readable and disposition != "attachment" and not (name and found.texts):
        text, defect = decode(octets, type_parameters.get("charset", ""))
        if defect:
            defects.append(f"text: {defect}")
        if kind == "text/plain" and type_parameters.get("format", "").lower() == "flowed":
            text = unflowed(text, type_parameters.get("delsp", "").lower() == "yes")
        if kind.startswith("multipart/"):
            defects.append(f"{kind} without parts")
        found.texts.append(Text(html=text) if kind == "text/html" else Text(plain=text))
        return
    if kind == "text/rfc822-headers":
        found.returned_headers.append(decode(octets, type_parameters.get("charset", ""))[0])
    inline = disposition == "inline" or (in_related and "content-id" in fields and disposition != "attachment")
    found.attachments.append(_part(name, kind, octets, inline=inline))


def _attach_message(part: Message, kind: str, fields: dict[str, str], found: Found, defects: list[str]) -> None:
    _, name = _disposition(fields, parameters(fields.get("content-type", ""), defects), defects)
    octets = b"\n".join(_message_octets(child, defects) for child in _children(part))
    found.attachments.append(_part(name, kind, octets, inline=False))


class _AsItCame(Compat32):
    """Writes a header as it was read; the standard policy would fold and encode it anew."""

    def fold_binary(self, name: str, value: str) -> bytes:
        lines = "\r\n".join(str(value).splitlines())
        return f"{name}: {lines}\r\n".encode("ascii", "surrogateescape")


_AS_IT_CAME = _AsItCame(linesep="\r\n")


def _message_octets(message: Message, defects: list[str]) -> bytes:
    """A mail inside a mail as the file that it was."""
    target = BytesIO()
    try:
        BytesGenerator(target, mangle_from_=False, policy=_AS_IT_CAME).flatten(message)
    except (LookupError, TypeError, ValueError, AttributeError):  # a tree that the generator can't write
        defects.append("an attached mail could not be kept whole")
    return target.getvalue()


def _part(name: str, kind: str, octets: bytes, *, inline: bool) -> Part:
    return Part(name, kind, len(octets), hashlib.sha256(octets).hexdigest(), inline, octets)


def fields_of(part: Message) -> dict[str, str]:
    """The raw headers of a part; of several with one name, the first."""
    fields: dict[str, str] = {}
    for name, value in part.raw_items():
        fields.setdefault(name.lower(), str(value))
    return fields


def _disposition(fields: dict[str, str], type_parameters: dict[str, str], defects: list[str]) -> tuple[str, str]:
    """attachment, inline or "", and the file's name: data, of which only the last step of a path is kept."""
    raw = fields.get("content-disposition", "")
    given = parameters(raw, defects) if raw else {}
    name = given.get("filename") or type_parameters.get("name", "")
    name = clean(name).replace("\n", " ").replace("\\", "/").rstrip("/").rpartition("/")[2].strip()
    return raw.partition(";")[0].strip().lower(), name[-MAX_NAME:]


def _octets(part: Message, fields: dict[str, str], defects: list[str]) -> bytes:
    """A leaf's octets, transfer encoding undone."""
    said = fields.get("content-transfer-encoding", "")
    encoding = said.partition(";")[0].partition("(")[0].strip().strip("\"'").lower()
    if encoding not in _ENCODINGS:
        defects.append(f"unknown transfer encoding {clean(encoding)[:40]!r}")
    if said and encoding != said:
        del part["content-transfer-encoding"]
        part["content-transfer-encoding"] = encoding if encoding in _ENCODINGS else "8bit"
    payload = part.get_payload(decode=True)
    defects.extend(type(defect).__name__ for defect in part.defects)
    return payload if isinstance(payload, bytes) else b""


def unflowed(text: str, delete_space: bool) -> str:  # noqa: FBT001
    """Paragraphs of format=flowed as one line each (RFC 3676)."""
    lines: list[str] = []
    flowing, depth_before = False, 0
    for line in text.split("\n"):
        quoted = line.lstrip(">")
        depth = len(line) - len(quoted)
        words = quoted.removeprefix(" ")
        if flowing and depth == depth_before and words != "-- ":
            lines[-1] = (lines[-1][:-1] if delete_space else lines[-1]) + words
        else:
            lines.append(">" * depth + " " * bool(depth) + words)
        flowing, depth_before = words.endswith(" ") and words != "-- ", depth
    return "\n".join(lines)


def _as_html(plain: str) -> str:
    return entities.escape(plain).replace("\n", "<br>\n")
