"""What the how-tos tell to write into the files is right: a copy of the shipped files takes it."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from mailflow import config
from mailflow.config import Desk
from mailflow.mail import lint
from mailflow.mail.lexicon import Lexicons
from mailflow.mail.render import Templates
from mailflow.mail.topics import topic_scores
from tests.docs.commands import blocks

_FILE = re.compile(r"# ([\w./-]+)(, whole)?\n")


def said(howto: str, kind: str) -> list[str]:
    return blocks(f"how-to/{howto}.md", kind)


def followed(howto: str, home: Path) -> Desk:
    """Each block goes to the end of the file that its first line names, or instead of it."""
    for block in said(howto, "toml"):
        named = _FILE.match(block)
        assert named, f"a block of {howto} does not say which file it belongs to"
        file = home / named[1]
        before = "" if named[2] or not file.exists() else file.read_text("utf-8")
        file.write_text(f"{before}\n{block}", "utf-8")
    return config.load(home)[1]


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    config.make_installation(folder)
    return folder


def test_the_queue_of_the_howto_can_be_added(home):
    policy = followed("add-a-queue", home).policy
    queue = policy.queues["training"]
    assert queue.experts[0] == "sofia"
    assert policy.people["sofia"].name
    assert policy.rules[-1].queue == "training"


def test_the_topic_of_the_howto_is_found_in_its_mail(home):
    desk = followed("add-a-topic", home)
    assert [name for name, queue in desk.policy.queues.items() if "home_work" in queue.topics] == ["home-work"]
    head, _, text = said("add-a-topic", "mail")[0].partition("\n\n")
    subject = head.partition("Subject: ")[2].splitlines()[0]
    lead = topic_scores(Lexicons(desk.words).hear(subject, text, "en"))[0]
    assert lead.id == "home_work"
    assert lead.score >= desk.policy.topics.lead


def test_the_language_of_the_howto_can_be_added(home):
    (home / "templates" / "it").mkdir()
    copied = re.findall(r"templates/en/(\w+\.txt)", said("add-a-language", "sh")[0])
    for name in copied:
        shutil.copyfile(home / "templates" / "en" / name, home / "templates" / "it" / name)
    policy = followed("add-a-language", home).policy
    assert "it" in policy.languages
    problems = lint.check(
        Templates(home / "templates"), languages=policy.languages, staff_languages=policy.staff_languages
    )
    assert problems == []
    words = tomllib.loads((home / "templates" / "it" / "words.toml").read_text("utf-8"))
    assert words["refuse"] in policy.refusals


@pytest.mark.parametrize("block", said("authenticate-your-experts", "toml"))
def test_the_ways_to_authenticate_can_be_set(block, home):
    file = home / "config.toml"
    settings = file.read_text("utf-8")
    before, rest = settings.split("[auth]\n")
    after = rest[rest.index("\n[") :]
    file.write_text(before + block.partition("\n")[2] + after, "utf-8")
    assert config.load_settings(home).auth.method == tomllib.loads(block)["auth"]["method"]


def test_passwords_may_be_credentials_of_systemd(home):
    (block,) = said("deploy-with-systemd", "toml")
    wanted = tomllib.loads(block)
    file = home / "config.toml"
    settings = file.read_text("utf-8")
    for key, value in wanted.items():
        settings = re.sub(
            rf"^{key} = \"[^\"]*\"", lambda _, k=key, v=value: f'{k} = "{v}"', settings, count=1, flags=re.MULTILINE
        )
    file.write_text(settings, "utf-8")
    login = config.load_settings(home).mailboxes[0].login
    assert (login.password_env, login.password_file) == (wanted["password_env"], wanted["password_file"])
