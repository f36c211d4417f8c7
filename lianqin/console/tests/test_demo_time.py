"""The demo's time: set by one act, seen by everything that says the present, refused elsewhere."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from lianqin.accounts import runner
from lianqin.accounts.models import AccessEntry, ApiToken
from lianqin.accounts.queries import token_hash
from lianqin.accounts.runner import Command
from lianqin.cases.alerts import Loop
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.console import clock_loop, demo_day_file, demo_time, demo_time_file, room_checks
from lianqin.console.demo_time_command import instant
from lianqin.console.home import Home
from lianqin.console.words import Refusal
from lianqin.journal.models import Entry
from lianqin.territory.models import District
from lianqin.worktime import PRESENT, FrozenNow, Pace, Present
from lianqin.worktime.pace import pace_of

Address = Callable[[str], str]
#: 16:00 in the district, in the middle shift.
REAL = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Asia/Shanghai")
OPERATOR = f"operator@{CENTRES[0]}"


class Demo:
    """A demo whose machine stands at an instant of the test's, and one person's browser."""

    def __init__(self, world: World, home: Path, machine: FrozenNow) -> None:
        self.world, self.home, self.machine = world, home, machine

    @property
    def file(self) -> Path:
        return self.home / demo_time_file.FILE

    def keep(self, pace: Pace) -> None:
        self.file.write_text(pace.text())

    def browser(self, name: str = OPERATOR) -> Client:
        client = Client()
        client.force_login(self.world.people[name])
        return client

    def get(self, path: str = "/demo/time", name: str = OPERATOR) -> Any:
        return self.browser(name).get(f"/api/v1{path}")

    def post(self, name: str = OPERATOR, key: str = "", **body: Any) -> Any:
        return self.browser(name).post(
            "/api/v1/demo/time",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key or str(uuid4()), "Accept-Language": "en"},
        )


@pytest.fixture
def demo(db: None, home: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    machine = FrozenNow(REAL)
    monkeypatch.setattr(PRESENT, "machine", machine)
    # The test's own transaction never commits.
    monkeypatch.setattr(demo_time.transaction, "on_commit", lambda done: done())
    world = build()
    world.clock.move_to(REAL - 30 * HOUR)
    return Demo(world, home, machine)


def entries() -> list[dict[str, Any]]:
    rows = Entry.objects.filter(act="set_demo_time").order_by("position")
    return list(rows.values_list("data", flat=True))


def test_without_a_pace_it_is_the_present(demo: Demo) -> None:
    said = demo.get().json()
    assert (said["on"], said["at_present"]) == (False, True)
    assert datetime.fromisoformat(said["shown"]) == REAL


def test_a_change_is_one_entry_and_every_reader_sees_it(demo: Demo) -> None:
    demo.keep(Pace(REAL - 24 * HOUR, REAL))
    key = str(uuid4())
    assert demo.post(key=key, speed=13).json()["speed"] == 13
    assert demo.post(key=key, speed=13).headers["Idempotent-Replay"] == "true"
    demo.machine.advance(HOUR)
    said = demo.get().json()
    assert datetime.fromisoformat(said["shown"]) == REAL - 11 * HOUR
    assert entries() == [{"speed": 13}]
    # The shift, and the instant at which the next act is recorded, are the shown ones.
    duty = demo.get("/me").json()["duty"]
    assert (duty["date"], duty["shift"]) == ("2026-11-22", "night")
    assert datetime.fromisoformat(duty["ends_at"]) == REAL - 9 * HOUR
    demo.post(paused=True)
    assert Entry.objects.latest("position").recorded_at == REAL - 11 * HOUR


def test_what_is_not_journalled_does_not_happen(
    committed: Address, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PRESENT, "machine", FrozenNow(REAL))
    world = build()
    command = Command(world.who(OPERATOR), "set_demo_time", uuid4(), "x")

    def broken(*args: object, **more: object) -> None:
        raise RuntimeError("the journal is away")

    with monkeypatch.context() as patched:
        patched.setattr(runner, "append", broken)
        with pytest.raises(RuntimeError):
            demo_time.set_demo_time(command, demo_time.Change(paused=True))
    assert [path.name for path in home.iterdir()] == [demo_time_file.LOCK]
    demo_time.set_demo_time(command, demo_time.Change(paused=True))
    assert pace_of((home / demo_time_file.FILE).read_text()).paused


def test_it_goes_forward_only_and_not_past_the_present(demo: Demo) -> None:
    demo.keep(Pace(REAL - 24 * HOUR, REAL))
    for to, code in ((REAL - 25 * HOUR, "demo_time_backward"), (REAL + HOUR, "demo_time_ahead")):
        answer = demo.post(to=to.isoformat())
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["errors"][0]["field"] == "to"
        assert "2026-11-2" in answer.json()["detail"]
    assert demo.post(to=(REAL - 2 * HOUR).isoformat(), paused=True).status_code == 200
    assert PRESENT.now() == REAL - 2 * HOUR
    assert demo.post(present=True).json()["on"] is False
    assert not demo.file.exists()
    assert PRESENT.now() == REAL
    assert [set(said) for said in entries()] == [{"to", "paused"}, {"present"}]


def test_without_a_pace_it_begins_where_the_journal_ends(demo: Demo) -> None:
    case = demo.world.report()
    recorded = Entry.objects.get(subject_id=case.id).recorded_at
    assert demo.post(to=(recorded - HOUR).isoformat()).json()["code"] == "demo_time_backward"
    assert demo.post(to=(recorded + HOUR).isoformat()).status_code == 200
    assert PRESENT.now() == recorded + HOUR


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "demo_time_nothing"),
        ({"present": True, "speed": 5}, "demo_time_alone"),
        ({"speed": 601}, "invalid"),
        ({"speed": 1.5}, "invalid"),
        ({"to": "2026-11-23T10:00:00"}, "invalid"),
        ({"sauce": 1}, "invalid"),
    ],
)
def test_bad_input_is_told_what_is_wrong(demo: Demo, body: dict[str, Any], code: str) -> None:
    answer = demo.post(**body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert entries() == []
    assert not demo.file.exists()


def test_a_crew_looks_on_and_sets_nothing(demo: Demo) -> None:
    crew = f"crew@{CENTRES[0]}"
    assert demo.post(crew, paused=True).status_code == 403
    assert demo.get(name=crew).status_code == 200
    assert "set_demo_time" not in demo.get("/me", crew).json()["may"]


def test_a_real_district_has_the_present_alone(demo: Demo) -> None:
    District.objects.update(demo=False)
    demo.keep(Pace(REAL - 24 * HOUR, REAL, 13))
    demo_time._demo.clear()
    assert (demo.get().status_code, demo.post(paused=True).status_code) == (404, 404)
    me = demo.get("/me").json()
    assert (me["demo_time"], me["duty"]["shift"]) == (None, "middle")
    assert "set_demo_time" not in me["may"]
    assert PRESENT.now() == REAL
    assert room_checks.demo_time(Home(demo.home)).state == "warning"


def test_tokens_and_the_access_log_are_the_machines(demo: Demo) -> None:
    demo.keep(Pace(REAL - 24 * HOUR, REAL))
    who = demo.world.people[OPERATOR]
    ApiToken.objects.create(
        user=who, name="t", hash=token_hash("x"), scopes=[], expires_at=REAL - HOUR
    )
    client = Client(headers={"authorization": "Bearer x"})
    assert client.get("/api/v1/me").status_code == 401  # over, though not yet by the shown time
    assert demo.post(f"crew@{CENTRES[0]}", paused=True).status_code == 403
    assert AccessEntry.objects.filter(kind="denial").latest("position").at == REAL


def test_alerts_come_at_the_shown_time_however_fast_it_runs(demo: Demo) -> None:
    began = demo.world.clock.now()
    demo.keep(Pace(began, REAL, 60))
    case = demo.world.report()
    loop = Loop(clock_loop.principal(PRESENT), PRESENT)
    assert loop.round().alerts == 0
    demo.machine.advance(timedelta(seconds=16))  # sixteen minutes there: half of the intake's limit
    assert loop.round().alerts == 1
    alert = Entry.objects.get(subject_id=case.id, act="clock_alert")
    assert alert.recorded_at == began + timedelta(minutes=16)
    assert (clock_loop.quickness(PRESENT), clock_loop.lag_allowed(PRESENT)) == (30, HOUR)
    demo.post(paused=True)
    assert clock_loop.quickness(PRESENT) == 1


def test_the_loop_wakes_when_somebody_sets_the_time(home: Path) -> None:
    present = Present(FrozenNow(REAL))
    present.follow(lambda: home / demo_time_file.FILE, lambda: True)
    sets = Timer(0.1, demo_time_file.begin, (home, "Asia/Shanghai", REAL))
    sets.start()
    began = time.monotonic()
    clock_loop.rest(began + 30, present)
    assert time.monotonic() - began < 10


def test_check_says_which_time_is_shown_and_which_file_is_broken(demo: Demo) -> None:
    at_home = Home(demo.home)
    assert room_checks.demo_time(at_home).state == "ok"
    demo.keep(Pace(REAL - 24 * HOUR, REAL, 13))
    assert "×13 · 2026-11-22 16:00:00" in room_checks.demo_time(at_home).words
    demo.file.write_text("{")
    assert room_checks.demo_time(at_home).state == "failed"


# --- without a database -------------------------------------------------------------------------


def test_a_fresh_demo_begins_shortly_before_the_last_whole_duty_date(home: Path) -> None:
    day = demo_time_file.begin(home, "Asia/Shanghai", REAL)
    assert day.isoformat() == "2026-11-22"
    stands = pace_of((home / demo_time_file.FILE).read_text())
    assert stands.shown(REAL + HOUR).astimezone(ZONE).isoformat() == "2026-11-22T06:45:00+08:00"
    demo_time_file.go(home, REAL + HOUR)
    runs = pace_of((home / demo_time_file.FILE).read_text())
    assert runs.shown(REAL + HOUR + timedelta(minutes=2)) == stands.anchor + timedelta(minutes=26)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("16:50", "2026-11-23T16:50:00+08:00"),
        ("7:05", "2026-11-24T07:05:00+08:00"),
        ("2026-11-24T07:00", "2026-11-24T07:00:00+08:00"),
        ("2026-11-24T07:00Z", "2026-11-24T07:00:00+00:00"),
    ],
)
def test_a_time_of_day_is_the_next_one(text: str, meant: str) -> None:
    assert instant(text, REAL, ZONE).isoformat() == meant


@pytest.mark.parametrize("text", ["25:00", "soon", "16", "2026-13-01T00:00"])
def test_what_is_no_time_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(Refusal, match=text):
        instant(text, REAL, ZONE)


def test_a_living_day_begins_again_only_where_there_is_time_to_run_through() -> None:
    shown = REAL - 24 * HOUR
    assert demo_day_file.following(shown, REAL, ZONE) == REAL.astimezone(ZONE).date()
    assert demo_day_file.following(REAL, REAL, ZONE) is None


def test_a_wish_that_cannot_be_read_is_the_usual_one(home: Path) -> None:
    assert demo_day_file.read(home) == demo_day_file.Wish()
    demo_day_file.write(home, demo_day_file.Wish(False, "2026-11-22", 3))
    assert demo_day_file.read(home) == demo_day_file.Wish(False, "2026-11-22", 3)
    (home / demo_day_file.FILE).write_text('{"wanted": true, "date": "soon", "round": 1}')
    assert demo_day_file.read(home) == demo_day_file.Wish()
