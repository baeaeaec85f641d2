"""The rows, as SQLModel classes. db/versions is the schema's history; a test keeps the two equal.

In the clear stand only ids, states, queues, topics, coding, times, languages and keyed hashes ("blind"): what survives
erasure. Whatever a person wrote, and every address, is in a `sealed` column.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeAlias

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Row, Table, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"  # of a Core statement: its columns are read by name

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Utc(TypeDecorator[datetime]):
    """An aware moment, kept as microseconds since 1970: the same in every database, and ordered."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + value * _MICROSECOND


def _moment(*, null: bool = False) -> Any:
    return Field(default=None, sa_type=Utc, nullable=null)


def _octets(*, null: bool = False) -> Any:
    return Field(default=None, sa_type=LargeBinary, nullable=null)


def _text(**kwargs: Any) -> Any:
    return Field(default="", sa_column_kwargs={"server_default": ""}, **kwargs)


class _Row(SQLModel):
    __table__: ClassVar[Table]  # for SQLAlchemy Core: the ORM costs four times the CPU


class InboxRow(_Row, table=True):
    """A raw mail that was taken in."""

    __tablename__ = "inbox"
    __table_args__ = (Index("inbox_by_state", "state", "taken_at"),)
    id: str = Field(primary_key=True)
    digest: str = Field(unique=True)  # blind: the same octets are taken in once
    sameness: str = _text(index=True)  # blind: From, Message-ID and body, which two mailboxes have in common
    source: str  # name of the mailbox, or "file"
    taken_at: datetime = _moment()
    size: int
    sealed: bytes = _octets()
    state: str  # waiting, handled, shelved, dropped
    tries: int = 0
    leased_until: datetime | None = _moment(null=True)
    archive: bool = False
    released_by: str = _text()
    outcome: str = _text()
    because: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    ticket: str = _text(index=True)
    handled_at: datetime | None = _moment(null=True)
    held_until: datetime | None = _moment(null=True)  # on the shelf: when somebody must be reminded
    fault: bytes | None = _octets(null=True)  # sealed: the traceback of a mail that could not be handled


class LedgerRow(_Row, table=True):
    """A mail on the server that we hold: what must never be fetched twice."""

    __tablename__ = "ledger"
    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger)
    uid: int = Field(primary_key=True, sa_type=BigInteger)
    inbox: str = Field(index=True)
    taken_at: datetime = _moment()
    settled: bool = False  # moved or flagged on the server


class KeyOwnerRow(_Row, table=True):
    """Whose a data key is: erasing a ticket deletes all of its keys."""

    __tablename__ = "key_owner"
    key: bytes = Field(sa_column=Column("key", LargeBinary(16), primary_key=True))
    owner: str = Field(index=True)  # inbox:ID, ticket:REF or requester:ID


class TombstoneRow(_Row, table=True):
    """The blind digest of a mail that was erased, so that it isn't taken in again."""

    __tablename__ = "tombstone"
    digest: str = Field(primary_key=True)
    at: datetime = _moment()


class RequesterRow(_Row, table=True):
    __tablename__ = "requester"
    id: str = Field(primary_key=True)
    language: str
    made_at: datetime = _moment()
    muted_until: datetime | None = _moment(null=True)


class RequesterAddressRow(_Row, table=True):
    __tablename__ = "requester_address"
    blind: str = Field(primary_key=True)
    requester: str = Field(foreign_key="requester.id", index=True)
    made_at: datetime = _moment()
    sealed: bytes = _octets()  # JSON: address, name


class TicketRow(_Row, table=True):
    __tablename__ = "ticket"
    __table_args__ = (Index("ticket_by_load", "state", "assignee"), Index("ticket_by_queue", "queue", "opened"))
    ref: str = Field(primary_key=True)
    requester: str = Field(index=True)
    state: str
    queue: str
    assignee: str = _text()
    language: str
    topics: str = _text()  # ids, separated by blanks
    opened: datetime = _moment()
    due: datetime | None = Field(default=None, sa_type=Utc, nullable=True, index=True)
    clock: int = 0
    closed: datetime | None = _moment(null=True)
    admissible: bool | None = None
    archived: bool = False
    publication: str = _text()
    title: str = _text()
    user_type: str = _text()
    user_region: str = _text()
    region: str = _text()
    sector: str = _text()
    country: str = _text()
    heard_from: str = _text()
    reason: str = _text()  # why it is inadmissible
    paused: datetime | None = _moment(null=True)
    asked: datetime | None = Field(default=None, sa_type=Utc, nullable=True, index=True)
    nudged: datetime | None = _moment(null=True)
    promised: datetime | None = _moment(null=True)  # by when the requester was told last to expect us
    late_told: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    status_told: datetime | None = _moment(null=True)
    answered: datetime | None = _moment(null=True)  # when the first answer left
    settled_at: datetime | None = _moment(null=True)  # since when it is answered or closed
    wanted: str = _text()  # a day, as 2026-12-31
    merged: str = _text()  # the ticket that it is part of now
    declined: str = _text()  # slugs, separated by blanks


class TaskRow(_Row, table=True):
    """What somebody owes a ticket besides its answer."""

    __tablename__ = "task"
    id: str = Field(primary_key=True)
    ticket: str = Field(foreign_key="ticket.ref", index=True)
    kind: str
    slug: str
    due: datetime = _moment()
    by: str = _text()
    draft: str = _text()
    made_at: datetime = _moment()
    ended_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True, index=True)
    outcome: str = _text()


