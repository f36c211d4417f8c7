"""Players send what the plan says, once; a killed one goes on, a case of others is left alone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lianqin.simulation.client import GaveUp
from lianqin.simulation.day.events import listed
from lianqin.simulation.day.fates import Day
from lianqin.simulation.day.figures import figures
from lianqin.simulation.day.ledger import Ledger
from lianqin.simulation.day.living import Living
from lianqin.simulation.day.pace import DemoTime
from lianqin.simulation.day.plan import only_events, the_day
from lianqin.simulation.day.player import Players
from lianqin.simulation.day.stage import NoStage, Stage, load
from lianqin.worktime import china

from .fake_district import FakeDistrict, problem, stage

ON = date(2026, 7, 6)


def players(there: FakeDistrict, at: Stage, *, events: bool = False) -> Players:
    plan = the_day(Day(ON, china()), figures(), at.spots, "1")
    plan = only_events(plan) if events else plan
    return Players(there.api(), at, plan, Ledger.open(at.folder / "day.jsonl"))


def play(some: Players, count: int | None = None) -> None:
    async def go() -> None:
        for step in some.plan.steps()[:count]:
            await some.play(step)

    asyncio.run(go())


def test_a_day_is_played_whole_and_nothing_is_left(tmp_path: Path) -> None:
    there, at = FakeDistrict(), stage(tmp_path)
    some = players(there, at)
    play(some)
    assert some.ledger.left() == {}
    acts = Counter(act for _, act, _ in there.acts)
    assert acts["settled"] == 58
    assert acts["reports"] == 164 - 58 + 1
    # At night the desk's neighbour looks by video, by day it is whoever was drawn.
    checkers = {who for _, act, who in there.acts if act == "check_pass"}
    assert "collector-wangjie-1" in checkers
    assert checkers - {"collector-wangjie-1"} <= {f"op-{c}-2" for c in figures().centres}
    assert there.records == {"/records/services": 6, "/records/leads": 3}


def test_a_killed_player_goes_on_where_it_was_and_does_nothing_twice(tmp_path: Path) -> None:
    there, at = FakeDistrict(), stage(tmp_path)
    play(players(there, at, events=True), 20)
    before = list(there.acts)
    with (at.folder / "day.jsonl").open("a", encoding="utf-8") as cut:
        cut.write('{"story": "r0')
    play(players(there, at, events=True))
    assert there.acts[: len(before)] == before
    once = FakeDistrict()
    play(players(once, stage(tmp_path / "other"), events=True))
    assert there.acts == once.acts


def test_a_step_whose_note_was_lost_is_sent_again_under_its_key(tmp_path: Path) -> None:
    there, at = FakeDistrict(), stage(tmp_path)
    some = players(there, at, events=True)
    play(some, 10)
    lines = (at.folder / "day.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (at.folder / "day.jsonl").write_text("".join(lines[:-1]), encoding="utf-8")
    again = players(there, at, events=True)
    play(again)
    assert again.ledger.left() == {}
    counted = Counter(there.acts)
    assert counted["case 1", "designate", "office-320303001-1"] == 1


def test_the_third_return_must_be_refused(tmp_path: Path) -> None:
    there, at = FakeDistrict(), stage(tmp_path)
    some = players(there, at, events=True)
    play(some)
    assert Counter(act for _, act, _ in there.acts)["send_back"] == 2

    class Lenient(FakeDistrict):
        def _act(self, case, act, who, body):  # type: ignore[no-untyped-def]
            case["returns"] = 0
            return super()._act(case, act, who, body)

    other = players(Lenient(), stage(tmp_path / "lenient"), events=True)
    play(other)
    assert "was to be refused" in other.ledger.left()["cleansing"]


def test_a_case_that_somebody_else_has_taken_on_is_left_to_them(tmp_path: Path) -> None:
    there, at = FakeDistrict(), stage(tmp_path)
    some = players(there, at, events=True)
    play(some, 3)
    there.cases["case 1"]["version"] += 3
    play(some)
    assert list(some.ledger.left()) == ["cleansing"]


def test_an_act_that_is_still_to_be_had_is_tried_on_the_case_as_it_is_now(tmp_path: Path) -> None:
    there, at = FakeDistrict(), stage(tmp_path)
    some = players(there, at, events=True)
    play(some, 3)
    there.cases["case 1"] |= {"version": 9, "offers": ["dispatch", "send_back"]}
    play(some)
    assert some.ledger.left() == {}


def test_tokens_that_do_not_hold_any_more_end_the_process(tmp_path: Path) -> None:
    there, at = FakeDistrict(), stage(tmp_path)
    there.before = lambda request: problem("unauthorized", 401)
    some = players(there, at)
    with pytest.raises(GaveUp):
        play(some)
    assert some.ledger.left() == {}


def test_what_the_night_left_is_finished_in_the_morning(tmp_path: Path) -> None:
    there, at = FakeDistrict(), stage(tmp_path)
    row = {
        "id": "old", "version": 4, "state": "handling", "source": "patrol", "origin": "demo",
        "place": "320303/320303002/wangjie", "reported_at": "2026-07-05T21:00:00+00:00",
        "assignee": {"kind": "crew", "id": "crew wangjie-night"},
    }  # fmt: skip
    foreign = {**row, "id": "mine", "origin": "live"}
    there.open_before = [row, foreign]
    there.cases["old"] = {**row, "offers": [], "returns": 0}

    async def live() -> None:
        api = there.api()
        living = Living(
            api, at, DemoTime(api, "desk-1"), figures(), china(), ON, lambda line: None, _stop
        )
        with pytest.raises(_Enough):
            await living.forever()

    asyncio.run(live())
    mine = [(act, who) for case, act, who in there.acts if case == "old"]
    assert [act for act, _ in mine] == ["report_back", "check_pass", "close"]
    assert mine[0][1] == "crew-wangjie-night-1"
    assert "mine" not in {case for case, _, _ in there.acts}


class _Enough(Exception):
    pass


async def _stop(seconds: float) -> None:
    raise _Enough


def test_without_a_stage_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoStage, match="demo seed"):
        load(tmp_path)


def test_moments_of_missing_rooms_are_named() -> None:
    missing = {one.missing for one in listed(figures()) if one.missing}
    assert missing == {"roster", "enforcement", "kit", "dispatch", "patrol"}


def test_begun_again_later_what_was_played_is_finished_and_not_told_as_history(
    tmp_path: Path,
) -> None:
    there, at = FakeDistrict(), stage(tmp_path)

    async def live(on: date, shown: str) -> None:
        there.shown = shown
        api = there.api()
        time = DemoTime(api, "desk-1")
        naps = iter([None] * 60)
        living = Living(
            api, at, time, figures(), china(), on, lambda line: None, lambda s: _nap(naps)
        )
        with pytest.raises(_Enough):
            await living.forever()

    asyncio.run(live(ON, "2026-07-05T23:30:00+00:00"))
    assert list(at.folder.glob("past-2026-06-*"))
    asyncio.run(live(date(2026, 7, 7), "2026-07-05T23:40:00+00:00"))
    assert not list(at.folder.glob("past-2026-07-06*"))
    assert list(at.folder.glob("2026-07-06-*"))


async def _nap(naps: Iterator[None]) -> None:
    if next(naps, 1) == 1:
        raise _Enough
