"""Mail from people who are not who they seem, and the honest twin of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailflow.core.model import Outcome, State
from tests.conversations.clients import phone

QUESTION = "What does the convention say about the minimum wage of apprentices?"
ANSWER = "It applies to them as well, unless the law says otherwise."
LIE = "You need not pay your apprentices anything at all, whatever you may have read."


@pytest.fixture
def asked(desk, ann, lucia):
    """Ann's acknowledgement, and the question as Lucia has it."""
    return desk.question_of(ann, QUESTION, lucia)


@pytest.fixture
def mallory(desk):
    return desk.knows("Mallory", "mallory@bad.example")


def held(desk, reason, *owners):
    """The mail is on the shelf, its text reached nobody, and those who must know do."""
    desk.works()
    assert (desk.last.outcome, desk.last.because) == (Outcome.SHELVED, reason)
    for owner in owners:
        assert LIE not in owner.gets("held").text
    notices = [coordinator.gets("shelf") for coordinator in desk.coordinators]
    assert all(LIE not in notice.everything for notice in notices)
    return notices[0]


def test_a_spoofed_expert_is_held_until_a_coordinator_drops_it(desk, ann, lucia, ana, mallory, asked):
    """Mallory knows the token and writes under Lucia's address; our server finds no proof."""
    mallory.name = "Lucia Santos"
    mallory.replies(asked[1], LIE, address=lucia.address, vouched="none")
    notice = held(desk, "unproven_staff", lucia)
    assert "nothing proves it" in notice.text

    ana.replies(notice, "#drop")
    desk.works()
    assert "dropped from the shelf" in ana.gets("transcript").text
    desk.passes(days=30)
    ann.gets("late")  # of her own question, which nobody answered
    ann.gets_nothing()
    lucia.gets_nothing()
    mallory.name = "Mallory"


def test_an_unproven_answer_leaves_once_a_coordinator_releases_it(desk, ann, lucia, ana, jean, asked):
    lucia.replies(asked[1], ANSWER, vouched="")
    notice = held(desk, "unproven_staff", lucia)
    ana.replies(notice, "#release")
    desk.works()
    assert "left the shelf and is being handled" in ana.gets("transcript").text
    assert ANSWER in lucia.gets("leaving").text
    desk.passes(minutes=10)
    assert ANSWER in ann.gets("answer").text

    late = next(letter for letter in desk.left if letter.template == "shelf" and letter.recipient == jean.address)
    jean.replies(late, "#drop")  # somebody else was quicker
    desk.works()
    assert "rien de ce courriel n’a été exécuté" in jean.gets("transcript").text


def test_what_is_held_is_told_again_after_a_working_day(desk, lucia, ana, jean, grace, asked):
    lucia.replies(asked[1], ANSWER, vouched="")
    held(desk, "unproven_staff", lucia)
    desk.passes(days=2)
    for member in (ana, jean, grace):
        member.gets("shelf")
    desk.passes(days=2)
    ana.gets_nothing()  # told once


@pytest.mark.parametrize("vouched", ["fail", "none", ""])
def test_commands_without_proof_are_not_carried_out(desk, ana, vouched, asked):
    ana.writes("#close", vouched=vouched)
    held(desk, "unproven_staff", ana)
    assert desk.ticket("2026-0001").state is State.ASSIGNED


def test_a_foreign_servers_word_proves_nothing(desk, lucia, mallory, asked):
    forged = {"Authentication-Results": "mx.example.org; dmarc=pass header.from=example.org"}
    mallory.name = "Lucia Santos"
    mallory.replies(asked[1], LIE, address=lucia.address, headers=forged, vouched="fail")  # ours stands on top
    held(desk, "unproven_staff", lucia)
    mallory.name = "Mallory"


def test_a_stranger_with_an_experts_token_is_held(desk, lucia, mallory, asked):
    mallory.replies(asked[1], LIE)
    held(desk, "not_their_token", lucia)
    mallory.gets_nothing()


def test_an_experts_other_address_is_theirs_too(desk, ann, lucia, asked):
    lucia.replies(asked[1], ANSWER, address="lucia@example.com")
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    ann.gets("answer")


def test_an_address_that_only_looks_like_the_experts_is_a_strangers(desk, asked):
    double = desk.knows("Lucia Santos ", "lucia.santos@xn--exmple-cua.org")
    double.replies(asked[1], LIE)
    desk.works()
    assert (desk.last.outcome, desk.last.because) == (Outcome.SHELVED, "not_their_token")
    for person in desk.people.values():
        person.unread.clear()


def test_an_expert_who_is_no_longer_assigned_is_held(desk, ann, lucia, kofi, ana, asked):
    desk.engine.command("assign kofi", "", desk.now, ref="2026-0001")
    desk.works()
    kofis = kofi.gets("assignment")
    lucia.gets("taken_away")
    lucia.replies(asked[1], ANSWER)
    held(desk, "not_assigned", lucia)
    kofi.replies(kofis, "It does, and the rate of apprentices is fixed by law.")
    desk.works()
    kofi.gets("leaving")
    desk.passes(minutes=10)
    assert "fixed by law" in ann.gets("answer").text


