"""What no file can tell alone: names that nobody bears, addresses that two people bear, languages without templates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from mailflow.config.gather import CODES, Rules
from mailflow.config.problems import Problems, listing, suggestion, unknown
from mailflow.config.report import OpeningSection, ReportFile
from mailflow.config.rules import (
    CodeEntry,
    CodingFile,
    DeadlinesFile,
    LanguagesFile,
    PeopleFile,
    PublicationFile,
    QueuesFile,
    RoutingFile,
    RuleEntry,
    TaxonomyFile,
)
from mailflow.core.coding import COURTESIES, CUES, DANGERS, DAYS, WISHES
from mailflow.core.model import Role
from mailflow.core.routing import CONDITIONS

DEFAULT = "default"  # reviewers of topics that have none of their own
Found: TypeAlias = Iterator[tuple[str, str]]  # key and sentence


def crosscheck(rules: Rules, home: Path, own_addresses: frozenset[str], problems: Problems) -> None:
    """Report everything in which the files disagree with one another, with config.toml or with templates/."""
    if problems.concern("rules/languages.toml"):
        rules = replace(rules, languages=None)  # a language misspelt there is not missing here
    found: list[tuple[str, Found]] = list(_of_files(rules, home, own_addresses))
    found.extend((f"topics/{language}", _topics(language, rules)) for language in rules.topics)
    found.extend((f"signs/{language}", _signs(language, rules)) for language in rules.signs)
    for file, sentences in found:
        problems.add_found(f"rules/{file}.toml", sentences)


def _of_files(rules: Rules, home: Path, own_addresses: frozenset[str]) -> Iterator[tuple[str, Found]]:
    """What is wrong in each file that could be read."""
    if rules.people:
        yield "people", _people(rules.people, rules, own_addresses)
    if rules.taxonomy:
        yield "taxonomy", _taxonomy(rules.taxonomy, rules)
    if rules.queues:
        yield "queues", _queues(rules.queues, rules)
    if rules.routing:
        yield "routing", _routing(rules.routing, rules)
    if rules.languages:
        yield "languages", _languages(rules.languages, home)
    if rules.deadlines:
        yield "deadlines", _deadlines(rules.deadlines, rules)
    if rules.publication:
        yield "publication", _publication(rules.publication, rules)
    if rules.coding:
        yield "coding", _coding(rules.coding, rules)
    if rules.report:
        yield "report", _report(rules.report, rules)


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
        if person.opens and person.closes and person.opens >= person.closes:
            yield f"{where}closes", "must be later than opens"
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


# ---------------------------------------------------------------- deadlines.toml


def _deadlines(deadlines: DeadlinesFile, rules: Rules) -> Found:
    if deadlines.opens >= deadlines.closes:
        yield "closes", "must be later than opens"
    if not deadlines.reminders.soon < deadlines.reminders.early:
        yield "reminders.soon", "must be fewer days than early"
    if not deadlines.reminders.late <= deadlines.reminders.escalate <= deadlines.reminders.supervise:
        yield "reminders.escalate", "must lie between late and supervise"
    for number, entry in enumerate(deadlines.deadline, 1):
        for what, names, file in (
            ("queue", entry.queues, "queues.toml"),
            ("user_type", entry.user_types, "taxonomy.toml"),
            ("topic", entry.topics, "taxonomy.toml"),
        ):
            for sentence in _strangers(what, names, rules, file):
                yield f"deadline {number}: {what}s", sentence


# ---------------------------------------------------------------- publication.toml


def _publication(publication: PublicationFile, rules: Rules) -> Found:
    topics = [topic for topic in publication.reviewers if topic != DEFAULT]
    for sentence in _strangers("topic", topics, rules, "taxonomy.toml"):
        yield "reviewers", sentence
    for topic, slugs in publication.reviewers.items():
        for sentence in _strangers("person", slugs, rules, "people.toml"):
            yield f"reviewers.{topic}", sentence


# ---------------------------------------------------------------- report.toml


def _report(report: ReportFile, rules: Rules) -> Found:
    for name in _twice([table.id for table in report.table if not table.versions]):
        yield f'table "{name}"', "stands here twice: give one of them another id, or versions"
    for table in report.table:
        unspecified = [table.unspecified] if table.unspecified else []
        for key, codes in (("rows", table.rows), ("unspecified", unspecified)):
            for sentence in _no_codes(table.of, codes, rules):
                yield f'table "{table.id}": {key}', sentence
    for number, entry in enumerate(report.mapping, 1):
        new = [] if entry.new in _former(entry.of, report) else [entry.new]  # which may be mapped in turn
        for sentence in _no_codes(entry.of, new, rules):
            yield f"mapping {number}: new", sentence
    if report.opening:
        yield from _opening(report.opening, report, rules)


def _opening(opening: OpeningSection, report: ReportFile, rules: Rules) -> Found:
    if report.start > opening.as_of:
        yield "start", f"must not be later than as_of of [opening], {opening.as_of}"
    counted = {table.id: table.of for table in report.table}
    for entry in opening.table:
        where = f'opening.table "{entry.table}": '
        if entry.table not in counted:
            yield f"{where}table", unknown("table", entry.table, counted, "this file")
            continue
        of = counted[entry.table]
        former = _former(of, report)
        for key, codes in (("balance", entry.balance), ("last", entry.last), ("unknown", entry.unknown)):
            for sentence in _no_codes(of, [code for code in codes if code not in former], rules):
                yield f"{where}{key}", sentence


def _former(of: str, report: ReportFile) -> frozenset[str]:
    """What counts under the codes of today."""
    return frozenset(one.old for one in report.mapping if one.of == of)


def _no_codes(of: str, codes: Iterable[str], rules: Rules) -> Iterator[str]:
    """Those that the taxonomy doesn't have; of languages and the like it has no list."""
    name = "region" if of == "user_region" else of
    if name in CODES:
        yield from _strangers(name, codes, rules, "taxonomy.toml")


