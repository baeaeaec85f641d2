"""The stories' installation is made once; each story gets a copy of its folder."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from mailflow import config
from mailflow.daemon.installation import opened
from mailflow.store.store import Store
from tests.conversations.desk import DESK, Desk

OWN_RULES = Path(__file__).parent / "rules"


def make(home: Path) -> None:
    """A real installation with people, queues, topics and dates of its own; languages and templates as shipped."""
    config.make_installation(home)
    shutil.rmtree(home / "rules" / "topics")
    shutil.copytree(OWN_RULES, home / "rules", dirs_exist_ok=True)
    settings = (home / "config.toml").read_text("utf-8")
    settings = settings.replace('method = "none"', 'method = "rfc8601"')
    settings = settings.replace('authserv_id = ""', 'authserv_id = "mx.example.org"')
    settings = settings.replace('zone = "UTC"', 'zone = "Europe/Zurich"')
    (home / "config.toml").write_text(settings, "utf-8")
    Store.create(config.load(home)[0]).close()


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    home = tmp_path_factory.mktemp("desk") / "home"
    make(home)
    with opened(home) as found:
        yield found


@pytest.fixture
def desk(installation, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(installation.home, home, ignore=shutil.ignore_patterns("rules", "templates", "db"))
    storage = replace(
        installation.settings.storage, database=f"sqlite:///{home}/data/mailflow.db", keys=home / "data/keys.db"
    )
    store = Store.open(replace(installation.settings, home=home, storage=storage))
    desk = Desk(replace(installation.engine, store=store, _parts={}))
    assert desk.engine.policy.address == DESK
    yield desk
    store.close()


@pytest.fixture(autouse=True)
def told_whole(desk):
    """A story tells of every mail that left: at its end nobody has one that was not read."""
    yield
    desk.everybody_has_read_everything()


def _staff(slug):
    def fixture(desk):
        member = desk.engine.policy.people[slug]
        return desk.knows(member.name, *member.addresses, staff=True)

    return pytest.fixture(fixture, name=slug)


ana, jean, lucia, kofi = map(_staff, ("ana", "jean", "lucia", "kofi"))
mei, nadia, grace, thura = map(_staff, ("mei", "nadia", "grace", "thura"))


@pytest.fixture(autouse=True)
def staff(ana, jean, lucia, kofi, mei, nadia, grace, thura):
    """All of them have their mailbox in every story."""
    return (ana, jean, lucia, kofi, mei, nadia, grace, thura)


@pytest.fixture
def ann(desk):
    return desk.knows("Ann Lee", "ann@firm.example")


@pytest.fixture
def bob(desk):
    return desk.knows("Bob Stone", "bob@union.example")
