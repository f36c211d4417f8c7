"""A device whose clock is wrong still measures how long ago something was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqin.worktime import Device, Why, counted

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAY = 24 * HOUR

spans = st.timedeltas(timedelta(), DAY)
skews = st.timedeltas(-400 * DAY, 400 * DAY)


@pytest.mark.parametrize("off", [HOUR, -HOUR, 300 * DAY, -56 * 365 * DAY])
def test_a_clock_that_is_wrong_is_believed_about_spans_alone(off: timedelta) -> None:
    """Twenty minutes ago by the device is twenty minutes ago, whatever it calls that instant."""
    claim = NOW + off - 20 * MINUTE
    got = counted(claim, NOW, None, device=Device(NOW + off, NOW))
    assert (got.at, got.marked, got.why) == (NOW - 20 * MINUTE, True, Why.SKEWED)
    assert (got.claimed, got.skew) == (claim, off)


@pytest.mark.parametrize("off", [timedelta(), 5 * MINUTE, -5 * MINUTE])
def test_a_clock_that_is_nearly_right_is_believed_as_it_stands(off: timedelta) -> None:
    claim = NOW - 20 * MINUTE
    got = counted(claim, NOW, None, device=Device(NOW + off, NOW))
    assert got == counted(claim, NOW, None)
    assert (got.claimed, got.marked) == (None, False)


def test_what_a_wrong_clock_measured_is_held_to_the_same_limits() -> None:
    device = Device(NOW + HOUR, NOW)
    late = counted(NOW + HOUR - DAY - MINUTE, NOW, None, device=device)
    assert (late.at, late.why, late.marked) == (NOW, Why.TOO_OLD, True)
    early = counted(NOW + HOUR - 20 * MINUTE, NOW, NOW - 10 * MINUTE, device=device)
    assert (early.at, early.why) == (NOW, Why.BEFORE_PREVIOUS)
    ahead = counted(NOW + 2 * HOUR, NOW, None, device=device)
    assert (ahead.at, ahead.why, ahead.marked) == (NOW, Why.FUTURE, True)


def test_in_a_demo_the_span_is_counted_back_from_the_present_that_is_shown() -> None:
    shown = NOW - 3 * HOUR
    for off in (timedelta(), 2 * MINUTE, HOUR):
        claim = NOW + off - 20 * MINUTE
        got = counted(claim, shown, None, device=Device(NOW + off, NOW))
        gone = 20 * MINUTE if off != 2 * MINUTE else 18 * MINUTE
        assert got.at == shown - gone
        assert got.marked is (off == HOUR)


def test_without_a_claim_or_in_a_replay_the_device_is_not_asked() -> None:
    device = Device(NOW + HOUR, NOW)
    assert counted(None, NOW, None, device=device) == counted(None, NOW, None)
    past = NOW - 9 * DAY
    assert counted(past, NOW, None, free=True, device=device).at == past


@given(spans, skews, st.none() | spans)
def test_the_same_work_counts_the_same_whatever_the_clock_of_the_phone_says(
    ago: timedelta, off: timedelta, before: timedelta | None
) -> None:
    previous = None if before is None else NOW - before
    right = counted(NOW - ago, NOW, previous, device=Device(NOW, NOW))
    wrong = counted(NOW + off - ago, NOW, previous, device=Device(NOW + off, NOW))
    if abs(off) <= 5 * MINUTE:
        assert not wrong.claimed
        assert abs(wrong.at - right.at) <= 5 * MINUTE or wrong.why is not None
    else:
        assert wrong.at == right.at
        assert wrong.marked
        assert wrong.skew == off


@given(skews, skews, st.none() | spans)
def test_no_device_can_claim_the_future_or_turn_a_case_back(
    off: timedelta, ago: timedelta, before: timedelta | None
) -> None:
    previous = None if before is None else NOW - before
    got = counted(NOW - ago, NOW, previous, device=Device(NOW + off, NOW))
    assert got.at <= NOW
    assert previous is None or got.at >= previous
    assert NOW - got.at <= DAY
