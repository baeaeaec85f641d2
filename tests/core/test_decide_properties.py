"""What holds whatever comes, and whatever the desk knows."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core.audience import TO_REQUESTER, trespasses
from mailflow.core.decide import decide
from mailflow.core.effects import Conclude, Effect, OpenTicket, Send, SetDue
from mailflow.core.events import CommandTyped, DeliveryFailed, Event, HeldTooLong, MailArrived, MailSent, MailShelved
from mailflow.core.model import Mail, Origin, OriginKind, PartyKind, Situation
from mailflow.core.wording import Reason
from tests.core.desk import NOW, POLICY, mails, situations

AUTOMATIC = [kind for kind in OriginKind if Origin(kind, "").automatic]
automatic_mails = st.builds(
    lambda mail, kind: replace(mail, origin=Origin(kind, "evidence")), mails, st.sampled_from(AUTOMATIC)
)
events = st.one_of(
    mails.map(MailArrived),
    st.sampled_from(Reason).map(MailShelved),
    st.just(HeldTooLong()),
    st.just(MailSent()),
    st.sampled_from(("550 5.1.1", "no answer")).map(DeliveryFailed),
    st.sampled_from(("assign kofi", "close", "queue osh", "stop", "release", "drop", "note", "dance")).map(
        CommandTyped
    ),
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
