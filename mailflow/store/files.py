"""Files that nobody else may read, and that are on the disk when we say so."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from mailflow.store.errors import StoreError

BESIDE = ("-wal", "-shm", "-journal")  # what SQLite puts next to its file


def create_private(file: Path) -> None:
    """An empty file of mode 0600, and its folder of mode 0700 if there is none. It must not exist (StoreError)."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        sync(file.parent)
    except FileExistsError:
        raise StoreError(
            f"{file} exists already: it is never overwritten; name another file, or move that one away"
        ) from None
    except OSError as error:
        raise StoreError(
            f"{file} can't be made ({error.strerror}): give mailflow's user write access to {file.parent}"
        ) from error


def keep_private(file: Path) -> None:
    """The file must exist; if others could read it or what SQLite puts beside it, they can't any more."""
    for each in (file, *(beside(file, suffix) for suffix in BESIDE)):
        try:
            if stat.S_IMODE(each.stat().st_mode) & 0o077:
                each.chmod(0o600)
        except FileNotFoundError:
            if each == file:
                raise StoreError(
                    f"{file} is missing: restore it from its backup, or make a new installation with `mailflow init`"
                ) from None
        except OSError as error:
            raise StoreError(
                f"{each} can't be opened ({error.strerror}): it must belong to mailflow's user, with mode 0600"
            ) from error


def beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def sync(file: Path) -> None:
    """A file's content, or a folder's list of names, is on the disk when this returns."""
    opened = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
