"""`status` in words and figures: what is well, and what needs a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from mailflow.cli import show
from mailflow.core.settings import Settings
from mailflow.store.queries import Standing

ALIVE = timedelta(seconds=30)  # a daemon gives a sign of life every 10 s
PATIENCE = timedelta(minutes=10)  # a mail that waits longer, in or out, is stuck


def alive(found: Standing, now: datetime) -> bool:
    return found.pulse is not None and now - found.pulse.beat <= ALIVE


def needs(found: Standing, settings: Settings, now: datetime) -> list[str]:
    """What only a person can mend, a sentence each."""
    watched = {box.name for box in settings.mailboxes}
    troubled = [each for each in found.mailboxes if each.trouble and each.mailbox in watched]
    return [
        *(["the daemon is not alive: start it with `mailflow run`"] if not alive(found, now) else []),
        *(f"{each.folder}, since {show.local(each.trouble_since)}: {each.trouble}" for each in troubled),
        *_stuck("mail is not handled", found.oldest_unhandled, now),
        *_stuck("mail of ours has not left", found.oldest_outgoing, now),
        *_some(found.undelivered, "that did not arrive", "outbox list --state failed"),
        *_some(found.shelf, "on the shelf", "shelf list"),
    ]


def _some(count: int, what: str, command: str) -> list[str]:
    mails = "1 mail" if count == 1 else f"{count} mails"
    return [f"{mails} {what}: `mailflow {command}` shows more"] if count else []


def _stuck(what: str, since: datetime | None, now: datetime) -> list[str]:
    return [f"{what} since {show.local(since)}"] if since and now - since > PATIENCE else []


def values(found: Standing, needed: list[str], now: datetime) -> dict[str, object]:
    """The object of `status --json`."""
    pulse = found.pulse
    return {
        "daemon": {
            "alive": alive(found, now),
            "pid": pulse.pid if pulse else None,
            "started": show.rfc3339(pulse.started) if pulse else None,
            "beat": show.rfc3339(pulse.beat) if pulse else None,
        },
        "mailboxes": [
            {
                "mailbox": each.mailbox,
                "folder": each.folder,
                "last_ok": show.rfc3339(each.last_ok),
                "trouble": each.trouble,
                "since": show.rfc3339(each.trouble_since),
            }
            for each in found.mailboxes
        ],
        "unhandled": found.unhandled,
        "oldest_unhandled": show.rfc3339(found.oldest_unhandled),
        "outbox": {
            "waiting": found.outgoing.get("waiting", 0),
            "held": found.outgoing.get("held", 0),
            "sent": found.outgoing.get("sent", 0),
            "failed": found.outgoing.get("failed", 0),
        },
        "oldest_outgoing": show.rfc3339(found.oldest_outgoing),
        "undelivered": found.undelivered,
        "shelf": found.shelf,
        "tickets": found.tickets,
        "overdue": found.overdue,
        "needs": needed,
    }


def sentences(found: Standing, now: datetime) -> Iterator[str]:
    pulse, out = found.pulse, found.outgoing
    yield (
        f"daemon: process {pulse.pid}, since {show.local(pulse.started)}"
        if pulse and alive(found, now)
        else "daemon: none"
    )
    for each in found.mailboxes:
        yield f"mailbox {each.mailbox}, folder {each.folder}: last well {show.local(each.last_ok) or 'never'}"
    yield f"mails not handled yet: {found.unhandled}" + _since(found.oldest_unhandled)
    yield f"outbox: {out.get('waiting', 0)} waiting, {out.get('held', 0)} held, {out.get('failed', 0)} failed"
    yield f"shelf: {found.shelf}"
    yield f"tickets not closed: {found.tickets}, overdue: {found.overdue}"


def _since(when: datetime | None) -> str:
    return f", the oldest since {show.local(when)}" if when else ""
