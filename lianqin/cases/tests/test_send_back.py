"""Not ours: sending back, disputes and rulings; who stays responsible; tasks beside the lead's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from lianqin.accounts.refusals import Refusal
from lianqin.cases.models import Case, CaseRequest, StageClock, Task
from lianqin.cases.rules import State, responsible
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.catalogue.models import DutyLine
from lianqin.journal.models import Entry

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
OPERATOR, LEADER, COMMANDER = f"operator@{HERE}", f"shift_leader@{HERE}", f"commander@{HERE}"
CREW, MATE, OFFICE = f"crew@{HERE}", f"mate@{HERE}", f"office_staff@{OFFICES[0]}"
SECTION, DESK = f"unit@{OFFICES[0]}", f"district_desk@{DISTRICT}"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world() -> World:
    return build()


def section(world: World) -> tuple[str, object]:
    return ("unit", world.units[OFFICES[0]].id)


def again(world: World, case: Case) -> None:
    """To the same crew once more."""
    world.act(OPERATOR, "dispatch", case, assignee=("crew", world.crews[HERE].id))


def test_what_is_sent_back_says_why_and_whose_it_is_by_the_duty_list(world: World) -> None:
    case = world.walk(world.report(), "dispatched")
    cited = world.duty_line(OFFICES[0])
    with pytest.raises(Refusal, match="reason_needed"):
        world.act(CREW, "send_back", case, duty_line_id=cited)
    with pytest.raises(Refusal, match="duty_line_needed"):
        world.act(CREW, "send_back", case, reason="不属本组")
    world.act(CREW, "send_back", case, reason="不属本组", duty_line_id=cited)
    assert (case.state, case.crew_id, responsible(State(case.state))) == ("filed", None, "centre")
    entry = Entry.objects.get(subject_id=case.id, act="send_back")
    assert entry.data["duty_line"] == str(cited)
    assert Task.objects.get(case=case).state == "returned"


@pytest.mark.parametrize("unit", [OFFICES[1], "part", "absent"])
def test_only_a_line_that_holds_here_for_this_class_can_be_cited(world: World, unit: str) -> None:
    case = world.walk(world.report(), "dispatched")
    lines = {
        OFFICES[1]: lambda: world.duty_line(OFFICES[1]),
        "part": lambda: world.duty_line(OFFICES[0], ("part", "0406")),
        "absent": uuid4,
    }
    with pytest.raises(Refusal, match="duty_line_unknown"):
        world.act(CREW, "send_back", case, reason="x", duty_line_id=lines[unit]())


def test_where_the_duty_list_says_nothing_a_reason_is_enough(world: World) -> None:
    DutyLine.objects.all().delete()
    case = world.walk(world.report(), "dispatched")
    world.act(CREW, "send_back", case, reason="不属本组")
    assert case.state == "filed"


def test_after_two_hours_it_is_too_late_to_send_back(world: World) -> None:
    case = world.walk(world.report(), "handling")
    sent = Task.objects.get().dispatched_at
    world.clock.move_to(sent + 2 * HOUR + MINUTE)
    with pytest.raises(Refusal, match="send_back_window_over"):
        world.send_back(CREW, case)
    world.clock.move_to(sent + 2 * HOUR)
    world.send_back(CREW, case)


def test_the_third_time_it_stays_and_the_levels_rule_one_after_the_other(world: World) -> None:
    """Centre, office, district; the last is final, and the handler answers for it meanwhile."""
    case = world.walk(world.report(), "dispatched")
    for _ in range(2):
        world.send_back(CREW, case)
        again(world, case)
    with pytest.raises(Refusal, match="send_back_limit"):
        world.send_back(CREW, case)

    for number, ruler in enumerate((COMMANDER, OFFICE, DESK), 1):
        asked = world.ask(CREW, "dispute", case)
        assert (case.state, responsible(State(case.state))) == ("dispatched", "hands")
        assert case.crew_id == world.crews[HERE].id
        with pytest.raises(Refusal, match="asked_already"):
            world.act(MATE, "dispute", case, reason="又一次")
        with pytest.raises(Refusal, match="dispute_is_ruled_on"):
            world.act(OFFICE, "refuse", case, request_id=asked, reason="不行")
        hands = ("crew", world.crews[HERE].id)
        world.act(ruler, "designate", case, assignee=hands, reason="职责清单")
        assert CaseRequest.objects.get(id=asked).state == "granted"
        assert (case.designated, case.crew_id) == (number, world.crews[HERE].id)
        with pytest.raises(Refusal, match="designation_stands"):
            world.send_back(CREW, case)
        with pytest.raises(Refusal, match="designation_stands"):
            world.act(ruler, "designate", case, assignee=section(world), reason="再裁")
    with pytest.raises(Refusal, match="designation_is_final"):
        world.act(CREW, "dispute", case, reason="仍不服")
    assert Task.objects.filter(case=case, ended_at=None).count() == 1


def test_a_ruling_that_names_others_takes_the_case_there_with_a_clock_of_its_own(
    world: World,
) -> None:
    case = world.walk(world.report(), "handling")
    world.ask(CREW, "dispute", case)
    world.clock.advance(30 * MINUTE)
    world.act(COMMANDER, "designate", case, assignee=section(world), reason="职责清单")
    assert (case.state, case.crew_id, case.unit_id) == ("dispatched", None, section(world)[1])
    assert case.clock_due_at == case.changed_at + 2 * HOUR
    old, new = Task.objects.order_by("id")
    assert (old.state, old.ended_at, new.ended_at) == ("withdrawn", case.changed_at, None)
    assert StageClock.objects.get(task=old).stopped_at == case.changed_at


def test_a_ruling_may_go_against_the_duty_list_and_not_beyond_the_place(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.units[OFFICES[0]].duty_lines.all().delete()
    far = ("unit", world.units[OFFICES[1]].id)
    with pytest.raises(Refusal, match="unit_has_no_authority_here"):
        world.act(COMMANDER, "designate", case, assignee=far, reason="x")
    hands = ("crew", world.crews[CENTRES[2]].id)
    with pytest.raises(Refusal, match="crew_outside_your_place"):
        world.act(COMMANDER, "designate", case, assignee=hands, reason="x")
    world.act(COMMANDER, "designate", case, assignee=section(world), reason="x")


def test_who_helped_leads_after_a_ruling_and_has_one_task(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.act(OPERATOR, "add_task", case, assignee=section(world))
    world.act(COMMANDER, "designate", case, assignee=section(world), reason="职责清单")
    assert [t.lead for t in Task.objects.filter(case=case, ended_at=None)] == [True]
    assert case.side_hands == []


def test_what_was_asked_for_a_task_lapses_with_it(world: World) -> None:
    case = world.walk(world.report(), "handling")
    asked = world.ask(CREW, "ask_extension", case)
    world.act(COMMANDER, "designate", case, assignee=section(world), reason="职责清单")
    assert CaseRequest.objects.get(id=asked).state == "lapsed"
    world.act(SECTION, "ask_extension", case, reason="缺料")


# Tasks beside the lead's.


def test_side_tasks_have_clocks_of_their_own_and_the_lead_waits_for_them(world: World) -> None:
    case = world.walk(world.report(), "handling")
    lead_due = case.clock_due_at
    world.clock.advance(HOUR)
    world.act(OPERATOR, "add_task", case, assignee=section(world))
    side = Task.objects.get(case=case, lead=False)
    assert StageClock.objects.get(task=side).due_at == world.clock.now() + 2 * HOUR
    assert (case.state, case.clock_due_at) == ("handling", lead_due)
    with pytest.raises(Refusal, match="side_tasks_open"):
        world.act(CREW, "report_back", case, photos=(world.photo(CREW),))

    with pytest.raises(Refusal, match="task_not_in_this_state"):
        world.act(SECTION, "report_back", case, photos=(world.photo(SECTION),))
    world.act(SECTION, "accept", case)
    world.act(SECTION, "under_way", case)
    with pytest.raises(Refusal, match="said_already"):
        world.act(SECTION, "under_way", case)
    world.act(SECTION, "on_scene", case)
    with pytest.raises(Refusal, match="photo_needed"):
        world.act(SECTION, "report_back", case)
    world.clock.advance(10 * MINUTE)
    world.act(SECTION, "report_back", case, photos=(world.photo(SECTION),))
    side.refresh_from_db()
    assert (side.state, case.state) == ("reported_back", "handling")
    assert StageClock.objects.get(task=side).stopped_at == world.clock.now()
    world.act(CREW, "report_back", case, photos=(world.photo(CREW),))
    assert case.state == "to_check"


def test_a_side_task_sent_back_or_withdrawn_leaves_the_case_with_its_lead(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.act(OPERATOR, "add_task", case, assignee=section(world))
    with pytest.raises(Refusal, match="has_a_task_already"):
        world.act(OPERATOR, "add_task", case, assignee=section(world))
    world.send_back(SECTION, case)
    assert (case.state, case.send_backs, case.side_hands) == ("handling", 0, [])
    world.act(OPERATOR, "add_task", case, assignee=section(world))
    lead = Task.objects.get(case=case, lead=True)
    with pytest.raises(Refusal, match="lead_is_not_withdrawn"):
        world.act(OPERATOR, "withdraw_task", case, task_id=lead.id, reason="x")
    side = Task.objects.get(case=case, lead=False, ended_at=None)
    world.act(OPERATOR, "withdraw_task", case, task_id=side.id, reason="不需要")
    assert (case.state, case.side_hands) == ("handling", [])
    with pytest.raises(Refusal, match="no_task"):
        world.act(OPERATOR, "withdraw_task", case, task_id=side.id, reason="x")


def test_the_lead_who_sends_back_ends_what_others_did_beside(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.act(OPERATOR, "add_task", case, assignee=section(world))
    world.send_back(CREW, case)
    assert not Task.objects.filter(case=case, ended_at=None).exists()
    assert not StageClock.objects.filter(task__isnull=False, stopped_at=None).exists()
    assert (case.state, case.side_hands) == ("filed", [])


def test_backup_is_sent_by_the_duty_commander_and_asked_for_by_the_crew(world: World) -> None:
    case = world.walk(world.report(), "handling")
    asked = world.ask(CREW, "ask_backup", case)
    near = ("crew", world.crews[CENTRES[1]].id)
    with pytest.raises(Refusal, match="assignee_needed"):
        world.act(COMMANDER, "grant", case, request_id=asked)
    with pytest.raises(Refusal, match="crew_outside_your_place"):
        world.act(LEADER, "grant", case, request_id=asked, assignee=near)
    own = ("crew", world.crews[HERE].id)
    with pytest.raises(Refusal, match="has_a_task_already"):
        world.act(COMMANDER, "grant", case, request_id=asked, assignee=own)
    world.act(COMMANDER, "grant", case, request_id=asked, assignee=near)
    assert case.side_hands == [near[1]]
    world.act(f"crew@{CENTRES[1]}", "accept", case)


def test_another_department_is_asked_through_the_office(world: World) -> None:
    case = world.walk(world.report(), "filed")
    hands = ("crew", world.crews[HERE].id)
    with pytest.raises(Refusal, match="department_is_a_unit"):
        world.act(OPERATOR, "ask_department", case, assignee=hands, reason="x")
    world.units[OFFICES[0]].duty_lines.all().delete()  # not ours to send
    with pytest.raises(Refusal, match="not_on_the_duty_list"):
        world.act(OPERATOR, "dispatch", case, assignee=section(world))
    asked = world.ask(OPERATOR, "ask_department", case, assignee=section(world))
    with pytest.raises(Refusal, match="not_your_level"):
        world.act(COMMANDER, "grant", case, request_id=asked)
    world.act(OFFICE, "grant", case, request_id=asked)
    assert (case.state, case.unit_id) == ("dispatched", section(world)[1])
    assert case.clock_due_at == case.changed_at + 2 * HOUR


def test_a_department_asked_for_while_a_crew_works_comes_beside_it(world: World) -> None:
    case = world.walk(world.report(), "handling")
    asked = world.ask(OPERATOR, "ask_department", case, assignee=section(world))
    world.act(OPERATOR, "add_task", case, assignee=section(world))
    with pytest.raises(Refusal, match="has_a_task_already"):
        world.act(OFFICE, "grant", case, request_id=asked)
    side = Task.objects.get(case=case, lead=False)
    world.act(OPERATOR, "withdraw_task", case, task_id=side.id, reason="走提请")
    world.act(OFFICE, "grant", case, request_id=asked)
    assert (case.state, case.side_hands) == ("handling", [section(world)[1]])
    assert case.crew_id == world.crews[HERE].id
