"""The files under rules/, read one by one: what each of them says, and which names they give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from mailflow.config.declared import Section
from mailflow.config.problems import Problems, suggestion
from mailflow.config.reading import Table, checked, read_toml
from mailflow.config.report import ReportFile
from mailflow.config.rules import (
    FILES,
    CodingFile,
    DeadlinesFile,
    LanguagesFile,
    PeopleFile,
    PublicationFile,
    QueuesFile,
    ReferralsFile,
    RoutingFile,
    ScreeningFile,
    SignsFile,
    TaxonomyFile,
    TopicsFile,
)

RULES, TOPICS, SIGNS = "rules", "rules/topics", "rules/signs"
CODES = ("user_type", "region", "sector", "domain", "topic", "heard_from")  # the lists of taxonomy.toml
File = TypeVar("File", bound=Section)
Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """The files as they stand; None for one of which nothing can be used."""

    people: PeopleFile | None
    queues: QueuesFile | None
    routing: RoutingFile | None
    taxonomy: TaxonomyFile | None
    coding: CodingFile | None
    screening: ScreeningFile | None
    deadlines: DeadlinesFile | None
    languages: LanguagesFile | None
    referrals: ReferralsFile | None
    publication: PublicationFile | None
    report: ReportFile | None
    topics: Mapping[str, TopicsFile] = field(default_factory=dict)  # by language
    signs: Mapping[str, SignsFile] = field(default_factory=dict)  # by language
    names: Mapping[str, Names | None] = field(default_factory=dict)  # person, queue, and each list of codes

    def named(self, what: str) -> Names | None:
        """Every name that is given, those of wrong entries too; None when the file could not be read."""
        return self.names.get(what)


def read_rules(home: Path, problems: Problems, languages: Collection[str] | None = None) -> Rules:
    """All of rules/, every mistake told; whoever uses the result must stop when there are problems.

    `languages`: those whose words are read, None for all; they are most of what there is to read.
    """
    _strangers(home, problems)
    raw = {name: read_toml(home / RULES / name, f"{RULES}/{name}", problems) for name in FILES}

    def read(name: str, declaration: type[File]) -> File | None:
        table = raw[name]
        return None if table is None else checked(declaration, table, f"{RULES}/{name}", problems)

    return Rules(
        people=read("people.toml", PeopleFile),
        queues=read("queues.toml", QueuesFile),
        routing=read("routing.toml", RoutingFile),
        taxonomy=read("taxonomy.toml", TaxonomyFile),
        coding=read("coding.toml", CodingFile),
        screening=read("screening.toml", ScreeningFile),
        deadlines=read("deadlines.toml", DeadlinesFile),
        languages=read("languages.toml", LanguagesFile),
        referrals=read("referrals.toml", ReferralsFile),
        publication=read("publication.toml", PublicationFile),
        report=read("report.toml", ReportFile),
        topics=_by_language(_of_languages(home / TOPICS, languages), TOPICS, TopicsFile, "topic", problems),
        signs=_by_language(_of_languages(home / SIGNS, languages), SIGNS, SignsFile, "", problems),
        names={
            "person": _names(raw["people.toml"], "person"),
            "queue": _names(raw["queues.toml"], "queue"),
            "reason": _names(raw["coding.toml"], "reason"),
            **{code: _names(raw["taxonomy.toml"], code) for code in CODES},
        },
    )


def languages_of(home: Path) -> frozenset[str]:
    """The languages that have words of their own."""
    return frozenset(path.stem for folder in (TOPICS, SIGNS) for path in (home / folder).glob("*.toml"))


def _of_languages(folder: Path, languages: Collection[str] | None) -> list[Path]:
    return [path for path in sorted(folder.glob("*.toml")) if languages is None or path.stem in languages]


def _by_language(
    paths: Iterable[Path], folder: str, declaration: type[File], key: str, problems: Problems
) -> dict[str, File]:
    """Files of a folder, a language each; `key`: what their tables are taken for, "" where they say it."""
    files = {}
    for path in paths:
        name = f"{folder}/{path.name}"
        table = read_toml(path, name, problems)
        found = None if table is None else checked(declaration, {key: table} if key else table, name, problems)
        if found:
            files[path.stem] = found
    return files


def _names(table: Table | None, key: str) -> Names | None:
    if table is None:
        return None
    entries = table.get(key)
    if isinstance(entries, dict):
        return frozenset(entries)
    items = [item for item in entries if isinstance(item, dict)] if isinstance(entries, list) else []
    return frozenset(str(item.get("id") or item.get("name")) for item in items)


def _strangers(home: Path, problems: Problems) -> None:
    """A file under a wrong name would be passed over in silence."""
    for path in sorted((home / RULES).glob("*.toml")):
        if path.name not in FILES:
            problems.add(f"{RULES}/{path.name}", "", f"no file of this name is read{suggestion(path.name, FILES)}")
