"""Every address belongs to the table of doors, and behind each stands the act that it names."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqin.accounts import policy
from lianqin.accounts.principal import Principal
from lianqin.cases.models import Case
from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build, picture
from lianqin.console.api import api
from lianqin.console.doors import BESIDE, DOORS, RIGHTS, Door, addresses, door_of
from lianqin.console.tests.test_api import Caller

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
WRITES = [door for door in DOORS if door.act and door.method == "POST"]


@pytest.fixture
def world() -> World:
    return build()


def test_every_address_is_a_door_of_the_table() -> None:
    unknown = [f"{method} /{route}" for method, route in addresses(api)
               if door_of(method, route) is None]  # fmt: skip
    assert unknown == [], "an address that the table of doors (console/doors.py) does not name"


def test_every_door_of_the_table_is_an_address() -> None:
    behind = {door_of(method, route) for method, route in addresses(api)}
    assert [door for door in DOORS if door not in behind] == []


def test_every_door_is_opened_by_an_act_or_a_right() -> None:
    for door in (*DOORS, *BESIDE):
        assert door.act or door.opens in RIGHTS, door
        if door.method in ("POST", "PUT", "PATCH", "DELETE"):
            assert door.act, f"{door.route} writes and names no act"


def test_every_act_that_people_do_over_http_has_a_door() -> None:
    """The rest is done at the command line, by the clock, or on a screen of the administrators."""
    behind = {door.act for door in DOORS}
    elsewhere = {
        "import",
        "clock_alert",
        "notice_unanswered",
        "sign_off",
        "read_access_log",
        "verify_logs",
        *policy.ACCOUNT_ACTS,
    }
    waiting = {"name_deputy", "move_crew"}
    assert set(policy.POLICY) - behind - elsewhere - waiting == set()


#: Bodies of doors whose fields are more than a version.
BODIES: dict[str, Any] = {
    "report": {"description": "x"},
    "settle": {"class": {"kind": "event", "code": "0406"}},
    "record_service": {"text": "x"},
    "record_lead": {"text": "x", "handed_to": "x", "police_number": "x"},
    "reveal": {"reason": "x"},
    "set_demo_time": {"speed": 1},
}


def _knock(case: Case, door: Door, caller: Caller) -> None:
    """Ask for the door's act in the plainest way that reaches the policy."""
    path = "/" + door.route.removeprefix("api/v1/").replace("<case_id>", str(case.id))
    if door.act in ("upload", "import_tickets"):
        file = SimpleUploadedFile("x.csv", picture(), "text/csv")
        asked = {"file": file, "source": "hotline", "dry_run": "true"}
        caller.client.post(f"/api/v1{path}", asked, headers={"Idempotency-Key": str(uuid4())})
        return
    case.refresh_from_db()
    caller.post(path, BODIES.get(door.act, {"expected_version": case.version}))


def test_behind_every_door_stands_the_act_that_it_names(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.report(HERE)
    asked: list[str] = []
    real = policy.posts_for

    def noting(principal: Principal, act: str) -> Any:
        asked.append(act)
        return real(principal, act)

    monkeypatch.setattr(policy, "posts_for", noting)
    desk = Caller(world, f"district_desk@{DISTRICT}")
    wrong = []
    for door in WRITES:
        if "<record_id>" in door.route:
            continue
        asked.clear()
        _knock(case, door, desk)
        if asked[:1] != [door.act]:
            wrong.append((door.route, door.act, asked[:3]))
    assert wrong == []
