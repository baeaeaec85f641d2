"""Sample facts for every template, so that all of them can be rendered without a ticket.

Several sets a template: every branch of a template is to be taken by one of them. The first is the usual case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from mailflow.core.effects import Passage
from mailflow.core.model import Role
from mailflow.core.wording import Flag, Held, Line, Reason, Said, line
from mailflow.mail import words
from mailflow.mail.render import Facts

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
_DUE = NOW + timedelta(days=7)

_QUESTION = Passage(
    "Good morning,\n\nmay a supplier keep the passports of its workers?\n\n- They asked for it.\n- Nothing is signed."
)
_ANSWER = Passage(
    "No.\n\nA passport stays with the person whom it names.",
    "<p>No.</p><p>A <b>passport</b> stays with the person whom it names.</p>",
)
_NOTE = Passage("Could you look at this before Friday?")
_ALL_FLAGS = tuple(flag.value for flag in Flag)
_FILES = ("contract.pdf", "photo 1.jpg")

_RECEIPTS: tuple[Facts, ...] = tuple(
    {"due": _DUE, "again": again, "copied": copied, "keep_months": 60} for again in (0, 1) for copied in (0, 1)
)

_ASKED: Facts = {
    "subject": "Passports", "question": _QUESTION, "files": _FILES, "language": "fr", "topics": ("forced_labour",),
    "queue": "forced-labour", "due": _DUE, "why": line("", Said.BY_TOPICS, {"queue": "forced-labour", "words": "“passport*”, “retain*”"}),
    "flags": (Flag.UNAUTHENTICATED.value, Flag.OTHERS_IN_COPY.value), "earlier": None,
    "actions": ("assign", "close", "note", "help"),
}  # fmt: skip
_ASKED_BARE: Facts = {
    **_ASKED, "subject": "", "question": Passage(""), "files": (), "language": "und", "topics": (), "queue": "",
    "why": line("", Said.NO_TOPIC),
    "flags": _ALL_FLAGS, "earlier": _ANSWER, "actions": (),
}  # fmt: skip

_LEAVING: Facts = {
    "answer": _ANSWER, "files": _FILES, "leaves": NOW + timedelta(minutes=10), "held": Held.NONE.value, "unsure": 0,
    "actions": ("stop", "send"),
}  # fmt: skip

_TRANSCRIPT: tuple[Line, ...] = (
    line("assign ann", Said.ASSIGNED, {"person": "Ann Example"}),
    line("clsoe", Said.UNKNOWN_COMMAND, {"word": "clsoe", "suggestion": "close"}, done=False),
)
_ALL_SAID: tuple[Line, ...] = tuple(
    Line("example", said, tuple((blank, "example") for blank in sorted(words.blanks(said.sentence)))) for said in Said
)

_MORE: Facts = {
    "subject": "Re: Passports", "text": _QUESTION, "files": _FILES, "due": _DUE, "flags": (),
    "actions": ("note", "help"),
}  # fmt: skip
_SEEMS = ("2026-0042", "")
_FAILED_MAILS = (
    *((template, Role.REQUESTER) for template in ("answer", "acknowledgement", "bilingual")),
    *((template, Role.EXPERT) for template in ("question", "assignment", "more", "leaving", "held", "transcript")),
    *((template, Role.COORDINATOR) for template in ("shelf", "undelivered")),
)
_USAGE = ("assign PERSON: Give the ticket to somebody.", "close: Close the ticket.")

SAMPLES: Mapping[str, tuple[Facts, ...]] = {
    "acknowledgement": _RECEIPTS,
    "bilingual": _RECEIPTS,
    "answer": ({"answer": _ANSWER, "files": _FILES}, {"answer": Passage(_QUESTION.text), "files": ()}),
    "question": (_ASKED, _ASKED_BARE),
    "assignment": (
        {**_ASKED, "note": _NOTE, "by": "Kim Example"},
        {**_ASKED_BARE, "note": None, "by": "Kim Example"},
    ),
    "more": (
        _MORE,
        {**_MORE, "subject": "", "text": Passage(""), "files": (), "flags": _ALL_FLAGS, "actions": ()},
        {**_MORE, "due": None},
    ),
    "leaving": (
        _LEAVING,
        *({**_LEAVING, "files": (), "leaves": None, "held": held.value, "unsure": 1} for held in Held if held),
        {**_LEAVING, "leaves": None},
    ),
    "shelf": tuple(
        {
            "reason": reason.value,
            "at": NOW,
            "size": 123_456,
            "seems": seems,
            "late": late,
            "actions": ("release", "drop", "help"),
        }
        for reason in Reason
        for seems in _SEEMS
        for late in (0, 1)
    ),
    "held": tuple({"reason": reason.value, "seems": seems, "actions": ()} for reason in Reason for seems in _SEEMS),
    "undelivered": tuple(
        {"what": what, "role": role.value, "status": status, "actions": ("assign", "queue", "close", "note", "help")}
        for what, role in _FAILED_MAILS
        for status in ("550 5.1.1", "")
    ),
    "transcript": (
        {"lines": _TRANSCRIPT, "usage": (), "actions": ("help",)},
        {"lines": _ALL_SAID, "usage": _USAGE, "actions": ("help",)},
        {"lines": (), "usage": (), "actions": ("help",)},
    ),
}
ACTIONS = ("assign", "close", "drop", "help", "note", "queue", "release", "send", "stop")  # offered as links
