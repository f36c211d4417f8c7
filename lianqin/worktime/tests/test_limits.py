"""Worked examples of limits, readable by a shift leader. Times are those of the clock on the wall.

November 2026: Mon 23 … Fri 27, weekend 28–29. The National Day week is 1–7 October 2026, and
Saturday 10 October is worked in exchange.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lianqin.worktime import (
    Basis,
    BeyondHorizon,
    Calendar,
    Interval,
    Limit,
    Unit,
    advance,
    china,
    due_at,
    elapsed,
    plain,
    size,
    span,
)
from lianqin.worktime.calendar import wall_instant

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
CHINA = china()


def at(text: str, zone: ZoneInfo = SHANGHAI, fold: int = 0) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone, fold=fold)


EXAMPLES = [
    # what, start, limit, due
    ("urgent hours run in the evening", "2026-11-23 20:26", "2 urgent_hour", "2026-11-23 22:26"),
    ("urgent hours run past midnight", "2026-11-23 23:30", "2 urgent_hour", "2026-11-24 01:30"),
    ("urgent hours run on a holiday", "2026-10-03 09:00", "4 urgent_hour", "2026-10-03 13:00"),
    ("dispatching has 15 minutes", "2026-11-23 11:55", "15 minute", "2026-11-23 12:10"),
    ("work hours in the morning", "2026-11-23 09:00", "2 work_hour", "2026-11-23 11:00"),
    ("work hours skip the noon break", "2026-11-23 11:00", "2 work_hour", "2026-11-23 15:00"),
    ("used up exactly at noon: due at noon", "2026-11-23 10:00", "2 work_hour", "2026-11-23 12:00"),
    ("started in the noon break", "2026-11-23 12:30", "2 work_hour", "2026-11-23 16:00"),
    ("late shift: no clock until morning", "2026-11-23 20:00", "4 work_hour", "2026-11-24 12:00"),
    ("night shift: from 08:00", "2026-11-24 03:10", "1 work_hour", "2026-11-24 09:00"),
    ("Friday 17:00 to Monday", "2026-11-27 17:00", "2 work_hour", "2026-11-30 09:00"),
    ("exactly the end of the day", "2026-11-23 14:00", "4 work_hour", "2026-11-23 18:00"),
    ("a work day from Monday 15:00", "2026-11-23 15:00", "1 work_day", "2026-11-24 15:00"),
    ("a work day from Monday 08:00", "2026-11-23 08:00", "1 work_day", "2026-11-23 18:00"),
    ("a work day from Monday 20:00", "2026-11-23 20:00", "1 work_day", "2026-11-24 18:00"),
    ("five work days over a weekend", "2026-11-25 10:00", "5 work_day", "2026-12-02 10:00"),
    ("a work day from Saturday", "2026-11-28 10:00", "1 work_day", "2026-11-30 18:00"),
    ("a work day over National Day", "2026-09-30 16:00", "1 work_day", "2026-10-08 16:00"),
    ("the Saturday worked in exchange", "2026-10-09 16:00", "1 work_day", "2026-10-10 16:00"),
    ("the Sunday after it is free", "2026-10-10 16:00", "1 work_day", "2026-10-12 16:00"),
    ("work hours over Spring Festival", "2026-02-14 17:00", "3 work_hour", "2026-02-24 10:00"),
    ("a natural day is continuous", "2026-10-01 10:00", "1 natural_day", "2026-10-02 10:00"),
    ("natural days over a weekend", "2026-11-27 10:00", "3 natural_day", "2026-11-30 10:00"),
    ("joint duty is on at night", "2026-11-23 23:00", "2 duty_hour", "2026-11-24 01:00"),
]


@pytest.mark.parametrize(("what", "start", "limit", "due"), EXAMPLES, ids=[e[0] for e in EXAMPLES])
def test_worked_example(what: str, start: str, limit: str, due: str) -> None:
    value, unit = limit.split()
    given = Limit(int(value), Unit.parse(unit))
    assert due_at(at(start), given, CHINA) == at(due)
    assert elapsed(at(start), at(due), given.unit, CHINA) == span(given, CHINA)


def test_a_district_without_night_crews_pauses_joint_duty_at_midnight() -> None:
    calendar = Calendar(
        "Asia/Shanghai",
        date(2026, 1, 1),
        date(2026, 12, 31),
        duty=(Interval.parse("07:00-24:00"),),
    )
    due = due_at(at("2026-11-28 23:00"), Limit(2, Unit.DUTY_HOUR), calendar)
    assert due == at("2026-11-29 08:00")


def test_urgent_days_of_the_standards_are_natural_days() -> None:
    assert Unit.parse("urgent_day") is Unit.NATURAL_DAY


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        Unit.parse("fortnight")


def test_a_limit_has_words_in_both_languages() -> None:
    assert Limit(2, Unit.URGENT_HOUR).text() == "2 紧急工作时"
    assert Limit(2, Unit.URGENT_HOUR).text("en") == "2 urgent hours"
    assert Limit(1, Unit.WORK_DAY).text("en") == "1 work day"


@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_of_nothing_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Limit(value, Unit.WORK_DAY)


def test_beyond_the_horizon_is_an_error_that_names_the_day() -> None:
    with pytest.raises(BeyondHorizon) as caught:
        due_at(at("2026-12-31 16:00"), Limit(1, Unit.WORK_DAY), CHINA)
    assert caught.value.day == date(2027, 1, 1)
    assert caught.value.valid_until == date(2026, 12, 31)


def test_the_last_hour_before_the_horizon_is_still_known() -> None:
    due = due_at(at("2026-12-31 16:00"), Limit(2, Unit.WORK_HOUR), CHINA)
    assert due == at("2026-12-31 18:00")
    end = at("2027-01-01 00:00")
    assert elapsed(at("2026-12-31 16:00"), end, Unit.WORK_HOUR, CHINA) == timedelta(hours=2)


def test_days_before_the_calendar_are_beyond_it_too() -> None:
    with pytest.raises(BeyondHorizon):
        elapsed(at("2024-12-31 10:00"), at("2025-01-02 10:00"), Unit.WORK_DAY, CHINA)


def test_urgent_hours_need_no_horizon() -> None:
    due = due_at(at("2031-05-01 10:00"), Limit(2, Unit.URGENT_HOUR), CHINA)
    assert due == at("2031-05-01 12:00")


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        due_at(datetime(2026, 11, 23, 10), Limit(1, Unit.URGENT_HOUR), CHINA)  # noqa: DTZ001


def test_results_are_utc() -> None:
    assert due_at(at("2026-11-23 09:00"), Limit(1, Unit.WORK_HOUR), CHINA).tzinfo is UTC


def test_the_seed_holidays_are_those_announced() -> None:
    assert len([d for d in CHINA.holidays if d.year == 2026]) == 33
    assert len([d for d in CHINA.holidays if d.year == 2025]) == 28
    assert not CHINA.is_workday(date(2026, 2, 23))
    assert CHINA.is_workday(date(2026, 2, 28))
    assert all(day.weekday() >= 5 for day in CHINA.extra_workdays)
    assert CHINA.valid_until == date(2026, 12, 31)


class TestWhenTheClocksChange:
    """New York: 2026-03-08 02:00 → 03:00, 2026-11-01 02:00 → 01:00."""

    calendar = plain("America/New_York", date(2026, 1, 1), date(2026, 12, 31))

    def test_urgent_hours_are_real_hours_in_spring(self) -> None:
        due = due_at(at("2026-03-08 01:30", NEW_YORK), Limit(1, Unit.URGENT_HOUR), self.calendar)
        assert due == at("2026-03-08 03:30", NEW_YORK).astimezone(UTC)

    def test_urgent_hours_are_real_hours_in_autumn(self) -> None:
        start = at("2026-11-01 01:30", NEW_YORK).astimezone(UTC)
        second = at("2026-11-01 01:30", NEW_YORK, fold=1).astimezone(UTC)
        assert due_at(start, Limit(1, Unit.URGENT_HOUR), self.calendar) == second

    def test_work_hours_stay_on_the_wall_clock(self) -> None:
        due = due_at(at("2026-03-06 17:00", NEW_YORK), Limit(2, Unit.WORK_HOUR), self.calendar)
        assert due == at("2026-03-09 09:00", NEW_YORK).astimezone(UTC)

    @pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 3), ("2026-11-01", 5)])
    def test_duty_through_the_night_counts_what_was_worked(self, day: str, hours: int) -> None:
        duty = (Interval.parse("00:00-01:30"), Interval.parse("01:30-02:30"), Interval(150, 240))
        calendar = Calendar("America/New_York", date(2026, 1, 1), date(2026, 12, 31), duty=duty)
        night = at(f"{day} 00:00", NEW_YORK), at(f"{day} 04:00", NEW_YORK)
        assert elapsed(*night, Unit.DUTY_HOUR, calendar) == timedelta(hours=hours)


@pytest.mark.parametrize("minutes", [120, 150, 179, 180])
def test_a_time_the_clocks_skip_is_the_instant_of_the_jump(minutes: int) -> None:
    jump = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    assert wall_instant(date(2026, 3, 8), minutes, NEW_YORK) == jump


def test_nothing_left_is_due_at_once_even_at_night() -> None:
    night = at("2026-11-24 03:10")
    assert advance(night, timedelta(), Basis.WORKING, CHINA) == night


def test_a_work_day_is_as_long_as_the_working_hours() -> None:
    calendar = Calendar(
        "Asia/Shanghai", date(2026, 1, 1), date(2026, 12, 31), working=(Interval.parse("9-17"),)
    )
    assert size(Unit.WORK_DAY, calendar) == timedelta(hours=8)
    assert size(Unit.WORK_DAY, CHINA) == timedelta(hours=8)


@pytest.mark.parametrize("parts", [(), (Interval(0, 60), Interval(30, 90))])
def test_working_hours_must_be_in_order(parts: tuple[Interval, ...]) -> None:
    with pytest.raises(ValueError, match="order"):
        Calendar("Asia/Shanghai", date(2026, 1, 1), date(2026, 12, 31), working=parts)
