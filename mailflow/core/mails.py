"""The mails that the desk writes: which facts each template is told. All that staff see of a requester passes here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from mailflow.core import coding, views
from mailflow.core.deadlines import next_opening
from mailflow.core.effects import Fact, Passage, Send
from mailflow.core.model import (
    UNKNOWN_LANGUAGE,
    Attachment,
    Grant,
    Known,
    Mail,
    OriginKind,
    Part,
    Party,
    PartyKind,
    Role,
    ShelfItem,
    Situation,
    Ticket,
    TokenKind,
    Verdict,
    person,
    requester,
)
from mailflow.core.policy import Person, Policy
from mailflow.core.publication import Item
from mailflow.core.wording import Flag, Held, Line, Reason, Said, line

A_DAY = timedelta(days=1)
TOLD = frozenset({"question", "more", "answer", "translation", "contribution"})  # what somebody new to a ticket gets
REASONS = 3  # shown of a code
ASKING = frozenset({"inquiry", "details", "which_language"})  # what the requester is to answer
MAX_FILES = 20  # names of files shown in a mail


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
    return _pages((item for item in known.published if item.language == ticket.language), policy)


def _pages(items: Iterable[Item], policy: Policy) -> tuple[str, ...]:
    """Title and address of each; nothing while the desk has no site."""
    pages = ((item.title, policy.publication.page(item.language, item.id)) for item in items)
    return tuple(f"{title}: {page}" for title, page in pages if page)


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


def to_person(
    slug: str, template: str, key: str, policy: Policy, grant: Grant | None, ref: str, facts: Mapping[str, Fact]
) -> Send:
    language = policy.language_for(policy.people[slug])
    return Send(person(slug), template, language, f"{key}:{slug}", ref, grant, facts, thread=bool(ref))


def ticket_grant(ticket: Ticket, slug: str) -> Grant:
    return Grant(TokenKind.TICKET, ticket.ref, person(slug), ticket.ref)


def notice_grant(ticket: Ticket, party: Party) -> Grant:
    return Grant(TokenKind.NOTICE, ticket.ref, party, ticket.ref)


def actions_for(slug: str, ticket: Ticket, policy: Policy, *, doubtful: bool = False) -> tuple[str, ...]:
    """The commands offered as links under a mail about a ticket: at most five, those that apply now.

    `doubtful`: it may be inadmissible.
    """
    if slug in policy.coordinators:
        offered = _to_coordinator(ticket, doubtful=doubtful)
    elif Role.EXPERT not in policy.people[slug].roles:
        offered = ("show", "note", "help")
    elif ticket.settled:
        offered = ("publish", "correct", "reopen", "show", "help")
    else:
        offered = ("ask", "consult") if ticket.assignee else ("take", "ask")
        offered += ("decline", "note", "help")
    return tuple(word for word in offered if _applies(word, ticket))


def _to_coordinator(ticket: Ticket, *, doubtful: bool) -> tuple[str, ...]:
    if ticket.settled:
        return ("reopen", "publish", "note", "show", "help")
    if not ticket.assignee:
        return ("assign", "queue", "inadmissible", "ask", "help")
    return (
        ("assign", "inadmissible", "ask", "close", "help") if doubtful else ("assign", "ask", "close", "note", "help")
    )


def _applies(word: str, ticket: Ticket) -> bool:
    """Whether a command would do anything in the ticket's state."""
    if word == "ask":
        return ticket.running
    if word == "publish":
        return ticket.answered is not None and ticket.publication != "never" and ticket.admissible is not False
    return word != "correct" or ticket.answered is not None


