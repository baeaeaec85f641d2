"""The site's own words: words/<language>.toml beside the page templates."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mailflow.publish.site.language import nearest
from mailflow.publish.site.nouns import SiteError

_BLANK = re.compile(r"\{([a-z_]+)\}")
_STANDARD = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words, by key."""

    language: str  # whose words these are
    said: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The words for a key, its {blanks} filled in."""
        return _BLANK.sub(lambda blank: str(values[blank[1]]), self.said[key])


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of every language that has a file."""

    languages: Mapping[str, Words]

    def of(self, language: str) -> Words:
        """The words of a language, or of the nearest one: English, where nothing is nearer."""
        return self.languages[nearest(language, self.languages)]


def read(folder: Path) -> Glossary:
    """Every words/<language>.toml. SiteError when one is missing, unreadable, or differs in its keys or blanks."""
    files = sorted((folder / "words").glob("*.toml"))
    glossary = {path.stem: Words(path.stem, _strings(path)) for path in files}
    if _STANDARD not in glossary:
        raise SiteError(
            f"{folder / 'words'} has no {_STANDARD}.toml: copy the site's templates from a fresh installation"
        )
    for path in files:
        _compare(path, glossary[path.stem].said, glossary[_STANDARD].said)
    return Glossary(glossary)


def _strings(path: Path) -> Mapping[str, str]:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SiteError(f"{path}: {wrong}") from None
    for key, words in said.items():
        if not isinstance(words, str):
            raise SiteError(f"{path}: {key} is no string")
    return said


def _compare(path: Path, said: Mapping[str, str], standard: Mapping[str, str]) -> None:
    for key in sorted(said.keys() ^ standard.keys()):
        raise SiteError(f"{path}: {key} {'is missing' if key in standard else f'is not in {_STANDARD}.toml'}")
    for key, words in said.items():
        if set(_BLANK.findall(words)) != set(_BLANK.findall(standard[key])):
            raise SiteError(f"{path}: {key} has other {{blanks}} than in {_STANDARD}.toml")
