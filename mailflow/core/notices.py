"""Notices: news that can wait a quarter of an hour. The first leaves at once; those that follow it travel as one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from mailflow.core import mails
from mailflow.core.digest import shelf_lines, undelivered_lines
from mailflow.core.effects import Effect, Fact, Gather, Gathered, Send
from mailflow.core.model import Board, Grant, Notice, Situation, TokenKind, person
from mailflow.core.policy import Policy

TOGETHER = timedelta(minutes=15)
ALONE = frozenset({"shelf", "undelivered"})  # notices by themselves
NOTICES = ALONE | {"notices"}


def bundled(effects: tuple[Effect, ...], lately: Collection[str]) -> tuple[Effect, ...]:
    """What is decided, but with notices to whoever got one `lately` (slugs) put by."""
    return tuple(_put_by(effect, lately) for effect in effects)


def has_notices(effects: tuple[Effect, ...]) -> bool:
    return any(isinstance(effect, Send) and _can_wait(effect) for effect in effects)


def _can_wait(send: Send) -> bool:
    """Not so a mail that was late on the shelf, which is told of in its reader's hours, nor one that speaks of danger."""
    urgent = send.facts.get("late") or send.facts.get("danger")
    return send.template in ALONE and send.leaves is None and not urgent


def _put_by(effect: Effect, lately: Collection[str]) -> Effect:
    if isinstance(effect, Send) and _can_wait(effect) and effect.to.id in lately:
        return Gather(Notice(effect.to.id, effect.template, _subject(effect), effect.key))
    return effect


def _subject(send: Send) -> str:
    """Of what the notice speaks: its key is "template:subject:slug", and a shelf's token names the mail."""
    if send.template == "shelf" and send.grant:
        return send.grant.subject
    return send.key.removeprefix(f"{send.template}:").removesuffix(f":{send.to.id}")


def due(slug: str, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """One mail with all that was put by for somebody; none when all of it was settled meanwhile,
    or they have another role now.
    """
    board = known.board or Board()
    watching = {*policy.coordinators, *policy.supervisors}
    if slug not in watching or not (board.shelf or board.undelivered):
        return (Gathered(slug),)
    facts: dict[str, Fact] = {
        "shelf": shelf_lines(board),
        "undelivered": undelivered_lines(board),
        "actions": ("status", "digest", "help"),
    }
    key = f"notices:{known.now.isoformat()}"
    grant = Grant(TokenKind.DIGEST, key, person(slug))
    return mails.to_person(slug, "notices", key, policy, grant, "", facts), Gathered(slug)
