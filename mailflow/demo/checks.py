"""Whether all went as told: looked at from outside, in the mails that were really delivered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mailflow.core.model import Outcome
from mailflow.core.policy import Policy
from mailflow.demo import client
from mailflow.demo.cast import Cast
from mailflow.demo.journal import Happening, Kind
from mailflow.demo.samples import Asker

ACKNOWLEDGEMENTS = frozenset({"acknowledgement", "bilingual"})


@dataclass(frozen=True, slots=True)
class Check:
    said: str
    good: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that happened, and what was meant to."""

    happenings: Sequence[Happening]
    cast: Cast
    policy: Policy
    markers: Mapping[str, str]  # the line "please write above this line" in each language

    @property
    def askers(self) -> Collection[Asker]:
        return self.cast.askers.values()

    def to(self, address: str, templates: Collection[str] = ()) -> list[Happening]:
        """The mails that somebody got."""
        got = (h for h in self.happenings if h.kind is Kind.DELIVERED and h.letter.recipient == address)
        return [h for h in got if not templates or h.what in templates]

    def to_staff(self) -> list[Happening]:
        return [h for slug in self.policy.people for h in self.to(self.policy.people[slug].addresses[0])]

    def to_askers(self) -> list[Happening]:
        return [h for asker in self.askers for h in self.to(asker.address)]


def checks(seen: Evidence) -> tuple[Check, ...]:
    """One sentence each; true sentences about a good run."""
    languages = len({asker.language for asker in seen.askers})
    answers = sum(len(asker.answers) for asker in seen.askers if not asker.full)
    return (
        Check(f"{len(seen.askers)} questions in {languages} languages opened a ticket each", _opened(seen)),
        Check("the question that came twice opened one ticket", _outcomes(seen, Outcome.DUPLICATE)),
        Check("one acknowledgement for each deadline, in the asker's own language", _acknowledged(seen)),
        Check(f"{answers} answers arrived as they were written", _answered(seen)),
        Check("what no expert could read was translated, and the answer translated back", _translated(seen)),
        Check("contributions went to the expert who answers, and to nobody else", _contributed(seen)),
        Check("no name or address of staff in any mail to an asker", not _leaks_to_askers(seen)),
        Check("no name or address of an asker in any mail to staff", not _leaks_to_staff(seen)),
        Check("the automatic reply was noted, and answered by nobody", _left_alone(seen)),
        Check("the answer that bounced was reported to the coordinators", _reported(seen)),
        Check("every other mail became what it should", _all_outcomes(seen)),
    )


def _opened(seen: Evidence) -> bool:
    opened = [h for h in seen.happenings if h.kind is Kind.HANDLED and h.what == Outcome.OPENED]
    return len({h.ticket for h in opened}) == len(opened) == len(seen.askers) and _outcomes(seen, Outcome.OPENED)


def _outcomes(seen: Evidence, outcome: Outcome) -> bool:
    """Whether as many mails ended like this as were meant to, and there are any."""
    meant = sum(expected is outcome for _, expected in seen.cast.expected)
    return meant > 0 and meant == sum(h.kind is Kind.HANDLED and h.what == outcome for h in seen.happenings)


def _all_outcomes(seen: Evidence) -> bool:
    happened = [
        (str(client.read(h.letter.raw)["Message-ID"]), h.what) for h in seen.happenings if h.kind is Kind.HANDLED
    ]
    return sorted(happened) == sorted((message_id, outcome.value) for message_id, outcome in seen.cast.expected)


def _acknowledged(seen: Evidence) -> bool:
    return all(_acknowledged_one(asker, seen) for asker in seen.askers)


def _acknowledged_one(asker: Asker, seen: Evidence) -> bool:
    got = seen.to(asker.address, ACKNOWLEDGEMENTS)
    in_their_language = all(
        client.read(h.letter.raw)["Content-Language"] == asker.language
        and seen.markers[asker.language] in client.words(h.letter.raw)
        for h in got
    )
    return len(got) == asker.deadlines and in_their_language


def _answered(seen: Evidence) -> bool:
    return all(_answered_one(asker, seen) for asker in seen.askers if not asker.full)


