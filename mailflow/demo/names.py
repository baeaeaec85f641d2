"""How people are called on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from mailflow.core.model import Role
from mailflow.core.policy import Policy
from mailflow.demo.samples import Asker
from mailflow.mail.locales import language_name


class Side(StrEnum):
    """Where somebody stands; the value is the colour."""

    ASKER = "cyan"
    EXPERT = "green"
    COORDINATOR = "magenta"
    DESK = "bold"


class Names:
    def __init__(self, askers: Iterable[Asker], policy: Policy, desk: str) -> None:
        """`desk`: the desk's own address."""
        self._known = {asker.address: (asker.screen_name, Side.ASKER) for asker in askers}
        self._known |= {desk: (policy.desk, Side.DESK)}
        for person in policy.people.values():
            side = Side.COORDINATOR if Role.COORDINATOR in person.roles else Side.EXPERT
            self._known |= dict.fromkeys(person.addresses, (person.name, side))
        self._people = {slug: person.name for slug, person in policy.people.items()}

    def name(self, address: str) -> str:
        return self.known(address) or address

    def known(self, address: str) -> str:
        """Their name; "" of somebody who isn't of the demo."""
        return self._known.get(address, ("", Side.ASKER))[0]

    def side(self, address: str) -> Side:
        return self._known.get(address, (address, Side.ASKER))[1]

    def person(self, slug: str) -> str:
        return self._people.get(slug, slug)


def language(code: str) -> str:
    """In English."""
    return "Trad. Chinese" if code == "zh-Hant" else language_name(code, "en")
