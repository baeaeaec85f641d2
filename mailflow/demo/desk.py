"""The real daemon, at work in a thread beside the demo's screen."""

from __future__ import annotations

import asyncio
import threading

from mailflow.daemon.daemon import Daemon
from mailflow.daemon.installation import Installation

STOP_SECONDS = 15.0


class Desk:
    """A daemon on an opened installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._daemon: Daemon | None = None
        self._ready = threading.Event()
        self._fault: BaseException | None = None  # why the daemon ended, if it was not told to

    def open(self) -> None:
        """Start it; returns when it is being run."""
        self._thread.start()
        self._ready.wait(STOP_SECONDS)

    def close(self) -> None:
        """Let it finish what it holds."""
        if self._loop is not None and self._daemon is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._daemon.stop)
            self._thread.join(STOP_SECONDS)

    @property
    def at_work(self) -> bool:
        return self._thread.is_alive()

    def require(self) -> None:
        """Raises OSError when the daemon has ended without being told to."""
        if not self.at_work:
            why = getattr(self._fault, "sentence", type(self._fault).__name__)
            message = f"the daemon has ended: {why}"
            raise OSError(message)

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except BaseException as error:  # noqa: BLE001  the screen's thread tells it
            self._fault = error
        finally:
            self._ready.set()

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._daemon = Daemon(self._installation)
        self._ready.set()
        await self._daemon.run()