def question(
    ticket: Ticket,
    mail: Mail,
    slugs: Iterable[str],
    flags: tuple[Flag, ...],
    why: Line,
    known: Situation,
    policy: Policy,
) -> tuple[Send, ...]:
    """The question as whoever prepares the answer sees it."""
    facts: dict[str, Fact] = {
        "subject": views.for_staff(mail.subject, mail.sender, mail.name),
        "question": Passage(views.for_staff(mail.text, mail.sender, mail.name)),
        "earlier": Passage(views.for_staff(mail.quoted, mail.sender, mail.name)) if mail.quoted.strip() else None,
        "files": _file_names(mail),
        "language": ticket.language,
        "topics": ticket.topics,
        "queue": ticket.queue,
        "due": ticket.due,
        "wanted": wanted(ticket, policy),
        "why": why,
        "flags": tuple(flag.value for flag in flags),
        "coding": _coded(mail, policy),
        "precedents": _pages(known.published, policy) or tuple(item.title for item in known.published),
    }
    attach = attached(mail, known)
    return tuple(about(ticket, slug, "question", f"question:{ticket.ref}", facts, attach, policy) for slug in slugs)


def _coded(mail: Mail, policy: Policy) -> tuple[str, ...]:
    """How the question is coded for the report until somebody says otherwise: as #code takes it, with the reason."""
    told = (sign for sign in coding.suggestions(mail, policy) if sign.kind in coding.CODED)
    return tuple(f"{sign.kind.value}={sign.value} ({', '.join(sign.because[:REASONS])})" for sign in told)


def _spoken(ticket: Ticket) -> tuple[str, ...]:
    """What staff must know of a question without an address."""
    return () if ticket.requester.reachable else (Flag.NO_ADDRESS.value,)


def wanted(ticket: Ticket, policy: Policy) -> datetime | None:
    """The day by which the requester says that they need the answer, as a moment."""
    return policy.calendar.closing(ticket.wanted) if ticket.wanted else None


def more(
    ticket: Ticket, mail: Mail, slugs: Iterable[str], flags: tuple[Flag, ...], known: Situation, policy: Policy
) -> tuple[Send, ...]:
    """What the requester wrote after the question."""
    facts: dict[str, Fact] = {
        "subject": views.for_staff(mail.subject, mail.sender, mail.name),
        "text": Passage(views.for_staff(_everything_said(mail), mail.sender, mail.name)),
        "files": _file_names(mail),
        "due": ticket.due,
        "flags": (*(flag.value for flag in flags), *_spoken(ticket)),
    }
    attach = attached(mail, known)
    key = f"more:{ticket.ref}:{known.inbox}"
    return tuple(about(ticket, slug, "more", key, facts, attach, policy) for slug in slugs)


def joined(
    ticket: Ticket, told: tuple[Part, ...], slugs: Iterable[str], known: Situation, policy: Policy
) -> tuple[Send, ...]:
    """What the requester wrote on a ticket that was joined to this one."""
    facts: dict[str, Fact] = {
        "subject": views.for_staff(told[0].subject, told[0].sender, told[0].name) if told else "",
        "text": Passage("\n\n".join(views.for_staff(part.text, part.sender, part.name) for part in told)),
        "files": tuple(name for part in told for name in part.files)[:MAX_FILES],
        "due": ticket.due,
        "flags": (Flag.MERGED.value,),
    }
    attach = tuple(part.inbox for part in told if part.inbox and part.files)
    key = f"more:{ticket.ref}:{known.inbox or known.now.isoformat()}"
    return tuple(about(ticket, slug, "more", key, facts, attach, policy) for slug in slugs)


