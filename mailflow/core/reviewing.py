"""A second person reads an answer before it leaves: what leaves is exactly what they approved."""

from __future__ import annotations

import difflib
import unicodedata

from mailflow.core import mails, panel, panel_mails
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
from mailflow.core.model import Draft, Mail, Outcome, Role, Situation, Task, TaskKind, Ticket
from mailflow.core.policy import Person, Policy, Review
from mailflow.core.wording import Held, Line, Said, line

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


def draft_of(task: Task, known: Situation) -> Draft | None:
    """The draft that a review is about; None when it changed or left meanwhile."""
    return next((draft for draft in known.drafts if draft.id == task.draft), None)


def _copies(draft: Draft, known: Situation) -> tuple[Draft, ...]:
    """A draft with its twins: each coordinator gets one, where the requester has no address."""
    return tuple(each for each in known.drafts if each.letter == draft.letter)


def _settled(draft: Draft, known: Situation) -> tuple[Effect, ...]:
    return tuple(EndTask(task.id, "done") for task in known.tasks if task.draft == draft.id)


def approved(
    ticket: Ticket, draft: Draft, reviewer: Person | None, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """It leaves at once, as it is."""
    told = panel_mails.reviewed(ticket, draft, "approved", reviewer, None, policy)
    by = reviewer.slug if reviewer else "operator"
    released = (ReleaseDraft(each.id) for each in _copies(draft, known))
    return *released, *_settled(draft, known), *told, Note(ticket.ref, f"draft approved by {by}")


def rejected(
    ticket: Ticket, draft: Draft, reviewer: Person | None, why: str, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """Back to its author, who answers anew by replying."""
    step = move(ticket.state, Act.RETURN)
    state = (SetState(ticket.ref, step.to),) if step else ()
    told = panel_mails.reviewed(ticket, draft, "rejected", reviewer, Passage(why), policy)
    by = reviewer.slug if reviewer else "operator"
    stopped = (StopDraft(each.id) for each in _copies(draft, known))
    return *stopped, *_settled(draft, known), *state, *told, Note(ticket.ref, f"draft sent back by {by}")


def replied(mail: Mail, member: Person, task: Task, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """A reviewer replied without a command: "OK" approves, a changed text corrects, anything else is asked about."""
    ticket, draft = known.ticket, draft_of(task, known)
    if ticket is None or draft is None:
        said = line("", Said.DRAFT_CHANGED, done=False)
        return _transcript(member, said, known, policy, "the draft is gone")
    if says_yes(mail.text, policy):
        effects = approved(ticket, draft, member, known, policy)
        spoken = mails.transcript(member, (line("", Said.APPROVED),), (), known, policy)
        return *effects, spoken, Conclude(Outcome.COMMANDED, "a draft was approved", ticket.ref)
    if not alike(mail.text, _text_of(draft, known)):
        said = line("", Said.UNLIKE_DRAFT, done=False)
        return _transcript(member, said, known, policy, "a reviewer wrote neither a verdict nor a corrected text")
    return _corrected(mail, member, ticket, draft, known, policy)


def _corrected(
    mail: Mail, member: Person, ticket: Ticket, draft: Draft, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """The reviewer's text leaves instead, after the undo window; both see it."""
    leaves = known.now + policy.undo
    template = draft.id.partition(":")[0]
    sends = mails.answer(ticket, mail, member.slug, leaves, Held.NONE, known, policy, template)
    shown = mails.leaving(ticket, mail, member.slug, sends, Held.NONE, known, policy)
    told = panel_mails.reviewed(ticket, draft, "corrected", member, Passage(mail.text, mail.rich), policy)
    kept = AddMessage(
        ticket.ref, "answer", Role.COORDINATOR.value if Role.COORDINATOR in member.roles else Role.EXPERT.value
    )
    done = Conclude(Outcome.ADDED, "a reviewer's corrected answer", ticket.ref)
    stopped = (StopDraft(each.id) for each in _copies(draft, known))
    return *stopped, *_settled(draft, known), kept, *sends, shown, *told, done


def says_yes(text: str, policy: Policy) -> bool:
    """A reply that is nothing but a word of approval."""
    said = unicodedata.normalize("NFC", text).replace("\u2019", "'").strip(AROUND_A_WORD).casefold()
    return said in policy.approvals


def alike(text: str, draft: str) -> bool:
    """Whether one text may be a corrected form of the other: they share enough of their words."""
    mine, theirs = text[:READ].casefold().split(), draft[:READ].casefold().split()
    return difflib.SequenceMatcher(None, mine, theirs, autojunk=False).quick_ratio() >= ALIKE


def _text_of(draft: Draft, known: Situation) -> str:
    """The words of a draft, as the story has them: it was made of the mail whose id its key holds."""
    row = draft.letter.rpartition(":")[2]
    return next((part.text for part in known.story if part.inbox == row), "")


def _transcript(member: Person, said: Line, known: Situation, policy: Policy, because: str) -> tuple[Effect, ...]:
    ref = known.ticket.ref if known.ticket else ""
    spoken = mails.transcript(member, (said,), (), known, policy)
    return spoken, Conclude(Outcome.COMMANDED, because, ref)
