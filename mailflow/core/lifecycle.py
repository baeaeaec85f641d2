"""The life of a ticket: which act moves it from which state to which, whose act it is, and what its clock does.

docs/lifecycle.md is drawn from this table (`make docs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mailflow.core.model import State


class Act(StrEnum):
    ASSIGN = "assign"  # an expert or a queue gets it
    UNASSIGN = "unassign"  # nobody has it: back to the coordinators
    ASK = "ask"  # we ask the requester something
    WRITE_AGAIN = "write_again"  # the requester adds to it
    SUBMIT = "submit"  # an answer is written, and a second person reads it
    RETURN = "return"  # the second person sends it back
    ANSWER = "answer"  # an answer left
    REFUSE = "refuse"  # it is inadmissible
    CLOSE = "close"
    EXPIRE = "expire"  # the requester never answered our question
    REOPEN = "reopen"


class Clock(StrEnum):
    """What an act does to the promise that the requester has."""

    KEEP = "keep"
    START = "start"  # a fresh deadline, and so an acknowledgement when the requester wrote
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"  # what was left is left again


@dataclass(frozen=True, slots=True)
class Move:
    act: Act
    states: tuple[State, ...]  # from any of these
    to: State | None  # None: it stays where it is
    clock: Clock
    by: str  # whose act it is


_WORKED_ON = (State.NEW, State.ASSIGNED, State.IN_REVIEW)
_SETTLED = (State.ANSWERED, State.CLOSED)
_OPEN = (State.NEW, State.ASSIGNED, State.WAITING, State.IN_REVIEW, State.ANSWERED)

TABLE: tuple[Move, ...] = (
    Move(Act.ASSIGN, _WORKED_ON, State.ASSIGNED, Clock.KEEP, "coordinator, expert"),
    Move(Act.ASSIGN, (State.WAITING,), None, Clock.KEEP, "coordinator"),
    Move(Act.ASSIGN, _SETTLED, State.ASSIGNED, Clock.START, "coordinator"),
    Move(Act.UNASSIGN, _WORKED_ON, State.NEW, Clock.KEEP, "expert who declines"),
    Move(Act.ASK, _WORKED_ON, State.WAITING, Clock.PAUSE, "expert, coordinator"),
    Move(Act.WRITE_AGAIN, _WORKED_ON, None, Clock.KEEP, "requester"),
    Move(Act.WRITE_AGAIN, (State.WAITING,), State.ASSIGNED, Clock.RESUME, "requester"),
    Move(Act.WRITE_AGAIN, _SETTLED, State.ASSIGNED, Clock.START, "requester"),
    Move(Act.SUBMIT, _WORKED_ON, State.IN_REVIEW, Clock.KEEP, "expert"),
    Move(Act.RETURN, (State.IN_REVIEW,), State.ASSIGNED, Clock.KEEP, "reviewer"),
    Move(Act.ANSWER, _OPEN, State.ANSWERED, Clock.STOP, "the mail server took it"),
    Move(Act.REFUSE, _OPEN, State.CLOSED, Clock.STOP, "coordinator"),
    Move(Act.CLOSE, _OPEN, State.CLOSED, Clock.STOP, "coordinator"),
    Move(Act.EXPIRE, (State.WAITING,), State.CLOSED, Clock.STOP, "the clock"),
    Move(Act.REOPEN, _SETTLED, State.ASSIGNED, Clock.START, "expert, coordinator"),
)
_MOVES = {(state, each.act): each for each in TABLE for state in each.states}


@dataclass(frozen=True, slots=True)
class Step:
    """What an act comes to for one ticket."""

    to: State
    clock: Clock


def move(state: State, act: Act) -> Step | None:
    """Where this act takes a ticket in this state; None: it changes nothing there."""
    found = _MOVES.get((state, act))
    return Step(found.to or state, found.clock) if found else None


def diagram() -> str:
    """The table as a state diagram (Mermaid)."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for each in TABLE:
        for state in each.states:
            to = (each.to or state).value
            clock = "" if each.clock is Clock.KEEP else f" [{each.clock.value}]"
            arrows.setdefault((state.value, to), []).append(f"{each.act.value}{clock}")
    rows = [f"    {start} --> {end}: {', '.join(acts)}" for (start, end), acts in arrows.items() if start != end]
    opened = (State.NEW, State.ASSIGNED, State.WAITING)  # waiting: the requester is asked which language they read
    begins = [f"    [*] --> {state.value}" for state in opened]
    return "\n".join(["stateDiagram-v2", *begins, *rows, "    closed --> [*]"])
