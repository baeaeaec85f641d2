"""What can go wrong in the store, each as one sentence for a person. Never a word or an address of a mail."""

from __future__ import annotations


class StoreError(Exception):
    """The sentence says what is wrong and what to do next.

    `temporary`: the same thing may work later (disk full, locked, server away); nothing was wrong with what was asked.
    """

    def __init__(self, sentence: str, *, temporary: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.temporary = temporary


class Tampered(StoreError):  # noqa: N818 (what happened is its name)
    """A sealed value is damaged, or stands in another place than the one it was sealed for."""


class KeyGone(StoreError):  # noqa: N818
    """keys.db has no key for a sealed value.

    `erased`: it was deleted on purpose; otherwise keys.db is older than the database.
    """

    def __init__(self, sentence: str, *, erased: bool) -> None:
        super().__init__(sentence)
        self.erased = erased
