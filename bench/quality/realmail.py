"""Real mail that nobody here wrote: other mail systems' test suites, in the folder that MAILFLOW_CORPUS names.

It stays outside the repository; what is told of it is the name of a file, and never a word.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

CORPUS = Path(os.environ.get("MAILFLOW_CORPUS") or Path(__file__).parents[3] / "shared" / "mail")
# Put before a mail that its owners take for a reply although no header says so.
A_REPLY = b"In-Reply-To: <1@example.org>\r\n"


@cache
def mails() -> tuple[Path, ...]:
    """Every mail of the corpus."""
    files = (path for path in sorted(CORPUS.rglob("*")) if path.is_file() and path.name != "LICENSE")
    return tuple(path for path in files if path.relative_to(CORPUS).parts[0] not in ("expect", "labels"))


@cache
def expected(name: str) -> tuple[dict[str, Any], ...]:
    """What another project expects of its mails: "path", and "expect" by field."""
    return _lines("expect", name)


@cache
def labelled(name: str) -> tuple[dict[str, Any], ...]:
    """What another project calls its mails."""
    return _lines("labels", name)


def _lines(folder: str, name: str) -> tuple[dict[str, Any], ...]:
    with (CORPUS / folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def bytes_of(entry: dict[str, Any]) -> bytes:
    return (CORPUS / entry["path"]).read_bytes()


def squeezed(text: str) -> str:
    return "".join(text.split())
