"""A unit's list of tasks: what stands on it, for whom, and at what cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqin.cases.models import Case
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build
from lianqin.cases.unit_tasks import ended_tasks, unit_tasks

pytestmark = pytest.mark.django_db
HERE, OFFICE = CENTRES[0], OFFICES[0]
LIAISON, TWIN = f"unit@{OFFICE}", f"unit@{OFFICES[1]}"


@pytest.fixture
def world() -> World:
    return build()


def given(world: World, office: str = OFFICE) -> Case:
    """A case that has just been sent to the office's section."""
    place = next(place for place in CENTRES if place.startswith(office))
    case = world.walk(world.report(place), "filed")
    hands = ("unit", world.units[office].id)
    world.act(f"operator@{place}", "dispatch", case, assignee=hands)
    return case


def listed(world: World, name: str = LIAISON) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = unit_tasks(world.who(name), world.clock.now())["items"]
    return items


def tab(world: World) -> str:
    (item,) = listed(world)
    return str(item["task"]["tab"])


def reported_back(world: World, case: Case) -> None:
    world.act(LIAISON, "accept", case)
    world.act(LIAISON, "report_back", case, photos=(world.photo(LIAISON),), note="已清")


def test_a_task_goes_through_the_tabs_as_it_is_worked(world: World) -> None:
    case = given(world)
    assert tab(world) == "new"
    world.act(LIAISON, "accept", case)
    assert tab(world) == "in_hand"
    world.act(LIAISON, "report_back", case, photos=(world.photo(LIAISON),))
    assert tab(world) == "waiting"
    world.walk_from(case, "closed")
    assert listed(world) == []
    (ended,) = ended_tasks(world.who(LIAISON), world.clock.now())["items"]
    assert ended["task"]["tab"] == "ended"
    assert ended["case"]["state"] == "closed"


def test_what_the_check_sent_back_says_why_without_who(world: World) -> None:
    case = given(world)
    reported_back(world, case)
    world.act(world.checker(case), "check_fail", case, reason="还有一摊", means="look")
    (item,) = listed(world)
    assert item["task"]["tab"] == "returned"
    assert item["returned"]["reason"] == "还有一摊"
    assert set(item["returned"]) == {"act", "at", "reason"}


def test_an_earlier_failure_of_other_hands_is_not_held_against_this_unit(world: World) -> None:
    case = world.walk(world.report(), "to_check")
    world.act(world.checker(case), "check_fail", case, reason="还有", means="look")
    hands = ("unit", world.units[OFFICE].id)
    world.act(f"commander@{HERE}", "designate", case, assignee=hands, reason="改由街道办理")
    world.act(LIAISON, "accept", case)
    assert tab(world) == "in_hand"


def test_a_request_stands_beside_the_task_it_was_made_for(world: World) -> None:
    case = given(world)
    world.act(LIAISON, "accept", case)
    world.ask(LIAISON, "ask_extension", case, reason="等待材料")
    (item,) = listed(world)
    (asked,) = item["requests"]
    assert (asked["kind"], asked["state"], asked["reason"]) == ("extension", "asked", "等待材料")
    assert "ask_extension" not in {act["act"] for act in item["acts"]}


def test_another_unit_and_the_desk_have_lists_of_their_own(world: World) -> None:
    given(world)
    assert listed(world, TWIN) == []
    assert listed(world, f"operator@{HERE}") == []
    assert ended_tasks(world.who(TWIN), world.clock.now())["items"] == []


def test_the_list_costs_the_same_however_long_it_is(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            listed(world)
        return len(queries)

    given(world)
    one = cost()
    for _ in range(4):
        given(world)
    assert len(listed(world)) == 5
    assert cost() == one
