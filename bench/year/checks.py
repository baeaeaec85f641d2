"""What must be true at the end of a year. Whatever isn't is one sentence that names tickets, people and days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.header import decode_header, make_header

import ahocorasick_rs

from bench.year.askers import Asker
from bench.year.books import Books, Sent
from bench.year.letters import Letter
from bench.year.staff import Member
from bench.year.world import A_DAY, Promise, World
from mailflow.core import tokens
from mailflow.core.assigning import holders
from mailflow.core.deadlines import Stage, open_at, stage, working_day_after
from mailflow.core.model import State, Ticket
from mailflow.core.presence import works
from mailflow.core.wording import Line, Said

TIMED = frozenset({"reminder", "digest", "weekly"})  # what comes in the recipient's working hours alone
DAILY = "digest:"  # how the key of a digest begins that comes by itself
PATIENCE = 10  # days in which some coordinator must have been there


@dataclass(frozen=True, slots=True)
class Year:
    """A year that is over, and its books."""

    world: World
    books: Books
    askers: list[Asker]
    members: dict[str, Member]

    def readers(self, address: str) -> str:
        """Whose mailbox it is: the slug of a member of staff, or "asker"."""
        return next((slug for slug, each in self.members.items() if address in each.member.addresses), "asker")


def wrong(year: Year) -> list[str]:
    """Everything that is not as it must be."""
    found = (
        _forgotten(year),
        _escalated(year),
        _askers_told(year),
        _told_twice(year),
        _at_odd_hours(year),
        _digests(year),
        _leaks(year),
        _unfinished(year),
    )
    return [sentence for some in found for sentence in some]


# ---------------------------------------------------------------- no ticket is forgotten


def _forgotten(year: Year) -> Iterator[str]:
    policy, now = year.world.policy, year.books.now
    for ticket in year.books.tickets:
        if ticket.settled:
            continue
        if ticket.state is State.WAITING:
            if ticket.asked is None:
                yield f"{ticket.ref} waits for its asker, and nobody asked them anything"
            continue
        if ticket.due is None:
            yield f"{ticket.ref} is open without a deadline"
        elif not holders(ticket, policy) or (ticket.assignee and not works(ticket.assignee, policy)):
            yield f"{ticket.ref} is open, and nobody has it"
        elif ticket.due < now and not _reminded(year, ticket):
            yield f"{ticket.ref} is late since {ticket.due:%Y-%m-%d}, and nobody was reminded of it"


def _reminded(year: Year, ticket: Ticket) -> bool:
    """Somebody was told since it became late, or it has only just become so."""
    fresh = ticket.due is not None and year.books.now - ticket.due < timedelta(days=5)
    return fresh or any(line.command == ticket.ref and at > (ticket.due or at) for _, line, at in reminded(year))


def reminded(year: Year) -> Iterator[tuple[str, Line, datetime]]:
    """Every line of every reminder: to whom, what, when."""
    for made in year.world.made.values():
        lines = made.send.facts.get("lines")
        if made.send.template == "reminder" and isinstance(lines, tuple):
            for line in lines:
                if isinstance(line, Line):
                    yield made.send.to.id, line, made.at


def _escalated(year: Year) -> Iterator[str]:
    """Coordinators heard of every promise that ran so long beyond its end, when one of them was there."""
    calendar, policy = year.world.policy.calendar, year.world.policy
    told = [each for each in reminded(year) if each[1].said in (Said.ESCALATED, Said.OVERDUE)]
    for promise in year.world.promises:
        due = promise.ticket.due
        if due is None or _translating(year, promise):
            continue
        day = working_day_after(calendar, calendar.day_of(due), policy.deadlines.reminders.escalate)
        last = _first_day_of_a_coordinator(year, day)
        end = promise.until or year.books.now
        if last is None or not promise.runs_at(last) or end <= last + timedelta(hours=1):
            continue
        if not any(
            slug in policy.coordinators and line.command == promise.ticket.ref and line.when == due and at <= last
            for slug, line, at in told
        ):
            yield f"{promise.ticket.ref} was late from {due:%Y-%m-%d} on, and no coordinator heard of it by {last:%Y-%m-%d}"


def _translating(year: Year, promise: Promise) -> bool:
    """While a translator has it, it is the translation that is late."""
    tasks = [e for e in year.books.events if e.ref == promise.ticket.ref and e.kind in ("task", "task_ended")]
    begun = [e.at for e in tasks if e.facts.get("kind") == "translation"]
    return any(promise.since <= at + A_DAY and at <= (promise.until or year.books.now) for at in begun)


def _first_day_of_a_coordinator(year: Year, day: date) -> datetime | None:
    """The opening of the first day from this one on at which one of them was there, as the desk knew it."""
    for ahead in range(PATIENCE):
        these = [_works_on(year, slug, day + A_DAY * ahead) for slug in year.world.policy.coordinators]
        if there := [moment for moment in these if moment]:
            return min(there) if min(there) < year.books.now else None
    return None


def _works_on(year: Year, slug: str, day: date) -> datetime | None:
    """The opening of somebody's day, when they work on it and the desk doesn't know them to be away."""
    calendar = year.world.policy.hours_of(slug)
    opening = calendar.opening(day)
    away = any(each.covers(day) for each in year.books.absences(slug, opening))
    return opening if calendar.works_on(day) and not away else None


def _askers_told(year: Year) -> Iterator[str]:
    """Everybody whose answer was late heard so, once a promise; not where it was on its way and left within a day."""
    told = Counter(mail.key for mail in year.books.mails if mail.template == "late")
    for promise in year.world.promises:
        ticket, due = promise.ticket, promise.ticket.promised  # the day that they were told
        if due is None or not promise.runs_at(due + A_DAY) or due + A_DAY >= year.books.now:
            continue
        if not ticket.requester.reachable:
            continue
        if not any(key.startswith(f"late:{ticket.ref}:{ticket.clock}") for key in told):
            yield f"{ticket.ref} became late on {due:%Y-%m-%d}, and its asker was not told"


# ---------------------------------------------------------------- once, and at the right hour


def _told_twice(year: Year) -> Iterator[str]:
    """Nobody hears of the same stage of the same duty again; of two drafts, each is read."""
    calendar, policy = year.world.policy.calendar, year.world.policy
    told: Counter[tuple[str, Line, Stage]] = Counter()
    for slug, line, at in reminded(year):
        told[slug, line, stage(calendar, line.when or at, at, policy.deadlines.reminders)] += 1
    for (slug, line, reached), times in told.items():
        if times > max(1, _tasks_like(year, line)):
            yield f"{slug} was told {times} times of {line.command} ({line.what}, {reached.name.lower()})"
    keys = Counter(mail.key for mail in year.books.mails)
    yield from (f"the mail {key} was made {times} times" for key, times in keys.items() if times > 1)
    sent = Counter(letter.id for letter in year.world.left)
    yield from ("a mail left twice" for times in sent.values() if times > 1)


def _tasks_like(year: Year, line: Line) -> int:
    """How many tasks of that ticket were of that kind, and due then."""
    due = line.when.isoformat() if line.when else ""
    given = (event.facts for event in year.books.events if event.kind == "task" and event.ref == line.command)
    people = {slug: member.member.name for slug, member in year.members.items()}
    names = dict(line.values).get("people", "")
    return sum(f["kind"] == line.what and f["due"] == due and people[f["to"]] in names for f in given)


def _at_odd_hours(year: Year) -> Iterator[str]:
    for mail in year.books.mails:
        if not mail.slug or mail.sent is None or not _is_timed(mail):
            continue
        calendar = year.world.policy.hours_of(mail.slug)
        if not open_at(calendar, mail.sent):
            yield f"{mail.slug} got a {mail.template} ({mail.key.partition(':')[0]}) at {mail.sent:%a %Y-%m-%d %H:%M} UTC, outside their hours"
        elif any(each.covers(calendar.day_of(mail.sent)) for each in year.books.absences(mail.slug, mail.sent)):
            yield f"{mail.slug} got a {mail.template} on {mail.sent:%Y-%m-%d}, while away"


def _is_timed(mail: Sent) -> bool:
    """A reminder, warning, escalation or digest; not what somebody asked for just now."""
    return (mail.template in TIMED and not mail.key.startswith("digest-now")) or mail.key.startswith("shelf-late")


def _digests(year: Year) -> Iterator[str]:
    """One for each coordinator on each of their working days, and on no other."""
    books, world = year.books, year.world
    got = Counter(
        (mail.slug, mail.key.split(":")[1])
        for mail in books.mails
        if mail.template == "digest" and mail.key.startswith(DAILY) and mail.state == "sent"
    )
    days = [world.first.date() + A_DAY * n for n in range((world.last - world.first).days + 1)]
    for slug in world.policy.coordinators:
        for day in days:
            opening = _works_on(year, slug, day)
            wanted = int(opening is not None and world.first <= opening < world.last)
            if got[slug, day.isoformat()] != wanted:
                yield f"{slug} got {got[slug, day.isoformat()]} digests on {day:%a %Y-%m-%d} instead of {wanted}"


# ---------------------------------------------------------------- nobody learns who the others are


def _leaks(year: Year) -> Iterator[str]:
    askers = {asker.address: asker for asker in year.askers}
    staff = {address for member in year.members.values() for address in member.member.addresses}
    theirs = [word for asker in year.askers for word in (asker.address, asker.name)]
    ours = [*staff, *(member.member.name for member in year.members.values())]
    of_askers, of_all = _finder(theirs), _finder([*theirs, *ours])
    holders_of: dict[str, str] = {}
    for letter in year.world.left:
        seen = everything(letter)
        own = {letter.recipient, askers[letter.recipient].name.casefold()} if letter.recipient in askers else set()
        finder = of_all if own else of_askers
        found = set(finder.find_matches_as_strings(seen)) - own
        if found:
            yield f"a {letter.send.template} of {letter.ref} shows who somebody else is ({len(found)} words)"
        for token in tokens.find(seen):
            if holders_of.setdefault(token, letter.recipient) != letter.recipient:
                yield f"a {letter.send.template} of {letter.ref} holds a token of {year.readers(letter.recipient)} and {year.readers(holders_of[token])}"


def _finder(words: Iterable[str]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick([word.casefold() for word in words])


def everything(letter: Letter) -> str:
    """Whatever a curious reader can find: headers and texts, decoded, in small letters."""
    message = letter.message
    headers = [str(make_header(decode_header(str(message["Subject"]))))]
    texts = []
    for part in message.walk():
        headers += [f"{name}: {value}" for name, value in part.items() if name != "Subject"]
        if part.get_content_maintype() == "text":
            octets = part.get_payload(decode=True)
            texts.append(octets.decode("utf-8", "replace") if isinstance(octets, bytes) else "")
    return "\n".join([*headers, *texts]).casefold()


# ---------------------------------------------------------------- the machine


def _unfinished(year: Year) -> Iterator[str]:
    books = year.books
    if books.undone:
        yield f"{books.undone} mails were taken in and not handled"
    if not books.log_holds:
        yield "the chain of the event log is broken"
    for mail in books.mails:
        if mail.state == "waiting" and mail.made < books.now - timedelta(days=8):
            yield f"a {mail.template} of {mail.ref} made on {mail.made:%Y-%m-%d} never left"
    opened = {result.ref for result in year.world.results if result.outcome.value == "opened"}
    lost = opened - {ticket.ref for ticket in books.tickets}
    yield from (f"{ref} was opened, and is gone" for ref in sorted(lost))
