"""The demo's day: what its list of events says in the last column is seen on the desk.

The events are those that existing rooms can show; `lianqin day --list` names the others.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import screen
from e2e.install import ROOT, Install, running_demo
from e2e.people import People, Person
from e2e.stories import ZONE

DESK = "desk-1"


class Played:
    """A day that has been played: its cases by the name of their story."""

    def __init__(self, install: Install) -> None:
        self.install = install
        self._read: dict[str, dict[str, Any]] = {}
        folder = install.home.root / "demo-day"
        status = json.loads((folder / "status.json").read_text(encoding="utf-8"))
        self.date = date.fromisoformat(status["date"])
        lines = (folder / f"{self.date}-{status['install']}.jsonl").read_text(encoding="utf-8")
        told = [json.loads(line) for line in lines.splitlines()]
        self.cases = {line["story"]: line["case"] for line in told if line.get("case")}

    def case(self, story: str) -> dict[str, Any]:
        """The case of a story as the district's desk reads it; nothing happens to it any more."""
        if story not in self._read:
            self._read[story] = self.install.get(DESK, f"/cases/{self.cases[story]}")
        return self._read[story]

    def number(self, story: str) -> str:
        return str(self.case(story)["case"]["number"])

    def acts(self, story: str) -> list[str]:
        return [entry["act"] for entry in self.case(story)["timeline"]]


def play(install: Install, *options: str) -> Played:
    """Let `lianqin day` play, as another program of the same machine."""
    env = os.environ | {"LIANQIN_HOME": str(install.home.root), "LIANQIN_LANGUAGE": "en"}
    command = [sys.executable, "-m", "lianqin.console.cli", "day", "--server", install.address]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, env=env, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Played(install)


@pytest.fixture(scope="module")
def played(install: Install) -> Played:
    return play(install, "--only-events")


def wall(text: str) -> str:
    """The time of day in the district."""
    return f"{datetime.fromisoformat(text).astimezone(ZONE):%H:%M}"


def shown(page: Page, played: Played, story: str) -> Locator:
    """The case of a story, open on the desk."""
    page.goto(f"/desk/cases/{played.cases[story]}")
    panel = screen.panel(page)
    expect(panel).to_contain_text(played.number(story))
    expect(panel.get_by_role("region", name="经过")).to_be_visible()
    return panel


def told(panel: Locator) -> str:
    """What the panel says has happened."""
    return panel.get_by_role("region", name="经过").inner_text()


def test_the_events_of_the_day_are_seen_on_the_desk(played: Played, people: People) -> None:
    person = people.sign_in(DESK)
    page = person.open()
    third_return_goes_to_the_office(shown(page, played, "cleansing"), played)
    back_after_two_hours_is_a_recurrence(shown(page, played, "back"), played)
    burst_main_is_due_in_an_hour_and_met(shown(page, played, "burst"), played)
    sunk_road_is_fenced_and_its_repair_stays(shown(page, played, "sunk"), played)
    three_callers_follow_one_case(shown(page, played, "night"), played)
    brief_is_a_page_to_print(person, played)
    assert played.install.get(DESK, f"/brief/{played.date}")["demo"] is True


def third_return_goes_to_the_office(panel: Locator, played: Played) -> None:
    """10:15 return limit reached: cannot return again; to office."""
    assert played.acts("cleansing").count("send_back") == 2
    assert all(word in told(panel) for word in ("回退", "提请裁定", "指定承办"))
    entry = next(e for e in played.case("cleansing")["timeline"] if e["act"] == "designate")
    assert entry["actor"]["role"] == "office_staff"


def back_after_two_hours_is_a_recurrence(panel: Locator, played: Played) -> None:
    """11:05 new case linked as recurrence, not duplicate."""
    expect(panel).to_contain_text("回潮自")
    expect(panel).to_contain_text(played.number("peddler"))
    before, after = played.case("peddler")["case"], played.case("back")["case"]
    assert before["state"] == "closed"
    assert (wall(before["closed_at"]), wall(after["reported_at"])) == ("09:05", "11:05")
    assert "join" not in played.acts("back")


def burst_main_is_due_in_an_hour_and_met(panel: Locator, played: Played) -> None:
    """16:52 seen on video, 12345 joins; filed 16:55, sent 16:57, due 17:57; 17:44 met."""
    expect(panel).to_contain_text("2 次上报")
    expect(panel).to_contain_text("子案 1 件")
    expect(panel).to_contain_text(played.number("sunk"))
    at = {e["act"]: wall(e["occurred_at"]) for e in played.case("burst")["timeline"]}
    assert (at["report"], at["file"], at["dispatch"]) == ("16:52", "16:55", "16:57")
    assert at["report_back"] == "17:44"
    limit = next(c for c in played.case("burst")["clocks"] if c["stage"] == "handle")
    assert (wall(limit["due_at"]) if limit["due_at"] else "17:57", limit["late"]) == (
        "17:57", False,
    )  # fmt: skip
    assert limit["limit"] == {"value": 1, "unit": "urgent_hour"}
    assert played.case("burst-call")["case"]["state"] == "joined"


