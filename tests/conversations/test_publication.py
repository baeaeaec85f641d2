"""From a question to a page, by mail alone: flagged, anonymised by the machine, changed and approved by people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from mailflow.core.publication import Leak, Stage
from mailflow.store import publications
from mailflow.store.tables import KeyOwnerRow

KEYS = KeyOwnerRow.__table__

QUESTION = (
    "Dear colleagues,\n\n"
    "we are Sunrise Garments Ltd in Chittagong, Bangladesh. Our manager Rahim Uddin pays apprentices less than the minimum "
    "wage. May the 1,250 workers of our plant object? You can call me at +880 1711 234567.\n\n"
    "Kind regards,\nAnn Lee"
)
ANSWER = (
    "The minimum wage applies to apprentices as well, and a lower rate may only be set by law. "
    "Sunrise Garments Ltd should ask the inspectorate, and Ms Lee may join a union."
)
TELLTALES = ("Ann Lee", "Ms Lee", "Sunrise", "Chittagong", "Rahim", "711 234567", "1,250", "example.com", "2026-0001")


@pytest.fixture
def answered(desk, ann, lucia):
    _, question = desk.question_of(ann, QUESTION, lucia, subject="Wages")
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=11)
    ann.gets("answer")
    return question


@pytest.fixture
def proposed(desk, lucia, ana, jean, answered):
    """Lucia flags it; the coordinators get the machine's proposal."""
    lucia.replies(answered, "#publish")
    desk.works()
    assert "proposed for publication" in lucia.gets("transcript").text
    desk.works()
    lucia.gets_nothing()  # never only to who flagged it
    return ana.gets("candidate"), jean.gets("candidate")


def candidate_of(desk, ref="2026-0001"):
    with desk.engine.store.database.read() as connection:
        return publications.of_ticket(connection, desk.engine.store, ref)


def items_of(desk):
    with desk.engine.store.database.read() as connection:
        return publications.items(connection)


def told(letter):
    return " ".join(letter.text.split())


def number_of(letter, word):
    """The number under which a replacement is listed."""
    row = next(row for row in letter.text.splitlines() if row.startswith("- ") and word in row)
    return row.removeprefix("- ").partition(":")[0]


def sure_of_title(desk, reader, letter):
    """The machine's title is the coding; people give it a better one."""
    reader.replies(letter, "Title: Do minimum wages apply to apprentices?")
    desk.works()
    assert "The text is changed" in reader.gets("transcript").text
    desk.works()


def test_reviewers_see_the_proposal_its_numbers_and_the_original_but_not_who_asked(desk, proposed):
    letter, _ = proposed
    published = letter.text.partition("Question:")[2].partition("What was replaced")[0]
    for word in TELLTALES:
        assert word not in published
    assert "minimum wage" in published
    assert number_of(letter, "Sunrise Garments").isdigit()
    assert "Ann Lee" not in letter.everything  # the wall stands for reviewers, too
    assert "people" not in candidate_of(desk).leaks


def test_from_question_to_page_with_a_correction_and_a_rejection(desk, ann, lucia, ana, jean, proposed):
    first, _ = proposed
    sure_of_title(desk, ana, first)
    second = jean.gets("candidate")
    ana.gets_nothing()  # it is her text now
    lucia.gets_nothing()  # she is no reviewer
    assert "Do minimum wages apply to apprentices?" in second.text

    jean.replies(second, "#reject The answer names an inspectorate that not every country has.")
    desk.works()
    jean.gets("transcript")
    assert "an inspectorate that not every country has" in told(lucia.gets("publication"))
    ana.gets("publication")
    assert candidate_of(desk).stage is Stage.REJECTED
    assert items_of(desk) == []

    lucia.writes("#on 2026-0001\n#publish wages")
    desk.works()
    lucia.gets("transcript")
    desk.works()
    again = ana.gets("candidate")
    jean.gets("candidate")
    ana.replies(again, "Answer:\nThe minimum wage applies to apprentices as well. A lower rate may only be set by law.")
    desk.works()
    ana.gets("transcript")
    desk.works()
    latest = jean.gets("candidate")
    jean.replies(latest, "D'accord")
    desk.works()
    jean.gets("transcript")
    lucia.gets("publication")
    ana.gets("publication")
    assert candidate_of(desk).stage is Stage.APPROVED

    desk.passes(days=29)
    assert items_of(desk) == []
    desk.passes(days=2)
    (item,) = items_of(desk)
    assert item.answer == "The minimum wage applies to apprentices as well. A lower rate may only be set by law."
    assert item.month.day == 1
    for word in TELLTALES:
        assert word not in f"{item.id} {item.title} {item.question} {item.answer}"
    assert desk.ticket("2026-0001").publication == "published"
    lucia.gets("publication")
    ana.gets("publication")
    assert desk.log_holds()


