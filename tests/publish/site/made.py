"""An item for a test, changed as it needs it."""

from __future__ import annotations

from datetime import date

from mailflow.core.publication import Item


def item(name: str = "first", language: str = "en", **changes: object) -> Item:
    told = {
        "group": name,
        "title": f"Title of {name}",
        "question": "May one?\n\nReally?",
        "answer": "One may.",
        "topics": ("wages",),
        "month": date(2026, 3, 1),
    }
    return Item(id=name, language=language, **{**told, **changes})
