"""The day that a requester was told last: by then they expect to hear from us."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("promised", sa.BigInteger(), nullable=True))
    op.execute("UPDATE ticket SET promised = due")
