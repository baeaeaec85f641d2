"""Sending: what is due leaves, one mail at a time a connection, and each is marked sent before the next one goes.

So a crash can repeat at most the one mail between the end of DATA and the commit: with the same Message-ID.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from mailflow.daemon.owed import Owed
from mailflow.daemon.writer import Writer
from mailflow.engine import Engine
from mailflow.net.transport import Refused, Transport, Unreachable
from mailflow.store import outbox
from mailflow.store.outbox import Outgoing

log = logging.getLogger("mailflow.smtp")
CLAIM = 50
SHORTEST, LONGEST = timedelta(seconds=2), timedelta(minutes=5)


class Sender:
    """Empties the outbox. `engine` is asked anew for each batch, so that reloaded rules count."""

    def __init__(
        self, engine: Callable[[], Engine], transports: list[Transport], writer: Writer, clock: Callable[[], datetime]
    ) -> None:
        self._engine, self._transports, self._writer, self._clock = engine, transports, writer, clock
        self._owed = Owed(writer)  # above all that a mail has left: forgotten, it would leave once more
        self._failures = 0
        self.trouble = ""  # one sentence while the server can't be reached

    async def once(self) -> int:
        """Send what is due now; returns how many mails were tried. Raises StoreError."""
        engine = self._engine()
        await self._owed.settle()
        due = await self._writer.do(outbox.claim, engine.store, self._clock(), CLAIM)
        if not due:
            return 0
        left = list(reversed(due))
        try:
            drains = [self._drain(engine, transport, left) for transport in self._transports]
            self._judge(await asyncio.gather(*drains, return_exceptions=True))  # each ends by itself, none is forgotten
        finally:
            if left:
                await self._owed.tell(outbox.give_back, engine.store, [mail.id for mail in left])
        return len(due) - len(left)

    def _judge(self, ends: list[BaseException | None]) -> None:
        """Remember whether the server could be reached; raise whatever else went wrong."""
        unreachable = [end for end in ends if isinstance(end, Unreachable)]
        if unreachable:
            self._failures += 1
            self.trouble = unreachable[0].sentence
            log.warning("unreachable", extra={"why": self.trouble, "again_in": self.pause.seconds})
        else:
            self._failures, self.trouble = 0, ""
        for end in ends:
            if end is not None and not isinstance(end, Unreachable):
                raise end

    @property
    def pause(self) -> timedelta:
        """How long to leave the server alone after it could not be reached."""
        return min(SHORTEST * (1 << min(self._failures - 1, 10)), LONGEST) if self._failures else timedelta(0)

    async def close(self) -> None:
        for transport in self._transports:
            await transport.close()

    async def _drain(self, engine: Engine, transport: Transport, left: list[Outgoing]) -> None:
        while left:
            await self._send(engine, transport, left.pop(), left)

    async def _send(self, engine: Engine, transport: Transport, mail: Outgoing, left: list[Outgoing]) -> None:
        try:
            await transport.send(mail.envelope_sender, mail.recipient, mail.raw)
        except Refused as error:
            log.warning("refused", extra={"outbox": mail.id, "template": mail.template, "status": str(error)})
            await self._owed.tell(engine.refused, mail, str(error), self._clock(), permanent=error.permanent)
        except Unreachable as error:
            if error.ambiguous:  # it may have been taken: not at once again, and never forgotten
                await self._owed.tell(engine.refused, mail, "no answer", self._clock(), permanent=False)
            else:
                left.append(mail)
            raise
        else:
            await self._owed.tell(engine.left, mail, self._clock())
            log.info("sent", extra={"outbox": mail.id, "ticket": mail.ticket, "template": mail.template})
