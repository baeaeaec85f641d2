"""Candidates for publication, and what stands on the site."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"

CLEAR = ("approved_by", "topics", "item", "hash")


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("stage", "flagged_by", "author", "language")),
        *(sa.Column(name, sa.String(), server_default="", nullable=False) for name in CLEAR),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.ref"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_publication_ticket", "publication", ["ticket"])
    op.create_index("ix_publication_stage", "publication", ["stage"])
    op.create_table(
        "item",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("topics", sa.String(), server_default="", nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
