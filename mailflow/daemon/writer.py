"""One thread owns all writes: SQLite has one write lock, and whoever waits in a queue waits fairly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Runs what writes to the store, one thing at a time. Callers wait for the commit."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "writer")

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """From another thread: blocks until it is done, and raises what it raised."""
        return self._thread.submit(work, *args, **kwargs).result()

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """From the event loop."""
        return await asyncio.wrap_future(self._thread.submit(work, *args, **kwargs))

    def close(self) -> None:
        """Finish what is queued, take nothing more."""
        self._thread.shutdown(wait=True)
