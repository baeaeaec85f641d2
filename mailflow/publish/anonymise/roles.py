"""What stands instead: a role in the text's language, fitted to the words before it, the same for the same thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.spans import Span
from mailflow.publish.anonymise.words import known_language, read_data

_LOOK = 48  # characters before a place that may belong to it
_BEFORE = re.compile(
    r"(?:^|(?<=[\s(\"«“:;,.!?\-'’/]))([^\W\d_]++['’])$|(?:^|(?<=[\s(\"«“:;,.!?\-'’/]))([^\W\d_]++)[ \u00a0\n]$"
)
_OF_KIND = {"place": "town", "street": "street", "date": "date"}
_NUMBERS = frozenset({"number", "token", "telephone", "plate"})
_NUMBERED = re.compile(
    r"(?<!\w)(?:no|nos|n°|nº|nr|núm|num|№|#|नं|เลขที่|n\.º)[.:]?[ \u00a0]?$", re.IGNORECASE
)  # "no. 123"
_VOWELS = "aeiouhàâéèêëîïôûœæ"
_STOPS = frozenset(".!?")
_COUNTED = ("first", "second", "third")


@dataclass
class Cast:
    """Who and what was met so far: a number for each thing of a role, in the order of the text."""

    met: dict[str, list[str]] = field(default_factory=dict)

    def number(self, role: str, thing: str) -> tuple[int, bool]:
        """From 0; and whether it was met before."""
        things = self.met.setdefault(role, [])
        if thing in things:
            return things.index(thing), True
        things.append(thing)
        return len(things) - 1, False


@dataclass(frozen=True, slots=True)
class Instead:
    start: int  # earlier than the name's where an article went with it
    text: str


def instead(text: str, span: Span, cast: Cast, language: str, since: int) -> Instead:
    """What stands in a span's place; `since`: where the place before it ends."""
    grammar = _grammar(known_language(language) or "en")
    role = span.role if span.role in grammar["nouns"] else _OF_KIND.get(span.kind, span.kind)
    gender, noun = grammar["nouns"].get(role, grammar["nouns"]["number"])
    if span.kind in _NUMBERS and _NUMBERED.search(text[max(since, span.start - _LOOK) : span.start]):
        return Instead(span.start, "[…]")
    number, again = cast.number(role, span.thing or text[span.start : span.end])
    opening = _opening(text, span.start, since, grammar, role, span.kind)
    said = _phrase(grammar, gender, noun, number, again, opening)
    if opening.capital or opens_sentence(text, opening.start, since):
        said = said[:1].upper() + said[1:]
    return Instead(opening.start, said)


@dataclass(frozen=True, slots=True)
class _Opening:
    """The words before a name that belong to it."""

    start: int
    kept: str = ""  # a preposition that another form must follow
    case: str = "nom"
    bare: bool = False  # a possessive stands before: no article
    definite: str = ""  # "the" in English stays
    capital: bool = False


def _opening(text: str, start: int, since: int, grammar: Mapping[str, Any], role: str, kind: str) -> _Opening:
    place, word = start, ""
    for _ in range(2):  # "la société anonyme X"
        at, word = _word_before(text, place, since)
        if not word or word not in grammar["generic"].get(role, ()):
            break
        place = at
    at, word = _word_before(text, place, since)
    case = grammar["articles"].get(word, "")
    article = ""
    if word in grammar["keep"]:
        return _Opening(place, bare=True, capital=False)
    if case:
        article, place = word, at
        at, word = _word_before(text, place, since)
    definite = article if article in grammar["definite"] else ""
    if word in grammar["prepositions"]:
        kept, case_after = grammar["prepositions"][word]
        kept = grammar["to_places"].get(kept, kept) if kind == "place" else kept
        return _Opening(at, kept, case_after or case or "nom", False, definite, text[at : at + 1].isupper())
    return _Opening(place, "", case or "nom", False, definite, place < start and text[place].isupper())


