"""How much processor time each stage of a running daemon takes, by the clock of the thread that runs it.

`python -m bench.stages FILE ...` is `mailflow ...`, and writes the figures into FILE when it ends.

The functions named below are wrapped. A stage's time is its own: what a stage inside it took is not counted twice.
Only functions that run to their end in one thread can be measured so; what the event loop does besides is sending.
"""

from __future__ import annotations

import functools
import json
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mailflow import engine
from mailflow.cli import main
from mailflow.daemon.daemon import Daemon
from mailflow.engine import Engine
from mailflow.mail import understand
from mailflow.mail.compose import Composer
from mailflow.mail.language import LanguageDetector
from mailflow.mail.lexicon import Lexicons
from mailflow.mail.understand import Understanding
from mailflow.mail.worker import ParserProcess
from mailflow.net.mailbox import Mailbox
from mailflow.store import inbox, look, outbox
from mailflow.store.apply import Applying

STAGES: tuple[tuple[str, Any, str], ...] = (
    ("take: IMAP", Mailbox, "_fetch"),
    ("take: IMAP", Mailbox, "settle"),
    ("take: IMAP", Mailbox, "new_uids"),
    ("take: seal and commit", inbox, "keep"),
    ("take: seal and commit", inbox, "settled"),
    ("claim", Engine, "claim"),
    ("parse: our side of the pipe", ParserProcess, "read"),
    ("understand: origin, tokens, authentication", Understanding, "understand"),
    ("understand: language", LanguageDetector, "detect"),
    ("understand: topics", Lexicons, "hear"),
    ("understand: topics", understand, "topic_scores"),
    ("understand: signs", understand, "signs_in"),
    ("look", look, "at_mail"),
    ("decide", engine, "decide"),
    ("compose", Composer, "compose"),
    ("store: rows", Applying, "apply"),
    ("store: batch, savepoint, commit", Engine, "handle"),
    ("send: claim", outbox, "claim"),
    ("send: mark as sent", Engine, "left"),
)
LOOP = "send: SMTP, and the event loop"


class Clocks:
    """Processor seconds a stage, and how often it ran."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._running = threading.local()

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(work)
        def run(*args: Any, **kwargs: Any) -> Any:
            inner: list[float] = self._running.__dict__.setdefault("inner", [])
            inner.append(0.0)
            began = time.thread_time()
            try:
                return work(*args, **kwargs)
            finally:
                spent = time.thread_time() - began
                self.seconds[stage] += spent - inner.pop()
                self.calls[stage] += 1
                if inner:
                    inner[-1] += spent

        return run


@contextmanager
def measured(file: Path) -> Iterator[None]:
    """Measure until the block ends, then write the seconds a stage as JSON."""
    clocks = Clocks()
    for stage, owner, name in STAGES:
        setattr(owner, name, clocks.timed(stage, getattr(owner, name)))
    _measure_loop(clocks)
    try:
        yield
    finally:
        file.write_text(json.dumps({"seconds": clocks.seconds, "calls": clocks.calls}), encoding="utf-8")


def _measure_loop(clocks: Clocks) -> None:
    """The main thread's whole time while the daemon runs: the event loop."""
    run = Daemon.run

    async def clocked(self: Daemon) -> None:
        began = time.thread_time()
        try:
            await run(self)
        finally:
            clocks.seconds[LOOP] += time.thread_time() - began

    Daemon.run = clocked  # type: ignore[method-assign]


if __name__ == "__main__":
    with measured(Path(sys.argv.pop(1))):
        main()
