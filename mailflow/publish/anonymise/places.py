"""Places below country level: towns and regions by gazetteer and by what stands beside them, streets, post codes.

Countries and larger regions stay: what law applies depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.gazetteer import accented_places, countries, places, unspaced_places
from mailflow.publish.anonymise.reading import HAN, MARKS, Reading
from mailflow.publish.anonymise.spans import Span
from mailflow.publish.anonymise.words import words_of

_MOST = 4  # words of a name
_LETTER = rf"(?:[^\W\d_]|[{MARKS}])"


def towns(reading: Reading) -> Iterator[Span]:
    """Words with capitals that the gazetteer knows, where a word before or after them speaks for a place."""
    known, number = places(), 0
    while number < len(reading.tokens):
        length, role = _longest(reading, number, known)
        if not length:
            number += 1
            continue
        sure = _sureness(reading, number, length)
        if sure:
            start, end = reading.tokens[number].start, reading.tokens[number + length - 1].end
            end -= reading.text[start:end].endswith(".")
            yield Span(start, end, "place", sure, role, fold(reading.text[start:end]))
        number += length


def _longest(reading: Reading, number: int, known: object) -> tuple[int, str]:
    token = reading.tokens[number]
    has_case = token.word[0].lower() != token.word[0].upper()
    if has_case and not token.capital:
        return 0, ""
    for length in range(min(_MOST, len(reading.tokens) - number), 0, -1):
        last = reading.tokens[number + length - 1]
        text = fold(reading.text[token.start : last.end]).removesuffix(".")
        if text in countries():
            return (0, "") if length == 1 else (length, "country")
        role = known.get(text)  # type: ignore[attr-defined]
        if role and _spelled_so(reading.text[token.start : last.end]):
            return length, role
        if not has_case and length == 1:
            return _without_ending(reading, text, known)
    return 0, ""


def _spelled_so(text: str) -> bool:
    """One that has accents must have them in the gazetteer, too."""
    return text.isascii() or text.removesuffix(".").casefold().replace("’", "'") in accented_places()


def _without_ending(reading: Reading, text: str, known: object) -> tuple[int, str]:
    """Nepali sets endings to the name itself."""
    for ending in reading.words.listed("people", "endings"):
        role = known.get(text.removesuffix(fold(ending)))  # type: ignore[attr-defined]
        if role and text.endswith(fold(ending)):
            return 1, role
    return 0, ""


def _sureness(reading: Reading, number: int, length: int) -> float:
    """0 where it is more likely a word or somebody's name."""
    if (
        length
        and fold(reading.text[reading.tokens[number].start : reading.tokens[number + length - 1].end]) in countries()
    ):
        return 0
    name = reading.tokens[number]
    common = length == 1 and name.folded in reading.words.set("places", "ambiguous")
    led = number > 0 and _leads(reading, number)
    followed = _followed_by_country(reading, number + length)
    if followed:
        return 0.9
    if reading.shouting and not (led and len(name.folded) > 4):  # noqa: PLR2004
        return 0
    if common:
        return 0.5 if led and not reading.opens_sentence(number) else 0
    if led:
        return 0.85
    if _beside_capital(reading, number, length):
        return 0
    return 0 if reading.opens_sentence(number) and len(name.folded) < 5 else 0.6  # noqa: PLR2004


def _leads(reading: Reading, number: int) -> bool:
    gap = reading.gap(number - 1, number)
    before = reading.tokens[number - 1].folded
    return gap.strip(" \u00a0\n'’") == "" and before in reading.words.set("places", "before")


def _followed_by_country(reading: Reading, number: int) -> bool:
    """As in "Lyon, France", "Lyon (France)"."""
    if number >= len(reading.tokens) or reading.gap(number - 1, number) not in {", ", " (", ","}:
        return False
    two = reading.tokens[number : number + 2]
    return any(fold(reading.text[two[0].start : last.end]) in countries() for last in two)


def _beside_capital(reading: Reading, number: int, length: int) -> bool:
    """Part of a longer name, which is no town's: "Paris Hilton", "Camden Council"."""
    small = reading.words.set("common", "small")
    if reading.words.language == "de":  # where every noun has a capital
        return False
    after = number + length
    if after < len(reading.tokens) and reading.gap(after - 1, after) == " " and reading.tokens[after].capital:
        return reading.tokens[after].folded not in small
    if number and reading.gap(number - 1, number) == " " and reading.tokens[number - 1].capital:
        return reading.tokens[number - 1].folded not in small
    return False


def unspaced(reading: Reading) -> Iterator[Span]:
    """Chinese, Japanese, Thai, Burmese: the gazetteer's names wherever they stand; and "...市", "จังหวัด..."."""
    if reading.words.language not in {"ja", "zh", "zh-Hant", "th", "my"}:
        return
    names, automaton = _automaton()
    for number, start, end in automaton.find_matches_as_indexes(reading.folded.text):
        first, last = reading.folded.place(start, end)
        name = names[number]
        if unspaced_places().get(name) and not _ambiguous(reading, name):
            yield Span(first, last, "place", 0.7, unspaced_places()[name], name)
    for pattern, role in _shapes(reading.words.language):
        for found in pattern.finditer(reading.text):
            yield Span(found.start(), found.end(), "place", 0.75, role, fold(found[0]))


