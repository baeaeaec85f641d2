"""Mail commands: lines `#word argument` at the top of a staff mail.

A command is one function with `@command`: its usage line names word and arguments, its docstring is the line that
#help and the reference print. All commands of a mail are done, or none is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from mailflow.core.assigning import readers
from mailflow.core.effects import Effect, Passage
from mailflow.core.model import Mail, Role, Situation, TokenKind
from mailflow.core.policy import Person, Policy
from mailflow.core.wording import Line, Said, line

_STAFF = frozenset({Role.EXPERT, Role.COORDINATOR, Role.SUPERVISOR, Role.TRANSLATOR, Role.DATA_PROTECTION})
_GAP = r"[ \t\u00a0\u200b>]*"
_ITEM = r"(?:[-*+\u2022\u00b7\u25aa\u25cf\u2013\u2014]|\d{1,2}[.)])"  # a mail program makes a list of several commands
_COMMAND = re.compile(rf"{_GAP}(?:{_ITEM}{_GAP})?[#\uff03][ \t\u00a0]*([^\W\d_]\w*)[:.,]?(.*)", re.UNICODE)
_DASHES = frozenset({"--", "\u2013", "\u2014"})  # autocorrect makes one dash of two
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_GREETINGS = frozenset({
    "hello", "hi", "hey", "dear", "greetings", "bonjour", "bonsoir", "salut", "cher", "chère", "chers", "chères",
    "hola", "estimado", "estimada", "estimados", "estimadas", "querido", "querida", "queridos",
})  # fmt: skip
LONGEST_GREETING = 6  # words
AROUND_A_NAME = " \t\u200b\"'“”„«»‘’"


_NEEDS = {
    TokenKind.TICKET: Said.NEEDS_TICKET,
    TokenKind.SHELF: Said.NEEDS_SHELF,
    TokenKind.PUBLICATION: Said.NEEDS_PUBLICATION,
}


@dataclass(frozen=True, slots=True)
class Order:
    """A command as somebody gave it."""

    word: str
    argument: str
    text: str  # what stands below the commands, for those that take it
    actor: Person | None  # None: whoever sits at the keyboard
    known: Situation
    policy: Policy
    mail: Mail | None = None  # what stands below the commands, as a mail of its own; None at the keyboard

    @property
    def roles(self) -> frozenset[Role]:
        return self.actor.roles if self.actor else frozenset({Role.OPERATOR})

    @property
    def by(self) -> str:
        """Slug of the actor, as the event log names them."""
        return self.actor.slug if self.actor else "operator"

    @property
    def name(self) -> str:
        """As colleagues call the actor."""
        return self.actor.name if self.actor else self.policy.desk

    @property
    def role(self) -> str:
        """As what the actor speaks."""
        return (Role.COORDINATOR if Role.COORDINATOR in self.roles else min(self.roles)).value

    @property
    def written(self) -> str:
        return f"#{self.word} {self.argument}".strip()

    def done(self, said: Said, *effects: Effect, **values: str) -> Done:
        return Done(effects, line(self.written, said, values))

    def refused(self, said: Said, **values: str) -> Done:
        return Done((), line(self.written, said, {"word": self.word, **values}, done=False))


@dataclass(frozen=True, slots=True)
class Done:
    """What a command asks for, and the transcript's line about it. `line.done` False: it was refused."""

    effects: tuple[Effect, ...]
    line: Line
    commands: tuple[Line, ...] = ()  # #help: those that this person may use here, each with how it is written
    usage: tuple[str, ...] = ()  # what #find and #status list
    story: Passage | None = None  # #show, #find: what they asked to see


Run = Callable[[Order], Done]


@dataclass(frozen=True, slots=True)
class Command:
    word: str
    usage: str
    help: str
    run: Run
    roles: frozenset[Role]
    needs: TokenKind | None  # what the mail that was answered must have been about
    takes_text: bool  # what stands below the commands belongs to it
    excludes: frozenset[str]  # commands that contradict it in one mail
    text_will_do: bool = False  # what it wants may stand below it as well

    @property
    def wants_name(self) -> bool:
        """A word in capitals in the usage line must be given, but for one in brackets."""
        return any(word.isupper() and not word.startswith("[") for word in self.usage.split()[1:])


