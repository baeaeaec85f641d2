"""A second person reads an answer before it leaves, where the queue wants it: what leaves is what they approved."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from mailflow.core.model import State
from mailflow.core.reviewing import says_yes
from mailflow.store.tables import OutboxRow
from mailflow.store.vault import Place
from tests.conversations.clients import CLIENTS

PAY = "Is a man's equal pay with a woman's also equal pay when she works by the piece?"
COUNCIL = "May a bargaining council set wages for those who did not join it?"
ANSWER = "It is, when the piece is valued alike. The convention speaks of work of equal value, whoever does it."
CORRECTED = (
    "It is, when the piece is valued alike. The convention speaks of equal remuneration for work of equal value."
)


@pytest.fixture
def in_review(desk, ann, nadia, ana, jean):
    """Nadia's answer, as each coordinator got it to read."""
    _, question = desk.question_of(ann, PAY, nadia)
    nadia.replies(question, ANSWER)
    desk.works()
    assert "a second person reads it first" in nadia.gets("leaving").text
    assert desk.ticket("2026-0001").state is State.IN_REVIEW
    return ana.gets("review"), jean.gets("review")


def leaves_as(answer, words):
    """The words stand in the mail as one piece, however its lines are wrapped."""
    return words in " ".join(answer.text.split())


def held_octets(desk):
    """What waits in the outbox for a verdict, octet by octet."""
    rows = OutboxRow.__table__.c
    with desk.engine.store.database.read() as connection:
        held = connection.execute(select(OutboxRow.__table__).where(rows.state == "held")).one()
    opened = desk.engine.store.vault.open(held.sealed, Place("outbox", held.key, "sealed", held.ticket))
    return opened.partition(b"\n")[2]


def test_a_reviewer_sees_question_and_answer_and_ok_lets_it_leave(desk, ann, nadia, ana, in_review):
    review, _ = in_review
    assert "Nadia Haddad wrote the answer below" in review.text
    assert leaves_as(review, ANSWER)
    assert "works by the piece" in review.text
    assert "Wednesday 4 March 2026" in review.text  # two working days
    desk.passes(days=1)
    ann.gets_nothing()  # however long it takes

    ana.replies(review, "OK")
    desk.works()
    assert "approved, and leaves as you saw it" in ana.gets("transcript").text
    assert "Ana Ruiz approved your answer" in nadia.gets("reviewed").text
    assert leaves_as(ann.gets("answer"), ANSWER)
    assert desk.ticket("2026-0001").state is State.ANSWERED


@pytest.mark.parametrize(
    "yes", ["ok", "OK.", "Ok!", "d'accord", "D’accord.", "de acuerdo", "De acuerdo", "#approve", "#Approve."]
)
@pytest.mark.parametrize("who", ["ana", "jean"])
def test_a_word_of_approval_is_enough(request, desk, ann, nadia, in_review, who, yes):
    reviewer = request.getfixturevalue(who)
    reviewer.replies(in_review[who == "jean"], yes)
    desk.works()
    reviewer.gets("transcript")
    nadia.gets("reviewed")
    ann.gets("answer")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_word_of_approval_is_enough_from_any_mail_program(desk, ann, nadia, ana, in_review, client):
    ana.replies(in_review[0], "OK", client=client)
    desk.works()
    ana.gets("transcript")
    nadia.gets("reviewed")
    ann.gets("answer")


def test_a_corrected_text_leaves_instead(desk, ann, nadia, ana, in_review):
    ana.replies(in_review[0], CORRECTED)
    desk.works()
    assert leaves_as(ana.gets("leaving"), CORRECTED)
    told = nadia.gets("reviewed")
    assert "Ana Ruiz corrected your answer" in told.text
    assert leaves_as(told, CORRECTED)
    ann.gets_nothing()
    desk.passes(minutes=10)
    answer = ann.gets("answer")
    assert leaves_as(answer, CORRECTED)
    assert "whoever does it" not in answer.everything
    assert desk.ticket("2026-0001").state is State.ANSWERED


