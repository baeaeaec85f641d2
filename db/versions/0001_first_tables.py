"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), server_default="", nullable=False),
        sa.Column("actor", sa.String(), server_default="", nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_event_ticket", "event", ["ticket"])
    op.create_table(
        "event_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sameness", sa.String(), server_default="", nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("archive", sa.Boolean(), nullable=False),
        sa.Column("released_by", sa.String(), server_default="", nullable=False),
        sa.Column("outcome", sa.String(), server_default="", nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("ticket", sa.String(), server_default="", nullable=False),
        sa.Column("handled_at", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("inbox_by_state", "inbox", ["state", "taken_at"])
    op.create_index("ix_inbox_sameness", "inbox", ["sameness"])
    op.create_index("ix_inbox_ticket", "inbox", ["ticket"])
    op.create_table(
        "key_owner",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_key_owner_owner", "key_owner", ["owner"])
    op.create_table(
        "ledger",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("inbox", sa.String(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "folder", "uidvalidity", "uid"),
    )
    op.create_index("ix_ledger_inbox", "ledger", ["inbox"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), server_default="", nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("author", sa.String(), server_default="", nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("next_try", sa.BigInteger(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), server_default="", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("ix_outbox_ticket", "outbox", ["ticket"])
    op.create_index("outbox_by_domain", "outbox", ["domain", "made_at"])
    op.create_index("outbox_by_recipient", "outbox", ["recipient", "made_at"])
    op.create_index("outbox_by_state", "outbox", ["state", "next_try"])
    op.create_index("outbox_by_template", "outbox", ["template", "made_at"])
    op.create_table(
        "pulse",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "requester",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("muted_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "ticket",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("requester", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), server_default="", nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("topics", sa.String(), server_default="", nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("clock", sa.Integer(), nullable=False),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.Column("admissible", sa.Boolean(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("publication", sa.String(), server_default="", nullable=False),
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.Column("user_type", sa.String(), server_default="", nullable=False),
        sa.Column("user_region", sa.String(), server_default="", nullable=False),
        sa.Column("region", sa.String(), server_default="", nullable=False),
        sa.Column("sector", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("ref"),
    )
    op.create_index("ix_ticket_due", "ticket", ["due"])
    op.create_index("ix_ticket_requester", "ticket", ["requester"])
    op.create_index("ticket_by_load", "ticket", ["state", "assignee"])
    op.create_index("ticket_by_queue", "ticket", ["queue", "opened"])
    op.create_table(
        "token",
        sa.Column("nonce", sa.LargeBinary(length=8), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("nonce"),
        sa.UniqueConstraint("kind", "subject", "party", name="token_once"),
    )
    op.create_table(
        "tombstone",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "watch",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_ok", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(), server_default="", nullable=False),
        sa.Column("trouble_since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("mailbox", "folder"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_role", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("inbox", sa.String(), server_default="", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.ref"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("message_by_ticket", "message", ["ticket", "at"])
    op.create_table(
        "requester_address",
        sa.Column("blind", sa.String(), nullable=False),
        sa.Column("requester", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["requester"], ["requester.id"]),
        sa.PrimaryKeyConstraint("blind"),
    )
    op.create_index("ix_requester_address_requester", "requester_address", ["requester"])
