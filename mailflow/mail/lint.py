"""What is wrong with a set of templates: everything at once, each with file and line."""

from __future__ import annotations

import re
import tomllib
import traceback
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from jinja2 import TemplateError, TemplateSyntaxError, meta, nodes

from mailflow.core import audience, rounds
from mailflow.core import orders as _orders  # noqa: F401  registers the commands
from mailflow.core.commands import COMMANDS
from mailflow.core.model import Role, State, TaskKind
from mailflow.core.policy import Span
from mailflow.core.publication import KINDS
from mailflow.core.wording import Flag, Held, Reason, Said
from mailflow.mail import charts, locales, words
from mailflow.mail.render import LAYOUT, Facts, Letterhead, Templates
from mailflow.mail.samples import ACTIONS, NOW, SAMPLES
from mailflow.mail.words import Words

ALWAYS = frozenset({"desk", "address", "ref", "now"})
LAYOUT_FACTS = frozenset({"lang", "dir", "subject", "desk", "marker", "body", "actions"})
# What the sections of a staff language's words.toml must hold: these keys, and no others.
STAFF_SECTIONS: Mapping[str, frozenset[str]] = {
    "reasons": frozenset(Reason),
    "flags": frozenset(Flag),
    "said": frozenset(Said),
    "held": frozenset(held for held in Held if held),
    "roles": frozenset(Role),
    "states": frozenset(State),
    "actions": frozenset(ACTIONS),
    "templates": audience.TEMPLATES,
    "spans": frozenset(Span) | frozenset(TaskKind) | {rounds.REPLY},
    "kinds": KINDS,
    "commands": frozenset(COMMANDS),
    charts.SECTION: charts.WORDS,
}
REFERENCE = "en"  # the language that says which strings the top of every words.toml has


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    file: str
    line: int  # counted from 1; 0 when it is the whole file, or its absence
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


def check(
    templates: Templates,
    samples: Mapping[str, Sequence[Facts]] = SAMPLES,
    languages: Collection[str] = (),
    staff_languages: Collection[str] = ("en", "fr", "es"),
) -> list[Problem]:
    """Everything that is wrong in any language; what is checked is compiled, too, so the first mail doesn't wait.

    `languages` must be there besides those that have a folder; staff's templates must be in `staff_languages`.
    """
    found: list[Problem] = [*_layout(templates), *_encodings(templates)]
    for language in sorted({*templates.languages, *languages, *staff_languages}):
        staff = language in staff_languages
        found += _words(templates, language, staff=staff)
        for name, sets in samples.items():
            if staff or name in audience.TO_REQUESTER:
                found += _template(templates, f"{language}/{name}.txt", sets)
        found += _strangers(templates, language, samples)
    return sorted(set(found))


def _layout(templates: Templates) -> Iterator[Problem]:
    if templates.source(LAYOUT) is None:
        yield Problem(_file(templates, LAYOUT), 0, "the layout of all HTML bodies is missing")
    else:
        yield from _syntax(templates, LAYOUT, LAYOUT_FACTS)


def _encodings(templates: Templates) -> Iterator[Problem]:
    for path in templates.paths:
        before, wrong, _ = (templates.source(path) or "").partition("\ufffd")
        if wrong:
            yield Problem(_file(templates, path), before.count("\n") + 1, "this is not UTF-8")


def _template(templates: Templates, path: str, sets: Sequence[Facts]) -> Iterator[Problem]:
    """One template: its syntax and its words; when these are right, how it renders with every set of facts."""
    source = templates.source(path)
    file = _file(templates, path)
    if source is None:
        yield Problem(file, 0, "this template is missing")
        return
    wrong = [*_heading(file, source), *_syntax(templates, path, ALWAYS.union(*sets))]
    yield from wrong
    if not wrong:
        yield from (problem for facts in sets for problem in _rendering(templates, path, facts))


def _heading(file: str, source: str) -> Iterator[Problem]:
    first, _, rest = source.partition("\n")
    if not first.startswith("Subject: "):
        yield Problem(file, 1, "the first line must be “Subject: ...”")
    if rest.partition("\n")[0].strip():
        yield Problem(file, 2, "a blank line must stand between the subject and the body")


