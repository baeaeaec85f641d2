"""Every word that a built site gives away, for the leak check: pages, feeds, file names, and the packed search index."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from mailflow.publish.site.search import respelled

_MARK = b"pagefind_dcd"  # opens whatever pagefind packed
_PICTURES = frozenset({".wasm", ".pagefind", ".png"})


def readable(folder: Path) -> Iterator[tuple[str, str]]:
    """(path, text) of every file, in order; what is packed is unpacked, what the search spells in letters is read back."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _PICTURES:
            name = path.relative_to(folder).as_posix()
            yield name, f"{name}\n{_text(path.read_bytes())}"


def _text(content: bytes) -> str:
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content).removeprefix(_MARK)
    text = content.decode("utf-8", errors="replace")
    try:
        told = json.loads(text)
    except ValueError:
        return text
    return f"{text}\n{respelled(str(told.get('content', '')))}" if isinstance(told, dict) else text