def _word_before(text: str, place: int, since: int) -> tuple[int, str]:
    low = max(since, place - _LOOK)
    found = _BEFORE.search(text[low:place])
    if not found:
        return place, ""
    return low + found.start(), (found[1] or found[2]).casefold().replace("’", "'")


def _phrase(grammar: Mapping[str, Any], gender: str, noun: str, number: int, again: bool, opening: _Opening) -> str:  # noqa: FBT001
    forms = grammar["forms"][gender]
    forms = forms if isinstance(forms, list) else forms.get(opening.case, forms["nom"])
    again = again or bool(opening.definite)
    if opening.bare:
        said = noun
    elif number < len(_COUNTED):
        said = forms[2 * number + again].format(noun)
    else:
        said = grammar["many"].format(noun, number + 1)
    return joined(opening.kept, said, grammar["contractions"], grammar["elided"])


def joined(kept: str, said: str, contractions: Mapping[str, str], elided: Sequence[str]) -> str:
    """As in "de" and "une entreprise" are "d'une entreprise"; "le" before a vowel is "l'"."""
    for word in elided:
        if said.startswith(f"{word} ") and said[len(word) + 1].casefold() in _VOWELS:
            said = f"{word[:-1]}'{said[len(word) + 1 :]}"
    if not kept:
        return said
    first, _, rest = said.partition(" ")
    contracted = contractions.get(f"{kept} {first}")
    if contracted is not None:
        return f"{contracted} {rest}"
    if kept.endswith("e") and said[:1].casefold() in _VOWELS and elided:
        return f"{kept[:-1]}'{said}"
    return f"{kept} {said}"


def opens_sentence(text: str, place: int, since: int) -> bool:
    """Whether a sentence begins here, be it only because a greeting went."""
    between = text[since:place].strip() if since else ""
    if between and _STOPS.issuperset(between):
        return True
    before = text[max(0, place - _LOOK) : place].rstrip(" \"'«“(¿¡\u00a0-*•")
    if not before.strip():
        return place <= _LOOK or "\n\n" in before
    if before.endswith("\n"):
        last = before.rstrip()[-1:]
        return last in ".!?:" or before.endswith("\n\n")
    return before[-1] in ".!?" and not _abbreviation(before) and place > since


def _abbreviation(before: str) -> bool:
    last = before.rsplit(maxsplit=1)[-1].lstrip('(["«“')
    return len(last) <= 4 and last[:1].isupper()  # noqa: PLR2004


@lru_cache(maxsize=32)
def nouns(language: str) -> frozenset[str]:
    """The words that stand for somebody or something in a language."""
    return frozenset(noun for _, noun in _grammar(known_language(language) or "en")["nouns"].values())


@lru_cache(maxsize=32)
def phrases(language: str) -> tuple[str, ...]:
    """All that we write for somebody, folded, without a number at its end, the longest first."""
    grammar = _grammar(known_language(language) or "en")
    said = {fold(noun) for _, noun in grammar["nouns"].values()}
    for gender, noun in grammar["nouns"].values():
        forms = grammar["forms"][gender]
        for six in forms.values() if isinstance(forms, dict) else [forms]:
            said.update(fold(form.format(noun)) for form in six)
        said.add(fold(grammar["many"].format(noun, "")))
    return tuple(sorted(said, key=lambda phrase: (-len(phrase), phrase)))


@lru_cache(maxsize=32)
def _grammar(tag: str) -> Mapping[str, Any]:
    table = read_data("roles")[tag]
    like = table.get("like")
    if like:
        base = _grammar(like)
        return {
            **base,
            **{
                key: ({**base[key], **value} if isinstance(value, dict) else value)
                for key, value in table.items()
                if key != "like"
            },
        }
    empty = {
        "articles": {},
        "keep": [],
        "definite": [],
        "prepositions": {},
        "contractions": {},
        "elided": [],
        "generic": {},
        "to_places": {},
        "many": "{} {}",
    }
    return {**empty, **table}
