"""One TOML file, read against its declaration: every mistake is told, and what is right is kept for later checks."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import rtoml
from pydantic import ValidationError

from mailflow.config.declared import Declared, Location, Section, below, key_path
from mailflow.config.problems import Problems, listing, suggestion
from mailflow.config.values import Hint, toml

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

File = TypeVar("File", bound=Section)
Table = dict[str, object]
SECRETS = frozenset({"password", "secret", "token", "master_key", "client_secret", "access_token", "refresh_token"})
_WHERE = re.compile(r" \(at (line [0-9]+, column [0-9]+|end of document)\)$")
_KEY = ("[key]",)  # pydantic's place for a wrong name of a table
_LONGEST = 60  # letters of a wrong value that a sentence repeats
_GONE = object()  # stands where a wrong item of a list stood, so that the others keep their number


def read_toml(path: Path, file: str, problems: Problems, missing: str = "there is no such file") -> Table | None:
    """The file's tables; None, and a problem, when there is no such file (said as `missing`) or it is no TOML."""
    try:
        return _tables(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        where = _WHERE.search(message)
        problems.add(file, where[1] if where else "", f"not valid TOML: {_WHERE.sub('', message).lower()}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.add(file, f"line {line}", "not UTF-8: save the file as UTF-8")
    except FileNotFoundError:
        problems.add(file, "", missing)
    except OSError as error:
        problems.add(file, "", f"cannot be read ({error.strerror})")
    return None


def _tables(text: str) -> Table:
    """By the fast reader; the standard one is asked only what is wrong with a text that is no TOML."""
    try:
        return rtoml.loads(text)
    except rtoml.TomlParsingError:
        return tomllib.loads(text)


def checked(declaration: type[File], raw: Table, file: str, problems: Problems) -> File | None:
    """The file as its declaration has it, with what is wrong reported and left out.

    None when so much is missing that nothing of it can be judged any further. Whoever uses the result must stop
    when there are problems.
    """
    with suppress(ValidationError):
        return declaration.model_validate(raw)
    rest = copy.deepcopy(raw)
    wrong = _wrong(declaration, rest)
    for one in wrong:
        problems.add(file, *_told(declaration, raw, one))
    while wrong:
        if not all(_drop(rest, _blamed(one)) for one in wrong):
            return None
        _sweep(rest)
        wrong = _wrong(declaration, rest)  # what falls with the things left out was told already
    return declaration.model_validate(rest)


def _wrong(declaration: type[Section], raw: Table) -> list[ErrorDetails]:
    try:
        declaration.model_validate(raw)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _told(declaration: type[Section], raw: Table, error: ErrorDetails) -> tuple[str, str]:
    """The key and the sentence of one of pydantic's errors."""
    of_the_key = error["loc"][-1:] == _KEY
    key, declared = key_path(Declared(declaration), raw, error["loc"][:-1] if of_the_key else error["loc"])
    if of_the_key:
        return key, 'is no name for a table here: it must be lower-case letters, digits, "-" and "_"'
    if error["type"] == "missing" and declared:
        return key, f"is missing: it must be {declared.must_be()}"
    if error["type"] == "extra_forbidden":
        return key, _unknown_key(declaration, raw, error["loc"])
    if declared is None:
        return key, f"is not allowed here: {error['msg']}"
    said = error.get("ctx", {})
    if error["type"] in ("too_short", "too_long"):
        bound = f"at least {said['min_length']}" if "min_length" in said else f"at most {said['max_length']}"
        return key, f"must have {bound}, and has {said['actual_length']}"
    reason = said.get("error")
    hint = str(reason) if isinstance(reason, Hint) else ""
    instead = "" if declared.private else f", not {_brief(error['input'])}"
    return key, f"must be {declared.must_be()}{instead}{hint}"


def _unknown_key(declaration: type[Section], raw: Table, location: Location) -> str:
    _, table = key_path(Declared(declaration), raw, location[:-1])
    known = list(table.section.model_fields) if table and table.section else []
    name = str(location[-1])
    if name in SECRETS:
        return "a secret never stands in this file" + _instead(known, name)
    return f"unknown key{suggestion(name, known) or f'; the keys here are {listing(known)}'}"


def _instead(known: Collection[str], name: str) -> str:
    ways = [way for way in (f"{name}_env", f"{name}_file") if way in known]
    return f": use {' or '.join(ways)}" if ways else ""


def _brief(value: object) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    shown = toml(value)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."


def _blamed(error: ErrorDetails) -> Location:
    """What to leave out: the wrong value, or the table in which something is missing."""
    location = error["loc"]
    return location[:-1] if error["type"] == "missing" or location[-1:] == _KEY else location


def _drop(raw: object, location: Location) -> bool:
    """Take out what stands there, if an earlier mistake hasn't; False when that would be the whole file."""
    for part in location[:-1]:
        raw = below(raw, part)
    if isinstance(raw, dict) and location:
        raw.pop(location[-1], None)
    elif isinstance(raw, list) and isinstance(location[-1], int):
        raw[location[-1]] = _GONE
    return bool(location)


def _sweep(raw: object) -> None:
    for value in raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
        _sweep(value)
    if isinstance(raw, list):
        raw[:] = [item for item in raw if item is not _GONE]
