"""Row ids: sortable by time, unguessable, 26 letters."""

from __future__ import annotations

import base64
import secrets
import threading
from datetime import datetime

_RANDOM_BITS = 80
_STEP_BITS = 60
_turn = threading.Lock()
_last = 0


def new_id(now: datetime) -> str:
    """48 bits of milliseconds and 80 random bits in base32hex, which sorts as the octets do.

    Within a process, ids of the same millisecond sort in the order in which they were made: a batch has one `now`.
    """
    global _last  # noqa: PLW0603  the last id made is the one thing that the next one must know
    number = int(now.timestamp() * 1000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS - 1)
    with _turn:
        if number >> _RANDOM_BITS == _last >> _RANDOM_BITS:
            number = _last + 1 + secrets.randbits(_STEP_BITS)
        _last = number
    return base64.b32hexencode(number.to_bytes(16, "big")).decode().rstrip("=").lower()
