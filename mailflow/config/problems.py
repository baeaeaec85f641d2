"""What is wrong with an installation's files, said so that an operator can mend it at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import TypeVar

Value = TypeVar("Value")


class ConfigError(Exception):
    """Everything that is wrong, all at once: each problem is one line, "file: key: sentence"."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Problems:
    """Collects sentences in the order in which they were found, each once."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    def add(self, file: str, key: str, sentence: str) -> None:
        line = ": ".join(part for part in (file, key, sentence) if part)
        self._said["".join(letter if letter.isprintable() else "\ufffd" for letter in line)] = None

    def add_found(self, file: str, found: Iterable[tuple[str, str]]) -> None:
        """Add (key, sentence) of a check that compares entries, but none about an entry with a mistake told already:
        it may be no more than a consequence of that.
        """
        spoilt = tuple(self._said)
        for key, sentence in found:
            entry = key.partition(": ")[0] if ": " in key else key.partition(".")[0]
            if not any(said.startswith(f"{file}: {entry}") for said in spoilt):
                self.add(file, key, sentence)

    def concern(self, file: str) -> bool:
        return any(said.startswith(f"{file}: ") for said in self._said)

    def sentences(self) -> tuple[str, ...]:
        return tuple(self._said)

    def settled(self, value: Value | None) -> Value:
        """The value that was read, when nothing at all was wrong; a value is missing only when something was."""
        if self._said or value is None:
            raise ConfigError(self._said)
        return value


def suggestion(wrong: str, right: Collection[str]) -> str:
    """' (did you mean "ann"?)', or nothing when no right word is close."""
    close = get_close_matches(wrong, sorted(right), n=1, cutoff=0.6)
    if not close and wrong.casefold() in (lower := {word.casefold(): word for word in right}):
        close = [lower[wrong.casefold()]]
    return f' (did you mean "{close[0]}"?)' if close else ""


def unknown(what: str, wrong: str, right: Collection[str], where: str = "") -> str:
    """'no person "an" in people.toml (did you mean "ann"?)'."""
    place = f" in {where}" if where else ""
    return f'no {what} "{wrong}"{place}{suggestion(wrong, right)}'


def listing(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
