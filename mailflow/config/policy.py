"""rules/*.toml as the desk's `Policy`: read whole, checked against one another, resolved to values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from mailflow.config.closures import public_holidays
from mailflow.config.crosscheck import DEFAULT, crosscheck
from mailflow.config.gather import Rules, languages_of, read_rules
from mailflow.config.problems import Problems
from mailflow.config.rules import (
    CodeEntry,
    CodingFile,
    DeadlineEntry,
    DeadlinesFile,
    PersonEntry,
    PublicationFile,
    QueueEntry,
    ReferralsFile,
    ScreeningFile,
    TaxonomyFile,
    TopicsSection,
)
from mailflow.config.settings import InstallationSettings, read_settings
from mailflow.core.deadlines import Calendar, Reminders
from mailflow.core.policy import (
    USUAL_DAYS,
    Caps,
    Coding,
    DeadlineRule,
    Deadlines,
    Person,
    Policy,
    Publication,
    Queue,
    Span,
    Topics,
)
from mailflow.core.routing import Rule
from mailflow.core.settings import AuthMethod

Fingerprint: TypeAlias = tuple[tuple[str, int, int], ...]  # path in the installation, mtime in ns, size in octets
Words: TypeAlias = Mapping[
    str, Mapping[str, Mapping[str, float]]
]  # language -> topic, or kind.value -> entry -> weight
Codes: TypeAlias = Mapping[str, Mapping[str, Mapping[str, str]]]  # list -> id -> language -> label


@dataclass(frozen=True, slots=True)
class Desk:
    """All that rules/ says, and the state of the files that it was read from."""

    policy: Policy
    words: Words  # of topics and of signs
    codes: Codes  # the taxonomy: user_type, region, sector, domain, topic; and reason
    taxonomy_version: str
    domains: Mapping[str, str]  # topic -> its domain
    report: Mapping[str, Any]  # what report.toml says
    taxonomy: Mapping[str, Any]  # and taxonomy.toml
    reasons: tuple[Mapping[str, Any], ...]  # and coding.toml of why a question is inadmissible
    fingerprint: Fingerprint


def load(home: Path, *, words: bool = True) -> tuple[InstallationSettings, Desk]:
    """config.toml and rules/ together. Raises ConfigError with everything that is wrong in either.

    Without `words` those of a language are read, and checked, only when they are first asked for: a command that
    judges one mail or none answers sooner.
    """
    problems = Problems()
    settings = read_settings(home, problems)
    desk = _read_desk(home, settings, problems, None if words else ())
    settings, desk = problems.settled(settings), problems.settled(desk)
    return settings, desk if words else replace(desk, words=_WordsOnDemand(home))


def load_policy(home: Path, settings: InstallationSettings) -> Desk:
    """Read `home`/rules, whole or not at all. Raises ConfigError with everything that is wrong in it."""
    problems = Problems()
    return problems.settled(_read_desk(home, settings, problems))


def fingerprint(home: Path) -> Fingerprint:
    """The state of rules/ and templates/: one that differs from `Desk.fingerprint` calls for a reload."""
    files = (path for folder in ("rules", "templates") for path in (home / folder).rglob("*"))
    return tuple(sorted(state for path in files if (state := _state(path, home))))


def _state(path: Path, home: Path) -> tuple[str, int, int] | None:
    """None for a folder, and for what was taken away since it was listed, as editors do."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return (str(path.relative_to(home)), found.st_mtime_ns, found.st_size) if S_ISREG(found.st_mode) else None


