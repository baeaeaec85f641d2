"""Who gets a ticket, who has it, and what handing it over asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core import mails, panel, panel_mails
from mailflow.core.deadlines import due_after
from mailflow.core.effects import AddMessage, Assign, Change, Effect, EndTask, SetDue, SetState, StopDraft
from mailflow.core.lifecycle import Act, Clock, move
from mailflow.core.model import Situation, State, Ticket
from mailflow.core.policy import Assignment, Policy, Queue, Span
from mailflow.core.presence import away, here, least_loaded

if TYPE_CHECKING:
    from mailflow.core.commands import Order


def choose(queue: Queue, language: str, known: Situation, policy: Policy, but: Iterable[str] = ()) -> tuple[str, ...]:
    """The slugs that get a ticket of this queue: one, or all of an everyone-queue. Readers of the language first.

    Nobody who is away, or is among `but`; () when nobody is left: then the coordinators have it.
    """
    there = [slug for slug in here(queue.experts, known, policy) if slug not in set(but)]
    readers = tuple(slug for slug in there if language in policy.people[slug].reads)
    able = readers or tuple(there)
    if not able or queue.assignment is Assignment.EVERYONE:
        return able
    if queue.assignment is Assignment.LEAST_LOADED:
        return (least_loaded(able, known),)
    last = known.last_assigned.get(queue.name, "")
    order = queue.experts[queue.experts.index(last) + 1 :] + queue.experts if last in queue.experts else queue.experts
    return (next(slug for slug in order if slug in able),)


def holders(ticket: Ticket, policy: Policy) -> tuple[str, ...]:
    """Who has this ticket now: who must write its answer."""
    return panel_mails.lead(ticket, policy)


def readers(ticket: Ticket, known: Situation, policy: Policy) -> tuple[str, ...]:
    """Who is told of what happens to a ticket: who has it; for somebody away, their deputy or the coordinators, too."""
    told: list[str] = []
    for slug in holders(ticket, policy):
        told.append(slug)
        told += stand_ins(slug, known, policy)
    return tuple(dict.fromkeys(told))


def stand_ins(slug: str, known: Situation, policy: Policy) -> tuple[str, ...]:
    """Who looks after somebody's tickets while they are away; () while they are here."""
    absence = away(slug, known, policy)
    if absence is None:
        return ()
    if absence.deputy in policy.people and away(absence.deputy, known, policy) is None:
        return (absence.deputy,)
    others = here(policy.coordinators, known, policy) or here(policy.supervisors, known, policy)
    return tuple(other for other in others if other != slug)


def hand_over(ticket: Ticket, queue: str, slugs: tuple[str, ...], order: Order) -> tuple[Effect, ...]:
    """The ticket goes to people; a settled one starts a fresh deadline, without a word to the requester."""
    known, policy = order.known, order.policy
    assignee = slugs[0] if len(slugs) == 1 else ""
    step = move(ticket.state, Act.ASSIGN)
    effects: list[Effect] = [Assign(ticket.ref, assignee, queue, f"by {order.by}")]
    effects += taken_away(ticket, "given", order, keeps=slugs)
    if order.text:
        effects.append(AddMessage(ticket.ref, "note", order.role, order.text))
    moved = replace(ticket, queue=queue, assignee=assignee)
    if step:
        effects.append(SetState(ticket.ref, step.to))
        moved = replace(moved, state=step.to)
    if step and step.clock is Clock.START:
        moved = replace(moved, clock=ticket.clock + 1)
        moved = replace(moved, due=due_after(policy.calendar, known.now, policy.days_for(Span.ANSWER, moved)))
        effects += (SetDue(ticket.ref, moved.due, moved.clock), Change(ticket.ref, {"promised": None}))
    return (*effects, *delivered(moved, slugs, order.text, order.name, known, policy))


def taken_away(
    ticket: Ticket, what: str, order: Order, *, keeps: tuple[str, ...] = (), other: Ticket | None = None
) -> tuple[Effect, ...]:
    """Drafts of those who lose the ticket don't leave; who had it, or wrote one of them, learns what happened.

    `what`: given (to `keeps`), taken, closed, inadmissible, spam or merged (into `other`: who has that is told of it).
    """
    known, policy = order.known, order.policy
    drafts = [draft for draft in known.drafts if draft.author not in keeps]
    ids = {draft.id for draft in drafts}
    reviews = (EndTask(task.id, "moot") for task in known.tasks if task.draft in ids)
    authors = tuple(draft.author for draft in drafts)
    stay = {*keeps, *(readers(other, known, policy) if other else ())} - {*authors}
    losing = dict.fromkeys(slug for slug in (*_working_on(ticket, policy), *authors) if slug not in stay | {order.by})
    to = other.ref if other else ", ".join(policy.people[slug].name for slug in keeps)
    told = (
        panel_mails.taken_away(ticket, slug, what, to, order.name, known, policy, stopped=slug in authors)
        for slug in losing
        if slug in policy.people
    )
    return *(StopDraft(draft.id) for draft in drafts), *reviews, *told


def _working_on(ticket: Ticket, policy: Policy) -> tuple[str, ...]:
    """Who was given this ticket and owes its answer; never the coordinators of what nobody has."""
    if ticket.settled or ticket.state is State.NEW:
        return ()
    return tuple(slug for slug in holders(ticket, policy) if slug == ticket.assignee or not ticket.assignee)


def delivered(
    ticket: Ticket, slugs: tuple[str, ...], note: str, by: str, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """The ticket's story goes to who has it now; through a translator, where they could not read it."""
    translator = panel.translator_for(ticket, slugs, known, policy)
    if translator and not any(part.kind == "translation" for part in known.story):
        return panel.ask_translation(ticket, translator, panel.asked(known.story, known.now), known, policy)
    key = f"assignment:{ticket.ref}:{known.inbox or known.now.isoformat()}"
    return mails.assignment(ticket, slugs, note, by, known, policy, key)


def given_back(ticket: Ticket, order: Order) -> tuple[tuple[Effect, ...], tuple[str, ...]]:
    """Somebody declines: the next of the queue gets it, or the coordinators when nobody is left."""
    known, policy = order.known, order.policy
    declined = tuple(dict.fromkeys((*ticket.declined, order.by)))
    kept = Change(ticket.ref, {"declined": " ".join(declined)})
    queue = policy.queues.get(ticket.queue)
    left = replace(ticket, declined=declined)
    chosen = choose(queue, ticket.language, known, policy, but=declined) if queue else ()
    if chosen:
        return (kept, *hand_over(left, ticket.queue, chosen, order)), chosen
    step = move(ticket.state, Act.UNASSIGN)
    effects: tuple[Effect, ...] = (
        kept,
        Assign(ticket.ref, "", ticket.queue, f"declined by {order.by}, nobody is left"),
    )
    state = (SetState(ticket.ref, step.to),) if step else ()
    told = here(policy.coordinators, known, policy) or policy.coordinators
    key = f"declined:{ticket.ref}:{known.inbox or known.now.isoformat()}"
    nobody = replace(left, assignee="", state=State.NEW if step else left.state)
    return (*effects, *state, *mails.assignment(nobody, told, order.text, order.name, known, policy, key)), ()
