"""The staff's side: an ordinary reply is the answer; lines beginning with # are commands."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core import assigning, letters, mails, panel, publishing, relaying, reviewing
from mailflow.core.commands import COMMANDS, Order, carry_out, in_mail, stray, subject_of_on
from mailflow.core.effects import AddMessage, Assign, Conclude, Effect, EndTask, SetState, StopDraft
from mailflow.core.lifecycle import Act, move
from mailflow.core.model import Draft, Grant, Mail, Outcome, Part, Role, Situation, TaskKind, Ticket, TokenKind
from mailflow.core.policy import Person, Policy
from mailflow.core.wording import Held, Line, Said, line

GREETING_WORDS = 6
INSISTS = (("send", ""),)  # above a translation that seemed to be something else
ANSWERED = frozenset({TokenKind.TICKET, TokenKind.DRAFT})  # a reply to any other mail of ours is never an answer


def staff_wrote(
    mail: Mail, member: Person, grant: Grant | None, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """A mail of somebody whom we know to be staff: commands, an answer, what they owed, or nothing to act on."""
    found, text = in_mail(mail)
    if grant and grant.kind is TokenKind.TASK and found == INSISTS and text and _to_return(grant, known):
        typed = owed(replace(mail, text=text, rich=""), member, grant, known, policy, insists=True)
        return tuple(replace(e, text=text, below=True) if isinstance(e, AddMessage) else e for e in typed)
    if found:
        return command_mail(found, text, mail, member, known, policy)
    if grant and relaying.passed_on(grant, known) and not mail.empty:
        return relaying.replied(mail, member, grant, known, policy)
    if grant and grant.kind in (TokenKind.NOTICE, TokenKind.DIGEST):
        return told(member, (line("", Said.NOT_AN_ANSWER, done=False),), known, policy, "a reply to a notice")
    if grant and grant.kind is TokenKind.TASK:
        return owed(mail, member, grant, known, policy)
    if grant and grant.kind is TokenKind.PUBLICATION:
        return reviewed_publication(mail, member, known, policy)
    if known.ticket is None or grant is None or grant.kind not in ANSWERED:
        return told(member, (line("", Said.HELP),), known, policy, "a staff member wrote without a command", usage=True)
    if mail.empty:
        return told(member, (line("", Said.EMPTY_REPLY, done=False),), known, policy, "the reply holds nothing to send")
    if refused(known.ticket, member):
        kept = AddMessage(known.ticket.ref, "draft", speaks_as(member))
        said = mails.transcript(member, (line("", Said.WAS_REFUSED, done=False),), (), known, policy)
        return kept, said, Conclude(Outcome.ADDED, "an answer to a question that was refused", known.ticket.ref)
    return answer(mail, known.ticket, member, grant, known, policy)


def _to_return(grant: Grant, known: Situation) -> bool:
    """The mail that was answered asks for the translation of an answer."""
    return any(task.id == grant.subject and task.kind is TaskKind.RETURN for task in known.tasks)


def owed(
    mail: Mail, member: Person, grant: Grant, known: Situation, policy: Policy, *, insists: bool = False
) -> tuple[Effect, ...]:
    """What somebody owed by a task: their contribution, translation, or verdict on a draft."""
    task = next((each for each in known.tasks if each.id == grant.subject), None)
    if task is None or known.ticket is None:
        over = Said.DRAFT_CHANGED if f":{TaskKind.REVIEW.value}:" in grant.subject else Said.TASK_OVER
        return told(member, (line("", over, done=False),), known, policy, "what it answers is over")
    if mail.empty:
        return told(member, (line("", Said.EMPTY_REPLY, done=False),), known, policy, "the reply holds nothing")
    if task.kind is TaskKind.CONTRIBUTION:
        return panel.contributed(mail, member, task, known, policy)
    if task.kind is TaskKind.TRANSLATION:
        return panel.translated(mail, member, task, known, policy)
    own = task.by == member.slug  # nobody translates it, so they write it anew: as they like
    if task.kind is TaskKind.RETURN and not (own or insists) and panel.other_language(mail, known.ticket):
        said = line("", Said.OTHER_LANGUAGE, done=False)
        return told(member, (said,), known, policy, "a translation that isn't in the requester's language")
    if task.kind is TaskKind.RETURN:
        author = policy.people.get(task.by, member)  # it stays their answer, whoever put it into other words
        return EndTask(task.id, "done"), *leaves(
            mail, known.ticket, author, grant, known, policy, task.draft or "answer"
        )
    return reviewing.replied(mail, member, task, known, policy)


def reviewed_publication(mail: Mail, member: Person, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """A verdict on a text for publication, or another text."""
    yes = reviewing.says_yes(mail.text, member, policy)
    done = publishing.replied(mail, member, known, policy, yes=yes)
    if done is None:
        why = known.candidate and publishing.obstacle(known.candidate, member.slug, known)
        said = {"own": Said.OWN_TEXT, "leaks": Said.TEXT_LEAKS} if yes else {}
        refused = said.get(why or "", Said.TEXT_CHANGED if why == "changed" else Said.NO_VERDICT)
        return told(member, (line("", refused, done=False),), known, policy, "no verdict on a publication")
    said_yes = line("", Said.PUBLICATION_APPROVED, {"days": str(policy.publication.delay_days)})
    spoken = mails.transcript(member, (said_yes if yes else line("", Said.TEXT_EDITED),), (), known, policy)
    return *_kept(known.ticket.ref if known.ticket else "", member), *done[:-1], spoken, done[-1]


def command_mail(
    found: tuple[tuple[str, str], ...], text: str, mail: Mail, member: Person, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    below = replace(mail, text=text, rich="")  # what stands below the commands, for those that send it
    orders = _about_each(found, text, below, member, known, policy)
    results = carry_out(orders)
    lines = tuple(result.line for result in results)
    if text and not any(COMMANDS[o.word].takes_text for o in orders if o.word in COMMANDS):
        lines += (line("", Said.TEXT_NOT_SENT),)
    usage = tuple(row for result in results for row in result.usage)
    listed = tuple(row for result in results for row in result.commands)
    # Only our own words: what else somebody writes behind a # is theirs, and the log stands in the clear.
    because = "; ".join(f"#{order.word}" if order.word in COMMANDS else "an unknown command" for order in orders)
    done = all(result.line.done for result in results)
    story = next((result.story for result in results if result.story), None)
    spoken = mails.transcript(member, lines, usage, known, policy, story, listed)
    ref = known.ticket.ref if known.ticket else ""
    verdict = "done" if done else "refused, nothing was done"
    effects = tuple(effect for result in results for effect in result.effects)
    return (*_kept(ref, member), *effects, spoken, Conclude(Outcome.COMMANDED, f"{because}: {verdict}", ref))


def _about_each(
    found: tuple[tuple[str, str], ...], text: str, below: Mail, member: Person, known: Situation, policy: Policy
) -> tuple[Order, ...]:
    """The orders, each with what it is about: the answered mail's ticket, or what the last #on before it named."""
    orders: list[Order] = []
    about = known
    for word, argument in found:
        if word == "on":
            about = known.on.get(
                subject_of_on(argument),
                replace(known, ticket=None, shelf=None, tasks=(), drafts=(), story=(), grants=()),
            )
            about = replace(
                about, on=known.on, others=known.others, named=known.named, found=known.found, board=known.board
            )
        orders.append(Order(word, argument, text, member, about, policy, below))
    return tuple(orders)