def test_a_remark_is_no_corrected_text(desk, ann, nadia, ana, in_review):
    ana.replies(in_review[0], "Hm. Have you looked at the general survey?")
    desk.works()
    assert "little in common with the draft" in ana.gets("transcript").text
    desk.passes(days=1)
    ann.gets_nothing()
    nadia.gets_nothing()
    assert desk.ticket("2026-0001").state is State.IN_REVIEW


@pytest.mark.parametrize("how", ["#reject The general survey says more", "#reject\n\nThe general survey says more."])
def test_a_draft_goes_back_with_a_reason_and_is_answered_anew(desk, ann, nadia, ana, jean, in_review, how):
    ana.replies(in_review[0], how)
    desk.works()
    assert "went back to its author" in ana.gets("transcript").text
    back = nadia.gets("reviewed")
    assert "Ana Ruiz sent your answer back" in back.text
    assert "The general survey says more" in back.text
    assert desk.ticket("2026-0001").state is State.ASSIGNED

    nadia.replies(back, CORRECTED)
    desk.works()
    nadia.gets("leaving")
    jean.gets("review")
    again = ana.gets("review")
    assert leaves_as(again, CORRECTED)
    ana.replies(again, "OK")
    desk.works()
    ana.gets("transcript")
    nadia.gets("reviewed")
    answer = ann.gets("answer")
    assert leaves_as(answer, CORRECTED)
    assert "survey" not in answer.everything


def test_reject_wants_a_reason(desk, ann, nadia, ana, in_review):
    ana.replies(in_review[0], "#reject")
    desk.works()
    assert "#reject needs more" in ana.gets("transcript").text
    assert desk.ticket("2026-0001").state is State.IN_REVIEW


@pytest.mark.parametrize("verdict", ["OK", "#approve", "#reject It is too long.", CORRECTED])
def test_a_verdict_on_a_draft_that_changed_meanwhile_does_nothing(desk, ann, nadia, ana, jean, in_review, verdict):
    notice = next(letter for letter in desk.left if letter.template == "leaving")
    nadia.replies(notice, CORRECTED)  # she corrects herself: the reviewers get the new draft
    desk.works()
    nadia.gets("leaving")
    new = ana.gets("review")
    jean.gets("review")

    ana.replies(in_review[0], verdict)
    desk.works()
    told = ana.gets("transcript").text
    assert "has changed, or has left" in told or "is over" in told
    desk.passes(days=1)
    ann.gets_nothing()
    nadia.gets_nothing()

    ana.replies(new, "OK")
    desk.works()
    ana.gets("transcript")
    nadia.gets("reviewed")
    assert leaves_as(ann.gets("answer"), CORRECTED)


def test_the_first_verdict_counts(desk, ann, nadia, ana, jean, in_review):
    for_ana, for_jean = in_review
    ana.replies(for_ana, "OK")
    jean.replies(for_jean, "#reject Non.")
    desk.works()
    ana.gets("transcript")
    jean.gets("transcript")
    nadia.gets("reviewed")
    ann.gets("answer")


def test_its_author_can_not_approve_it(desk, ann, nadia, in_review):
    notice = next(letter for letter in desk.left if letter.template == "leaving")
    for words, said in (("#approve", "No draft of the ticket waits for you"), ("#send", "A second person is reading")):
        nadia.replies(notice, words)
        desk.works()
        assert said in nadia.gets("transcript").text
    desk.passes(days=1)
    ann.gets_nothing()


def test_an_author_may_still_keep_it_back(desk, ann, nadia, ana, in_review):
    notice = next(letter for letter in desk.left if letter.template == "leaving")
    nadia.replies(notice, "#stop")
    desk.works()
    nadia.gets("transcript")
    assert desk.ticket("2026-0001").state is State.ASSIGNED
    ana.replies(in_review[0], "OK")
    desk.works()
    ana.gets("transcript")
    ann.gets_nothing()


def test_another_expert_of_the_queue_reads_it_never_its_author(desk, ann, nadia, kofi):
    _, question = desk.question_of(ann, COUNCIL, nadia)
    nadia.replies(question, "It may, where the law gives it that right and those whom it binds were heard.")
    desk.works()
    nadia.gets("leaving")
    review = kofi.gets("review")
    assert "Nadia Haddad wrote the answer below" in review.text
    kofi.replies(review, "#approve")
    desk.works()
    kofi.gets("transcript")
    assert "Kofi Mensah approved" in nadia.gets("reviewed").text
    assert "those whom it binds" in ann.gets("answer").text


