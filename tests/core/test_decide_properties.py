"""What holds whatever comes, and whatever the desk knows."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mailflow.core.audience import TO_REQUESTER, trespasses
from mailflow.core.decide import decide
from mailflow.core.effects import AddMessage, Conclude, Effect, OpenTicket, Send, SetDue
from mailflow.core.events import CommandTyped, DeliveryFailed, Event, HeldTooLong, MailArrived, MailSent, MailShelved
from mailflow.core.model import (
    Authentication,
    Mail,
    Origin,
    OriginKind,
    PartyKind,
    Situation,
    Verdict,
)
from mailflow.core.wording import Line, Reason
from tests.core.desk import NOW, POLICY, mails, situations

PROVEN = Authentication(Verdict.PASS, "evidence")
AUTOMATIC = [kind for kind in OriginKind if Origin(kind, "").automatic]
automatic_mails = st.builds(
    lambda mail, kind: replace(mail, origin=Origin(kind, "evidence")), mails, st.sampled_from(AUTOMATIC)
)
commands = (
    "assign kofi",
    "assign chief",
    "queue osh",
    "close",
    "note x",
    "stop",
    "send",
    "release",
    "drop",
    "help",
    "sned",
    "assign",
)
command_mails = st.builds(
    lambda mail, sender, written: replace(
        mail, sender=f"{sender}@example.org", text="\n".join(f"#{word}" for word in written), authentication=PROVEN,
        origin=Origin(OriginKind.HUMAN, "evidence"),
    ),
    mails, st.sampled_from(("coord", "lucia", "chief")), st.lists(st.sampled_from(commands), min_size=1, max_size=3),
)  # fmt: skip
events = st.one_of(
    mails.map(MailArrived),
    st.sampled_from(Reason).map(MailShelved),
    st.just(HeldTooLong()),
    st.just(MailSent()),
    st.sampled_from(("550 5.1.1", "no answer")).map(DeliveryFailed),
    st.sampled_from(
        ("assign kofi", "assign chief", "close", "queue osh", "stop", "release", "drop", "note", "dance")
    ).map(CommandTyped),
)


def sends(effects: tuple[Effect, ...]) -> list[Send]:
    return [effect for effect in effects if isinstance(effect, Send)]


def address_of(send: Send) -> tuple[str, ...]:
    """Every address of the person that a mail goes to."""
    found = POLICY.people.get(send.to.id)
    return found.addresses if found and send.to.kind is PartyKind.PERSON else ()


@settings(max_examples=500)
@given(automatic_mails, situations())
def test_an_automatic_mail_never_provokes_a_mail_to_its_sender_its_return_path_or_any_requester(
    mail: Mail, known: Situation
) -> None:
    effects = decide(MailArrived(mail), replace(known, released_by=""), POLICY)
    for send in sends(effects):
        assert send.to.kind is PartyKind.PERSON
        assert mail.sender not in address_of(send)
        assert mail.return_path not in address_of(send)


@settings(max_examples=300)
@given(automatic_mails, situations())
def test_a_robots_mail_stays_one_when_somebody_takes_it_off_the_shelf(mail: Mail, known: Situation) -> None:
    """Nobody sees there what it holds. Spam alone is judged by its words, and so may be a person's after all."""
    assume(mail.origin.kind is not OriginKind.SPAM)
    for send in sends(decide(MailArrived(mail), replace(known, released_by="coord"), POLICY)):
        assert send.to.kind is PartyKind.PERSON
        assert mail.sender not in address_of(send)


@settings(max_examples=300)
@given(events, situations())
def test_the_same_event_and_knowledge_always_give_the_same_effects(event: Event, known: Situation) -> None:
    assert decide(event, known, POLICY) == decide(event, known, POLICY)


@settings(max_examples=500)
@given(events, situations())
def test_nothing_is_addressed_to_anybody_whom_the_audience_rule_does_not_name(event: Event, known: Situation) -> None:
    effects = decide(event, known, POLICY)
    assert trespasses(effects, known, POLICY) == ()
    for send in sends(effects):
        assert (send.to.kind is PartyKind.PERSON) or send.template in TO_REQUESTER
        assert send.grant is None or send.grant.party == send.to


@settings(max_examples=500)
@given(mails, situations())
def test_every_mail_ends_with_one_conclusion_that_says_why(mail: Mail, known: Situation) -> None:
    effects = decide(MailArrived(mail), known, POLICY)
    ends = [effect for effect in effects if isinstance(effect, Conclude)]
    assert ends == [effects[-1]]
    assert ends[0].because


@settings(max_examples=500)
@given(mails, situations())
def test_an_acknowledgement_comes_only_with_a_deadline_that_starts_and_only_once(mail: Mail, known: Situation) -> None:
    effects = decide(MailArrived(mail), known, POLICY)
    receipts = [send for send in sends(effects) if send.template in ("acknowledgement", "bilingual")]
    started = [e for e in effects if isinstance(e, OpenTicket) or (isinstance(e, SetDue) and e.due)]
    assert len(receipts) <= min(1, len(started))
    for receipt in receipts:
        due = receipt.facts["due"]
        assert due is not None
        assert due > NOW  # type: ignore[operator]


@settings(max_examples=500)
@given(mails, situations())
def test_nobody_is_acknowledged_who_must_not_be_answered_automatically(mail: Mail, known: Situation) -> None:
    effects = decide(MailArrived(mail), known, POLICY)
    if any(send.template in ("acknowledgement", "bilingual") for send in sends(effects)):
        assert mail.return_path != ""
        assert mail.authentication.verdict is not Verdict.FAIL
        assert mail.origin.kind is OriginKind.HUMAN or (mail.origin.kind is OriginKind.SPAM and known.released_by)
        assert mail.sender
        assert mail.sender not in (*POLICY.own_addresses, *POLICY.staff_addresses)


@settings(max_examples=300)
@given(mails, situations())
def test_each_mail_that_may_exist_has_a_key_of_its_own(mail: Mail, known: Situation) -> None:
    keys = [send.key for send in sends(decide(MailArrived(mail), known, POLICY))]
    assert len(keys) == len(set(keys))


@settings(max_examples=300)
@given(mails, situations())
def test_old_mail_is_answered_by_nobody(mail: Mail, known: Situation) -> None:
    human = replace(mail, origin=Origin(OriginKind.HUMAN, "evidence"))
    old = replace(known, archive=True, released_by="", grants=())
    told = {send.to.kind for send in sends(decide(MailArrived(human), old, POLICY))}
    assert PartyKind.REQUESTER not in told


@settings(max_examples=300)
@given(command_mails, situations())
def test_of_the_commands_of_a_mail_all_are_done_or_none(mail: Mail, known: Situation) -> None:
    effects = decide(MailArrived(mail), known, POLICY)
    transcripts = [send for send in sends(effects) if send.template == "transcript"]
    assume(transcripts)
    lines = transcripts[0].facts["lines"]
    assert isinstance(lines, tuple)
    assert lines
    if not all(isinstance(line, Line) and line.done for line in lines):
        done = [
            e
            for e in effects
            if not isinstance(e, Send | Conclude) and not (isinstance(e, AddMessage) and e.kind == "command")
        ]
        assert done == []
        assert sends(effects) == transcripts
