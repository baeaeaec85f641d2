"""The letters that requesters get; for one without an address, coordinators get them, to pass them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from mailflow.core import mails, views
from mailflow.core.effects import Fact, Send
from mailflow.core.model import (
    UNKNOWN_LANGUAGE,
    Grant,
    Known,
    Mail,
    OriginKind,
    Situation,
    Ticket,
    TokenKind,
    Verdict,
    person,
    requester,
)
from mailflow.core.policy import Policy
from mailflow.core.wording import Held, Said, line

A_DAY = timedelta(days=1)
ASKING = frozenset({"inquiry", "details", "which_language"})  # what the requester is to answer


def acknowledgement(ticket: Ticket, mail: Mail, known: Situation, policy: Policy) -> tuple[Send, ...]:
    """One for each deadline that starts, unless nobody may be answered automatically (security rule 8)."""
    if not answerable(mail, policy) or not ticket.requester.reachable or ticket.due is None:
        return ()
    template, language = "acknowledgement", ticket.language
    if language == UNKNOWN_LANGUAGE:
        template, language = "bilingual", two_languages(mail, policy)
    facts: dict[str, Fact] = {
        "due": ticket.due,
        "again": int(ticket.clock > 1),
        "copied": int(bool(others_in_copy(mail, policy))),
        "keep_months": policy.keep_months,
        "published": _linked(mail, ticket, known, policy),
    }
    key = f"ack:{ticket.ref}:{ticket.clock}"
    leaves = not_before(mail, known.known, known.now, policy)
    return (to_requester(ticket, template, language, key, facts, leaves=leaves),)


def _linked(mail: Mail, ticket: Ticket, known: Situation, policy: Policy) -> tuple[str, ...]:
    """Published answers in the requester's language, where the topic is certain: title and address."""
    certain, lead = policy.publication.linked, mail.topics[0].score if mail.topics else 0.0
    if not certain or lead < certain or ticket.clock > 1:
        return ()
    return mails.pages((item for item in known.published if item.language == ticket.language), policy)


def answerable(mail: Mail, policy: Policy) -> bool:
    """Whether an automatic reply may go to whoever wrote this mail."""
    return (
        mail.origin.kind is OriginKind.HUMAN
        and mail.authentication.verdict is not Verdict.FAIL
        and mail.return_path != ""
        and bool(mail.sender)
        and mail.sender not in policy.own_addresses
        and policy.person_at(mail.sender) is None
    )


