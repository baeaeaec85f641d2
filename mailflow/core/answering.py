"""The staff's side: an ordinary reply is the answer; lines beginning with # are commands."""

from __future__ import annotations

from mailflow.core import assigning, mails
from mailflow.core.commands import COMMANDS, Order, carry_out, split
from mailflow.core.effects import AddMessage, Assign, Conclude, Effect, SetState, StopDraft
from mailflow.core.lifecycle import Act, move
from mailflow.core.model import Draft, Grant, Mail, Outcome, Person, Policy, Role, Situation, Ticket, TokenKind
from mailflow.core.wording import Held, Line, Said, line

GREETING_WORDS = 6
ANSWERED = frozenset({TokenKind.TICKET, TokenKind.DRAFT})  # a reply to any other mail of ours is never an answer


def staff_wrote(
    mail: Mail, member: Person, grant: Grant | None, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """A mail of somebody whom we know to be staff: commands, an answer, or nothing that we can act on."""
    found, text = split(mail.text)
    if found:
        return command_mail(found, text, member, known, policy)
    if grant and grant.kind is TokenKind.NOTICE:
        return told(member, (line("", Said.NOT_AN_ANSWER, done=False),), known, policy, "a reply to a notice")
    if known.ticket is None or grant is None or grant.kind not in ANSWERED:
        return told(member, (line("", Said.HELP),), known, policy, "a staff member wrote without a command", usage=True)
    if mail.empty:
        return told(member, (line("", Said.EMPTY_REPLY, done=False),), known, policy, "the reply holds nothing to send")
    return answer(mail, known.ticket, member, grant, known, policy)


def command_mail(
    found: tuple[tuple[str, str], ...], text: str, member: Person, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    orders = tuple(Order(word, argument, text, member, known, policy) for word, argument in found)
    results = carry_out(orders)
    lines = tuple(result.line for result in results)
    if text and not any(COMMANDS[o.word].takes_text for o in orders if o.word in COMMANDS):
        lines += (line("", Said.TEXT_NOT_SENT),)
    usage = tuple(row for result in results for row in result.usage)
    # Only our own words: what else somebody writes behind a # is theirs, and the log stands in the clear.
    because = "; ".join(f"#{order.word}" if order.word in COMMANDS else "an unknown command" for order in orders)
    done = all(result.line.done for result in results)
    spoken = mails.transcript(member, lines, usage, known, policy)
    ref = known.ticket.ref if known.ticket else ""
    verdict = "done" if done else "refused, nothing was done"
    effects = tuple(effect for result in results for effect in result.effects)
    return (*_kept(ref, member), *effects, spoken, Conclude(Outcome.COMMANDED, f"{because}: {verdict}", ref))


def told(
    member: Person, lines: tuple[Line, ...], known: Situation, policy: Policy, because: str, *, usage: bool = False
) -> tuple[Effect, ...]:
    """Nothing is done; whoever wrote learns why, and what they may write instead."""
    shown = carry_out((Order("help", "", "", member, known, policy),))[0].usage if usage else ()
    ref = known.ticket.ref if known.ticket else ""
    spoken = mails.transcript(member, lines, shown, known, policy)
    return (*_kept(ref, member), spoken, Conclude(Outcome.COMMANDED, because, ref))


def may_answer(member: Person, ticket: Ticket, policy: Policy) -> bool:
    """Only a current assignment, or being a coordinator, gives the right to answer."""
    return member.slug in assigning.holders(ticket, policy) or Role.COORDINATOR in member.roles


def answer(
    mail: Mail, ticket: Ticket, member: Person, grant: Grant, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """An answer goes to the outbox for the undo window; its author sees at once what will leave, and when."""
    held = held_because(mail, policy)
    leaves = None if held else known.now + policy.undo
    answers = mails.answer(ticket, mail, member.slug, leaves, held, known, policy)
    effects: list[Effect] = [AddMessage(ticket.ref, "answer", _speaks_as(member))]
    effects += [StopDraft(draft.id) for draft in replaced(grant, known)]
    effects += _taken(ticket, member)
    effects += answers
    if policy.undo or held:
        effects.append(mails.leaving(ticket, mail, member.slug, answers, held, known, policy))
    because = f"an answer of the ticket's {_speaks_as(member)}"
    return (*effects, Conclude(Outcome.ADDED, because, ticket.ref))


def replaced(grant: Grant, known: Situation) -> tuple[Draft, ...]:
    """The draft that this reply corrects: the one whose notice it answers."""
    return tuple(d for d in known.drafts if grant.kind is TokenKind.DRAFT and d.id == grant.subject)


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


def _speaks_as(member: Person) -> str:
    return (Role.EXPERT if Role.EXPERT in member.roles else Role.COORDINATOR).value


def _kept(ref: str, member: Person) -> tuple[Effect, ...]:
    """The mail of commands stays with its ticket, too."""
    return (AddMessage(ref, "command", _speaks_as(member)),) if ref else ()
