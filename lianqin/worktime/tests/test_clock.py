"""Worked examples of clocks: start, pause, resume, restart, extend, stop, and the alerts."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from lianqin.worktime import (
    Clock,
    ClockError,
    ClockState,
    Limit,
    Unit,
    crossing,
    due,
    fraction,
    next_alert,
    overdue,
    remaining,
    used,
)
from lianqin.worktime.tests.test_limits import CHINA, at

TWO_URGENT = Limit(2, Unit.URGENT_HOUR)
TWO_WORK = Limit(2, Unit.WORK_HOUR)
HALF, MOST, WHOLE = Fraction(1, 2), Fraction(4, 5), Fraction(1)


def test_a_clock_that_runs_through_crosses_half_four_fifths_and_the_whole() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00"))
    assert crossing(clock, HALF, CHINA) == at("2026-11-23 21:00")
    assert crossing(clock, MOST, CHINA) == at("2026-11-23 21:36")
    assert crossing(clock, WHOLE, CHINA) == at("2026-11-23 22:00")


def test_the_due_instant_itself_is_still_in_time() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00"))
    assert not overdue(clock, at("2026-11-23 22:00"), CHINA)
    assert overdue(clock, at("2026-11-23 22:01"), CHINA)


def test_what_is_left_goes_below_zero() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00"))
    assert remaining(clock, at("2026-11-23 22:30"), CHINA) == timedelta(minutes=-30)


def test_a_pause_moves_everything_by_its_length() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00")).pause(at("2026-11-23 20:30"))
    assert due(clock, CHINA) is None
    clock = clock.resume(at("2026-11-23 21:15"))
    assert due(clock, CHINA) == at("2026-11-23 22:45")


def test_a_pause_over_the_noon_break_costs_a_work_clock_nothing() -> None:
    clock = Clock(TWO_WORK).start(at("2026-11-23 11:00"))
    paused = clock.pause(at("2026-11-23 12:00")).resume(at("2026-11-23 14:00"))
    assert due(paused, CHINA) == due(clock, CHINA) == at("2026-11-23 15:00")


def test_a_pause_over_a_weekend_costs_only_working_time() -> None:
    clock = Clock(TWO_WORK).start(at("2026-11-27 17:00")).pause(at("2026-11-27 17:30"))
    clock = clock.resume(at("2026-11-30 10:00"))
    assert due(clock, CHINA) == at("2026-11-30 11:30")


def test_a_pause_of_zero_leaves_the_same_clock() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00"))
    assert clock.pause(at("2026-11-23 20:30")).resume(at("2026-11-23 20:30")) == clock


def test_dispatched_to_another_unit_starts_over() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00")).extend().pause(at("2026-11-23 21:30"))
    fresh = clock.restart(at("2026-11-23 21:40"))
    assert due(fresh, CHINA) == at("2026-11-23 23:40")
    assert fresh.added == ()


def test_an_extension_adds_one_original_limit() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00")).extend()
    assert due(clock, CHINA) == at("2026-11-24 00:00")
    assert fraction(clock, at("2026-11-23 22:00"), CHINA) == 0.5


def test_two_extensions_add_two() -> None:
    clock = Clock(Limit(1, Unit.WORK_DAY)).start(at("2026-11-27 10:00")).extend().extend()
    assert due(clock, CHINA) == at("2026-12-02 10:00")


def test_work_days_may_be_extended_by_work_hours_but_not_by_urgent_ones() -> None:
    clock = Clock(Limit(1, Unit.WORK_DAY)).start(at("2026-11-23 08:00"))
    assert due(clock.extend(TWO_WORK), CHINA) == at("2026-11-24 10:00")
    with pytest.raises(ClockError) as caught:
        clock.extend(TWO_URGENT)
    assert caught.value.code == "other_basis"


def test_a_paused_clock_may_be_extended() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00")).pause(at("2026-11-23 21:00")).extend()
    assert due(clock.resume(at("2026-11-23 22:00")), CHINA) == at("2026-11-24 01:00")


def test_a_suspension_of_months_keeps_what_was_left() -> None:
    clock = Clock(TWO_WORK).start(at("2026-03-02 09:00")).pause(at("2026-03-02 10:00"))
    clock = clock.resume(at("2026-09-07 09:30"))
    assert due(clock, CHINA) == at("2026-09-07 10:30")


def test_a_clock_stopped_early_never_falls_due() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00")).stop(at("2026-11-23 21:30"))
    assert crossing(clock, HALF, CHINA) == at("2026-11-23 21:00")
    assert due(clock, CHINA) is None
    assert used(clock, at("2026-11-25 09:00"), CHINA) == timedelta(minutes=90)


def test_a_clock_stopped_late_remembers_when_it_fell_due() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00")).stop(at("2026-11-23 23:00"))
    assert due(clock, CHINA) == at("2026-11-23 22:00")
    assert overdue(clock, at("2026-11-24 09:00"), CHINA)


def test_alerts_come_one_after_the_other() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00"))
    assert next_alert(clock, CHINA) == (HALF, at("2026-11-23 21:00"))
    assert next_alert(clock, CHINA, HALF) == (MOST, at("2026-11-23 21:36"))
    assert next_alert(clock, CHINA, MOST) == (WHOLE, at("2026-11-23 22:00"))
    assert next_alert(clock, CHINA, WHOLE) is None


def test_a_paused_clock_alerts_nobody() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00")).pause(at("2026-11-23 20:30"))
    assert next_alert(clock, CHINA) is None


def test_an_alert_crossed_before_the_pause_is_late_and_not_lost() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00")).pause(at("2026-11-23 21:10"))
    assert next_alert(clock, CHINA) == (HALF, at("2026-11-23 21:00"))


def test_a_clock_paused_exactly_at_its_limit_is_due_then() -> None:
    clock = Clock(TWO_URGENT).start(at("2026-11-23 20:00")).pause(at("2026-11-23 22:00"))
    assert due(clock, CHINA) == at("2026-11-23 22:00")


def test_states_follow_the_changes() -> None:
    clock = Clock(TWO_URGENT)
    assert clock.state is ClockState.IDLE
    assert clock.started_at is None
    clock = clock.start(at("2026-11-23 20:00"))
    assert clock.state is ClockState.RUNNING
    clock = clock.pause(at("2026-11-23 20:10"))
    assert clock.state is ClockState.PAUSED
    clock = clock.stop(at("2026-11-23 20:20"))
    assert clock.state is ClockState.STOPPED
    assert clock.changed_at == at("2026-11-23 20:20")


def test_an_idle_clock_shows_nothing() -> None:
    assert fraction(Clock(TWO_URGENT), at("2026-11-23 20:00"), CHINA) == 0
    assert due(Clock(TWO_URGENT), CHINA) is None


RUNNING = Clock(TWO_URGENT).start(at("2026-11-23 20:00"))
REFUSED = [
    ("start twice", lambda: RUNNING.start(at("2026-11-23 21:00")), "not_idle"),
    ("resume a running one", lambda: RUNNING.resume(at("2026-11-23 21:00")), "not_paused"),
    ("pause before the start", lambda: RUNNING.pause(at("2026-11-23 19:59")), "backwards"),
    ("pause an idle one", lambda: Clock(TWO_URGENT).pause(at("2026-11-23 20:00")), "not_running"),
    ("stop twice", lambda: RUNNING.stop(at("2026-11-23 21:00")).stop(at("2026-11-23 21:00")),
     "stopped"),
    ("extend a stopped one", lambda: RUNNING.stop(at("2026-11-23 21:00")).extend(), "stopped"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change", "code"), REFUSED, ids=[r[0] for r in REFUSED])
def test_it_refuses_to(what: str, change, code: str) -> None:
    with pytest.raises(ClockError) as caught:
        change()
    assert caught.value.code == code
