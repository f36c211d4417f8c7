"""What is kept of every row for the comparison at the end: a few figures, no texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .queueing import BY_HANDS, Planned, Step

#: Who an act belongs to in the account of waiting and working.
CHECKS = frozenset({"check_pass", "check_fail", "verify"})
STAGES = ("desk", "hands", "check", "elsewhere")
_NONE = timedelta()


@dataclass(slots=True)
class Time:
    """Where the time of a case went: waiting for a person, closed hours, somebody's work."""

    busy: timedelta = _NONE
    closed: timedelta = _NONE
    worked: timedelta = _NONE

    def add(self, step: Step) -> None:
        """Count one act."""
        self.busy += step.busy
        self.closed += step.closed
        self.worked += step.worked

    @property
    def whole(self) -> timedelta:
        """All of it."""
        return self.busy + self.closed + self.worked


@dataclass(slots=True)
class Told:
    """One row: what the file says of it, and what the model made of it."""

    service: str
    created: datetime | None
    due: datetime | None
    closed: datetime | None
    dispatched: datetime | None = None
    handled: datetime | None = None
    ended: datetime | None = None
    sent_back: bool = False
    failed: bool = False
    stages: dict[str, Time] = field(default_factory=dict)


def stage_of(act: str) -> str:
    """Whose time an act takes: the desk's, the hands', the checker's, the platform's."""
    if act in BY_HANDS:
        return "hands"
    if act == "closed_elsewhere":
        return "elsewhere"
    return "check" if act in CHECKS else "desk"


def told(plan: Planned) -> Told:
    """The figures of a planned request."""
    request = plan.request
    row = Told(request.service, request.created, request.due, request.closed)
    for step in plan.steps:
        row.stages.setdefault(stage_of(step.act), Time()).add(step)
        if step.act == "dispatch" and row.dispatched is None:
            row.dispatched = step.done
        if step.act == "report_back":
            row.handled = step.done
        row.sent_back |= step.act == "send_back"
        row.failed |= step.act == "check_fail"
        row.ended = step.done
    return row
