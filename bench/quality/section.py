"""What one part of the measurement found: figures against their aims, and every failure by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    reached: str  # as it is printed, with the counts it comes from: "97.2 % (104 of 107)"
    aim: str = ""  # as it is printed: "at least 97 %"; "" when nothing was aimed at
    met: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    about: str  # what was measured, on what, and how
    figures: tuple[Figure, ...]
    failures: tuple[
        str, ...
    ] = ()  # each in one line: the case's name, what was wanted, what came; no word of real mail
    notes: tuple[str, ...] = ()  # what a reader must know to believe the figures


def share(right: int, asked: int) -> float:
    """In percent; 100 when nothing was asked."""
    return 100 * right / asked if asked else 100.0


def at_least(what: str, right: int, asked: int, aim: float) -> Figure:
    """A figure in percent that must reach `aim`."""
    return Figure(
        what, f"{share(right, asked):.1f} % ({right} of {asked})", f"at least {aim:g} %", share(right, asked) >= aim
    )


def at_most(what: str, wrong: int, asked: int, aim: float) -> Figure:
    """A figure in percent that must not exceed `aim`."""
    reached = 100 * wrong / asked if asked else 0.0
    return Figure(what, f"{reached:.1f} % ({wrong} of {asked})", f"at most {aim:g} %", reached <= aim)


def none_of(what: str, wrong: int, asked: int) -> Figure:
    return Figure(what, f"{wrong} of {asked}", "none", not wrong)