def _answered_one(asker: Asker, seen: Evidence) -> bool:
    got = [_plain(client.words(h.letter.raw)) for h in seen.to(asker.address, ("answer",))]
    wanted = [[_plain(paragraph) for paragraph in text.strip().split("\n\n")] for text in asker.answers]
    whole = [any(all(p in mail for p in paragraphs) for mail in got) for paragraphs in wanted]
    return len(got) == len(wanted) and all(whole)


def _leaks_to_askers(seen: Evidence) -> list[Happening]:
    people = seen.policy.people.values()
    hidden = [word for person in people for word in (person.name, *person.addresses)]
    return _holding(seen.to_askers(), hidden)


def _leaks_to_staff(seen: Evidence) -> list[Happening]:
    return _holding(seen.to_staff(), [word for asker in seen.askers for word in (asker.name, asker.address)])


def _holding(mails: Iterable[Happening], hidden: Sequence[str]) -> list[Happening]:
    """The mails in which one of the words stands anywhere: headers, envelope, text, HTML, names of files."""
    words = [word.casefold() for word in hidden]
    return [h for h in mails if any(map(whole(h).__contains__, words))]


def whole(happening: Happening) -> str:
    """All that can be read in a mail, decoded, in lower case."""
    mail = client.read(happening.letter.raw)
    parts = [happening.letter.sender, happening.letter.raw.decode("utf-8", "replace")]
    for part in mail.walk():
        parts += [f"{name}: {value}" for name, value in part.items()]
        if part.get_content_maintype() == "text":
            parts.append(str(part.get_content()))
    return "\n".join(parts).casefold()


def _translated(seen: Evidence) -> bool:
    """The experts got the translator's words, and the asker got those of the other way: that `_answered` looks at."""
    asked = {ticket: asker for ticket, asker in seen.cast.by_ticket.items() if asker.translation}
    return bool(asked) and all(
        _got(seen, ticket, "translated", asker.translation)
        and _asked(seen, ticket, "translation") == 1 + bool(asker.answer)
        for ticket, asker in asked.items()
    )


def _contributed(seen: Evidence) -> bool:
    wanted = {ticket: asker for ticket, asker in seen.cast.by_ticket.items() if asker.contribution}
    leaked = any(
        _plain(a.contribution).casefold() in _plain(whole(h)) for h in seen.to_askers() for a in wanted.values()
    )
    return bool(wanted) and not leaked and all(_got(seen, t, "contributed", a.contribution) for t, a in wanted.items())


def _got(seen: Evidence, ticket: str, template: str, text: str) -> bool:
    """Staff got a mail of this template on the ticket, with these words."""
    return any(h.ticket == ticket and h.what == template and _says(h, text) for h in seen.to_staff())


def _asked(seen: Evidence, ticket: str, template: str) -> int:
    return sum(h.ticket == ticket and h.what == template for h in seen.to_staff())


def _says(happening: Happening, text: str) -> bool:
    said = _plain(client.words(happening.letter.raw))
    return all(_plain(paragraph) in said for paragraph in text.strip().split("\n\n"))


def _left_alone(seen: Evidence) -> bool:
    """After an absence robot spoke, nothing more went to its master."""
    away = [asker for asker in seen.askers if asker.away]
    return bool(away) and all(_last_words(asker, seen) for asker in away)


def _last_words(asker: Asker, seen: Evidence) -> bool:
    """Whether their robot's mail was noted, and they got nothing after it."""
    theirs = [h for h in seen.happenings if asker.address in (h.letter.login, h.letter.recipient)]
    noted = [number for number, h in enumerate(theirs) if h.kind is Kind.HANDLED and h.what == Outcome.RECORDED]
    return bool(noted) and all(h.kind is not Kind.DELIVERED for h in theirs[noted[0] :])


def _reported(seen: Evidence) -> bool:
    tickets = {ticket for ticket, asker in seen.cast.by_ticket.items() if asker.full}
    told = [
        {h.ticket for h in seen.to(seen.policy.people[slug].addresses[0], ("undelivered",))}
        for slug in seen.policy.coordinators
    ]
    return bool(tickets) and all(found == tickets for found in told)


def _plain(text: str) -> str:
    return " ".join(text.split())
