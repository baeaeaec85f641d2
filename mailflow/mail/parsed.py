"""What the parser makes of a mail's bytes: plain values that cross a pipe, nothing judged yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.model import Attachment, BounceReport

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Part:
    """An attached file or mail, whole. Its name is data: never make a path of it."""

    name: str  # "" when the mail gives none
    type: str  # lower case, without parameters
    size: int  # octets, decoded
    sha256: str
    inline: bool  # a picture that the text shows in its place
    content: bytes = field(repr=False)

    @property
    def attachment(self) -> Attachment:
        """The same without its octets, as the rest of the desk speaks of it."""
        return Attachment(self.name, self.type, self.size, self.sha256, self.inline)


@dataclass(frozen=True, slots=True)
class Parsed:
    """One mail, decoded. Every string is valid UTF-8 without control characters (tab and line feed apart)."""

    headers: tuple[tuple[str, str], ...] = ()  # decoded and unfolded, names in lower case, in order
    message_id: str = ""  # angle brackets included, or ""
    date: datetime | None = None  # aware, UTC
    sender: str = ""  # the single address of the single From, normalised; "" in any doubt
    sender_doubt: str = ""  # why there is no sender
    name: str = ""  # the From line's display name, decoded after the addresses were told apart
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # ids of References, then of In-Reply-To: newest last
    return_path: str | None = None  # "" is the null path, None is unknown
    subject: str = ""
    body: str = ""  # the whole readable text
    text: str = ""  # the author's own words
    quoted: str = ""  # what was cut as quotation or signature
    given: int = -1  # where in `text` a mail begins that the author forwards to us; -1 where there is none
    cut_sure: bool = True  # False: it was not clear where quotations begin
    rich: str = ""  # the own words as allow-listed HTML, or "" where there is none that says the same
    attachments: tuple[Part, ...] = ()
    report: BounceReport | None = None  # what a bounce says; None when the mail isn't one
    content_types: tuple[str, ...] = ()  # of every part, in order
    defects: tuple[str, ...] = ()  # every repair, and what was kept whole since it is signed or sealed; each once
