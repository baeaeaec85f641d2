"""Look, decide, apply, in one transaction: all of a mail or nothing of it, and nothing of it in the clear."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from mailflow import engine as engine_module
from mailflow.core import decide as decide_module
from mailflow.core.effects import Conclude, Send
from mailflow.core.model import Language, Mail, Outcome, person
from mailflow.engine import explain
from mailflow.mail.compose import Composer
from mailflow.mail.worker import ParserUnavailableError
from mailflow.store import eventlog, inbox, outbox
from mailflow.store.errors import StoreError
from mailflow.store.tables import EventRow, InboxRow, OutboxRow, TicketRow

QUESTION = "What does the convention say about the minimum wage of apprentices?"


def count(desk, row):
    with desk.engine.store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(row.__table__)).scalar()


def column(desk, row, name):
    with desk.engine.store.database.read() as connection:
        return list(connection.execute(select(row.__table__.c[name])).scalars())


@pytest.fixture
def fragile(monkeypatch):
    """Making the second mail about one of these tickets raises, when half of its effects are applied already."""
    refs: set[str] = set()
    compose = Composer.compose

    def breaking(self, send, envelope, now):
        if send.template == "question" and send.ref in refs:
            raise RuntimeError("a fault of ours that nobody foresaw")
        return compose(self, send, envelope, now)

    monkeypatch.setattr(Composer, "compose", breaking)
    return refs


def test_a_mail_that_fails_half_way_leaves_no_trace_and_no_gap(desk, ann, bob, fragile):
    fragile.add("2026-0001")
    desk.expects_faults = True
    ann.writes(QUESTION)
    desk.engine.work(desk.now)
    assert [count(desk, row) for row in (TicketRow, OutboxRow, EventRow)] == [0, 0, 0]

    fragile.clear()
    bob.writes("And the minimum wage of interns?")
    assert [result.ref for result in desk.engine.work(desk.now)] == ["2026-0001"]
    assert [result.ref for result in desk.engine.work(desk.now + timedelta(minutes=1))] == ["2026-0002"]
    assert desk.log_holds()


def test_in_a_batch_the_failing_mail_alone_is_undone(desk, ann, bob, fragile):
    fragile.add("2026-0002")
    for writer in (ann, bob, ann):
        writer.writes(f"{QUESTION} {writer.sent}")
    claimed = desk.engine.read(desk.engine.claim(desk.now, 10))
    assert len(claimed) == 3
    results = desk.engine.handle(claimed, desk.now)
    assert [result.ref for result in results] == [
        "2026-0001"
    ]  # and the third fails on the same number, as the second did
    assert desk.log_holds()
    fragile.clear()
    later = desk.now + timedelta(minutes=1)
    while results:
        results = desk.engine.work(later)
    assert count(desk, TicketRow) == 3
    assert set(column(desk, InboxRow, "state")) == {"handled"}
    assert desk.log_holds()


def test_when_the_machine_is_at_fault_nothing_is_done_and_no_try_is_counted(desk, ann, monkeypatch):
    ann.writes(QUESTION)

    def full(*_):
        raise StoreError("the disk is full: free some space")

    monkeypatch.setattr(eventlog, "append", full)
    for _ in range(5):
        with pytest.raises(StoreError, match="disk is full"):
            desk.engine.work(desk.now)
    assert column(desk, InboxRow, "tries") == [0]
    assert count(desk, TicketRow) == 0
    monkeypatch.undo()
    assert [result.outcome for result in desk.engine.work(desk.now)] == [Outcome.OPENED]


def test_a_parser_that_cannot_run_is_no_fault_of_the_mail(desk, ann):
    class Missing:
        def read(self, raw):
            raise ParserUnavailableError("the parser process does not start")

    ann.writes(QUESTION)
    broken = replace(desk.engine, reader=Missing())
    for _ in range(5):
        with pytest.raises(ParserUnavailableError):
            broken.work(desk.now)
    assert column(desk, InboxRow, "tries") == [0]
    assert [result.outcome for result in desk.engine.work(desk.now)] == [Outcome.OPENED]


def test_what_the_audience_rule_does_not_name_never_leaves(desk, ann, monkeypatch):
    """Were a judgement wrong, the gate behind it would still hold."""

    def wrong(event, known, policy):
        leak = Send(person("grace"), "question", "en", "leak", known.next_ref)
        return (leak, Conclude(Outcome.OPENED, "wrong", known.next_ref))

    monkeypatch.setattr(engine_module, "decide", wrong)
    ann.writes(QUESTION)
    assert desk.engine.work(desk.now) == []
    assert count(desk, OutboxRow) == 0
    assert decide_module.decide is not wrong


def test_mails_of_one_batch_are_handled_in_the_order_of_their_arrival(desk, ann):
    for number in range(30):
        ann.writes(f"{QUESTION} Number {number}.", headers={"X-Number": str(number)})
    results = []
    while found := desk.engine.work(desk.now, most=50):
        results += found
    assert [result.mail.text.split()[-1] for result in results] == [f"{number}." for number in range(30)]
    assert [result.ref for result in results] == [f"2026-{number:04d}" for number in range(1, 31)]


def test_a_story_is_told_in_the_order_in_which_it_happened(desk, ann, lucia):
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    for number in range(12):
        ann.replies(receipt, f"Number {number}.", headers={"X-Number": str(number)})
    desk.engine.work(desk.now, most=50)
    texts = [message.part.text for message in desk.story(receipt.ref)]
    assert texts == [QUESTION, *(f"Number {number}." for number in range(12))]


def test_a_reference_takes_the_year_of_the_desks_own_calendar(desk, ann):
    desk.now = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    ann.writes(f"{QUESTION} In the old year.")
    (old,) = desk.engine.work(desk.now)
    desk.now += timedelta(hours=1)  # in Zurich it is half past midnight
    ann.writes(f"{QUESTION} In the new year.")
    (new,) = desk.engine.work(desk.now)
    assert (old.ref, new.ref) == ("2026-0001", "2027-0001")


def test_one_person_is_one_requester_however_their_domain_is_spelt(desk, ann):
    desk.people["ann@FIRM.example"] = ann
    ann.writes(f"{QUESTION} Once.")
    ann.writes(f"{QUESTION} Twice.", address="ann@FIRM.example")
    first, second = desk.engine.work(desk.now)
    assert desk.ticket(first.ref).requester.id == desk.ticket(second.ref).requester.id


def test_explaining_a_mail_says_what_handling_it_does(desk, ann):
    raw = ann.writes(QUESTION)
    parts = desk.engine
    said, effects = explain(raw, parts.reader, parts.understanding, parts.policy, desk.now)
    assert count(desk, TicketRow) == 0
    (done,) = desk.engine.work(desk.now)
    assert (said.outcome, said.because, said.ref) == (done.outcome, done.because, done.ref)
    told = sorted(effect.template for effect in effects if isinstance(effect, Send))
    assert told == sorted(column(desk, OutboxRow, "template"))


def test_a_released_mail_beyond_the_limits_is_asked_about_by_its_header(desk, ann):
    ann.writes(QUESTION, headers={f"X-Filler-{number}": "x" * 900 for number in range(200)})
    (held,) = desk.engine.work(desk.now)
    desk.engine.command("release", "", desk.now, shelf=held.inbox)
    (done,) = desk.engine.work(desk.now)
    assert done.outcome is Outcome.OPENED
    assert "beyond a limit" in done.mail.text


def test_a_mail_that_was_made_is_never_made_again(desk, ann, lucia):
    """The key of a mail is its promise: whatever happens twice, it leaves once, with the same Message-ID."""
    desk.question_of(ann, QUESTION, lucia)
    keys = column(desk, OutboxRow, "key")
    assert len(keys) == len(set(keys))
    first = outbox.claim(desk.engine.store, desk.now, 10)
    assert first == []
    assert set(column(desk, OutboxRow, "state")) == {"sent"}


def test_a_lease_that_ends_gives_the_same_octets_again(desk, ann):
    ann.writes(QUESTION)
    desk.engine.work(desk.now)
    first = outbox.claim(desk.engine.store, desk.now, 10)
    assert outbox.claim(desk.engine.store, desk.now, 10) == []
    again = outbox.claim(desk.engine.store, desk.now + outbox.LEASE + timedelta(seconds=1), 10)
    assert [mail.raw for mail in first] == [mail.raw for mail in again]


def test_nothing_of_a_mail_stands_in_the_clear_on_the_disk(desk, ann, lucia):
    _, question = desk.question_of(
        ann, QUESTION, lucia, subject="Zymurgy", files=[("quixotic.txt", "text/plain", b"syzygy")]
    )
    lucia.replies(question, "It applies to them as well, unless the xylophone law says otherwise.")
    desk.works()
    desk.engine.enter(Mail("", "", text="A phonecall about zugzwang"), "telephone", "operator", desk.now)
    desk.engine.store.database.checkpoint()
    home = desk.engine.store.database.file.parent
    octets = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()).lower()
    for word in (
        "apprentices",
        "zymurgy",
        "quixotic",
        "syzygy",
        "xylophone",
        "zugzwang",
        "ann@firm.example",
        "ann lee",
        "lucia.santos@",
    ):
        assert word.encode() not in octets, "something of a mail can be read on the disk"


def test_nothing_of_a_mail_stands_in_a_log(desk, ann, lucia, caplog):
    caplog.set_level(logging.DEBUG)
    _, question = desk.question_of(ann, QUESTION, lucia)
    lucia.replies(question, "It applies to them as well, unless the law says otherwise.")
    desk.works()
    for word in ("apprentices", "ann@", "lucia.santos@", "otherwise"):
        assert word not in caplog.text


def test_the_traceback_of_a_failed_mail_is_sealed(desk, ann, fragile):
    fragile.add("2026-0001")
    ann.writes(QUESTION)
    desk.engine.work(desk.now)
    (fault,) = column(desk, InboxRow, "fault")
    assert fault
    assert b"nobody foresaw" not in fault
    assert b"Traceback" not in fault


def test_a_question_by_telephone_opens_a_ticket_of_somebody_without_an_address(desk):
    asked = Mail("", "", subject="A call", text=QUESTION, language=Language("en", 1.0, "hint"))
    ref = desk.engine.enter(asked, "telephone", "operator", desk.now)
    other = desk.engine.enter(asked, "telephone", "operator", desk.now)  # nobody can tell that it was the same person
    assert not desk.ticket(ref).requester.reachable
    assert desk.ticket(ref).requester != desk.ticket(other).requester
    assert set(column(desk, OutboxRow, "template")) == {"question"}


def test_a_mail_that_is_being_sent_can_no_longer_be_stopped(desk, ann, lucia):
    _, question = desk.question_of(ann, QUESTION, lucia)
    lucia.replies(question, "It applies to them as well, unless the law says otherwise.")
    desk.engine.work(desk.now)
    leaves = desk.now + timedelta(minutes=10)
    sending = outbox.claim(desk.engine.store, leaves, 10)
    assert "answer" in {mail.template for mail in sending}
    done = desk.engine.command("stop", "", leaves, ref="2026-0001")
    assert not done[0].line.done


def test_what_was_taken_in_is_known_again_even_before_it_is_handled(desk, ann):
    raw = ann.writes(QUESTION)
    desk.takes_in(raw)
    assert count(desk, InboxRow) == 1
    assert len(inbox.claim(desk.engine.store, desk.now, 10)) == 1