def assignment(
    ticket: Ticket, slugs: Iterable[str], note: str, by: str, known: Situation, policy: Policy, key: str
) -> tuple[Send, ...]:
    """The ticket's story so far, for somebody who gets it by a coordinator's word."""
    told = [part for part in known.story if part.kind in TOLD]
    first = told[0] if told else Part("question", "requester", ticket.opened, "", "")
    facts: dict[str, Fact] = {
        "subject": views.for_staff(first.subject, first.sender, first.name),
        "question": Passage(views.for_staff(first.text, first.sender, first.name)),
        "earlier": _earlier(told[1:]),
        "files": tuple(name for part in told for name in part.files)[:MAX_FILES],
        "language": ticket.language,
        "topics": ticket.topics,
        "queue": ticket.queue,
        "due": ticket.due,
        "wanted": wanted(ticket, policy),
        "why": line("", Said.HANDED_OVER, {"by": by}),
        "flags": _spoken(ticket),
        "note": Passage(note) if note else None,
        "by": by,
    }
    attach = tuple(part.inbox for part in told if part.inbox and part.files)
    return tuple(about(ticket, slug, "assignment", key, facts, attach, policy) for slug in slugs)


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
        "files": tuple(views.for_requester(file.name, policy) for file in _passed_on(mail))[:MAX_FILES],
    }
    if template == "correction":
        facts["replaces"] = ticket.answered_last or ticket.answered or known.now
    key = f"{template}:{ticket.ref}:{known.inbox}"
    files = attached(mail, known)
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
        to_person(s, template, key, policy, _relay_grant(ticket, template, s), ticket.ref, framed)
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


def leaving(
    ticket: Ticket,
    mail: Mail,
    author: str,
    answers: tuple[Send, ...],
    held: Held,
    known: Situation,
    policy: Policy,
    *,
    instead: bool = False,
) -> Send:
    """For the author: exactly what will leave, when, and whether instead of another. Replying #stop keeps it back."""
    first = answers[0]
    facts: dict[str, Fact] = {
        "template": first.template,
        "answer": first.facts["question" if first.template == "inquiry" else "answer"],
        "files": first.facts["files"],
        "leaves": None if held else first.leaves or known.now,
        "held": held.value,
        "unsure": int(not mail.cut_sure),
        "instead": int(instead),
        "actions": ("send", "stop", "help") if held else ("stop", "send", "help"),
    }
    grant = Grant(TokenKind.DRAFT, first.key, person(author), ticket.ref)
    return to_person(author, "leaving", f"leaving:{first.key}", policy, grant, ticket.ref, facts)


def shelf_notice(
    item: ShelfItem, slugs: Iterable[str], policy: Policy, *, late_at: datetime | None = None, danger: bool = False
) -> tuple[Send, ...]:
    """For the coordinators: a mail lies on the shelf; or, in their hours, lies there too long. Nothing of its content."""
    facts: dict[str, Fact] = {
        "reason": item.reason,
        "at": item.at,
        "size": item.size,
        "seems": item.ref,
        "late": int(late_at is not None),
        "danger": int(danger),
        "actions": ("release", "drop", "help"),
    }
    grants = {slug: Grant(TokenKind.SHELF, item.id, person(slug), item.ref) for slug in slugs}
    key = f"{'shelf-late' if late_at else 'shelf'}:{item.id}:{item.at.isoformat()}"  # it may come to lie there again
    sends = (to_person(slug, "shelf", key, policy, grant, "", facts) for slug, grant in grants.items())
    return tuple(replace(send, leaves=_in_their_hours(send, late_at, policy)) for send in sends)


def _in_their_hours(send: Send, at: datetime | None, policy: Policy) -> datetime | None:
    """What can wait leaves when its reader works; None: at once."""
    return next_opening(policy.hours_of(send.to.id), at) if at else None


def held_notice(slug: str, reason: Reason, seems: str, known: Situation, policy: Policy) -> Send:
    """For a staff member, at the address that we hold: a mail in their name was not acted on."""
    facts: dict[str, Fact] = {"reason": reason.value, "seems": seems, "actions": ()}
    return to_person(slug, "held", f"held:{known.inbox}", policy, None, "", facts)


