"""What holds for every limit, clock and calendar, also when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from lianqin.worktime import (
    Basis,
    Calendar,
    Clock,
    Interval,
    Limit,
    Unit,
    advance,
    between,
    china,
    counted,
    crossing,
    due,
    due_at,
    elapsed,
    fraction,
    remaining,
    span,
    used,
)

NIGHT_TOO = (Interval(0, 90), Interval(90, 180), Interval(480, 1440))
CALENDARS = [
    china(),
    china(duty=(Interval(420, 1440),)),
    Calendar("America/New_York", date(2025, 1, 1), date(2026, 12, 31), duty=NIGHT_TOO),
    Calendar(
        "Asia/Beirut", date(2025, 1, 1), date(2026, 12, 31), working=NIGHT_TOO, duty=NIGHT_TOO
    ),
]
calendars = st.sampled_from(CALENDARS)
units = st.sampled_from(list(Unit))
limits = st.builds(Limit, st.integers(1, 20), units)
# Late enough in 2025 and early enough in 2026 for every limit to end inside the horizon.
instants = st.one_of(
    st.integers(0, 400 * 24 * 3600).map(
        lambda s: datetime(2025, 1, 10, tzinfo=UTC) + timedelta(seconds=s)
    ),
    # The nights in which New York and Beirut change their clocks.
    st.builds(
        lambda day, s: datetime.combine(day, datetime.min.time(), UTC) + timedelta(seconds=s),
        st.sampled_from(
            [date(2025, 3, 9), date(2025, 3, 30), date(2025, 11, 2), date(2025, 10, 26)]
        ),
        st.integers(-10 * 3600, 20 * 3600),
    ),
)
gaps = st.integers(0, 9 * 24 * 3600).map(lambda s: timedelta(seconds=s))
quick = settings(max_examples=150, deadline=None)


@quick
@given(instants, limits, calendars)
def test_due_lies_after_the_start_and_uses_the_limit_exactly(start, limit, calendar) -> None:
    end = due_at(start, limit, calendar)
    assert end > start
    assert elapsed(start, end, limit.unit, calendar) == span(limit, calendar)


@quick
@given(instants, limits, calendars)
def test_due_is_the_earliest_such_instant(start, limit, calendar) -> None:
    end = due_at(start, limit, calendar)
    before = end - timedelta(microseconds=1)
    assert elapsed(start, before, limit.unit, calendar) < span(limit, calendar)


@quick
@given(instants, gaps, limits, calendars)
def test_a_later_start_is_never_due_earlier(start, gap, limit, calendar) -> None:
    assert due_at(start, limit, calendar) <= due_at(start + gap, limit, calendar)


@quick
@given(instants, gaps, gaps, units, calendars)
def test_counted_time_adds_up_and_never_exceeds_real_time(a, one, two, unit, calendar) -> None:
    b, c = a + one, a + one + two
    whole = elapsed(a, c, unit, calendar)
    assert elapsed(a, b, unit, calendar) + elapsed(b, c, unit, calendar) == whole
    assert timedelta() <= whole <= c - a


@quick
@given(instants, gaps, gaps, st.sampled_from(list(Basis)), calendars)
def test_advancing_twice_is_advancing_once(start, one, two, basis, calendar) -> None:
    one, two = one / 8, two / 8
    twice = advance(advance(start, one, basis, calendar), two, basis, calendar)
    assert twice == advance(start, one + two, basis, calendar)
    assert between(start, twice, basis, calendar) == one + two


@quick
@given(instants, limits, calendars, gaps)
def test_a_pause_of_zero_changes_nothing(start, limit, calendar, gap) -> None:
    clock = Clock(limit).start(start)
    assert clock.pause(start + gap).resume(start + gap) == clock


@quick
@given(instants, limits, calendars, st.lists(gaps, max_size=6))
def test_pauses_take_nothing_and_give_nothing(start, limit, calendar, steps) -> None:
    clock, at, ran = Clock(limit).start(start), start, timedelta()
    for number, step in enumerate(steps):
        if number % 2 == 0:
            ran += elapsed(at, at + step, limit.unit, calendar)
        at += step
        clock = clock.pause(at) if number % 2 == 0 else clock.resume(at)
    assert used(clock, at, calendar) == ran
    assert remaining(clock, at, calendar) == span(limit, calendar) - ran


@quick
@given(instants, limits, calendars, gaps, gaps)
def test_a_clock_never_runs_backwards(start, limit, calendar, pause, look) -> None:
    clock = Clock(limit).start(start).pause(start + pause)
    early = fraction(clock, start + look, calendar)
    assert 0 <= early <= fraction(clock, start + look + pause, calendar)


@quick
@given(instants, limits, calendars, gaps, gaps)
def test_at_a_crossing_the_clock_shows_that_share(start, limit, calendar, first, second) -> None:
    clock = Clock(limit).start(start).pause(start + first).resume(start + first + second)
    half, whole = (crossing(clock, share, calendar) for share in (Fraction(1, 2), Fraction(1)))
    assert half is not None
    assert whole == due(clock, calendar)
    assert half <= whole
    assert 2 * used(clock, half, calendar) == used(clock, whole, calendar) == span(limit, calendar)


@quick
@given(instants, limits, calendars)
def test_an_extension_is_never_due_earlier(start, limit, calendar) -> None:
    clock = Clock(limit).start(start)
    assert due(clock, calendar) < due(clock.extend(), calendar)


@quick
@given(st.none() | instants, instants, st.none() | instants, st.booleans())
def test_the_counted_time_never_lies_before_the_previous_act(claim, now, previous, free) -> None:
    got = counted(claim, now, previous, free=free)
    assert previous is None or got.at >= previous
    assert got.why is not None or got.at == claim
    assert free or got.at <= max(now, previous or now)
