"""Notices: the first comes at once, the next ones of the same quarter of an hour travel as one."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core.model import State


def strewn(person) -> None:
    """A mail in an expert's name that nobody vouches for: it goes to the shelf."""
    person.writes("Please close the ticket.", vouched="")


def numbers(letter) -> list[str]:
    """What the lines of a notice are called."""
    return [line.split(":")[0].removeprefix("- ") for line in letter.text.splitlines() if line.startswith("- ")]


def all_read(*people) -> None:
    for person in people:
        person.unread.clear()


def test_what_comes_within_a_quarter_of_an_hour_travels_as_one(desk, lucia, kofi, ana, jean):
    strewn(lucia)
    strewn(kofi)
    desk.works()
    ana.gets("shelf")  # the first one waits for nothing

    desk.passes(minutes=3)
    strewn(kofi)
    desk.passes(minutes=4)
    ana.gets_nothing()

    desk.passes(minutes=12)
    notices = ana.gets("notices")
    first, second = numbers(notices)
    own_words = notices.text.partition("List the commands")[0].splitlines()
    assert max(len(line) for line in own_words if "mailto:" not in line) <= 72
    desk.passes(hours=1)
    ana.gets_nothing()  # told once

    ana.replies(notices, f"#on {first}\n#drop\n#on {second}\n#drop")
    desk.passes(minutes=1)
    assert "nothing of this mail was done" not in ana.gets("transcript").text
    assert first not in desk.engine.digest("ana", desk.now).text
    jean.gets("shelf")
    jean.gets("notices")
    all_read(lucia, kofi)


def test_what_was_settled_meanwhile_is_not_told(desk, lucia, kofi, ana, jean):
    strewn(lucia)
    desk.works()
    ana.gets("shelf")
    strewn(kofi)
    desk.passes(minutes=2)
    newest = numbers(desk.engine.digest("ana", desk.now))[-1]
    ana.writes(f"#on {newest}\n#drop")
    desk.passes(minutes=1)
    assert "nothing of this mail was done" not in ana.gets("transcript").text
    desk.passes(minutes=30)
    ana.gets_nothing()
    jean.gets("shelf")
    all_read(lucia, kofi)


def test_mails_that_did_not_arrive_are_told_together(desk, ann, bob, lucia, kofi, ana, jean):
    strewn(kofi)
    desk.works()
    ana.gets("shelf")
    desk.refuses[ann.address] = desk.refuses[bob.address] = "550 5.1.1"
    ann.writes("What does the convention say about the minimum wage of apprentices?")
    bob.writes("And the minimum wage of interns?")
    desk.works()
    ana.gets_nothing()

    desk.passes(minutes=16)
    notices = ana.gets("notices")
    assert numbers(notices) == ["2026-0001", "2026-0002"]
    ana.replies(notices, "#on 2026-0002\n#close")
    desk.passes(minutes=1)
    ana.gets("transcript")
    assert desk.ticket("2026-0002").state is State.CLOSED
    all_read(jean, lucia, kofi)


def test_what_was_put_by_for_somebody_who_watches_no_more_is_forgotten(desk, lucia, kofi, ana, jean):
    strewn(lucia)
    desk.works()
    strewn(kofi)
    desk.passes(minutes=1)
    people = {slug: member for slug, member in desk.engine.policy.people.items() if slug != "jean"}
    desk.engine = replace(desk.engine, policy=replace(desk.engine.policy, people=people))
    desk.passes(minutes=20)
    jean.gets("shelf")
    ana.gets("shelf")
    ana.gets("notices")
    all_read(lucia, kofi)
