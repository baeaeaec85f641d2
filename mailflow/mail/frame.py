"""The MIME frame of our own mails, built by hand: one shape, and fifty times cheaper than `EmailMessage`.

    multipart/mixed             only when there are attachments
      multipart/alternative
        text/plain              quoted-printable or base64, whichever is shorter
        multipart/related       only when there are pictures
          text/html
          image/png             drawn by us, shown where the page names its Content-ID
      any type                  base64, always to be saved and never to be shown

Every line ends with CRLF, and none is longer than a mail may have it (RFC 5322: 998 octets).
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from mailflow.mail.markup import clean_line

CRLF = "\r\n"
LINE = 76
WORD_OCTETS = 39  # in one encoded word: its line stays within LINE, the longest name of a header included
MAX_VALUE = 250  # characters of an unstructured header
MAX_NAME_OCTETS = 180  # of a file name, in UTF-8: its longest form still fits in one line
MAX_ENDING_OCTETS = 20  # more is not what one would call an ending
_WITHIN = frozenset(bytes((octet,)) for octet in range(0x80, 0xC0))  # UTF-8: not the first of a character
OPAQUE = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")
# What mail programs act on or show although it is attached: a stranger's page, invitation, wrapped or sealed mail.
_ACTIVE = re.compile(
    r"(?:multipart|message)/.*|text/(?:html|(?:x-v)?calendar)|image/svg.*|.*\+xml"
    r"|application/(?:xml|pgp.*|(?:x-)?pkcs7.*|ms-tnef)"
)
_UNSAFE_IN_NAME = re.compile(r'[/\\:*?<>|"]')


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a mail. Name and type are somebody's claims."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """What the HTML body shows as `cid:`, made by us."""

    cid: str  # without brackets
    png: bytes


def header(name: str, value: str) -> str:
    """A header of plain words, folded, without its last line end."""
    return f"{name}: {words(shortened(clean_line(value), MAX_VALUE), len(name) + 2)}"


def words(text: str, before: int = 0) -> str:
    """One clean line for a header, in encoded words (RFC 2047) unless it is short and plain.

    What looks like an encoded word already is encoded once more: it is to be read as it was written.
    """
    if text.isascii() and "=?" not in text and before + len(text) <= LINE:
        return text
    octets, encoded = text.encode(), []
    while octets:
        end = WORD_OCTETS
        while octets[end : end + 1] in _WITHIN:  # never between the octets of one character
            end -= 1
        encoded.append(f"=?utf-8?b?{base64.b64encode(octets[:end]).decode()}?=")
        octets = octets[end:]
    return f"{CRLF} ".join(encoded)


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def build(
    headers: Sequence[str],
    text: str,
    html: str,
    files: Sequence[Enclosure],
    boundary: str,
    pictures: Sequence[Picture] = (),
) -> bytes:
    """The whole mail. `boundary` is letters and digits: with "=_" before it, no encoded body can hold it."""
    page = _text("html", html)
    if pictures:
        page = _multipart('related;\r\n type="text/html"', f"=_r{boundary}", (page, *map(_picture, pictures)))
    alternative = _multipart("alternative", f"=_a{boundary}", (_text("plain", text), page))
    whole = _multipart("mixed", f"=_m{boundary}", (alternative, *map(_file, files))) if files else alternative
    return CRLF.join([*headers, "MIME-Version: 1.0", ""]).encode() + whole


def file_name(name: str, type_: str) -> str:
    """A name that is one: no path, no control, no text that runs backwards; never empty."""
    name = _UNSAFE_IN_NAME.sub("_", clean_line(name)).strip(" .")
    if not name:
        return "message.eml" if type_ == "message/rfc822" else "attachment"
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > MAX_ENDING_OCTETS:
        stem, dot, ending = name, "", ""
    room = MAX_NAME_OCTETS - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending


def safe_type(claimed: str) -> str:
    """The claimed type, or octets when it is none, or one that a mail program would act on."""
    bare = claimed.partition(";")[0].strip().lower()
    return bare if _TYPE.fullmatch(bare) and not _ACTIVE.fullmatch(bare) else OPAQUE


def _multipart(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    line = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _text(subtype: str, text: str) -> bytes:
    octets = (text if text.endswith("\n") else f"{text}\n").replace("\n", CRLF).encode()
    encoding, body = "quoted-printable", binascii.b2a_qp(octets, istext=True)
    if len(body) > len(octets) * 4 / 3:
        encoding, body = "base64", _base64(octets)
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


def _picture(picture: Picture) -> bytes:
    """Named, since some programs make up a name for what has none, and then show it as a file."""
    head = (
        'Content-Type: image/png; name="chart.png"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-ID: <{picture.cid}>\r\nContent-Disposition: inline; filename="chart.png"\r\n\r\n'
    )
    return head.encode() + _base64(picture.png)


def _file(enclosure: Enclosure) -> bytes:
    name = file_name(enclosure.name, enclosure.type.strip().lower())
    claimed, disposition = safe_type(enclosure.type), f'\r\n filename="{name}"'
    if not name.isascii():
        # RFC 2231's form, alone: readers that find both forms in one header take either. Old ones look at the type.
        claimed += f';\r\n name="{_plain(name)}"'
        disposition = f"\r\n filename*=utf-8''{quote(name, safe='')}"
    head = (
        f"Content-Type: {claimed}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;{disposition}\r\n\r\n"
    )
    return head.encode() + _base64(enclosure.content)


def _plain(name: str) -> str:
    """The nearest name in ASCII."""
    nearest = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, ending = _UNSAFE_IN_NAME.sub("_", nearest).rpartition(".")
    return f"{stem.strip() or 'attachment'}{dot}{ending}"


def _base64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")
