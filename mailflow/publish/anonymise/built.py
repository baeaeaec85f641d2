"""The built pages, searched once more: names of files, source, metadata, the search index, documents."""

from __future__ import annotations

import gzip
import html
import io
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import unquote

from ahocorasick_rs import AhoCorasick

from mailflow.core.publication import Leak
from mailflow.publish.anonymise.folding import Folded, fold, folded
from mailflow.publish.anonymise.known import UNSPACED, in_word

_MOST = 64_000_000  # octets of one file unpacked: ours are far smaller
_PACKED = (b"\x1f\x8b", b"PK\x03\x04")
_TIGHT = 7  # letters from which on a word is looked for without regard to spaces


def file_leaks(files: Mapping[str, bytes], words: Collection[str]) -> tuple[Leak, ...]:
    """Known words in files by path. ValueError, naming the file, where a packed one can't be read: it isn't proven."""
    needles = tuple(dict.fromkeys(word for word in map(fold, words) if len(word) > 1))
    if not needles:
        return ()
    automaton = AhoCorasick(list(needles))
    found = (leak for path, content in files.items() for leak in _in_file(path, content, needles, automaton))
    return tuple(dict.fromkeys(found))


def _in_file(path: str, content: bytes, needles: tuple[str, ...], automaton: AhoCorasick) -> Iterator[Leak]:
    spelled = path.replace("/", " ").replace("_", " ").replace("-", " ").replace(".", " ")
    for kind, text in (
        ("file name", path),
        ("file name", spelled),
        *(("text", each) for each in texts_of(path, content)),
    ):
        for reading in dict.fromkeys((text, html.unescape(unquote(text)))):
            yield from (Leak(kind, path, word) for word in _words_in(folded(reading), needles, automaton))


def texts_of(path: str, content: bytes) -> Iterator[str]:
    """What can be read in a file: itself, or what is packed in it."""
    if content.startswith(_PACKED[0]):
        yield _unzipped(path, content).decode("utf-8", "replace")
    elif content.startswith(_PACKED[1]):
        yield from _archived(path, content)
    else:
        yield content.decode("utf-8", "replace")
        if b"\x00" in content[:4096]:
            yield content.decode("utf-16-le", "replace")


def _unzipped(path: str, content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            return _bounded(path, packed.read(_MOST + 1))
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path}: can't be unpacked, so nobody knows what it holds: {error}") from error


def _archived(path: str, content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                yield entry.filename
                with archive.open(entry) as packed:
                    yield _bounded(path, packed.read(_MOST + 1)).decode("utf-8", "replace")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        raise ValueError(f"{path}: can't be unpacked, so nobody knows what it holds: {error}") from error


def _bounded(path: str, content: bytes) -> bytes:
    if len(content) > _MOST:
        raise ValueError(f"{path}: holds more than {_MOST:,} octets, too much to be searched; publish it in parts")
    return content


def _words_in(text: Folded, needles: tuple[str, ...], automaton: AhoCorasick) -> Iterator[str]:
    for number, start, end in automaton.find_matches_as_indexes(text.text, overlapping=True):
        if _stands_alone(text.text, start, end):
            yield needles[number]
    tight = text.squeezed().text
    yield from (word for word in needles if len(word) >= _TIGHT and " " in word and word.replace(" ", "") in tight)


def _stands_alone(text: str, start: int, end: int) -> bool:
    if UNSPACED.search(text[start:end]):
        return True
    before = start and text[start].isalnum() and in_word(text[start - 1])
    after = end < len(text) and text[end - 1].isalnum() and in_word(text[end])
    return not before and not after
