"""Whether a mail is nothing but thanks, or asks only for news of its ticket, by the words of rules/signs/ (courtesy).

To take a follow-up for thanks would lose it, so words alone don't suffice: every sentence must say one of these things,
or be a greeting, a closing or a name. Whatever else stands in a mail makes it a follow-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailflow.core.model import Sign, SignKind
from mailflow.mail.lexicon import Entry, Heard, Place

ENOUGH = 2.0  # the score from which on it is one
LONGEST = 700  # letters of a mail that may be one
BRIEF = 30  # of one whose language may be unknown
GREETING = 40  # letters at most of a first line that needs to say nothing,
NAME = 30  # and of any other line
NEWS_QUESTIONS = 2  # question marks, at most, of who asks for news
KINDS = ("news", "thanks")
_SENTENCE = re.compile(r"[^.!?\n。！？؟။၊।۔…]+")
_QUESTION = re.compile(r"[?？؟]")
_DIGIT = re.compile(r"\d")


def courtesies(heard: Iterable[Heard]) -> tuple[Sign, ...]:
    """At most one sign: thanks or news."""
    found = (sign for one in heard if one.worth == 1.0 or _brief(one) for sign in _of(one))
    return tuple(found)[:1]


def _brief(heard: Heard) -> bool:
    """Too short to tell its language: “Any news?”"""
    return len(heard.text[heard.own : heard.given].strip()) <= BRIEF


def _of(heard: Heard) -> Iterable[Sign]:
    text = heard.text[heard.own : max(heard.own, heard.given - 1)]
    if not text.strip() or len(text) > LONGEST or heard.given < heard.signature - 1 or _DIGIT.search(text):
        return
    said = {kind: _entries(heard, f"courtesy.{kind}") for kind in KINDS}
    closings = [place for _, place in _entries(heard, "cue.closing")]
    for kind in KINDS:
        score = sum(entry.weight for entry, _ in said[kind])
        spoken = [
            place
            for each in (KINDS if kind == "news" else ("thanks",))
            for entry, place in said[each]
            if entry.weight > 0
        ]
        if score >= ENOUGH and _nothing_else(heard, text, spoken, closings) and _asks_little(kind, text):
            words = tuple(dict.fromkeys(entry.spelled for entry, _ in said[kind] if entry.weight > 0))
            yield Sign(SignKind.COURTESY, kind, round(score, 2), words)
            return


def _entries(heard: Heard, key: str) -> list[tuple[Entry, Place]]:
    """What stands in the author's own words; each entry once, its veto included."""
    own = (
        (entry, [p for p in places if heard.own <= p.start < heard.given])
        for entry, places in heard.entries.items()
        if entry.key == key
    )
    return [(entry, places[0]) for entry, places in own if places]


def _nothing_else(heard: Heard, text: str, spoken: list[Place], closings: list[Place]) -> bool:
    """Every sentence holds one of the words; but for greeting, closing, and what stands below the closing."""
    end = min((place.start for place in closings), default=heard.own + len(text))
    for number, sentence in enumerate(_SENTENCE.finditer(text)):
        words = sentence[0].strip()
        start, stop = heard.own + sentence.start(), heard.own + sentence.end()
        if not words or start >= end or len(words) <= (NAME if number else GREETING):
            continue
        if not any(place.start < stop and start < place.end for place in (*spoken, *closings)):
            return False
    return True


def _asks_little(kind: str, text: str) -> bool:
    return len(_QUESTION.findall(text)) <= (NEWS_QUESTIONS if kind == "news" else 0)
