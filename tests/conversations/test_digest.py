"""The digest: once a working day for each coordinator, in their hours and language; nothing in it tells who asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailflow.core.model import State

WAGES = "What does the convention say about the minimum wage of apprentices at the Duval mills?"
LOST = "Where can one read about the history of your organization?"
WORDS = ("apprentices", "Duval", "history", "Ann", "Bob", "firm.example", "union.example", "Helmets")


def at(day, hour, month=3):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def busy(desk, ann, bob, lucia, kofi, nadia, ana, jean):
    """A desk at whose morning round there is something in every section."""
    desk.now = at(2, 6)  # before anybody's day begins
    _, question = desk.question_of(ann, WAGES, lucia)  # 2026-0001
    lucia.replies(question, "#title Wages of apprentices\n#ask details")
    desk.works()
    lucia.gets("transcript")
    ann.gets("details")
    bob.writes(LOST, subject="Helmets and more")  # 2026-0002
    desk.works()
    bob.gets("acknowledgement")
    ana.gets("question")
    jean.gets("question")
    _, pay = desk.question_of(bob, "Is equal pay due for the same work?", nadia)  # 2026-0003
    nadia.replies(pay, "It is, for work of equal value, whoever does it and however it is paid.")
    desk.works()
    nadia.gets("leaving")
    ana.gets("review")
    jean.gets("review")
    kofi.replies(question, "I answer for my colleague: it applies to them as well.")  # the shelf
    desk.works()
    ana.gets("shelf")
    jean.gets("shelf")
    lucia.gets("held")
    for person in (ana, jean, lucia, kofi, nadia):
        person.daily.clear()
    return desk


def test_each_coordinator_gets_it_once_in_their_hours_and_language(busy, ana, jean, grace, lucia):
    busy.lives_until(at(2, 7))
    assert ana.reads("digest") == jean.reads("digest") == []  # eight in Zurich
    busy.lives_until(at(2, 22))
    hers, his = ana.today("digest"), jean.today("digest")
    assert hers["Content-Language"] == "en"
    assert his["Content-Language"] == "fr"
    assert "Monday 2 March 2026" in hers.subject
    assert "lundi 2 mars 2026" in his.subject
    assert grace.reads("digest") == []
    for _ in range(5):
        busy.works()
    busy.now = at(2, 9)  # even a clock that was put back
    busy.works()
    assert ana.reads("digest") == jean.reads("digest") == []


def test_it_comes_on_each_working_day_and_on_no_other(busy, ann, bob, ana):
    days = []
    while busy.now < at(17, 0):
        busy.passes(hours=1)
        days += [busy.now.day for _ in ana.reads("digest")]
    assert days == [2, 3, 4, 5, 6, 10, 11, 12, 13, 16]  # Monday 9 March is the desk's holiday
    ann.unread.clear()
    bob.unread.clear()
    for person in busy.people.values():
        person.unread.clear()


def test_it_has_a_line_for_whatever_waits(busy, ana):
    busy.lives_until(at(2, 12))
    digest = ana.today("digest").text
    assert "Waiting for the requester:\n\n- 2026-0001: Wages of apprentices" in digest
    assert "In review:\n\n- 2026-0003" in digest
    assert "On the shelf:" in digest
    assert "- 2026-0002" in digest
    assert "3 tickets open" in digest
    assert "a staff member’s reply token came from an address that is not theirs" in " ".join(digest.split())


def test_what_is_late_comes_first(busy, ana, ann, bob):
    busy.lives_until(at(6, 12))
    digest = ana.reads("digest")[-1]
    assert "late" in digest.subject
    assert digest.text.index("Late:") < digest.text.index("Waiting for the requester:")
    for person in busy.people.values():
        person.unread.clear()


@pytest.mark.parametrize("who", ["ana", "jean"])
def test_nothing_in_it_tells_who_asked_or_what_they_wrote(request, busy, who):
    busy.lives_until(at(2, 12))
    digest = request.getfixturevalue(who).today("digest")
    told = digest.everything.replace("Wages of apprentices", "")
    assert [word for word in WORDS if word in told] == []


@pytest.mark.parametrize("who", ["ana", "jean"])
def test_its_text_fits_into_72_columns(request, busy, who):
    busy.lives_until(at(2, 12))
    text = request.getfixturevalue(who).today("digest").text
    body = text.split("mailto:")[0]
    too_wide = [line for line in body.splitlines() if len(line) > 72 and "[ref:" not in line and "<" not in line]
    assert too_wide == []


def test_its_pictures_are_in_the_mail_and_say_in_words_what_they_show(busy, ana):
    busy.lives_until(at(2, 12))
    digest = ana.today("digest")
    pictures = [part for part in digest.message.walk() if part.get_content_type() == "image/png"]
    assert pictures
    for picture in pictures:
        assert picture.get_payload(decode=True).startswith(b"\x89PNG")
        assert picture.get_content_disposition() == "inline"
        name = str(picture["Content-ID"]).strip("<>")
        assert f'src="cid:{name}"' in digest.html
    assert digest.html.count("<img") == digest.html.count('alt="') == len(pictures)
    assert 'alt=""' not in digest.html
    assert "http" not in digest.html.replace("http-equiv", "")  # nothing is fetched


def test_a_line_is_acted_on_by_replying(busy, ana, mei, kofi, ann, bob, nadia, jean):
    busy.lives_until(at(2, 12))
    digest = ana.today("digest")
    shelved = next(line for line in digest.text.split("On the shelf:")[1].splitlines() if line.startswith("- "))
    name = shelved[2:].partition(":")[0]
    ana.replies(
        digest,
        f"#on 2026-0002\n#assign mei\n#on {name}\n#drop\n#on 2026-0003\n#approve\n#on 2026-0001\n#title Mills",
    )
    busy.works()
    told = ana.gets("transcript").text
    assert "now with Mei Tanaka" in told
    assert "dropped from the shelf" in told
    assert "approved" in told
    mei.gets("assignment")
    nadia.gets("reviewed")
    bob.gets("answer")
    assert busy.ticket("2026-0003").state is State.ANSWERED
    assert busy.ticket("2026-0001").title == "Mills"


def test_one_line_that_can_not_be_acted_on_and_nothing_is_done(busy, ana, mei):
    busy.lives_until(at(2, 12))
    ana.replies(ana.today("digest"), "#on 2026-0002\n#assign mei\n#on 2026-0099\n#close")
    busy.works()
    told = ana.gets("transcript").text
    assert "no ticket or shelved mail 2026-0099" in " ".join(told.split())
    assert busy.ticket("2026-0002").assignee == ""


def test_text_in_reply_to_a_digest_goes_to_nobody(busy, ana, ann, bob):
    busy.lives_until(at(2, 12))
    ana.replies(ana.today("digest"), "Thank you, I have seen it; all of this looks well in hand to me.")
    busy.works()
    assert "Nothing was sent" in ana.gets("transcript").text
    busy.passes(hours=1)
    ann.gets_nothing()
    bob.gets_nothing()


def test_experts_get_their_own_open_tickets_once_a_week(desk, ann, lucia, kofi):
    desk.question_of(ann, WAGES, lucia)
    weeks = []
    while desk.now < at(17, 0):
        desk.passes(hours=1)
        for weekly in lucia.reads("weekly"):
            weeks.append(desk.now.day)
            assert "2026-0001" in weekly.text
            assert [word for word in WORDS if word in weekly.everything] == []
        assert kofi.reads("weekly") == []  # he has nothing
    assert weeks == [2, 10, 16]  # Monday, Tuesday after the holiday, Monday


def test_who_is_away_gets_none(busy, ana, jean):
    ana.writes("#away 2026-03-02..2026-03-03", subject="away")
    busy.works()
    ana.gets("transcript")
    jean.gets("away")
    busy.lives_until(at(4, 7))
    assert ana.reads("digest") == []
    assert len(jean.reads("digest")) == 2
    for person in busy.people.values():
        person.unread.clear()
