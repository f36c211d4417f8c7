"""The handling clock over rework, return and the end of the known calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from lianqin.accounts.runner import Command
from lianqin.cases import actions
from lianqin.cases.models import Case, Task
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build
from lianqin.catalogue.models import CaseClass
from lianqin.territory.models import District

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
STAFF = f"office_staff@{OFFICES[0]}"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return build()


def act(world: World, case: Case, name: str, verb: str, *more: object) -> None:
    run = getattr(actions, verb)
    run(world.command(name, verb), case.id, case.version, *more)
    case.refresh_from_db()


def left(case: Case) -> timedelta:
    assert case.clock_due_at is not None
    return case.clock_due_at - case.changed_at


def rework(world: World, case: Case, handled: timedelta, checked: timedelta) -> None:
    """Report back after so long, and be sent back after the check took so long."""
    crew = f"crew@{HERE}"
    world.clock.advance(handled)
    act(world, case, crew, "report_back", [world.photo(crew)])
    world.clock.advance(checked)
    act(world, case, f"collector@{HERE}", "check_fail", "未清")


def test_no_check_counts_on_the_handlers_clock_however_often_there_is_one(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "dispatched")
    act(world, case, f"crew@{HERE}", "accept")
    for number in (1, 2, 3):
        rework(world, case, 10 * MINUTE, timedelta(hours=3))
        assert left(case) == timedelta(hours=2) - number * 10 * MINUTE


def test_a_clock_that_had_run_out_has_nothing_left(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "dispatched")
    act(world, case, f"crew@{HERE}", "accept")
    rework(world, case, timedelta(hours=5), timedelta(hours=1))
    assert left(case) == timedelta()


def test_sent_back_and_sent_out_again_the_same_crew_has_what_was_left(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "dispatched")
    for number in (1, 2):
        world.clock.advance(30 * MINUTE)
        act(world, case, f"crew@{HERE}", "send_back", "不属本组")
        assert case.clock_due_at is None
        world.clock.advance(timedelta(hours=4))
        act(world, case, f"operator@{HERE}", "dispatch", ("crew", world.crews[HERE].id))
        assert left(case) == timedelta(hours=2) - number * 30 * MINUTE
        assert case.clock_due_at == Task.objects.get(case=case, ended_at=None).clock_due_at


def test_another_unit_has_the_whole_limit(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "dispatched")
    world.clock.advance(30 * MINUTE)
    act(world, case, f"crew@{HERE}", "send_back", "不属本组")
    act(world, case, f"operator@{HERE}", "dispatch", ("unit", world.units[OFFICES[0]].id))
    assert left(case) == timedelta(hours=2)


def work_days(world: World) -> None:
    """The class is given three working days, and no holiday is known after this year."""
    CaseClass.objects.filter(kind="event").update(limit_value=3, limit_unit="work_day")
    District.objects.update(calendar_until=date(2026, 12, 31))


def test_a_rework_across_the_end_of_the_calendar_fails_nowhere(world: World) -> None:
    work_days(world)
    world.clock.move_to(datetime.fromisoformat("2026-12-31T15:00:00+08:00"))
    case = world.walk(world.report(by=STAFF), "dispatched")
    act(world, case, f"crew@{HERE}", "accept")
    rework(world, case, timedelta(hours=1), timedelta(days=10))
    assert left(case) > timedelta()


@pytest.mark.parametrize("year", ["2000-01-01T00:00:00+14:00", "2100-12-31T23:00:00-11:00"])
def test_a_replay_of_any_year_is_dispatched(world: World, year: str) -> None:
    work_days(world)
    when = datetime.fromisoformat(year)
    new = actions.NewReport(source="hotline", class_key=("event", "0406"), area_code="990101001001")
    replayer = world.who("replayer@990101", "replay")
    done = actions.report(Command(replayer, "report", uuid4(), "x", when, world.clock), new)
    case = Case.objects.get(id=done.answer["case_id"])
    desk = world.who(f"operator@{HERE}", "replay")
    actions.file(Command(desk, "file", uuid4(), "x", when, world.clock), case.id, 1)
    hands = ("crew", world.crews[HERE].id)
    actions.dispatch(Command(desk, "dispatch", uuid4(), "x", when, world.clock), case.id, 2, hands)
    case.refresh_from_db()
    assert case.clock_due_at is not None


def test_a_class_without_a_limit_has_no_clock_through_a_rework(world: World) -> None:
    CaseClass.objects.filter(kind="event").update(limit_value=None, limit_unit="")
    case = world.walk(world.report(by=STAFF), "dispatched")
    act(world, case, f"crew@{HERE}", "accept")
    rework(world, case, MINUTE, MINUTE)
    act(world, case, f"crew@{HERE}", "send_back", "不属本组")
    act(world, case, f"operator@{HERE}", "dispatch", ("crew", world.crews[HERE].id))
    assert (case.clock_started_at, case.clock_due_at) == (None, None)
