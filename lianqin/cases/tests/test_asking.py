"""What one person asks for and another grants: more time, a pause, an exemption, an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianqin.accounts.refusals import Refusal
from lianqin.cases.models import Case, CaseRequest, StageClock, Task
from lianqin.cases.queries import counts
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
OPERATOR, LEADER, COMMANDER = f"operator@{HERE}", f"shift_leader@{HERE}", f"commander@{HERE}"
CREW, MATE, OFFICE = f"crew@{HERE}", f"mate@{HERE}", f"office_staff@{OFFICES[0]}"
SECTION, DESK = f"unit@{OFFICES[0]}", f"district_desk@{DISTRICT}"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world() -> World:
    return build()


def more_time(world: World, case: Case) -> None:
    """Asked for, endorsed by the centre, granted by the office."""
    asked = world.ask(CREW, "ask_extension", case)
    world.act(LEADER, "endorse", case, request_id=asked)
    world.act(OFFICE, "grant", case, request_id=asked)


def test_more_time_is_granted_twice_at_most_and_adds_one_limit_each_time(world: World) -> None:
    case = world.walk(world.report(), "handling")
    due = case.clock_due_at
    assert due is not None
    for number in (1, 2):
        more_time(world, case)
        assert case.clock_due_at == due + number * 2 * HOUR
    with pytest.raises(Refusal, match="extended_enough"):
        world.act(CREW, "ask_extension", case, reason="再延")


def test_more_time_is_asked_for_before_it_has_run_out(world: World) -> None:
    case = world.walk(world.report(), "handling")
    assert case.clock_due_at is not None
    world.clock.move_to(case.clock_due_at + MINUTE)
    with pytest.raises(Refusal, match="overdue_already"):
        world.act(CREW, "ask_extension", case, reason="缺料")


def test_of_the_two_levels_nobody_is_left_out_and_nobody_is_both(world: World) -> None:
    case = world.walk(world.report(), "handling")
    asked = world.ask(CREW, "ask_extension", case)
    with pytest.raises(Refusal, match="asked_already"):
        world.act(MATE, "ask_extension", case, reason="也要")
    with pytest.raises(Refusal, match="endorse_first"):
        world.act(OFFICE, "grant", case, request_id=asked)
    world.act(LEADER, "endorse", case, request_id=asked)
    with pytest.raises(Refusal, match="endorsed_already"):
        world.act(COMMANDER, "endorse", case, request_id=asked)
    with pytest.raises(Refusal, match="endorser_grants_nothing"):
        world.act(LEADER, "grant", case, request_id=asked)
    with pytest.raises(Refusal, match="not_your_level"):
        world.act(COMMANDER, "grant", case, request_id=asked)
    with pytest.raises(Refusal, match="not_your_request"):
        world.act(MATE, "withdraw_request", case, request_id=asked)
    world.act(OFFICE, "grant", case, request_id=asked)
    row = CaseRequest.objects.get()
    assert len({row.asked_by_id, row.endorsed_by_id, row.decided_by_id}) == 3
    with pytest.raises(Refusal, match="request_not_open"):
        world.act(OFFICE, "grant", case, request_id=asked)


def test_the_asker_grants_nothing_whatever_their_post(world: World) -> None:
    case = world.walk(world.report(), "handling")
    asked = world.ask(COMMANDER, "ask_force_close", case)
    with pytest.raises(Refusal, match="asker_decides_nothing"):
        world.act(COMMANDER, "grant", case, request_id=asked)


def test_what_was_refused_at_the_first_level_is_over_and_may_be_asked_anew(world: World) -> None:
    case = world.walk(world.report(), "handling")
    due = case.clock_due_at
    asked = world.ask(CREW, "ask_extension", case)
    with pytest.raises(Refusal, match="reason_needed"):
        world.act(LEADER, "refuse", case, request_id=asked)
    world.act(LEADER, "refuse", case, request_id=asked, reason="人手够")
    assert (CaseRequest.objects.get().state, case.clock_due_at) == ("refused", due)
    second = world.ask(CREW, "ask_extension", case)
    world.act(CREW, "withdraw_request", case, request_id=second)
    assert CaseRequest.objects.get(id=second).state == "withdrawn"


def test_a_suspension_rests_every_clock_once_and_for_a_year_at_most(world: World) -> None:
    case = world.walk(world.report(), "handling")
    section = ("unit", world.units[OFFICES[0]].id)
    world.act(OPERATOR, "add_task", case, assignee=section)
    today = world.clock.now().date()
    for until in (today, today + 366 * DAY):
        with pytest.raises(Refusal, match="until_out_of_range"):
            world.act(CREW, "ask_suspension", case, reason="x", until=until)
    with pytest.raises(Refusal, match="until_needed"):
        world.act(CREW, "ask_suspension", case, reason="x")
    left = {c.task_id: c.due_at - world.clock.now() for c in running(case)}
    assert len(left) == 2
    world.suspend_now(case, today + 365 * DAY)
    assert (case.state, case.clock_due_at) == ("suspended", None)
    assert running(case) == []
    world.clock.advance(100 * DAY)
    world.act(OPERATOR, "resume", case)
    assert (case.state, case.suspended_until) == ("handling", None)
    assert {c.task_id: c.due_at - world.clock.now() for c in running(case)} == left
    with pytest.raises(Refusal, match="suspended_before"):
        world.act(CREW, "ask_suspension", case, reason="x", until=world.clock.now().date() + DAY)


def running(case: Case) -> list[StageClock]:
    """The handling clocks that run now."""
    clocks = StageClock.objects.filter(case=case, stage="handle", stopped_at=None, paused_at=None)
    return list(clocks)


def test_only_the_lead_asks_for_a_pause(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.act(OPERATOR, "add_task", case, assignee=("unit", world.units[OFFICES[0]].id))
    until = world.clock.now().date() + DAY
    with pytest.raises(Refusal, match="only_the_lead"):
        world.act(SECTION, "ask_suspension", case, reason="x", until=until)


def overdue_and_closed(world: World) -> Case:
    case = world.walk(world.report(), "handling")
    world.clock.advance(3 * HOUR)
    return world.walk_from(case, "closed")


def test_an_appeal_takes_the_lateness_out_of_the_figures_and_not_out_of_sight(
    world: World,
) -> None:
    case = overdue_and_closed(world)
    asked = world.ask(CREW, "appeal_overdue", case)
    with pytest.raises(Refusal, match="not_your_level"):
        world.act(COMMANDER, "grant", case, request_id=asked)
    world.act(OFFICE, "grant", case, request_id=asked)
    late = StageClock.objects.get(case=case, stage="handle")
    assert (late.late, late.exempt) == (True, True)
    assert (case.state, case.clock_late) == ("closed", True)
    with pytest.raises(Refusal, match="appealed_before"):
        world.act(CREW, "appeal_overdue", case, reason="再申诉")


def test_a_refused_appeal_was_the_one_there_is(world: World) -> None:
    case = overdue_and_closed(world)
    asked = world.ask(CREW, "appeal_overdue", case)
    world.act(OFFICE, "refuse", case, request_id=asked, reason="无证据")
    assert not StageClock.objects.filter(exempt=True).exists()
    with pytest.raises(Refusal, match="appealed_before"):
        world.act(CREW, "appeal_overdue", case, reason="再申诉")


def test_what_was_in_time_is_not_appealed_against(world: World) -> None:
    case = world.walk(world.report(), "closed")
    with pytest.raises(Refusal, match="was_not_overdue"):
        world.act(CREW, "appeal_overdue", case, reason="x")


def test_a_forced_close_takes_two_people_and_ends_everything(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.act(OPERATOR, "add_task", case, assignee=("unit", world.units[OFFICES[0]].id))
    asked = world.ask(OPERATOR, "ask_force_close", case)
    assert counts(world.who(COMMANDER).scope, world.clock.now())["approvals"] == 1
    with pytest.raises(Refusal, match="not_your_level"):
        world.act(OFFICE, "grant", case, request_id=asked)
    world.act(COMMANDER, "grant", case, request_id=asked)
    assert (case.state, case.closed_at, case.side_hands) == ("closed", world.clock.now(), [])
    assert not Task.objects.filter(case=case, ended_at=None).exists()
    assert not StageClock.objects.filter(case=case, stopped_at=None).exists()


def test_no_ticket_of_the_city_is_closed_by_force(world: World) -> None:
    case = world.walk(world.ticket("city_platform"), "handling")
    with pytest.raises(Refusal, match="closes_elsewhere"):
        world.act(OPERATOR, "ask_force_close", case, reason="x")


@pytest.mark.parametrize("act", ["ask_extension", "ask_backup", "dispute"])
def test_what_was_asked_lapses_when_the_work_is_done(world: World, act: str) -> None:
    case = world.walk(world.report(), "handling")
    asked = world.ask(CREW, act, case)
    world.step(case, "to_check")
    row = CaseRequest.objects.get(id=asked)
    assert (row.state, row.decided_by_id) == ("lapsed", None)
    assert row.decided_at == world.clock.now()


def test_what_was_asked_to_end_it_lasts_until_it_has_ended(world: World) -> None:
    case = world.walk(world.report(), "handling")
    asked = world.ask(OPERATOR, "ask_force_close", case)
    world.walk_from(case, "to_close")
    assert CaseRequest.objects.get(id=asked).state == "asked"
    world.step(case, "closed")
    assert CaseRequest.objects.get(id=asked).state == "lapsed"


# Pressing.


def test_urging_is_counted_and_a_supervision_lasts_until_it_is_answered(world: World) -> None:
    case = world.walk(world.report(), "filed")
    for _ in range(2):
        world.act(OPERATOR, "urge", case)
    assert case.urged_count == 2
    with pytest.raises(Refusal, match="not_supervised"):
        world.act(COMMANDER, "lift_supervision", case, note="x")
    today = world.clock.now().date()
    with pytest.raises(Refusal, match="until_in_the_past"):
        world.act(COMMANDER, "supervise", case, reason="x", until=today - DAY)
    world.act(COMMANDER, "supervise", case, reason="久拖", until=today + DAY)
    assert (case.supervised_at, case.supervised_until) == (world.clock.now(), today + DAY)
    assert counts(world.who(OPERATOR).scope, world.clock.now())["supervised"] == 1
    with pytest.raises(Refusal, match="note_needed"):
        world.act(COMMANDER, "lift_supervision", case)
    world.act(COMMANDER, "lift_supervision", case, note="已答复")
    assert (case.supervised_at, case.supervised_until) == (None, None)
    world.act(OFFICE, "leader_assign", case, reason="领导批示", until=today + DAY)
    assert (case.assigned_by_leader_at, case.assigned_until) == (world.clock.now(), today + DAY)
