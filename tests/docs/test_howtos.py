"""What the how-tos tell to write into the files is right: a copy of the shipped files takes it."""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from mailflow import config
from mailflow.config import Desk
from mailflow.core import decide  # noqa: F401  registers the mail commands
from mailflow.core.commands import COMMANDS
from mailflow.core.policy import Review, Span
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


def test_the_review_of_the_howto_can_be_asked_for(home):
    queues = followed("review-answers", home).policy.queues
    assert {name: queue.review for name, queue in queues.items() if queue.review is not Review.NONE} == {
        "press": Review.EXPERT
    }


def test_the_translator_of_the_howto_translates_until_nothing_is_translated(home):
    policy = followed("translators", home).policy
    assert "asha" in policy.translators
    assert not policy.translates


def test_the_deadlines_of_the_howto_can_be_set_and_are_what_is_set_anyway(home):
    shipped = config.load(home)[1].policy.deadlines
    policy = followed("deadlines-and-reminders", home).policy
    told = policy.deadlines
    assert replace(told, rules=(), days=dict(told.days)) == replace(shipped, rules=(), days=dict(shipped.days))
    assert [rule.days[Span.ANSWER] for rule in told.rules] == [2, 15]
    assert policy.hours_of("tomas").working_days != policy.calendar.working_days


def test_the_command_of_the_howto_reads_as_those_that_there_are():
    command, _ = said("add-a-mail-command", "python")
    names = set(re.findall(r"\b(the_ticket|day_named|due_on|Change|SetDue|Said|Role)\b", command))
    source = (Path(__file__).parents[2] / "mailflow" / "core" / "orders" / "describing.py").read_text("utf-8")
    assert names
    assert all(re.search(rf"^from .*\b{name}\b", source, re.MULTILINE) for name in names)
    compile(command, "howto", "exec")


@pytest.mark.parametrize(
    "page", sorted((Path(__file__).parents[2] / "docs" / "how-to").glob("*.md")), ids=lambda p: p.stem
)
def test_every_mail_command_that_a_howto_names_exists(page):
    text = page.read_text("utf-8")
    written = re.findall(r"`#([a-z]+)[^`]*`", text) + re.findall(r"^#([a-z]+) ", text, re.MULTILINE)
    assert set(written) - {"urgent"} <= set(COMMANDS)
