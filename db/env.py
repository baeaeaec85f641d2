"""What alembic runs: the migrations, on the connection that mailflow.store.schema hands over, in its transaction."""  # noqa: INP001

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator


def plain_types(kind: str, thing: object, _context: AutogenContext) -> str | Literal[False]:
    """A migration names what the database stores, so that it reads the same when our types have moved on."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain_types,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
