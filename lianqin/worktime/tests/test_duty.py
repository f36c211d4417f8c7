"""Duty dates, shifts, the counted time of an act, and the sources of the present."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lianqin.worktime import (
    EARLY,
    LATE,
    NIGHT,
    PILOT,
    FrozenNow,
    ReplayNow,
    SystemNow,
    Why,
    bounds,
    counted,
    duty_bounds,
    duty_date,
    label,
    shift_of,
)
from lianqin.worktime.holidays import read_days
from lianqin.worktime.tests.test_limits import NEW_YORK, SHANGHAI, at

SHIFTS = [
    ("2026-11-23 07:00", 23, "early"),
    ("2026-11-23 12:59", 23, "early"),
    ("2026-11-23 13:00", 23, "middle"),
    ("2026-11-23 19:00", 23, "late"),
    ("2026-11-23 23:59", 23, "late"),
    ("2026-11-24 00:00", 23, "night"),
    ("2026-11-24 06:59", 23, "night"),
    ("2026-11-24 07:00", 24, "early"),
]


@pytest.mark.parametrize(("when", "day", "key"), SHIFTS)
def test_shift_of(when: str, day: int, key: str) -> None:
    duty = shift_of(at(when), SHANGHAI)
    assert (duty.date.day, duty.shift.key) == (day, key)
    assert duty_date(at(when), SHANGHAI).day == day


def test_the_night_shift_shows_both_dates() -> None:
    assert label(date(2026, 11, 23), NIGHT) == "23 日夜班 (24 日 00–07)"
    assert label(date(2026, 11, 30), NIGHT, "en") == "30 Nov, night shift (1 Dec 00–07)"


def test_the_other_shifts_show_one() -> None:
    assert label(date(2026, 11, 23), LATE) == "23 日晚班 (19–24)"
    assert label(date(2026, 11, 23), EARLY, "en") == "23 Nov, early shift (07–13)"


def test_the_night_shift_ends_the_next_morning() -> None:
    assert bounds(date(2026, 11, 23), NIGHT, SHANGHAI) == (
        at("2026-11-24 00:00"),
        at("2026-11-24 07:00"),
    )


def test_shifts_fill_the_duty_date_without_gap() -> None:
    day = date(2026, 11, 23)
    edges = [bounds(day, shift, SHANGHAI) for shift in PILOT]
    assert [a[1] for a in edges[:-1]] == [b[0] for b in edges[1:]]
    assert (edges[0][0], edges[-1][1]) == duty_bounds(day, SHANGHAI)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 7), 6), (date(2026, 10, 31), 8)])
def test_the_night_the_clocks_change_is_shorter_or_longer(day: date, hours: int) -> None:
    start, end = bounds(day, NIGHT, NEW_YORK)
    assert end - start == timedelta(hours=hours)


def test_an_hour_without_shift_is_said() -> None:
    with pytest.raises(LookupError):
        shift_of(at("2026-11-24 03:00"), SHANGHAI, PILOT[:3])


RECORDED = "2026-11-23 20:00"
CLAIMS = [
    # claimed, previous act, counts, marked, why
    ("19:58", "19:30", "19:58", False, None),
    (None, "19:30", "20:00", False, Why.UNCLAIMED),
    ("20:03", "19:30", "20:00", False, Why.FUTURE),
    ("20:05", "19:30", "20:00", False, Why.FUTURE),
    ("20:06", "19:30", "20:00", True, Why.FUTURE),
    ("19:28", "19:30", "20:00", False, Why.BEFORE_PREVIOUS),
    ("19:20", "19:30", "20:00", True, Why.BEFORE_PREVIOUS),
    ("19:30", "19:30", "19:30", False, None),
    ("19:00", None, "19:00", False, None),
    ("19:58", "20:01", "20:01", False, Why.BEFORE_PREVIOUS),
    (None, "20:01", "20:01", False, Why.UNCLAIMED),
]


def on_the_day(clock: str | None) -> datetime | None:
    return None if clock is None else at(f"2026-11-23 {clock}")


@pytest.mark.parametrize(("claimed", "previous", "counts", "marked", "why"), CLAIMS)
def test_which_time_counts(
    claimed: str | None, previous: str | None, counts: str, marked: bool, why: Why | None
) -> None:
    got = counted(on_the_day(claimed), at(RECORDED), on_the_day(previous))
    assert (got.at, got.marked, got.why) == (on_the_day(counts), marked, why)


def test_work_done_offline_counts_when_it_was_done_for_a_day() -> None:
    assert counted(at("2026-11-22 20:00"), at(RECORDED), None).at == at("2026-11-22 20:00")
    late = counted(at("2026-11-22 19:59"), at(RECORDED), None)
    assert (late.at, late.marked, late.why) == (at(RECORDED), True, Why.TOO_OLD)


def test_a_replay_sets_its_time_freely() -> None:
    old = at("2014-06-01 10:00")
    assert counted(old, at(RECORDED), None, free=True).at == old
    ahead = at("2027-06-01 10:00")
    assert counted(ahead, at(RECORDED), None, free=True).at == ahead


def test_but_not_even_a_replay_turns_a_case_back() -> None:
    got = counted(at("2014-06-01 10:00"), at(RECORDED), at("2014-06-01 11:00"), free=True)
    assert (got.at, got.marked) == (at("2014-06-01 11:00"), True)


def test_a_frozen_clock_moves_only_when_told() -> None:
    now = FrozenNow(at(RECORDED))
    assert now.now() == now.now() == at(RECORDED)
    assert now.advance(timedelta(minutes=5)) == at("2026-11-23 20:05")
    now.move_to(at("2026-11-24 07:00"))
    assert now.now() == at("2026-11-24 07:00")


def test_a_replay_runs_so_many_times_as_fast() -> None:
    real = FrozenNow(at(RECORDED))
    replay = ReplayNow(at("2014-06-01 10:00"), 60, real.now)
    real.advance(timedelta(minutes=2))
    assert replay.now() == at("2014-06-01 12:00")
    assert replay.wait_for(at("2014-06-01 13:00")) == timedelta(minutes=1)
    assert replay.wait_for(at("2014-06-01 11:00")) == timedelta()
    with pytest.raises(ValueError, match="forward"):
        ReplayNow(at(RECORDED), 0)


def test_the_system_tells_utc() -> None:
    assert SystemNow().now().tzinfo is UTC


def test_a_date_listed_twice_is_refused() -> None:
    row = {"date": "2026-01-01", "kind": "holiday", "name_zh": "元旦", "name_en": "New Year"}
    with pytest.raises(ValueError, match="twice"):
        read_days([row, row])
