"""What the desk says to its staff, as codes. templates/<language>/words.toml holds the words; a test keeps them equal.

The English sentence beside a code is what logs, `explain` and `--json` print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class _Coded(StrEnum):
    """A code with its English sentence."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


class Reason(_Coded):
    """Why a mail is on the shelf."""

    SENDER_UNCLEAR = "sender_unclear", "the From line does not name exactly one sender"
    TOKENS_DISAGREE = "tokens_disagree", "the mail carries reply tokens of different tickets or parties"
    NOT_THEIR_TOKEN = "not_their_token", "a staff member's reply token came from an address that is not theirs"
    UNPROVEN_STAFF = "unproven_staff", "the mail names a staff member as sender, and nothing proves it"
    NOT_ASSIGNED = "not_assigned", "the sender is not assigned to this ticket any more"
    FORGED_REPLY = "forged_reply", "the sender's mail domain says that this mail is not from there"
    STAFF_WITHOUT_TICKET = "staff_without_ticket", "a staff member wrote without replying to a mail of ours"
    UNADDRESSED = "unaddressed", "the mail came through a list that it does not name, and is addressed to nobody"
    SUSPECTED_SPAM = "suspected_spam", "the mail looks like spam"
    TOO_LARGE = "too_large", "the mail is beyond a limit of size or structure"
    UNREADABLE = "unreadable", "the mail could not be read within the limits of time and memory"
    FAILED = "failed", "handling the mail failed three times"


class Flag(_Coded):
    """What staff should know of a question or an addition, besides its words."""

    UNROUTED = "unrouted", "no rule and no topic named a queue"
    NO_EXPERT = "no_expert", "the queue has nobody to give the ticket to"
    UNAUTHENTICATED = "unauthenticated", "nothing proves the sender"
    FORGED = "forged", "the sender's mail domain says that this mail is not from there; no acknowledgement was sent"
    VIA_LIST = "via_list", "the mail came through a mailing list; no acknowledgement was sent"
    OTHERS_IN_COPY = "others_in_copy", "others stood in Cc; we answer the sender alone"
    FOREIGN_TOKEN = "foreign_token", "the mail quotes a reply of another ticket or person; it was not joined to it"
    LANGUAGE_UNKNOWN = "language_unknown", "the language could not be told for sure"
    NO_ADDRESS = "no_address", "asked by telephone or on paper: the answer comes back to the coordinator"
    DANGER = "danger", "somebody's life or liberty may be in danger: please read it at once"
    MAYBE_INADMISSIBLE = "maybe_inadmissible", "it may be inadmissible: a person decides"
    NAMES_DEADLINE = "names_deadline", "the requester seems to name a day by which they need the answer"
    OTHER_LANGUAGE = "other_language", "the requester seems to ask for the answer in another language"
    NO_PUBLICATION = "no_publication", "the requester seems not to want it published"
    ERASURE = "erasure", "the requester seems to want it erased"


class Said(_Coded):
    """What a command did, or why it did not; and why a question went where it went. Values in braces are filled in from the command."""

    ASSIGNED = "assigned", "The ticket is now with {person}."
    ALREADY_ASSIGNED = "already_assigned", "The ticket already is with {person}; nothing changed."
    QUEUED = "queued", "The ticket is now in the queue {queue}, with {person}."
    CLOSED = "closed", "The ticket is closed."
    ALREADY_CLOSED = "already_closed", "The ticket already is closed; nothing changed."
    NOTED = "noted", "The note is kept with the ticket; the requester does not see it."
    RELEASED = "released", "The mail left the shelf and is being handled."
    DROPPED = "dropped", "The mail was dropped from the shelf; nobody was told."
    STOPPED = "stopped", "The answer is stopped; it will not leave."
    SENT = "sent", "The answer leaves now."
    HELP = "help", "Commands that you may use here:"
    NOTHING_HELD = "nothing_held", "No answer of yours is waiting: it has left already, or was stopped."
    NOT_ON_SHELF = "not_on_shelf", "That mail is not on the shelf any more."
    UNKNOWN_COMMAND = "unknown_command", "There is no command #{word}. Did you mean {suggestion}?"
    UNKNOWN_COMMAND_BARE = "unknown_command_bare", "There is no command #{word}. Write #help for the list."
    NOT_ALLOWED = "not_allowed", "You may not use #{word}: it is for {roles}."
    NEEDS_TICKET = "needs_ticket", "#{word} needs a ticket: reply to a mail about it."
    NEEDS_SHELF = "needs_shelf", "#{word} needs a mail on the shelf: reply to the notice about it."
    NEEDS_ARGUMENT = "needs_argument", "#{word} needs more: write #{usage}."
    NEEDS_TEXT = "needs_text", "#{word} needs some text, on the same line or below it."
    NO_SUCH_PERSON = "no_such_person", "There is nobody called {name} in people.toml. Did you mean {suggestion}?"
    NO_EXPERT = "no_expert", "{person} is neither an expert nor a coordinator, and can't be given a ticket."
    NO_SUCH_QUEUE = "no_such_queue", "There is no queue {name}. The queues are: {queues}."
    CONTRADICTION = "contradiction", "#{word} and #{other} contradict each other: write one of them."
    NOTHING_DONE = "nothing_done", "Because of that nothing of this mail was done."
    TEXT_NOT_SENT = "text_not_sent", "The text below the commands was not sent to anybody."
    BY_RULE = "by_rule", "The rule “{rule}” holds."
    BY_TOPICS = "by_topics", "Its topics belong to the queue {queue} (words: {words})."
    NO_TOPIC = "no_topic", "No rule holds, and no topic is clear enough."
    NO_QUEUE = "no_queue", "No queue takes the topic {topic}."
    DISOWNED = "disowned", "The sender's mail domain says that this mail is not from there."
    HANDED_OVER = "handed_over", "{by} gave it to you."
    NOT_AN_ANSWER = (
        "not_an_answer",
        "Nothing was sent: you replied to a notice. To answer the requester, reply to the mail that holds the question.",
    )
    EMPTY_REPLY = "empty_reply", "Your reply held no text above the quotation, and nothing attached; nothing was sent."


class Held(StrEnum):
    """Why an answer waits for #send instead of leaving by itself."""

    NONE = ""
    SHORT = "short"
    GREETS_COLLEAGUE = "greets_colleague"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence to staff with its values; in a transcript, what became of a command as it was written."""

    command: str
    said: Said
    values: tuple[tuple[str, str], ...] = ()
    done: bool = True

    def sentence(self) -> str:
        return self.said.sentence.format_map(dict(self.values))


def line(command: str, said: Said, values: Mapping[str, str] | None = None, *, done: bool = True) -> Line:
    return Line(command, said, tuple(sorted((values or {}).items())), done)
