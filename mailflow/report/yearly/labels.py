"""The codes that the report counts by, with their labels: the taxonomy, as the report sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mailflow.report.yearly.settings import Mapped


@dataclass(frozen=True, slots=True)
class Code:
    id: str
    label: Mapping[str, str]  # language -> words
    domain: str = ""  # of a topic
    counts_as: str = ""  # the topic in whose row it is counted; "" for its own

    def said(self, language: str) -> str:
        """Its label, in English where there is none in the language, and else its id."""
        return self.label.get(language) or self.label.get("en") or self.id


@dataclass(frozen=True, slots=True)
class Labels:
    version: str
    # user_type, user_region, region (concerned), sector, domain, topic, heard_from, reason
    lists: Mapping[str, tuple[Code, ...]]

    def codes(self, of: str) -> tuple[Code, ...]:
        return self.lists.get(of, ())

    def code(self, of: str, id_: str) -> Code | None:
        return next((code for code in self.codes(of) if code.id == id_), None)

    def said(self, of: str, id_: str, language: str) -> str:
        code = self.code(of, id_)
        return code.said(language) if code else id_


def labels_of(taxonomy: Mapping[str, Any], reasons: Sequence[Mapping[str, Any]] = ()) -> Labels:
    """From rules/taxonomy.toml as it is read (or a checked model of it, dumped), and `reason` of rules/coding.toml."""
    lists = {name: _codes(taxonomy.get(name, ())) for name in ("user_type", "sector", "domain", "topic", "heard_from")}
    regions = taxonomy.get("region", ())
    lists["user_region"] = _codes(one for one in regions if one.get("user", True))
    lists["region"] = _codes(one for one in regions if one.get("concerned", True))
    lists["reason"] = _codes(reasons)
    return Labels(str(taxonomy.get("version", "")), lists)


def _codes(entries: Iterable[Mapping[str, Any]]) -> tuple[Code, ...]:
    return tuple(
        Code(one["id"], one["label"], one.get("domain", ""), one.get("report_category", "")) for one in entries
    )


def resolved(of: str, id_: str, mappings: Sequence[Mapped]) -> str:
    """The code under which `id_` counts today. ValueError when the mappings lead back to where they began."""
    seen = [id_]
    while step := next((one.new for one in mappings if one.of == of and one.old == seen[-1]), ""):
        if step in seen:
            raise ValueError(f"rules/report.toml: mapping: {' -> '.join((*seen, step))} goes round in a circle")
        seen.append(step)
    return seen[-1]
