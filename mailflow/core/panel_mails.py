"""The mails between those who work on one answer: contributions, translations, reviews. All of it passes the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailflow.core import mails, views
from mailflow.core.effects import Fact, Passage, Send
from mailflow.core.model import Draft, Grant, Mail, Part, Situation, Task, TaskKind, Ticket, TokenKind, person
from mailflow.core.policy import Person, Policy, Review
from mailflow.core.presence import here, least_loaded, works


def task_grant(task: Task) -> Grant:
    return Grant(TokenKind.TASK, task.id, person(task.slug), task.ref)


def contribution(ticket: Ticket, task: Task, part: Part, note: str, policy: Policy) -> Send:
    """For an expert whose part is wanted: the question, and by when."""
    facts: dict[str, Fact] = {
        **_question(ticket, part),
        "due": task.due,
        "by": policy.people[task.by].name if task.by in policy.people else "",
        "lead": _names(lead(ticket, policy), policy),
        "note": Passage(note) if note else None,
        "actions": ("decline", "help"),
    }
    return _task_mail("contribution", task, facts, _files(part), policy)


def contributed(
    ticket: Ticket, mail: Mail, member: Person, left: Sequence[Task], known: Situation, policy: Policy
) -> tuple[Send, ...]:
    """For whoever leads: a part of the answer, whose parts are still out, and the question again."""
    facts: dict[str, Fact] = {
        "by": member.name,
        "text": Passage(mail.text, mail.rich),
        "missing": tuple(policy.people[task.slug].name for task in left if task.slug in policy.people),
        "due": ticket.due,
        "files": tuple(file.name for file in mail.attachments),
    }
    slugs = [slug for slug in lead(ticket, policy) if slug != member.slug]
    key = f"contributed:{ticket.ref}:{known.inbox}"
    return tuple(
        mails.about(ticket, slug, "contributed", key, facts, mails.attached(mail, known), policy) for slug in slugs
    )


def translation(ticket: Ticket, task: Task, part: Part, policy: Policy) -> Send:
    """For a translator: what the requester wrote, or what they will be told."""
    back = task.kind is TaskKind.RETURN
    others = {language for slug in lead(ticket, policy) for language in policy.people[slug].reads}
    into = [language for language in policy.people[task.slug].writes if language in others]
    facts: dict[str, Fact] = {
        "back": int(back),
        "source": ticket.language,
        "target": ticket.language if back else (into[0] if into else policy.staff_languages[0]),
        "subject": "" if back else views.for_staff(part.subject, part.sender, part.name),
        "text": Passage(part.text if back else views.for_staff(part.text, part.sender, part.name)),
        "due": task.due,
        "actions": ("decline", "help"),
    }
    return _task_mail("translation", task, facts, _files(part), policy)


def translated(ticket: Ticket, mail: Mail, member: Person, known: Situation, policy: Policy) -> tuple[Send, ...]:
    """For whoever has the ticket: the translation, with the original below it. A reply to it is the answer."""
    wrote = [part for part in known.story if part.kind in ("question", "more")]
    original = wrote[-1] if wrote else Part("question", "requester", known.now, "", "")
    facts: dict[str, Fact] = {
        "by": member.name,
        "text": Passage(mail.text),
        "original": Passage(views.for_staff(original.text, original.sender, original.name)),
        "language": ticket.language,
        "topics": ticket.topics,
        "queue": ticket.queue,
        "due": ticket.due,
        "wanted": mails.wanted(ticket, policy),
        "files": original.files,
    }
    key = f"translated:{ticket.ref}:{known.inbox}"
    files = (original.inbox,) if original.inbox and original.files else ()
    return tuple(
        mails.about(ticket, slug, "translated", key, facts, files, policy)
        for slug in lead(ticket, policy)
        if slug != member.slug
    )


def review(ticket: Ticket, task: Task, draft: Send, part: Part, original: Passage | None, policy: Policy) -> Send:
    """For a reviewer: the question, and the answer exactly as it would leave."""
    facts: dict[str, Fact] = {
        **_question(ticket, part),
        "answer": draft.facts["answer"],
        "original": original,
        "answer_files": draft.facts["files"],
        "author": policy.people[draft.author].name if draft.author in policy.people else policy.desk,
        "due": task.due,
        "actions": ("approve", "reject", "help"),
    }
    return _task_mail("review", task, facts, (*_files(part), *draft.attach), policy)


def declined(
    ticket: Ticket,
    task: Task,
    by: str,
    why: str,
    known: Situation,
    policy: Policy,
    slugs: Sequence[str] = (),
    text: Passage | None = None,
    *,
    waits: bool = False,
) -> tuple[Send, ...]:
    """For whoever leads, and for the coordinators when it is a review: a part that won't come.

    `text`: what nobody translates, for `slugs`; `waits`: its requester is asked for another language.
    """
    slugs = slugs or (lead(ticket, policy) if task.kind is TaskKind.CONTRIBUTION else policy.coordinators)
    facts: dict[str, Fact] = {
        "what": task.kind.value,
        "by": by,
        "why": Passage(why),
        "due": ticket.due,
        "text": text,
        "waits": int(waits),
    }
    key = f"declined:{task.id}:{known.inbox or known.now.isoformat()}"
    told = (mails.about(ticket, slug, "declined", key, facts, (), policy) for slug in slugs)
    return tuple(replace(send, grant=mails.notice_grant(ticket, send.to)) for send in told)


def reviewed(
    ticket: Ticket, draft: Draft, verdict: str, reviewer: Person | None, text: Passage | None, policy: Policy
) -> tuple[Send, ...]:
    """For the author: approved, corrected, or sent back with a reason."""
    if draft.author not in policy.people:
        return ()
    facts: dict[str, Fact] = {
        "verdict": verdict,  # approved, corrected or rejected
        "by": reviewer.name if reviewer else policy.desk,
        "text": text,
        "due": ticket.due,
    }
    key = f"reviewed:{draft.id}:{verdict}"
    sent = mails.about(ticket, draft.author, "reviewed", key, facts, (), policy)
    told = sent if verdict == "rejected" else replace(sent, grant=mails.notice_grant(ticket, sent.to))
    return (told,)


def taken_away(
    ticket: Ticket, slug: str, what: str, to: str, by: str, known: Situation, policy: Policy, *, stopped: bool
) -> Send:
    """For somebody who had the ticket, or an answer to it on its way: it isn't theirs any more. Nothing to answer."""
    facts: dict[str, Fact] = {"what": what, "to": to, "by": by, "stopped": int(stopped), "actions": ("help",)}
    key = f"taken_away:{ticket.ref}:{known.inbox or known.now.isoformat()}"
    return mails.to_person(slug, "taken_away", key, policy, mails.notice_grant(ticket, person(slug)), ticket.ref, facts)


