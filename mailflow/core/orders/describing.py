"""What is known of a ticket, and its time: code, title, language, due, hold, remind; inadmissible, spam."""

from __future__ import annotations

import difflib
import shlex

from mailflow.core import assigning, letters, panel, views
from mailflow.core.commands import Done, Order, command
from mailflow.core.deadlines import due_on, postponed
from mailflow.core.effects import Change, Effect, GiveTask, Note, SetDue
from mailflow.core.lifecycle import Act
from mailflow.core.model import Role, Task, TaskKind
from mailflow.core.orders import joining
from mailflow.core.orders.naming import day_named, the_ticket
from mailflow.core.wording import Said

_TEAM = (Role.EXPERT, Role.COORDINATOR)
_QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"')
LONGEST_TITLE = 80


@command("code KEY=VALUE...", Role.COORDINATOR, Role.EXPERT)
def code(order: Order) -> Done:
    """Say who asked and about what, for the report: #code user_type=mnes sector=food topics=wages,osh."""
    ticket, policy = the_ticket(order), order.policy
    values: dict[str, str] = {}
    for pair in _pairs(order.argument):
        key, equals, value = pair.partition("=")
        key, value = key.strip().casefold(), value.strip()
        key = "topic" if key == "topics" else key
        if not equals or key not in policy.labels or key in ("domain", "reason"):
            keys = ", ".join(sorted(k for k in policy.labels if k not in ("domain", "reason")))
            return order.refused(Said.NO_SUCH_CODE, name=key, known=keys)
        found = [_code(key, each, order) for each in value.split(",") if each.strip()]
        if None in found:
            return order.refused(Said.NO_SUCH_VALUE, name=value, known=_known(key, value, order))
        values[key] = " ".join(each for each in found if each)
    changes = {("topics" if key == "topic" else key): value for key, value in values.items()}
    return order.done(Said.CODED, Change(ticket.ref, changes), what=", ".join(f"{k}={v}" for k, v in values.items()))


def _pairs(argument: str) -> list[str]:
    """Quotation marks of any language hold words together; the last one may have been tidied away."""
    text = argument.translate(_QUOTES).replace(" =", "=").replace("= ", "=")
    words = shlex.shlex(text + '"' * (text.count('"') % 2), posix=True)
    words.quotes, words.commenters, words.escape, words.whitespace_split = '"', "", "", True
    return list(words)


def _code(kind: str, name: str, order: Order) -> str | None:
    """The id that a value names: itself, or one of its labels; "-" takes a code away."""
    wanted = name.strip().casefold()
    if wanted in ("-", "none", "unspecified"):
        return ""
    for each, labels in order.policy.labels[kind].items():
        if wanted in (each.casefold(), *(label.casefold() for label in labels.values())):
            return each
    return None


def _known(kind: str, value: str, order: Order) -> str:
    close = difflib.get_close_matches(value.casefold(), order.policy.labels[kind], n=3, cutoff=0.4)
    return ", ".join(close or sorted(order.policy.labels[kind]))


@command("title TEXT", Role.COORDINATOR, Role.EXPERT)
def title(order: Order) -> Done:
    """Give the ticket a neutral name, for subjects and digests: nothing that tells who asked."""
    name = " ".join(order.argument.split())[:LONGEST_TITLE]
    if _tells_who(name, order):
        return order.refused(Said.TITLE_TELLS)
    return order.done(Said.TITLED, Change(the_ticket(order).ref, {"title": name}), name=name)


def _tells_who(name: str, order: Order) -> bool:
    """The requester's name or address stands in it, or the domain of an organisation of their own."""
    asked = [part for part in order.known.story if part.from_role == Role.REQUESTER.value]
    domains = {part.sender.rpartition("@")[2] for part in asked} - {"", *order.policy.caps.public_domains}
    hidden = any(views.for_staff(name, part.sender, part.name) != name for part in asked)
    return hidden or any(domain in name.casefold() for domain in domains)


@command("language CODE", *_TEAM)
def language(order: Order) -> Done:
    """Say in which language the requester is written to."""
    wanted, served = order.argument.casefold(), order.policy.languages
    found = next((each for each in served if each.casefold() == wanted), order.policy.language_names.get(wanted, ""))
    if not found:
        return order.refused(Said.NO_SUCH_LANGUAGE, name=order.argument, known=", ".join(served))
    return order.done(Said.LANGUAGE_SET, Change(the_ticket(order).ref, {"language": found}), name=found)


