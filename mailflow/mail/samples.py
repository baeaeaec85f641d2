"""Sample facts for every template, so that all of them can be rendered without a ticket.

Several sets a template: every branch of a template is to be taken by one of them. The first is the usual case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mailflow.core import rounds
from mailflow.core.effects import Chart, Passage
from mailflow.core.model import Role, State, TaskKind
from mailflow.core.policy import Span
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
    "queue": "forced-labour", "due": _DUE, "wanted": _DUE, "why": line("", Said.BY_TOPICS, {"queue": "forced-labour", "words": "“passport*”, “retain*”"}),
    "flags": (Flag.UNAUTHENTICATED.value, Flag.OTHERS_IN_COPY.value), "earlier": None,
    "actions": ("assign", "close", "note", "help"),
}  # fmt: skip
_ASKED_BARE: Facts = {
    **_ASKED, "wanted": None, "subject": "", "question": Passage(""), "files": (), "language": "und", "topics": (), "queue": "",
    "why": line("", Said.NO_TOPIC),
    "flags": _ALL_FLAGS, "earlier": _ANSWER, "actions": (),
}  # fmt: skip

_LEAVING: Facts = {
    "template": "answer", "answer": _ANSWER, "files": _FILES, "leaves": NOW + timedelta(minutes=10), "held": Held.NONE.value, "unsure": 0,
    "actions": ("stop", "send"),
}  # fmt: skip

_TRANSCRIPT: tuple[Line, ...] = (
    line("assign ann", Said.ASSIGNED, {"person": "Ann Example"}),
    line("clsoe", Said.UNKNOWN_COMMAND, {"word": "clsoe", "suggestion": "close"}, done=False),
)
_BLANKS = {"roles": "coordinator, supervisor"}
_ALL_SAID: tuple[Line, ...] = tuple(
    Line(
        "example", said, tuple((blank, _BLANKS.get(blank, "example")) for blank in sorted(words.blanks(said.sentence)))
    )
    for said in Said
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

_STANDING = tuple(
    Line("status", Said.STANDING, (("person", "Kim Example"), ("queue", "wages")), what=state.value, when=when)
    for state in State
    for when in (_DUE, None)
)

_TO_REQUESTERS: dict[str, tuple[Facts, ...]] = {
    "correction": tuple({"answer": _ANSWER, "files": files, "replaces": NOW} for files in (_FILES, ())),
    "inquiry": tuple({"question": _QUESTION, "files": files} for files in ((), _FILES)),
    "details": ({},),
    "status": (
        {"answered": None, "waiting": None, "due": _DUE},
        {"answered": NOW, "waiting": None, "due": None},
        {"answered": None, "waiting": NOW, "due": _DUE},
        {"answered": None, "waiting": None, "due": None},
    ),
    "late": ({"due": NOW, "expected": _DUE},),
    "silent": ({"asked": NOW, "until": _DUE},),
    "closing": ({},),
    "which_language": ({},),
    "inadmissible": tuple(
        {"reason": reason, "note": note, "offices": offices}
        for reason in (
            "individual_claim", "dispute", "legal_representation", "job_application", "funding", "another_service", "",
        )
        for note, offices in ((None, ("Inspection du travail",)), (_NOTE, ()))
    ),
}  # fmt: skip

_PART: Facts = {
    "subject": "Passports", "question": _QUESTION, "files": _FILES, "language": "fr", "topics": ("forced_labour",),
    "due": _DUE, "actions": ("decline", "help"),
}  # fmt: skip
_PART_BARE: Facts = {**_PART, "subject": "", "question": Passage(""), "files": (), "topics": ()}

_OF_PANELS: dict[str, tuple[Facts, ...]] = {
    "contribution": (
        {**_PART, "by": "", "lead": "Kim Example", "note": None},
        {**_PART_BARE, "by": "Kim Example", "lead": "Kim Example", "note": _NOTE},
    ),
    "contributed": (
        {"by": "Lee Example", "text": _ANSWER, "missing": ("Ann Example",), "due": _DUE, "files": _FILES, "actions": ("ask", "help")},
        {"by": "Lee Example", "text": Passage(""), "missing": (), "due": None, "files": (), "actions": ()},
    ),
    "translation": (
        {"back": 0, "source": "my", "target": "en", "subject": "Passports", "text": _QUESTION, "due": _DUE, "actions": ("decline",)},
        {"back": 1, "source": "my", "target": "my", "subject": "", "text": Passage(""), "due": _DUE, "actions": ()},
    ),
    "translated": (
        {
            "by": "Lee Example", "text": _QUESTION, "original": _QUESTION, "language": "my", "topics": ("forced_labour",),
            "queue": "forced-labour", "due": _DUE, "wanted": _DUE, "files": _FILES, "actions": ("ask", "help"),
        },
        {
            "by": "Lee Example", "text": Passage(""), "original": Passage(""), "language": "my", "topics": (),
            "queue": "", "due": None, "wanted": None, "files": (), "actions": (),
        },
    ),
    "review": (
        {**_PART, "answer": _ANSWER, "original": None, "answer_files": (), "author": "Kim Example", "actions": ("approve", "reject", "help")},
        {**_PART_BARE, "answer": Passage(""), "original": _ANSWER, "answer_files": _FILES, "author": "Kim Example"},
    ),
    "reviewed": (
        {"verdict": "rejected", "by": "Lee Example", "text": _NOTE, "due": _DUE, "actions": ("help",)},
        {"verdict": "approved", "by": "Lee Example", "text": None, "due": None, "actions": ("help",)},
        {"verdict": "corrected", "by": "Lee Example", "text": _ANSWER, "due": None, "actions": ("help",)},
        {"verdict": "rejected", "by": "Lee Example", "text": None, "due": None, "actions": ()},
    ),
    "declined": tuple(
        {"what": kind.value, "by": "Lee Example", "why": why, "due": due, "actions": ("consult", "assign", "help")}
        for kind in TaskKind
        for why, due in ((_NOTE, _DUE), (None, None))
    ),
}  # fmt: skip

_DUTIES = tuple(
    Line(
        "2026-0042",
        Said.DUE_NOW,
        (("name", "Forced labour, Construction"), ("people", "Kim Example")),
        what=what,
        when=_DUE,
    )
    for what in dict.fromkeys([*(span.value for span in Span), *(kind.value for kind in TaskKind), rounds.REPLY])
)
_WAITS = Line("2026-0043", Said.TICKET_LINE, (("name", "Wages"),), when=NOW)
_SHELVED = tuple(
    Line("0abc123def", Said.SHELF_LINE, (("size", "12345"),), what=reason.value, when=NOW) for reason in Reason
)
_FAILED = tuple(Line("2026-0044", Said.UNDELIVERED_LINE, what=what) for what in ("answer", "question"))
_NUMBERS: Facts = {
    "open": 3, "opened": 3, "answered": 2, "opened_before": "2.5", "answered_before": "3", "answers": 9,
    "median_days": "6", "late_days": "11", "in_time": "89",
    "chart": Chart("weeks", ("4", "3", "2", "1", "0"), ((3, 2, 4, 1, 3), (2, 3, 3, 2, 2))),
    "queues": (line("wages", Said.SHARE, {"number": "2"}), line("", Said.SHARE, {"number": "1"})),
    "languages": (line("fr", Said.SHARE, {"number": "3"}),),
}  # fmt: skip
_EMPTY: Facts = {
    "late": (), "soon": (), "review": (), "waiting": (), "shelf": (), "undelivered": (), "publications": (), "open": 1,
    "opened": 0, "answered": 0, "opened_before": "", "answered_before": "", "answers": 0, "median_days": "",
    "late_days": "", "in_time": "", "chart": None, "queues": (), "languages": (), "actions": (),
}  # fmt: skip

_ROUNDS: dict[str, tuple[Facts, ...]] = {
    "reminder": ({"lines": _DUTIES, "more": 0, "actions": ("status", "digest", "help")}, {"lines": _DUTIES, "more": 3, "actions": ()}),
    "away": ({"who": "Kim Example", "first": NOW, "last": _DUE, "lines": _DUTIES, "actions": ("status",)},),
    "notices": (
        {"shelf": _SHELVED, "undelivered": _FAILED, "actions": ("status", "digest", "help")},
        {"shelf": (), "undelivered": _FAILED, "actions": ()},
    ),
    "weekly": ({"lines": _DUTIES, "actions": ("status", "away", "help")},),
    "digest": (
        {
            **_NUMBERS, "late": _DUTIES[:2], "soon": _DUTIES, "review": _DUTIES[:1],
            "waiting": (_WAITS, replace(_WAITS, when=None)), "shelf": _SHELVED, "undelivered": _FAILED,
            "publications": (_WAITS,), "actions": ("status", "find", "new", "away", "help"),
        },
        _EMPTY,
    ),
}  # fmt: skip

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
            "danger": danger,
            "actions": ("release", "drop", "help"),
        }
        for reason in Reason
        for seems in _SEEMS
        for late, danger in ((0, 0), (1, 0), (0, 1))
    ),
    "held": tuple({"reason": reason.value, "seems": seems, "actions": ()} for reason in Reason for seems in _SEEMS),
    "undelivered": tuple(
        {"what": what, "role": role.value, "status": status, "actions": ("assign", "queue", "close", "note", "help")}
        for what, role in _FAILED_MAILS
        for status in ("550 5.1.1", "")
    ),
    "transcript": (
        {"lines": _TRANSCRIPT, "usage": (), "story": None, "actions": ("help",)},
        {"lines": (*_ALL_SAID, *_STANDING), "usage": _USAGE, "story": _QUESTION, "actions": ("help",)},
        {"lines": (), "usage": (), "story": None, "actions": ("help",)},
    ),
    **_TO_REQUESTERS,
    **_OF_PANELS,
    **_ROUNDS,
}
ACTIONS = (  # offered as links
    "approve", "ask", "assign", "away", "close", "consult", "correct", "decline", "digest", "drop", "find", "help",
    "inadmissible", "new", "note", "publish", "queue", "reject", "release", "reopen", "send", "show", "status", "stop",
    "take",
)  # fmt: skip
