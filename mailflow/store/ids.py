"""Row ids: sortable by time, unguessable, 26 letters."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

_RANDOM_OCTETS = 10


def new_id(now: datetime) -> str:
    """48 bits of milliseconds and 80 random bits in base32hex, which sorts as the octets do."""
    moment = int(now.timestamp() * 1000).to_bytes(6, "big", signed=False)
    return base64.b32hexencode(moment + secrets.token_bytes(_RANDOM_OCTETS)).decode().rstrip("=").lower()
