"""Whose address stands in a From, To or Cc line: a linear scan of the raw value, before anything is decoded.

From is read strictly (security rule 1): where two readers could see two senders, there is none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.mail.charsets import octets_of
from mailflow.mail.headers import unfolded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_LISTED = 1000  # addresses of a To or Cc line that are read at all
_ORDINARY = re.compile(r'[^"(<,;:]+')
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,128}")
_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,30}")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_VISIBLE = ("L", "M", "N", "P", "S")  # Unicode categories that an address may have beyond ASCII


@dataclass(frozen=True, slots=True)
class Sender:
    address: str  # normalised, "" in any doubt
    name: str = ""  # the display name, raw: encoded words still stand in it
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # text, quoted, comment, angle, mark (, ; :) or broken
    text: str  # without its delimiters


def sender_of(raw_values: list[str]) -> Sender:
    """The one address of the one From line."""
    if len(raw_values) != 1:
        return Sender("", doubt="there are several From lines" if raw_values else "there is no From line")
    line = unfolded(raw_values[0])
    if _CONTROL.search(line):
        return Sender("", doubt="the From line has control characters")
    tokens = [token for token in _tokens(line) if token.kind != "text" or token.text.strip()]
    kinds = {token.kind for token in tokens}
    if "broken" in kinds:
        return Sender("", doubt="the From line has an unclosed quote, comment or bracket")
    if "mark" in kinds:
        return Sender("", doubt="the From line names several addresses or a group")
    return _in_brackets(tokens) if "angle" in kinds else _bare(tokens)


def addresses_of(raw_values: Iterable[str], defects: list[str]) -> tuple[str, ...]:
    """Every address of lines such as To or Cc, groups flattened, each once. What is unreadable is left out."""
    found: dict[str, None] = {}
    for raw in raw_values:
        for element in _elements(unfolded(raw)):
            if address := normal(element):
                found[address] = None
            elif element.strip():
                defects.append("an address of To or Cc is unreadable")
            if len(found) >= MAX_LISTED:
                return tuple(found)
    return tuple(found)


def normal(address: str) -> str:
    """An address as it is compared: exact local part, domain of lower-case A-labels, NFC. "" when it is none."""
    address = address.strip()
    if not address.isascii():
        try:
            address = unicodedata.normalize("NFC", octets_of(address).decode("utf-8"))
        except UnicodeError:
            return ""
    local, at, domain = address.rpartition("@")
    local = _unquoted(local)
    domain = _a_labels(domain)
    if not at or not domain or "=?" in local or not _plausible(local):
        return ""
    return f"{local}@{domain}"


def _in_brackets(tokens: list[_Token]) -> Sender:
    angles = [number for number, token in enumerate(tokens) if token.kind == "angle"]
    after = tokens[angles[0] + 1 :]
    if len(angles) > 1 or any(token.kind != "comment" for token in after):
        return Sender("", doubt="the From line has more than one address, or text after its address")
    address = normal(tokens[angles[0]].text)
    if not address:
        return Sender("", doubt="the address of the From line is not well formed")
    before = tokens[: angles[0]]
    phrase = "".join(token.text for token in before if token.kind == "text")
    if _other_reading(phrase, address) or "\\" in phrase or ">" in phrase or _misleading(tokens, address):
        return Sender("", doubt="the From line can be read as two different addresses")
    return Sender(address, " ".join(token.text.strip() for token in before if token.kind != "comment"))


def _bare(tokens: list[_Token]) -> Sender:
    """address, address (name): the old form without brackets."""
    words = [token for token in tokens if token.kind != "comment"]
    comments = [number for number, token in enumerate(tokens) if token.kind == "comment"]
    if any(0 < number < len(tokens) - 1 and tokens[number + 1].kind != "comment" for number in comments):
        return Sender("", doubt="the From line has a comment inside its address")
    address = normal("".join(f'"{token.text}"' if token.kind == "quoted" else token.text for token in words))
    if not address:
        return Sender("", doubt="the From line has no well-formed address")
    if _misleading(tokens, address):
        return Sender("", doubt="the From line can be read as two different addresses")
    return Sender(address, " ".join(token.text for token in tokens if token.kind == "comment"))


def _other_reading(text: str, address: str) -> bool:
    """Whether a careless reader could take the text for another address."""
    return "@" in text and normal(text) != address


def _misleading(tokens: list[_Token], address: str) -> bool:
    return any(_other_reading(token.text, address) or "<" in token.text for token in tokens if token.kind == "comment")


def _elements(line: str) -> Iterator[str]:
    """What stands between the commas: the content of the angle brackets if there are any, else the text."""
    text, angle = "", ""
    for token in _tokens(line):
        if token.kind == "mark":
            if token.text != ":":  # the name of a group is no address
                yield angle or text
            text, angle = "", ""
        elif token.kind == "angle":
            angle = token.text
        elif token.kind == "text":
            text += token.text
    yield angle or text


def _tokens(line: str) -> Iterator[_Token]:
    position = 0
    while position < len(line):
        letter = line[position]
        if letter in ",;:":
            yield _Token("mark", letter)
            position += 1
        elif letter in '"(<':
            end = {'"': _end_of_quote, "(": _end_of_comment, "<": _end_of_angle}[letter](line, position)
            if end < 0:
                yield _Token("broken", line[position:])
                return
            kind = {'"': "quoted", "(": "comment", "<": "angle"}[letter]
            inner = line[position + 1 : end]
            yield _Token(kind, re.sub(r"\\(.)", r"\1", inner) if kind != "angle" else inner)
            position = end + 1
        else:
            found = _ORDINARY.match(line, position)
            assert found
            yield _Token("text", found.group())
            position = found.end()


def _end_of_quote(line: str, start: int) -> int:
    position = start + 1
    while position < len(line):
        if line[position] == '"':
            return position
        position += 2 if line[position] == "\\" else 1
    return -1


def _end_of_comment(line: str, start: int) -> int:
    depth, position = 0, start
    while position < len(line):
        letter = line[position]
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return position
        position += 2 if letter == "\\" else 1
    return -1


def _end_of_angle(line: str, start: int) -> int:
    return line.find(">", start)


def _unquoted(local: str) -> str:
    if len(local) > 1 and local.startswith('"') and local.endswith('"'):
        return re.sub(r"\\(.)", r"\1", local[1:-1])
    return local


def _plausible(local: str) -> bool:
    """Letters that mean the same to every reader: no quotes, spaces, second @, or invisible characters."""
    ascii_part = "".join(letter for letter in local if letter.isascii())
    others = (letter for letter in local if not letter.isascii())
    return (
        0 < len(local) <= 128  # noqa: PLR2004
        and (not ascii_part or bool(_LOCAL.fullmatch(ascii_part)))
        and all(unicodedata.category(letter).startswith(_VISIBLE) for letter in others)
    )


def _a_labels(domain: str) -> str:
    if not domain.isascii():
        import idna  # heavy, and seldom needed

        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return ""
    domain = domain.lower()
    return domain if len(domain) <= 253 and _DOMAIN.fullmatch(domain) else ""  # noqa: PLR2004
