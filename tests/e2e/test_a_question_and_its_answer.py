"""The main job with nothing but mail: a question, its acknowledgement, the expert's reply, the answer, a second thought."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from bench import post
from tests.e2e.world import ANSWER, ASKER, World, text_of

EXPERTS = ("lucia.santos@example.org", "tomas.vega@example.org")  # of the queue "wages"


def _to_an_expert(world: World, count: int) -> EmailMessage:
    world.wait_for(2 * count)
    found = [mail for mail in world.mails() if mail["To"] in EXPERTS]
    assert len(found) == count
    return found[-1]


def test_an_asker_and_an_expert_write_to_each_other_through_the_desk(world: World) -> None:
    world.desk.start()
    world.ask()
    asked = _to_an_expert(world, 1)
    (acknowledgement,) = world.mails(to=ASKER)
    assert "[" in acknowledgement["Subject"]
    assert "Ann" not in asked.as_string()
    assert ASKER not in asked.as_string()

    expert = asked["To"]
    world.deliver(post.reply(asked, expert, ANSWER))
    answer = world.wait_for(2, to=ASKER)[1]
    assert ANSWER.split(",")[0] in text_of(answer).replace("\n", " ")
    assert expert not in answer.as_string()
    assert "wrote:" not in text_of(answer)

    world.deliver(post.reply(answer, ASKER, "Thank you. And what about piece rates in the same factory?"))
    again = world.wait_for(1, to=expert, of="wrote again")[0]
    assert "piece rates" in text_of(again)
    ref = world.desk.rows("SELECT ref FROM ticket")
    assert len(ref) == 1
    assert f"[{ref[0][0]}]" in again["Subject"]
    assert world.desk.stop() == 0
