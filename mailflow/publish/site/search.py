"""The search index, made by pagefind's program from the main text of items and articles, without the network.

Pagefind cuts at spaces. Scripts that write none are indexed by every two letters that follow each other (Chinese,
Japanese), or every three (Thai, Lao, Burmese, Khmer, whose letters say less), spelled in a-p so that nothing is folded or
stemmed; `search.js` spells a query in the same way, so that every word of a text is found wherever it stands, without a
dictionary.
"""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from markupsafe import Markup

from mailflow.publish.site.nouns import MissingExtraError, SiteError

FOLDER = "pagefind"
# The same ranges stand in search.js.
THREES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
TWOS = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"[{THREES}]+|[{TWOS}]+")
_FIRST_OF_TWOS = "\u3000"
_NIBBLES = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_BACK = str.maketrans("abcdefghijklmnop", "0123456789abcdef")
_SPELLED = re.compile(r"\b(?:[a-p]{4}){2,3}(?: (?:[a-p]{4}){1,3}z{0,8})*\b")
_NEEDED = re.compile(r"pagefind(-worker)?\.js|pagefind-entry\.json|.*\.pf_(meta|fragment|index)|wasm\..*\.pagefind")
_PATIENCE = 600  # seconds
_PAGE = Markup(
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title></title></head><body data-pagefind-body>'
    '<span data-pagefind-meta="title[data-t],text[data-x],note[data-n]" data-t="{title}" data-x="{kept}" data-n="{note}">'
    "</span><p>{topics}</p><h1>{heading}</h1><p>{text}</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Findable:
    """One page as the index sees it."""

    address: str  # of its folder, below the site's root
    language: str
    title: str
    text: str
    note: str = ""  # what a result shows beside its title
    topics: tuple[str, ...] = ()


def document(page: Findable) -> str:
    """The page that pagefind's program reads in the place of the real one."""
    text = " ".join(unicodedata.normalize("NFC", page.text).split())
    title = unicodedata.normalize("NFC", page.title)
    cut = bool(_RUN.search(text + title))
    return _PAGE.format(
        language=page.language,
        title=title,
        kept=text if cut else "",  # an extract can't be read from the spelled letters
        note=page.note,
        topics=" ".join(map(topic_word, page.topics)),
        heading=spelled(title),
        text=spelled(text),
    )


def topic_word(topic: str) -> str:
    """A word that stands in every page of a topic: asked for as well, it narrows a search.

    Pagefind's own filters would do, but it writes them in another order each time.
    """
    return f"zzt{sha256(topic.encode()).hexdigest()[:12].translate(_NIBBLES)}zz"


def spelled(text: str) -> str:
    """Runs of letters without spaces as twos or threes in a-p; everything else as it is."""
    return _RUN.sub(lambda run: f" {' '.join(_windows(run[0]))} ", text)


def index(documents: Mapping[str, str]) -> dict[str, bytes]:
    """The files of the index, by path below the site's root. SiteError when the program fails."""
    if not documents:
        return {}
    with TemporaryDirectory(prefix="site-index-") as name:
        folder = Path(name)
        for address, text in documents.items():
            page = folder / "pages" / address / "index.html"
            page.parent.mkdir(parents=True)
            page.write_text(text, encoding="utf-8")
        _run(folder)
        return dict(_made(folder / FOLDER))


def _windows(run: str) -> list[str]:
    """One word for each letter, with those that follow it. The last ones are filled up: pagefind takes a word that it
    hasn't for one that it begins with, and a short one would be the beginning of many.
    """
    size = 2 if run[0] >= _FIRST_OF_TWOS else 3
    return [_letters(run[at : at + size]).ljust(4 * size, "z") for at in range(len(run))]


def _letters(some: str) -> str:
    return "".join(f"{ord(letter):04x}" for letter in some).translate(_NIBBLES)


def _run(folder: Path) -> None:
    command: list[str | Path] = [_program(), "--site", folder / "pages", "--output-path", folder / FOLDER]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise SiteError(
            f"pagefind's program couldn't be run ({type(wrong).__name__}): install pagefind_bin anew"
        ) from wrong
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise SiteError(
            f"pagefind's program stopped with code {done.returncode}: {said[-1] if said else 'it said nothing'}"
        )


def _program() -> Path:
    try:
        found = import_module("pagefind_bin")
    except ModuleNotFoundError:
        raise MissingExtraError("the site's search") from None
    return Path(found.get_executable())


def _made(folder: Path) -> Iterable[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and _NEEDED.fullmatch(path.name):
            yield f"{FOLDER}/{path.relative_to(folder).as_posix()}", _settled(path)


def _settled(path: Path) -> bytes:
    """Its content; the list of languages comes in another order each time, and is sorted."""
    content = path.read_bytes()
    return json.dumps(json.loads(content), sort_keys=True).encode() if path.suffix == ".json" else content


def respelled(text: str) -> str:
    """What `spelled` made, read back; words that only look like it become letters that nobody wrote."""
    return _SPELLED.sub(lambda run: "".join(_first(word) for word in run[0].split()), text)


def _first(word: str) -> str:
    return chr(int(word[:4].translate(_BACK), 16))
