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
from mailflow.core.publication import KINDS
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

_PAGES = ("Wages of apprentices: https://helpdesk.example/en/q/wages-of-apprentices/",)
_RECEIPTS: tuple[Facts, ...] = tuple(
    {"due": _DUE, "again": again, "copied": copied, "keep_months": 60, "published": published}
    for again in (0, 1)
    for copied in (0, 1)
    for published in ((), _PAGES)
)

_ASKED: Facts = {
    "title": "", "subject": "Passports", "question": _QUESTION, "files": _FILES, "language": "fr", "topics": ("forced_labour",),
    "queue": "forced-labour", "due": _DUE, "wanted": _DUE, "why": line("", Said.BY_TOPICS, {"queue": "forced-labour", "words": "“passport*”, “retain*”"}),
    "flags": (Flag.UNAUTHENTICATED.value, Flag.OTHERS_IN_COPY.value), "earlier": None, "precedents": _PAGES, "coding": ("user_type=mnes (our company)",),
    "actions": ("assign", "close", "note", "help"),
}  # fmt: skip
_ASKED_BARE: Facts = {
    **_ASKED, "title": "Keeping of passports", "wanted": None, "subject": "", "question": Passage(""), "files": (), "language": "und", "topics": (), "queue": "",
    "why": line("", Said.NO_TOPIC),
    "flags": _ALL_FLAGS, "earlier": _ANSWER, "precedents": (), "coding": (), "actions": (),
}  # fmt: skip

_LEAVING: Facts = {
    "template": "answer", "answer": _ANSWER, "files": _FILES, "leaves": NOW + timedelta(minutes=10), "held": Held.NONE.value, "unsure": 0, "instead": 0,
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
    "title": "", "subject": "Re: Passports", "text": _QUESTION, "files": _FILES, "due": _DUE, "flags": (),
    "actions": ("note", "help"),
}  # fmt: skip
_SEEMS = ("2026-0042", "")
_FAILED_MAILS = (
    *((template, Role.REQUESTER) for template in ("answer", "acknowledgement", "bilingual")),
    *((template, Role.EXPERT) for template in ("question", "assignment", "more", "leaving", "held", "transcript")),
    *((template, Role.COORDINATOR) for template in ("shelf", "undelivered")),
)
_USAGE = ("assign PERSON: Give the ticket to somebody.", "close: Close the ticket.")

_COMMANDS = (Line("hold DAYS", Said.HELP, what="hold"),)
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
        {"answered": None, "due": _DUE},
        {"answered": NOW, "due": None},
        {"answered": None, "due": None},
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
            "title": "", "by": "Lee Example", "text": _QUESTION, "original": _QUESTION, "language": "my", "topics": ("forced_labour",),
            "queue": "forced-labour", "due": _DUE, "wanted": _DUE, "files": _FILES, "actions": ("ask", "help"),
        },
        {
            "title": "Keeping of passports", "by": "Lee Example", "text": Passage(""), "original": Passage(""), "language": "my", "topics": (),
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
    "taken_away": tuple(
        {"what": what, "to": to, "by": "Kim Example", "stopped": stopped, "actions": ("help",)}
        for what, to in (
            ("given", "Lee Example"), ("taken", ""), ("merged", "2026-0041"), ("inadmissible", ""), ("spam", ""), ("closed", ""),
        )
        for stopped in (0, 1)
    ),
    "declined": tuple(
        {
            "what": kind.value, "by": "Lee Example", "why": why, "due": due, "text": text, "waits": waits,
            "actions": ("consult", "assign", "help"),
        }
        for kind in TaskKind
        for why, due in ((_NOTE, _DUE), (None, None))
        for text, waits in ((None, 0), (_QUESTION, 0), (_QUESTION, 1))
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

_CANDIDATE: Facts = {
    "by": "Kim Example", "topics": ("wages",), "language": "fr", "version": 1, "due": NOW,
    "title": "Salaire minimum des apprentis", "question": Passage("Dans une entreprise, le salaire minimum vaut-il ?"),
    "answer": _ANSWER, "marks": (
        replace(line("1", Said.MARK, {"word": "Exemple SARL", "with": "une entreprise", "by": "legal forms", "sure": "90"}), what="organisation"),
        replace(line("2", Said.MARK_GONE, {"word": "Bonjour,", "with": "", "by": "greetings", "sure": "90"}), what="courtesy"),
    ),
    "warnings": ("Only 2 tickets share this coding.",), "leaks": (), "sides": Passage("[1: Exemple SARL]", "<p>[1: Exemple SARL]</p>"),
    "actions": ("approve", "keep", "replace", "reject", "help"),
}  # fmt: skip
_PUBLISHED: dict[str, tuple[Facts, ...]] = {
    "candidate": (
        _CANDIDATE,
        {
            **_CANDIDATE, "marks": (), "warnings": (), "sides": None, "topics": (), "actions": (),
            "leaks": tuple(replace(line("Exemple", Said.LEAK), what=kind) for kind in sorted(KINDS)),
        },
    ),
    "publication": tuple(
        {
            "verdict": verdict, "by": "Kim Example", "why": why, "title": "Wages of apprentices", "days": 30,
            "page": page, "actions": ("show", "help"),
        }
        for verdict in ("approved", "rejected", "published", "withdrawn", "refused", "unable", "nobody", "empty")
        for why, page in ((None, ""), (Passage("It names the town."), "https://helpdesk.example/en/q/wages-of-apprentices/"))
    ),
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
        {**_MORE, "title": "Keeping of passports", "due": None},
    ),
    "leaving": (
        _LEAVING,
        *(
            {**_LEAVING, "files": (), "leaves": None, "held": held.value, "unsure": 1, "instead": 1}
            for held in Held
            if held
        ),
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
        {"lines": _TRANSCRIPT, "usage": (), "commands": (), "story": None, "actions": ("help",)},
        {
            "lines": (*_ALL_SAID, *_STANDING),
            "usage": _USAGE,
            "commands": _COMMANDS,
            "story": _QUESTION,
            "actions": ("help",),
        },
        {"lines": (), "usage": (), "commands": (), "story": None, "actions": ("help",)},
    ),
    **_TO_REQUESTERS,
    **_OF_PANELS,
    **_ROUNDS,
    **_PUBLISHED,
}
ACTIONS = (  # offered as links
    "approve", "ask", "assign", "away", "close", "consult", "correct", "decline", "digest", "drop", "find", "help",
    "inadmissible", "keep", "new", "note", "publish", "queue", "reject", "release", "reopen", "replace", "send", "show", "status", "stop",
    "take",
)  # fmt: skip
