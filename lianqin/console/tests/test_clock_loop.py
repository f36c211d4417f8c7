"""The real loop, killed at every point of an alert and started again: each alert happens once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from lianqin.accounts.models import AccessEntry, Idempotency, Posting, User
from lianqin.accounts.queries import by_token
from lianqin.cases.models import Case, StageClock
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build
from lianqin.console import account_commands, room_checks
from lianqin.console.clock_loop import principal
from lianqin.console.home import Home
from lianqin.console.projection import project
from lianqin.console.tests.killed_clock import POINTS
from lianqin.console.words import Refusal
from lianqin.journal.models import Entry
from lianqin.journal.queries import head
from lianqin.journal.seals import JOURNAL, seal, verify
from lianqin.territory.queries import district
from lianqin.worktime import SystemNow
from lianqin.worktime.calendar import wall_instant

Address = Callable[[str], str]
CASES = 2
SHARES = [50, 80, 100]
MINUTE = timedelta(minutes=1)
REAL = (sys.executable, "-m", "lianqin.console.cli", "clock")
KILLED = (sys.executable, "-m", "lianqin.console.tests.killed_clock")


def start(address: Address, home: Path, *command: str, **more: str) -> subprocess.Popen[str]:
    """A loop as a process of its own, on the test's database."""
    return subprocess.Popen(
        command,
        env=os.environ
        | {
            "LIANQIN_DATABASE": address("lianqin_app"),
            "LIANQIN_HOME": str(home),
            "LIANQIN_LANGUAGE": "en",
        }
        | more,
        cwd=Path(__file__).resolve().parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def once(address: Address, home: Path) -> str:
    """One round of the real loop; what it says of it."""
    process = start(address, home, *REAL, "--once")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


def killed(address: Address, home: Path, point: str, nth: int = 1) -> None:
    """A loop that dies at that point, as `kill -9` would have it."""
    process = start(address, home, *KILLED, "--once", LIANQIN_FAULT=f"{point}:{nth}")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, said


def overdue_cases(world: World) -> list[Case]:
    """Cases that a crew has had for three hours of the two it was given."""
    world.clock.move_to(datetime.now(UTC) - timedelta(hours=3))
    return [world.walk(world.report(), "handling") for _ in range(CASES)]


def alerts() -> Counter[tuple[str, int]]:
    """How often each alert stands in the journal, by clock and share."""
    rows = Entry.objects.filter(act="clock_alert").values_list("data", flat=True)
    return Counter((data["clock"], data["share"]) for data in rows)


def assert_each_once() -> None:
    """Every alert of every clock once and in order, rows, receipts and journal in agreement."""
    rows = list(StageClock.objects.filter(stage="handle"))
    assert len(rows) == CASES
    assert alerts() == Counter({(str(row.id), share): 1 for row in rows for share in SHARES})
    assert [(row.alerted, row.next_alert_at) for row in rows] == [(100, None)] * CASES
    for row in rows:
        entries = Entry.objects.filter(act="clock_alert", data__clock=str(row.id))
        ordered = [e.data["share"] for e in entries.order_by("position")]
        assert ordered == SHARES
        last = entries.order_by("-position").first()
        assert last is not None
        assert Case.objects.get(id=row.case_id).position == last.position
    who = User.objects.get(username="clock")
    assert Idempotency.objects.filter(principal=who.id).count() == CASES * len(SHARES)
    assert not Idempotency.objects.filter(principal=who.id, answer=None).exists()
    seal(JOURNAL, datetime.now(UTC))
    assert verify(JOURNAL).clean


def wait_for_the_dead(address: Address) -> None:
    """Until the server has noticed that the killed loop's connection is gone."""
    with psycopg.connect(address("lianqin_app"), autocommit=True) as ours:
        question = (
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE a.datname = current_database() AND l.locktype = 'transactionid'"
        )
        for _ in range(100):
            row = ours.execute(question).fetchone()
            if row == (0,):
                return
            time.sleep(0.05)
    raise AssertionError("a dead loop's transaction is still open")


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_of_the_first_alert_each_happens_once(
    committed: Address, home: Path, point: str
) -> None:
    overdue_cases(build())
    killed(committed, home, point)
    wait_for_the_dead(committed)
    assert sum(alerts().values()) == (1 if point == "after_commit" else 0)
    assert "busy 0 · failed 0" in once(committed, home)
    assert_each_once()
    assert "alerts 0 ·" in once(committed, home)


@pytest.mark.long
@pytest.mark.parametrize("nth", [2, 4, 6])
@pytest.mark.parametrize(
    "point", ["after_writing_the_row", "after_the_entry_before_commit", "after_commit"]
)
def test_killed_at_a_later_alert_what_was_written_stays_and_the_rest_follows(
    committed: Address, home: Path, point: str, nth: int
) -> None:
    overdue_cases(build())
    killed(committed, home, point, nth)
    wait_for_the_dead(committed)
    assert sum(alerts().values()) == (nth if point == "after_commit" else nth - 1)
    once(committed, home)
    assert_each_once()


@pytest.mark.long
def test_killed_again_and_again_at_one_point_after_the_other(
    committed: Address, home: Path
) -> None:
    overdue_cases(build())
    for point in POINTS:
        killed(committed, home, point)
    wait_for_the_dead(committed)
    once(committed, home)
    assert_each_once()


def test_two_loops_one_of_which_dies_write_each_alert_once(committed: Address, home: Path) -> None:
    overdue_cases(build())
    dying = start(
        committed, home, *KILLED, "--every=1", LIANQIN_FAULT="after_the_entry_before_commit:3"
    )
    living = start(committed, home, *REAL, "--every=0.2")
    try:
        deadline = time.monotonic() + 60
        while sum(alerts().values()) < CASES * len(SHARES) and time.monotonic() < deadline:
            time.sleep(0.1)
            connection.close()
    finally:
        for process in (dying, living):
            process.kill()
            process.communicate()
    assert_each_once()


def test_the_loop_goes_on_when_the_database_comes_back(committed: Address, home: Path) -> None:
    overdue_cases(build())
    due = dict(StageClock.objects.filter(stage="handle").values_list("id", "next_alert_at"))
    StageClock.objects.update(next_alert_at=None)
    process = start(committed, home, *REAL, "--every=0.2")
    try:
        _until(lambda: User.objects.filter(username="clock").exists())
        with psycopg.connect(committed("lianqin_app"), autocommit=True) as ours:
            ours.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user"
                " AND pid <> pg_backend_pid()"
            )
        connection.close()
        for clock, at in due.items():
            StageClock.objects.filter(id=clock).update(next_alert_at=at)
        _until(lambda: sum(alerts().values()) == CASES * len(SHARES))
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
    assert_each_once()


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
        connection.close()