def test_an_expert_who_left_is_a_stranger(desk, lucia, asked):
    people = {slug: person for slug, person in desk.engine.policy.people.items() if slug != "lucia"}
    queues = {
        n: replace(q, experts=tuple(s for s in q.experts if s != "lucia")) for n, q in desk.engine.policy.queues.items()
    }
    desk.engine = replace(desk.engine, policy=replace(desk.engine.policy, people=people, queues=queues))
    lucia.replies(asked[1], ANSWER)
    notice = held(desk, "not_their_token")

    ana = desk.people["ana.ruiz@example.org"]
    ana.replies(notice, "#release")
    desk.works()
    ana.gets("transcript")
    assert desk.last.outcome is Outcome.OPENED  # somebody wrote something: it is a question now
    for person in desk.people.values():
        person.unread.clear()


def test_an_expert_who_forgot_to_reply_is_told(desk, lucia):
    lucia.writes("About the apprentices: the rate is fixed by law.", subject="Apprentices")
    held(desk, "staff_without_ticket", lucia)


def test_a_stranger_who_quotes_an_askers_token_asks_something_new(desk, ann, lucia, kofi, ana, jean, mallory, asked):
    receipt, _ = asked
    mallory.replies(receipt, "Please send me all that was said about the minimum wage so far.", client=phone)
    desk.works()
    assert (desk.last.outcome, desk.last.ref) == (Outcome.OPENED, "2026-0002")
    assert [message.part.kind for message in desk.story("2026-0001")] == ["question"]
    assert mallory.gets("acknowledgement").ref == "2026-0002"
    assert "it was not joined to it" in kofi.gets("question").text
    assert "it was not joined to it" in ana.gets("question").text  # a coordinator may know better
    jean.gets("question")
    ann.gets_nothing()
    lucia.gets_nothing()


def test_an_asker_from_another_address_asks_something_new(desk, ann, kofi, ana, jean, asked):
    ann.addresses = ("ann@firm.example", "ann.lee@home.example")
    desk.people["ann.lee@home.example"] = ann
    ann.replies(
        asked[0],
        "From home: does the minimum wage hold for interns, too?",
        address="ann.lee@home.example",
        client=phone,
    )
    desk.works()
    assert (desk.last.outcome, desk.last.ref) == (Outcome.OPENED, "2026-0002")
    receipt = ann.gets("acknowledgement")
    assert receipt.recipient == "ann.lee@home.example"
    for member in (kofi, ana, jean):
        member.gets("question")

    ann.replies(receipt, "They get pocket money only.", address="ann.lee@home.example")
    desk.works()
    assert (desk.last.outcome, desk.last.ref) == (Outcome.ADDED, "2026-0002")  # that conversation goes on by itself
    kofi.gets("more")


def test_a_reply_that_its_own_domain_disowns_is_held(desk, ann, lucia, mallory, asked):
    mallory.name = "Ann Lee"
    mallory.replies(asked[0], LIE, address=ann.address, vouched="fail")
    held(desk, "forged_reply")
    lucia.gets_nothing()
    mallory.name = "Mallory"


def test_an_asker_whose_domain_proves_nothing_joins_with_a_remark(desk, ann, lucia, asked):
    ann.replies(asked[0], "They are seventeen years old.", vouched="")
    desk.works()
    assert "nothing proves the sender" in lucia.gets("more").text


def test_a_question_that_its_own_domain_disowns_goes_to_the_coordinators_unacknowledged(desk, ann, ana, jean):
    ann.writes(QUESTION, vouched="fail")
    desk.works()
    ann.gets_nothing()
    assert "no acknowledgement was sent" in ana.gets("question").text
    jean.gets("question")


def test_tokens_that_disagree_are_held(desk, ann, lucia, kofi, asked):
    _, other = desk.question_of(ann, "And what about the minimum wage of interns?", kofi)
    lucia.replies(asked[1], LIE, cc=other.reply_to)
    held(desk, "tokens_disagree")
    kofi.gets_nothing()


def test_a_mail_from_two_senders_is_held(desk, asked):
    raw = b"From: a@firm.example\r\nFrom: b@firm.example\r\nTo: helpdesk@example.org\r\nMessage-ID: <x@firm.example>\r\n\r\n"
    desk.takes_in(raw + LIE.encode())
    held(desk, "sender_unclear")


def test_a_tampered_token_is_no_token(desk, ann, kofi, asked):
    token = asked[0].reply_to.partition("+")[2].partition("@")[0]
    other = ("b" if token[-2] != "b" else "c").join((token[:-2], token[-1]))
    ann.writes("One more thing about the minimum wage: who controls it?", to=f"helpdesk+{other}@example.org")
    desk.works()
    assert (desk.last.outcome, desk.last.ref) == (Outcome.OPENED, "2026-0002")
    ann.gets("acknowledgement")
    kofi.gets("question")


def test_a_token_in_capitals_is_the_same_token(desk, ann, lucia, asked):
    ann.writes("They are seventeen years old.", to=asked[0].reply_to.upper().replace("HELPDESK", "helpdesk"))
    desk.works()
    assert desk.last.outcome is Outcome.ADDED
    lucia.gets("more")


def test_a_planted_sign_up_code_stays_data(desk, ann, lucia, mallory):
    """Header and template injection: what looks like ours in a question is shown as words."""
    mallory.writes(
        f"{QUESTION}\n\n{{{{ desk }}}} {{% include 'x' %}} ${{7*7}}\n#close\nSubject: x\n<script>alert(1)</script>",
        subject="Hello =?utf-8?q?a=0D=0ABcc:_victim=40firm.example?=",
    )
    desk.works()
    mallory.gets("acknowledgement")
    question = lucia.gets("question")
    assert "{{ desk }} {% include 'x' %} ${7*7}" in question.text
    assert "Bcc" not in question.message
    assert "<script>alert(1)" not in question.html
    assert desk.ticket("2026-0001").state is State.ASSIGNED
