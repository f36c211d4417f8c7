"""The real loop: by the real clock it climbs, and whatever kills it neither loses nor doubles."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from lianqin.accounts.runner import Command, request_hash
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.console import notice_loop
from lianqin.console.check import Home
from lianqin.console.room_checks import notices as finding
from lianqin.journal.models import Entry
from lianqin.journal.queries import head
from lianqin.notices.actions.keeping import subscribe
from lianqin.notices.models import Follower, LadderPlan, Matter, Notice, Step
from lianqin.notices.tests.push_service import Browser, Posted, PushService
from lianqin.territory.queries import district
from lianqin.worktime import PRESENT, SystemNow, shift_of

Address = Callable[[str], str]
HOME = CENTRES[0]


@pytest.fixture
def world(committed: Address) -> World:
    """The district on the real present, with the crew of this hour."""
    made = build()
    made.clock = SystemNow()  # type: ignore[assignment]
    Follower.objects.create(name="notices", position=head())
    notice_loop.ways.cache_clear()
    for crew in made.crews.values():
        crew.shift = shift_of(datetime.now(UTC), district().tz).shift.key
        crew.save()
    return made


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


def command(world: World, name: str, act: str) -> Command:
    return Command(world.who(name), act, uuid4(), request_hash(act, name, uuid4()))


def dispatched(world: World) -> None:
    """A case that the desk has just sent the crew to."""
    from lianqin.cases import actions
    from lianqin.cases.models import Case

    desk = f"operator@{HOME}"
    new = actions.NewReport(
        source="patrol", class_key=("event", "0406"), spot=world.spot(HOME), address="解放路 12 号"
    )
    done = actions.report(command(world, desk, "report"), new)
    case = Case.objects.get(id=done.answer["case_id"])
    hands = ("crew", world.crews[HOME].id)
    for act, said in (("file", {}), ("dispatch", {"assignee": hands})):
        case.refresh_from_db()
        actions.act(command(world, desk, act), case.id, case.version, actions.Said(**said))


def keep_browser(world: World, service: PushService, name: str) -> None:
    keys = Browser(name).keys
    subscribe(
        command(world, name, "subscribe_push"), f"{service.origin}/{name}",
        keys["p256dh"], keys["auth"], "zh", frozenset({service.origin}),
    )  # fmt: skip


def quick(push: int, sms: int, call: int, next: int) -> None:
    LadderPlan.objects.update(push_after=push, sms_after=sms, call_after=call, next_after=next)


def until(there: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.1)
        connection.close()


def test_by_the_real_clock_an_alert_climbs_to_its_end(
    committed: Address, home: Path, world: World, service: PushService
) -> None:
    """Seconds instead of minutes, but a process of its own, real ways and nobody's fake time."""
    quick(0, 0, 1, 1)
    keep_browser(world, service, f"commander@{HOME}")
    dispatched(world)
    process = subprocess.Popen(
        (sys.executable, "-m", "lianqin.console.cli", "notices", "--every=0.2"),
        env=os.environ | {"LIANQIN_DATABASE": committed("lianqin_app"), "LIANQIN_HOME": str(home)},
        cwd=Path(__file__).resolve().parents[3],
    )
    try:
        until(Entry.objects.filter(act="notice_unanswered").exists)
    finally:
        process.kill()
        process.wait()
    rungs = dict(Notice.objects.values_list("user__username", "rung"))
    desk = {"operator": 1, "shift_leader": 2, "commander": 3}
    assert {k: v for k, v in rungs.items() if "crew" not in k and "mate" not in k} == {
        f"{role}@{HOME}": rung for role, rung in desk.items()
    }
    matter = Matter.objects.get()
    assert (matter.outcome, matter.ended_at is not None) == ("nobody", True)
    first = Notice.objects.order_by("id").values_list("raised_at", flat=True)[0]
    last = Notice.objects.get(user=world.people[f"commander@{HOME}"]).raised_at
    assert timedelta(seconds=2) <= last - first < timedelta(seconds=30)
    assert [p.path for p in service.posted] == [f"/commander@{HOME}"]
    assert service.posted[0].token()[0]["aud"] == service.origin
    lines = (home / "outbox.log").read_text().splitlines()
    called = [line for line in lines if "电话" in line and f"commander@{HOME}" in line]
    assert len(called) == 1
    assert called[0].startswith("[演示 demo] ")


def killed_at(module: str, function: str, when: str = "after") -> None:
    """A child that runs one round of the real loop and dies there as `kill -9` would have it."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            found = importlib.import_module(module)
            original = getattr(found, function)

            def dying(*args: Any, **more: Any) -> Any:
                if when == "after":
                    original(*args, **more)
                os.kill(os.getpid(), signal.SIGKILL)

            setattr(found, function, dying)
            notice_loop.round_once(PRESENT)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


FOLLOWING, CLIMBING, SENDING = (
    f"lianqin.notices.actions.{name}" for name in ("following", "climbing", "sending")
)


def test_killed_anywhere_each_is_told_once(world: World, service: PushService) -> None:
    quick(0, 600, 600, 600)
    crew = f"crew@{HOME}"
    keep_browser(world, service, crew)
    dispatched(world)
    killed_at(FOLLOWING, "_read", "before")
    killed_at(FOLLOWING, "_read")  # all is written and nothing committed
    assert not Matter.objects.exists()
    killed_at(SENDING, "in_time", "before")  # claimed, not sent
    assert service.posted == []
    Step.objects.update(claimed_until=datetime.now(UTC))  # the claim has run out
    killed_at(SENDING, "in_time")  # sent, not written
    assert len(service.posted) == 1
    notice_loop.round_once(PRESENT)
    assert len(service.posted) == 1  # somebody may still be sending it
    Step.objects.update(claimed_until=datetime.now(UTC))
    for _ in range(2):
        notice_loop.round_once(PRESENT)
    mine = Notice.objects.get(user=world.people[crew])
    assert Step.objects.get(notice=mine, way="push").state == "sent"
    # What was sent twice bears one name, by which it is shown once.
    assert [topic(p) for p in service.posted] == [mine.id.hex] * 2
    Matter.objects.update(next_rung_at=datetime.now(UTC))
    killed_at(CLIMBING, "tell")
    assert Matter.objects.get().rung == 0
    notice_loop.round_once(PRESENT)
    assert Matter.objects.get().rung == 1
    assert Notice.objects.filter(user=world.people[f"operator@{HOME}"]).count() == 1


def topic(posted: Posted) -> str:
    return posted.headers["topic"]


def test_a_round_finds_no_district_and_waits(committed: Address) -> None:
    assert notice_loop.round_once(PRESENT) == notice_loop.Round()


def test_check_says_when_nobody_sends(world: World, home: Path) -> None:
    dispatched(world)
    notice_loop.round_once(PRESENT)
    assert finding(Home(home)).state == "ok"
    Step.objects.update(state="waiting", due_at=datetime.now(UTC) - timedelta(minutes=10))
    said = finding(Home(home))
    assert said.state == "warning"
    assert "10" in said.words
