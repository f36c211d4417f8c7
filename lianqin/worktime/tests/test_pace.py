"""The demo's time: forward only, never ahead of the present, the same for all who read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqin.worktime import FrozenNow, Pace, PaceRefused, Present, machine_now
from lianqin.worktime.pace import pace_of

REAL = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY_BEFORE = REAL - timedelta(days=1)
HOUR = timedelta(hours=1)


def test_thirteen_times_as_fast_until_it_meets_the_present() -> None:
    pace = Pace(DAY_BEFORE, REAL, 13)
    assert pace.shown(REAL) == DAY_BEFORE
    assert pace.shown(REAL + HOUR) == DAY_BEFORE + 13 * HOUR
    assert not pace.at_present(REAL + 2 * HOUR - timedelta(seconds=1))
    assert pace.at_present(REAL + 2 * HOUR)  # 26 hours later there, 2 here: a day caught up
    assert pace.shown(REAL + 9 * HOUR) == REAL + 9 * HOUR


def test_what_is_paused_stands_and_goes_on_where_it_stood() -> None:
    stands = Pace(DAY_BEFORE, REAL, 13).changed(REAL + HOUR, paused=True)
    assert stands.shown(REAL + 9 * HOUR) == DAY_BEFORE + 13 * HOUR
    on = stands.changed(REAL + 9 * HOUR, paused=False)
    assert on.shown(REAL + 10 * HOUR) == DAY_BEFORE + 26 * HOUR
    assert on.speed == 13


def test_a_machine_whose_clock_was_set_back_shows_no_future() -> None:
    assert Pace(REAL, REAL, 13).shown(REAL - HOUR) == REAL - HOUR


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"speed": 0}, "demo_speed_unusable"),
        ({"speed": 601}, "demo_speed_unusable"),
        ({"to": DAY_BEFORE - timedelta(seconds=1)}, "demo_time_backward"),
        ({"to": REAL + timedelta(seconds=1)}, "demo_time_ahead"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(PaceRefused) as refused:
        Pace(DAY_BEFORE, REAL).changed(REAL, **change)  # type: ignore[arg-type]
    assert refused.value.code == code


steps = st.lists(
    st.tuples(
        st.integers(0, 7200),
        st.one_of(
            st.integers(1, 600).map(lambda n: {"speed": n}),
            st.booleans().map(lambda on: {"paused": on}),
            st.floats(0, 1).map(lambda share: {"share": share}),
        ),
    ),
    max_size=12,
)


@given(steps)
def test_whatever_is_changed_it_never_goes_back_and_never_runs_ahead(
    changes: list[tuple[int, dict[str, float]]],
) -> None:
    pace, real, last = Pace(DAY_BEFORE, REAL), REAL, DAY_BEFORE
    for seconds, change in changes:
        real += timedelta(seconds=seconds)
        shown = pace.shown(real)
        assert last <= shown <= real
        share = change.get("share")
        more = {"to": shown + (real - shown) * share} if share is not None else change
        pace, last = pace.changed(real, **more), shown  # type: ignore[arg-type]
        assert shown <= pace.shown(real) <= real


def test_a_pace_is_the_same_after_a_file() -> None:
    pace = Pace(DAY_BEFORE, REAL, 60, paused=True)
    assert pace_of(pace.text()) == pace


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"anchor": 1}', "null"])
def test_what_is_no_pace_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):
        pace_of(text)


def present(path: Path, machine: FrozenNow, *, demo: bool = True) -> Present:
    made = Present(machine)
    made.follow(lambda: path, lambda: demo)
    return made


def test_processes_agree_and_a_new_one_goes_on_where_the_others_are(tmp_path: Path) -> None:
    path, machine = tmp_path / "pace", FrozenNow(REAL)
    web, stream = present(path, machine), present(path, machine)
    assert web.now() == stream.now() == REAL
    path.write_text(Pace(REAL - 3 * HOUR, REAL, 13).text())
    machine.advance(timedelta(minutes=1))
    shown = REAL - 3 * HOUR + timedelta(minutes=13)
    assert web.now() == stream.now() == present(path, machine).now() == shown
    assert machine_now(web) == REAL + timedelta(minutes=1)


def test_one_process_never_goes_back_even_where_the_file_does(tmp_path: Path) -> None:
    path, machine = tmp_path / "pace", FrozenNow(REAL)
    here = present(path, machine)
    path.write_text(Pace(REAL - HOUR, REAL).text())
    assert here.now() == REAL - HOUR
    path.write_text(Pace(REAL - 2 * HOUR, REAL, 5).text())
    assert here.now() == REAL - HOUR


def test_a_real_install_passes_a_pace_over(tmp_path: Path) -> None:
    path = tmp_path / "pace"
    path.write_text(Pace(REAL - HOUR, REAL).text())
    assert present(path, FrozenNow(REAL), demo=False).now() == REAL


def test_a_broken_file_leaves_the_pace_as_it_was(tmp_path: Path) -> None:
    path, machine = tmp_path / "pace", FrozenNow(REAL)
    here = present(path, machine)
    path.write_text(Pace(REAL - HOUR, REAL).text())
    assert here.now() == REAL - HOUR
    path.write_text("{")
    machine.advance(timedelta(minutes=5))
    assert here.now() == REAL - HOUR + timedelta(minutes=5)
    path.unlink()
    assert here.now() == machine.now()
