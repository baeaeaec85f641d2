"""Templates to a subject, a text body and an HTML body.

A folder is read once, as a whole: what somebody edits afterwards counts only for the next `Templates`, so that a
faulty set can be refused while the one in use goes on.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateRuntimeError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from mailflow.core.effects import Chart, Fact, Passage
from mailflow.core.wording import Line
from mailflow.mail import charts, locales, markup, words
from mailflow.mail.words import Words

Facts: TypeAlias = Mapping[str, Fact]
_Loader: TypeAlias = Callable[[str], "tuple[str, str, None] | None"]

LAYOUT = "layout.html"
MAX_ACTIONS = 5
LISTS = frozenset(
    {"digest", "weekly", "reminder", "away", "notices"}
)  # our own words alone: their text body is set for a terminal
COLUMNS = 72
RULE = "-" * 40  # between the two languages of a bilingual mail
_VOICE = "@voice"  # no template can name it
_TAG = re.compile(r"\{%[^%]*%\}|\{#[^#]*#\}")


class MissingTemplateError(LookupError):
    """There is no such template in that language; the caller says what to fall back to, if anything."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every template of one mail may say, whatever it is about."""

    desk: str
    address: str
    ref: str
    now: datetime
    zone: tzinfo  # the recipient's
    token: str = ""  # goes into the marker line; "" when no reply is looked for
    reply_address: str = ""  # where the links of actions lead
    topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # topic -> language -> label


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str  # lines end with "\\n"
    html: str  # a whole document
    languages: tuple[str, ...]
    charts: tuple[Chart, ...] = ()  # whose pictures the HTML body shows, as `charts.cid`


