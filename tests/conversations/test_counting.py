"""What the report counts of each ticket: days without pauses, a promise kept or not; nothing of spam and merged ones."""

from __future__ import annotations

from datetime import date

from mailflow.store import counting

QUESTION = "What does the convention say about the minimum wage of apprentices?"
ANSWER = "It applies to apprentices as well, and a lower rate may only be set by law."


def cases(desk):
    with desk.engine.store.database.read() as connection:
        return {case.ref: case for case in counting.cases(connection, desk.engine.policy)}


def answered(desk, expert, letter):
    expert.replies(letter, ANSWER)
    desk.works()
    expert.gets("leaving")
    desk.passes(minutes=11)


def test_days_on_which_we_waited_for_the_asker_are_left_out(desk, ann, lucia):
    _, question = desk.question_of(ann, QUESTION, lucia)
    desk.passes(days=1)  # Tuesday
    lucia.replies(question, "#ask\nIn which country is that?")
    desk.works()
    lucia.gets("transcript")
    lucia.gets("leaving")
    desk.passes(minutes=11)
    inquiry = ann.gets("inquiry")
    desk.passes(days=6)  # Monday
    ann.replies(inquiry, "It is in Kenya.")
    desk.works()
    more = lucia.gets("more")
    desk.passes(days=1)  # Tuesday
    answered(desk, lucia, more)
    ann.gets("answer")

    case = cases(desk)["2026-0001"]
    assert (case.opened, case.answered) == (date(2026, 3, 2), date(2026, 3, 10))
    assert case.days == 2  # one day before we asked, one after the reply
    assert case.in_time is True
    assert case.codes["topic"] == ("wages",)


def test_an_answer_after_its_promise_was_late(desk, ann, lucia, ana, jean):
    _, question = desk.question_of(ann, QUESTION, lucia)
    desk.passes(days=16)
    ann.gets("late")
    answered(desk, lucia, question)
    ann.gets("answer")
    case = cases(desk)["2026-0001"]
    assert case.in_time is False
    assert case.days == 11


def test_spam_and_what_was_merged_are_no_questions(desk, ann, bob, lucia, kofi, ana, jean):
    desk.question_of(ann, QUESTION, lucia)
    desk.question_of(bob, "And what is the minimum wage of interns?", kofi)
    ana.writes("#on 2026-0002\n#spam")
    desk.works()
    ana.gets("transcript")
    for person in (kofi, lucia):
        person.unread.clear()  # some are told that it was taken from them
    assert set(cases(desk)) == {"2026-0001"}


def test_a_question_that_is_not_admissible_is_counted_apart(desk, ann, lucia, ana, jean):
    desk.question_of(ann, QUESTION, lucia)
    ana.writes("#on 2026-0001\n#inadmissible dispute")
    desk.works()
    ana.gets("transcript")
    ann.gets("inadmissible")
    lucia.unread.clear()
    case = cases(desk)["2026-0001"]
    assert (case.admissible, case.reason, case.answered) == (False, "dispute", None)
