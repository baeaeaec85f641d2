"""What the desk says to its staff, as codes. templates/<language>/words.toml holds the words; a test keeps them equal.

The English sentence beside a code is what logs, `explain` and `--json` print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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
    NOBODY_READS_IT = (
        "nobody_reads_it",
        "none of the queue's experts reads its language, and there is no translator for it",
    )
    FOLLOWS = "follows", "it comes back to a ticket that was closed long ago"
    REFUSED_BEFORE = "refused_before", "it belongs to a question that was not admissible"
    ANSWER_UNDER_WAY = (
        "answer_under_way",
        "an answer of ours is about to leave: #stop keeps it back; else it leaves, and this is still to be answered",
    )
    MERGED = "merged", "it was a ticket of its own, and was joined to this one"
    DANGER = "danger", "somebody's life or liberty may be in danger: please read it at once"
    MAYBE_INADMISSIBLE = "maybe_inadmissible", "it may be inadmissible: a person decides"
    NAMES_DEADLINE = "names_deadline", "the requester seems to name a day by which they need the answer"
    OTHER_LANGUAGE = "other_language", "the requester seems to ask for the answer in another language"
    NO_PUBLICATION = "no_publication", "the requester seems not to want it published: #publish never keeps it"
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
    SENT_UNTRANSLATED = "sent_untranslated", "Your answer goes to the requester as you wrote it, untranslated."
    IS_CLOSED = "is_closed", "The ticket is closed: reopen it first, with #reopen."
    SENT = "sent", "The answer leaves now."
    SUBMITTED = "submitted", "The answer was given to a second person to read; it leaves when they approve it."
    HELP = "help", "Commands that you may use here:"
    NOTHING_HELD = "nothing_held", "No answer of yours is waiting: it has left already, or was stopped."
    NOT_ON_SHELF = "not_on_shelf", "That mail is not on the shelf any more."
    UNKNOWN_COMMAND = "unknown_command", "There is no command #{word}. Did you mean {suggestion}?"
    UNKNOWN_COMMAND_BARE = "unknown_command_bare", "There is no command #{word}. Write #help for the list."
    NOT_ALLOWED = "not_allowed", "You may not use #{word}: it is for {roles}."
    NEEDS_TICKET = "needs_ticket", "#{word} needs a ticket: reply to a mail about it."
    NEEDS_SHELF = "needs_shelf", "#{word} needs a mail on the shelf: reply to the notice about it."
    NEEDS_ARGUMENT = "needs_argument", "#{word} needs more. Write: #{usage}"
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
    OPEN_DUTY = "open_duty", "{name} ({people})"
    TICKET_LINE = "ticket_line", "{name}"
    SHELF_LINE = "shelf_line", "a mail of {size} octets"
    UNDELIVERED_LINE = "undelivered_line", "It did not arrive."
    ON = "on", "The commands below are about it."
    NOT_ON_DESK = "not_on_desk", "There is no ticket or shelved mail {name} that you may act on."
    SHARE = "share", "{number}"
    SHARE_DAYS = "share_days", "{number}; first answers after {days} working days (median)"
    ALREADY_YOURS = "already_yours", "The ticket already is with you; nothing changed."
    TAKEN = "taken", "{person} has the ticket already."
    TOOK = "took", "The ticket is with you now."
    NOBODY_HERE = "nobody_here", "#{word} is for a person: reply by mail."
    BY_MAIL_ONLY = "by_mail_only", "#{word} works by mail only."
    DECLINED = "declined", "The ticket went on to {person}."
    DECLINED_LAST = "declined_last", "Nobody of the queue is left: the ticket went to the coordinators."
    DECLINED_TASK = "declined_task", "You are asked for it no longer."
    REVIEW_DECLINED = "review_declined", "You are asked for it no longer; the draft is read by: {person}."
    NOT_YOURS = "not_yours", "The ticket is not with you."
    ASSIGNED_AWAY = "assigned_away", "The ticket is now with {person}, who is away."
    NOT_YOURSELF = "not_yourself", "That is you: consult somebody else, or a queue."
    QUEUE_AWAY = "queue_away", "Nobody of {queue} is there now."
    CONSULTED = "consulted", "{person} was asked for their part, which will come to whoever has the ticket."
    NO_SUCH_DAY = "no_such_day", "“{name}” is no day that can be used here: write it as 2026-12-31, from today on."
    NOT_RUNNING = "not_running", "No deadline of the ticket runs now: it is waiting, answered or closed."
    ASKED = "asked", "Your question goes to the requester; once it has left, the clock waits for them."
    ASKED_DETAILS = "asked_details", "The requester is asked for details, and the clock waits for them."
    DRAFT_TO_TRANSLATE = (
        "draft_to_translate",
        "A draft can't be kept in another language than the requester's. Reply with it as your answer: a translator gets it before it leaves.",
    )
    DRAFTED = "drafted", "The draft is kept; it leaves when you reply #send."
    CORRECTED = "corrected", "The corrected answer goes to the requester, and says that it replaces the earlier one."
    NOTHING_TO_CORRECT = "nothing_to_correct", "No answer has left yet: reply to the question to answer it."
    SAME = "same", "The answer goes to each requester alone; nobody learns of the others."
    SAME_REVIEWED = (
        "same_reviewed",
        "The answer goes to each requester alone; nobody learns of the others. A second person reads it first: {ref}.",
    )
    NOT_THEIRS = "not_theirs", "The ticket {ref} is not with you."
    NO_SUCH_TICKET = "no_such_ticket", "There is no ticket {ref}."
    SAME_TICKET = "same_ticket", "That is this ticket itself."
    OTHER_REQUESTER = (
        "other_requester",
        "The ticket {ref} is of another requester: tickets of one requester alone can be joined. To answer both at once, use #same {ref}.",
    )
    OTHER_REFUSED = (
        "other_refused",
        "The ticket {ref} was refused as inadmissible: nothing is answered there. Reopen it first, or merge it into this one.",
    )
    WAS_REFUSED = (
        "was_refused",
        "Nothing was sent: the question was refused as inadmissible. If it should be answered after all, ask a coordinator to reopen it.",
    )
    STILL_REVIEWED = "still_reviewed", "A second person is reading the draft: it leaves when they approve it."
    NOTHING_TO_REVIEW = "nothing_to_review", "No draft of the ticket waits for you."
    OWN_DRAFT = "own_draft", "Nobody approves their own draft."
    REJECTED = "rejected", "The draft went back to its author, with your reason."
    CODED = "coded", "The ticket is coded: {what}."
    NO_SUCH_CODE = "no_such_code", "There is no code “{name}”. Write KEY=VALUE; the keys are: {known}."
    NO_SUCH_VALUE = "no_such_value", "There is no “{name}” there. Did you mean: {known}?"
    TITLED = "titled", "The ticket is called “{name}” now."
    TITLE_TELLS = (
        "title_tells",
        "A title must not tell who asked: leave out their name, their address and their organisation.",
    )
    NO_SUCH_LANGUAGE = "no_such_language", "“{name}” is none of our languages: {known}."
    LANGUAGE_SET = "language_set", "The requester is written to in {name}."
    DUE_SET = "due_set", "The answer is due on {day} now; the requester was not told."
    WILL_REMIND = "will_remind", "You will be reminded on {day}."
    NO_SUCH_REASON = "no_such_reason", "There is no reason “{name}”. The reasons are: {known}."
    REFUSED = "refused", "The question is recorded as inadmissible; the requester is told why, and who can help."
    SPAM = "spam", "The ticket is closed as spam; nothing was answered."
    ADMITTED = "admitted", "The question is recorded as admissible."
    ADMITTED_AGAIN = (
        "admitted_again",
        "The question is recorded as admissible, and the ticket is open again, with a fresh deadline; the requester was not told.",
    )
    ALREADY_OPEN = "already_open", "The ticket is open; nothing changed."
    REOPENED = "reopened", "The ticket is open again, with a fresh deadline; the requester was not told."
    MERGED = "merged", "The ticket is part of {ref} now; mail to either goes there."
    SPLIT = "split", "It is a ticket of its own now: {ref}. Give it to somebody with #assign or #queue."
    LINKED = "linked", "The ticket is linked with {ref}."
    NEVER_PUBLISHED = "never_published", "It will never be published."
    REFUSED_PUBLICATION = "refused_publication", "The requester does not want it published."
    NOT_ANSWERED = "not_answered", "It has not been answered yet."
    FLAGGED = "flagged", "It is proposed for publication; its reviewers get it, anonymised, in a few minutes."
    FLAGGED_ALREADY = "flagged_already", "It is on its way to publication already."
    NO_SUCH_TOPIC = "no_such_topic", "There is no topic {name}."
    NEEDS_PUBLICATION = "needs_publication", "#{word} only works in a reply to a text that is to be published."
    NO_SUCH_NUMBER = (
        "no_such_number",
        '{name} names no replacement; this text has {known}. Write a number, such as #keep 3 or #replace 5 "a buyer".',
    )
    TEXT_EDITED = "text_edited", "The text is changed; its reviewers get the new one. You can't approve it yourself."
    TEXT_CHANGED = "text_changed", "That text has changed or is settled already: the newest mail about it counts."
    OWN_TEXT = "own_text", "You proposed or wrote this text: somebody else must approve it."
    TEXT_LEAKS = (
        "text_leaks",
        "This text still holds something that may give somebody away: it must go first. The mail names it.",
    )
    NO_VERDICT = (
        "no_verdict",
        "Nothing was done. Reply with OK, #approve, #keep, #replace, #reject, or the whole text under its headings.",
    )
    PUBLICATION_APPROVED = "publication_approved", "The text is approved; it stands on the site in about {days} days."
    PUBLICATION_REJECTED = "publication_rejected", "The text will not be published."
    MARK = "mark", "{word} → {with}"
    MARK_GONE = "mark_gone", "{word} (taken out)"
    LEAK = "leak", "must go"
    PRECEDENT = "precedent", "{title}"
    YOURS = "yours", "With you: {number}."
    STANDING = "standing", "It is with {person} (queue {queue})."
    SHOWN = "shown", "What was written on the ticket stands below; that you read it is recorded."
    FOUND = "found", "{number} found for “{words}”."
    FOUND_NOTHING = "found_nothing", "Nothing found for “{words}”."
    DIGEST_SENT = "digest_sent", "The digest comes in a mail of its own."
    NO_ADDRESS = "no_address", "“{name}” is no mail address."
    ENTERED = "entered", "The question is entered as {ref}; {address} gets an acknowledgement, and the answer."
    ENTERED_SPOKEN = (
        "entered_spoken",
        "The question is entered as {ref}; the answer will come back to the coordinators.",
    )
    PASS_ON = (
        "pass_on",
        "Please pass this on to the requester, who has no e-mail address: by telephone, letter or in person. What you reply is kept as a note; nothing of it is sent.",
    )
    PASS_ON_QUESTION = (
        "pass_on_question",
        "Please pass this on to the requester, who has no e-mail address: by telephone, letter or in person. Reply with what they say: it goes to whoever has the question.",
    )
    BROUGHT_BACK = "brought_back", "What the requester said went to whoever has the question; the clock goes on."
    OUR_ADDRESS = (
        "our_address",
        "“{name}” is an address of the desk or of a colleague. Write the requester's, or #new without an address if they have none.",
    )
    AWAY = "away", "You are away from {first} to {last}: no new tickets for you then."
    BACK = "back", "Your absence from {first} to {last} is over, or never begins: you get new tickets again."
    NOT_AWAY = "not_away", "No absence of yours is noted, of today or later."
    CONSULTED_AWAY = (
        "consulted_away",
        "{person} was asked for their part, but is away until {last}. To ask somebody else as well, write #consult once more.",
    )
    TASK_OVER = "task_over", "Nothing was done: what you replied to is over, or was done by somebody else."
    TO_TRANSLATOR = "to_translator", "Your answer went to {person}, who translates it for the requester."
    OTHER_LANGUAGE = (
        "other_language",
        "Nothing was sent: your text does not seem to be in the requester's language. Reply with the translation; if it is right as it is, write #send as its first line.",
    )
    DRAFT_CHANGED = "draft_changed", "That draft has changed, or has left, since you got it: nothing was done."
    APPROVED = "approved", "The answer is approved, and leaves as you saw it."
    UNLIKE_DRAFT = (
        "unlike_draft",
        "Nothing was sent: your text has little in common with the draft. To approve it, reply with #approve; to send it back, #reject and your reason; to correct it, reply with the whole corrected text.",
    )
    DUE_SOON = "due_soon", "{name}: due soon"
    DUE_NOW = "due_now", "{name}: nearly due"
    OVERDUE = "overdue", "{name}: late"
    ESCALATED = "escalated", "{name}: late, and still with {people}"
    YOUR_REMINDER = "your_reminder", "{name}: you wanted to be reminded of it today"
    UNHEARD = "unheard", "{name}: we asked the requester, who has no e-mail address, and know of no reply yet"
    EMPTY_REPLY = "empty_reply", "Your reply held no text above the quotation, and nothing attached; nothing was sent."


class Held(StrEnum):
    """Why an answer waits for #send instead of leaving by itself."""

    NONE = ""
    SHORT = "short"
    REVIEW = "review"  # a second person reads it first
    DRAFT = "draft"  # its author wanted to keep it for now
    GREETS_COLLEAGUE = "greets_colleague"
    COMMAND = "command"  # a line of it begins with a command


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence to staff with its values; in a transcript, what became of a command as it was written."""

    command: str
    said: Said
    values: tuple[tuple[str, str], ...] = ()
    done: bool = True
    what: str = ""  # a code of its own kind: what is owed, a state
    when: datetime | None = None

    def sentence(self) -> str:
        return self.said.sentence.format_map(dict(self.values))


def line(command: str, said: Said, values: Mapping[str, str] | None = None, *, done: bool = True) -> Line:
    return Line(command, said, tuple(sorted((values or {}).items())), done)
