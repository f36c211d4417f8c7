"""The handling clock of a task: when it starts, what is left of it after a rework."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lianqin.worktime import BeyondHorizon, Calendar, Limit, advance, due_at, elapsed, plain, span

from .models import Case, Task


def start(case: Case, task: Task, at: datetime, limit: Limit, calendar: Calendar) -> bool:
    """Start the clock at `at`; True when the calendar could not say and plain weeks were used.

    A dispatch at three in the morning of the first of January must not fail because nobody has
    entered the new year's holidays yet: then weekends alone are off, and the entry says so.
    """
    try:
        due, used_plain = due_at(at, limit, calendar), False
    except BeyondHorizon:
        due, used_plain = due_at(at, limit, _plain(calendar)), True
    _set(case, task, started=at, due=due)
    return used_plain


def resume(case: Case, task: Task, at: datetime, limit: Limit, calendar: Calendar) -> None:
    """Run on with what was left when the clock stopped; the time of the check is not counted."""
    assert task.clock_started_at is not None
    assert task.clock_stopped_at is not None
    left = timedelta()
    for days in (calendar, _plain(calendar)):
        try:
            used = elapsed(task.clock_started_at, task.clock_stopped_at, limit.unit, days)
            left = max(span(limit, days) - used, timedelta())
            due = advance(at, left, limit.unit.basis, days)
            break
        except BeyondHorizon:
            continue
    _set(case, task, started=task.clock_started_at, due=due)


def _plain(calendar: Calendar) -> Calendar:
    return plain(calendar.zone, date(2000, 1, 1), date(2199, 12, 31))


def _set(case: Case, task: Task, *, started: datetime, due: datetime) -> None:
    for row in (case, task):
        row.clock_started_at = started
        row.clock_due_at = due
        row.clock_stopped_at = None
