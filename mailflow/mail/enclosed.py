"""Files and sealed passages that stand in the text itself: uuencode, armour of PGP. Linear."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mailflow.mail.transfer import BEGIN, uu_lines

MAX_FILES = 100
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END = "-----END PGP SIGNATURE-----"
_SEALED = "-----BEGIN PGP MESSAGE-----"
_SEALED_END = "-----END PGP MESSAGE-----"
_YENC = re.compile(r"^=ybegin (?:part=\d{1,6} )?(?:total=\d{1,6} )?line=\d", re.MULTILINE)
_BINHEX = "(This file must be converted with BinHex"


@dataclass(slots=True)
class Enclosed:
    text: str  # what is left
    files: list[tuple[str, str, bytes]] = field(default_factory=list)  # name, type, octets
    remarks: list[str] = field(default_factory=list)


def taken_out(text: str) -> Enclosed | None:
    """The text without what it encloses; None when it encloses nothing, which is the rule."""
    found = Enclosed(text)
    if "begin" in text and BEGIN.search(text):
        _uuencoded(found)
    if "-----BEGIN PGP " in text:
        _sealed(found)
        _signed(found)
    if "=ybegin " in text and _YENC.search(text):
        found.remarks.append("yEnc in the text: kept as it came")
    if _BINHEX in text:
        found.remarks.append("BinHex in the text: kept as it came")
    return found if found.remarks else None


def _uuencoded(found: Enclosed) -> None:
    text, kept, position = found.text, [], 0
    while (begin := BEGIN.search(text, position)) and len(found.files) < MAX_FILES:
        content, end, whole = (None, begin.end(), False) if begin[1] else uu_lines(text, begin.end())
        if content is None:
            kept.append(text[position : begin.end()])
            position = begin.end()
            continue
        kept.append(text[position : begin.start()])
        position = end
        found.files.append((begin[2].strip(), "application/octet-stream", content))
        found.remarks.append("uuencode in the text" if whole else "uuencode in the text, without an end")
    found.text = "".join((*kept, text[position:]))


def _sealed(found: Enclosed) -> None:
    """What is encrypted is a file; nobody can read it here."""
    kept, position = [], 0
    while len(found.files) < MAX_FILES:
        start = _line(found.text, _SEALED, position)
        end = _line(found.text, _SEALED_END, start) if start >= 0 else -1
        if end < 0:
            break
        end += len(_SEALED_END)
        kept.append(found.text[position:start])
        found.files.append(("message.asc", "application/pgp-encrypted", found.text[start:end].encode() + b"\n"))
        found.remarks.append("encrypted (PGP in the text)")
        position = end
    found.text = "".join((*kept, found.text[position:]))


def _signed(found: Enclosed) -> None:
    """The words of a signed passage stay; the whole passage is a file besides, so that it can be verified."""
    kept, position, text = [], 0, found.text
    while len(found.files) < MAX_FILES:
        start = _line(text, _SIGNED, position)
        words = text.find("\n\n", start) if start >= 0 else -1
        signature = _line(text, _SIGNATURE, words) if words >= 0 else -1
        end = _line(text, _SIGNATURE_END, signature) if signature >= 0 else -1
        if end < 0:
            break
        end += len(_SIGNATURE_END)
        kept += [text[position:start], _unescaped(text[words + 2 : signature])]
        found.files.append(("signed.asc", "application/pgp", text[start:end].encode() + b"\n"))
        found.remarks.append("signed (PGP in the text)")
        position = end
    found.text = "".join((*kept, text[position:]))


def _line(text: str, mark: str, position: int) -> int:
    """Where a line with this mark begins, or -1."""
    if position <= 0 and text.startswith(mark):
        return 0
    found = text.find(f"\n{mark}", max(position - 1, 0))
    return found + 1 if found >= 0 else -1


def _unescaped(words: str) -> str:
    return "\n".join(line.removeprefix("- ") for line in words.split("\n"))
