"""What can go wrong in the store, each as one sentence for a person. Never a word or an address of a mail."""

from __future__ import annotations


class StoreError(Exception):
    """The machine or the installation is at fault, whatever was asked. The sentence says what to do next.

    `temporary`: the same thing may work later (disk full, locked, server away).
    """

    def __init__(self, sentence: str, *, temporary: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.temporary = temporary


class Unreadable(Exception):
    """One sealed value can't be opened. No StoreError: trying again is no use, and all others go on."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Tampered(Unreadable):
    """It is damaged, or stands in another place than the one it was sealed for."""


class KeyGone(Unreadable):
    """Its key is not in keys.db. `erased`: deleted on purpose; otherwise keys.db is older than the database."""

    def __init__(self, sentence: str, *, erased: bool) -> None:
        super().__init__(sentence)
        self.erased = erased
