"""The acts beyond the straight path, each once, as its people would do it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianqin.cases.models import CaseRequest, StageClock, Task
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
OPERATOR, LEADER = f"operator@{HERE}", f"shift_leader@{HERE}"
CREW, MATE = f"crew@{HERE}", f"mate@{HERE}"
OFFICE = f"office_staff@{OFFICES[0]}"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return build()


def test_a_case_goes_the_straight_path_to_its_end(world: World) -> None:
    case = world.walk(world.report(), "closed")
    assert case.state == "closed"
    assert not StageClock.objects.filter(case=case, stopped_at=None).exists()
    assert set(StageClock.objects.values_list("stage", flat=True)) >= {
        "intake",
        "dispatch",
        "handle",
        "check",
        "close",
    }


def test_an_extension_takes_two_levels_and_adds_one_limit(world: World) -> None:
    case = world.walk(world.report(), "handling")
    due = case.clock_due_at
    assert due is not None
    world.act(CREW, "ask_extension", case, reason="缺料")
    asked = CaseRequest.objects.get()
    world.act(LEADER, "endorse", case, request_id=asked.id)
    world.act(OFFICE, "grant", case, request_id=asked.id)
    assert case.clock_due_at == due + timedelta(hours=2)
    assert Task.objects.get().extensions == 1


def test_a_suspension_pauses_the_clock_until_it_is_lifted(world: World) -> None:
    case = world.walk(world.report(), "handling")
    started = case.clock_started_at
    assert started is not None
    until = (world.clock.now() + timedelta(days=30)).date()
    world.act(CREW, "ask_suspension", case, reason="等待材料", until=until)
    asked = CaseRequest.objects.get()
    world.act(LEADER, "endorse", case, request_id=asked.id)
    world.act(OFFICE, "grant", case, request_id=asked.id)
    assert (case.state, case.clock_due_at) == ("suspended", None)
    world.clock.advance(timedelta(days=3))
    world.act(OPERATOR, "resume", case)
    assert case.state == "handling"
    assert case.clock_due_at is not None
    assert case.clock_due_at > world.clock.now()


def test_backup_comes_as_a_task_beside_the_leads(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.act(CREW, "ask_backup", case, reason="人手不足")
    asked = CaseRequest.objects.get()
    other = ("unit", world.units[OFFICES[0]].id)
    world.act(LEADER, "grant", case, request_id=asked.id, assignee=other)
    assert Task.objects.filter(case=case, lead=False, ended_at=None).count() == 1
    assert case.side_hands == [other[1]]
    helper = f"unit@{OFFICES[0]}"
    world.act(helper, "accept", case)
    world.act(helper, "report_back", case, photos=(world.photo(helper),))
    assert case.state == "handling"
    assert case.side_hands == []