class LinkRow(_Row, table=True):
    """Tickets that belong together."""

    __tablename__ = "link"
    ticket: str = Field(primary_key=True)
    other: str = Field(primary_key=True, index=True)
    kind: str = Field(primary_key=True)
    at: datetime = _moment()


class AbsenceRow(_Row, table=True):
    __tablename__ = "absence"
    slug: str = Field(primary_key=True)
    first: str = Field(primary_key=True)  # days, as 2026-12-31
    last: str = Field(index=True)
    deputy: str = _text()
    made_at: datetime = _moment()


class ToldRow(_Row, table=True):
    """A reminder that was sent, or a round that was made: never again."""

    __tablename__ = "told"
    key: str = Field(primary_key=True)
    at: datetime = Field(default=None, sa_type=Utc, nullable=False, index=True)


class NoticeRow(_Row, table=True):
    """News that waits to travel with others."""

    __tablename__ = "notice"
    slug: str = Field(primary_key=True)
    template: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    at: datetime = _moment()


class PublicationRow(_Row, table=True):
    """A question and its answer on their way to the site."""

    __tablename__ = "publication"
    id: str = Field(primary_key=True)
    ticket: str = Field(foreign_key="ticket.ref", index=True)
    stage: str = Field(index=True)
    flagged_by: str
    author: str
    approved_by: str = _text()
    approved_at: datetime | None = _moment(null=True)
    version: int
    language: str
    topics: str = _text()  # ids, separated by blanks
    item: str = _text()  # the id of its page
    hash: str = _text()  # of the text as it stands
    made_at: datetime = _moment()
    changed_at: datetime = _moment()
    sealed: bytes = _octets()  # JSON: the candidate


class ItemRow(_Row, table=True):
    """What stands on the site: in the clear, since everybody may read it, and without any tie to a ticket's words."""

    __tablename__ = "item"
    id: str = Field(primary_key=True)
    language: str
    topics: str = _text()
    audience: str
    withdrawn: bool = False
    changed_at: datetime = _moment()
    content: str = Field(sa_type=Text)  # JSON: the item


class MessageRow(_Row, table=True):
    """A mail or note on a ticket."""

    __tablename__ = "message"
    __table_args__ = (Index("message_by_ticket", "ticket", "at"),)
    id: str = Field(primary_key=True)
    ticket: str = Field(foreign_key="ticket.ref")
    kind: str
    from_role: str
    at: datetime = _moment()
    inbox: str = _text()
    sealed: bytes = _octets()  # JSON: subject, text, quoted, sender, name, message_id, references, attachments


class OutboxRow(_Row, table=True):
    """A mail of ours: final octets for one recipient."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_by_state", "state", "next_try"),
        Index("outbox_by_recipient", "recipient", "made_at"),
        Index("outbox_by_domain", "domain", "made_at"),
        Index("outbox_by_template", "template", "made_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # a mail with this key exists once
    ticket: str = _text(index=True)
    party: str
    template: str
    language: str
    author: str = _text()
    message_id: str = Field(unique=True)  # blind
    recipient: str  # blind
    domain: str  # blind, of the recipient
    state: str  # waiting, held, sent, failed, cancelled
    tries: int = 0
    made_at: datetime = _moment()
    due_at: datetime | None = _moment(null=True)  # when it was first to leave; None while a person holds it
    next_try: datetime | None = _moment(null=True)
    leased_until: datetime | None = _moment(null=True)
    sent_at: datetime | None = _moment(null=True)
    error: str = _text()  # class of the refusal, never its text
    sealed: bytes = _octets()  # the envelope as a line of JSON, then the octets to send


class TokenRow(_Row, table=True):
    __tablename__ = "token"
    __table_args__ = (UniqueConstraint("kind", "subject", "party", name="token_once"),)
    nonce: bytes = Field(sa_column=Column("nonce", LargeBinary(8), primary_key=True))
    kind: str
    subject: str
    party: str
    ticket: str = _text()
    made_at: datetime = _moment()
    revoked: bool = False


class CounterRow(_Row, table=True):
    """The last reference number taken in a year."""

    __tablename__ = "counter"
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class EventRow(_Row, table=True):
    """One line of the append-only log. `hash` covers this row and the hash before it."""

    __tablename__ = "event"
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: datetime = _moment()
    kind: str
    ticket: str = _text(index=True)
    actor: str = _text()
    facts: str = Field(sa_type=Text)  # JSON; never a word or an address of a mail
    hash: bytes = Field(sa_type=LargeBinary)


class EventHeadRow(_Row, table=True):
    """The newest event: whoever appends locks this row."""

    __tablename__ = "event_head"
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(sa_type=BigInteger)
    hash: bytes = Field(sa_type=LargeBinary)


class WatchRow(_Row, table=True):
    """How a mailbox's folder is doing, for `mailflow status`."""

    __tablename__ = "watch"
    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(default=0, sa_type=BigInteger)
    first_at: datetime = _moment()  # of the first connection: what is older is archive
    last_ok: datetime | None = _moment(null=True)
    trouble: str = _text()  # one sentence; empty when all is well
    trouble_since: datetime | None = _moment(null=True)


class PulseRow(_Row, table=True):
    """A daemon's sign of life."""

    __tablename__ = "pulse"
    name: str = Field(primary_key=True)
    pid: int
    started: datetime = _moment()
    beat: datetime = _moment()
