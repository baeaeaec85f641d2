"""Telling systemd how we are (sd_notify): a datagram to the socket it names, nothing when it names none.

Nobody listening is no fault of ours, and no reason to stop: systemd's own clients ignore it, too.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def notify(state: str) -> None:
    """`READY=1`, `STOPPING=1`, `WATCHDOG=1`, `STATUS=...`; see sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as connection:
        connection.connect("\0" + address[1:] if address.startswith("@") else address)
        connection.sendall(state.encode())