def test_when_no_other_expert_is_there_a_coordinator_reads_it(desk, ann, nadia, kofi, ana, jean):
    kofi.writes("#away 2026-03-02..2026-03-06", subject="away")
    desk.works()
    kofi.gets("transcript")
    _, question = desk.question_of(ann, COUNCIL, nadia)
    nadia.replies(question, "It may, where the law gives it that right and those whom it binds were heard.")
    desk.works()
    nadia.gets("leaving")
    jean.gets("review")
    ana.replies(ana.gets("review"), "OK")
    desk.works()
    ana.gets("transcript")
    nadia.gets("reviewed")
    ann.gets("answer")


def test_what_leaves_is_what_was_approved_to_the_last_octet(desk, ann, nadia, ana, in_review):
    approved = held_octets(desk)
    desk.passes(days=1)
    ana.replies(in_review[0], "OK")
    desk.works()
    ana.gets("transcript")
    nadia.gets("reviewed")
    assert ann.gets("answer").raw == approved


def test_a_correction_with_a_command_at_its_end_waits(desk, ann, nadia, ana, in_review):
    ana.replies(in_review[0], f"{CORRECTED}\n\n#approve")
    desk.passes(days=1)
    nadia.gets("reviewed")
    assert "one of its lines begins with a command" in " ".join(ana.gets("leaving").text.split())
    ann.gets_nothing()


def test_a_draft_that_was_kept_is_read_before_send_lets_it_leave(desk, ann, nadia, ana, jean):
    _, question = desk.question_of(ann, PAY, nadia)
    nadia.replies(question, f"#draft\n\n{ANSWER}", files=[("table.txt", "text/plain", b"1 2 3")])
    desk.works()
    nadia.gets("transcript")
    nadia.replies(nadia.gets("leaving"), "#send")
    desk.passes(days=1)
    assert "given to a second person" in nadia.gets("transcript").text
    assert desk.ticket("2026-0001").state is State.IN_REVIEW
    ann.gets_nothing()

    jean.gets("review")
    review = ana.gets("review")
    assert leaves_as(review, ANSWER)
    assert "table.txt" in review.text
    ana.replies(review, "OK")
    desk.works()
    ana.gets("transcript")
    nadia.gets("reviewed")
    assert leaves_as(ann.gets("answer"), ANSWER)


def test_a_draft_that_was_kept_can_be_corrected_by_its_reviewer(desk, ann, nadia, ana, jean):
    _, question = desk.question_of(ann, PAY, nadia)
    nadia.replies(question, f"#draft\n\n{ANSWER}")
    desk.works()
    nadia.gets("transcript")
    nadia.replies(nadia.gets("leaving"), "#send")
    desk.works()
    nadia.gets("transcript")
    ana.replies(ana.gets("review"), CORRECTED)
    desk.works()
    desk.passes(minutes=10)
    for reader, template in ((ana, "leaving"), (jean, "review"), (nadia, "reviewed")):
        reader.gets(template)
    assert leaves_as(ann.gets("answer"), CORRECTED)


def test_a_reviewer_who_declines_leaves_it_to_the_others(desk, ann, nadia, ana, jean, in_review):
    ana.replies(in_review[0], "#decline I have no time")
    desk.works()
    assert "the draft is read by: Jean Morel" in ana.gets("transcript").text
    notice = next(letter for letter in desk.left if letter.template == "leaving")
    nadia.replies(notice, "#send")
    desk.passes(days=1)
    assert "A second person is reading" in nadia.gets("transcript").text
    ann.gets_nothing()


