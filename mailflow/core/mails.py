"""The mails that the desk writes to its staff: which facts each template is told. All that they see of a requester passes
here; what requesters get is in core/letters.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from mailflow.core import coding, views
from mailflow.core.deadlines import next_opening
from mailflow.core.effects import Fact, Passage, Send
from mailflow.core.model import (
    Attachment,
    Grant,
    Mail,
    Part,
    Party,
    PartyKind,
    Role,
    ShelfItem,
    Situation,
    Ticket,
    TokenKind,
    person,
)
from mailflow.core.policy import Person, Policy
from mailflow.core.publication import Item
from mailflow.core.wording import Flag, Held, Line, Reason, Said, line

TOLD = frozenset({"question", "more", "answer", "translation", "contribution"})  # what somebody new to a ticket gets
REASONS = 3  # shown of a code
MAX_FILES = 20  # names of files shown in a mail


def pages(items: Iterable[Item], policy: Policy) -> tuple[str, ...]:
    """Title and address of each; nothing while the desk has no site."""
    pages = ((item.title, policy.publication.page(item.language, item.id)) for item in items)
    return tuple(f"{title}: {page}" for title, page in pages if page)


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
        "precedents": pages(known.published, policy) or tuple(item.title for item in known.published),
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


def passed_on(mail: Mail) -> tuple[Attachment, ...]:
    return tuple(file for file in mail.attachments if file.type not in views.PERSONAL_TYPES)


def _file_names(mail: Mail) -> tuple[str, ...]:
    """As staff are told of them: what is not passed on is named, and marked."""
    kept = passed_on(mail)
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
