"""With a question its expert is shown earlier published answers; a requester only where the topic is certain."""

from dataclasses import replace
from datetime import date

import pytest

from mailflow.core.publication import Item
from mailflow.store import publications

QUESTION = "May the wages of apprentices be lower than the legal minimum wage, and who decides about it?"
ITEM = Item(
    "minimum-wages-of-apprentices-x1y2z3", "minimum-wages-of-apprentices-x1y2z3", "en", "Minimum wages of apprentices",
    "May apprentices get less than the legal minimum wage?", "Only a law may say so.", ("wages",), date(2026, 1, 1),
)  # fmt: skip
ADDRESS = "https://helpdesk.example.org/en/q/minimum-wages-of-apprentices-x1y2z3/"


@pytest.fixture
def published(desk):
    with desk.engine.store.database.write() as connection:
        publications.publish(connection, ITEM, desk.now)
    policy = desk.engine.policy
    site = replace(policy.publication, site="https://helpdesk.example.org")
    desk.engine = replace(desk.engine, policy=replace(policy, publication=site))


def linking(desk, score):
    policy = desk.engine.policy
    desk.engine = replace(desk.engine, policy=replace(policy, publication=replace(policy.publication, linked=score)))


def test_the_expert_sees_it_marked_as_a_suggestion_and_the_asker_does_not(desk, ann, lucia, published):
    receipt, question = desk.question_of(ann, QUESTION, lucia)
    text = " ".join(question.text.split())
    assert f"Minimum wages of apprentices: {ADDRESS}" in text
    assert "only a suggestion" in text
    assert "published answers" not in receipt.text


def test_a_receipt_links_it_where_the_topic_is_certain(desk, ann, bob, lucia, kofi, published):
    linking(desk, 0.5)
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    assert ADDRESS in "".join(receipt.text.split())
    assert ADDRESS in receipt.html
    linking(desk, 500.0)
    receipt, _ = desk.question_of(bob, QUESTION, kofi)
    assert ADDRESS not in "".join(receipt.text.split())


def test_without_anything_published_nothing_is_said_of_it(desk, ann, lucia):
    _, question = desk.question_of(ann, QUESTION, lucia)
    assert "suggestion" not in question.text


def test_the_question_says_how_it_is_coded_and_why(desk, bob, lucia):
    bob.writes(
        "Our trade union in Kenya asks about the minimum wage in the garment industry.", address="bob@union.example"
    )
    desk.works()
    bob.unread.clear()
    text = lucia.gets("question").text
    assert "sector=garment_textile (" in text
    assert "#code" in text
