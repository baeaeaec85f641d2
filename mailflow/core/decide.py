"""The helpdesk's judgement: an event, what we know, and the policy, in; a tuple of effects, out.

Read `mail_arrived` from the top: the first line that applies decides.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import assert_never

from mailflow.core import alarm, answering, asking, digest, leaving, mails, notices, panel, publishing, rounds
from mailflow.core import orders as _orders  # noqa: F401  registers the commands
from mailflow.core.commands import Done, Order, carry_out, in_mail
from mailflow.core.deadlines import due_after, next_opening
from mailflow.core.effects import (
    AddMessage,
    Change,
    Conclude,
    Effect,
    HoldUntil,
    Mute,
    Note,
    Remember,
    SetDue,
    SetState,
)
from mailflow.core.events import (
    CandidateMade,
    CommandTyped,
    DayBegan,
    DeadlinePassed,
    DeliveryFailed,
    Event,
    HeldTooLong,
    MailArrived,
    MailSent,
    MailShelved,
    NoticesDue,
    PublicationDue,
    QuestionEntered,
    SilenceReached,
)
from mailflow.core.lifecycle import Act, move
from mailflow.core.model import (
    Absence,
    Grant,
    Mail,
    Origin,
    OriginKind,
    Outcome,
    PartyKind,
    ShelfItem,
    Situation,
    Ticket,
    Verdict,
    person,
)
from mailflow.core.policy import Person, Policy, Span
from mailflow.core.presence import away
from mailflow.core.wording import Flag, Reason

MUTE_AFTER_BOUNCE = timedelta(days=7)
SILENT = notices.NOTICES | {"held", "transcript"}  # their own failure is only noted: no loops


def decide(event: Event, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """What to do about `event`. The same arguments always give the same effects."""
    match event:
        case MailArrived(mail):
            return alarm.raised(mail_arrived(mail, known, policy), mail, known, policy)
        case MailShelved(reason):
            return shelved(reason, known, policy)
        case HeldTooLong() | DayBegan() | NoticesDue() | DeadlinePassed() | SilenceReached():
            return clock_ticked(event, known, policy)
        case CandidateMade(candidate):
            return publishing.made(candidate, known, policy)
        case PublicationDue(candidate):
            return publishing.due(candidate, known, policy)
        case MailSent():
            return mail_sent(known)
        case DeliveryFailed(status):
            return delivery_failed(status, known, policy)
        case QuestionEntered(mail, via, actor):
            return asking.entered(mail, via, actor, known, policy)
        case CommandTyped() as typed:
            return tuple(effect for done in command_typed(typed, known, policy) for effect in done.effects)
        case _:
            assert_never(event)


def clock_ticked(
    event: HeldTooLong | DayBegan | NoticesDue | DeadlinePassed | SilenceReached, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    match event:
        case HeldTooLong():
            return held_too_long(known, policy)
        case DayBegan(slug, day):
            return day_began(slug, day, known, policy)
        case NoticesDue(slug):
            return notices.due(slug, known, policy)
        case DeadlinePassed():
            return rounds.deadline_passed(known, policy)
        case SilenceReached():
            return rounds.silence_reached(known, policy)


def mail_arrived(mail: Mail, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    if known.duplicate_of and not known.released_by:
        return (Conclude(Outcome.DUPLICATE, "the same mail was taken in before"),)
    if mail.sender and mail.sender in policy.own_addresses:
        return (Conclude(Outcome.IGNORED, "it comes from the desk's own address"),)
    if mail.origin.kind is OriginKind.BOUNCE:
        return bounced(mail, known, policy)
    if mail.origin.kind is OriginKind.SPAM and not known.released_by:
        until = due_after(
            policy.calendar, known.now, policy.deadlines.days[Span.SHELF]
        )  # told then, not at once: spam comes in floods
        return HoldUntil(known.inbox, until), Conclude(Outcome.SHELVED, Reason.SUSPECTED_SPAM.value)
    if mail.origin.automatic and mail.origin.kind is not OriginKind.SPAM:
        return automatic(mail, known, policy)
    if known.released_by:
        return released(mail, known, policy)
    if doubtful := _doubt(mail, known):
        return held(doubtful, known, policy)
    if known.archive:
        return asking.archive(mail, known, policy)
    return written_by_a_person(mail, known, policy)


def _doubt(mail: Mail, known: Situation) -> Reason | None:
    """Why a mail must be looked at by a person before anything is done about it."""
    if not mail.sender:
        return Reason.SENDER_UNCLEAR
    if mail.origin.kind is OriginKind.LIST and not addressed(mail):
        return Reason.UNADDRESSED
    return Reason.TOKENS_DISAGREE if disagree(known.grants) else None


def addressed(mail: Mail) -> bool:
    """Whether somebody, or a list by its name, was written to: else it was strewn."""
    return bool(mail.to or mail.cc) or any(name in ("list-id", "list-post", "mailing-list") for name, _ in mail.headers)


def released(mail: Mail, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """A coordinator took it off the shelf: it is no spam, and they vouch for its sender. A robot's mail stays one."""
    if mail.origin.kind is OriginKind.SPAM:
        mail = replace(mail, origin=Origin(OriginKind.HUMAN, f"released by {known.released_by}"))
    if disagree(known.grants):  # then none of them is believed, nor what was looked up by them
        known = replace(known, grants=(), ticket=None, drafts=(), story=(), shelf=None)
    return written_by_a_person(mail, known, policy)


