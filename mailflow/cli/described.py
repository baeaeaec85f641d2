"""What became of a mail, or would become of it: the object that `ingest --json` and `explain --json` print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailflow.cli import show
from mailflow.core import coding
from mailflow.core.model import Mail, Origin, OriginKind, Outcome, Sign
from mailflow.core.policy import Policy
from mailflow.core.routing import route
from mailflow.core.wording import Reason

UNREAD = Mail("", "", origin=Origin(OriginKind.HUMAN, "the mail could not be read"))


@dataclass(frozen=True, slots=True)
class Described:
    source: str
    mail: Mail | None  # None when it could not be read
    outcome: Outcome
    because: str
    ticket: str  # "" for none
    queue: str
    contributors: tuple[str, ...]
    suggestions: tuple[Sign, ...] = ()
    admissible: bool | None = None  # suggested; a person decides

    @property
    def reason(self) -> str:
        """One sentence."""
        return sentence(self.because)

    def values(self) -> dict[str, object]:
        mail = self.mail or UNREAD
        return {
            "source": self.source,
            "message_id": mail.message_id,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "ticket": self.ticket or None,
            **words_of(mail),
            "origin": {
                "kind": mail.origin.kind.value,
                "automatic": mail.origin.automatic,
                "authenticated": mail.authentication.verdict.value,
                "because": mail.origin.because,
            },
            "language": {"code": mail.language.code, "confidence": mail.language.confidence, "by": mail.language.by},
            "topics": [{"id": t.id, "score": t.score, "because": list(t.because)} for t in mail.topics],
            "queue": self.queue,
            "contributors": list(self.contributors),
            "admissible": self.admissible,
            "suggestions": [
                {"kind": s.kind.value, "value": s.value, "because": list(s.because)} for s in self.suggestions
            ],
            "defects": list(mail.defects),
        }

    def summary(self) -> str:
        """One line for people."""
        what = " ".join(filter(None, (self.outcome.value, self.ticket, self.queue and f"({self.queue})")))
        return f"{self.source}: {what}: {self.reason}"


def described(
    source: str, mail: Mail | None, outcome: Outcome, because: str, ticket: str, queue: str, policy: Policy
) -> Described:
    """With what is suggested of a question; a mail that opens no ticket is not judged further."""
    others = contributors(mail, outcome, queue, policy)
    if mail is None or outcome is not Outcome.OPENED:
        return Described(source, mail, outcome, because, ticket, queue, others)
    told = coding.suggestions(mail, policy)
    admissible = coding.admissible(mail, told, policy)
    return Described(source, mail, outcome, because, ticket, queue, others, told, admissible)


def words_of(mail: Mail) -> dict[str, object]:
    """Who wrote what."""
    files = [{"name": a.name, "type": a.type, "size": a.size, "sha256": a.sha256} for a in mail.attachments]
    return {
        "sender": mail.sender,
        "name": mail.name,
        "subject": mail.subject,
        "date": show.rfc3339(mail.date),
        "text": mail.text,
        "quoted": mail.quoted,
        "attachments": files,
    }


def sentence(because: str) -> str:
    """Why a mail is on the shelf is kept as a code, everything else as a sentence."""
    codes: Mapping[str, str] = {reason.value: reason.sentence for reason in Reason}
    return codes.get(because, because)


def contributors(mail: Mail | None, outcome: Outcome, queue: str, policy: Policy) -> tuple[str, ...]:
    """The queues of a routed question's other topics."""
    if mail is None or outcome is not Outcome.OPENED or not queue:
        return ()
    return tuple(name for name in route(mail, policy).contributors if name != queue)
