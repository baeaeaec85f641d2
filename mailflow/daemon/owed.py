"""What the store should know and could not be told: on a full disk, while another process keeps it locked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ParamSpec

from mailflow.daemon.writer import Writer
from mailflow.store.errors import StoreError

P = ParamSpec("P")


class Owed:
    """Notes for the store that must not be forgotten. Whoever owes some settles them before anything else is begun."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._notes: list[Callable[[], object]] = []

    async def tell(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do it now. Raises StoreError when that can't be: then it is still owed."""
        await self._told(partial(work, *args, **kwargs))

    async def settle(self) -> None:
        """Do all that is owed. Raises StoreError at the first that still can't be done."""
        while self._notes:
            await self._told(self._notes.pop(0))

    async def _told(self, note: Callable[[], object]) -> None:
        try:
            await self._writer.do(note)
        except StoreError:
            self._notes.append(note)
            raise