def told(
    member: Person, lines: tuple[Line, ...], known: Situation, policy: Policy, because: str, *, usage: bool = False
) -> tuple[Effect, ...]:
    """Nothing is done; whoever wrote learns why, and what they may write instead."""
    shown = carry_out((Order("help", "", "", member, known, policy),))[0].commands if usage else ()
    ref = known.ticket.ref if known.ticket else ""
    spoken = mails.transcript(member, lines, (), known, policy, commands=shown)
    return (*_kept(ref, member), spoken, Conclude(Outcome.COMMANDED, because, ref))


def may_answer_for(order: Order, ticket: Ticket) -> bool:
    return order.actor is None or may_answer(order.actor, ticket, order.known, order.policy)


def may_answer(member: Person, ticket: Ticket, known: Situation, policy: Policy) -> bool:
    """A current assignment gives the right to answer, or standing in for who has it; or being a coordinator."""
    return member.slug in assigning.readers(ticket, known, policy) or Role.COORDINATOR in member.roles


def refused(ticket: Ticket, member: Person | None) -> bool:
    """The question was refused: whoever isn't a coordinator says nothing more to its requester."""
    return ticket.admissible is False and member is not None and Role.COORDINATOR not in member.roles


def answer(
    mail: Mail, ticket: Ticket, member: Person, grant: Grant, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """An answer leaves, if need be through a translator."""
    translator = panel.way_back(mail, ticket, member, known, policy)
    return (
        _to_translator(mail, ticket, member, translator, known, policy)
        if translator
        else leaves(mail, ticket, member, grant, known, policy)
    )


def _to_translator(
    mail: Mail, ticket: Ticket, member: Person, translator: str, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """It isn't in the requester's language: both versions are kept, and the translated one leaves."""
    kept = AddMessage(ticket.ref, "draft", speaks_as(member))
    asked = to_translate(mail, ticket, member, translator, "answer", known, policy)
    said = line("", Said.TO_TRANSLATOR, {"person": policy.people[translator].name})
    spoken = mails.transcript(member, (said,), (), known, policy)
    because = "an answer, on its way through a translator"
    return kept, *_taken(ticket, member), *asked, spoken, Conclude(Outcome.ADDED, because, ticket.ref)


def to_translate(
    mail: Mail, ticket: Ticket, member: Person, translator: str, template: str, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """What a member of staff wrote to the requester goes to somebody who puts it into their language."""
    files = tuple(file.name for file in mail.attachments)
    part = Part("draft", speaks_as(member), known.now, "", mail.text, files=files, inbox=known.inbox)
    return panel.ask_translation(ticket, translator, part, known, policy, TaskKind.RETURN, member.slug, template)


def leaves(
    mail: Mail,
    ticket: Ticket,
    member: Person,
    grant: Grant | None,
    known: Situation,
    policy: Policy,
    template: str = "answer",
    held: Held = Held.NONE,
) -> tuple[Effect, ...]:
    """To the outbox for the undo window, or to a second person first; its author sees at once what will leave, and when."""
    effects: list[Effect] = [AddMessage(ticket.ref, "answer", speaks_as(member))]
    older = reviewing.older(known.drafts, member.slug)  # departure sees to them
    effects += [e for draft in replaced(grant, known) if draft not in older for e in stopped(draft, known)]
    effects += _taken(ticket, member)
    effects += departure(mail, ticket, member, known, policy, template, held)
    return (*effects, Conclude(Outcome.ADDED, f"an answer of the ticket's {speaks_as(member)}", ticket.ref))


def departure(
    mail: Mail, ticket: Ticket, member: Person, known: Situation, policy: Policy, template: str, held: Held = Held.NONE
) -> tuple[Effect, ...]:
    """The mail to the requester and the notice to its author; where the queue's policy asks for it, a review."""
    wrote = {task.slug for task in known.tasks if task.kind is TaskKind.RETURN and task.by == member.slug}
    authors = frozenset({member.slug, *wrote})  # of a translation: who translated it, too
    final = template in reviewing.REVIEWED
    reviewers = reviewing.reviewers_of(ticket, authors, policy, known) if final else ()
    slip = held_because(mail, policy) if final else Held.NONE  # a question may well be short
    unread = Held.COMMAND if stray(mail.text) else Held.NONE
    held = held or unread or (Held.REVIEW if reviewers else slip)
    at = None if held else known.now + policy.undo
    sends = letters.answer(ticket, mail, member.slug, at, held, known, policy, template)
    before = reviewing.older(known.drafts, member.slug) if final else ()
    effects: list[Effect] = [effect for draft in before for effect in stopped(draft, known)]
    effects += sends
    if held is Held.REVIEW:
        effects += reviewing.submitted(ticket, sends[0], reviewers, known, policy)
    if policy.undo or held:
        effects.append(mails.leaving(ticket, mail, member.slug, sends, held, known, policy, instead=bool(before)))
    return tuple(effects)


def stopped(draft: Draft, known: Situation) -> tuple[Effect, ...]:
    """A draft is given up, and nobody need review it any more."""
    reviews = tuple(EndTask(task.id, "moot") for task in known.tasks if task.draft == draft.id)
    step = move(known.ticket.state, Act.RETURN) if known.ticket and reviews else None
    back = (SetState(draft.ref, step.to),) if step else ()
    return StopDraft(draft.id), *reviews, *back


def replaced(grant: Grant | None, known: Situation) -> tuple[Draft, ...]:
    """The draft that this reply corrects: the one whose notice it answers."""
    letters = {d.letter for d in known.drafts if grant and grant.kind is TokenKind.DRAFT and d.id == grant.subject}
    return tuple(d for d in known.drafts if d.letter in letters)


def held_because(mail: Mail, policy: Policy) -> Held:
    """Whether an answer looks like a slip of the hand, and so waits for #send."""
    if not mail.attachments and weight(mail.text) < policy.short_answer:
        return Held.SHORT
    return Held.GREETS_COLLEAGUE if greets_colleague(mail.text, policy) else Held.NONE


def weight(text: str) -> int:
    """Letters of a text; one of a script that writes words in one or two signs counts three."""
    return sum(3 if ch >= "\u2e80" else 1 for ch in text if ch.isalpha())


def greets_colleague(text: str, policy: Policy) -> bool:
    """The first line is short and names somebody of the staff: probably meant for them, not for the requester."""
    first = next((row for row in text.splitlines() if row.strip()), "")
    words = [word.strip(" ,.;:!?،、。").casefold() for word in first.split()]
    names = {part.casefold() for member in policy.people.values() for part in member.name.split() if len(part) > 1}
    return len(words) <= GREETING_WORDS and any(word in names for word in words)


def _taken(ticket: Ticket, member: Person) -> tuple[Effect, ...]:
    """Who answers first a question that a whole queue got, has it from then on."""
    step = move(ticket.state, Act.ASSIGN)
    if ticket.assignee or step is None:
        return ()
    taken = Assign(ticket.ref, member.slug, ticket.queue, "answered first")
    return (taken, SetState(ticket.ref, step.to)) if ticket.running else (taken,)


def speaks_as(member: Person) -> str:
    return (Role.EXPERT if Role.EXPERT in member.roles else Role.COORDINATOR).value


def _kept(ref: str, member: Person) -> tuple[Effect, ...]:
    """The mail of commands stays with its ticket, too."""
    return (AddMessage(ref, "command", speaks_as(member)),) if ref else ()
