"""From a question to its answer, and on."""

from __future__ import annotations

import pytest

from mailflow.core.model import Outcome, State
from tests.conversations.clients import CLIENTS

QUESTION = """Dear helpdesk,

Our factory pays by the piece. Does the convention on minimum wages apply to piece rates?

Kind regards
Ann Lee
ann@firm.example"""
ANSWER = "Piece rates are covered: a worker of ordinary skill must reach the minimum wage in normal hours of work."


def test_a_question_is_answered(desk, ann, lucia):
    ann.writes(QUESTION, subject="Piece rates")
    desk.works()

    receipt = ann.gets("acknowledgement")
    assert receipt.ref == "2026-0001"
    assert "Monday 16 March 2026" in receipt.text or "Tuesday 17 March 2026" in receipt.text
    assert receipt["In-Reply-To"] == "<1.x@firm.example>" or receipt["In-Reply-To"].endswith("@firm.example>")
    assert receipt.envelope_sender == ""
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert "piece" not in receipt.text

    question = lucia.gets("question")
    assert "Does the convention on minimum wages apply to piece rates?" in question.text

    lucia.replies(question, ANSWER)
    desk.works()
    preview = lucia.gets("leaving")
    assert ANSWER.split(":")[0] in preview.text
    ann.gets_nothing()

    desk.passes(minutes=10)
    answer = ann.gets("answer")
    assert ANSWER.split(":")[0] in answer.text
    assert desk.ticket("2026-0001").state is State.ANSWERED
