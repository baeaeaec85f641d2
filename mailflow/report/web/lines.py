"""Octets to lines: files plain or packed, whole or in shares, never more than a block of them in memory."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Protocol

from mailflow.report.web.trouble import WebTrouble

LONGEST = 65_536  # octets of a line; a longer one is none
BLOCK = 1 << 20
SHARE = 1 << 25  # octets of a plain file that one process takes at a time


class Stream(Protocol):
    def read(self, octets: int, /) -> bytes: ...


# How a packed file begins, whatever its name ends with.
_PACKED: tuple[tuple[bytes, Callable[[IO[bytes]], Stream]], ...] = (
    (b"\x1f\x8b", lambda raw: gzip.GzipFile(fileobj=raw)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
)
_UNKNOWN = {b"PK\x03\x04": "ZIP", b"\x28\xb5\x2f\xfd": "Zstandard"}


def silently(octets: int) -> None:
    """Nobody wants to know how far it is."""
    del octets


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a file, from the beginning of a line to the end of another; a packed file is one share."""

    path: Path
    start: int
    end: int  # octets of the file as it lies on the disk


def shares(path: Path, octets: int = SHARE) -> list[Share]:
    """A file in pieces of about so many octets. Raises WebTrouble when it can't be read."""
    try:
        with path.open("rb") as raw:
            size = os.fstat(raw.fileno()).st_size
            if _unpacker(path, raw) is not None:
                return [Share(path, 0, size)]
            cuts = [0, *(_line_after(raw, cut, size) for cut in range(octets, size, octets)), size]
    except OSError as error:
        raise WebTrouble(f"{path}: {error.strerror}") from None
    return [Share(path, start, end) for start, end in pairwise(cuts) if start < end]


def blocks(share: Share, told: Callable[[int], object] = silently, block: int = BLOCK) -> Iterator[list[bytes]]:
    """Its lines, without their ends, some thousands at a time; `told` hears how far the file was read since the last time.

    A line over LONGEST comes as an empty one. Raises WebTrouble when the file is damaged.
    """
    try:
        with share.path.open("rb") as raw:
            unpack = _unpacker(share.path, raw)
            raw.seek(share.start)
            octets = _read(unpack(raw), None, block) if unpack else _read(raw, share.end - share.start, block)
            seen = share.start
            for lines in _split(octets):
                yield lines
                told(raw.tell() - seen)
                seen = raw.tell()
    except (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError):
        raise WebTrouble(f"{share.path}: the packed file is damaged or cut off: pack or copy it anew") from None
    except OSError as error:
        raise WebTrouble(
            f"{share.path}: {error.strerror or 'the packed file is damaged: pack or copy it anew'}"
        ) from None


def head(path: Path, octets: int) -> list[bytes]:
    """The first lines of a file."""
    return [line for lines in _first(path, octets) for line in lines]


def _first(path: Path, octets: int) -> Iterator[list[bytes]]:
    try:
        with path.open("rb") as raw:
            unpack = _unpacker(path, raw)
            yield from _split(_read(unpack(raw) if unpack else raw, octets, octets))
    except (OSError, EOFError, zlib.error, lzma.LZMAError):
        return  # who reads the whole file will say so


def _read(stream: Stream, left: int | None, block: int) -> Iterator[bytes]:
    while octets := stream.read(block if left is None else min(block, left)):
        left = None if left is None else left - len(octets)
        yield octets


def _split(octets: Iterator[bytes]) -> Iterator[list[bytes]]:
    rest = b""
    for block in octets:
        lines = (rest + block).split(b"\n")
        rest = lines.pop()[: LONGEST + 1]  # what is longer needn't be whole
        yield _bounded(lines)
    if rest:
        yield _bounded([rest])


def _bounded(lines: list[bytes]) -> list[bytes]:
    if max(map(len, lines), default=0) <= LONGEST:
        return lines
    return [line if len(line) <= LONGEST else b"" for line in lines]


def _line_after(raw: IO[bytes], place: int, size: int) -> int:
    """Where the first line begins that starts at `place` or later."""
    raw.seek(place - 1)
    while octets := raw.read(LONGEST):
        found = octets.find(b"\n")
        if found >= 0:
            return raw.tell() - len(octets) + found + 1
    return size


def _unpacker(path: Path, raw: IO[bytes]) -> Callable[[IO[bytes]], Stream] | None:
    begins = raw.read(6)
    raw.seek(0)
    for mark, name in _UNKNOWN.items():
        if begins.startswith(mark):
            raise WebTrouble(f"{path}: a {name} file can't be read: unpack it, or pack it with gzip")
    return next((unpack for mark, unpack in _PACKED if begins.startswith(mark)), None)