def sunk_road_is_fenced_and_its_repair_stays(panel: Locator, played: Played) -> None:
    """17:03 a part, sent 17:05; 17:52 fenced, the repair of five work days stays."""
    expect(panel).to_contain_text("所属主案")
    expect(panel).to_contain_text(played.number("burst"))
    expect(panel.locator(".chips").first).to_contain_text("挂账")
    detail = played.case("sunk")
    lead = next(task for task in detail["tasks"] if task["lead"])
    fenced = next(task for task in detail["tasks"] if not task["lead"])
    assert (lead["assignee"]["kind"], lead["ended_at"]) == ("unit", None)
    assert (fenced["assignee"]["kind"], wall(fenced["ended_at"])) == ("crew", "17:52")
    rests = next(r for r in detail["requests"] if r["kind"] == "suspension")
    assert rests["state"] == "granted"
    assert (date.fromisoformat(rests["until"]) - played.date).days >= 5
    expect(panel).to_contain_text("首项条件")


def three_callers_follow_one_case(panel: Locator, played: Played) -> None:
    """00:40 two of 110 and one of 12345 at the same site: one case, three followers."""
    expect(panel).to_contain_text("3 次上报")
    assert played.case("night-2")["case"]["state"] == "joined"
    assert played.case("night-3")["case"]["state"] == "joined"
    expect(panel).to_contain_text("次日移交")
    assert wall(played.case("night")["case"]["reported_at"]) == "00:40"


def brief_is_a_page_to_print(person: Person, played: Played) -> None:
    """05:30 the brief; 21:50 the lost person is a service record and no case."""
    page = person.context.new_page()
    page.goto(f"/desk/brief/{played.date}")
    main = page.locator("main")
    expect(main).to_contain_text(re.compile("便民服务"))
    items = played.install.get(DESK, "/records/services")["items"]
    record = next(item for item in items if "走失老人" in item["text"])
    assert (wall(record["occurred_at"]), record["crew"]["zh"]) == ("21:50", "青年晚班组")
    assert record["origin"] == "demo"
    expect(page.get_by_role("button", name=re.compile("打印"))).to_be_visible()


@pytest.fixture(scope="module")
def whole_day(executable: str) -> Iterator[Played]:
    with running_demo() as install:
        yield play(install, "--speed", "max")


def reported_before(played: Played) -> int:
    """Reports of the duty date that are none of the day's: the demo's own, where it has some."""
    brief = played.install.get(DESK, f"/brief/{played.date}")
    start, end = datetime.fromisoformat(brief["from"]), datetime.fromisoformat(brief["to"])
    ours, found, after = set(played.cases.values()), 0, ""
    while True:
        page = played.install.get(DESK, "/cases", tab="all", limit=100, after=after)
        rows = [row for row in page["items"] if row["id"] not in ours]
        found += sum(start <= datetime.fromisoformat(row["reported_at"]) < end for row in rows)
        after = page["next"] or ""
        if not after:
            return found


def settled(played: Played) -> list[str]:
    """Stories of what was settled on the spot."""
    return [name for name in played.cases if "settle" in played.acts(name)]


def ran_over(detail: dict[str, Any]) -> bool:
    """Whether the handling took longer than its limit."""
    return any(clock["late"] for clock in detail["clocks"] if clock["stage"] == "handle")


@pytest.mark.long
def test_the_brief_of_the_whole_day_has_the_figures_of_the_demo(whole_day: Played) -> None:
    played = whole_day
    brief = played.install.get(DESK, f"/brief/{played.date}")
    # Neither the unit's dispute nor what the night handed over was reported on the day.
    made = [name for name in played.cases if not name.startswith(("cleansing", "handed"))]
    assert len(made) == brief["total"]["reports"] - reported_before(played) == 164
    states = [played.case(name)["case"]["state"] for name in made]
    counted = {state: states.count(state) for state in set(states)}
    assert counted["closed"] == 112
    assert (counted["joined"], counted["rejected"]) == (15, 14)
    assert (counted["to_check"], counted["suspended"]) == (5, 1)
    assert counted["handling"] == 17
    late = [name for name in made if ran_over(played.case(name))]
    sent = [name for name in made if played.case(name)["tasks"] and name not in settled(played)]
    assert (len(sent), len(settled(played))) == (77, 58)
    closed = [name for name in sent if played.case(name)["case"]["state"] == "closed"]
    assert (len(closed), len(set(closed) & set(late))) == (54, 3)
    assert brief["joined"] == 15
    assert brief["recurrences"] == 1
    assert (brief["service_records"], brief["security_leads"]) == (6, 3)
    total = brief["total"]
    again = play(played.install, "--speed", "max")
    assert again.cases == played.cases
    assert played.install.get(DESK, f"/brief/{played.date}")["total"] == total
