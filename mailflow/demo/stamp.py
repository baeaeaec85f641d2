"""What a mail server writes on top of a mail that it takes: from where it came, and who vouches for its sender."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from email import policy
from email.headerregistry import AddressHeader
from email.parser import BytesParser
from email.utils import format_datetime

AUTHSERV_ID = "mx.example.org"
_OURS = (b"authentication-results:", b"return-path:")  # nobody else may say these


def stamped(raw: bytes, *, sender: str, login: str, known: Collection[str], queue_id: str, now: datetime) -> bytes:
    """The mail as it is delivered.

    `sender` is the envelope's ("": null), `login` who handed it in ("": a stranger), `known` the addresses of our users.
    Results that stand in the mail already come from outside and are taken out.
    """
    header, gap, body = raw.partition(b"\r\n\r\n")
    verdict, domain = verdict_of(header, login, known)
    how = "ESMTPA" if login else "ESMTP"
    lines = (
        f"Return-Path: <{sender}>",
        f"Authentication-Results: {AUTHSERV_ID};\r\n dmarc={verdict} header.from={domain}",
        f"Received: from [127.0.0.1] by {AUTHSERV_ID} with {how} id {queue_id};\r\n {format_datetime(now)}",
    )
    top = "".join(f"{line}\r\n" for line in lines).encode()
    return top + b"\r\n".join(_without_ours(header)) + gap + body


def verdict_of(header: bytes, login: str, known: Collection[str]) -> tuple[str, str]:
    """What DMARC would say, and the domain that it speaks of: who logged in may use their own address and no other."""
    author = author_of(header)
    domain = author.rpartition("@")[2] or "unknown.invalid"
    if author and author == login:
        return "pass", domain
    taken = {address.rpartition("@")[2] for address in known}
    return ("fail" if domain in taken else "none"), domain


def author_of(header: bytes) -> str:
    """The single address in the single From; "" when there is none or any doubt."""
    found = BytesParser(policy=policy.default).parsebytes(header, headersonly=True).get_all("From", [])
    addresses = [a.addr_spec for field in found if isinstance(field, AddressHeader) for a in field.addresses]
    clear = len(found) == len(addresses) == 1 and "@" in addresses[0]
    return addresses[0].lower() if clear else ""


def _without_ours(header: bytes) -> list[bytes]:
    """The header's lines without those that only we may write, folded ones as a whole."""
    kept: list[bytes] = []
    dropping = False
    for line in header.split(b"\r\n"):
        if not line.startswith((b" ", b"\t")):
            dropping = line.lower().startswith(_OURS)
        if not dropping:
            kept.append(line)
    return kept
