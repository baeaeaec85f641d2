"""What left the desk, as an ordinary mail program reads it."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cached_property

from mailflow.core import tokens

POLICY = email.policy.default


@dataclass(frozen=True)
class Letter:
    """A mail of the desk in somebody's mailbox."""

    template: str
    envelope_sender: str
    recipient: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        message = email.message_from_bytes(self.raw, policy=POLICY)
        assert isinstance(message, EmailMessage)
        assert not message.defects
        return message

    def __getitem__(self, header: str) -> str:
        return str(self.message[header] or "")

    @property
    def subject(self) -> str:
        return self["Subject"]

    @property
    def reply_to(self) -> str:
        return self["Reply-To"]

    @property
    def ref(self) -> str:
        """The reference in the subject, which people see."""
        return self.subject.partition("[")[2].partition("]")[0]

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def files(self) -> dict[str, bytes]:
        return {str(part.get_filename()): part.get_payload(decode=True) for part in self.message.iter_attachments()}

    @cached_property
    def everything(self) -> str:
        """All that a curious reader can find: raw octets, decoded headers, decoded texts, names of files."""
        headers = [f"{name}: {value}" for part in self.message.walk() for name, value in part.items()]
        texts = [part.get_content() for part in self.message.walk() if part.get_content_maintype() == "text"]
        raw = self.raw.decode("utf-8", "replace")
        for part in self.message.walk():
            if part["Content-Transfer-Encoding"] == "base64":  # letters that mean nothing, read decoded above
                raw = raw.replace(str(part.get_payload()).replace("\r\n", "\n").replace("\n", "\r\n"), "")
        return "\n".join([raw, *headers, *texts, *self.files])

    @cached_property
    def tokens(self) -> set[str]:
        return set(tokens.find(self.everything))

    def _body(self, subtype: str) -> str:
        part = self.message.get_body((subtype,))
        assert part is not None, f"the mail has no {subtype} part"
        return part.get_content().replace("\r\n", "\n")

    def __repr__(self) -> str:
        return f"<{self.template}: {self.subject}>"