@command("due DATE", Role.COORDINATOR, excludes=("hold",))
def due(order: Order) -> Done:
    """Set the day by which the answer is due; the requester isn't told."""
    ticket, day = the_ticket(order), day_named(order.argument, order)
    if day is None:
        return order.refused(Said.NO_SUCH_DAY, name=order.argument)
    if ticket.due is None:
        return order.refused(Said.NOT_RUNNING)
    return order.done(
        Said.DUE_SET, SetDue(ticket.ref, due_on(order.policy.calendar, day), ticket.clock), day=day.isoformat()
    )


@command("hold DAYS", Role.COORDINATOR, excludes=("due",))
def hold(order: Order) -> Done:
    """Move the deadline by so many working days; the requester isn't told."""
    ticket, number = the_ticket(order), order.argument.split()[0]
    if not number.isdecimal() or not 0 < int(number) < 100:  # noqa: PLR2004  two figures
        return order.refused(Said.NO_SUCH_DAY, name=order.argument)
    if ticket.due is None or ticket.paused:
        return order.refused(Said.NOT_RUNNING)
    later = postponed(order.policy.calendar, ticket.due, int(number))
    day = order.policy.calendar.day_of(later).isoformat()
    return order.done(Said.DUE_SET, SetDue(ticket.ref, later, ticket.clock), day=day)


@command("remind DATE")
def remind(order: Order) -> Done:
    """Be reminded of the ticket on a day."""
    ticket, day = the_ticket(order), day_named(order.argument, order)
    if day is None or order.actor is None:
        return order.refused(Said.NO_SUCH_DAY, name=order.argument)
    when = order.policy.hours_of(order.by).opening(day)
    row = f"{ticket.ref}:{TaskKind.REMINDER.value}:{order.by}:{day.isoformat()}"
    return order.done(
        Said.WILL_REMIND, GiveTask(Task(row, ticket.ref, TaskKind.REMINDER, order.by, when)), day=day.isoformat()
    )


@command("inadmissible REASON", Role.COORDINATOR, takes_text=True, excludes=("send", "close", "assign", "queue", "ask"))
def inadmissible(order: Order) -> Done:
    """Refuse the question: the requester is told why, and who can help; text below goes to them, too."""
    ticket, reason = the_ticket(order), _reason(order)
    if not reason:
        return order.refused(
            Said.NO_SUCH_REASON, name=order.argument, known=", ".join(order.policy.labels.get("reason", {}))
        )
    told = letters.referral(ticket, reason, order.text, order.known, order.policy)
    return order.done(Said.REFUSED, *_refused(order, reason), *told)


@command("spam", Role.COORDINATOR, excludes=("send", "assign", "queue", "ask", "inadmissible"))
def spam(order: Order) -> Done:
    """It was no question: close it, and answer nothing."""
    return order.done(Said.SPAM, *_refused(order, "spam"))


def _refused(order: Order, reason: str) -> tuple[Effect, ...]:
    ticket = the_ticket(order)
    what = "spam" if reason == "spam" else "inadmissible"
    recorded = Change(ticket.ref, {"admissible": False, "reason": reason, "paused": None, "asked": None})
    return (
        *assigning.taken_away(ticket, what, order),
        recorded,
        *panel.ended(ticket, Act.REFUSE, order.known),
        Note(ticket.ref, f"inadmissible: {reason}, by {order.by}"),
    )


@command("admissible", Role.COORDINATOR, excludes=("inadmissible", "spam"))
def admissible(order: Order) -> Done:
    """Record that the question is admissible; one that was refused is taken up again, with a fresh deadline."""
    ticket = the_ticket(order)
    recorded = Change(ticket.ref, {"admissible": True, "reason": ""})
    if ticket.admissible is False and ticket.settled:
        return order.done(Said.ADMITTED_AGAIN, *joining.reopen(order).effects, recorded)
    return order.done(Said.ADMITTED, recorded)


def _reason(order: Order) -> str:
    """A reason by its id, its label in any language, or what comes near."""
    wanted = order.argument.casefold().replace("-", "_").replace(" ", "_")
    labels = order.policy.labels.get("reason", {})
    names = {each: each for each in labels}
    names |= {label.casefold().replace(" ", "_"): each for each, told in labels.items() for label in told.values()}
    close = difflib.get_close_matches(wanted, names, n=1, cutoff=0.75)
    begun = [each for name, each in names.items() if name.startswith(wanted)]
    return names.get(wanted) or (begun[0] if len(set(begun)) == 1 else names[close[0]] if close else "")
