"""What a mail is about, and whose it is: the thresholds at work."""

import pytest

from mailflow.core.model import TopicScore
from mailflow.core.policy import Topics
from mailflow.core.routing import about

TOPICS = Topics(lead=2.5, contributor=4, margin=2, strong=9, before={"forced": ["migrants"]})


def told(**scores):
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return [score.id for score in about([TopicScore(topic, score, ()) for topic, score in ranked], TOPICS)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({}, []),
        ({"wages": 2.4}, []),
        ({"wages": 2.5, "hours": 2.4}, ["wages"]),
        ({"wages": 8, "hours": 4}, ["wages", "hours"]),
        ({"wages": 9, "hours": 4}, ["wages"]),
        ({"wages": 30, "hours": 9}, ["wages", "hours"]),
        ({"migrants": 8, "forced": 4}, ["forced", "migrants"]),
        ({"migrants": 9, "forced": 4}, ["migrants"]),
        ({"migrants": 30, "forced": 9}, ["migrants", "forced"]),
        ({"wages": 8, "migrants": 7, "forced": 4}, ["wages", "migrants", "forced"]),
    ],
    ids=str,
)
def test_what_a_mail_is_about(scores, expected):
    assert told(**scores) == expected
