"""What a phone takes along for the hours without a signal: who one is with, and one's tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.accounts import http
from lianqin.accounts.models import Posting
from lianqin.cases.models import Case
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.console.tests.test_api import Caller
from lianqin.force.models import Centre, Member

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
CREW = f"crew@{HERE}"
TODAY = date(2026, 11, 23)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    found = build()
    monkeypatch.setattr(http, "clock", found.clock)
    return found


def tasks(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.get("/my/tasks").json()["tasks"]
    return found


def named(offers: list[dict[str, Any]]) -> set[str]:
    return {offer["act"] for offer in offers}


def test_a_crew_learns_who_serves_whom_to_call_and_whether_it_may_begin_a_penalty(
    world: World,
) -> None:
    Centre.objects.filter(place=HERE).update(phone="0000-110")
    Member.objects.filter(user=world.people[CREW]).update(
        certificate_dates=DateRange(date(2020, 1, 1), TODAY)
    )
    me = Caller(world, CREW).get("/me").json()
    crew = me["crew"]
    assert (crew["centre"]["phone"], crew["shift"]) == ("0000-110", "late")
    assert [one["kind"] for one in crew["members"]] == ["enforcement_officer"] * 2
    assert sorted(one["entitled"] for one in crew["members"]) == [False, True]
    assert crew["qualified"] == {
        "ok": False, "officers": 1, "needed": 2, "lapsed": 1, "article": "42",
    }  # fmt: skip
    assert me["duty"]["begins_at"] < me["duty"]["ends_at"]


def test_nobody_else_is_told_of_a_crew(world: World) -> None:
    for name in (f"operator@{HERE}", f"collector@{HERE}"):
        assert Caller(world, name).get("/me").json()["crew"] is None


def test_a_task_says_what_will_be_open_once_it_is_accepted(world: World) -> None:
    case = world.walk(world.report(), "dispatched")
    crew = Caller(world, CREW)
    task = tasks(crew)[0]
    assert "report_back" not in named(task["acts"])
    assert {"report_back", "under_way", "on_scene", "send_back"} <= named(task["after_accept"])
    assert "accept" not in named(task["after_accept"])
    world.act(CREW, "accept", case)
    assert tasks(crew)[0]["acts"] == task["after_accept"]
    assert tasks(crew)[0]["after_accept"] == []


def test_what_is_said_to_come_after_accepting_comes_for_a_side_task_too(world: World) -> None:
    case = world.walk(world.report(), "handling")
    unit = world.units["/".join(HERE.split("/")[:2])]
    world.act(f"operator@{HERE}", "add_task", case, assignee=("unit", unit.id))
    liaison = next(
        name for name, user in world.people.items()
        if Posting.objects.filter(user=user, unit_id=unit.id).exists()
    )  # fmt: skip
    caller = Caller(world, liaison)
    task = tasks(caller)[0]
    world.act(liaison, "accept", case)
    assert tasks(caller)[0]["acts"] == task["after_accept"]


def test_it_carries_hands_duty_lines_and_whether_a_reply_is_wanted(world: World) -> None:
    ticket = world.walk(world.ticket("hotline"), "handling")
    world.act(CREW, "on_scene", ticket)
    caller = Caller(world, CREW)
    task = tasks(caller)[0]
    assert task["reply_needed"] is True
    assert [(one["lead"], one["state"], one["on_scene"]) for one in task["hands"]] == [
        (True, "accepted", True)
    ]
    assert {line["id"] for line in task["duty_lines"]} == {
        line["id"] for line in caller.get(f"/cases/{ticket.id}").json()["duty_lines"]
    }
    assert task["case"]["version"] == Case.objects.get(id=ticket.id).version


def test_over_http_an_outcome_is_one_of_three_and_a_refusal_names_its_article(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "clock", world.clock)
    Member.objects.filter(user=world.people[f"mate@{HERE}"]).update(certificate="")
    body = {
        "class": {"kind": "event", "code": "0406"},
        "photos_before": [str(world.photo(CREW))],
        "outcome": "penalised",
    }
    caller = Caller(world, CREW)
    refused = caller.post("/reports/settled", body).json()
    assert (refused["code"], refused["params"]) == (
        "penalty_needs_two_officers", {"officers": "1"},
    )  # fmt: skip
    assert "第四十二条" in refused["detail"]
    assert refused["errors"][0]["field"] == "outcome"
    assert caller.post("/reports/settled", body | {"outcome": "x"}).status_code == 422
