"""A text as it is compared: capitals, accents, widths, look-alikes and hidden characters make no difference.

Each folded character knows where in the text it comes from, so that what is found can be cut out there.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters that look like Latin ones, and such as no normal form takes apart.
_LOOKS = ("аеорсухіјѕԁһԛԝοανιρτυκ’‘ʼ‐‑‒–—−øłđðıيكى", "aeopcyxijsdhqwoavipruk'''------olddiیکی")
_ALIKE: dict[int, str | int] = {**str.maketrans(*_LOOKS), ord("æ"): "ae", ord("œ"): "oe", ord("þ"): "th"}


@dataclass(frozen=True, slots=True)
class Folded:
    text: str
    at: tuple[int, ...]  # for each character of `text`, and for its end, the place in the original

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original stands what stands here from `start` to `end`."""
        return self.at[start], self.at[end - 1] + 1

    def squeezed(self) -> Folded:
        """Letters and digits alone: what is spaced out, hyphenated or broken over lines is whole again."""
        kept = [number for number, sign in enumerate(self.text) if _worded(sign)]
        return Folded("".join(self.text[number] for number in kept), (*(self.at[n] for n in kept), self.at[-1]))


def folded(text: str) -> Folded:
    """White space of any length is one space."""
    signs: list[str] = []
    at: list[int] = []
    for place, sign in enumerate(text):
        new = _sign(sign)
        if new == " " and signs and signs[-1] == " ":
            continue
        signs.extend(new)
        at.extend([place] * len(new))
    return Folded("".join(signs), (*at, len(text)))


def fold(text: str) -> str:
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    return folded(text).text.strip()


def squeeze(text: str) -> str:
    return folded(text).squeezed().text


@lru_cache(maxsize=8192)
def _sign(sign: str) -> str:
    if sign.isspace():
        return " "
    if unicodedata.category(sign) in {"Cf", "Cc", "Cs"}:  # half a sign is none
        return ""
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold()).translate(_ALIKE)
    return "".join(part for part in parts if not "\u0300" <= part <= "\u036f").replace("\u00a0", " ")


def _worded(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith("M")