def test_nobody_who_flagged_or_wrote_it_can_approve_it(desk, ana, jean, grace, lucia, answered):
    ana.writes("#on 2026-0001\n#publish")
    desk.works()
    ana.gets("transcript")
    desk.works()
    ana.gets_nothing()
    theirs = jean.gets("candidate")
    ana.replies(theirs, "#approve", vouched="pass")  # somebody else's token, from a genuine address
    desk.works()
    assert candidate_of(desk).stage is Stage.PROPOSED
    ana.unread.clear()
    jean.unread.clear()

    jean.replies(theirs, "Title: Wages of apprentices.")  # a full stop makes it nobody else's text
    desk.works()
    jean.gets("transcript")
    desk.works()
    ana.gets_nothing()
    changed = grace.gets("candidate")
    jean.replies(theirs, "#approve")  # the text that he saw is gone
    desk.works()
    assert "a changé" in told(jean.gets("transcript"))
    ana.replies(changed, "OK")
    desk.works()
    assert candidate_of(desk).stage is Stage.PROPOSED
    for reader in (ana, jean, grace):
        reader.unread.clear()

    grace.replies(changed, "OK")
    desk.works()
    assert "approved" in grace.gets("transcript").text
    assert candidate_of(desk).stage is Stage.APPROVED
    jean.gets("publication")
    ana.gets("publication")


def test_where_nobody_else_can_review_it_whoever_flagged_it_learns_of_that(desk, ana, lucia, answered):
    policy = desk.engine.policy
    people = {slug: who for slug, who in policy.people.items() if slug not in ("jean", "grace")}
    desk.engine = replace(desk.engine, policy=replace(policy, people=people))
    ana.writes("#on 2026-0001\n#publish")
    desk.works()
    ana.gets("transcript")
    desk.works()
    assert "Nobody is left who could review it" in told(ana.gets("publication"))
    assert desk.ticket("2026-0001").publication == ""


def test_keep_and_replace_of_one_mail_add_up(desk, ana, jean, lucia, proposed):
    letter, _ = proposed
    firm, place = number_of(letter, "Sunrise Garments"), number_of(letter, "Chittagong")
    ana.replies(letter, f"#replace {firm} “a garment maker”\n#replace {place} ‘a port’")
    desk.works()
    ana.gets("transcript")
    desk.works()
    letter_now = jean.gets("candidate")
    changed = told(letter_now)
    assert "a garment maker" in changed
    assert "in a port, Bangladesh" in changed  # without the quotation marks
    assert "version 3" in letter_now.subject  # two changes
    ana.replies(letter, "OK")  # another text than she saw, and her own words
    desk.works()
    assert "changed or is settled" in told(ana.gets("transcript"))


def test_words_that_give_somebody_away_block_the_approval(desk, ana, jean, lucia, proposed):
    letter, _ = proposed
    ana.replies(letter, "Answer:\nMs Ann Lee may join a union: write to ann.lee@example.com.")
    desk.works()
    ana.gets("transcript")
    desk.works()
    blocked = jean.gets("candidate")
    assert "ne peut pas encore être approuvé" in told(blocked)
    jean.replies(blocked, "OK")
    desk.works()
    assert "doit d’abord disparaître" in told(jean.gets("transcript"))
    assert candidate_of(desk).stage is Stage.PROPOSED


def test_a_number_that_is_none_is_refused(desk, ana, jean, proposed):
    letter, _ = proposed
    ana.replies(letter, "#keep 99")
    desk.works()
    assert "99 names no replacement" in told(ana.gets("transcript"))
    assert candidate_of(desk).version == 1


def test_a_refusal_after_publication_takes_the_page_away(desk, ann, ana, jean, lucia, proposed):
    letter, _ = proposed
    ana.replies(letter, "OK")
    desk.works()
    ana.gets("transcript")
    lucia.gets("publication")
    desk.passes(days=31)
    lucia.gets("publication")
    assert len(items_of(desk)) == 1

    ann.writes("no", subject="Re: Wages", to=desk.left[0].reply_to)
    desk.works()
    (item,) = items_of(desk)
    assert item.withdrawn is not None
    assert (item.title, item.question, item.answer) == ("", "", "")
    assert desk.ticket("2026-0001").publication == "never"
    for reader in (ana, jean, lucia):
        reader.gets("publication")


def test_what_a_requester_refused_is_never_proposed(desk, ann, lucia, answered):
    ann.writes("no", subject="Re: Wages", to=desk.left[0].reply_to)
    desk.works()
    lucia.replies(answered, "#publish")
    desk.works()
    assert "does not want it published" in told(lucia.gets("transcript"))
    assert candidate_of(desk) is None


REFUSALS = ("No, thank you.", "Please do not publish my question.", "no")


