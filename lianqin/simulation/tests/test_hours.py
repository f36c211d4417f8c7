"""Working hours on the wall clocks of a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lianqin.simulation.hours import Hours, parse_days, parse_hours

OFFICE = Hours("America/New_York", 8, 16, frozenset(range(5)))
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_work_begun_on_friday_afternoon_is_done_on_monday():
    assert OFFICE.add(at("2018-04-13T15:00-04:00"), 3 * HOUR) == at("2018-04-16T10:00-04:00")


def test_work_within_the_day_is_not_held_up():
    assert OFFICE.add(at("2018-04-13T09:00-04:00"), 3 * HOUR) == at("2018-04-13T12:00-04:00")


def test_what_is_reported_at_night_begins_in_the_morning():
    assert OFFICE.next_open(at("2018-04-12T22:00-04:00")) == at("2018-04-13T08:00-04:00")


def test_the_hours_are_those_of_the_wall_when_clocks_go_forward():
    assert OFFICE.next_open(at("2018-03-11T12:00-04:00")) == at("2018-03-12T08:00-04:00")
    assert OFFICE.next_open(at("2018-03-09T17:00-05:00")) == at("2018-03-12T08:00-04:00")


def test_hours_over_midnight_belong_to_the_day_on_which_they_open():
    night = Hours("UTC", 22, 6, frozenset({4}))
    assert night.next_open(at("2018-04-14T03:00Z")) == at("2018-04-14T03:00Z")
    assert night.add(at("2018-04-14T05:00Z"), 2 * HOUR) == at("2018-04-20T23:00Z")


def test_a_desk_that_never_closes_takes_its_time_and_no_more():
    assert Hours().add(at("2018-04-14T03:00Z"), 30 * HOUR) == at("2018-04-15T09:00Z")


def test_open_time_is_counted_between_two_instants():
    week = OFFICE.between(at("2018-04-09T00:00-04:00"), at("2018-04-16T00:00-04:00"))
    assert week == 40 * HOUR
    assert OFFICE.between(at("2018-04-13T15:00-04:00"), at("2018-04-16T09:00-04:00")) == 2 * HOUR


@pytest.mark.parametrize("text", ["8", "8-8", "25-3", "x-9", "-3"])
def test_hours_that_make_no_sense_are_refused(text):
    with pytest.raises(ValueError):
        parse_hours(text)


def test_days_are_counted_from_monday():
    assert parse_days("1-5") == frozenset(range(5))
    assert parse_days("7") == frozenset({6})
    with pytest.raises(ValueError):
        parse_days("5-1")
