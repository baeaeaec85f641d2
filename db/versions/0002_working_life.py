"""Tasks, links, absences, reminders; and what else a ticket remembers."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"

TEXTS = ("country", "heard_from", "reason", "wanted", "merged", "declined")
MOMENTS = ("paused", "asked", "nudged", "status_told", "answered", "settled_at")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("ticket", sa.Column(name, sa.String(), server_default="", nullable=False))
    for name in MOMENTS:
        op.add_column("ticket", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("ticket", sa.Column("late_told", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_ticket_asked", "ticket", ["asked"])
    op.create_table(
        "task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), server_default="", nullable=False),
        sa.Column("draft", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.ref"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_task_ticket", "task", ["ticket"])
    op.create_index("ix_task_ended_at", "task", ["ended_at"])
    op.create_table(
        "link",
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket", "other", "kind"),
    )
    op.create_index("ix_link_other", "link", ["other"])
    op.create_table(
        "absence",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("last", sa.String(), nullable=False),
        sa.Column("deputy", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slug", "first"),
    )
    op.create_index("ix_absence_last", "absence", ["last"])
    op.create_table(
        "told",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_told_at", "told", ["at"])