def lead(ticket: Ticket, policy: Policy) -> tuple[str, ...]:
    """Who writes the answer: the assignee, else whoever the queue has, else the coordinators."""
    if works(ticket.assignee, policy):
        return (ticket.assignee,)
    queue = policy.queues.get(ticket.queue)
    left = [slug for slug in queue.experts if slug not in ticket.declined] if queue else []
    return tuple(left) or policy.coordinators


def reviewers(
    ticket: Ticket, authors: frozenset[str], kind: Review, known: Situation, policy: Policy
) -> tuple[str, ...]:
    """Who may read a draft before it leaves; never one of its authors. Those present first; () when there is nobody at all."""
    queue = policy.queues.get(ticket.queue)
    experts = queue.experts if queue and kind is Review.EXPERT else ()
    for group in (experts, policy.coordinators, policy.supervisors):
        others = tuple(slug for slug in group if slug not in authors)
        if able := here(others, known, policy) or (others if group is policy.supervisors else ()):
            return (least_loaded(able, known),) if group is experts else able
    return tuple(slug for slug in policy.coordinators if slug not in authors)


def _question(ticket: Ticket, part: Part) -> dict[str, Fact]:
    return {
        "subject": views.for_staff(part.subject, part.sender, part.name),
        "question": Passage(views.for_staff(part.text, part.sender, part.name)),
        "language": ticket.language,
        "topics": ticket.topics,
        "files": part.files,
    }


def _task_mail(template: str, task: Task, facts: dict[str, Fact], attach: tuple[str, ...], policy: Policy) -> Send:
    send = mails.to_person(task.slug, template, f"task:{task.id}", policy, task_grant(task), task.ref, facts)
    return replace(send, attach=attach)


def _files(part: Part) -> tuple[str, ...]:
    return (part.inbox,) if part.inbox and part.files else ()


def _names(slugs: Sequence[str], policy: Policy) -> str:
    return ", ".join(policy.people[slug].name for slug in slugs if slug in policy.people)