def written_by_a_person(mail: Mail, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    grant = next(iter(known.grants), None)
    staff = policy.person_at(mail.sender)
    if grant and grant.party.kind is PartyKind.PERSON:
        return with_staff_token(mail, grant, known, policy)
    if staff:
        return from_staff_without_token(mail, staff, known, policy)
    if grant and known.ticket:
        return with_requester_token(mail, known.ticket, known, policy)
    return asking.open_ticket(mail, known, policy)


def proven(mail: Mail, known: Situation) -> bool:
    """The desk's own server vouches for the sender, or a coordinator did by releasing the mail."""
    return mail.authentication.verdict is Verdict.PASS or bool(known.released_by)


def with_staff_token(mail: Mail, grant: Grant, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """A staff member's token acts only with its owner's own proven address, and a current assignment (rule 4)."""
    owner = policy.people.get(grant.party.id)
    if owner is None and known.released_by:
        return asking.open_ticket(mail, known, policy, (Flag.FOREIGN_TOKEN,))
    if owner is None:
        return held(Reason.NOT_THEIR_TOKEN, known, policy)
    if not known.released_by:
        if mail.sender not in owner.addresses:
            return held(Reason.NOT_THEIR_TOKEN, known, policy, owner)
        if not proven(mail, known):
            return held(Reason.UNPROVEN_STAFF, known, policy, owner)
        answers = grant.kind in answering.ANSWERED and not in_mail(mail)[0]
        if answers and known.ticket and not answering.may_answer(owner, known.ticket, known, policy):
            return held(Reason.NOT_ASSIGNED, known, policy, owner)
    return answering.staff_wrote(mail, owner, grant, known, policy)


def from_staff_without_token(mail: Mail, member: Person, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """Staff write to the plain address: their commands run; anything else a coordinator looks at."""
    if not proven(mail, known):
        return held(Reason.UNPROVEN_STAFF, known, policy, member)
    if in_mail(mail)[0]:
        return answering.staff_wrote(mail, member, None, known, policy)
    if known.released_by:
        return asking.open_ticket(mail, known, policy)
    return held(Reason.STAFF_WITHOUT_TICKET, known, policy, member)


def with_requester_token(mail: Mail, ticket: Ticket, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """Only the ticket's own requester joins it; whoever else quotes its token asks something new (rule 5)."""
    if known.requester is None or known.requester.id != ticket.requester.id:
        return asking.open_ticket(mail, known, policy, (Flag.FOREIGN_TOKEN,))
    if mail.authentication.verdict is Verdict.FAIL and not known.released_by:
        return held(Reason.FORGED_REPLY, known, policy)
    return asking.write_again(mail, ticket, known, policy)


def disagree(grants: tuple[Grant, ...]) -> bool:
    """Tokens of one mail must all speak of one party and one subject."""
    return len({(grant.party, grant.ref or grant.subject) for grant in grants}) > 1


def automatic(mail: Mail, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """Noted on its ticket when it names one; answered never; no state, owner or clock changes."""
    because = mail.origin.because
    if not known.grants or disagree(known.grants):
        return (Conclude(Outcome.IGNORED, because),)
    if known.ticket is None:  # of a digest or a reminder: it tells of an absence as well
        gone = _absent(mail, known, policy)
        return *gone, Conclude(Outcome.RECORDED if gone else Outcome.IGNORED, because)
    role = mails.role_of(known.grants[0].party, policy)
    kept = AddMessage(known.ticket.ref, "automatic", role)
    return kept, *_absent(mail, known, policy), Conclude(Outcome.RECORDED, because, known.ticket.ref)


def _absent(mail: Mail, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """A colleague's mail program says that they are away: believed until the day it names, or for today."""
    member = policy.person_at(mail.sender)
    if member is None or mail.origin.kind is not OriginKind.AUTO_REPLY or not proven(mail, known):
        return ()
    if known.grants[0].party != person(member.slug) or away(member.slug, known, policy):
        return ()
    today = policy.hours_of(member.slug).day_of(known.now)
    return leaving.left(Absence(member.slug, today, max(mail.away_until or today, today)), known, policy)


def bounced(mail: Mail, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """A bounce counts only when it speaks of a mail that we sent to that recipient (rule 10)."""
    sent, report = known.sent, mail.bounce
    if sent is None or report is None:
        return (Conclude(Outcome.IGNORED, "a bounce that speaks of no mail of ours"),)
    if not report.failed:
        arrived = report.status.startswith("2") or report.action in ("delivered", "relayed", "expanded")
        because = "a report that a mail of ours arrived" if arrived else "a warning that a mail of ours is late"
        return (Conclude(Outcome.RECORDED, because, sent.ref),)
    return (
        *_did_not_arrive(report.status or "bounced", mail, known, policy, lasting=report.permanent),
        Conclude(Outcome.RECORDED, "a mail of ours did not arrive", sent.ref),
    )


def delivery_failed(status: str, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    return _did_not_arrive(status, None, known, policy, lasting=True)


def _did_not_arrive(
    status: str, bounce: Mail | None, known: Situation, policy: Policy, *, lasting: bool
) -> tuple[Effect, ...]:
    """The coordinators learn of it, unless it is their own that failed; for a lasting reason, automatic mail waits."""
    sent = known.sent
    if sent is None:
        return ()
    effects: list[Effect] = [Mute(sent.party, known.now + MUTE_AFTER_BOUNCE)] if lasting else []
    effects.append(Note(sent.ref, f"{sent.template} did not arrive: {status}"))
    if sent.template not in SILENT:
        effects += mails.undelivered(status, known, policy, _not_to(sent.party.id, bounce, policy))
    return tuple(effects)


def _not_to(failed: str, bounce: Mail | None, policy: Policy) -> frozenset[str]:
    """People whom a notice must not go to: who can't be reached, and whoever the bounce itself comes from."""
    sources = (bounce.sender, bounce.return_path or "") if bounce else ()
    senders = (policy.person_at(address) for address in sources)
    return frozenset({failed, *(member.slug for member in senders if member)})


def held(reason: Reason, known: Situation, policy: Policy, owner: Person | None = None) -> tuple[Effect, ...]:
    """On the shelf, never silently: the coordinators are told, and the staff member in whose name it came."""
    seems = known.ticket.ref if known.ticket else ""
    told = (mails.held_notice(owner.slug, reason, seems, known, policy),) if owner else ()
    return (*_on_the_shelf(reason, seems, known, policy), *told, Conclude(Outcome.SHELVED, reason.value, seems))


def shelved(reason: Reason, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """The machinery put it there: it could not be read, or failed three times."""
    return (*_on_the_shelf(reason, "", known, policy), Conclude(Outcome.SHELVED, reason.value))


def _on_the_shelf(reason: Reason, seems: str, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """What is held has a deadline, so that holding never becomes silence."""
    item = ShelfItem(known.inbox, reason.value, known.now, seems, known.size)
    until = due_after(policy.calendar, known.now, policy.deadlines.days[Span.SHELF])
    return (*mails.shelf_notice(item, policy.coordinators, policy), HoldUntil(known.inbox, until))


def held_too_long(known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """Nobody looked at it within its deadline: coordinators and supervisors are told, once."""
    item = known.shelf
    if item is None or not item.waiting:
        return ()
    slugs = tuple(dict.fromkeys((*policy.coordinators, *policy.supervisors)))
    there = tuple(slug for slug in slugs if not away(slug, _when_they_read_it(slug, known, policy), policy))
    return (*mails.shelf_notice(item, there or slugs, policy, late_at=known.now), HoldUntil(item.id, None))


def _when_they_read_it(slug: str, known: Situation, policy: Policy) -> Situation:
    return replace(known, now=next_opening(policy.hours_of(slug), known.now))


def mail_sent(known: Situation) -> tuple[Effect, ...]:
    """An answer has left: the ticket is answered, and its clock stops. A question to the requester: it waits for them."""
    sent, ticket = known.sent, known.ticket
    if ticket is None or sent is None:
        return ()
    if sent.template in ("inquiry", "details"):
        return panel.paused(ticket, known)
    step = move(ticket.state, Act.ANSWER) if sent.template in ("answer", "correction") else None
    if step is None:
        return ()
    first = {} if ticket.answered else {"answered": known.now}
    if known.overtaken and ticket.running:  # what they wrote meanwhile is still to be answered, by the same day
        back = move(ticket.state, Act.RETURN)
        state = (SetState(ticket.ref, back.to),) if back else ()
        return (Change(ticket.ref, first), *state) if first else state
    changes = Change(ticket.ref, {**first, "paused": None, "asked": None, "nudged": None})
    ended = (SetState(ticket.ref, step.to), SetDue(ticket.ref, None, ticket.clock), changes)
    return *ended, *panel.settled_tasks(known)


def day_began(slug: str, day: date, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """Once a working day for everybody who is there: what is due, and how the desk stands."""
    done = Remember((round_key(slug, day),))
    reminded = (*leaving.begun(slug, known, policy), *rounds.day_began(slug, day, known, policy))
    return done, *reminded, *digest.digests(slug, day, known, policy)


def round_key(slug: str, day: date) -> str:
    return f"round:{slug}:{day.isoformat()}"


def command_typed(typed: CommandTyped, known: Situation, policy: Policy) -> tuple[Done, ...]:
    """A command at the keyboard: what it asks for, and the line to print."""
    word, _, argument = typed.line.partition(" ")
    return carry_out((Order(word, argument.strip(), typed.text, None, known, policy),))
