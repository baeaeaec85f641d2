"""Leaving no trace: signals, a folder that goes, libraries that say nothing on the screen."""

from __future__ import annotations

import logging
import shutil
import signal
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailflow.daemon.logs import PlainLines


@contextmanager
def signals(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C, a closed terminal and a polite kill all end the demo in order."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def home(folder: Path | None) -> Iterator[Path]:
    """The given folder, which stays; or a temporary one, which doesn't."""
    if folder is not None:
        yield folder.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="mailflow-demo-"))
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextmanager
def silence() -> Iterator[None]:
    """What libraries say would spoil the screen, and might hold words of a mail."""
    everybody, nowhere = logging.getLogger(), logging.NullHandler()
    everybody.addHandler(nowhere)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        everybody.removeHandler(nowhere)


@contextmanager
def log_in(file: Path) -> Iterator[None]:
    """The daemon's own log, in a file."""
    ours, handler = logging.getLogger("mailflow"), logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(PlainLines())
    level, propagate = ours.level, ours.propagate
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False
    try:
        yield
    finally:
        ours.removeHandler(handler)
        handler.close()
        ours.setLevel(level)
        ours.propagate = propagate
