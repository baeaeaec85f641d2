"""One function for each kind of page: what stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailflow.core.publication import Item
from mailflow.publish.site import language as lingua
from mailflow.publish.site.articles import Article
from mailflow.publish.site.frame import INDEX, Frame, Said, base_path
from mailflow.publish.site.library import Entry
from mailflow.publish.site.nouns import Topic
from mailflow.publish.site.policy import SEARCHING
from mailflow.publish.site.search import topic_word
from mailflow.publish.site.structured import question

_NEWEST = 6  # on the first page
_RELATED = 4  # below an answer
_SMALL = 6  # so few questions of a topic need no groups


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page. A `listed` one stands in the sitemap, with the same page in other languages."""

    address: str
    html: str
    listed: bool = True
    changed: date | None = None
    same: Mapping[str, str] | None = None

    @property
    def path(self) -> str:
        return self.address if self.address.endswith(".html") else f"{self.address}{INDEX}"


def pages(frame: Frame) -> Iterator[Page]:
    """Every page of the site."""
    yield Page("", frame.render("choice.html", "", frame.site.languages[0], same=_homes(frame)), same=_homes(frame))
    yield _missing(frame)
    for language in frame.library.languages:
        yield _home(frame, language)
        yield _search(frame, language)
        yield from _topics(frame, language)
        yield from _countries(frame, language)
        yield from (_theme(frame, article) for article in frame.articles.themes.get(language, ()))
    for entry in frame.library.entries:
        yield from _item(frame, entry)
    for entry in frame.library.withdrawn:
        item = entry.item
        told = frame.render("withdrawn.html", entry.address, item.language, hidden=True, when=item.withdrawn)
        yield Page(entry.address, told, listed=False)


def _homes(frame: Frame) -> Mapping[str, str]:
    return {language: f"{language}/" for language in frame.library.languages}


def _home(frame: Frame, language: str) -> Page:
    address = f"{language}/"
    shown = frame.render(
        "home.html",
        address,
        language,
        same=_homes(frame),
        about=frame.said(frame.site.about, language) if frame.site.about else None,
        domains=_domains(frame, language),
        newest=_rows(frame, _first(frame.library.by_language.get(language, ()))),
        total=len(frame.library.by_language.get(language, ())),
        country_links=[(code, lingua.country(code, language)) for code in frame.countries(language)],
    )
    return Page(address, shown, same=_homes(frame))


