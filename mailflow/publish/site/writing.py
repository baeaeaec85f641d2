"""What was built, onto the disk: only what changed is written, each file in one step, and what is no longer ours goes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mailflow.publish.site.nouns import SiteError

MANIFEST = ".site.json"  # which files are ours, and their hashes
MOUNTED = "lost+found"  # an empty disk has it, and nobody may read it
_TEMPORARY = ".new"


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths below the folder, sorted."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the last build left: a hash for each file, and one for what its search index was made of."""

    files: Mapping[str, str]
    search: str = ""


def manifest(out: Path) -> Manifest:
    """Of an earlier build; empty for a folder that is new or empty. SiteError when the folder holds something else."""
    path = out / MANIFEST
    if not path.exists():
        if out.exists() and not out.is_dir():
            raise SiteError(f"{out} is a file: name the folder in which the site is to stand")
        if out.is_dir() and any(each.name != MOUNTED for each in out.iterdir()):
            raise SiteError(
                f"{out} holds no site that mailflow built, and is not empty: name an empty folder, or a new one"
            )
        return Manifest({})
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        read = Manifest(dict(told["files"]), str(told["search"]))
    except (ValueError, KeyError, TypeError):
        raise SiteError(f"{path} is damaged: empty the folder and build again") from None
    if any(name.startswith("/") or ".." in name.split("/") for name in read.files):  # it would have us delete elsewhere
        raise SiteError(f"{path} is damaged: empty the folder and build again")
    return read


def write(out: Path, files: Mapping[str, bytes], before: Manifest, search: str) -> Changes:
    """Bring the folder to these files. Stopped half-way, the next build finishes it: every file of ours stays known."""
    hashes = {path: sha256(content).hexdigest() for path, content in sorted(files.items())}
    out.mkdir(parents=True, exist_ok=True)
    changed = tuple(path for path in hashes if path not in before.files or not _same(out / path, files[path]))
    removed = tuple(sorted(before.files.keys() - hashes.keys()))
    if changed or removed:
        _remember(out, Manifest({**before.files, **hashes}))
    for folder in sorted({(out / path).parent for path in changed}):
        folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(changed, key=lambda path: (path in before.files, path)):  # what is new first: others link it
        _replace(out / path, files[path])
    for path in removed:
        _remove(out, path)
    _remember(out, Manifest(hashes, search))
    return Changes(changed, tuple(path for path in hashes if path not in set(changed)), removed)


def carry(copy: Path, out: Path) -> Changes:
    """Bring the folder to the site that was built in `copy`."""
    told = manifest(copy)
    return write(out, {path: (copy / path).read_bytes() for path in told.files}, manifest(out), told.search)


def untouched(out: Path, before: Manifest, folder: str) -> dict[str, bytes] | None:
    """The files of an earlier build below a folder of `out`; None when one is gone or was changed by somebody."""
    ours = {path: out / path for path in before.files if path.startswith(f"{folder}/")}
    if not all(path.is_file() for path in ours.values()):
        return None
    read = {name: path.read_bytes() for name, path in ours.items()}
    return read if all(sha256(content).hexdigest() == before.files[name] for name, content in read.items()) else None


def fingerprint(parts: Iterable[tuple[str, str]]) -> str:
    """One hash of many named texts."""
    return sha256(json.dumps(sorted(parts)).encode()).hexdigest()


def _same(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(f"{path.name}{_TEMPORARY}")
    new.write_bytes(content)
    new.replace(path)


def _remove(out: Path, path: str) -> None:
    """A file of ours, and the folders that it leaves empty."""
    (out / path).unlink(missing_ok=True)
    for folder in (out / path).parents:
        if folder == out or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


def _remember(out: Path, told: Manifest) -> None:
    text = json.dumps({"files": told.files, "search": told.search}, indent=0, sort_keys=True)
    if not _same(out / MANIFEST, text.encode()):
        _replace(out / MANIFEST, text.encode())
