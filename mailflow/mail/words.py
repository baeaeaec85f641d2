"""words.toml: the short strings of one language, and how a template says them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from mailflow.core.model import Role, State
from mailflow.core.wording import Flag, Held, Line, Reason, Said

NAME = "words.toml"
# A code of one of these kinds names its section by itself.
SECTION_OF: Mapping[type[str], str] = {
    Reason: "reasons", Flag: "flags", Said: "said", Held: "held", Role: "roles", State: "states",
}  # fmt: skip
_BLANK = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """The strings at the top of a words.toml, and those of its sections."""

    top: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def say(self, code: str | Line, section: str = "") -> str:
        """The words for a code. LookupError when there are none, or when it is unclear which are meant.

        A bare code is looked for at the top, then in every section; `section` settles it where several have it.
        """
        if isinstance(code, Line):
            return fill(self.say(code.said), {name: self._value(name, value) for name, value in code.values})
        section = section or SECTION_OF.get(type(code), "")
        if section:
            return self._in(section, str(code))
        if code in self.top:
            return self.top[code]
        return self._anywhere(code)

    def _value(self, name: str, value: str) -> str:
        """What a blank is filled with; roles come as their codes."""
        return ", ".join(self._in("roles", role) for role in value.split(", ")) if name == "roles" else value

    def _in(self, section: str, code: str) -> str:
        try:
            return self.sections[section][code]
        except KeyError:
            raise LookupError(f"{NAME} has no words for {code} in [{section}]") from None

    def _anywhere(self, code: str) -> str:
        holders = [name for name, strings in self.sections.items() if code in strings]
        if not holders:
            raise LookupError(f"{NAME} has no words for {code}")
        if len({self.sections[name][code] for name in holders}) > 1:
            raise LookupError(f"{code} stands in several sections of {NAME} ({', '.join(holders)}): name one")
        return self.sections[holders[0]][code]


def read(source: str) -> Words:
    """The words of a file. ValueError when it is no TOML, or holds anything but strings and tables of strings."""
    top: dict[str, str] = {}
    sections: dict[str, dict[str, str]] = {}
    for key, value in tomllib.loads(source).items():
        if isinstance(value, str):
            top[key] = value
        elif isinstance(value, dict) and all(isinstance(word, str) for word in value.values()):
            sections[key] = value
        else:
            raise ValueError(f"{key} is neither a string nor a table of strings")
    return Words(top, sections)


def blanks(sentence: str) -> frozenset[str]:
    """The names in braces that a sentence wants filled in."""
    return frozenset(_BLANK.findall(sentence))


def fill(sentence: str, values: Mapping[str, str]) -> str:
    """A sentence with its braces filled in, by name only: never an attribute or an index, as str.format would."""
    return _BLANK.sub(lambda blank: values[blank[1]], sentence)
