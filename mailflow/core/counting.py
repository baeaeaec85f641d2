"""What the yearly report counts: one value a ticket, without a word of a mail, so that it survives erasure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket, as the report sees it. Days are those of the desk's time zone."""

    ref: str
    opened: date
    answered: date | None = None  # when its first answer left
    admissible: bool | None = None  # None: nobody decided
    reason: str = ""  # why it is inadmissible, an id of rules/coding.toml
    language: str = "und"  # BCP 47
    # user_type, user_region, region (that is concerned), sector, topic, heard_from -> ids of rules/taxonomy.toml;
    # several where a question has several; none where nobody coded it.
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: int | None = None  # working days from opening to the first answer, pauses left out
    in_time: bool | None = None  # kept the promise
    published: date | None = None  # when its answer was published
