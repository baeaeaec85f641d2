"""The database's version: make its tables, bring them up to date, and refuse one that this mailflow doesn't know.

The migrations are data (`db/`), numbered 0001, 0002, ... There is no way down: a backup is. Alembic is imported only
when a migration has to run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

import mailflow
from mailflow.store.database import Database
from mailflow.store.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

REVISION = "0005"  # of the newest migration: what this mailflow works with
REVISION_QUERY = "SELECT version_num FROM alembic_version"


def migrations(package: Path = Path(mailflow.__file__).parent) -> Path:
    """The folder of the migrations: inside an installed package, else next to it in the repository."""
    for folder in (package / "defaults" / "db", package.parent / "db"):
        if (folder / "env.py").is_file():
            return folder
    raise StoreError("the migrations (db/) are missing from this installation of mailflow: install it again")


def create(database: Database, folder: Path | None = None) -> None:
    """All tables, in a database that has none yet (StoreError)."""
    with database.read() as connection:
        if inspect(connection).get_table_names():
            raise StoreError(f"the database {database.name} holds tables already: name an empty one")
    upgrade(database, folder)


def upgrade(database: Database, folder: Path | None = None, revision: str = "head") -> None:
    """Run the missing migrations, all in one transaction. Raises StoreError for a database of a newer version."""
    from alembic import command

    found = version(database)
    if found is not None:
        require_known(found, folder)
    config = configuration(folder)
    with database.rebuild() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def version(database: Database) -> str | None:
    """The number of the newest migration that ran on it; None when mailflow never made tables in it."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text(REVISION_QUERY)).scalar()


def require_current(database: Database, folder: Path | None = None) -> None:
    """Raises StoreError, with the next step, unless the database is of exactly this version."""
    found = version(database)
    if found == REVISION:
        return
    if found is None:
        raise StoreError(
            f"{database.name} is not a database of mailflow: make one with `mailflow init`, or restore a backup"
        )
    require_known(found, folder)
    raise StoreError(
        f"the database is of an older version of mailflow (revision {found}, this one needs {REVISION}):"
        " make a backup, then run `mailflow upgrade`"
    )


def require_known(revision: str, folder: Path | None = None) -> None:
    """Raises StoreError when this mailflow has no such migration: a newer one made the database."""
    if revision == REVISION:
        return
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(configuration(folder)).get_revision(revision)
    except CommandError:
        raise StoreError(
            f"the database is of a newer version of mailflow (revision {revision}):"
            " install that version or restore a backup"
        ) from None


def configuration(folder: Path | None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder or migrations()).replace("%", "%%"))
    return config
