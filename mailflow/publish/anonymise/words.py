"""The words of each language that detectors and replacements need: data/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from mailflow.publish.anonymise.folding import fold

LANGUAGES = ("en", "fr", "es", "de", "pt", "ja", "zh", "zh-Hant", "vi", "th", "my", "ur", "ne")
_COMMON = "common"  # what stands in texts of any language


@dataclass(frozen=True, eq=False)
class Words:
    """Lists by section and name, those of any language among them; `tables` as they stand in the file."""

    language: str  # "" where nothing is known of the language
    tables: Mapping[str, Mapping[str, Any]]
    shared: Mapping[str, Mapping[str, Any]]

    @lru_cache(maxsize=4096)  # noqa: B019 - a dozen of these live as long as the program
    def listed(self, section: str, name: str) -> tuple[str, ...]:
        """As they are spelled: the language's own, then those of any language."""
        own = self.tables.get(section, {}).get(name, ())
        return (*own, *self.shared.get(section, {}).get(name, ()))

    @lru_cache(maxsize=4096)  # noqa: B019
    def set(self, section: str, name: str) -> frozenset[str]:
        """Folded."""
        return frozenset(fold(word) for word in self.listed(section, name))

    def say(self, section: str, name: str, default: str = "") -> str:
        found = self.tables.get(section, {}).get(name, default)
        return str(found)

    def spelled(self, section: str, name: str) -> Mapping[str, Any]:
        """A table within a section, as it is spelled."""
        return {**self.shared.get(section, {}).get(name, {}), **self.tables.get(section, {}).get(name, {})}

    @lru_cache(maxsize=4096)  # noqa: B019
    def table(self, section: str, name: str) -> Mapping[str, Any]:
        """A table within a section, its keys folded, with what holds for any language."""
        return {fold(key): value for key, value in self.spelled(section, name).items()}


@lru_cache(maxsize=32)
def words_of(language: str) -> Words:
    """Of the language, of the one that it is a variety of ("pt-BR"), or those of any language alone."""
    tag = known_language(language)
    return Words(tag, _read(tag) if tag else {}, _read(_COMMON))


def known_language(language: str) -> str:
    """The tag under which we know a language; "" if we don't."""
    tags = {tag.lower(): tag for tag in LANGUAGES}
    asked = language.strip().replace("_", "-").lower()
    if asked in {"zh-tw", "zh-hk", "zh-mo"} or asked.startswith("zh-hant"):
        return "zh-Hant"
    return tags.get(asked) or tags.get(asked.partition("-")[0], "")


def _read(name: str) -> Mapping[str, Any]:
    table = read_data(name)
    like = table.pop("like", None)
    return table if like is None else _over(_read(like), table)


def _over(under: Mapping[str, Any], over: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**under, **{key: {**under.get(key, {}), **table} for key, table in over.items()}}


def read_data(name: str) -> dict[str, Any]:
    """A data file of this package, as it stands."""
    path = files("mailflow.publish.anonymise") / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
