"""docs/reference/configuration.md, generated from the declarations: it cannot say anything else than they do."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic.fields import FieldInfo

from mailflow.config.declared import Declared, Section
from mailflow.config.machine import Machine
from mailflow.config.rules import FILES, SignsFile, SignWords, TopicsFile, TopicWords
from mailflow.core.coding import CUES, DAYS
from mailflow.core.routing import CONDITIONS

_HEAD = "| key | value | default | what it does |\n| --- | --- | --- | --- |"
_INTRODUCTION = """# Configuration

`config.toml` is the machine's: servers, storage, limits. `rules/*.toml` is the desk's: people, queues, topics,
deadlines. Unknown keys are errors, and `mailflow check` tells every mistake with its file and key. Changes in `rules/`
and `templates/` count at once, whole or not at all; changes in `config.toml` count after a restart.
"""
_TOPIC = TopicsFile.model_fields["topic"].description


def config_reference() -> str:
    """Every key of every file, with what it takes, its default and what it does, as Markdown."""
    files: dict[str, type[Section]] = {"config.toml": Machine}
    files |= {f"rules/{name}": declaration for name, declaration in FILES.items()}
    parts = [_INTRODUCTION]
    for file, declaration in files.items():
        parts += [f"## {file}\n", *_tables(declaration, "")]
    parts += ["## rules/topics/LANGUAGE.toml\n", f"### [TOPIC]\n\n{_TOPIC}\n", *_tables(TopicWords, "")]
    parts += ["## rules/signs/LANGUAGE.toml\n", *_signs(), *_tables(SignWords, "")]
    return "\n".join([*parts, *_conditions()])


def _signs() -> Iterator[str]:
    """The kinds of table, the cues and the days."""
    kinds = SignsFile.model_fields.items()
    yield "| table | what its words speak for |\n| --- | --- |"
    yield from (f"| `[{kind}.NAME]` | {field.description} |" for kind, field in kinds)
    yield "\n| cue | what it is for |\n| --- | --- |"
    yield from (f"| `[cue.{name}]` | {use} |" for name, use in CUES.items())
    yield f"\nDays without a date: {', '.join(f'`[day.{name}]`' for name in DAYS)}.\n"


def _tables(section: type[Section], name: str) -> Iterator[str]:
    """The section's own keys, then each of its tables under its own heading."""
    own = [(key, field) for key, field in section.model_fields.items() if _table_of(field) is None]
    if own:
        required_first = sorted(own, key=lambda item: not item[1].is_required())
        yield "\n".join([_HEAD, *(_row(key, field) for key, field in required_first)]) + "\n"
    for key, field in section.model_fields.items():
        if found := _table_of(field):
            below, title = found
            yield f"### {title.format(name + key)}\n\n{field.description}\n"
            yield from _tables(below, f"{name}{key}.")


def _table_of(field: FieldInfo) -> tuple[type[Section], str] | None:
    """The section that stands behind a key, and how its heading is written in TOML."""
    declared = Declared(field.annotation, tuple(field.metadata))
    if declared.section:
        return declared.section, "[{}]"
    if not (declared.inside and declared.inside.section):
        return None
    return declared.inside.section, "[[{}]]" if declared.is_list else "[{}.NAME]"


def _row(key: str, field: FieldInfo) -> str:
    declared = Declared(field.annotation, tuple(field.metadata))
    if field.is_required():
        default = "required"
    elif field.default is None:
        default = "left out"
    else:
        default = f"`{declared.shown(field.default)}`"
    return f"| `{key}` | {declared.must_be()} | {default} | {field.description} |"


def _conditions() -> Iterator[str]:
    yield "## Conditions of a rule\n"
    yield "| condition | holds when |\n| --- | --- |"
    yield from (f"| `{name}` | {condition.help} |" for name, condition in CONDITIONS.items())
    yield ""