def test_when_all_reviewers_decline_a_draft_goes_further_up_and_never_leaves_unread(
    desk, ann, nadia, kofi, ana, jean, grace
):
    _, question = desk.question_of(ann, COUNCIL, nadia)
    nadia.replies(question, "It may, where the law gives it that right and those whom it binds were heard.")
    desk.works()
    notice = nadia.gets("leaving")

    def declines(reader):
        reader.replies(reader.gets("review"), "#decline I have no time")
        desk.works()
        return reader.gets("transcript").text

    assert "read by: Ana Ruiz, Jean Morel" in declines(kofi)
    assert "read by: Jean Morel" in declines(ana)
    assert "Grace Okoro" in declines(jean)
    assert "read by: Kofi Mensah" in declines(grace)  # there is nobody else: he is asked again
    nadia.replies(notice, "#send")
    desk.passes(days=1)
    assert "A second person is reading" in nadia.gets("transcript").text
    ann.gets_nothing()
    kofi.replies(kofi.gets("review"), "OK")
    desk.works()
    kofi.gets("transcript")
    nadia.gets("reviewed")
    ann.gets("answer")


@pytest.mark.parametrize("again", [CORRECTED, f"#draft\n\n{CORRECTED}"])
def test_a_newer_answer_replaces_the_draft_that_is_being_read(desk, ann, nadia, ana, jean, again):
    _, question = desk.question_of(ann, PAY, nadia)
    nadia.replies(question, ANSWER)
    desk.works()
    old = ana.gets("review")
    jean.gets("review")
    assert "replaces your earlier answer" not in nadia.gets("leaving").text

    nadia.replies(question, again)
    desk.works()
    preview = nadia.gets("leaving")
    assert "replaces your earlier answer" in preview.text
    if again != CORRECTED:
        nadia.gets("transcript")
        nadia.replies(preview, "#send")
        desk.works()
        nadia.gets("transcript")
    jean.gets("review")
    for words in ("OK", "#approve"):
        ana.replies(old, words)
        desk.passes(days=1)
        assert "has changed, or has left" in ana.gets("transcript").text
    ann.gets_nothing()
    ana.replies(ana.gets("review"), "OK")
    desk.works()
    ana.gets("transcript")
    nadia.gets("reviewed")
    answer = ann.gets("answer")
    assert leaves_as(answer, CORRECTED)


def test_an_answer_to_several_is_read_beside_the_question_of_each(desk, ann, bob, nadia, lucia, ana, jean):
    desk.question_of(ann, PAY, nadia)
    desk.question_of(bob, "What is the minimum wage of apprentices?", lucia)
    ana.writes(f"#on 2026-0002\n#same 2026-0001\n\n{ANSWER}")
    desk.works()
    assert "A second person reads it first: 2026-0001." in ana.gets("transcript").text
    desk.passes(minutes=10)
    bob.gets("answer")
    assert sorted(letter.subject[:11] for letter in ana.unread) == ["[2026-0001]", "[2026-0002]"]  # what will leave
    ana.unread.clear()
    review = jean.gets("review")
    assert "works by the piece" in review.text
    assert "apprentices" not in review.text
    jean.replies(review, "OK")
    desk.works()
    jean.gets("transcript")
    ana.gets("reviewed")
    ann.gets("answer")


def test_an_answer_to_a_question_by_telephone_is_read_once_and_reaches_each_coordinator(desk, nadia, ana, jean):
    ana.writes(f"#new a shop steward, en\n\n{PAY}")
    desk.works()
    ana.gets("transcript")
    nadia.replies(nadia.gets("question"), f"#draft\n\n{ANSWER}")
    desk.works()
    nadia.gets("transcript")
    nadia.replies(nadia.gets("leaving"), "#send")
    desk.works()
    nadia.gets("transcript")
    jean.gets("review")
    ana.replies(ana.gets("review"), "OK")
    desk.works()
    ana.gets("transcript")
    nadia.gets("reviewed")
    ana.gets("answer")
    jean.gets("answer")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("OK, thanks", True),
        ("D’accord, merci.", True),
        ("De acuerdo. ¡Gracias!", False),  # no list holds everything: it is asked about
        ("ok thanks", True),
        ("OK\n\nAna Ruiz", True),
        ("OK.\n\nBest regards,\nAna Ruiz\nCoordinator", True),
        ("O.K.", True),
        ("OK, but change the title", False),
        ("OK\n\nAna\n\nThe second paragraph is wrong", False),
        ("Thanks", False),
        ("Ana Ruiz", False),
    ],
)
def test_thanks_and_a_name_may_stand_beside_a_word_of_approval(desk, words, meant):
    policy = desk.engine.policy
    assert says_yes(words, policy.people["ana"], policy) is meant
