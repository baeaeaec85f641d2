"""The demo judges itself: each of its sentences must be able to turn out false."""

import calendar
import io
import threading
from dataclasses import replace

import pytest
from rich.console import Console

from mailflow import config
from mailflow.core.model import Outcome
from mailflow.daemon import daemon
from mailflow.demo import installing, show, traces
from mailflow.demo.checks import checks
from mailflow.demo.journal import Kind
from mailflow.demo.screen import Screen
from mailflow.demo.stage import furnished


def _always_open(home):
    """Everybody is at work now, whenever this runs: so the rounds of the day are made in the middle of it all."""
    config.make_installation(home)
    file = home / "rules" / "deadlines.toml"
    days = ", ".join(f'"{calendar.day_name[number].lower()}"' for number in range(7))
    rest = file.read_text("utf-8").split("\n[", 1)[1].replace('countries = ["CH-GE"]', "countries = []")
    rest = rest.partition("# Days on which")[0]
    file.write_text(f"working_days = [{days}]\nopens = 00:00:00\ncloses = 23:59:59\n\n[{rest}", "utf-8")


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """One run on a terminal of 100 columns: the evidence, and what stood on the screen."""
    screen = io.StringIO()
    console = Console(file=screen, width=100, height=40, force_terminal=True, color_system=None, highlight=False)
    folder = tmp_path_factory.mktemp("demo") / "desk"
    with pytest.MonkeyPatch.context() as patched, traces.silence():
        patched.setattr(installing, "make", _always_open)
        patched.setattr(daemon, "TICK_SECONDS", 2)
        with furnished(folder, 0.0) as stage:
            show._Show(console, threading.Event(), stage).run(exit_when_done=True)
            yield stage.evidence(), stage, screen.getvalue()


@pytest.fixture
def evidence(played):
    return replace(played[0], happenings=list(played[0].happenings))


def test_all_is_well_at_the_end(evidence):
    assert [check.said for check in checks(evidence) if not check.good] == []


def _without(evidence, unwanted):
    return replace(evidence, happenings=[h for h in evidence.happenings if not unwanted(h)])


def _with(evidence, wanted, change):
    """The same evidence, the first happening that is wanted having been changed."""
    number, found = next((n, h) for n, h in enumerate(evidence.happenings) if wanted(h))
    happenings = list(evidence.happenings)
    happenings[number] = change(found)
    return replace(evidence, happenings=happenings)


def _saying(words):
    def change(happening):
        return replace(happening, letter=replace(happening.letter, raw=happening.letter.raw + words.encode()))

    return change


def _wrong(evidence):
    return " | ".join(check.said for check in checks(evidence) if not check.good)


def test_a_question_that_opened_nothing_is_seen(evidence):
    changed = _with(evidence, lambda h: h.what == Outcome.OPENED, lambda h: replace(h, what=Outcome.IGNORED.value))
    assert "opened a ticket each" in _wrong(changed)


def test_a_copy_that_opened_a_ticket_is_seen(evidence):
    changed = _with(evidence, lambda h: h.what == Outcome.DUPLICATE, lambda h: replace(h, what=Outcome.OPENED.value))
    assert "came twice" in _wrong(changed)


@pytest.mark.parametrize("count", [0, 2])
def test_an_acknowledgement_too_few_or_too_many_is_seen(evidence, count):
    one = next(h for h in evidence.happenings if h.what == "acknowledgement")
    changed = replace(evidence, happenings=[*(h for h in evidence.happenings if h is not one), *[one] * count])
    assert "one acknowledgement" in _wrong(changed)


def test_an_acknowledgement_in_another_language_is_seen(evidence):
    def in_english(happening):
        raw = happening.letter.raw.replace(b"Content-Language: ja", b"Content-Language: en")
        return replace(happening, letter=replace(happening.letter, raw=raw))

    changed = _with(evidence, lambda h: h.what == "acknowledgement" and h.language == "ja", in_english)
    assert "own language" in _wrong(changed)


def test_an_answer_that_did_not_arrive_is_seen(evidence):
    changed = _without(evidence, lambda h: h.what == "answer" and h.language == "fr")
    assert "answers arrived" in _wrong(changed)


