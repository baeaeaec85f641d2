"""Those who watch over the desk; and everybody together."""

from __future__ import annotations

import random
from functools import partial

from bench.year import letters, texts
from bench.year.askers import Asker
from bench.year.leaves import leaves_of
from bench.year.letters import Letter
from bench.year.staff import Member, lines_of
from bench.year.world import World
from mailflow.core.effects import Passage
from mailflow.core.model import Role
from mailflow.core.wording import Line


class Coordinator(Member):
    """Routes what no rule could, looks at the shelf, and acts on what is late."""

    def _question(self, letter: Letter) -> None:
        flags = letter.send.facts["flags"]
        nobody = not letter.send.facts["queue"] or (isinstance(flags, tuple) and "no_expert" in flags)
        if nobody:
            self._keeps(letter)

    def _assignment(self, letter: Letter) -> None:
        self._keeps(letter)

    def _keeps(self, letter: Letter) -> None:
        """One of the coordinators looks at it first, by the number's last figure; the other when it was forgotten."""
        self.open[letter.ref] = letter
        if self._is_mine(letter.ref) and not self._does(self.habits.forgets):
            self._plans(letter.ref, 0.4, self._turns_to)

    def _is_mine(self, ref: str) -> bool:
        those = self.world.policy.coordinators
        return those[int(ref[-1]) % len(those)] == self.slug

    def _more(self, letter: Letter) -> None:
        flags = letter.send.facts["flags"]
        refused = isinstance(flags, tuple) and "refused_before" in flags
        if not refused and self._is_mine(letter.ref):
            self.open[letter.ref] = letter
            self._plans(letter.ref, 1, partial(self._turns_to, straight=True))
        elif self._is_mine(letter.ref):
            self._later(1, partial(self._writes, letter, "#reopen" if self._does(0.3) else "#note It stays refused."))

    def _turns_to(self, ref: str, *, straight: bool = False) -> None:
        del straight
        letter = self.open.pop(ref)
        self._writes(letter, self._ruling(letter))

    def _ruling(self, letter: Letter) -> str:
        """What becomes of a question that nobody has."""
        flags, lead = letter.send.facts.get("flags", ()), self._lead(letter)
        suspect = isinstance(flags, tuple) and "maybe_inadmissible" in flags
        if self._does(0.8 if suspect else 0.04):
            return f"#inadmissible {self.chance.choice(('individual_claim', 'another_service', 'dispute'))}"
        queue = next((q.name for q in self.world.policy.queues.values() if lead in q.topics), "")
        if queue and letter.send.template == "question":
            return f"#queue {queue}\n#title {lead.replace('_', ' ')}\n{self.chance.choice(texts.NOTES)}"
        if self._does(0.5):
            return f"#assign {self._somebody()}\n{self.chance.choice(texts.NOTES)}"
        return self._signed(texts.answer(self._language_for(letter), self.chance))

    def _lead(self, letter: Letter) -> str:
        """What they see that it is about."""
        question = letter.send.facts.get("question")
        text = question.text if isinstance(question, Passage) else ""
        found = (asker.question for asker in self.subjects.values() if asker.question.text[:60] in text)
        return next((each.lead for each in found), "")

    def _somebody(self, but: str = "") -> str:
        """An expert who is there, as far as they know."""
        today = self.calendar.day_of(self.world.now)
        fit = [s for s, each in self.colleagues.items() if each.answers and s != but and not each.leave_on(today)]
        return self.chance.choice(fit)

    # ------------------------------------------------------------ what is late

    def _hears_of(self, letter: Letter, line: Line) -> None:
        if self._is_mine(line.command) or self._does(0.3):
            self._later(0.4, partial(self._rescues, letter, line))

    def _rescues(self, letter: Letter, line: Line) -> None:
        """They telephone, or give it to somebody else."""
        ref = line.command
        if line.what != "answer" or self._does(0.6):
            self._chases(ref)
        else:
            has = next((slug for slug, other in self.colleagues.items() if ref in other.open), "")
            self._writes(letter, f"#on {ref}\n#assign {self._somebody(has)}\n{texts.NOTES[1]}")

    def _away(self, letter: Letter) -> None:
        for line in lines_of(letter, "lines"):
            if line.what == "answer" and self._is_mine(line.command) and self._does(0.5):
                text = f"#on {line.command}\n#assign {self._somebody()}\n{texts.NOTES[0]}"
                self._later(0.3, partial(self._writes, letter, text))

    def _digest(self, letter: Letter) -> None:
        for line in lines_of(letter, "late"):
            if self._does(0.2):
                self._later(0.3, partial(self._rescues, letter, line))
        for line in lines_of(letter, "shelf"):
            if self._does(0.3):
                self._later(0.3, partial(self._writes, letter, f"#on {line.command}\n#drop"))
        for line in lines_of(letter, "publications"):
            if self._does(0.2):
                self._later(0.5, partial(self._writes, letter, f"#on {line.command}\n#publish never"))

    # ------------------------------------------------------------ trouble

    def _shelf(self, letter: Letter) -> None:
        mine = int(letter.at.timestamp()) % 2 == self.world.policy.coordinators.index(self.slug) % 2
        if (mine and not self._does(0.15)) or letter.send.facts["late"]:
            self._later(0.4, partial(self._writes, letter, "#drop" if self._does(0.7) else "#release"))

    def _undelivered(self, letter: Letter) -> None:
        if self._is_mine(letter.ref or "0"):
            lost = letter.send.facts["what"] == "answer"  # nobody will ever read it
            self._later(
                0.5, partial(self._writes, letter, "#close" if lost else "#note That is the address they gave.")
            )

    def _declined(self, letter: Letter) -> None:
        if letter.send.facts["what"] == "translation":
            self._later(0.3, partial(self._writes, letter, f"#assign {self._somebody()}\n{texts.NOTES[1]}"))

    def enters_a_question(self) -> None:
        """Somebody telephoned."""
        language = self.chance.choice(list(texts.TELEPHONE))
        text = f"#new by telephone, {language}\n\n{texts.TELEPHONE[language]}"
        self.world.takes_in(letters.new(self.author, "A call", text, self.world.now))


def team(world: World, askers: list[Asker]) -> dict[str, Member]:
    """Everybody of the shipped people.toml, at work."""
    subjects = {asker.address: asker for asker in askers}
    found: dict[str, Member] = {}
    chance = random.Random(world.seed + 2)
    for slug, member in world.policy.people.items():
        leaves = leaves_of(slug, world.first.date(), world.last.date(), chance)
        kind = Coordinator if Role.COORDINATOR in member.roles else Member
        found[slug] = kind(world, slug, subjects, found, leaves)
        world.readers.update(dict.fromkeys(member.addresses, found[slug]))
    return found
