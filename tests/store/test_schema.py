"""Migrations: they make the tables that tables.py declares, keep what is there, and a foreign version is refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, inspect
from sqlmodel import SQLModel

from mailflow.store import schema, tables
from mailflow.store.database import Database
from mailflow.store.errors import StoreError

REPOSITORY = Path(__file__).parents[2]
FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.create_table("item", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
    op.create_table("part", sa.Column("item", sa.Integer, sa.ForeignKey("item.id", ondelete="CASCADE")))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    with op.batch_alter_table("item") as batch:
        batch.alter_column("name", nullable=False, server_default="")
"""
BROKEN = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0003", "0002"
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer))
    op.execute("INSERT INTO part VALUES (99)")
"""


@pytest.fixture
def database(tmp_path):
    made = Database.create(tmp_path / "mailflow.db")
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path):
    """Migrations of a desk of two tables, with the real env.py."""
    made = tmp_path / "db"
    (made / "versions").mkdir(parents=True)
    shutil.copy(REPOSITORY / "db" / "env.py", made)
    for name, text in (("0001_first", FIRST), ("0002_second", SECOND)):
        (made / "versions" / f"{name}.py").write_text(text)
    return made


def run(database, statement):
    with database.write() as connection:
        return connection.exec_driver_sql(statement)


def described(inspector: Inspector) -> dict[str, object]:
    """All that SQLite knows of the tables, in an order of its own."""
    return {
        name: {
            "columns": {
                each["name"]: (str(each["type"]), each["nullable"], each["default"], each["primary_key"])
                for each in inspector.get_columns(name)
            },
            "key": inspector.get_pk_constraint(name)["constrained_columns"],
            "unique": sorted(each["column_names"] for each in inspector.get_unique_constraints(name)),
            "references": sorted(
                (each["constrained_columns"], each["referred_table"], each["referred_columns"], sorted(each["options"]))
                for each in inspector.get_foreign_keys(name)
            ),
            "indexes": sorted(
                (each["name"], each["column_names"], each["unique"]) for each in inspector.get_indexes(name)
            ),
        }
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


# ---------------------------------------------------------------- the real migrations


def test_the_migrations_make_exactly_the_declared_tables(database, tmp_path):
    schema.create(database)
    declared = Database.create(tmp_path / "declared.db")
    with declared.write() as connection:
        SQLModel.metadata.create_all(connection)
    with database.read() as migrated, declared.read() as made:
        assert described(inspect(migrated)) == described(inspect(made))
        context = MigrationContext.configure(migrated, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert tables.TicketRow.__tablename__ in SQLModel.metadata.tables


def test_the_newest_migration_is_the_revision_that_the_code_works_with(database):
    schema.create(database)
    assert schema.version(database) == schema.REVISION
    schema.require_current(database)
    scripts = ScriptDirectory.from_config(schema.configuration(None))
    assert scripts.get_current_head() == schema.REVISION


def test_a_draft_of_a_migration_finds_nothing_left_to_change(tmp_path):
    folder = tmp_path / "db"
    shutil.copytree(REPOSITORY / "db", folder, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, str(folder / "draft.py"), "nothing new"]
    subprocess.run(command, check=True, capture_output=True, env={"PYTHONPATH": str(REPOSITORY)})
    text = next((folder / "versions").glob("*nothing_new.py")).read_text()
    compile(text, "draft", "exec")
    assert "op." not in text


def test_opening_a_database_of_this_version_does_not_import_alembic(tmp_path):
    schema.create(Database.create(tmp_path / "mailflow.db"))
    code = (
        "import sys; from mailflow.store import schema; from mailflow.store.database import Database;"
        "schema.require_current(Database(sys.argv[1])); sys.exit('alembic' in sys.modules)"
    )
    url = f"sqlite:///{tmp_path}/mailflow.db"
    subprocess.run([sys.executable, "-c", code, url], check=True, env={"PYTHONPATH": str(REPOSITORY)})


# ---------------------------------------------------------------- any migrations


def test_a_missing_migration_runs_and_keeps_the_rows_even_of_tables_that_refer_to_a_rebuilt_one(database, folder):
    schema.upgrade(database, folder, "0001")
    run(database, "INSERT INTO item VALUES (1, 'a')")
    run(database, "INSERT INTO part VALUES (1)")
    schema.upgrade(database, folder)
    assert schema.version(database) == "0002"
    assert run(database, "SELECT count(*) FROM part").scalar() == 1
    with database.read() as connection:
        assert not inspect(connection).get_columns("item")[1]["nullable"]


def test_upgrading_twice_is_harmless(database, folder):
    schema.upgrade(database, folder)
    schema.upgrade(database, folder)
    assert schema.version(database) == "0002"


def test_a_migration_that_fails_leaves_the_database_as_it_was(database, folder):
    schema.upgrade(database, folder)
    (folder / "versions" / "0003_broken.py").write_text(BROKEN)
    with pytest.raises(StoreError, match="would break references"):
        schema.upgrade(database, folder)
    assert schema.version(database) == "0002"
    with database.read() as connection:
        assert not inspect(connection).has_table("half")


def test_a_database_of_a_newer_version_is_refused_and_left_alone(database, folder):
    schema.upgrade(database, folder)
    run(database, "UPDATE alembic_version SET version_num = '0777'")
    sentence = r"newer version of mailflow \(revision 0777\): install that version or restore a backup"
    with pytest.raises(StoreError, match=sentence):
        schema.require_current(database, folder)
    with pytest.raises(StoreError, match=sentence):
        schema.upgrade(database, folder)
    assert schema.version(database) == "0777"


def test_a_database_of_an_older_version_is_refused_with_the_next_step(database, folder, monkeypatch):
    schema.upgrade(database, folder, "0001")
    monkeypatch.setattr(schema, "REVISION", "0002")
    with pytest.raises(
        StoreError, match=r"older version of mailflow \(revision 0001, this one needs 0002\): make a backup"
    ):
        schema.require_current(database, folder)


def test_a_database_without_our_tables_is_refused(database):
    assert schema.version(database) is None
    with pytest.raises(StoreError, match="not a database of mailflow"):
        schema.require_current(database)


def test_tables_are_never_made_beside_others(database, folder):
    run(database, "CREATE TABLE somebody_elses (id INTEGER)")
    with pytest.raises(StoreError, match="holds tables already"):
        schema.create(database, folder)
    assert schema.version(database) is None


def test_the_migrations_of_an_installed_package_come_before_those_of_the_repository(tmp_path):
    package = tmp_path / "mailflow"
    with pytest.raises(StoreError, match="install it again"):
        schema.migrations(package)
    for folder in (tmp_path / "db", package / "defaults" / "db"):
        folder.mkdir(parents=True)
        (folder / "env.py").touch()
        assert schema.migrations(package) == folder