def test_an_experts_address_in_an_answer_is_seen(evidence):
    changed = _with(evidence, lambda h: h.what == "answer", _saying("Kofi.Mensah@example.org"))
    assert "staff in any mail to an asker" in _wrong(changed)


def test_an_experts_name_in_an_encoded_header_is_seen(evidence):
    changed = _with(
        evidence,
        lambda h: h.what == "answer",
        lambda h: replace(
            h, letter=replace(h.letter, raw=b"X-Author: =?utf-8?b?S29maSBNZW5zYWg=?=\r\n" + h.letter.raw)
        ),
    )
    assert "staff in any mail to an asker" in _wrong(changed)


def test_an_askers_address_in_a_question_is_seen(evidence):
    changed = _with(evidence, lambda h: h.what == "question", _saying("sam.carter@riverside-bakeries.example"))
    assert "an asker in any mail to staff" in _wrong(changed)


def test_an_answer_to_the_automatic_reply_is_seen(evidence):
    away = next(asker for asker in evidence.askers if asker.away)
    extra = replace(evidence.to(away.address)[0], what="transcript")
    changed = replace(evidence, happenings=[*evidence.happenings, extra])
    assert "answered by nobody" in _wrong(changed)


def test_a_question_that_was_not_translated_is_seen(evidence):
    assert "translated" in _wrong(_without(evidence, lambda h: h.what == "translated"))


def test_an_answer_that_was_not_translated_back_is_seen(evidence):
    back = [h for h in evidence.happenings if h.what == "translation"][-1]
    assert "translated back" in _wrong(_without(evidence, lambda h: h is back))


def test_a_contribution_that_nobody_got_is_seen(evidence):
    assert "contributions" in _wrong(_without(evidence, lambda h: h.what == "contributed"))


def test_a_contribution_that_an_asker_got_is_seen(evidence):
    part = next(asker.contribution for asker in evidence.askers if asker.contribution)
    changed = _with(evidence, lambda h: h.what == "answer", _saying(part))
    assert "contributions" in _wrong(changed)


def test_the_rounds_of_the_day_were_made_and_disturbed_nothing(played):
    evidence, _, said = played
    coordinators = [evidence.policy.people[slug].addresses[0] for slug in evidence.policy.coordinators]
    assert all(len(evidence.to(address, ("digest",))) == 1 for address in coordinators)
    assert "gets the digest of the day" in said


def test_a_bounce_that_nobody_was_told_of_is_seen(evidence):
    changed = _without(evidence, lambda h: h.what == "undelivered")
    assert "reported to the coordinators" in _wrong(changed)


def test_a_mail_with_another_end_is_seen(evidence):
    changed = _with(evidence, lambda h: h.what == Outcome.COMMANDED, lambda h: replace(h, what=Outcome.SHELVED.value))
    assert "every other mail" in _wrong(changed)


# ---------------------------------------------------------------- the screen


def test_no_line_is_wider_than_the_terminal_and_no_ticket_is_cut(played):
    _, stage, said = played
    console = Console(width=100)
    assert [line for line in said.splitlines() if console.measure(line).maximum > 100 and "\x1b" not in line] == []
    table = said[said.rindex("The tickets") : said.index("as each of the three people saw it")]
    assert "…" not in table
    assert all(ticket.ref in table for ticket in stage.book.tickets())


def test_a_guest_is_shown_by_their_address(played):
    evidence, stage, _ = played
    letter = next(h for h in evidence.happenings if h.kind is Kind.ARRIVED).letter
    raw = b"From: Visitor <guest@visitor.example>\r\nSubject: hello\r\n\r\nhello\r\n"
    screen = io.StringIO()
    shown = Screen(Console(file=screen, width=100), stage.names)
    shown.show([replace(evidence.happenings[0], kind=Kind.ARRIVED, letter=replace(letter, raw=raw, login=""))], ())
    assert "Visitor                   writes: hello" in screen.getvalue()


def test_a_mail_without_any_header_is_shown_all_the_same(played):
    evidence, stage, _ = played
    letter = replace(evidence.happenings[0].letter, raw=b"\r\nhello\r\n", login="")
    screen = io.StringIO()
    Screen(Console(file=screen, width=100), stage.names).show([replace(evidence.happenings[0], letter=letter)], ())
    assert "writes:" in screen.getvalue()