@dataclass(frozen=True, slots=True)
class _Voice:
    """How one mail speaks: what the filters of its template look at."""

    language: str
    words: Words
    zone: tzinfo
    topics: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A template rendered in one language, not yet made into either body."""

    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class _Link:
    """An action as the HTML body offers it, and briefer for the text body, where the whole of it is to be seen."""

    label: str
    href: str
    brief: str


class Templates:
    """The templates below a folder: <language>/<name>.txt, <language>/words.toml, layout.html."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sources = {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8-sig", errors="replace")
            for path in sorted(folder.rglob("*"))
            if path.is_file() and (path.suffix == ".txt" or path.name in {words.NAME, LAYOUT})
        }
        self._words: dict[str, Words] = {}
        self._text = _environment(self._load)
        self._text.finalize = _put_out
        self._text.filters |= {
            "day": _day, "moment": _moment, "say": _say, "language_name": _language_name, "topic": _topic,
        }  # fmt: skip
        self._html = _environment(self._load)
        self._html.autoescape = True

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name.partition("/")[0] for name in self._sources if "/" in name))

    def has(self, name: str, language: str) -> bool:
        return f"{language}/{name}.txt" in self._sources

    def names(self, language: str) -> tuple[str, ...]:
        """The templates that there are in a language, by name."""
        inside = [name.removeprefix(f"{language}/") for name in self._sources if name.startswith(f"{language}/")]
        return tuple(name.removesuffix(".txt") for name in inside if name.endswith(".txt"))

    def first(self, name: str, wanted: Sequence[str]) -> str:
        """The first of the wanted languages that has the template. MissingTemplateError when none has."""
        for language in wanted:
            if self.has(name, language):
                return language
        raise MissingTemplateError(f"no template {name} in {' or '.join(wanted) or 'no language at all'}")

    def render(self, name: str, language: str, facts: Facts, head: Letterhead, also: str = "") -> Rendered:
        """The mail that a template makes of these facts; with `also`, the same once more in a second language.

        `actions` among the facts become links at the end of the mail; `above`, a sentence to its `reader`, in their own
        language, who passes it on. MissingTemplateError when it isn't there in one of
        these languages; TemplateError, LookupError, ValueError when it is faulty (`lint.check` knows before).
        """
        told = {key: _cleaned(fact) for key, fact in facts.items()}
        parts = [self._part(name, each, told, head) for each in (language, also) if each]
        reader = str(facts.get("reader") or language)
        spoken = self.words(reader)
        marker = f"{spoken.say('marker')} [ref:{head.token}]" if head.token else spoken.say("marker")
        subject = " / ".join((parts[0].subject, *(part.subject.removeprefix(f"[{head.ref}] ") for part in parts[1:])))
        links = _links(_actions(facts), spoken, head)
        above = told.get("above")
        shown = [_Part(reader, parts[0].subject, spoken.say(above)), *parts] if isinstance(above, Line) else parts
        page = self._html_body(marker, shown, links, head)
        return Rendered(
            subject=subject,
            text=_text_body(marker, shown, links, wrapped=name in LISTS),
            html=page,
            languages=tuple(part.language for part in parts),
            charts=_shown(told.values(), page),
        )

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file of the set, below the folder."""
        return tuple(self._sources)

    def source(self, path: str) -> str | None:
        """The text of a file of the set, by its path below the folder."""
        return self._sources.get(path)

    def words(self, language: str) -> Words:
        """The words of a language. MissingTemplateError when it has none, ValueError when the file is faulty."""
        known = self._words.get(language)
        if known is None:
            path = f"{language}/{words.NAME}"
            if path not in self._sources:
                raise MissingTemplateError(f"no {path}")
            known = self._words[language] = words.read(self._sources[path])
        return known

    @property
    def environment(self) -> ImmutableSandboxedEnvironment:
        return self._text

    def _load(self, name: str) -> tuple[str, str, None] | None:
        source = self._sources.get(name)
        return None if source is None else (_keep_line_ends(source), str(self.folder / name), None)

    def _part(self, name: str, language: str, facts: Mapping[str, Fact], head: Letterhead) -> _Part:
        if not self.has(name, language):
            raise MissingTemplateError(f"no template {name} in {language}")
        template: Template = self._text.get_template(f"{language}/{name}.txt")
        voice = _Voice(language, self.words(language), head.zone, head.topics)
        always = {"desk": head.desk, "address": head.address, "ref": head.ref, "now": head.now, _VOICE: voice}
        subject, _, body = template.render({**always, **facts}).partition("\n")
        if not subject.startswith("Subject:"):
            raise ValueError("the first line must be “Subject: ...”")
        return _Part(language, markup.to_line(subject.removeprefix("Subject:")), markup.tidy(body))

    def _html_body(self, marker: str, parts: Sequence[_Part], links: Sequence[_Link], head: Letterhead) -> str:
        body = "\n<hr>\n".join(
            f'<div lang="{html.escape(part.language)}" dir="{locales.direction(part.language)}">\n'
            f"{markup.to_html(part.body)}\n</div>"
            for part in parts
        )
        return self._html.get_template(LAYOUT).render(
            lang=parts[0].language,
            dir=locales.direction(parts[0].language),
            subject=parts[0].subject,
            desk=head.desk,
            marker=marker,
            body=Markup(body),  # noqa: S704 - made of escaped data and of rich passages from the allow-list
            actions=[{"label": link.label, "href": link.href} for link in links],
        )


def _links(actions: Sequence[str], spoken: Words, head: Letterhead) -> list[_Link]:
    """Links that open a reply with the command already written (RFC 6068), at most MAX_ACTIONS."""
    address = quote(head.reply_address, safe="@+")
    subject = quote(f"Re: [{head.ref}]" if head.ref else f"Re: {head.desk}", safe=":")
    brief = quote(head.ref or head.desk)
    return [
        _Link(
            spoken.say(word, "actions"),
            f"mailto:{address}?subject={subject}&body=%23{quote(word)}%20%0D%0A",
            f"mailto:{address}?subject={brief}&body=%23{quote(word)}%20",
        )
        for word in actions[:MAX_ACTIONS]
    ]


def _text_body(marker: str, parts: Sequence[_Part], links: Sequence[_Link], *, wrapped: bool) -> str:
    body = f"\n\n{RULE}\n\n".join(markup.to_text(part.body) for part in parts)
    if wrapped:
        body = "\n".join(_wrapped(row) for row in body.split("\n"))
    listed = "\n".join(f"{link.label} <{link.brief}>" for link in links)
    return "\n\n".join(filter(None, (marker, body, listed))) + "\n"


def _wrapped(row: str) -> str:
    """A long line broken at its blanks; what goes on in a list stands below its words."""
    if len(row) <= COLUMNS:
        return row
    hanging = "  " if row.startswith("- ") else ""
    return textwrap.fill(row, COLUMNS, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


def _shown(facts: Iterable[Fact], page: str) -> tuple[Chart, ...]:
    """The charts that a template put out, and as pictures: each once, also in two languages."""
    known = dict.fromkeys(fact for fact in facts if isinstance(fact, Chart))
    return tuple(chart for chart in known if f"cid:{charts.cid(chart)}" in page)


def _actions(facts: Facts) -> tuple[str, ...]:
    listed = facts.get("actions") or ()
    if not isinstance(listed, tuple):
        raise TypeError("actions must be a tuple of command words")
    return tuple(str(word) for word in listed)


def _cleaned(fact: Fact) -> Fact:
    """A fact that can't break out of its place: no controls, and one line unless it is a passage."""
    match fact:
        case StrEnum():  # a code of ours; its type says where its words stand
            return fact
        case str():
            return markup.clean_line(fact)
        case Passage():
            passage = Passage(markup.clean(fact.text), markup.clean(fact.rich))
            return passage if passage.text.strip() or passage.rich else ""  # so that {% if answer %} is false
        case Chart():
            chart = replace(fact, labels=tuple(map(markup.clean_line, fact.labels)))
            return chart if chart.labels and chart.series else None  # so that {% if chart %} is false
        case Line():
            return _cleaned_line(fact)
        case tuple():
            return tuple(_cleaned_item(item) for item in fact)  # type: ignore[return-value]
        case _:
            return fact


