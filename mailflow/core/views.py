"""The confidentiality wall: what each side may see of the other's words. Everything relayed passes through here."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from mailflow.core import tokens
from mailflow.core.effects import Passage
from mailflow.core.model import Ticket
from mailflow.core.policy import Policy

WITHHELD = "[…]"
# What mail programs attach by themselves, and what says who wrote: never passed on, in neither direction. A passage signed
# with PGP (application/pgp) is the whole mail again, with names, addresses and reply token.
PERSONAL_TYPES = frozenset({
    "text/vcard", "text/x-vcard", "text/directory", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "application/pgp", "application/pgp-signature", "application/pgp-keys", "application/ms-tnef",
    "application/vnd.ms-tnef",
})  # fmt: skip
# Scripts that part their words (Latin, Greek, Cyrillic, Arabic, Devanagari), in small letters, and figures.
# In any other an address or a name stands right next to the words around it.
_LETTER = "[0-9a-z\u00df-\u024f\u0370-\u052f\u0600-\u06ff\u0900-\u097f\u1e00-\u1fff]"
_PARTED = re.compile(_LETTER)
_REMARK = re.compile(r"\([^()]*\)")  # of a display name: "Ann Lee (Sales)"


def for_staff(text: str, sender: str, name: str) -> str:
    """A requester's words as experts see them: without the requester's address and full name, and without tokens."""
    return _without(tokens.without(text, WITHHELD), (sender,), (name,))


def neutral_name(ticket: Ticket, policy: Policy, language: str) -> str:
    """What a ticket is called where nothing may tell who asked: its title, or topic, sector and region."""
    if ticket.title:
        return ticket.title
    topic = ticket.topics[:1]
    told = [("topic", code) for code in topic]
    told += [(kind, ticket.codes[kind]) for kind in ("sector", "region") if ticket.codes.get(kind)]
    return (
        ", ".join(policy.label(kind, code, language) for kind, code in told) or ticket.queue or f"({ticket.language})"
    )


def for_requester(text: str, policy: Policy) -> str:
    """Staff's words as the requester sees them: without any address or full name of staff, and without tokens."""
    names = (member.name for member in policy.people.values())
    return _without(tokens.without(text, WITHHELD), policy.staff_addresses, names)


def answer_for_requester(text: str, rich: str, policy: Policy) -> Passage:
    """An expert's answer as it will leave. Its HTML is given up when there was anything in it to withhold."""
    told = for_requester(text, policy)
    return Passage(told, rich if told == text and for_requester(rich, policy) == rich else "")


@lru_cache(maxsize=256)  # subject, text and file names of a mail are looked at one after the other
def _pattern(addresses: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds each of these in small letters; a name also with an ending ("Ann Lees")."""
    spelt = [re.escape(_plain(address)) + f"(?!{_LETTER})" for address in addresses if address]
    spelt += [_spelt(full) for name in names for full in _full_names(_plain(name))]
    longest_first = "|".join(sorted(spelt, key=len, reverse=True))
    return re.compile(f"(?<!{_LETTER})(?:{longest_first})") if spelt else None


def _without(text: str, addresses: Iterable[str], names: Iterable[str]) -> str:
    """The text with each of these replaced, in any case."""
    pattern = _pattern(tuple(addresses), tuple(names))
    if pattern is None:
        return text
    composed = unicodedata.normalize("NFC", text)
    spans = [found.span() for found in pattern.finditer(composed.casefold())]
    return _replaced(composed, spans) if spans else text


def _plain(text: str) -> str:
    """In one case and one Unicode form."""
    return unicodedata.normalize("NFC", text).casefold()


def _full_names(name: str) -> tuple[str, ...]:
    """How a person may write the name of their From line. A single word is none: it might mean anything."""
    bare = _REMARK.sub(" ", name)
    letters = [letter for letter in bare if letter.isalpha()]
    unparted = len(letters) > 1 and not all(map(_PARTED.match, letters))
    if not unparted and (len(letters) < 3 or len(bare.split()) < 2):  # noqa: PLR2004  "A. B." hides too much
        return ()
    last, comma, first = bare.partition(",")
    return (bare, f"{first} {last}") if comma else (bare,)


def _spelt(name: str) -> str:
    gap = r"\s+" if _PARTED.match(name.lstrip()) else r"\s*"
    return gap.join(map(re.escape, name.split()))


def _replaced(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`spans` count in the text's small letters, where one letter may have become two."""
    same = len(text.casefold()) == len(text)  # it never becomes shorter, so each letter has stayed in its place
    ends = range(1, len(text) + 1) if same else list(accumulate(len(letter.casefold()) for letter in text))
    kept, position = [], 0
    for start, end in spans:
        kept += [text[position : bisect_right(ends, start)], WITHHELD]
        position = bisect_left(ends, end) + 1
    return "".join((*kept, text[position:]))
