"""What is read where a mail has no text: an invitation, a text that says to be a file, the text of a winmail.dat."""

from __future__ import annotations

import re
from dataclasses import dataclass

READABLE = frozenset(
    {"text/plain", "text/html", "text/calendar", "text/enriched", "text/richtext", "text/rtf", "text/markdown", "text/x-markdown", "text/x-web-markdown"}
)  # fmt: skip
MAX_LETTERS = 1_000_000
_CALENDAR_LINE = re.compile(
    r"^(SUMMARY|LOCATION|DESCRIPTION|COMMENT)(?:;[^:\n]{0,500})?:([^\n]{0,20000})$", re.MULTILINE
)
_ESCAPED = re.compile(r"\\(.)")
_COMMAND = re.compile(r"</?[A-Za-z0-9-]{1,60}>")


@dataclass(frozen=True, slots=True)
class Told:
    plain: str = ""
    html: str = ""


def as_text(kind: str, text: str) -> Told:
    """The words of a file of this type; empty when it has none for people."""
    text = text[:MAX_LETTERS]
    if kind == "text/html":
        return Told(html=text)
    if kind == "text/calendar":
        return Told(_of_calendar(text))
    if kind == "text/rtf":
        from mailflow.mail import rtf  # seldom needed

        plain, html = rtf.read(text.encode("latin-1", "replace"))
        return Told(plain, html)
    if kind in ("text/enriched", "text/richtext"):
        return Told(_COMMAND.sub("", text).replace("<<", "<"))
    return Told(text)


def _of_calendar(text: str) -> str:
    """What the organiser wrote (RFC 5545)."""
    lines = _CALENDAR_LINE.findall(text.replace("\n ", "").replace("\n\t", ""))
    return "\n\n".join(dict.fromkeys(_ESCAPED.sub(_letter, value).strip() for _, value in lines))


def _letter(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]
