"""An installation's folder, opened: settings, rules, store and engine put together. The one place of wiring."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mailflow import config
from mailflow.config import ConfigError, Desk, InstallationSettings
from mailflow.engine import Engine, Reader
from mailflow.mail import lint
from mailflow.mail.compose import Composer
from mailflow.mail.language import LanguageDetector
from mailflow.mail.lexicon import Lexicons
from mailflow.mail.render import Templates
from mailflow.mail.understand import Understanding
from mailflow.mail.worker import ParserProcess
from mailflow.store.store import Store

if TYPE_CHECKING:
    from mailflow.publish.anonymise import NameModel


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Installation:
    """Settings and desk as they were read, and the engine made of them."""

    home: Path
    settings: InstallationSettings
    desk: Desk
    engine: Engine

    @property
    def store(self) -> Store:
        return self.engine.store

    def reloaded(self) -> Installation:
        """The same with rules/ and templates/ read anew, whole or not at all. Raises ConfigError; config.toml stays."""
        desk = config.load_policy(self.home, self.settings)
        understanding, composer = _judgement(self.home, self.settings, desk)
        engine = replace(self.engine, policy=desk.policy, understanding=understanding, composer=composer)
        return replace(self, desk=desk, engine=engine)


@contextmanager
def opened(home: Path, *, whole: bool = True) -> Iterator[Installation]:
    """Everything of an installation. Raises ConfigError or StoreError, each with what to do next.

    Not `whole`: topic words and templates are looked at when they are first needed, as suits a command that needs few.
    """
    settings, desk = config.load(home, words=whole)
    understanding, composer = _judgement(home, settings, desk, whole=whole)
    store = Store.open(settings)
    try:
        with ParserProcess(settings.limits) as reader:
            yield Installation(home, settings, desk, _engine(store, desk, understanding, composer, reader))
    finally:
        store.close()


@cache
def _names() -> NameModel | None:
    """What finds names besides the rules, where it is installed: looked for when there is something to publish."""
    from mailflow.publish.anonymise import installed_names

    return installed_names()


def _engine(store: Store, desk: Desk, understanding: Understanding, composer: Composer, reader: Reader) -> Engine:
    return Engine(store, desk.policy, understanding, composer, reader, names=_names)


@contextmanager
def without_store(home: Path) -> Iterator[tuple[Desk, Understanding, Reader]]:
    """What `explain` needs: rules and the parser, no database."""
    settings, desk = config.load(home, words=False)
    understanding, _ = _judgement(home, settings, desk, whole=False)
    with ParserProcess(settings.limits) as reader:
        yield desk, understanding, reader


def _judgement(
    home: Path, settings: InstallationSettings, desk: Desk, *, whole: bool = True
) -> tuple[Understanding, Composer]:
    policy = desk.policy
    templates = Templates(home / "templates")
    problems = (
        lint.check(templates, languages=policy.languages, staff_languages=policy.staff_languages) if whole else []
    )
    if problems:
        raise ConfigError(tuple(str(problem) for problem in problems))
    try:
        composer = Composer(templates, policy.desk, policy.address, null_sender=settings.smtp.null_sender)
    except ValueError as error:  # an address too long for a token
        raise ConfigError((str(error),)) from error
    detector, lexicons = LanguageDetector(policy.languages), Lexicons(desk.words)
    return Understanding(policy.own_addresses, settings.auth, detector, lexicons), composer
