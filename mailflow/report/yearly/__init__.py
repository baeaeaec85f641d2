"""The yearly report: tables 1 to 5 and others, as the governing body gets it each March.

`settings_of`, `labels_of` and `read_words` make values of what the files say; `year` makes the report of them and of
the cases; `formats` writes it down, `frozen` keeps what was handed in, `uncoded` and `coded` take codes out and in.
"""

from __future__ import annotations

from mailflow.report.yearly.labels import Labels, labels_of
from mailflow.report.yearly.settings import Settings, settings_of
from mailflow.report.yearly.values import Chapter, Difference, Figure, Finding, Report, Row, Table
from mailflow.report.yearly.words import Words, read_words
from mailflow.report.yearly.year import year

__all__ = [
    "Chapter", "Difference", "Figure", "Finding", "Labels", "Report", "Row", "Settings", "Table", "Words", "labels_of",
    "read_words", "settings_of", "year",
]  # fmt: skip