def _ambiguous(reading: Reading, name: str) -> bool:
    return name in reading.words.set("places", "ambiguous")


@lru_cache(maxsize=1)
def _automaton() -> tuple[list[str], AhoCorasick]:
    """Countries among them, so that the town within a country's name isn't found."""
    names = [*unspaced_places(), *(name for name in countries() if len(name) > 1 and not name.isascii())]
    return names, AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)


@lru_cache(maxsize=32)
def _shapes(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    table = words_of(language).tables.get("places", {})
    stops = "|".join(re.escape(stop) for stop in table.get("stops", ())) or "(?!)"
    return tuple(
        (
            re.compile(
                shape["shape"]
                .replace("<han>", f"[{HAN}]")
                .replace("<letters>", _LETTER)
                .replace("<stop>", f"(?:{stops})")
            ),
            shape["role"],
        )
        for shape in table.get("shapes", ())
    )


def by_cue(reading: Reading) -> Iterator[Span]:
    """As in "The town of Kirkby", "Sindh Province": places that no gazetteer needs to know."""
    for cue, role in reading.words.spelled("places", "kinds").items():
        yield from _after_cue(reading, cue, str(role))
    after = reading.words.table("places", "kinds_after")
    for number, token in enumerate(reading.tokens):
        role = after.get(token.folded)
        if role and token.capital and number:
            first = _capitals_before(reading, number)
            if first < number:
                start = reading.tokens[first].start
                yield Span(
                    start,
                    token.end,
                    "place",
                    0.75,
                    str(role),
                    fold(reading.text[start : reading.tokens[number - 1].end]),
                )


def _after_cue(reading: Reading, cue: str, role: str) -> Iterator[Span]:
    for found in _cue(cue).finditer(reading.text):
        first = reading.before(found.end())
        end = _capitals_after(reading, first)
        if end > first and reading.tokens[first].start - found.end() < 2:  # noqa: PLR2004
            start, stop = reading.tokens[first].start, reading.tokens[end - 1].end
            stop -= reading.text[start:stop].endswith(".")
            if fold(reading.text[start:stop]) not in countries():
                yield Span(found.start(), stop, "place", 0.85, role, fold(reading.text[start:stop]))


@lru_cache(maxsize=512)
def _cue(cue: str) -> re.Pattern[str]:
    glued = "" if cue.endswith("'") else " "
    return re.compile(rf"(?<!\w){re.escape(cue)}{glued}".replace("'", "['’]"), re.IGNORECASE)


def _capitals_after(reading: Reading, number: int) -> int:
    end = at = number
    while at < len(reading.tokens) and at - number < _MOST:
        token = reading.tokens[at]
        if at > number and reading.gap(at - 1, at) not in {" ", "-"}:
            break
        if token.capital and token.folded not in reading.words.set("common", "small"):
            end = at + 1
        elif token.folded not in reading.words.set("people", "particles") or at == number:
            break
        at += 1
    return end


def _capitals_before(reading: Reading, number: int) -> int:
    first = number
    small = reading.words.set("common", "small")
    while first and number - first < _MOST - 1:
        token = reading.tokens[first - 1]
        if (
            reading.gap(first - 1, first) != " "
            or not token.capital
            or token.folded in small
            or token.word.endswith(".")
        ):
            break
        first -= 1
    return first


def streets(reading: Reading) -> Iterator[Span]:
    """Postal addresses, as the language writes them."""
    for pattern in _streets(reading.words.language, shouting=reading.shouting):
        for found in pattern.finditer(reading.text):
            yield Span(found.start(), found.start() + len(found[0].rstrip(" ,.")), "street", 0.9, thing=fold(found[0]))


@lru_cache(maxsize=32)
def _streets(language: str, *, shouting: bool) -> tuple[re.Pattern[str], ...]:
    words = words_of(language)
    capital = r"[^\W\d_][\w'’.\-]{0,24}+" if shouting else r"[^\W\d_a-zà-öø-ÿ][\w'’.\-]{0,24}+"
    parts = {
        "caps": rf"(?:{capital}[ ]){{1,4}}?",
        "after": rf"(?:{capital}(?:[ ](?:(?:de|la|du|des|del|los|las|do|da|dos|le)[ ]){{0,2}}{capital}){{0,4}})",
        "caps2": rf"{capital}(?:[ ]{capital}){{0,2}}?(?=[\n.;)]|,| [A-Z]{{1,2}}\d| \d|$)",
        "no": r"\d{1,5}(?:[ ]?[a-dA-D](?!\w)|[ ](?:bis|ter)(?!\w))?(?:[\-/]\d{1,5})?",
        "han": f"[{HAN}\u3040-\u30ff]",
        "letters": _LETTER,
    }
    found = []
    for shape in words.listed("places", "streets"):
        for name, pattern in parts.items():
            shape = shape.replace(f"<{name}>", pattern)  # noqa: PLW2901
        found.append(re.compile(shape, re.IGNORECASE if shouting else 0))
    return tuple(found)
