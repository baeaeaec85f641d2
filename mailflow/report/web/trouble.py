"""What a person is told when the figures can't be had: one sentence, with the file and what to do."""

from __future__ import annotations


class WebTrouble(ValueError):
    """A log, an export or an earlier report that can't be used. Its text is for people, and holds no address."""
