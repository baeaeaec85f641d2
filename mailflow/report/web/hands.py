"""Several processes that read, or this one alone: the work comes back in the order in which it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import AbstractContextManager
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from types import TracebackType
from typing import TypeVar

from mailflow.report.web import tally
from mailflow.report.web.lines import Share
from mailflow.report.web.tally import Tally, Wanted

Given = TypeVar("Given")
Made = TypeVar("Made")
A_LOOK = 0.2  # seconds between two looks at how far the others are

_read_by_all: Synchronized[int] | None = None  # in the other processes: octets, of all of them


class Hands(AbstractContextManager["Hands"]):
    """With `processes` of 1 everything happens here."""

    def __init__(self, processes: int, told: Callable[[int], object]) -> None:
        self._told = told
        self._octets: Synchronized[int] | None = None
        self._pool: ProcessPoolExecutor | None = None
        if processes > 1:
            context = get_context("spawn")  # a fork would copy the threads of the progress bar half alive
            self._octets = context.Value("q", 0)
            self._pool = ProcessPoolExecutor(processes, context, _begin, (self._octets,))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def read(self, wanted: Wanted, cut: Sequence[Share]) -> list[Tally]:
        """A tally for each share."""
        if not self._pool or not self._octets:
            return [tally.read(wanted, share, self._told) for share in cut]
        futures = [self._pool.submit(_read, wanted, share) for share in cut]
        seen, open_ = 0, set(futures)
        while open_:
            done, open_ = wait(open_, A_LOOK)
            for each in done:
                each.result()  # the first that failed ends it
            octets = self._octets.value
            self._told(octets - seen)
            seen = octets
        return [future.result() for future in futures]

    def each(self, work: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[Made]:
        return self._pool.map(work, given) if self._pool else map(work, given)


def _begin(octets: Synchronized[int]) -> None:
    global _read_by_all  # noqa: PLW0603  the only way to hand it to a process of a pool
    _read_by_all = octets


def _read(wanted: Wanted, share: Share) -> Tally:
    return tally.read(wanted, share, _count)


def _count(octets: int) -> None:
    if _read_by_all is not None:
        with _read_by_all.get_lock():
            _read_by_all.value += octets
