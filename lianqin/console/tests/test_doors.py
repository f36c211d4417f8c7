"""Every address belongs to the table of doors, and behind each stands the act that it names."""

from __future__ import annotations

import json
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
from lianqin.force.models import Crew

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
WRITES = [door for door in DOORS if door.act and door.method != "GET"]


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
    "move_crew": {},
    "name_deputy": {
        "user_id": str(uuid4()), "place": HERE, "first": "2026-11-24", "last": "2026-11-25",
    },
    "end_deputy": {},
    "acknowledge_notice": {},
    "subscribe_push": {
        "endpoint": "https://push.example/x", "keys": {"p256dh": "eA", "auth": "eA"},
    },
    "keep_contact": {"value": "13800000000"},
    "erase_contact": {},
    "sign_on": {"on_duty": True},
}  # fmt: skip


#: What goes with a file.
FORMS: dict[str, dict[str, str]] = {
    "upload": {},
    "import_tickets": {"source": "hotline", "dry_run": "true"},
    "import_unit_sheet": {"dry_run": "true"},
}
#: Ids of what is not there before somebody made it; `test_foreign_and_absent` knocks at these.
MADE = ("<record_id>", "<posting_id>", "<notice_id>", "<subscription_id>")


def _knock(case: Case, door: Door, caller: Caller) -> None:
    """Ask for the door's act in the plainest way that reaches the policy."""
    path = "/" + door.route.replace("<case_id>", str(case.id)).replace("<kind>", "phone")
    path = path.replace("<crew_id>", str(Crew.objects.filter(place=HERE)[0].id))
    key = {"Idempotency-Key": str(uuid4())}
    if door.act in FORMS:
        file = SimpleUploadedFile("x.csv", picture(), "text/csv")
        caller.client.post(path, {"file": file, **FORMS[door.act]}, headers=key)
        return
    case.refresh_from_db()
    body = json.dumps(BODIES.get(door.act, {"expected_version": case.version}))
    sent = "" if door.method == "GET" else body
    caller.client.generic(door.method, path, sent, content_type="application/json", headers=key)


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
        if any(word in door.route for word in MADE):
            continue
        asked.clear()
        _knock(case, door, desk)
        if asked[:1] != [door.act]:
            wrong.append((door.route, door.act, asked[:3]))
    assert wrong == []
