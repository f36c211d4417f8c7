"""The living day's process: as its wish says, and no longer than it has something to play."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lianqin.console import demo_day_file, serve
from lianqin.console.demo_day_file import Wish
from lianqin.console.serve import LivingDay
from lianqin.console.services import Plan, living_day
from lianqin.console.supervisor import Service, Supervisor


class Day:
    """A supervisor with a living day of the test's own making."""

    def __init__(self, home: Path, play: str) -> None:
        self.said: list[str] = []
        self.told: list[list[str]] = []
        self.play = play
        self.supervisor = Supervisor(home, home, self.said.append)
        self.day = LivingDay(home, self.supervisor, {})

    def service(self, env: dict[str, str], options: list[str]) -> Service:
        self.told.append(options)
        return Service("day", [sys.executable, "-c", self.play], may_end=True)

    def pid(self) -> int | None:
        return self.supervisor.describe().get("day", {}).get("pid")

    def until(self, true: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 20
        while not true():
            assert time.monotonic() < deadline
            self.day.look()
            self.supervisor.tick()
            time.sleep(0.02)


@pytest.fixture
def make(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Day]]:
    made: list[Day] = []

    def day(play: str) -> Day:
        made.append(Day(home, play))
        monkeypatch.setattr(serve, "living_day", made[-1].service)
        return made[-1]

    yield day
    for one in made:
        one.supervisor.stop()


def test_it_stops_goes_on_and_begins_again_as_it_is_wished(
    home: Path, make: Callable[[str], Day]
) -> None:
    day = make("import time; time.sleep(100)")
    demo_day_file.write(home, Wish(True, "2026-11-22"))
    day.until(day.pid)
    first = day.pid()
    demo_day_file.write(home, Wish(False, "2026-11-22"))
    day.until(lambda: day.pid() is None)
    demo_day_file.write(home, Wish(True, "2026-11-22"))
    day.until(lambda: day.pid() not in (None, first))
    demo_day_file.write(home, Wish(True, "2026-11-23", 2))
    day.until(lambda: len(day.told) == 3 and day.pid())
    dates = [["--date", "2026-11-22"], ["--date", "2026-11-22"], ["--date", "2026-11-23"]]
    assert day.told == dates


def test_a_day_that_is_played_is_not_played_again(home: Path, make: Callable[[str], Day]) -> None:
    day = make("")
    day.until(lambda: day.told and day.pid() is None)
    for _ in range(30):
        day.until(lambda: True)
    assert (day.said, len(day.told), day.pid()) == ([], 1, None)


def test_a_day_that_breaks_is_started_again(home: Path, make: Callable[[str], Day]) -> None:
    day = make("raise SystemExit(1)")
    day.until(lambda: len(day.said) > 1)
    assert "exit 1" in day.said[0]


@pytest.mark.parametrize(
    ("demo", "option", "variable", "runs"),
    [
        (True, True, "", True),
        (True, True, "off", False),
        (True, False, "on", False),
        (False, True, "on", False),
    ],
)
def test_only_a_demo_has_one_and_it_can_be_left_out(
    monkeypatch: pytest.MonkeyPatch, demo: bool, option: bool, variable: str, runs: bool
) -> None:
    monkeypatch.setenv("LIANQIN_DEMO_DAY", variable)
    assert Plan.from_environment(demo=demo, day=option).day is runs


def test_it_is_told_which_duty_date_it_plays() -> None:
    assert living_day({}, Wish(True, "2026-11-22").options()).command[-3:] == [
        "day",
        "--date",
        "2026-11-22",
    ]
