"""A small TCP proxy that goes wrong at a chosen moment: when the client says a certain word.

Only for unencrypted connections, because it reads along.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import Enum, auto

from tests.servers.running import HOST

_OVERLAP = 32  # octets kept back, so that a word cut in two by the network is still seen


class Fault(Enum):
    CUT = auto()  # the word never reaches the server, and the connection ends
    SWALLOW = auto()  # the server hears the word and does it; its answer is lost with the connection
    HALF = auto()  # only the first half of the answer arrives before the connection ends
    STALL = auto()  # the server does it; silence, and the connection stays


class Proxy:
    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self._word, self._fault = b"", Fault.CUT
        self._changes: dict[bytes, bytes] = {}
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def arm(self, word: bytes, fault: Fault) -> None:
        """Go wrong once, the next time that the client says this."""
        self._fault, self._word = fault, word

    def change(self, said: bytes, heard: bytes) -> None:
        """From now on each side hears something else than what the other said."""
        self._changes[said] = heard

    def cut(self) -> None:
        """End every connection now."""
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(10)
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection((HOST, self._upstream))
                except OSError:
                    client.close()
                    continue
                _Pair(self, client, server)

    def _changed(self, octets: bytes) -> bytes:
        for said, heard in self._changes.items():
            octets = octets.replace(said, heard)
        return octets

    def _take(self, said: bytes) -> Fault | None:
        """The fault, once its word was said."""
        if not self._word or self._word not in said:
            return None
        self._word = b""
        return self._fault


class _Pair:
    """One connection: a thread for each direction."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._fault: Fault | None = None
        proxy._open += [client, server]
        for direction in (self._upwards, self._downwards):
            thread = threading.Thread(target=direction, daemon=True)
            proxy._threads.append(thread)
            thread.start()

    def _upwards(self) -> None:
        heard = b""
        with suppress(OSError):
            while octets := self._client.recv(65536):
                heard = heard[-_OVERLAP:] + octets
                if fault := self._proxy._take(heard):
                    self._fault = fault
                    if fault is Fault.CUT:
                        break
                self._server.sendall(self._proxy._changed(octets))
        self._end()

    def _downwards(self) -> None:
        with suppress(OSError):
            while octets := self._server.recv(65536):
                octets = self._proxy._changed(octets)
                if self._fault is Fault.STALL:
                    continue
                if self._fault is not None:
                    if self._fault is Fault.HALF:
                        self._client.sendall(octets[: len(octets) // 2])
                    break
                self._client.sendall(octets)
        self._end()

    def _end(self) -> None:
        for one in (self._client, self._server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
