"""Clocks where no watch helps: classes without a limit, foreign years, what was settled at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from lianqin.accounts.runner import Command
from lianqin.cases import actions
from lianqin.cases.clocks import clock_of, keep
from lianqin.cases.models import Case, StageClock
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build
from lianqin.catalogue.models import CaseClass, DutyLine
from lianqin.worktime import Calendar, plain

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
CREW, OPERATOR = f"crew@{HERE}", f"operator@{HERE}"
STAFF = f"office_staff@{OFFICES[0]}"


@pytest.fixture
def world() -> World:
    return build()


def test_a_class_without_a_limit_has_no_clock_through_a_rework(world: World) -> None:
    CaseClass.objects.filter(kind="event").update(limit_value=None, limit_unit="")
    case = world.walk(world.report(by=STAFF), "to_check")
    world.act(world.checker(case), "check_fail", case, reason="未清")
    world.act(CREW, "ask_extension", case, reason="缺料")
    asked = case.requests.get()
    world.act(f"shift_leader@{HERE}", "endorse", case, request_id=asked.id)
    world.act(STAFF, "grant", case, request_id=asked.id)
    assert (case.clock_started_at, case.clock_due_at) == (None, None)
    assert not StageClock.objects.filter(case=case, stage="handle").exists()


@pytest.mark.parametrize("year", ["2000-01-01T00:00:00+14:00", "2100-12-31T23:00:00-11:00"])
def test_a_replay_of_any_year_is_dispatched(world: World, year: str) -> None:
    CaseClass.objects.filter(kind="event").update(limit_value=3, limit_unit="work_day")
    when = datetime.fromisoformat(year)
    new = actions.NewReport(source="patrol", class_key=("event", "0406"), area_code="990101001001")

    def command(name: str, act: str) -> Command:
        return Command(world.who(name, "replay"), act, uuid4(), "x", when, world.clock)

    done = actions.report(command("replayer@990101", "report"), new)
    case = Case.objects.get(id=done.answer["case_id"])
    actions.act(command(OPERATOR, "file"), case.id, 1)
    hands = actions.Said(assignee=("crew", world.crews[HERE].id))
    actions.act(command(OPERATOR, "dispatch"), case.id, 2, hands)
    case.refresh_from_db()
    assert case.clock_due_at is not None
    assert StageClock.objects.get(case=case, stage="handle").plain


def test_a_clock_says_no_longer_that_it_guesses_once_the_holidays_are_entered(
    world: World,
) -> None:
    CaseClass.objects.filter(kind="event").update(limit_value=3, limit_unit="work_day")
    world.clock.move_to(datetime.fromisoformat("2026-12-31T15:00:00+08:00"))
    case = world.walk(world.report(by=STAFF), "dispatched")
    row = StageClock.objects.get(case=case, stage="handle")
    assert row.plain

    def known() -> Calendar:
        return plain("Asia/Shanghai", datetime(2026, 1, 1).date(), datetime(2027, 12, 31).date())  # noqa: DTZ001

    keep(row, clock_of(row), known)
    assert not row.plain


def test_what_was_not_settled_after_all_is_sent_with_the_limit_of_its_class(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "lianqin.cases.actions.settling.drawn_as_sample", lambda seed, percent: True
    )
    new = actions.NewReport(
        source="patrol",
        class_key=("event", "0406"),
        spot=world.spot(HERE),
        settled=actions.Settlement((world.photo(CREW),), (world.photo(CREW),)),
    )
    done = actions.report(world.command(CREW, "settle", new), new)
    case = Case.objects.get(id=done.answer["case_id"])
    world.act(world.checker(case), "check_fail", case, reason="未清")
    assert case.state == "filed"
    world.act(OPERATOR, "dispatch", case, assignee=("crew", world.crews[HERE].id))
    assert case.clock_due_at == case.changed_at + timedelta(hours=2)


def test_an_ended_case_shows_its_last_handling_clock(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "dispatched")
    line = DutyLine.objects.filter(case_class=case.case_class).first()
    assert line is not None
    world.act(CREW, "send_back", case, reason="非本组", duty_line_id=line.id)
    hands = ("unit", world.units[OFFICES[0]].id)
    world.act(OPERATOR, "dispatch", case, assignee=hands)
    last = case.clock_started_at
    world.act(f"shift_leader@{HERE}", "cancel", case, reason="已消失")
    assert (case.clock_stage, case.clock_started_at) == ("handle", last)
