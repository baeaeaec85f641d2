"""What no file can tell alone: names that nobody bears, addresses that two people bear, languages without templates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from mailflow.config.gather import Rules
from mailflow.config.problems import Problems, listing, suggestion, unknown
from mailflow.config.rules import (
    CodeEntry,
    LanguagesFile,
    PeopleFile,
    QueuesFile,
    RoutingFile,
    RuleEntry,
    TaxonomyFile,
)
from mailflow.core.model import Role
from mailflow.core.routing import CONDITIONS

Found: TypeAlias = Iterator[tuple[str, str]]  # key and sentence


def crosscheck(rules: Rules, home: Path, own_addresses: frozenset[str], problems: Problems) -> None:
    """Report everything in which the files disagree with one another, with config.toml or with templates/."""
    if problems.concern("rules/languages.toml"):
        rules = replace(rules, languages=None)  # a language misspelt there is not missing here
    found: list[tuple[str, Found]] = []
    if rules.people:
        found.append(("people", _people(rules.people, rules, own_addresses)))
    if rules.taxonomy:
        found.append(("taxonomy", _taxonomy(rules.taxonomy, rules)))
    if rules.queues:
        found.append(("queues", _queues(rules.queues, rules)))
    if rules.routing:
        found.append(("routing", _routing(rules.routing, rules)))
    if rules.languages:
        found.append(("languages", _languages(rules.languages, home)))
    found.extend((f"topics/{language}", _topics(language, rules)) for language in rules.topics)
    for file, sentences in found:
        problems.add_found(f"rules/{file}.toml", sentences)


def _strangers(what: str, names: Iterable[str], rules: Rules, file: str) -> Iterator[str]:
    """A sentence for each name that no such thing bears."""
    known = rules.named(what)
    if known is not None:
        yield from (unknown(what, name, known, file) for name in names if name not in known)


def _twice(names: Collection[str]) -> Iterator[str]:
    listed = list(names)
    yield from (name for name in dict.fromkeys(listed) if listed.count(name) > 1)


# ---------------------------------------------------------------- people.toml


def _people(people: PeopleFile, rules: Rules, own_addresses: frozenset[str]) -> Found:
    yield from _addresses(people, own_addresses)
    for slug, person in people.person.items():
        where = f'person "{slug}": '
        for sentence in _strangers("person", person.delegates, rules, "people.toml"):
            yield f"{where}delegates", sentence
        if slug in person.delegates:
            yield f"{where}delegates", "nobody can stand in for themselves"
        if rules.languages and not set(person.reads) & set(rules.languages.staff):
            yield f"{where}reads", f"must have a staff language: {listing(rules.languages.staff)} (languages.toml)"
    if not any(Role.COORDINATOR in person.roles for person in people.person.values()):
        yield "person", f'nobody has the role "{Role.COORDINATOR}": somebody must look after the shelf'


def _addresses(people: PeopleFile, own_addresses: frozenset[str]) -> Found:
    owners: dict[str, str] = {}
    for slug, person in people.person.items():
        for index, address in enumerate(person.addresses):
            key = f'person "{slug}": addresses: item {index + 1}'
            owner = owners.setdefault(address, slug)
            if address in own_addresses:
                yield key, "is an address of the desk itself (config.toml, desk)"
            elif owner != slug:
                yield key, f'is an address of "{owner}", too: whose mail would it be?'


# ---------------------------------------------------------------- taxonomy.toml, topics/<language>.toml


def _taxonomy(taxonomy: TaxonomyFile, rules: Rules) -> Found:
    lists: dict[str, list[CodeEntry]] = {
        "user_type": taxonomy.user_type,
        "region": [*taxonomy.region],
        "sector": taxonomy.sector,
        "domain": taxonomy.domain,
        "topic": [*taxonomy.topic],
    }
    for name, entries in lists.items():
        for code in _twice([entry.id for entry in entries]):
            yield f'{name} "{code}"', "stands here twice"
        for entry in entries:
            yield from _labels(f'{name} "{entry.id}": label', entry, rules.languages)
    for topic in taxonomy.topic:
        for sentence in _strangers("domain", [topic.domain], rules, "this file"):
            yield f'topic "{topic.id}": domain', sentence


def _labels(key: str, entry: CodeEntry, languages: LanguagesFile | None) -> Found:
    missing = [language for language in languages.staff if language not in entry.label] if languages else []
    if missing:
        yield key, f"has no {listing(missing)}: every staff language needs one"


def _topics(language: str, rules: Rules) -> Found:
    served = rules.languages.served if rules.languages else [language]
    if language not in served:
        yield "", f'the language "{language}" is not served (languages.toml){suggestion(language, served)}'
    for topic, entry in rules.topics[language].topic.items():
        for sentence in _strangers("topic", [topic], rules, "taxonomy.toml"):
            yield f'topic "{topic}"', sentence
        for word in entry.words:
            if not word.strip(" *"):
                yield f'topic "{topic}": words', f'"{word}" is no word'
            elif "*" in word[:-1]:
                yield f'topic "{topic}": words', f'"{word}": a * may stand at the end only'


# ---------------------------------------------------------------- queues.toml, routing.toml


def _queues(queues: QueuesFile, rules: Rules) -> Found:
    for name in _twice([queue.name for queue in queues.queue]):
        yield f'queue "{name}"', "stands here twice"
    for queue in queues.queue:
        where = f'queue "{queue.name}": '
        for sentence in _strangers("person", queue.experts, rules, "people.toml"):
            yield f"{where}experts", sentence
        for slug in _without_role(queue.experts, rules.people):
            yield f"{where}experts", f'"{slug}" has not the role "{Role.EXPERT}" in people.toml'
        for sentence in _strangers("topic", queue.topics, rules, "taxonomy.toml"):
            yield f"{where}topics", sentence
        for language in queue.languages:
            yield from _served(f"{where}languages", language, rules.languages)


def _without_role(slugs: Iterable[str], people: PeopleFile | None) -> Iterator[str]:
    entries = people.person if people else {}
    yield from (slug for slug in slugs if slug in entries and Role.EXPERT not in entries[slug].roles)


def _served(key: str, language: str, languages: LanguagesFile | None) -> Found:
    if languages and language not in languages.served:
        near = suggestion(language, languages.served)
        yield key, f'"{language}" is not among the served languages of languages.toml{near}'


def _routing(routing: RoutingFile, rules: Rules) -> Found:
    for name in _twice([rule.name for rule in routing.rule]):
        yield f'rule "{name}"', "stands here twice"
    for rule in routing.rule:
        for sentence in _strangers("queue", [rule.queue], rules, "queues.toml"):
            yield f'rule "{rule.name}": queue', sentence
        yield from _conditions(rule, rules)


def _conditions(rule: RuleEntry, rules: Rules) -> Found:
    for word, value in rule.when.items():
        key = f'rule "{rule.name}": when.{word}'
        if word not in CONDITIONS:
            yield key, f"unknown condition{suggestion(word, CONDITIONS) or f'; there are {listing(CONDITIONS)}'}"
        elif wrong := CONDITIONS[word].check(value):
            yield key, wrong
        elif word == "topic":
            names = [str(item) for item in value] if isinstance(value, list) else [str(value)]
            yield from ((key, sentence) for sentence in _strangers("topic", names, rules, "taxonomy.toml"))


# ---------------------------------------------------------------- languages.toml


def _languages(languages: LanguagesFile, home: Path) -> Found:
    wanted = {"served": languages.served, "staff": languages.staff}
    for key, tags in wanted.items():
        for language in tags:
            if not (home / "templates" / language).is_dir():
                yield key, f'"{language}" has no folder templates/{language}'
    for language in languages.bilingual:
        yield from _served("bilingual", language, languages)
    if len(set(languages.bilingual)) < len(languages.bilingual):
        yield "bilingual", "must be two different languages"
