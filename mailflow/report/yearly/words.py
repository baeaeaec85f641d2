"""templates/report/words/<language>.toml: the report's sentences, with the forms that a number asks for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from mailflow.report.yearly.numbers import Numbers

_BLANK = re.compile(r"\{([a-z_]+)\}")
Entry = str | Mapping[str, str]  # a sentence, or one for each plural category of CLDR


@dataclass(frozen=True, slots=True)
class Words:
    language: str
    entries: Mapping[str, Entry]  # "section.key" -> words
    numbers: Numbers

    def say(self, key: str, **values: str) -> str:
        """LookupError when there are no such words, or a blank of theirs isn't given."""
        entry = self.entries.get(key)
        if isinstance(entry, str):
            return self._filled(entry, values)
        raise LookupError(f"templates/report/words/{self.language}.toml has no sentence {key}")

    def count(self, key: str, number: float, **values: str) -> str:
        """The form that `number` asks for; in it {n} are its digits, {word} is the number as a sentence has it."""
        entry = self.entries.get(key)
        if isinstance(entry, str) or entry is None:
            raise LookupError(f"templates/report/words/{self.language}.toml has no forms of number for {key}")
        form = entry.get(self.numbers.plural(number), entry["other"])
        return self._filled(form, {"n": self.numbers.count(number), "word": self.word(number), **values})

    def word(self, number: float) -> str:
        """Small numbers in words, as prose has them, others in digits."""
        entry = self.entries.get(f"number.{number:g}")
        return entry if isinstance(entry, str) else self.numbers.count(number)

    def section(self, name: str) -> dict[str, str]:
        """The plain sentences of a section, by their keys."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): value
            for key, value in self.entries.items()
            if key.startswith(prefix) and isinstance(value, str)
        }

    def listed(self, items: list[str]) -> str:
        return self.numbers.listed(items)

    def _filled(self, sentence: str, values: Mapping[str, str]) -> str:
        missing = set(_BLANK.findall(sentence)) - set(values)
        if missing:
            raise LookupError(f"templates/report/words/{self.language}.toml: nothing fills {{{missing.pop()}}}")
        return _BLANK.sub(lambda blank: values[blank[1]], sentence)


def read_words(source: str, language: str) -> Words:
    """The words of a file. ValueError when it is no TOML, or holds anything but sentences and their plural forms."""
    try:
        file = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"templates/report/words/{language}.toml: not valid TOML: {error}") from None
    entries: dict[str, Entry] = {}
    for section, content in file.items():
        for key, value in content.items() if isinstance(content, dict) else ():
            if not isinstance(value, str) and not (isinstance(value, dict) and "other" in value):
                raise ValueError(
                    f"templates/report/words/{language}.toml: {section}.{key} must be a sentence, or have the form `other`"
                )
            entries[f"{section}.{key}"] = value
    return Words(language, entries, Numbers(language))
