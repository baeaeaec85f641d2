"""Handling mails from the keyboard, whether a daemon is at work at the same time or not."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence

from mailflow.cli.call import Call
from mailflow.cli.described import Described, described
from mailflow.cli.sources import Found
from mailflow.core.model import Mail, Outcome
from mailflow.core.wording import Reason
from mailflow.engine import Engine, Result
from mailflow.store import inbox, queries
from mailflow.store.inbox import Arrived, Kept
from mailflow.store.queries import Fate

BATCH = 50  # mails kept in one commit
GLANCE = 0.1  # seconds between looks at a mail that another process has in hand
DUPLICATE = "the same mail was taken in before"


def keep(engine: Engine, batch: Sequence[Found], call: Call, *, archive: bool) -> list[Kept]:
    """When this returns the mails are safe, whatever happens next."""
    return inbox.keep(engine.store, [Arrived(found.raw, "file", archive=archive) for found in batch], call.now())


def handle(engine: Engine, batch: Sequence[Found], kept: Sequence[Kept], call: Call) -> Iterator[Described]:
    """Handle these mails whole and say what became of each, in their order. Others that wait may be handled too."""
    results = work_through(engine, {each.inbox for each in kept if each.new}, call)
    fates = queries.fates(engine.store, [each.inbox for each in kept])
    ended = [_ended(engine, *each, results, fates) for each in zip(batch, kept, strict=True)]
    queues = queries.queues_of(engine.store, [result.ref for result in ended if result.ref])
    for found, result in zip(batch, ended, strict=True):
        queue = queues.get(result.ref, "")
        yield described(found.source, result.mail, result.outcome, result.because, result.ref, queue, engine.policy)


def work_through(engine: Engine, ids: Collection[str], call: Call) -> dict[str, Result]:
    """Handle waiting mails until none of these waits any more. What another process handled isn't in the result."""
    left, done, now = set(ids), dict[str, Result](), call.now()
    while left:
        claimed = engine.claim(now)
        for result in engine.handle(engine.read(claimed), now):
            done[result.inbox] = result
        if not claimed:  # leased: after a failed try, or by a daemon
            if call.given_now:
                now += inbox.PAUSE  # a rehearsal doesn't wait
            else:
                time.sleep(GLANCE)
                now = call.now()
        fates = queries.fates(engine.store, sorted(left))
        left = {each for each in left if each in fates and fates[each].state == "waiting"}
    return done


def _ended(
    engine: Engine, found: Found, kept: Kept, results: Mapping[str, Result], fates: Mapping[str, Fate]
) -> Result:
    """What became of a mail: handled here, by another process, or with its first copy (erased since, perhaps)."""
    if kept.new and kept.inbox in results:
        return results[kept.inbox]
    fate, mail = fates.get(kept.inbox), read(engine, found.raw)
    if fate is None or not kept.new:
        return Result(kept.inbox, Outcome.DUPLICATE, DUPLICATE, fate.ticket if fate else "", mail)
    return Result(kept.inbox, Outcome(fate.outcome), fate.because, fate.ticket, mail)


def read(engine: Engine, raw: bytes) -> Mail | None:
    parsed = engine.reader.read(raw)
    return None if isinstance(parsed, Reason) else engine.understanding.understand(parsed)
