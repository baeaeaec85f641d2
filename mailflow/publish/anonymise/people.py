"""People by what stands beside their names: titles, greetings, "my name is", a role, an office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.given import first_names
from mailflow.publish.anonymise.reading import HAN, KATAKANA, MARKS, Reading
from mailflow.publish.anonymise.roles import nouns
from mailflow.publish.anonymise.spans import Span
from mailflow.publish.anonymise.words import words_of

_GAPS = frozenset({"", "-", ' "', '" ', " “", "” ", " «", "» "})
_ABBREVIATED = 4  # letters of the longest abbreviation that ends with a full stop
_MOST = 5  # words of a name
_LATIN = frozenset({"en", "fr", "es", "de", "pt", "vi", ""})
_HAN_RUN = f"[{HAN}]"
_JA_RUN = f"[{HAN}{KATAKANA}]"
_LETTERS = rf"(?:[^\W\d_]|[{MARKS}])"


def titled(reading: Reading) -> Iterator[Span]:
    """A title and the words with capitals that follow; the title goes with the name."""
    titles = reading.words.set("people", "titles")
    number = 0
    tokens = reading.tokens
    while number < len(tokens):
        last = number
        while last < len(tokens) and _titles(reading, last, titles) and last - number < 3:  # noqa: PLR2004
            last += 1
        if last == number:
            number += 1
            continue
        near = last < len(tokens) and _near(reading.gap(last - 1, last).removeprefix("."))
        end = name_end(reading, last, after_title=True) if near else last
        if end > last:
            yield person(reading, number, last, end, 0.9)
        number = max(end, last)


def _titles(reading: Reading, number: int, titles: frozenset[str]) -> bool:
    token = reading.tokens[number]
    if token.folded not in titles or (len(token.folded) < 3 and not token.capital):  # noqa: PLR2004
        return False
    ended = token.word.endswith(".") and len(token.folded) > _ABBREVIATED
    return not ended and (len(token.folded) > 1 or token.word.endswith("."))


def person(reading: Reading, first: int, name: int, end: int, confidence: float) -> Span:
    """From token `first`, the name itself from `name`, up to before `end`."""
    tokens = reading.tokens
    stop = tokens[end - 1].end
    if tokens[end - 1].word.endswith(".") and len(tokens[end - 1].word) > 2:  # noqa: PLR2004
        stop -= 1
    return Span(tokens[first].start, stop, "person", confidence, thing=tokens[_last_name(reading, name, end)].folded)


def _last_name(reading: Reading, name: int, end: int) -> int:
    return next((n for n in range(end - 1, name - 1, -1) if len(reading.tokens[n].folded) > 1), end - 1)


def name_end(reading: Reading, number: int, *, after_title: bool = False) -> int:
    """After how many tokens a name ends that begins with this one; the same number where none begins."""
    particles = reading.words.set("people", "particles")
    end = at = number
    while at < len(reading.tokens) and at - number < (2 if reading.shouting else _MOST):
        token = reading.tokens[at]
        if at > number and not _near(reading.gap(at - 1, at)):
            break
        if _name_like(reading, at) or (
            after_title and at == number and token.capital and token.folded in first_names()
        ):
            end = at + 1
        elif at == number or token.folded not in particles:
            break
        at += 1
        if token.word.endswith(".") and len(token.folded) > 2:  # noqa: PLR2004
            break
    return end


def _name_like(reading: Reading, number: int) -> bool:
    token = reading.tokens[number]
    return token.capital and token.word[0].isalpha() and token.folded not in reading.words.set("common", "small")


def _near(gap: str) -> bool:
    return gap in _GAPS or (gap.isspace() and "\n" not in gap)


def introduced(reading: Reading) -> Iterator[Span]:
    """As in "My name is ...", "our supervisor, Peter Roe"; in "our supervisor Peter Roe" the office says enough."""
    for pattern, least, confidence in _introductions(reading.words.language):
        for cue in pattern.finditer(reading.text):
            first = reading.before(cue.end())
            if first == len(reading.tokens) or reading.tokens[first].start - cue.end() > 2:  # noqa: PLR2004
                continue
            end = name_end(reading, first)
            listed = least or any(token.folded in first_names() for token in reading.tokens[first:end])
            if end - first >= max(least, 1) and listed and not _stays(reading, first, end):
                span = person(reading, first, first, end, confidence)
                apposed = least > 1 and cue[0].endswith(" ") and cue[0][-2].isalpha()
                yield replace(span, start=cue.end() - 1, shown="") if apposed else span


def _stays(reading: Reading, first: int, end: int) -> bool:
    text = fold(reading.text[reading.tokens[first].start : reading.tokens[end - 1].end])
    return text in reading.words.set("stays", "names")


@lru_cache(maxsize=32)
def _introductions(language: str) -> tuple[tuple[re.Pattern[str], int, float], ...]:
    words = words_of(language)
    naming = words.listed("people", "naming")
    said, roles = words.listed("people", "introductions"), words.listed("people", "roles")
    found = []
    if said:
        found.append((re.compile(rf"(?<!\w)(?:{_choice(said)})[ :：]{{1,2}}", re.IGNORECASE), 1, 0.85))
    if naming:
        found.append((re.compile(rf"(?<!\w)(?:{_choice(naming)})[ :：]{{1,2}}", re.IGNORECASE), 0, 0.85))
    if roles:
        found.append((re.compile(rf"(?<!\w)(?:{_choice(roles)})(?:,| named| called)?[ ]", re.IGNORECASE), 2, 0.75))
    return tuple(found)


def _choice(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# ---------------------------------------------------------------- scripts without capitals


def unspaced(reading: Reading) -> Iterator[Span]:
    """Chinese, Japanese, Thai, Burmese, Urdu, Nepali: a title, and the letters beside it."""
    language = reading.words.language
    for pattern in (*_patterns(language), *_more(language)):
        for found in pattern.finditer(reading.text):
            name = _trimmed(found["name"], language)
            start = found.start("name") if pattern.groupindex.get("after") else found.start()
            end = found.end() if pattern.groupindex.get("after") else found.start("name") + len(name)
            if name.split(" ")[0] in reading.words.listed("people", "stops") or _is_role(name, reading.language):
                continue
            if len(name) > 1 or pattern in _more(language) or (pattern.groupindex.get("after") and name):
                yield Span(start, end, "person", 0.75, thing=fold(name))


@lru_cache(maxsize=32)
def _more(language: str) -> tuple[re.Pattern[str], ...]:
    shapes = words_of(language).listed("people", "shapes")
    return tuple(re.compile(shape.replace("<letters>", _LETTERS).replace("<han>", _HAN_RUN)) for shape in shapes)


@lru_cache(maxsize=32)
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    words = words_of(language)
    before, after = words.tables.get("people", {}).get("before", ()), words.tables.get("people", {}).get("after", ())
    stops = words.listed("people", "stops")
    whole = rf"(?!{_LETTERS})" if language in {"ur", "ne"} else ""  # where words are set apart
    not_stop = rf"(?!(?:{_choice(stops)}){whole})" if stops else ""
    if language in {"zh", "zh-Hant"}:
        surname = f"(?:{_choice(words.listed('people', 'surnames'))})"
        name = rf"(?P<name>{surname}{not_stop}{_HAN_RUN}{{0,2}}?)"
        return (
            re.compile(rf"{name}(?P<after>{_choice(tuple(after))})"),
            re.compile(rf"(?:{_choice(tuple(before))})[：:是 ]?(?P<name>{surname}{not_stop}{_HAN_RUN}{{1,2}})"),
        )
    if language == "ja":
        name = rf"(?<!{_JA_RUN}){not_stop}(?P<name>{_JA_RUN}{{1,8}}?(?:[ 　]{_JA_RUN}{{1,4}}?)?)"
        spoken = (
            rf"(?:{_choice(tuple(before))})[：: 　]?{not_stop}(?P<name>{_HAN_RUN}{{2,4}}(?:[ 　]{_HAN_RUN}{{1,3}})?)"
        )
        return (re.compile(rf"{name}(?P<after>{_choice(tuple(after))})"), re.compile(spoken))
    if not before:
        return ()
    return (_spaced(language, tuple(before), not_stop),)


def _spaced(language: str, before: tuple[str, ...], not_stop: str) -> re.Pattern[str]:
    """A title, then a word or up to three, none of them one that no name begins with."""
    edge = rf"(?<!{_LETTERS})" if language in {"my", "ur", "ne"} else ""
    more = {"th": 1, "my": 0, "ur": 2, "ne": 2}.get(language, 0)
    gap = "[ ]?" if language in {"th", "my"} else "[ ]"
    word = rf"{not_stop}{_LETTERS}{{1,24}}+"
    return re.compile(rf"{edge}(?:{_choice(before)}){gap}(?P<name>{word}(?:[ ]{word}){{0,{more}}})")


def _is_role(name: str, language: str) -> bool:
    """Whether this is what we write ourselves in a name's place."""
    return any(name.startswith(word) for word in nouns(language))


def _trimmed(name: str, language: str) -> str:
    """Up to the first ending or particle that no longer belongs to it."""
    words = words_of(language)
    cuts = [at for stop in words.listed("people", "cuts") if (at := name.find(stop, 2)) > 0]
    name = name[: min(cuts)] if cuts else name
    if words.listed("people", "endings"):
        name = _to_first_ending(name, words.listed("people", "endings"))
    return name.rstrip()


def _to_first_ending(name: str, endings: tuple[str, ...]) -> str:
    """A name ends with the first of its words that has an ending."""
    place = 0
    for word in name.split(" "):
        for ending in sorted(endings, key=len, reverse=True):
            if word.endswith(ending) and len(word) > len(ending) + 1:
                return name[: place + len(word) - len(ending)]
        place += len(word) + 1
    return name