@pytest.mark.parametrize(
    "point", ["after_the_key", "before_the_entry", "after_the_entry_before_commit"]
)
def test_killed_while_a_suspension_is_lifted_it_is_lifted_once(
    committed: Address, home: Path, point: str
) -> None:
    world = build()
    world.clock.move_to(datetime.now(UTC) - timedelta(days=3))
    case = world.walk(world.report(), "handling")
    until = (world.clock.now() + timedelta(days=1)).astimezone(district().tz).date()
    world.act(f"crew@{CENTRES[0]}", "ask_suspension", case, reason="等待材料", until=until)
    asked = case.requests.get()
    world.act(f"shift_leader@{CENTRES[0]}", "endorse", case, request_id=asked.id)
    world.act(f"office_staff@{OFFICES[0]}", "grant", case, request_id=asked.id)
    killed(committed, home, point)
    wait_for_the_dead(committed)
    case.refresh_from_db()
    assert case.state == "suspended"
    assert "lifted 1" in once(committed, home)
    assert "lifted 0" in once(committed, home)
    assert Entry.objects.filter(subject_id=case.id, act="resume").count() == 1
    assert [share for (_, share) in sorted(alerts())] == SHARES
    case.refresh_from_db()
    ended = wall_instant(until + timedelta(days=1), 0, district().tz)
    assert (case.state, case.changed_at) == ("handling", ended)


# --- who hears of it -----------------------------------------------------------------------------


def test_the_stream_tells_the_desk_and_the_hands_and_nobody_else(
    committed: Address, home: Path
) -> None:
    world = build()
    case = overdue_cases(world)[0]
    before = head()
    once(committed, home)
    _, events = project(before)
    assert len(events) == CASES * len(SHARES)
    frame = events[0].render(world.who(f"operator@{CENTRES[0]}").scope)
    assert frame is not None
    told = json.loads(frame.decode().split("data: ", 1)[1])
    assert (told["act"], told["case"]["id"]) == ("clock_alert", str(case.id))
    assert told["from_state"] == told["to_state"] == "handling"
    assert told["case"]["version"] == case.version
    assert events[0].render(world.who(f"crew@{CENTRES[0]}").scope) is not None
    assert events[0].render(world.who(f"operator@{CENTRES[1]}").scope) is None


# --- the account ---------------------------------------------------------------------------------


def test_the_loops_account_is_made_once_and_lets_nobody_in(committed: Address, home: Path) -> None:
    build()
    first = principal(SystemNow())
    assert principal(SystemNow()).id == first.id
    user = User.objects.get(username="clock")
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert Posting.objects.filter(user=user).count() == 1
    assert AccessEntry.objects.filter(act="make_account", subject="clock").count() == 1
    from lianqin.accounts.actions import issue_token

    now = datetime.now(UTC)
    token = issue_token(user, "x", ["clock"], now=now, days=1)
    assert by_token(token, now, now.date()) is None


def test_a_person_of_that_name_is_not_taken_over(committed: Address, home: Path) -> None:
    build()
    User.objects.create(username="clock", display_name="钟")
    with pytest.raises(Refusal, match="clock"):
        principal(SystemNow())
    assert not Posting.objects.filter(user__username="clock").exists()


def test_nobody_is_posted_as_the_clock_from_the_console(committed: Address, home: Path) -> None:
    build()
    with pytest.raises(Refusal):
        account_commands._post("clock", "990101", "", "")


def test_check_says_how_long_an_alert_has_been_waiting(
    committed: Address, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build()
    at_home = Home(home)
    assert room_checks.clocks(at_home).state == "ok"
    overdue_cases(world)
    found = room_checks.clocks(at_home)
    assert found.state == "warning"
    assert "11" in found.words  # minutes: half of two hours was two hours ago, less the walk
    once(committed, home)
    assert room_checks.clocks(at_home).state == "ok"


def test_an_install_without_a_district_waits(committed: Address, home: Path) -> None:
    assert "alerts 0 ·" in once(committed, home)


def test_the_centre_of_the_cases_does_not_matter(committed: Address, home: Path) -> None:
    world = build()
    world.clock.move_to(datetime.now(UTC) - timedelta(minutes=16))
    for place in CENTRES:
        world.report(place)
    assert f"alerts {len(CENTRES)} ·" in once(committed, home)