def not_before(mail: Mail, known: Known, now: datetime, policy: Policy) -> datetime | None:
    """When an acknowledgement may leave: at once; when a cap is reached, on the day whose turn it is; after a mute."""
    caps = policy.caps
    days = max(known.acks_address // caps.acks_address, known.acks_all // caps.acks_all)
    if mail.domain not in caps.public_domains:
        days = max(days, known.acks_domain // caps.acks_domain)
    waits = ([now + days * A_DAY] if days else []) + ([known.muted_until] if known.muted_until else [])
    return max(waits, default=None)


def two_languages(mail: Mail, policy: Policy) -> str:
    """Two languages joined by "+", for somebody whose language we couldn't tell: the likeliest one first."""
    first, second = policy.bilingual
    guess = mail.language.guess
    if guess and guess in policy.languages and guess not in (first, second):
        return f"{guess}+{first}"
    return f"{second}+{first}" if guess == second else f"{first}+{second}"


def others_in_copy(mail: Mail, policy: Policy) -> tuple[str, ...]:
    """Who else stood in To or Cc: they are never written to."""
    ours = {*policy.own_addresses, mail.sender}
    return tuple(a for a in (*mail.to, *mail.cc) if a not in ours and plain_address(a) not in ours)


def plain_address(address: str) -> str:
    """An address without what plus addressing added."""
    local, at, domain = address.rpartition("@")
    return local.partition("+")[0] + at + domain


def to_requester(
    ticket: Ticket,
    template: str,
    language: str,
    key: str,
    facts: Mapping[str, Fact],
    leaves: datetime | None = None,
) -> Send:
    party = requester(ticket.requester.id)
    grant = Grant(TokenKind.TICKET, ticket.ref, party, ticket.ref)
    return Send(party, template, language, key, ticket.ref, grant, facts, thread=True, leaves=leaves)


def answer(
    ticket: Ticket,
    mail: Mail,
    author: str,
    leaves: datetime | None,
    held: Held,
    known: Situation,
    policy: Policy,
    template: str = "answer",
) -> tuple[Send, ...]:
    """The answer as the requester will get it; of a question without an address, the coordinators will.

    `template`: answer, correction (of an earlier one) or inquiry (we ask them something).
    """
    facts: dict[str, Fact] = {
        "question" if template == "inquiry" else "answer": views.answer_for_requester(mail.text, mail.rich, policy),
        "files": tuple(views.for_requester(file.name, policy) for file in mails.passed_on(mail))[: mails.MAX_FILES],
    }
    if template == "correction":
        facts["replaces"] = ticket.answered_last or ticket.answered or known.now
    key = f"{template}:{ticket.ref}:{known.inbox}"
    files = mails.attached(mail, known)
    sends = relayed(ticket, template, key, facts, policy)
    return tuple(replace(s, attach=files, leaves=leaves, held=bool(held), author=author) for s in sends)


def relayed(ticket: Ticket, template: str, key: str, facts: Mapping[str, Fact], policy: Policy) -> tuple[Send, ...]:
    """A mail for the requester; of one without an address the coordinators get it, to pass it on."""
    language = language_to(ticket, policy)
    if ticket.requester.reachable:
        return (to_requester(ticket, template, language, key, facts),)
    asks = template in ASKING
    framed: dict[str, Fact] = {
        **facts,
        "above": line("", Said.PASS_ON_QUESTION if asks else Said.PASS_ON),
        "actions": ("note", "close", "help") if asks else ("note", "reopen", "help"),
    }
    spoken = (
        mails.to_person(s, template, key, policy, _relay_grant(ticket, template, s), ticket.ref, framed)
        for s in policy.coordinators
    )
    return tuple(replace(s, language=language, facts={**s.facts, "reader": s.language}) for s in spoken)


def _relay_grant(ticket: Ticket, template: str, slug: str) -> Grant:
    """A reply to a letter that is passed on says what came of it: its subject tells which letter that was."""
    return Grant(TokenKind.NOTICE, f"{template}:{ticket.ref}", person(slug), ticket.ref)


def language_to(ticket: Ticket, policy: Policy) -> str:
    """In which language we write to a requester."""
    return ticket.language if ticket.language in policy.languages else policy.bilingual[0]


def news(ticket: Ticket, known: Situation, policy: Policy) -> tuple[Send, ...]:
    """Where their question stands, for a requester who asked."""
    facts: dict[str, Fact] = {
        "answered": (ticket.answered_last or ticket.answered) if ticket.settled else None,
        "due": ticket.due if ticket.due and ticket.due > known.now else None,
    }
    return relayed(ticket, "status", f"status:{ticket.ref}:{known.inbox}", facts, policy)


def late(ticket: Ticket, expected: datetime, policy: Policy) -> tuple[Send, ...]:
    """For the requester, once a promise: the answer will be late."""
    facts: dict[str, Fact] = {"due": ticket.promised, "expected": expected}
    return relayed(ticket, "late", f"late:{ticket.ref}:{ticket.clock}", facts, policy)


def silent(ticket: Ticket, until: datetime, policy: Policy) -> tuple[Send, ...]:
    """For a requester who hasn't answered our question."""
    facts: dict[str, Fact] = {"asked": ticket.asked, "until": until}
    asked = ticket.asked.isoformat() if ticket.asked else ""
    return relayed(ticket, "silent", f"silent:{ticket.ref}:{asked}", facts, policy)


def closing(ticket: Ticket, known: Situation, policy: Policy) -> tuple[Send, ...]:
    return relayed(ticket, "closing", f"closing:{ticket.ref}:{known.now.isoformat()}", {}, policy)


def details(ticket: Ticket, known: Situation, policy: Policy) -> tuple[Send, ...]:
    """A ready request for what we need to know."""
    return relayed(ticket, "details", f"details:{ticket.ref}:{known.inbox or known.now.isoformat()}", {}, policy)


def which_language(ticket: Ticket, policy: Policy) -> tuple[Send, ...]:
    """Nobody reads what they wrote: would another language do?"""
    return relayed(ticket, "which_language", f"which_language:{ticket.ref}", {}, policy)


def referral(ticket: Ticket, reason: str, note: str, known: Situation, policy: Policy) -> tuple[Send, ...]:
    """Why we can't take up a question, and who can."""
    facts: dict[str, Fact] = {
        "reason": reason,
        "note": views.answer_for_requester(note, "", policy) if note else None,
        "offices": policy.offices.get(ticket.codes.get("country", ""), ()),
    }
    key = f"inadmissible:{ticket.ref}:{known.inbox or known.now.isoformat()}"
    return relayed(ticket, "inadmissible", key, facts, policy)
