"""A second person reads an answer before it leaves: what leaves is exactly what they approved."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from mailflow.core import letters, mails, panel, panel_mails
from mailflow.core.commands import stray
from mailflow.core.effects import (
    AddMessage,
    Conclude,
    Effect,
    EndTask,
    GiveTask,
    Note,
    Passage,
    ReleaseDraft,
    Send,
    SetState,
    StopDraft,
)
from mailflow.core.lifecycle import Act, move
from mailflow.core.model import Draft, Mail, Outcome, Part, Role, Situation, Task, TaskKind, Ticket
from mailflow.core.policy import Person, Policy, Review
from mailflow.core.wording import Held, Line, Said, line

POLITE = frozenset({
    "thanks", "thank you", "many thanks", "thanks a lot", "regards", "best", "best regards", "kind regards",
    "merci", "merci beaucoup", "merci bien", "cordialement", "bien cordialement", "bien à vous",
    "gracias", "muchas gracias", "saludos", "un saludo", "saludos cordiales", "cordialmente",
})  # fmt: skip
_PIECE = re.compile(r"[\n,;!]|\.(?=\s|$)")
REVIEWED = frozenset({"answer", "correction"})  # what a second person reads first, where a queue asks for it
AROUND_A_WORD = " \t\r\n\u00a0\u202f.!,;。！"
ALIKE = 0.3  # a corrected text has at least this much in common with the draft, or is no corrected text
READ = 20_000  # letters of each that are compared


def reviewers_of(ticket: Ticket, authors: frozenset[str], policy: Policy, known: Situation) -> tuple[str, ...]:
    """Who reads an answer of these authors first; () where the queue's policy wants nobody to."""
    queue = policy.queues.get(ticket.queue)
    if queue is None or queue.review is Review.NONE:
        return ()
    return panel_mails.reviewers(ticket, authors, queue.review, known, policy)


