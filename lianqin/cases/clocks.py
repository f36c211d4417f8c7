"""The handling clock of a task: when it starts, what is left of it after a rework or a return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from lianqin.worktime import BeyondHorizon, Calendar, Limit, Unit, advance, due_at, elapsed, plain

from .models import Case, Task


def start(case: Case, task: Task, at: datetime, limit: Limit, calendar: Calendar) -> bool:
    """Start the clock at `at`; True when the calendar could not say and plain weeks were used.

    A dispatch at three in the morning of the first of January must not fail because nobody has
    entered the new year's holidays yet: then weekends alone are off, and the entry says so.
    """
    due, used_plain = _said(calendar, lambda days: due_at(at, limit, days))
    _set(case, task, started=at, due=due)
    return used_plain


def resume(
    case: Case, task: Task, at: datetime, unit: Unit, calendar: Calendar, *, after: Task
) -> bool:
    """Run on from `at` with what was left when the clock of `after` stopped; True as for `start`.

    `after` is the task itself when it is worked again, or the one that the same crew or unit sent
    back. What was left lies between the stop and the due instant, so that the time of a check or
    of a return is never counted, however often there was one; an overdue clock has nothing left.
    """
    stopped, due_then = after.clock_stopped_at, after.clock_due_at
    assert stopped is not None
    assert due_then is not None
    due, used_plain = _said(
        calendar,
        lambda days: advance(at, elapsed(stopped, due_then, unit, days), unit.basis, days),
    )
    started = task.clock_started_at if after is task else at
    assert started is not None
    _set(case, task, started=started, due=due)
    return used_plain


def _said(calendar: Calendar, ask: Callable[[Calendar], datetime]) -> tuple[datetime, bool]:
    """What the calendar answers, or plain weeks where it does not reach (then True)."""
    try:
        return ask(calendar), False
    except BeyondHorizon:
        return ask(plain(calendar.zone, date(1999, 1, 1), date(2199, 12, 31))), True


def _set(case: Case, task: Task, *, started: datetime, due: datetime) -> None:
    for row in (case, task):
        row.clock_started_at = started
        row.clock_due_at = due
        row.clock_stopped_at = None
