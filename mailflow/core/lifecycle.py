"""The life of a ticket: which act moves it from which state to which, and what that does to its clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mailflow.core.model import State


class Act(StrEnum):
    ASSIGN = "assign"  # an expert or a queue gets it
    UNASSIGN = "unassign"  # nobody has it: back to the coordinators
    WRITE_AGAIN = "write_again"  # the requester adds to it
    ANSWER = "answer"  # an answer left
    CLOSE = "close"


class Clock(StrEnum):
    KEEP = "keep"
    START = "start"  # a fresh deadline, and so an acknowledgement
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Move:
    to: State
    clock: Clock


_OPEN = (State.NEW, State.ASSIGNED, State.WAITING, State.IN_REVIEW, State.ANSWERED)
_BEING_WORKED_ON = (State.NEW, State.ASSIGNED, State.IN_REVIEW)

MOVES: dict[tuple[State, Act], Move] = {
    **{(state, Act.ASSIGN): Move(State.ASSIGNED, Clock.KEEP) for state in _BEING_WORKED_ON},
    **{(state, Act.ASSIGN): Move(State.ASSIGNED, Clock.START) for state in (State.ANSWERED, State.CLOSED)},
    (State.WAITING, Act.ASSIGN): Move(State.WAITING, Clock.KEEP),
    **{(state, Act.UNASSIGN): Move(State.NEW, Clock.KEEP) for state in _BEING_WORKED_ON},
    **{(state, Act.WRITE_AGAIN): Move(state, Clock.KEEP) for state in _BEING_WORKED_ON},
    **{
        (state, Act.WRITE_AGAIN): Move(State.ASSIGNED, Clock.START)
        for state in (State.WAITING, State.ANSWERED, State.CLOSED)
    },
    **{(state, Act.ANSWER): Move(State.ANSWERED, Clock.STOP) for state in _OPEN},
    **{(state, Act.CLOSE): Move(State.CLOSED, Clock.STOP) for state in _OPEN},
}


def move(state: State, act: Act) -> Move | None:
    """Where this act takes a ticket in this state; None: it changes nothing there."""
    return MOVES.get((state, act))