class _WordsOnDemand(Mapping[str, Mapping[str, Mapping[str, float]]]):
    """The words of each language, read when they are first asked for. Raises ConfigError then."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._languages = languages_of(home)
        self._read: dict[str, Mapping[str, Mapping[str, float]]] = {}

    def __getitem__(self, language: str) -> Mapping[str, Mapping[str, float]]:
        if language not in self._languages:
            raise KeyError(language)
        if language not in self._read:
            problems = Problems()
            rules = read_rules(self._home, problems, (language,))
            crosscheck(rules, self._home, frozenset(), problems)
            self._read |= problems.settled(_words(rules))
        return self._read[language]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._languages))

    def __len__(self) -> int:
        return len(self._languages)


def _read_desk(
    home: Path, settings: InstallationSettings | None, problems: Problems, languages: Collection[str] | None = None
) -> Desk | None:
    """`languages`: those whose words are read now, None for all."""
    state = fingerprint(home)  # before the reading: what changes meanwhile is seen at the next look
    rules = read_rules(home, problems, languages)
    crosscheck(rules, home, settings.own_addresses if settings else frozenset(), problems)
    policy = _policy(rules, settings) if settings else None
    if policy is None or rules.taxonomy is None or rules.report is None or rules.coding is None:
        return None
    words = _words(rules)
    topics = rules.taxonomy.topic
    return Desk(
        policy=policy,
        words=words,
        codes=_codes(rules.taxonomy),
        taxonomy_version=rules.taxonomy.version,
        domains={topic.id: topic.domain for topic in topics},
        report=rules.report.model_dump(),
        taxonomy=rules.taxonomy.model_dump(),
        reasons=tuple(reason.model_dump() for reason in rules.coding.reason),
        fingerprint=state,
    )


# ---------------------------------------------------------------- files to values


def _words(rules: Rules) -> Words:
    """A topic's words under its id, a sign's words under kind.value; no id has a dot."""
    words: dict[str, dict[str, Mapping[str, float]]] = {}
    for language, topics in rules.topics.items():
        words.setdefault(language, {}).update({topic: entry.words for topic, entry in topics.topic.items()})
    for language, signs in rules.signs.items():
        tables = ((kind, table) for kind in type(signs).model_fields for table in getattr(signs, kind).items())
        words.setdefault(language, {}).update({f"{kind}.{value}": entry.words for kind, (value, entry) in tables})
    return words


def _coding(coding: CodingFile, taxonomy: TaxonomyFile) -> Coding:
    return Coding(
        enough=coding.enough,
        refuse=coding.refuse,
        regions={country: region for region, countries in coding.regions.items() for country in countries},
        concerned=frozenset(region.id for region in taxonomy.region if region.concerned),
        domains={label: user_type for user_type, labels in coding.domains.items() for label in labels},
    )


def _policy(rules: Rules, settings: InstallationSettings) -> Policy | None:
    people, queues, languages, taxonomy = rules.people, rules.queues, rules.languages, rules.taxonomy
    routing, screening, deadlines, coding = rules.routing, rules.screening, rules.deadlines, rules.coding
    referrals, publication = rules.referrals, rules.publication
    if not (people and queues and languages and taxonomy and routing and screening and deadlines and coding):
        return None
    if not (referrals and publication):
        return None
    first, second = languages.bilingual
    calendar = _calendar(deadlines, settings.zone)
    return Policy(
        desk=settings.name,
        address=settings.address,
        own_addresses=settings.own_addresses,
        calendar=calendar,
        languages=tuple(languages.served),
        bilingual=(first, second),
        people={slug: _person(slug, entry, calendar) for slug, entry in people.person.items()},
        queues={entry.name: _queue(entry) for entry in queues.queue},
        rules=tuple(Rule(rule.name, rule.queue, rule.when) for rule in routing.rule),
        topics=_topics(routing.topics, taxonomy),
        coding=_coding(coding, taxonomy),
        caps=_caps(screening),
        undo=settings.undo,
        short_answer=settings.short_answer,
        triage_days=deadlines.triage_days,
        keep_months=deadlines.keep_months,
        deadlines=_deadlines(deadlines),
        publication=_publication(publication),
        refusals=frozenset(word.casefold() for word in screening.refusals),
        approvals=frozenset(word.casefold() for word in screening.approvals),
        translates=languages.translates,
        labels={**_codes(taxonomy), "reason": _labels(coding.reason), "country": _countries(coding)},
        offices=_offices(referrals),
        language_names=_language_names(languages.served, languages.staff),
        staff_languages=tuple(languages.staff),
        prefix=settings.prefix,
        authenticates=settings.auth.method is not AuthMethod.NONE,
    )


def _language_names(served: Iterable[str], staff: Iterable[str]) -> dict[str, str]:
    """What each language calls itself, and what staff call it."""
    names: dict[str, str] = {}
    for code in served:
        try:
            locale = Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):  # then its code alone names it
            continue
        told = (locale.get_display_name(each) for each in (code.replace("-", "_"), *staff))
        names |= {name.casefold(): code for name in told if name}
    return names


def _topics(section: TopicsSection, taxonomy: TaxonomyFile) -> Topics:
    return Topics(
        section.lead,
        section.contributor,
        section.margin,
        section.strong,
        section.before,
        _labels(taxonomy.topic),
    )


def _calendar(deadlines: DeadlinesFile, zone: ZoneInfo) -> Calendar:
    closed = frozenset(day for entry in deadlines.closed for day in entry.dates)
    holidays = public_holidays(deadlines.holidays.countries)
    return Calendar(zone, frozenset(deadlines.working_days), holidays | closed, deadlines.closes, deadlines.opens)


def _person(slug: str, entry: PersonEntry, desk: Calendar) -> Person:
    zone = entry.zone or desk.zone
    calendar = Calendar(
        zone,
        desk.working_days if entry.working_days is None else frozenset(entry.working_days),
        desk.holidays if entry.holidays is None else public_holidays(entry.holidays),
        entry.closes or desk.closes,
        entry.opens or desk.opens,
    )
    return Person(
        slug=slug,
        name=entry.name,
        roles=frozenset(entry.roles),
        addresses=tuple(dict.fromkeys(entry.addresses)),
        reads=tuple(entry.reads),
        writes=tuple(entry.writes),
        zone=zone,
        delegates=tuple(entry.delegates),
        calendar=calendar,
    )


def _deadlines(file: DeadlinesFile) -> Deadlines:
    days, askers = file.days, file.askers
    spans: dict[Span, int] = {span: getattr(days, span.value) for span in Span if span is not Span.ANSWER}
    return Deadlines(
        days={**USUAL_DAYS, **spans},
        rules=tuple(_deadline_rule(entry) for entry in file.deadline),
        reminders=Reminders(**file.reminders.model_dump()),
        **askers.model_dump(),
    )


def _deadline_rule(entry: DeadlineEntry) -> DeadlineRule:
    named = {span: getattr(entry, span.value, None) for span in Span}
    return DeadlineRule(
        {span: days for span, days in named.items() if days},
        tuple(entry.queues),
        tuple(entry.languages),
        tuple(entry.user_types),
        tuple(entry.topics),
    )


def _offices(file: ReferralsFile) -> Mapping[str, tuple[str, ...]]:
    """By country, each as a line of a mail."""
    offices: dict[str, tuple[str, ...]] = {}
    for entry in file.office:
        told = f"{entry.name}: {entry.address}" if entry.address else entry.name
        offices[entry.country] = (*offices.get(entry.country, ()), told)
    return offices


def _publication(file: PublicationFile) -> Publication:
    plain = file.model_dump(exclude={"reviewers"})
    reviewers = {"" if topic == DEFAULT else topic: tuple(slugs) for topic, slugs in file.reviewers.items()}
    return Publication(reviewers=reviewers, **plain)


def _queue(entry: QueueEntry) -> Queue:
    return Queue(
        name=entry.name,
        experts=tuple(dict.fromkeys(entry.experts)),
        topics=tuple(entry.topics),
        languages=tuple(entry.languages),
        assignment=entry.assignment,
        answer_days=entry.answer_days,
        review=entry.review,
    )


def _caps(screening: ScreeningFile) -> Caps:
    caps = screening.caps
    return Caps(caps.acks_address, caps.acks_domain, caps.acks_all, frozenset(caps.public_domains))


def _labels(entries: Iterable[CodeEntry]) -> Mapping[str, Mapping[str, str]]:
    return {entry.id: entry.label for entry in entries}


def _countries(coding: CodingFile) -> Mapping[str, Mapping[str, str]]:
    """ISO 3166 codes, which are their own labels."""
    return {code: {} for countries in coding.regions.values() for code in countries}


def _codes(taxonomy: TaxonomyFile) -> Codes:
    return {
        "user_type": _labels(taxonomy.user_type),
        "region": _labels(each for each in taxonomy.region if each.concerned),
        "user_region": _labels(each for each in taxonomy.region if each.user),
        "sector": _labels(taxonomy.sector),
        "heard_from": _labels(taxonomy.heard_from),
        "domain": _labels(taxonomy.domain),
        "topic": _labels(taxonomy.topic),
    }
