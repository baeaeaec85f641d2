"""Where `ingest` and `explain` get mails from: .eml files, mbox, Maildir, folders of .eml, the standard input."""

from __future__ import annotations

import mailbox
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

STDIN = "-"
_ENVELOPE = b"From "  # begins each mail of an mbox, and a mail that some mail servers pipe


@dataclass(frozen=True, slots=True)
class Found:
    source: str  # the file; in an mbox with the mail's number, "archive.mbox#12"
    raw: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """Mails of one argument, read one at a time."""

    path: Path
    files: tuple[Path, ...] = ()
    is_mbox: bool = False

    def __len__(self) -> int:
        if not self.is_mbox:
            return len(self.files)
        with closing(mailbox.mbox(self.path, create=False)) as mbox:
            return len(mbox)

    def __iter__(self) -> Iterator[Found]:
        """Raises OSError for a file that can't be read."""
        for file in self.files:
            yield Found(str(file), without_envelope(file.read_bytes()))
        if self.is_mbox:
            with closing(mailbox.mbox(self.path, create=False)) as mbox:
                for number, key in enumerate(mbox.iterkeys(), 1):
                    yield Found(f"{self.path}#{number}", mbox.get_bytes(key))


def opened(names: Sequence[str]) -> list[Source]:
    """Raises LookupError when one of them does not exist or is no mail, before any other is touched."""
    return [_source(Path(name)) for name in names]


def from_stdin() -> Found:
    raw = without_envelope(sys.stdin.buffer.read())
    if not raw.strip():
        raise LookupError("nothing came on the standard input: a mail is expected there")
    return Found(STDIN, raw)


def without_envelope(raw: bytes) -> bytes:
    """Some mail servers put the line of an mbox before the mail that they pipe."""
    return raw.partition(b"\n")[2] if raw.startswith(_ENVELOPE) else raw


def _source(path: Path) -> Source:
    if path.is_dir():
        return Source(path, _in_folder(path))
    if not path.is_file():
        raise LookupError(f"{path}: there is no such file or folder")
    with path.open("rb") as opened_file:
        begins = opened_file.read(len(_ENVELOPE))
    if begins == _ENVELOPE and path.suffix != ".eml":
        return Source(path, is_mbox=True)
    return Source(path, (path,))


def _in_folder(path: Path) -> tuple[Path, ...]:
    """The mails of a Maildir, oldest delivery first; of any other folder the .eml files, also in folders below."""
    if (path / "cur").is_dir() and (path / "new").is_dir():
        mails = [file for part in ("cur", "new") for file in (path / part).iterdir() if not file.name.startswith(".")]
        return tuple(sorted(mails, key=lambda file: file.name))
    files = tuple(sorted(path.rglob("*.eml")))
    if not files:
        raise LookupError(f"{path}: there is no .eml file in this folder, and it is no Maildir")
    return files
