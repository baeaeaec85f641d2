"""The main job with nothing but mail: a question, its acknowledgement, the expert's reply, the answer, a second thought."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from bench import post
from bench.post import Letter
from tests.e2e.conftest import MakeDesk
from tests.e2e.world import ANSWER, ASKER, EXPERT, World, question, words
from tests.servers.dovecot import Account, Dovecot
from tests.servers.postfix import Postfix
from tests.servers.running import HOST, until

SECOND_THOUGHT = "Thank you. And who pays for the gloves of those who work at home?"
Deliver = Callable[[Letter], None]
Read = Callable[[str, int], list[EmailMessage]]  # somebody's mails, once there are so many


def _tell_the_story(desk_address: str, deliver: Deliver, read: Read, asker: str, expert: str) -> None:
    deliver(question(desk_address, "story", sender=asker))
    (acknowledgement,) = read(asker, 1)
    (asked,) = read(expert, 1)
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert "welders" in words(asked)
    assert asker not in asked.as_string()
    assert "Ann Lee" not in asked.as_string()

    deliver(post.reply(asked, expert, ANSWER))
    answer = read(asker, 2)[-1]
    assert ANSWER in words(answer)
    assert expert not in answer.as_string()
    assert "wrote:" not in words(answer)

    deliver(post.reply(answer, asker, SECOND_THOUGHT))
    again = read(expert, 2)[-1]
    assert SECOND_THOUGHT in words(again)
    assert asker not in again.as_string()
    assert _ref(again) == _ref(asked) == _ref(acknowledgement)


def _ref(message: EmailMessage) -> str:
    return str(message["Subject"]).partition("]")[0]


def test_an_asker_and_an_expert_write_to_each_other_and_neither_sees_the_others_address(world: World) -> None:
    world.desk.start()
    _tell_the_story(world.desk.address, world.deliver, lambda to, count: world.wait_for(count, to), ASKER, EXPERT)
    world.settle()
    assert len(world.refs()) == 1
    assert world.desk.stop() == 0


@pytest.fixture
def open_postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """One that delivers to everybody here, as the desk's and its people's own mail servers together would."""
    server = Postfix(dovecot)
    with (server.folder / "etc/main.cf").open("a") as settings:
        settings.write("virtual_mailbox_domains = example.org, firm.example\nvirtual_mailbox_maps = static:all\n")
    server.start()
    yield server
    server.remove()


def test_the_same_with_postfix_between_everybody_and_dovecot_as_everybodys_mailbox(
    account: Account, open_postfix: Postfix, make_desk: MakeDesk
) -> None:
    desk = make_desk(account.address, [account.settings()], open_postfix.settings())

    def submit(letter: Letter) -> None:
        with smtplib.SMTP(HOST, open_postfix.smtp) as smtp:
            smtp.sendmail(letter.sender, [letter.recipient], letter.stamped())

    def mailbox(address: str, count: int) -> list[EmailMessage]:
        theirs = Account(account.server, address)
        until(lambda: len(theirs.holds("INBOX")) >= count, f"{count} mails arrive")
        return [message_from_bytes(raw, policy=policy.default) for raw in theirs.holds("INBOX")]

    desk.start()
    _tell_the_story(account.address, submit, mailbox, ASKER, EXPERT)
    assert desk.stop() == 0