def _syntax(templates: Templates, path: str, known: Collection[str]) -> Iterator[Problem]:
    environment, file = templates.environment, _file(templates, path)
    try:
        tree = environment.parse(templates.source(path) or "")
    except TemplateSyntaxError as error:
        yield Problem(file, error.lineno, error.message or "this is no template")
        return
    for used in tree.find_all(nodes.Filter):
        if used.name not in environment.filters:
            yield Problem(file, used.lineno, f"there is no filter “{used.name}”")
    for test in tree.find_all(nodes.Test):
        if test.name not in environment.tests:
            yield Problem(file, test.lineno, f"there is no test “{test.name}”")
    unknown = _undeclared(tree) - {*known}
    for name in tree.find_all(nodes.Name):
        if name.name in unknown and name.ctx == "load":
            yield Problem(file, name.lineno, f"“{name.name}” is unknown here; known are: {', '.join(sorted(known))}")


def _undeclared(tree: nodes.Template) -> set[str]:
    """What a template takes from outside. jinja2 refuses unknown filters here, but those are told on their own."""
    try:
        return meta.find_undeclared_variables(tree)
    except TemplateError:
        return set()


def _rendering(templates: Templates, path: str, facts: Facts) -> Iterator[Problem]:
    language, _, name = path.removesuffix(".txt").partition("/")
    head = Letterhead("Helpdesk", "desk@example.org", "2026-0042", NOW, UTC, "a" * 29, "desk@example.org")
    try:
        templates.render(name, language, facts, head)
    except (TemplateError, LookupError, ValueError, TypeError) as error:
        file = str(templates.folder / path)
        yield Problem(file, _line_of_error(error, file), str(error.args[0] if error.args else error))


def _line_of_error(error: BaseException, file: str) -> int:
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return lines[-1] if lines else 0


def _words(templates: Templates, language: str, *, staff: bool) -> Iterator[Problem]:
    path = f"{language}/{words.NAME}"
    file, source = _file(templates, path), templates.source(path)
    try:
        locales.locale_of(language)
    except ValueError as error:
        yield Problem(str(templates.folder / language), 0, str(error))
    if source is None:
        yield Problem(file, 0, "the words of this language are missing")
        return
    try:
        held = words.read(source)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))  # else: "at end of document"
        yield Problem(file, int(line[1]) if line else len(source.splitlines()), str(error))
        return
    except ValueError as error:
        yield Problem(file, 0, str(error))
        return
    yield from _keys(file, source, "", held.top, _wanted_at_top(templates))
    yield from _sections(file, source, held, STAFF_SECTIONS if staff else {})


def _wanted_at_top(templates: Templates) -> frozenset[str]:
    try:
        return frozenset(templates.words(REFERENCE).top) | {"marker"}
    except (LookupError, ValueError):  # told where it stands
        return frozenset({"marker"})


def _sections(file: str, source: str, held: Words, wanted: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    for section, keys in wanted.items():
        if section in held.sections:
            yield from _keys(file, source, section, held.sections[section], keys)
        else:
            yield Problem(file, 0, f"the section [{section}] is missing")
    for said in Said if "said" in wanted else ():
        sentence = held.sections.get("said", {}).get(said, said.sentence)
        if words.blanks(sentence) != words.blanks(said.sentence):
            named = ", ".join(f"{{{blank}}}" for blank in sorted(words.blanks(said.sentence))) or "nothing"
            yield Problem(file, _line(source, "said", said), f"{said} must name {named} in braces, as in English")


def _keys(file: str, source: str, section: str, held: Mapping[str, str], wanted: Collection[str]) -> Iterator[Problem]:
    place = f"in [{section}]" if section else "at the top"
    for key in sorted({*wanted} - {*held}):
        yield Problem(file, _line(source, section), f"{key} is missing {place}")
    for key in sorted({*held} - {*wanted}):
        yield Problem(file, _line(source, section, key), f"{key} {place} is nothing that the desk says")
    for key in (key for key, word in held.items() if not word.strip()):
        yield Problem(file, _line(source, section, key), f"{key} {place} is empty")


def _line(source: str, section: str, key: str = "") -> int:
    """Where a section, or a key of it, stands in a TOML file; 0 when it isn't to be seen."""
    within = ""
    for number, line in enumerate(source.splitlines(), 1):
        text = line.strip()
        if text.startswith("["):
            within = text.split("]")[0].strip("[ ")
        if within == section and (not key or text.partition("=")[0].strip().strip("\"'") == key):
            return number
    return 0


def _strangers(templates: Templates, language: str, samples: Iterable[str]) -> Iterator[Problem]:
    """A file of a name that no mail has is a slip of the pen: nobody would ever notice it."""
    for name in templates.names(language):
        if name not in samples and not name.startswith("_"):
            path = _file(templates, f"{language}/{name}.txt")
            yield Problem(path, 0, "no mail has this name (a piece to include begins with an underscore)")


def _file(templates: Templates, path: str) -> str:
    return str(templates.folder / path)
