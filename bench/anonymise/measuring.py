"""What was found of what is marked, and what was found besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.anonymise.texts import Mark, Text
from mailflow.core.publication import Replaced
from mailflow.publish.anonymise import NameModel, anonymise, leaks
from mailflow.publish.anonymise.proposing import found
from mailflow.publish.anonymise.reading import Reading
from mailflow.publish.anonymise.words import words_of

Place = tuple[int, int]


@dataclass
class Score:
    """Counts, added up over texts."""

    direct: list[int] = field(default_factory=lambda: [0, 0])  # found, marked
    indirect: list[int] = field(default_factory=lambda: [0, 0])
    right: list[int] = field(default_factory=lambda: [0, 0])  # replacements that hit a mark, replacements
    whole: list[int] = field(default_factory=lambda: [0, 0])  # texts with every direct one found, texts
    clean: list[int] = field(default_factory=lambda: [0, 0])  # texts in which the leak check finds nothing, texts

    def add(self, text: Text, covered: Sequence[bool], replaced: Iterable[Replaced]) -> None:
        for mark in text.marks:
            count = self.direct if mark.direct else self.indirect
            count[0] += is_found(text.text, mark, covered)
            count[1] += 1
        wanted = covering(len(text.text), ((mark.start, mark.end) for mark in text.marks))
        for each in replaced:
            if each.kind != "courtesy":
                self.right[0] += any(wanted[each.start : each.end])
                self.right[1] += 1
        self.whole[0] += all(is_found(text.text, mark, covered) for mark in text.marks if mark.direct)
        self.whole[1] += 1


@dataclass
class Share:
    """One detector's part."""

    found: int = 0
    right: int = 0
    covers: int = 0  # marks that it finds alone
    only: int = 0  # and nobody else does


@dataclass
class Result:
    scores: dict[str, Score] = field(default_factory=dict)  # by language
    missed: list[str] = field(default_factory=list)
    besides: list[str] = field(default_factory=list)
    shares: dict[str, Share] = field(default_factory=dict)  # by detector
    marks: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)  # found, marked, by kind of mark


def measured(texts: Iterable[Text], names: NameModel | None = None) -> Result:
    result = Result()
    for text in texts:
        _measure(text, names, result)
    return result


def _measure(text: Text, names: NameModel | None, result: Result) -> None:
    proposal = anonymise(text.text, text.language, text.known, names=names)
    covered = covering(len(text.text), ((each.start, each.end) for each in proposal.replaced))
    score = result.scores.setdefault(text.language, Score())
    score.add(text, covered, proposal.replaced)
    score.clean[0] += not leaks({"question": proposal.text}, text.language, text.known)
    score.clean[1] += 1
    result.missed += (_named(text, mark) for mark in text.marks if not is_found(text.text, mark, covered))
    result.besides += _besides(text, proposal.replaced)
    for mark in text.marks:
        count = result.kinds.setdefault(f"{mark.kind} ({'direct' if mark.direct else 'indirect'})", [0, 0])
        count[0] += is_found(text.text, mark, covered)
        count[1] += 1
    _add_shares(text, names, result)


def _named(text: Text, mark: Mark) -> str:
    return f"{text.id}: {mark.kind}{'' if mark.direct else ', indirect'}: {text.text[mark.start : mark.end]}"


def _besides(text: Text, replaced: Iterable[Replaced]) -> Iterator[str]:
    wanted = covering(len(text.text), ((mark.start, mark.end) for mark in text.marks))
    for each in replaced:
        if each.kind != "courtesy" and not any(wanted[each.start : each.end]):
            yield f"{text.id}: {each.by}: {text.text[each.start : each.end]}"


def _add_shares(text: Text, names: NameModel | None, result: Result) -> None:
    by: dict[str, list[Place]] = {}
    for span in found(Reading(text.text, text.language, words_of(text.language), text.known), names):
        by.setdefault(span.by, []).append((span.start, span.end))
    covers = {name: covering(len(text.text), places) for name, places in by.items()}
    wanted = covering(len(text.text), ((mark.start, mark.end) for mark in text.marks))
    for name, places in by.items():
        share = result.shares.setdefault(name, Share())
        share.found += len(set(places))
        share.right += sum(any(wanted[start:end]) for start, end in set(places))
    for mark in text.marks:
        result.marks += 1
        finders = [name for name, covered in covers.items() if is_found(text.text, mark, covered)]
        for name in finders:
            result.shares[name].covers += 1
            result.shares[name].only += len(finders) == 1


def covering(length: int, places: Iterable[Place]) -> list[bool]:
    covered = [False] * length
    for start, end in places:
        covered[start:end] = [True] * (end - start)
    return covered


def is_found(text: str, mark: Mark, covered: Sequence[bool]) -> bool:
    """Only as a whole: a name of which a part is left over is a name that is left over."""
    return all(covered[at] for at in range(mark.start, mark.end) if text[at].isalnum())
