"""The demo's people: everything that it promises to show is among them."""

import pytest

from mailflow.config import load, make_installation
from mailflow.core.commands import COMMANDS, split
from mailflow.demo.samples import load as askers
from mailflow.demo.threesides import readable


def test_every_language_of_the_desk_is_written():
    assert {asker.language for asker in askers()} == {
        *("en", "fr", "es", "pt", "de", "ja", "my", "th", "vi", "ur", "ne", "zh", "zh-Hant")
    }


def test_everything_that_is_told_happens_to_somebody():
    everybody = askers()
    assert len(everybody) == 15
    assert len({asker.address for asker in everybody}) == 15
    for what in (
        *("twice", "away", "full", "follow_up", "second_answer", "shown", "order"),
        *("contribution", "translation", "answer_back"),
    ):
        assert any(getattr(asker, what) for asker in everybody), what
    assert [asker.name for asker in everybody if asker.shown] == [asker.name for asker in everybody if asker.follow_up]


@pytest.mark.parametrize("asker", [asker for asker in askers() if asker.order], ids=lambda asker: asker.language)
def test_what_the_coordinator_orders_is_possible(asker, tmp_path):
    make_installation(tmp_path / "desk")
    policy = load(tmp_path / "desk")[1].policy
    ((word, argument),), note = split(f"{asker.order}\n{asker.note}")
    assert word in COMMANDS
    assert argument in (policy.queues if word == "queue" else policy.people)
    assert note == asker.note


def test_names_and_addresses_are_nobodys():
    assert all(asker.address.endswith(".example") for asker in askers())


def test_a_mail_is_shown_with_its_quotation_folded_and_its_links_by_their_words():
    token = "abcdefghijklmnopqrstuvwxyz234"
    text = f"Yes.\n\nClose it <mailto:desk+{token}@example.org?body=%23close>\nHelp <mailto:x@y>\nOn Monday:\n> a\n> b {token}\n"
    assert readable(text) == ["Yes.", "", "[Close it] [Help]", "On Monday:", "> (2 lines quoted)"]
    assert readable(f"[ref:{token}]") == ["[ref:abcdef…]"]
