"""Mails on the shelf: release, drop, notspam; and a question that a colleague passes on: from."""

from __future__ import annotations

from mailflow.core.commands import Done, Order, command
from mailflow.core.effects import DropMail, ReleaseMail
from mailflow.core.model import Role, TokenKind
from mailflow.core.wording import Said

_WATCHES = (Role.COORDINATOR, Role.SUPERVISOR)


@command("release", *_WATCHES, needs=TokenKind.SHELF, excludes=("drop",))
def release(order: Order) -> Done:
    """Take the mail off the shelf and handle it: you vouch for its sender."""
    item = order.known.shelf
    if item is None or not item.waiting:
        return order.refused(Said.NOT_ON_SHELF)
    return order.done(Said.RELEASED, ReleaseMail(item.id, order.by))


@command("notspam", *_WATCHES, needs=TokenKind.SHELF, excludes=("drop",))
def notspam(order: Order) -> Done:
    """The mail is no spam: handle it, as #release does."""
    return release(order)


@command("drop", *_WATCHES, needs=TokenKind.SHELF, excludes=("release", "notspam"))
def drop(order: Order) -> Done:
    """Leave the mail on the shelf unanswered for good."""
    item = order.known.shelf
    if item is None or not item.waiting:
        return order.refused(Said.NOT_ON_SHELF)
    return order.done(Said.DROPPED, DropMail(item.id, order.by))