def submitted(
    ticket: Ticket, draft: Send, slugs: tuple[str, ...], known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """The draft goes to its reviewers; the first verdict counts."""
    part = panel.asked(known.story, known.now)
    originals = [each for each in known.story if each.kind == "draft"]
    original = Passage(originals[-1].text) if originals else None
    effects: list[Effect] = []
    for slug in slugs:
        task = panel.task(ticket, TaskKind.REVIEW, slug, known, policy, by=draft.author, draft=draft.key)
        effects += [GiveTask(task), panel_mails.review(ticket, task, draft, part, original, policy)]
    step = move(ticket.state, Act.SUBMIT)
    return (*effects, SetState(ticket.ref, step.to)) if step else tuple(effects)


def unread(draft: Draft, ticket: Ticket, known: Situation, policy: Policy) -> tuple[str, ...]:
    """Who must read a draft that its author lets leave; () where nobody need, or somebody did: then its hour is set."""
    if draft.leaves is not None or template_of(draft) not in REVIEWED:
        return ()
    return reviewers_of(ticket, authors_of(draft, known, policy), policy, known)


def read_by_others(
    draft: Draft, ticket: Ticket, slugs: tuple[str, ...], known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """A draft that was written earlier goes to its reviewers."""
    part = _part_of(draft, known)
    mail = Mail("", "", text=part.text)
    written = letters.answer(ticket, mail, draft.author, None, Held.REVIEW, known, policy, template_of(draft))[0]
    files = (part.inbox,) if part.inbox and part.files else ()
    as_it_is = replace(written, key=draft.id, attach=files, facts={**written.facts, "files": part.files})
    return submitted(ticket, as_it_is, slugs, known, policy)


def declined(
    task: Task, draft: Draft, ticket: Ticket, known: Situation, policy: Policy
) -> tuple[tuple[Effect, ...], tuple[str, ...]]:
    """A reviewer gives a draft back: whoever else was asked reads it, or the next, never nobody."""
    left = tuple(each.slug for each in known.tasks if each.draft == draft.id and each.id != task.id)
    if left:
        return (), left
    authors = authors_of(draft, known, policy)
    refused = {each.slug for each in known.declined if each.draft == draft.id}
    but = (
        authors | refused | {task.slug},
        authors | {task.slug},
        authors,
    )  # who refused it is asked again in need only
    found = (reviewers_of(ticket, none_of, policy, known) for none_of in but)
    slugs = next(filter(None, found), (task.slug,))
    return read_by_others(draft, ticket, slugs, known, policy), slugs


def authors_of(draft: Draft, known: Situation, policy: Policy) -> frozenset[str]:
    """Whose draft it is; of a translation, who translated it, too."""
    wrote = policy.person_at(_part_of(draft, known).sender)
    return frozenset({draft.author, *({wrote.slug} if wrote else ())})


def template_of(draft: Draft) -> str:
    """Of the mail that it is: its key begins with it."""
    return draft.id.partition(":")[0]


def copies(draft: Draft, known: Situation) -> tuple[Draft, ...]:
    """A draft and its like: what answers a question by telephone goes to each coordinator."""
    made_of = draft.id.split(":")[:3]  # template, ticket, mail
    return tuple(each for each in known.drafts if each.id.split(":")[:3] == made_of)


def older(drafts: Iterable[Draft], author: str) -> tuple[Draft, ...]:
    """What somebody answered before, and did not leave yet: their newer answer replaces it."""
    return tuple(draft for draft in drafts if draft.author == author and template_of(draft) in REVIEWED)


def draft_of(task: Task, known: Situation) -> Draft | None:
    """The draft that a review is about; None when it changed or left meanwhile."""
    return next((draft for draft in known.drafts if draft.id == task.draft), None)


def _stopped(draft: Draft, known: Situation) -> tuple[Effect, ...]:
    return tuple(StopDraft(each.id) for each in copies(draft, known))


def _settled(draft: Draft, known: Situation) -> tuple[Effect, ...]:
    return tuple(EndTask(task.id, "done") for task in known.tasks if task.draft == draft.id)


def approved(
    ticket: Ticket, draft: Draft, reviewer: Person | None, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """It leaves at once, as it is."""
    told = panel_mails.reviewed(ticket, draft, "approved", reviewer, None, policy)
    by = reviewer.slug if reviewer else "operator"
    freed = (ReleaseDraft(each.id) for each in copies(draft, known))
    return *freed, *_settled(draft, known), *told, Note(ticket.ref, f"draft approved by {by}")


def rejected(
    ticket: Ticket, draft: Draft, reviewer: Person | None, why: str, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """Back to its author, who answers anew by replying."""
    step = move(ticket.state, Act.RETURN)
    state = (SetState(ticket.ref, step.to),) if step else ()
    told = panel_mails.reviewed(ticket, draft, "rejected", reviewer, Passage(why), policy)
    by = reviewer.slug if reviewer else "operator"
    over = (*_stopped(draft, known), *_settled(draft, known))
    return *over, *state, *told, Note(ticket.ref, f"draft sent back by {by}")


def replied(mail: Mail, member: Person, task: Task, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """A reviewer replied without a command: "OK" approves, a changed text corrects, anything else is asked about."""
    ticket, draft = known.ticket, draft_of(task, known)
    if ticket is None or draft is None:
        said = line("", Said.DRAFT_CHANGED, done=False)
        return _transcript(member, said, known, policy, "the draft is gone")
    if says_yes(mail.text, member, policy):
        effects = approved(ticket, draft, member, known, policy)
        spoken = mails.transcript(member, (line("", Said.APPROVED),), (), known, policy)
        return *effects, spoken, Conclude(Outcome.COMMANDED, "a draft was approved", ticket.ref)
    if not alike(mail.text, _part_of(draft, known).text):
        said = line("", Said.UNLIKE_DRAFT, done=False)
        return _transcript(member, said, known, policy, "a reviewer wrote neither a verdict nor a corrected text")
    return _corrected(mail, member, ticket, draft, known, policy)


def _corrected(
    mail: Mail, member: Person, ticket: Ticket, draft: Draft, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """The reviewer's text leaves instead, after the undo window; both see it."""
    held = Held.COMMAND if stray(mail.text) else Held.NONE
    leaves = None if held else known.now + policy.undo
    sends = letters.answer(ticket, mail, member.slug, leaves, held, known, policy, template_of(draft))
    shown = mails.leaving(ticket, mail, member.slug, sends, held, known, policy)
    told = panel_mails.reviewed(ticket, draft, "corrected", member, Passage(mail.text, mail.rich), policy)
    kept = AddMessage(
        ticket.ref, "answer", Role.COORDINATOR.value if Role.COORDINATOR in member.roles else Role.EXPERT.value
    )
    done = Conclude(Outcome.ADDED, "a reviewer's corrected answer", ticket.ref)
    return *_stopped(draft, known), *_settled(draft, known), kept, *sends, shown, *told, done


def says_yes(text: str, member: Person, policy: Policy) -> bool:
    """A reply that is nothing but a word of approval, with thanks and the reviewer's own name at most."""
    said = unicodedata.normalize("NFC", text).replace("\u2019", "'").strip(AROUND_A_WORD).casefold()
    first, *more = [piece.strip(AROUND_A_WORD) for piece in _PIECE.split(said)]
    yes = first in policy.approvals or any(first == f"{word} {each}" for word in policy.approvals for each in POLITE)
    signed = {*member.name.casefold().split(), *(role.value.replace("_", " ") for role in member.roles)}
    names = {member.name.casefold(), *signed, *member.addresses, ""}
    return said in policy.approvals or (yes and all(piece in names or piece in POLITE for piece in more))


def alike(text: str, draft: str) -> bool:
    """Whether one text may be a corrected form of the other: they share enough of their words."""
    mine, theirs = text[:READ].casefold().split(), draft[:READ].casefold().split()
    return difflib.SequenceMatcher(None, mine, theirs, autojunk=False).quick_ratio() >= ALIKE


def _part_of(draft: Draft, known: Situation) -> Part:
    """A draft as the story has it: it was made of the mail whose id stands in its key."""
    made_of = draft.id.split(":")
    told = (part for part in known.story if part.kind == "answer" and part.inbox in made_of)
    return next(told, Part("answer", Role.EXPERT.value, known.now, "", ""))


def _transcript(member: Person, said: Line, known: Situation, policy: Policy, because: str) -> tuple[Effect, ...]:
    ref = known.ticket.ref if known.ticket else ""
    spoken = mails.transcript(member, (said,), (), known, policy)
    return spoken, Conclude(Outcome.COMMANDED, because, ref)