def _cleaned_item(item: str | Line) -> str | Line:
    if isinstance(item, Line):
        return _cleaned_line(item)
    return item if isinstance(item, StrEnum) else markup.clean_line(item)


def _cleaned_line(item: Line) -> Line:
    values = tuple((key, markup.clean_line(value)) for key, value in item.values)
    return replace(item, command=markup.clean_line(item.command), values=values)


@pass_context
def _put_out(context: Context, value: object) -> str:
    """What an expression of a template puts out: data, fenced off from what the template says itself."""
    if isinstance(value, Passage):
        return markup.fence_passage(value)
    if isinstance(value, Chart):
        spoken = _voice(context).words
        return markup.fence_ours(charts.text(value, spoken), charts.page(value, spoken))
    if isinstance(value, StrictUndefined):
        return str(value)  # raises, and names the unknown word
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TemplateRuntimeError(f"a {type(value).__name__} cannot be put out as it is: use a filter or a condition")
    text = str(value)
    if markup.fenced(text):
        raise TemplateRuntimeError("what a macro or a set block gives cannot be put out again: use include")
    return markup.fence(text)


def _environment(load: _Loader) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load), undefined=StrictUndefined, auto_reload=False, autoescape=False, cache_size=-1,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.clear()  # a template knows its facts and nothing else
    return environment


def _keep_line_ends(source: str) -> str:
    """A line of nothing but tags vanishes whole; a tag at the end of a sentence leaves its line break alone.

    jinja2's trim_blocks takes both line breaks; "+%}" exempts a tag from it.
    """
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if line.endswith(("%}", "#}")) and line[-3:-2] not in ("-", "+") and _TAG.sub("", line).strip():
            lines[number] = f"{line[:-2]}+{line[-2:]}"
    return "\n".join(lines)


def _voice(context: Context) -> _Voice:
    voice = context.resolve(_VOICE)
    if not isinstance(voice, _Voice):
        raise TemplateRuntimeError("this filter works only where a mail is rendered")
    return voice


@pass_context
def _day(context: Context, when: datetime) -> str:
    voice = _voice(context)
    return locales.day(_aware(when), voice.zone, voice.language)


@pass_context
def _moment(context: Context, when: datetime) -> str:
    voice = _voice(context)
    return locales.moment(_aware(when), voice.zone, voice.language)


@pass_context
def _say(context: Context, code: str | Line, section: str = "") -> str:
    return _voice(context).words.say(code, section)


@pass_context
def _language_name(context: Context, code: str) -> str:
    return locales.language_name(code, _voice(context).language)


@pass_context
def _topic(context: Context, topic: str) -> str:
    """Labels stand in the languages of the taxonomy: English, then the id, is better than no topic."""
    voice = _voice(context)
    labels = voice.topics.get(topic, {})
    return labels.get(voice.language) or labels.get("en") or topic


def _aware(when: object) -> datetime:
    if not isinstance(when, datetime):
        raise TemplateRuntimeError(f"a {type(when).__name__} is no time: guard it with a condition")
    return when
