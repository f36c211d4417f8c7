"""The clocks of a case: one for each stage, one for each task; how acts start, hold and end them.

Limits of stages come from the catalogue, the handling limit from the standard that the case was
filed under. Spans count the instants at which acts count, so that a clock never runs backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from math import ceil

from lianqin.catalogue.queries import stage_limit
from lianqin.worktime import (
    ALERTS,
    Basis,
    BeyondHorizon,
    Calendar,
    Clock,
    ClockState,
    Limit,
    Span,
    Unit,
    allowed,
    due,
    next_alert,
    plain,
    used,
)

from .lifecycle import ENDED, IN_HAND, State
from .models import Case, StageClock, Task

#: The stage whose clock runs while a case stands in a state.
STAGE = {
    State.REPORTED: "intake",
    State.VERIFYING: "verify",
    State.FILED: "dispatch",
    State.DISPATCHED: "accept",
    State.TO_CHECK: "check",
    State.TO_REPLY: "reply",
    State.TO_CLOSE: "close",
}
HANDLE, JOINT = "handle", "joint"

#: The calendar is read only where a limit counts working or duty time.
Days = Callable[[], Calendar]
_EVER = date(1999, 1, 1), date(2199, 12, 31)
#: Day and night count alike in minutes and natural days, whatever the calendar says.
ANY_DAY = plain("UTC", *_EVER)


def clock_of(row: StageClock) -> Clock:
    """The row as the pure clock that the rules of time know."""
    return Clock(
        Limit(row.limit_value, Unit.parse(row.limit_unit)),
        tuple(Span(_read(start), _read(end) if end else None) for start, end in row.spans),
        tuple(Limit(value, Unit.parse(unit)) for value, unit in row.added),
        row.stopped_at,
    )


def keep(row: StageClock, clock: Clock, days: Days) -> StageClock:
    """Write a changed clock into its row, with all that follows from it.

    A clock that reaches into days nobody has entered holidays for counts weekends alone there and
    says so (`plain`): a dispatch on the last night of a year must not fail for want of the new
    year. The holidays that are known stay known.
    """
    row.spans = [[s.start.isoformat(), s.end.isoformat() if s.end else None] for s in clock.spans]
    row.added = [[more.value, more.unit.value] for more in clock.added]
    row.stopped_at = clock.stopped_at
    row.paused_at = clock.changed_at if clock.state is ClockState.PAUSED else None
    _reckon(row, clock, days, _follow)
    row.save()
    return row


def give(row: StageClock, share: int, days: Days) -> StageClock:
    """Note in the row that the alert at `share` percent has been given, and when the next is due.

    Nothing else of the clock changes.
    """
    row.alerted = share
    _reckon(row, clock_of(row), days, _alert_next)
    row.save(update_fields=["alerted", "next_alert_at", "plain"])
    return row


def next_share(row: StageClock) -> int | None:
    """The share in percent of which the next alert speaks; None after the last."""
    return next((int(s * 100) for s in ALERTS if s * 100 > row.alerted), None)


def _reckon(
    row: StageClock, clock: Clock, days: Days, how: Callable[[StageClock, Clock, Calendar], None]
) -> None:
    if clock.limit.unit.basis is Basis.CONTINUOUS:
        how(row, clock, ANY_DAY)
        return
    known = days()
    try:
        how(row, clock, known)
        row.plain = False
    except BeyondHorizon:
        row.plain = True
        how(row, clock, replace(known, valid_from=_EVER[0], valid_until=_EVER[1]))


def _follow(row: StageClock, clock: Clock, days: Calendar) -> None:
    row.due_at = due(clock, days)
    # Late is who worked on past the instant that lists and alerts show, be it a Saturday.
    ends = row.due_at
    row.late = ends is not None and any(s.end is not None and s.end > ends for s in clock.spans)
    at = clock.changed_at
    assert at is not None
    row.used_s = round(used(clock, at, days).total_seconds())
    row.allowed_s = round(allowed(clock, days).total_seconds())
    _alert_next(row, clock, days)


def _alert_next(row: StageClock, clock: Clock, days: Calendar) -> None:
    """Only a clock that runs has an alert before it: one that passed shortly before a pause is
    given when it runs on. The last is given when the row says that it is due, whatever has been
    entered in the calendar since."""
    coming = None
    if clock.state is ClockState.RUNNING:
        coming = next_alert(clock, days, Fraction(row.alerted, 100))
    if coming is None:
        row.next_alert_at = None
    else:
        row.next_alert_at = row.due_at if coming[0] == 1 else coming[1]


def begin(
    case: Case, stage: str, at: datetime, limit: Limit, days: Days, task: Task | None = None
) -> StageClock:
    """Start a fresh clock at `at`."""
    return _new(case, stage, Clock(limit).start(at), days, task)


def carry(task: Task, before: StageClock, at: datetime, days: Days) -> StageClock:
    """Go on with what the same crew or unit had left when it sent the task back."""
    stood = clock_of(before)
    resting = Clock(stood.limit, stood.spans, stood.added)
    return _new(task.case, before.stage, resting.resume(at), days, task, before.alerted)


def _new(
    case: Case, stage: str, clock: Clock, days: Days, task: Task | None, alerted: int = 0
) -> StageClock:
    assert clock.started_at is not None
    row = StageClock(
        case=case,
        task=task,
        stage=stage,
        limit_value=clock.limit.value,
        limit_unit=clock.limit.unit.value,
        started_at=clock.started_at,
        alerted=alerted,
    )
    return keep(row, clock, days)


def change(
    rows: Iterable[StageClock], days: Days, how: Callable[[Clock], Clock]
) -> list[StageClock]:
    """Apply one change to several clocks."""
    return [keep(row, how(clock_of(row)), days) for row in rows]


def running(rows: Iterable[StageClock]) -> list[StageClock]:
    """Those that run now."""
    return [row for row in rows if row.stopped_at is None and row.paused_at is None]


def paused(rows: Iterable[StageClock]) -> list[StageClock]:
    """Those that are held."""
    return [row for row in rows if row.stopped_at is None and row.paused_at is not None]


def open_clocks(case: Case) -> list[StageClock]:
    """Clocks of a case that have not been stopped, locked."""
    rows = StageClock.objects.select_for_update(of=("self",)).select_related("task")
    return list(rows.filter(case=case, stopped_at=None).order_by("id"))


def dispatch_limit(case: Case, at: datetime) -> Limit | None:
    """How long handling may take from `at`: up to the deadline of the platform that sent the
    ticket (whole minutes, one at least), else the limit of the standard."""
    if case.deadline is not None:
        minutes = ceil((case.deadline - at).total_seconds() / 60)
        return Limit(max(1, minutes), Unit.MINUTE)
    if case.limit_value:
        return Limit(case.limit_value, Unit.parse(case.limit_unit))
    return None


def turn(case: Case, came_from: State, at: datetime, today: date, days: Days) -> None:
    """Let the stage clocks follow a change of state, and copy the one that counts to the case."""
    to, rows = State(case.state), open_clocks(case)
    if to is not came_from:
        _leave(rows, came_from, to, at, days)
        rows = _enter(case, rows, to, at, today, days)
    mirror(case, rows)


def open_first(case: Case, at: datetime, today: date, days: Days) -> None:
    """Start the clock of the state in which a case begins."""
    mirror(case, _enter(case, [], State(case.state), at, today, days))


def _leave(rows: list[StageClock], came_from: State, to: State, at: datetime, days: Days) -> None:
    if to in ENDED:
        change([r for r in rows if r.stopped_at is None], days, lambda c: c.stop(at))
        return
    left = [r for r in rows if r.task_id is None and r.stage == STAGE.get(came_from)]
    if to is State.VERIFYING:  # whoever verifies takes the time off the intake's clock
        change(running(left), days, lambda c: c.pause(at))
    elif left:
        change([r for r in left if r.stopped_at is None], days, lambda c: c.stop(at))


def _enter(
    case: Case,
    rows: list[StageClock],
    to: State,
    at: datetime,
    today: date,
    days: Days,
) -> list[StageClock]:
    stage = STAGE.get(to)
    if stage is None:
        return rows
    held = [r for r in paused(rows) if r.task_id is None and r.stage == stage]
    if held:
        change(held, days, lambda c: c.resume(at))
        return rows
    limit = stage_limit(stage, today)
    return [*rows, begin(case, stage, at, limit, days)] if limit else rows


def mirror(case: Case, rows: Iterable[StageClock]) -> None:
    """Copy the clock that counts now to the case: the lead task's while it is in hand, else the
    stage's; an ended case keeps its last handling clock."""
    state = State(case.state)
    if state in IN_HAND:
        now = [r for r in rows if r.stage == HANDLE and r.task_id and r.task and r.task.lead]
    elif state in ENDED:
        handled = StageClock.objects.filter(case=case, stage=HANDLE, task__lead=True)
        now = list(handled.order_by("id"))
    else:
        now = [r for r in rows if r.task_id is None and r.stage == STAGE.get(state)]
    shown = now[-1] if now else None
    case.clock_stage = shown.stage if shown else ""
    case.clock_started_at = shown.started_at if shown else None
    case.clock_paused_at = shown.paused_at if shown else None
    case.clock_due_at = shown.due_at if shown else None
    case.clock_stopped_at = shown.stopped_at if shown else None
    case.clock_used_s = shown.used_s if shown else 0
    case.clock_allowed_s = shown.allowed_s if shown else 0
    case.clock_late = shown.late if shown else False
    case.clock_limit_value = shown.limit_value if shown else None
    case.clock_limit_unit = shown.limit_unit if shown else ""


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
