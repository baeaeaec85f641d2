"""Reply tokens: 64 random bits and an 80-bit tag, in 29 letters that survive every mail client (security rule 3).

A token proves nothing alone: it names a row (kind, subject, party) that the sender must match.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re

from mailflow.core.model import Grant

NONCE_OCTETS, TAG_OCTETS = 8, 10
LENGTH = 29  # base32 letters of 18 octets, unpadded
_TOKEN = re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{LENGTH}}}(?![a-z2-7])", re.IGNORECASE | re.ASCII)


def mint(secret: bytes, nonce: bytes, grant: Grant) -> str:
    """The token for a grant; `nonce` is NONCE_OCTETS of randomness that the caller keeps."""
    return base64.b32encode(nonce + _tag(secret, nonce, grant)).decode().rstrip("=").lower()


def nonce_of(token: str) -> bytes | None:
    """The random half, by which the caller finds the grant; None when this is no token at all."""
    octets = _octets(token)
    return octets[:NONCE_OCTETS] if octets else None


def genuine(secret: bytes, token: str, grant: Grant) -> bool:
    """Whether we made this token for this grant; compares in constant time."""
    octets = _octets(token)
    return bool(octets) and hmac.compare_digest(octets[NONCE_OCTETS:], _tag(secret, octets[:NONCE_OCTETS], grant))


def find(text: str) -> tuple[str, ...]:
    """Everything in a text that looks like a token, lower case, each once, in order. Linear in the text."""
    return tuple(dict.fromkeys(found.group().lower() for found in _TOKEN.finditer(text)))


def without(text: str, instead: str = "") -> str:
    """The text with everything that looks like a token replaced."""
    return _TOKEN.sub(instead, text)


def _tag(secret: bytes, nonce: bytes, grant: Grant) -> bytes:
    said = "\x1f".join((grant.kind, grant.subject, str(grant.party))).encode()
    return hmac.new(secret, nonce + said, hashlib.sha256).digest()[:TAG_OCTETS]


def _octets(token: str) -> bytes:
    try:
        octets = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        return b""
    return octets if len(octets) == NONCE_OCTETS + TAG_OCTETS else b""