def _first(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The newest, and those without a topic: no other page would lead there."""
    return [entry for place, entry in enumerate(entries) if place < _NEWEST or not entry.item.topics]


def _domains(frame: Frame, language: str) -> Sequence[tuple[Said | None, Sequence[tuple[str, Said, int]]]]:
    """Each domain with its topics and how many questions they have; topics without a known domain come last."""
    known = {domain.id for domain in frame.site.domains}
    groups: list[tuple[Said | None, list[Topic]]] = [
        (frame.said(domain.labels, language), [t for t in frame.site.topics if t.domain == domain.id])
        for domain in frame.site.domains
    ]
    groups.append((None, [topic for topic in frame.site.topics if topic.domain not in known]))
    counted = [
        (label, [_counted(frame, topic, language) for topic in topics if _there(frame, topic.id, language)])
        for label, topics in groups
    ]
    return [(label, topics) for label, topics in counted if topics]


def _counted(frame: Frame, topic: Topic, language: str) -> tuple[str, Said, int]:
    return topic.id, frame.said(topic.labels, language), len(frame.library.by_topic.get((language, topic.id), ()))


def _there(frame: Frame, topic: str, language: str) -> bool:
    themes = frame.articles.themes.get(language, ())
    return (language, topic) in frame.library.by_topic or any(article.topic == topic for article in themes)


def _search(frame: Frame, language: str) -> Page:
    address = f"{language}/search/"
    same = {tag: f"{tag}/search/" for tag in frame.library.languages}
    topics = [
        (topic, said, topic_word(topic))
        for _, some in _domains(frame, language)
        for topic, said, count in some
        if count
    ]
    shown = frame.render(
        "search.html", address, language, same=same, csp=SEARCHING, choices=topics, hidden=True, searchable=False
    )
    return Page(address, shown, listed=False)


def _topics(frame: Frame, language: str) -> Iterator[Page]:
    for topic in frame.site.topics:
        if not _there(frame, topic.id, language):
            continue
        entries = frame.library.by_topic.get((language, topic.id), ())
        same = {tag: f"{tag}/topics/{topic.id}/" for tag in frame.library.languages if _there(frame, topic.id, tag)}
        shown = frame.render(
            "topic.html",
            same[language],
            language,
            same=same,
            topic=frame.said(topic.labels, language),
            domain=next((frame.said(d.labels, language) for d in frame.site.domains if d.id == topic.domain), None),
            groups=_groups(frame, topic.id, entries, language),
            count=len(entries),
            articles=[a for a in frame.articles.themes.get(language, ()) if a.topic == topic.id],
        )
        yield Page(same[language], shown, same=same, changed=_latest(entries))


def _groups(
    frame: Frame, topic: str, entries: Sequence[Entry], language: str
) -> Sequence[tuple[Said | None, Sequence[Mapping[str, object]]]]:
    """Questions on this topic alone, then those that are also on another, by that other topic."""
    if len(entries) < _SMALL:
        return [(None, _rows(frame, entries))] if entries else []
    sorted_by: dict[str, list[Entry]] = {}
    for entry in entries:
        beside = next(
            (other.id for other in frame.site.topics if other.id in entry.item.topics and other.id != topic), ""
        )
        sorted_by.setdefault(beside, []).append(entry)
    alone = sorted_by.pop("", [])
    labels = {other.id: frame.said(other.labels, language) for other in frame.site.topics}
    beside_it = [(labels[other], _rows(frame, sorted_by[other])) for other in labels if other in sorted_by]
    return [(None, _rows(frame, alone)), *beside_it] if alone else beside_it


def _countries(frame: Frame, language: str) -> Iterator[Page]:
    codes = frame.countries(language)
    if not codes:
        return
    same = {tag: f"{tag}/countries/" for tag in frame.library.languages if frame.countries(tag)}
    links = [
        (code, lingua.country(code, language), len(frame.library.by_country.get((language, code), ())))
        for code in codes
    ]
    shown = frame.render("countries.html", same[language], language, same=same, country_links=links)
    yield Page(same[language], shown, same=same)
    yield from (_country(frame, code, language) for code in codes)


def _country(frame: Frame, code: str, language: str) -> Page:
    same = {tag: f"{tag}/countries/{code.lower()}/" for tag in frame.library.languages if code in frame.countries(tag)}
    entries = frame.library.by_country.get((language, code), ())
    shown = frame.render(
        "country.html",
        same[language],
        language,
        same=same,
        country=lingua.country(code, language),
        article=frame.articles.countries.get((language, code)),
        rows=_rows(frame, entries),
    )
    return Page(same[language], shown, same=same, changed=_latest(entries))


def _theme(frame: Frame, article: Article) -> Page:
    same = {
        tag: f"{tag}/pages/{article.slug}/"
        for tag in frame.library.languages
        if any(other.slug == article.slug for other in frame.articles.themes.get(tag, ()))
    }
    topic = next((topic for topic in frame.site.topics if topic.id == article.topic), None)
    shown = frame.render(
        "theme.html",
        same[article.language],
        article.language,
        same=same,
        article=article,
        topic=(topic.id, frame.said(topic.labels, article.language)) if topic else None,
    )
    return Page(same[article.language], shown, same=same)


def _item(frame: Frame, entry: Entry) -> Iterator[Page]:
    item = entry.item
    same = {other.item.language: other.address for other in frame.library.by_group[item.group]} | {
        item.language: entry.address
    }
    shown = _article(
        frame,
        entry,
        item,
        entry.address,
        same=same,
        old=None,
        overdue=overdue(item, frame.today),
        data=question(item, frame.url(entry.address), frame.said(frame.site.name, item.language).text),
    )
    yield Page(entry.address, shown, same=same, changed=item.changed or item.month)
    for old in entry.earlier:
        address = entry.version(old)
        shown = _article(
            frame, entry, old, address, same={item.language: address}, old=True, overdue=False, hidden=True
        )
        yield Page(address, shown, listed=False)


def _article(frame: Frame, entry: Entry, item: Item, address: str, **facts: object) -> str:
    language = item.language
    return frame.render(
        "item.html",
        address,
        language,
        **({"data": None} | facts),
        item=item,
        current=entry.address,
        versions=[(old.version, entry.version(old)) for old in entry.earlier],
        topics=[
            (topic.id, frame.said(topic.labels, language)) for topic in frame.site.topics if topic.id in item.topics
        ],
        countries=[(code, lingua.country(code, language)) for code in dict.fromkeys(item.countries)],
        related=_rows(frame, _near(frame, entry)),
        helpdesk=frame.site.address,
    )


def _near(frame: Frame, entry: Entry) -> Sequence[Entry]:
    """The next questions on its first topic, in the topic's order, from the start again after the last one."""
    item = entry.item
    around = (
        frame.library.by_topic[item.language, item.topics[0]]
        if item.topics
        else frame.library.by_language[item.language]
    )
    at = next(place for place, other in enumerate(around) if other is entry)
    return [*around[at + 1 :], *around[:at]][:_RELATED]


def _rows(frame: Frame, entries: Sequence[Entry]) -> Sequence[Mapping[str, object]]:
    return [
        {
            "address": entry.address,
            "item": entry.item,
            "countries": [lingua.country(code, entry.item.language) for code in entry.item.countries],
            "due": overdue(entry.item, frame.today),
        }
        for entry in entries
    ]


def overdue(item: Item, today: date) -> bool:
    """Whether its review is due. It stays up, and says so."""
    return item.review_by is not None and item.review_by < today


def _latest(entries: Sequence[Entry]) -> date | None:
    return max((entry.item.changed or entry.item.month for entry in entries), default=None)


def _missing(frame: Frame) -> Page:
    """For any address that isn't there, however deep: so its links begin at the server's root."""
    language = frame.site.languages[0]
    told = [
        (tag, lingua.direction(tag), frame.words(tag))
        for tag in frame.library.languages
        if tag in frame.glossary.languages
    ]
    shown = frame.render("404.html", "", language, root=base_path(frame.site), told=told, hidden=True)
    return Page("404.html", shown, listed=False)