@pytest.mark.parametrize("words", REFUSALS)
def test_a_refusal_ends_what_is_under_way_however_it_is_said(desk, ann, ana, jean, lucia, proposed, words):
    letter, _ = proposed
    ann.writes(words, subject="Re: Wages", to=desk.left[0].reply_to)
    desk.works()
    assert desk.ticket("2026-0001").publication == "never"
    assert candidate_of(desk).stage is Stage.REJECTED
    for reader in (ana, jean, lucia):
        assert "publication" in {each.template for each in reader.unread}
        reader.unread.clear()
    ann.unread.clear()
    ana.replies(letter, "OK")
    desk.works()
    ana.gets("transcript")
    desk.lives_until(desk.now + timedelta(days=40))
    assert items_of(desk) == []
    for reader in (ann, ana, jean, lucia):
        reader.unread.clear()


def test_a_refusal_ends_every_version_and_takes_every_page_away(desk, ann, ana, jean, lucia, proposed):
    letter, _ = proposed
    ana.replies(letter, "OK")
    desk.works()
    desk.passes(days=31)
    assert len(items_of(desk)) == 1
    lucia.writes("#on 2026-0001\n#publish")  # a new version is on its way
    desk.works()
    desk.works()
    again = next(each for each in ana.unread if each.template == "candidate")
    ana.replies(again, "OK")
    desk.works()
    ann.writes("no", subject="Re: Wages", to=desk.left[0].reply_to)
    desk.works()
    desk.passes(days=40)
    assert [item.answer for item in items_of(desk)] == [""]
    assert desk.ticket("2026-0001").publication == "never"
    for reader in (ann, ana, jean, lucia):
        reader.unread.clear()


def test_a_page_is_taken_away_after_its_ticket_was_erased(desk, ann, ana, jean, lucia, proposed):
    letter, _ = proposed
    ana.replies(letter, "OK")
    desk.works()
    desk.passes(days=31)
    for reader in (ana, jean, lucia):
        reader.unread.clear()
    with desk.engine.store.database.read() as connection:
        keys = list(connection.execute(select(KEYS.c.key).where(KEYS.c.owner == "ticket:2026-0001")).scalars())
    desk.engine.store.vault.forget(keys)
    ana.writes("#on 2026-0001\n#publish never")
    desk.works()
    ana.gets("transcript")
    assert [item.answer for item in items_of(desk)] == [""]


def test_topics_are_named_as_the_mails_show_them(desk, ana, jean, lucia, answered):
    lucia.replies(answered, "#publish Wages, osh")
    desk.works()
    lucia.gets("transcript")
    desk.works()
    assert candidate_of(desk).topics == ("wages", "osh")
    ana.gets("candidate"), jean.gets("candidate")


def test_no_part_of_the_askers_name_stands_in_what_reviewers_get(desk, ana, jean, proposed):
    letter, _ = proposed
    for part in ("Lee", "Ann "):
        assert part not in letter.text


def test_whoever_flagged_it_gets_the_address_of_the_page(desk, ana, jean, lucia, proposed):
    letter, _ = proposed
    policy = desk.engine.policy
    sited = replace(policy.publication, site="https://helpdesk.example.org/answers/")
    desk.engine = replace(desk.engine, policy=replace(policy, publication=sited))
    ana.replies(letter, "OK")
    desk.works()
    ana.gets("transcript")
    lucia.gets("publication")
    desk.passes(days=31)
    (item,) = items_of(desk)
    page = f"https://helpdesk.example.org/answers/en/q/{item.id}/"
    assert page in "".join(lucia.gets("publication").text.split())


def test_what_is_found_on_its_day_brings_it_back_to_its_reviewers(desk, ana, jean, lucia, proposed, monkeypatch):
    letter, _ = proposed
    ana.replies(letter, "OK")
    desk.works()
    ana.gets("transcript")
    lucia.gets("publication")
    found = (Leak("person", "answer", "somebody"),)
    monkeypatch.setattr("mailflow.publish.candidates.still_leaks", lambda *_: found)
    desk.passes(days=31)
    assert items_of(desk) == []
    assert candidate_of(desk).stage is Stage.PROPOSED
    assert candidate_of(desk).approved_by == ""
    assert desk.ticket("2026-0001").publication == "flagged"
    assert "cannot be approved yet" in told(ana.gets("candidate"))
    assert "ne peut pas encore être approuvé" in told(jean.gets("candidate"))


def test_a_text_that_the_machine_stumbles_over_stops_no_other(desk, ana, jean, lucia, answered, monkeypatch):
    def stumbles(*_):
        raise IndexError("a fault of ours that nobody foresaw")

    monkeypatch.setattr("mailflow.publish.candidates.looked_through", stumbles)
    lucia.replies(answered, "#publish")
    desk.works()
    lucia.gets("transcript")
    assert "could not look through this text" in told(lucia.gets("publication"))
    assert desk.ticket("2026-0001").publication == ""
    monkeypatch.undo()
    lucia.replies(answered, "#publish")
    desk.works()
    lucia.gets("transcript")
    ana.gets("candidate"), jean.gets("candidate")
