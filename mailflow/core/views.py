"""The confidentiality wall: what each side may see of the other's words. Everything relayed passes through here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailflow.core import tokens
from mailflow.core.effects import Passage
from mailflow.core.model import Policy

WITHHELD = "[…]"


def for_staff(text: str, sender: str, name: str) -> str:
    """A requester's words as experts see them: without the requester's address and full name, and without tokens."""
    hidden = [sender] + ([name] if " " in name.strip() else [])
    return _without(tokens.without(text, WITHHELD), hidden)


def for_requester(text: str, policy: Policy) -> str:
    """Staff's words as the requester sees them: without any address of staff, and without tokens."""
    return _without(tokens.without(text, WITHHELD), policy.staff_addresses)


def answer_for_requester(text: str, rich: str, policy: Policy) -> Passage:
    """An expert's answer as it will leave. Its HTML is given up when there was anything in it to withhold."""
    kept = rich if for_requester(rich, policy) == rich else ""
    return Passage(for_requester(text, policy), kept)


def _without(text: str, hidden: Iterable[str]) -> str:
    """The text with each hidden word replaced, in any case, wherever it stands as a word of its own."""
    words = sorted({word for word in hidden if word}, key=len, reverse=True)
    if not words or not any(word.casefold() in text.casefold() for word in words):
        return text
    return re.sub(rf"(?<![\w.+-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", WITHHELD, text, flags=re.IGNORECASE)
