"""The files of the repository itself, as an installation begins with them."""

import tomllib
from pathlib import Path

import pytest

from mailflow.config import config_reference, load
from mailflow.config.declared import Declared
from mailflow.config.machine import Machine

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "config.toml").read_text(encoding="utf-8")
YOURS = {"desk.name", "desk.address", "desk.zone", "smtp.host", "smtp.user", "smtp.password_env", "mailbox.name"}
YOURS |= {"mailbox.host", "mailbox.user", "mailbox.password_env", "auth.method"}


def keys():
    """Every key of config.toml as declared: section, key and field."""
    for section, field in Machine.model_fields.items():
        declared = Declared(field.annotation, tuple(field.metadata))
        below = declared.section or declared.inside.section
        yield from ((section, key, inner) for key, inner in below.model_fields.items())


def shipped(section, key):
    found = getattr(Machine.model_validate(tomllib.loads(TEXT)), section)
    return getattr(found[0] if isinstance(found, list) else found, key)


def stands_in_the_file(section, key):
    table = tomllib.loads(TEXT)[section]
    return key in (table[0] if isinstance(table, list) else table)


def test_the_shipped_files_have_no_mistake():
    settings, desk = load(ROOT)
    assert settings.mailboxes[0].host.endswith("example.org")
    assert desk.words


@pytest.mark.parametrize(("section", "key", "field"), [pytest.param(*k, id=f"{k[0]}.{k[1]}") for k in keys()])
def test_the_shipped_config_shows_each_key_with_its_default(section, key, field):
    value = shipped(section, key)
    if f"{section}.{key}" in YOURS:
        assert value, "a key of the operator's own has an example"
    elif field.default is None:
        assert f"\n# {key} = " in TEXT, "a key that may be left out is shown as a remark"
    else:
        assert stands_in_the_file(section, key)
        assert value == field.default


def test_the_reference_names_every_key_with_what_it_does():
    text = config_reference()
    for section, key, field in keys():
        assert f"| `{key}` |" in text, section
        assert field.description in text


def test_the_reference_shows_how_a_table_is_written():
    text = config_reference()
    for heading in ("### [desk]", "### [[mailbox]]", "### [person.NAME]", "### [[queue]]", "### [TOPIC]"):
        assert f"\n{heading}\n" in text


def test_the_reference_gives_defaults_as_the_file_writes_them():
    text = config_reference()
    assert (
        '| `undo` | a length of time such as "10 min" (units: s, min, h, d), from "0 s" to "1 d" | `"10 min"` |' in text
    )
    assert "| `closes` | a time such as 18:00:00 | `18:00:00` |" in text
    assert "| `port` | a whole number from 1 to 65535 | left out |" in text
