"""What the declarations say of a key: the one source of error sentences and of the reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from types import UnionType
from typing import Annotated, Literal, TypeAlias, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from mailflow.config.problems import listing
from mailflow.config.values import Kind

Location: TypeAlias = tuple[int | str, ...]
_PLAIN: Mapping[object, str] = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date such as 2026-12-31",
    time: "a time such as 18:00:00",
}


class Section(BaseModel):
    """A table of a file. Every key is declared, and a value is taken as it stands or not at all."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, validate_default=False)


@dataclass(frozen=True, slots=True)
class Declared:
    """A key's type and what is said of it."""

    annotation: object
    metadata: tuple[object, ...] = ()

    def bare(self) -> Declared:
        """Without the wrappings `Annotated` and `| None`."""
        if get_origin(self.annotation) is Annotated:
            inner, *metadata = get_args(self.annotation)
            flat = [part for item in metadata for part in (item.metadata if isinstance(item, FieldInfo) else [item])]
            return Declared(inner, (*flat, *self.metadata)).bare()
        if get_origin(self.annotation) in (Union, UnionType):
            inner = next(part for part in get_args(self.annotation) if part is not type(None))
            return Declared(inner, self.metadata).bare()
        return self

    @property
    def section(self) -> type[Section] | None:
        bare = self.bare().annotation
        return bare if isinstance(bare, type) and issubclass(bare, Section) else None

    @property
    def kind(self) -> Kind | None:
        return next((item for item in self.bare().metadata if isinstance(item, Kind)), None)

    @property
    def private(self) -> bool:
        inside = self.inside
        return bool((self.kind and self.kind.private) or (inside and inside.private))

    @property
    def inside(self) -> Declared | None:
        """What an item of the list, or a value of the table, must be; None for what is neither."""
        bare = self.bare().annotation
        return Declared(get_args(bare)[-1]) if get_origin(bare) in (list, dict) else None

    @property
    def is_list(self) -> bool:
        return get_origin(self.bare().annotation) is list

    def child(self, part: int | str) -> Declared | None:
        if section := self.section:
            field = section.model_fields.get(str(part))
            return Declared(field.annotation, tuple(field.metadata)) if field else None
        return self.inside

    def must_be(self) -> str:
        """'a whole number from 1 to 65535', to stand after "must be"."""
        bare = self.bare()
        text = self.kind.text if self.kind else _plainly(bare)
        bounds = " ".join(self._bounds())
        return f"{text}{',' if bounds and self.kind else ''} {bounds}".rstrip()

    def shown(self, value: object) -> str:
        """A value of this type as the file writes it."""
        if isinstance(value, list | tuple) and self.inside:
            return f"[{', '.join(self.inside.shown(item) for item in value)}]"
        return (self.kind or Kind("")).show(value)

    def _bounds(self) -> Iterator[str]:
        for item in self.bare().metadata:
            if isinstance(item, Ge):
                yield f"from {self.shown(item.ge)}"
            elif isinstance(item, Gt):
                yield f"above {self.shown(item.gt)}"
            elif isinstance(item, Le):
                yield f"to {self.shown(item.le)}"


def _plainly(declared: Declared) -> str:
    annotation, inside = declared.annotation, declared.inside
    if get_origin(annotation) is list and inside:
        return "a list of tables" if inside.section else f"a list in brackets, each item {inside.must_be()}"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return f"one of {listing(str(member.value) for member in annotation)}"
    if get_origin(annotation) is Literal:
        return f"one of {listing(map(str, get_args(annotation)))}"
    if get_origin(annotation) is dict and inside and inside.annotation is not object:
        return f"a table, each value {inside.must_be()}"
    return _PLAIN.get(annotation, "a table")


def key_path(declared: Declared, raw: object, location: Location) -> tuple[str, Declared | None]:
    """How a person names the place ('mailbox "main": port'), and what is declared there, if anything is."""
    text, joint, here = "", "", declared
    for part in location:
        table = bool(here.section)
        raw = below(raw, part)
        found = here.child(part)
        if isinstance(part, int):
            text, joint = text + _item(raw, part), ": "
        elif not table and found and found.section:
            text, joint = f'{text} "{part}"', ": "
        else:
            text, joint = f"{text}{joint}{part}", "."
        if found is None:
            return text, None
        here = found
    return text, here


def below(raw: object, part: int | str) -> object:
    """The value under a key or at an index; None where there is none."""
    if isinstance(raw, dict):
        return raw.get(part)
    return raw[part] if isinstance(raw, list) and isinstance(part, int) else None


def _item(raw: object, index: int) -> str:
    """An entry by its own name where it has one, else by its number, counted from 1."""
    if not isinstance(raw, dict):
        return f": item {index + 1}"
    name = next((raw[key] for key in ("name", "id") if isinstance(raw.get(key), str)), "")
    return f' "{name}"' if name else f" {index + 1}"
