"""The clock's part of publication: texts that the machine must look through, and approved ones whose day has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection

from mailflow.core import views
from mailflow.core.events import CandidateMade, Event, PublicationDue
from mailflow.core.model import UNKNOWN_LANGUAGE, Part, Situation, Ticket
from mailflow.core.policy import Policy
from mailflow.core.publication import Candidate, Stage, Text
from mailflow.mail.understand import Understanding
from mailflow.store import look, messages, publications, tickets
from mailflow.store.errors import StoreError, Unreadable
from mailflow.store.store import Store

if TYPE_CHECKING:  # the detectors take a third of a second to load: only when there is something to publish
    from mailflow.publish.anonymise import NameModel
    from mailflow.publish.candidates import Circle


class Desk(Protocol):
    """What this needs of the engine."""

    @property
    def store(self) -> Store: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def understanding(self) -> Understanding: ...
    @property
    def names(self) -> Callable[[], NameModel | None]: ...
    def happens(self, event: Event, now: datetime, looked: Callable[[Connection], Situation]) -> bool: ...


def tick(engine: Desk, now: datetime) -> int:
    """Act on what is due; returns how many there were."""
    wait = timedelta(days=engine.policy.publication.delay_days)
    with engine.store.database.read() as connection:
        to_make = publications.to_make(connection)
        due = publications.approved_before(connection, now - wait)
    for candidate in to_make:
        _done(_make, engine, candidate, now)
    for candidate in due:
        _done(_publish, engine, candidate, now)
    return len(to_make) + len(due)


def _done(step: Callable[[Desk, str, datetime], None], engine: Desk, name: str, now: datetime) -> None:
    """Where the ticket was erased meanwhile, the candidate is given up; where the machine fails, people are told.

    Whatever it fails of (the extra lacks, a detector stumbles) is this text's own affair: the others go on.
    """
    try:
        step(engine, name, now)
    except Unreadable:
        with engine.store.database.write() as connection:
            publications.give_up(connection, name, now)
    except StoreError:
        raise
    except Exception:  # noqa: BLE001  as above
        with engine.store.database.read() as connection:
            found = publications.by_id(connection, engine.store, name)
        stuck = replace(found, stage=Stage.REJECTED)
        looked = partial(look.at_publication, store=engine.store, candidate=stuck, now=now)
        engine.happens(CandidateMade(stuck), now, looked)


def _make(engine: Desk, name: str, now: datetime) -> None:
    """Outside any transaction: looking through a text takes its time."""
    with engine.store.database.read() as connection:
        found = publications.by_id(connection, engine.store, name)
        known = publications.identities(connection, engine.store, found.ref, engine.policy)
        told = [message.part for message in messages.of_ticket(connection, engine.store, found.ref)]
        ticket = tickets.by_ref(connection, found.ref)
        alike = publications.alike(connection, found.ref)
    if found.stage is Stage.FLAGGED and ticket:
        title = views.neutral_name(ticket, engine.policy, found.language)
        found = replace(found, original=original(told, title))
    from mailflow.publish.candidates import looked_through

    spoken = _spoken(found, engine.understanding)
    if found.stage is Stage.FLAGGED and len(set(spoken.values())) == 1:
        found = replace(found, language=next(iter(spoken.values())))
    made = looked_through(found, known, _circle(ticket, engine.policy, alike, found.language), engine.names(), spoken)
    engine.happens(CandidateMade(made), now, partial(look.at_publication, store=engine.store, candidate=made, now=now))


def _spoken(found: Candidate, understanding: Understanding) -> dict[str, str]:
    """What question and answer are written in, where that can be told; a page is in the language of both."""
    originals = {"question": found.original.question, "answer": found.original.answer}
    told = {part: understanding.language(text) for part, text in originals.items()}
    return {part: code for part, code in told.items() if code != UNKNOWN_LANGUAGE}


def _publish(engine: Desk, name: str, now: datetime) -> None:
    with engine.store.database.read() as connection:
        found = publications.by_id(connection, engine.store, name)
        known = publications.identities(connection, engine.store, found.ref, engine.policy)
    from mailflow.publish.candidates import still_leaks

    checked = replace(found, leaks=still_leaks(found, known, _spoken(found, engine.understanding)))
    looked = partial(look.at_publication, store=engine.store, candidate=checked, now=now)
    engine.happens(PublicationDue(checked), now, looked)


def original(told: list[Part], title: str) -> Text:
    """What was asked, and the last answer. Of a question that was translated, what its requester wrote."""
    questions = [part.text for part in told if part.kind in ("question", "more") and part.text.strip()]
    answers = [part.text for part in told if part.kind == "answer" and part.text.strip()]
    return Text(title, "\n\n".join(questions[:1]), answers[-1] if answers else "")


def _circle(ticket: Ticket | None, policy: Policy, alike: int, language: str) -> Circle:
    from mailflow.publish.candidates import Circle

    codes = ticket.codes if ticket else {}
    sector, country = codes.get("sector", "").split(" ")[0], codes.get("country", "")
    return Circle(
        alike=alike,
        enough=policy.publication.rare,
        sector=policy.label("sector", sector, language) if sector else "",
        countries=(country,) if country else (),
    )
