"""Draft the next migration from what mailflow/store/tables.py says now: python db/draft.py "what changes".

It compares the tables with a database that all migrations made. Read the draft, tidy it, then set schema.REVISION.
"""  # noqa: INP001

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from mailflow.store import schema, tables
from mailflow.store.database import Database


def draft(message: str, folder: Path) -> None:
    config = schema.configuration(folder)
    number = f"{1 + len(list(ScriptDirectory.from_config(config).walk_revisions())):04}"
    with tempfile.TemporaryDirectory() as scratch:
        database = Database.create(Path(scratch) / "scratch.db")
        schema.upgrade(database, folder)
        with database.write() as connection:
            config.attributes.update(connection=connection, metadata=SQLModel.metadata)
            command.revision(config, message, autogenerate=True, rev_id=number)
        database.close()


if __name__ == "__main__":
    assert tables  # imported for the tables that it declares
    draft(sys.argv[1], Path(__file__).parent)