def undelivered(status: str, known: Situation, policy: Policy, but: frozenset[str]) -> tuple[Send, ...]:
    """For the coordinators, except those whose own mail it was: one of our mails did not arrive."""
    sent, ticket = known.sent, known.ticket
    if sent is None:
        return ()
    facts: dict[str, Fact] = {"what": sent.template, "role": role_of(sent.party, policy), "status": status}
    slugs = [slug for slug in policy.coordinators if slug not in but]
    key = f"undelivered:{sent.id}"
    if ticket is None:
        bare = {**facts, "actions": ()}
        return tuple(to_person(slug, "undelivered", key, policy, None, "", bare) for slug in slugs)
    told = (about(ticket, slug, "undelivered", key, facts, (), policy) for slug in slugs)
    return tuple(replace(send, grant=notice_grant(ticket, send.to)) for send in told)


def transcript(
    member: Person,
    lines: tuple[Line, ...],
    usage: tuple[str, ...],
    known: Situation,
    policy: Policy,
    story: Passage | None = None,
    commands: tuple[Line, ...] = (),
) -> Send:
    """For whoever sent commands: what was done, or why not; `story`: what they asked to see."""
    facts: dict[str, Fact] = {
        "lines": lines,
        "usage": usage,
        "commands": commands,
        "story": story,
        "actions": ("help",),
    }
    ticket = known.ticket
    shelf = next((g for g in known.grants if g.kind is TokenKind.SHELF and g.party == person(member.slug)), None)
    grant = shelf or (notice_grant(ticket, person(member.slug)) if ticket else None)
    ref = ticket.ref if ticket else ""
    return to_person(member.slug, "transcript", f"transcript:{known.inbox}", policy, grant, ref, facts)


def about(
    ticket: Ticket,
    slug: str,
    template: str,
    key: str,
    facts: Mapping[str, Fact],
    attach: tuple[str, ...],
    policy: Policy,
) -> Send:
    """A mail to a staff member about a ticket: a reply to it is an answer."""
    flags = facts.get("flags")
    doubtful = isinstance(flags, tuple) and Flag.MAYBE_INADMISSIBLE.value in flags
    told = {**facts, "title": ticket.title, "actions": actions_for(slug, ticket, policy, doubtful=doubtful)}
    send = to_person(slug, template, key, policy, ticket_grant(ticket, slug), ticket.ref, told)
    return replace(send, attach=attach)


def _everything_said(mail: Mail) -> str:
    """What a requester wrote; with the quotation, when some of it may stand there."""
    return mail.text if mail.cut_sure else f"{mail.text}\n\n{mail.quoted}".strip()


def attached(mail: Mail, known: Situation) -> tuple[str, ...]:
    return (known.inbox,) if mail.attachments and known.inbox else ()


def _passed_on(mail: Mail) -> tuple[Attachment, ...]:
    return tuple(file for file in mail.attachments if file.type not in views.PERSONAL_TYPES)


def _file_names(mail: Mail) -> tuple[str, ...]:
    """As staff are told of them: what is not passed on is named, and marked."""
    kept = _passed_on(mail)
    marks = ((file, "" if file in kept else f" {views.WITHHELD}") for file in mail.attachments)
    return tuple(views.for_staff(file.name, mail.sender, mail.name) + mark for file, mark in marks)[:MAX_FILES]


def _earlier(told: list[Part]) -> Passage | None:
    """What was written since the question, oldest first."""
    texts = (
        f"{part.at:%Y-%m-%d} ({part.from_role})\n{views.for_staff(part.text, part.sender, part.name)}" for part in told
    )
    return Passage("\n\n".join(texts)) if told else None


def role_of(party: Party, policy: Policy) -> str:
    """As what somebody deals with the desk; of several roles, the one that comes first here."""
    member = policy.people.get(party.id) if party.kind is PartyKind.PERSON else None
    if member is None:
        return (Role.REQUESTER if party.kind is PartyKind.REQUESTER else Role.EXPERT).value
    return next((role for role in (Role.COORDINATOR, Role.EXPERT) if role in member.roles), min(member.roles)).value