# ---------------------------------------------------------------- taxonomy.toml, topics/<language>.toml


def _taxonomy(taxonomy: TaxonomyFile, rules: Rules) -> Found:
    lists: dict[str, list[CodeEntry]] = {
        "user_type": taxonomy.user_type,
        "heard_from": taxonomy.heard_from,
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
    yield from _wanted(language, rules)
    for topic, entry in rules.topics[language].topic.items():
        for sentence in _strangers("topic", [topic], rules, "taxonomy.toml"):
            yield f'topic "{topic}"', sentence
        yield from _words(f'topic "{topic}": words', entry.words)


def _wanted(language: str, rules: Rules) -> Found:
    served = rules.languages.served if rules.languages else [language]
    if language not in served:
        yield "", f'the language "{language}" is not served (languages.toml){suggestion(language, served)}'


def _words(key: str, words: Iterable[str]) -> Found:
    for word in words:
        if not word.strip(" *"):
            yield key, f'"{word}" is no word'
        elif "*" in word[:-1]:
            yield key, f'"{word}": a * may stand at the end only'


# ---------------------------------------------------------------- coding.toml, signs/<language>.toml


def _coding(coding: CodingFile, rules: Rules) -> Found:
    for reason in coding.reason:
        yield from _labels(f'reason "{reason.id}": label', reason, rules.languages)
    for code in _twice([reason.id for reason in coding.reason]):
        yield f'reason "{code}"', "stands here twice"
    for what, tables in (("user_type", coding.domains), ("region", coding.regions)):
        for sentence in _strangers(what, tables, rules, "taxonomy.toml"):
            yield "domains" if what == "user_type" else "regions", sentence
    for item in _twice([label for labels in coding.domains.values() for label in labels]):
        yield "domains", f'"{item}" stands here twice'
    for item in _twice([country for countries in coding.regions.values() for country in countries]):
        yield "regions", f'"{item}" stands here twice'


def _signs(language: str, rules: Rules) -> Found:
    yield from _wanted(language, rules)
    file = rules.signs[language]
    for kind in ("user_type", "sector", "region", "heard_from"):
        for sentence in _strangers(kind, getattr(file, kind), rules, "taxonomy.toml"):
            yield kind, sentence
    for sentence in _strangers("reason", file.inadmissible, rules, "coding.toml"):
        yield "inadmissible", sentence
    for kind, known in (
        ("danger", DANGERS),
        ("wish", WISHES),
        ("courtesy", COURTESIES),
        ("cue", tuple(CUES)),
        ("day", DAYS),
    ):
        for name in getattr(file, kind):
            if name not in known:
                yield kind, f'there is no {kind} "{name}"{suggestion(name, known) or f"; there are {listing(known)}"}'
    for kind in type(file).model_fields:
        for value, entry in getattr(file, kind).items():
            yield from _words(f'{kind} "{value}": words', entry.words)


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
    for topic, others in routing.topics.before.items():
        for sentence in _strangers("topic", [topic, *others], rules, "taxonomy.toml"):
            yield f"topics.before.{topic}", sentence
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
