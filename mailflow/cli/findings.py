"""What `check` finds: right, wrong, or to be thought about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    fine: bool | None  # None: nothing is wrong, but somebody should know
    what: str
    sentence: str


def good(what: str, sentence: str) -> Finding:
    return Finding(True, what, sentence)


def wrong(what: str, sentence: str) -> Finding:
    return Finding(False, what, sentence)


def doubt(what: str, sentence: str) -> Finding:
    return Finding(None, what, sentence)