COMMANDS: dict[str, Command] = {}
OPENING = frozenset({"new", "from", "split"})  # commands that open a ticket
SET_ONCE = frozenset({"language", "title"})  # besides those that exclude others
WATCHING = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.DATA_PROTECTION, Role.OPERATOR})
FOR_ANYBODY = frozenset({"note", "status", "take", "decline"})  # also of who isn't concerned with the ticket any more


def command(
    usage: str,
    *roles: Role,
    needs: TokenKind | None = TokenKind.TICKET,
    takes_text: bool = False,
    excludes: tuple[str, ...] = (),
    text_will_do: bool = False,
) -> Callable[[Run], Run]:
    """Register a command; no roles means all staff. Whoever sits at the keyboard may use any."""

    def register(run: Run) -> Run:
        word = usage.split(maxsplit=1)[0]
        allowed = frozenset(roles or _STAFF) | {Role.OPERATOR}
        help_line = " ".join((run.__doc__ or "").split())
        COMMANDS[word] = Command(
            word, usage, help_line, run, allowed, needs, takes_text, frozenset(excludes), text_will_do
        )
        return run

    return register


def split(text: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The commands at the top of a text as (word, argument), and the text below them."""
    found: list[tuple[str, str]] = []
    lines = text.splitlines()
    for number, written in enumerate(lines):
        match = _COMMAND.fullmatch(written)
        if match:
            found.append((match[1].casefold(), match[2].replace("\u00a0", " ").strip(" \t\u200b")))
        elif written.strip():
            return tuple(found), "\n".join(lines[number:]).strip()
    return tuple(found), ""


def address_in(text: str) -> str:
    """The first mail address that stands in an argument, in small letters; or ""."""
    found = _ADDRESS.search(text)
    return found[0].strip(".").casefold() if found else ""


def subject_of_on(argument: str) -> str:
    """What #on names, as it is looked up: a ticket, or a mail on the shelf."""
    return argument.strip("[]() .,:").casefold()


def references_in(text: str, prefix: str) -> tuple[str, ...]:
    """What stands for tickets in an argument, each once, without the desk's prefix and what a subject puts around it."""
    words = (word.strip("[]().:;#").casefold() for word in text.replace(",", " ").split())
    return tuple(dict.fromkeys(word.removeprefix(prefix.casefold()) for word in words if word))


def has_commands(text: str) -> bool:
    return bool(split(text)[0])


def stray(text: str) -> bool:
    """A line of the text, wherever it stands, begins with a command: it is hardly meant for the requester."""
    matches = (_COMMAND.fullmatch(written) for written in text.splitlines())
    return any(match and match[1].casefold() in COMMANDS for match in matches)


def _greeted(text: str) -> str:
    """The text below a line that only greets, or ""."""
    first, _, below = text.lstrip().partition("\n")
    words = first.split()
    greets = words and (first.strip().endswith((",", ":", "!", "，", "、")) or words[0].casefold() in _GREETINGS)
    return below if greets and len(words) <= LONGEST_GREETING else ""


def in_mail(mail: Mail) -> tuple[tuple[tuple[str, str], ...], str]:
    """The commands of a mail, and the text that goes with them: at its top, or at its bottom below a lone "--".

    Below a greeting, or dashes, something else may stand that a # begins: only what is a command, or nearly one, counts.
    """
    found, text = split(mail.text)
    if found:
        return found, text
    found, text = split(_greeted(mail.text))
    if _meant(found):
        return found, text
    own = mail.text.splitlines()
    dashes = max((number for number, written in enumerate(own) if written.strip() in _DASHES), default=len(own))
    above, below = "\n".join(own[:dashes]), "\n".join(own[dashes + 1 :])
    if dashes == len(own):  # cut off as a signature
        head, _, below = mail.quoted.lstrip().partition("\n")
        below = below if head.strip() in _DASHES else ""
    found, _ = split(below)
    return (found, above.strip()) if _meant(found) else ((), mail.text)


def _meant(found: tuple[tuple[str, str], ...]) -> bool:
    """The first one is a command, or nearly one."""
    return bool(found and difflib.get_close_matches(found[0][0], COMMANDS, n=1, cutoff=0.6))


def carry_out(orders: tuple[Order, ...]) -> tuple[Done, ...]:
    """Every command of a mail; when one is refused, none of them has effects."""
    results = tuple(_one(order, orders) for order in orders)
    if all(result.line.done for result in results):
        return results
    spoilt = tuple(Done((), r.line) for r in results if not r.line.done)
    return (*spoilt, Done((), line("", Said.NOTHING_DONE, done=False)))


def usable(order: Order) -> tuple[Command, ...]:
    """The commands that this person may use on what their mail was about."""
    return tuple(c for c in COMMANDS.values() if order.roles & c.roles and _at_hand(c, order.known))


def _one(order: Order, orders: tuple[Order, ...]) -> Done:
    entry = COMMANDS.get(order.word)
    if entry is None:
        close = difflib.get_close_matches(order.word, COMMANDS, n=1, cutoff=0.6)
        if close:
            return order.refused(Said.UNKNOWN_COMMAND, suggestion=f"#{close[0]}")
        return order.refused(Said.UNKNOWN_COMMAND_BARE)
    if not order.roles & entry.roles:
        return order.refused(Said.NOT_ALLOWED, roles=", ".join(sorted(entry.roles - {Role.OPERATOR})))
    other = next((o.word for o in orders if _contradicts(o, order, entry)), "")
    if other:
        return order.refused(Said.CONTRADICTION, other=other)
    if not _at_hand(entry, order.known):
        return order.refused(_NEEDS[entry.needs or TokenKind.TICKET])
    if entry.needs is TokenKind.TICKET and entry.word not in FOR_ANYBODY and not concerned(order):
        return order.refused(Said.NOT_YOURS)
    if entry.wants_name:
        order = replace(order, argument=_tidy(order.argument))
        if not order.argument and not (entry.text_will_do and order.text):
            return order.refused(Said.NEEDS_ARGUMENT, usage=entry.usage)
    return entry.run(order)


def concerned(order: Order) -> bool:
    """Those who watch over the desk; others with what they have, stand in for, owe something to, or have a draft of."""
    known, ticket = order.known, order.known.ticket
    if ticket is None or order.roles & WATCHING:
        return True
    if any(grant.kind is TokenKind.PUBLICATION for grant in known.grants):
        return True  # a reviewer of what is to be published
    owes = any(task.slug == order.by for task in known.tasks) or any(draft.author == order.by for draft in known.drafts)
    return owes or order.by in readers(ticket, known, order.policy)


def _contradicts(other: Order, order: Order, entry: Command) -> bool:
    """Another command that this one excludes; also the same one with something else to do (#assign ann, #assign bob)."""
    if other.known.ticket != order.known.ticket or other.known.shelf != order.known.shelf:
        return False  # after #on they are about something else
    if other is not order and {other.word, order.word} <= OPENING:
        return True  # one mail opens one ticket
    twice = other.word == order.word and other.argument.casefold() != order.argument.casefold()
    back = COMMANDS[other.word].excludes if other.word in COMMANDS else frozenset()
    once = bool(entry.excludes) or order.word in SET_ONCE
    return other.word in entry.excludes or order.word in back or (twice and once)


def _at_hand(entry: Command, known: Situation) -> bool:
    if entry.needs is TokenKind.SHELF:
        return known.shelf is not None
    if entry.needs is TokenKind.PUBLICATION:
        return known.candidate is not None and any(grant.kind is TokenKind.PUBLICATION for grant in known.grants)
    return entry.needs is None or known.ticket is not None


def _tidy(name: str) -> str:
    """What autocorrect and phones do to a name, undone: quotation marks around it, a full stop at its end."""
    return name.strip(AROUND_A_NAME + ".")
