"""Words with a capital where none is due: the net below all other detectors, where languages write names so.

What it guesses is unsure and says so; but a name that is replaced for nothing does less harm than one that stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.gazetteer import countries, is_demonym
from mailflow.publish.anonymise.given import first_names
from mailflow.publish.anonymise.reading import Reading, Token
from mailflow.publish.anonymise.spans import Span

_MOST = 6  # words of a name
_SHORT = 4  # letters of an abbreviation, which names a thing more often than somebody
_GAPS = frozenset({" ", "-", "\u00a0", ' "', '" ', " “", "” ", " «", "» ", ""})
_EVERY_NOUN = frozenset({"de"})


def capitals(reading: Reading) -> Iterator[Span]:
    if reading.shouting:
        yield from _shouted(reading)
        return
    number = 0
    while number < len(reading.tokens):
        end = _run(reading, number)
        first, last = trimmed(reading, number, end)
        if first < last and speaks(reading, first, last):
            yield _guess(reading, first, last)
        number = max(end, number + 1)


def worth(reading: Reading, start: int, end: int) -> bool:
    """Whether what is left over of a name could still name somebody."""
    first, last = trimmed(reading, *_whole(reading, start, end))
    tokens = reading.tokens[first:last]
    return any(
        token.word[0].isdecimal() or token.word[0].lower() == token.word[0].upper() or token.capital for token in tokens
    )


def _whole(reading: Reading, start: int, end: int) -> tuple[int, int]:
    return reading.before(start), reading.before(end)


def _run(reading: Reading, number: int) -> int:
    """After how many tokens a run of words with capitals ends that begins here."""
    end = at = number
    while at < len(reading.tokens) and at - number < _MOST:
        token = reading.tokens[at]
        if at > number and (reading.gap(at - 1, at) not in _GAPS or _full_stop(reading.tokens[at - 1])):
            break
        if _capital(token):
            end = at + 1
        elif at == number or not _joins(reading, token):
            break
        at += 1
    return end


def _capital(token: Token) -> bool:
    return (
        token.capital
        and token.word[0].isalpha()
        and ("A" <= token.word[0] <= "Z" or "\u00c0" <= token.word[0] <= "\u1ef9")
    )


def _joins(reading: Reading, token: Token) -> bool:
    if reading.words.language in _EVERY_NOUN:
        return token.word == "&" or token.folded in {"von", "van", "zu"}
    return token.word == "&" or token.folded in reading.words.set("people", "particles")


def _full_stop(token: Token) -> bool:
    return token.word.endswith(".") and len(token.folded) > 2  # noqa: PLR2004


def trimmed(reading: Reading, first: int, end: int) -> tuple[int, int]:
    """Without the words at either edge that are no names: "HR Manager", "Dear", a nationality."""
    while first < end and _plain(reading, reading.tokens[first]) and not _first_name(reading, first, end):
        first += 1
    while first < end and _plain(reading, reading.tokens[end - 1]) and not _after_and(reading, first, end):
        end -= 1
    return first, end


def _after_and(reading: Reading, first: int, end: int) -> bool:
    """As in "Lumière & Son"."""
    return end - first > 2 and reading.tokens[end - 2].word == "&" and reading.tokens[end - 1].word != "&"  # noqa: PLR2004


def _first_name(reading: Reading, first: int, end: int) -> bool:
    """As in "Will Stone", "Domingo Herrero": a common word, and somebody's first name."""
    if first + 1 >= end or reading.opens_sentence(first):
        return False
    return reading.tokens[first].folded in first_names() and not _plain(reading, reading.tokens[first + 1])


def _plain(reading: Reading, token: Token) -> bool:
    words, word = reading.words, token.folded.removesuffix("'s")
    listed = word in words.set("common", "small") or word in words.set("common", "plain")
    stays = word in words.set("stays", "organisations") or word in countries() or is_demonym(word)
    return (
        listed
        or stays
        or word in words.set("dates", "weekdays")
        or word in words.table("dates", "months")
        or token.word == "&"
    )


def speaks(reading: Reading, first: int, end: int) -> bool:
    """Whether its capitals say that this is a name."""
    tokens = reading.tokens[first:end]
    whole = fold(reading.text[tokens[0].start : tokens[-1].end]).strip(".")
    laws = reading.words.set("common", "laws")
    beside = [*tokens, *_neighbours(reading, first, end)]
    if (
        whole in reading.words.set("stays", "organisations")
        or whole in countries()
        or any(t.folded in laws for t in beside)
    ):
        return False
    if len(tokens) == 1:
        return _alone(reading, first)
    if reading.words.language in _EVERY_NOUN:
        return any(token.folded in first_names() for token in tokens)
    return True


def _neighbours(reading: Reading, first: int, end: int) -> Iterator[Token]:
    """The words right before and after."""
    if first and reading.gap(first - 1, first) == " ":
        yield reading.tokens[first - 1]
    if end < len(reading.tokens) and reading.gap(end - 1, end) == " ":
        yield reading.tokens[end]


def _alone(reading: Reading, number: int) -> bool:
    token = reading.tokens[number]
    if len(token.folded) < 2 or (token.word.isupper() and len(token.word) <= _SHORT):  # noqa: PLR2004
        return len(token.folded) == 1 and _initial(reading, number)
    if reading.words.language in _EVERY_NOUN:
        return token.folded in first_names() and not reading.opens_sentence(number) and len(token.folded) > 3  # noqa: PLR2004
    if not reading.opens_sentence(number):
        return True
    return reading.words.language not in _SPELLED and token.word.isascii()


_SPELLED = frozenset({"en", "fr", "es", "de", "pt", "vi", ""})  # in other languages any Latin word is foreign


def _initial(reading: Reading, number: int) -> bool:
    """As in "L. told us": a letter for a name."""
    token = reading.tokens[number]
    after = reading.text[token.end : token.end + 2]
    return token.word.endswith(".") and (
        after[:1] in {",", "'", "’", "—", "–"} or after[1:].islower() or after[1:] in {"-", "—", "–"}
    )


def _guess(reading: Reading, first: int, end: int) -> Span:
    tokens = reading.tokens[first:end]
    start, stop = tokens[0].start, tokens[-1].end
    stop -= tokens[-1].word.endswith(".") and len(tokens[-1].folded) > 1
    text = reading.text[start:stop]
    for tail in ("'s", "’s"):
        stop -= len(tail) if text.endswith(tail) else 0
    before = reading.tokens[first - 1].folded if first and not reading.gap(first - 1, first).strip() else ""
    if any(token.folded in first_names() for token in tokens) or len(tokens[0].folded) == 1:
        return Span(start, stop, "person", 0.7 if len(tokens) > 1 else 0.6, thing=tokens[-1].folded)
    if before in reading.words.set("places", "before_guess"):
        return Span(start, stop, "place", 0.5, thing=fold(reading.text[start:stop]))
    return Span(start, stop, "organisation", 0.5, thing=fold(reading.text[start:stop]))


def _shouted(reading: Reading) -> Iterator[Span]:
    """In a text all in capitals only names from the list speak, two words at least."""
    number = 0
    while number < len(reading.tokens) - 1:
        first, second = reading.tokens[number], reading.tokens[number + 1]
        known = first.folded in first_names() and len(first.folded) > 3  # noqa: PLR2004
        both = known and reading.gap(number, number + 1) == " " and not _full_stop(first)
        if both and not _plain(reading, second) and not _plain(reading, first) and second.word[0].isalpha():
            yield Span(first.start, second.end, "person", 0.6, thing=second.folded)
            number += 1
        number += 1
