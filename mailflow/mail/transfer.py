"""Transfer encodings undone: base64, quoted-printable, uuencode, as broken as senders make them. Nothing raises."""

from __future__ import annotations

import binascii
import re

_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "none"})
_UU = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(octet for octet in range(256) if octet not in _BASE64 + b"=\r\n\t ")
_NOT_BASE64 = bytes(octet for octet in range(256) if octet not in _BASE64)
_INNER_SPACE = re.compile(rb"[^\s][ \t]{1,8}[^\s]")
PROSE = 16  # a blank or a foreign octet in so many letters: it is no base64
MAX_PIECES = 1_000  # of base64, each with padding of its own
UU_LINE = 45  # octets, at most
_UU_LINE = re.compile(r"[ -`]{2,70}|[ -`]")
BEGIN = re.compile(r"^begin(-base64)? [0-7]{3,4} ([^\n]{1,200})\n", re.MULTILINE)


def decoded(octets: bytes, said: str, defects: list[str]) -> bytes:
    """The octets of a part. What is labelled wrongly is given as it came."""
    encoding = said.partition(";")[0].partition("(")[0].strip().strip("\"'").lower()
    if encoding in _AS_IT_IS:
        return octets
    if encoding == "base64":
        return base64(octets, defects)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(octets)
    if encoding in _UU:
        found = _uu_part(octets)
        if found is not None:
            return found
        defects.append("a part labelled as uuencode that is none")
        return octets
    defects.append("unknown transfer encoding")
    return octets


def base64(octets: bytes, defects: list[str]) -> bytes:
    """Base64 with foreign octets, lost padding, or several encoded pieces one after the other."""
    padding = octets.find(b"=")
    if padding < 0 or not octets[padding:].strip(b"= \t\r\n"):
        try:
            if len(octets.translate(None, _FOREIGN)) == len(octets) and not _prose(octets):
                return binascii.a2b_base64(octets)
        except binascii.Error:
            pass
    if _prose(octets):
        defects.append("a part labelled as base64 that is none")
        return octets
    defects.append("broken base64")
    if octets.count(b"=") > MAX_PIECES:
        return _piece(octets.translate(None, _NOT_BASE64))
    *padded, last = octets.split(b"=")
    pieces = [piece.translate(None, _NOT_BASE64) for piece in padded]
    rest = last.translate(None, _NOT_BASE64)
    if not pieces or not (len(rest) % 4 or _INNER_SPACE.search(last)):  # else they are words behind the end
        pieces.append(rest)
    return b"".join(_piece(piece) for piece in pieces if piece)


def _prose(octets: bytes) -> bool:
    """Whether these are words: base64 has no blanks inside its lines, and no other signs."""
    sample = octets[:4_000]
    foreign = len(sample) - len(sample.translate(None, _FOREIGN))
    inner = len(_INNER_SPACE.findall(sample)) if b" " in sample else 0
    return (foreign + inner) * PROSE > len(sample)


def _piece(bare: bytes) -> bytes:
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]
    return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))


def _uu_part(octets: bytes) -> bytes | None:
    """The file in a part that says to be uuencoded; None when it isn't."""
    text = octets.decode("latin-1").replace("\r\n", "\n")
    begin = BEGIN.search(text)
    return None if not begin or begin[1] else uu_lines(text, begin.end())[0]


def uu_lines(text: str, position: int) -> tuple[bytes | None, int, bool]:
    """The file whose lines begin at `position`, where they end, and whether they end as they should.

    None in place of the file when these are no uuencoded lines.
    """
    pieces: list[bytes] = []
    sure = False  # the first line is as long as it says; else only the end proves it
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end].removesuffix("\r") if end - position < 200 else ""  # noqa: PLR2004
        if line.rstrip() == "end":
            return b"".join(pieces), min(end + 1, len(text)), True
        ends = line.rstrip() in ("", "`") and text.startswith("end", end + 1)  # a line of no octets
        piece = b"" if ends else _uu_line(line)
        if piece is None:
            break
        sure = sure or (not pieces and len(line) >= _letters_for(len(piece)))
        pieces.append(piece)
        position = min(end + 1, len(text))
    return (b"".join(pieces) if sure else None), position, False


def _uu_line(line: str) -> bytes | None:
    """The octets of a line; those that are zero may have been cut from its end as blanks."""
    size = (ord(line[0]) - 32) & 63 if line else 0
    wanted = _letters_for(size)
    if not 0 < size <= UU_LINE or not _UU_LINE.fullmatch(line) or len(line) > wanted + 2:
        return None
    try:
        return binascii.a2b_uu(line[:wanted].ljust(wanted))
    except binascii.Error:
        return None


def _letters_for(size: int) -> int:
    return 1 + (size + 2) // 3 * 4
