"""What can happen to the helpdesk."""

from dataclasses import dataclass
from datetime import date

from mailflow.core.model import Mail
from mailflow.core.publication import Candidate
from mailflow.core.wording import Reason


@dataclass(frozen=True, slots=True)
class MailArrived:
    mail: Mail


@dataclass(frozen=True, slots=True)
class MailShelved:
    """A mail was put on the shelf by the machinery itself: it killed the parser, or failed three times."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class HeldTooLong:
    """A mail lies on the shelf (situation.shelf) beyond its deadline."""


@dataclass(frozen=True, slots=True)
class DayBegan:
    """Somebody's working day has begun (situation.board): what they must be reminded of, and their digest."""

    slug: str
    day: date  # theirs


@dataclass(frozen=True, slots=True)
class NoticesDue:
    """What was gathered for somebody (situation.board) has waited long enough."""

    slug: str


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """The promise of a ticket (situation.ticket) is over, and no answer has left."""


@dataclass(frozen=True, slots=True)
class SilenceReached:
    """The requester hasn't answered our question for as long as they are given (situation.ticket)."""


@dataclass(frozen=True, slots=True)
class CandidateMade:
    """The machine has looked through a text for publication."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class PublicationDue:
    """The day of an approved text has come, and the machine has looked through it again."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class MailSent:
    """The mail server took a mail of ours (situation.sent)."""


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """The mail server refused a mail of ours for good, or for too long (situation.sent)."""

    reason: str  # the class of the refusal, never its text: "550 5.1.1"


@dataclass(frozen=True, slots=True)
class QuestionEntered:
    """A question asked by telephone, letter or meeting, typed in by a coordinator: `mail` holds what was typed."""

    mail: Mail  # its sender is "" when no address was given
    via: str  # telephone, letter, meeting...
    actor: str  # slug of whoever typed it, or "operator"


@dataclass(frozen=True, slots=True)
class CommandTyped:
    """A mail command, given at the keyboard (situation.ticket or situation.shelf)."""

    line: str  # as in a mail, without the #: "assign ann"
    text: str = ""


Event = (
    MailArrived | MailShelved | HeldTooLong | DayBegan | NoticesDue | DeadlinePassed | SilenceReached | CandidateMade | PublicationDue | MailSent
    | DeliveryFailed | QuestionEntered | CommandTyped
)  # fmt: skip
