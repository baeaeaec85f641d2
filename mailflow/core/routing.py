"""Routing: the first rule whose conditions all hold names the queue; then the topics; then the coordinators.

A condition is one function with `@condition`: its name is the word that rules/routing.toml uses, its docstring the
line in the reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mailflow.core.model import Mail, TopicScore
from mailflow.core.policy import Policy, Topics
from mailflow.core.wording import Line, Said, line

Value = object  # as TOML gives it, after `Condition.check`
Holds = Callable[[Mail, Value], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    name: str
    help: str
    holds: Holds
    check: Callable[[Value], str]  # "" or what is wrong with a value in a rules file


CONDITIONS: dict[str, Condition] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    queue: str
    when: Mapping[str, Value]

    def holds(self, mail: Mail) -> bool:
        return all(CONDITIONS[name].holds(mail, value) for name, value in self.when.items())


@dataclass(frozen=True, slots=True)
class Route:
    queue: str  # "" when a human must decide
    contributors: tuple[str, ...]  # queues that other topics of the mail belong to
    why: Line  # for staff, with the words that spoke
    topics: tuple[str, ...] = ()  # those that decided

    @property
    def because(self) -> str:
        """In English, for the event log, which stands in the clear: without the words, which tell what a mail says."""
        return (
            f"Its topics ({', '.join(self.topics)}) belong to the queue {self.queue}."
            if self.topics
            else self.why.sentence()
        )


def route(mail: Mail, policy: Policy) -> Route:
    """Where a question goes, and why."""
    topical = by_topics(mail, policy)
    for rule in policy.rules:
        if rule.holds(mail):
            others = tuple(q for q in (topical.queue, *topical.contributors) if q and q != rule.queue)
            return Route(rule.queue, others, line("", Said.BY_RULE, {"rule": rule.name}))
    return topical


def by_topics(mail: Mail, policy: Policy) -> Route:
    """The queue whose topics score highest, when that is enough to act on."""
    lead = next(iter(about(mail.topics, policy.topics)), None)
    if lead is None:
        return Route("", (), line("", Said.NO_TOPIC))
    sums = queue_scores(mail, policy)
    takers = [name for name in sums if _takes(policy, name, mail, lead)]
    if not takers:  # another topic must not draw it elsewhere
        return Route("", (), line("", Said.NO_QUEUE, {"topic": lead.id}))
    queue = max(takers, key=sums.__getitem__)
    best = max(sums.values())
    others = sorted((name for name in sums if name != queue), key=lambda name: -sums[name])
    close = tuple(name for name in others if _contributes(sums[name], best, policy.topics))
    spoke = [topic for topic in mail.topics if _takes(policy, queue, mail, topic)]
    words = ", ".join(f"“{word}”" for topic in spoke for word in topic.because[:3])
    why = line("", Said.BY_TOPICS, {"queue": queue, "words": words})
    return Route(queue, close, why, tuple(topic.id for topic in spoke))


def about(scores: Sequence[TopicScore], topics: Topics) -> tuple[TopicScore, ...]:
    """What a mail is about: its leading topic, and those that come near enough to contribute; () when nothing leads.

    The strongest leads, unless one that goes before it comes near: who writes of migrants whose passports were taken
    asks about forced labour.
    """
    if not scores or scores[0].score < topics.lead:
        return ()
    best, *rest = scores
    told = (best, *(score for score in rest if _contributes(score.score, best.score, topics)))
    lead = next((score for score in told if _goes_before(score, best, topics)), best)
    return lead, *(score for score in told if score is not lead)


def _goes_before(score: TopicScore, best: TopicScore, topics: Topics) -> bool:
    return best.id in topics.before.get(score.id, ()) and score.score * topics.margin >= best.score


def _contributes(score: float, best: float, topics: Topics) -> bool:
    near = score * topics.margin >= best or score >= topics.strong
    return near and score >= max(topics.lead, topics.contributor)


def queue_scores(mail: Mail, policy: Policy) -> dict[str, float]:
    """Each queue's best topic score, for the queues that take any."""
    best: dict[str, float] = {}
    for topic in mail.topics:
        for name in policy.queues:
            if _takes(policy, name, mail, topic):
                best[name] = max(best.get(name, 0.0), topic.score)
    return best


def _takes(policy: Policy, name: str, mail: Mail, topic: TopicScore) -> bool:
    """Whether a queue is for this topic, and for mail in this language."""
    queue = policy.queues[name]
    return topic.id in queue.topics and (not queue.languages or mail.language.code in queue.languages)


# ---------------------------------------------------------------- the conditions


def _strings(value: Value) -> tuple[str, ...]:
    """A string or a list of strings, as both are allowed wherever a rule names words."""
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value) if isinstance(value, list) else ()


def _check_strings(value: Value) -> str:
    items = value if isinstance(value, list) else [value]
    good = bool(items) and all(isinstance(item, str) and item.strip() for item in items)
    return "" if good else "expected a text, or a list of texts"


def _check_header(value: Value) -> str:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return 'expected a table like { name = "List-Id", contains = "news" }'
    unknown = set(value) - {"name", "contains"}
    return f"unknown key {min(unknown)!r}: a header condition has name and contains" if unknown else ""


def condition(check: Callable[[Value], str]) -> Callable[[Holds], Holds]:
    """Register a condition under its function's name."""

    def register(holds: Holds) -> Holds:
        name = holds.__name__
        CONDITIONS[name] = Condition(name, (holds.__doc__ or "").strip(), holds, check)
        return holds

    return register


@condition(_check_strings)
def topic(mail: Mail, value: Value) -> bool:
    """One of these topics scores in the mail at all."""
    return any(found.id in _strings(value) for found in mail.topics)


@condition(_check_strings)
def language(mail: Mail, value: Value) -> bool:
    """The mail is written in one of these languages (BCP 47)."""
    return mail.language.code in _strings(value)


@condition(_check_strings)
def sender_domain(mail: Mail, value: Value) -> bool:
    """The sender's address is in one of these domains, or below one."""
    return any(f".{mail.domain}".endswith(f".{domain.lower()}") for domain in _strings(value))


@condition(_check_strings)
def words(mail: Mail, value: Value) -> bool:
    """One of these words or phrases stands in the subject or the author's own words, in any case."""
    text = f" {_plain(mail.subject)} {_plain(mail.text)} "
    return any(f" {_plain(word)} " in text for word in _strings(value))


@condition(_check_header)
def header(mail: Mail, value: Value) -> bool:
    """The mail has this header, and its value contains this text (when one is given), in any case."""
    if not isinstance(value, dict):
        return False
    name, part = str(value["name"]).lower(), str(value.get("contains", "")).casefold()
    return any(key == name and part in text.casefold() for key, text in mail.headers)


def _plain(text: str) -> str:
    """Words only, one space apart: punctuation never decides."""
    return " ".join(re.findall(r"\w+", text.casefold()))
