"""The header Device-Time: a phone with a wrong clock over HTTP, and what is kept of that."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from lianqin.accounts import http
from lianqin.cases.models import Case, Report, ServiceRecord, Task
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.console.tests.test_api import Caller
from lianqin.journal.models import Entry
from lianqin.worktime import FrozenNow, Present
from lianqin.worktime.pace import Pace

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
CREW = f"crew@{HERE}"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    found = build()
    monkeypatch.setattr(http, "clock", found.clock)
    return found


def iso(at: datetime) -> dict[str, str]:
    return {"Device-Time": at.isoformat()}


def test_an_hour_wrong_the_time_is_right_and_the_entry_is_marked(world: World) -> None:
    case = world.walk(world.report(), "dispatched")
    world.clock.advance(HOUR)
    now, off = world.clock.now(), HOUR
    done = now - 20 * MINUTE
    body = {"expected_version": case.version, "occurred_at": (done + off).isoformat()}
    answer = Caller(world, CREW).post(f"/cases/{case.id}/acts/accept", body, **iso(now + off))
    assert answer.status_code == 200, answer.content
    entry = Entry.objects.get(subject_id=case.id, act="accept")
    assert (entry.occurred_at, entry.recorded_at, entry.marked) == (done, now, True)
    assert entry.data["skew_s"] == 3600
    assert datetime.fromisoformat(entry.data["claimed_at"]) == done + off
    assert Task.objects.get(case=case).accepted_at == done


def test_a_report_of_a_phone_from_1970_counts_when_it_was_made(world: World) -> None:
    now = world.clock.now()
    phone = datetime.fromisoformat("1970-01-01T00:10:00+00:00")
    body = {"description": "x", "occurred_at": (phone - 5 * MINUTE).isoformat()}
    answer = Caller(world, CREW).post("/reports", body, **iso(phone))
    assert answer.status_code == 201, answer.content
    assert Report.objects.get().occurred_at == now - 5 * MINUTE
    assert (Case.objects.get().reported_at, Report.objects.get().marked) == (now - 5 * MINUTE, True)


def test_a_record_of_help_counts_when_it_was_given(world: World) -> None:
    now = world.clock.now()
    body = {"text": "x", "occurred_at": (now - HOUR).isoformat()}
    answer = Caller(world, CREW).post("/records/services", body, **iso(now))
    assert answer.status_code == 201, answer.content
    assert ServiceRecord.objects.get().occurred_at == now - HOUR
    assert Entry.objects.get(act="record_service").occurred_at == now - HOUR


def test_the_same_request_sent_again_later_is_the_same_request(world: World) -> None:
    key = str(uuid4())
    caller, now = Caller(world, CREW), world.clock.now()
    body = {"description": "x", "occurred_at": (now - MINUTE).isoformat()}
    first = caller.post("/reports", body, key, **iso(now))
    again = caller.post("/reports", body, key, **iso(now + 9 * MINUTE))
    assert (again.status_code, again["Idempotent-Replay"]) == (201, "true")
    assert again.json()["report_id"] == first.json()["report_id"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("told", ["noon", "2026-11-24T08:00:00", "9999-12-31T23:00:00+00:00"])
def test_a_header_that_is_no_instant_is_refused_with_its_name(world: World, told: str) -> None:
    answer = Caller(world, CREW).post("/reports", {"description": "x"}, **{"Device-Time": told})
    assert (answer.status_code, answer.json()["code"]) == (422, "device_time_unusable")
    assert answer.json()["errors"][0]["field"] == "Device-Time"
    assert Case.objects.count() == 0


def test_in_a_demo_a_claim_becomes_the_time_that_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    machine = FrozenNow(world.clock.now())
    shown = machine.now() - 3 * HOUR
    present = Present(machine)
    monkeypatch.setattr(present, "pace", lambda: Pace(shown, machine.now(), 1, paused=True))
    monkeypatch.setattr(http, "clock", present)
    body = {"description": "x", "occurred_at": (machine.now() - 5 * MINUTE).isoformat()}
    answer = Caller(world, CREW).post("/reports", body, **iso(machine.now()))
    assert answer.status_code == 201, answer.content
    assert Case.objects.get().reported_at == shown - 5 * MINUTE
    assert not Report.objects.get().marked
