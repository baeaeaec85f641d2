"""One daemon an installation: a lock on a file, which the system gives back however the process ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunningError(Exception):
    """Another daemon holds the lock. The sentence names its process id."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the installation's lock. Raises AlreadyRunningError, or OSError when the folder can't be written."""
    file = os.open(folder / "daemon.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 32).decode("ascii", "replace").strip() or "unknown"
            message = f"a daemon of this installation runs already (process {holder}): stop it first"
            raise AlreadyRunningError(message) from None
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(file)
