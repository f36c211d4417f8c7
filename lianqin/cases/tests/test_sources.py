"""Taking in by source: who verifies, signs, answers and closes; recurrences, parts, undoing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianqin.accounts.refusals import Conflict, Refusal
from lianqin.cases import actions
from lianqin.cases.detail import detail
from lianqin.cases.models import Case, StageClock
from lianqin.cases.queries import case_for, counts
from lianqin.cases.rules import State, responsible
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.catalogue.models import CaseClass, SourceWay, Standard

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
OPERATOR, LEADER, COMMANDER = f"operator@{HERE}", f"shift_leader@{HERE}", f"commander@{HERE}"
CREW, MATE, OFFICE = f"crew@{HERE}", f"mate@{HERE}", f"office_staff@{OFFICES[0]}"
SECTION, DESK = f"unit@{OFFICES[0]}", f"district_desk@{DISTRICT}"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world() -> World:
    return build()


COLLECTOR = f"collector@{HERE}"


def test_what_the_public_says_is_looked_at_before_it_is_filed(world: World) -> None:
    case = world.report(source="public")
    with pytest.raises(Refusal, match="verify_first"):
        world.act(OPERATOR, "file", case)
    world.clock.advance(5 * MINUTE)
    world.act(OPERATOR, "ask_verify", case)
    assert (case.state, case.clock_stage) == ("verifying", "verify")
    world.clock.advance(20 * MINUTE)
    with pytest.raises(Refusal, match="found_needed"):
        world.act(COLLECTOR, "verify", case, means="look")
    with pytest.raises(Refusal, match="means_do_not_fit"):
        world.act(COLLECTOR, "verify", case, found=True, means="call")
    world.act(COLLECTOR, "verify", case, found=True, means="look", photos=(world.photo(COLLECTOR),))
    assert (case.state, case.verified, case.clock_stage) == ("reported", True, "intake")
    # Twenty minutes of looking came off the intake's thirty.
    assert case.clock_due_at == world.clock.now() + 25 * MINUTE
    world.act(OPERATOR, "file", case)


def test_what_was_not_found_is_rejected_and_not_filed(world: World) -> None:
    case = world.report(source="public")
    world.act(OPERATOR, "verify", case, found=False, means="video")
    with pytest.raises(Refusal, match="not_found_on_the_spot"):
        world.act(OPERATOR, "file", case)
    world.act(OPERATOR, "reject", case, reason="现场未见")
    assert (case.state, case.number) == ("rejected", "试验-20261123-0001")


@pytest.mark.parametrize("source", ["patrol", "collector", "video", "police_110"])
def test_own_finds_are_not_verified(world: World, source: str) -> None:
    case = world.report(source=source)
    with pytest.raises(Refusal, match="own_find_needs_no_verifying"):
        world.act(OPERATOR, "ask_verify", case)
    world.act(OPERATOR, "file", case)


def test_filing_names_the_condition_that_is_met_and_its_limit_holds(world: World) -> None:
    stalls = CaseClass.objects.get(kind="event")
    condition = Standard.objects.create(
        case_class=stalls, condition="1", filing_zh="占道", closing_zh="清走",
        limit_value=4, limit_unit="urgent_hour",
    )  # fmt: skip
    case = world.report()
    with pytest.raises(Refusal, match="standard_needed"):
        world.act(OPERATOR, "file", case)
    part = CaseClass.objects.get(kind="part")
    with pytest.raises(Refusal, match="standard_unknown"):
        world.act(
            OPERATOR, "file", case, class_key=(part.kind, part.code), standard_id=condition.id
        )
    world.act(OPERATOR, "file", case, standard_id=condition.id)
    world.walk_from(case, "dispatched")
    assert case.clock_due_at == world.clock.now() + 4 * HOUR
    # A case keeps the version that it was filed under.
    Standard.objects.filter(id=condition.id).update(limit_value=1)
    assert (case.standard_id, case.limit_value) == (condition.id, 4)


def test_a_ticket_of_the_city_is_signed_for_handled_and_left_to_the_city(world: World) -> None:
    deadline = world.clock.now() + 5 * HOUR
    case = world.ticket("city_platform", deadline=deadline)
    with pytest.raises(Refusal, match="filed_elsewhere"):
        world.act(OPERATOR, "file", case)
    world.act(OPERATOR, "sign", case)
    world.walk_from(case, "handling")
    assert case.clock_due_at is not None
    assert abs(case.clock_due_at - deadline) < MINUTE
    world.act(CREW, "report_back", case, photos=(world.photo(CREW),))
    assert (case.state, case.checker_id) == ("to_reply", None)
    with pytest.raises(Refusal, match="not_in_this_state"):
        world.act(OPERATOR, "check_pass", case, means="video")
    world.act(OPERATOR, "reply", case)
    assert (case.state, responsible(State(case.state))) == ("elsewhere", "elsewhere")
    with pytest.raises(Refusal, match="not_in_this_state"):
        world.act(LEADER, "close", case)
    world.act(OPERATOR, "closed_elsewhere", case)
    assert (case.state, case.closed_at) == ("closed", world.clock.now())
    assert not StageClock.objects.filter(case=case, stopped_at=None).exists()


def test_the_hotlines_citizen_gets_words_apart_from_what_is_said_inside(world: World) -> None:
    case = world.walk(world.ticket("hotline"), "handling")
    world.act(CREW, "report_back", case, photos=(world.photo(CREW),), note="摊主已教育")
    with pytest.raises(Refusal, match="reply_needed"):
        world.act(OPERATOR, "reply", case, note="转出")
    world.act(OPERATOR, "reply", case, reply="您反映的摊点已清理")
    assert (case.state, case.reply_text) == ("elsewhere", "您反映的摊点已清理")
    assert counts(world.who(OPERATOR).scope, world.clock.now())["hotline"] == 1


def test_the_handlers_own_words_for_the_citizen_are_enough(world: World) -> None:
    case = world.walk(world.ticket("hotline"), "handling")
    world.act(CREW, "report_back", case, photos=(world.photo(CREW),), reply="已清理")
    world.act(OPERATOR, "reply", case)
    assert (case.state, case.reply_text) == ("elsewhere", "已清理")


@pytest.mark.parametrize("state", ["to_reply", "elsewhere", "to_close"])
def test_what_is_not_good_enough_goes_back_to_the_same_hands(world: World, state: str) -> None:
    case = world.report() if state == "to_close" else world.ticket("hotline")
    world.walk(case, state)
    with pytest.raises(Refusal, match="reason_needed"):
        world.act(OPERATOR, "rework", case)
    world.act(OPERATOR, "rework", case, reason="照片不清")
    assert (case.state, case.crew_id) == ("handling", world.crews[HERE].id)
    assert case.clock_due_at is not None
    world.act(CREW, "report_back", case, photos=(world.photo(CREW),))


def test_the_same_ticket_is_one_whoever_brings_it_in(world: World) -> None:
    case = world.ticket("city_platform", "SZ-7")
    assert world.ticket("city_platform", "SZ-7", by=LEADER).id == case.id
    assert Case.objects.count() == 1
    assert case.external_number == "SZ-7"


def test_the_district_may_keep_closing_to_itself(world: World) -> None:
    SourceWay.objects.filter(source="patrol").update(closed_by="district")
    case = world.walk(world.report(), "to_close")
    with pytest.raises(Refusal, match="closes_at_district"):
        world.act(LEADER, "close", case)
    world.act(DESK, "close", case)


# The same again, and parts of a whole.


def test_what_comes_back_after_closing_is_a_new_case_that_says_so(world: World) -> None:
    old = world.walk(world.report(), "closed")
    world.clock.advance(2 * HOUR)
    new = world.report()
    operator = world.who(OPERATOR)
    shown = detail(operator, case_for(operator.scope, new.id), world.clock.now())
    assert [r["id"] for r in shown["recurrences"]] == [str(old.id)]
    assert shown["twins"] == []
    world.act(OPERATOR, "link_recurrence", new, case_id=old.id)
    assert (new.recurrence_of_id, new.state) == (old.id, "reported")
    with pytest.raises(Refusal, match="linked_already"):
        world.act(OPERATOR, "link_recurrence", new, case_id=old.id)
    other = world.report()
    with pytest.raises(Refusal, match="recurs_of_closed_cases"):
        world.act(OPERATOR, "link_recurrence", other, case_id=new.id)
    shown = detail(operator, case_for(operator.scope, other.id), world.clock.now())
    assert [t["id"] for t in shown["twins"]] == [str(new.id)]


def test_a_whole_does_not_close_before_its_parts(world: World) -> None:
    whole, part = world.report(), world.report()
    world.act(OPERATOR, "set_parent", part, case_id=whole.id)
    with pytest.raises(Refusal, match="has_a_parent"):
        world.act(OPERATOR, "set_parent", part, case_id=whole.id)
    with pytest.raises(Refusal, match="parts_have_no_parts"):
        world.act(OPERATOR, "set_parent", whole, case_id=part.id)
    with pytest.raises(Refusal, match="parts_have_no_parts"):
        world.act(OPERATOR, "set_parent", world.report(), case_id=part.id)
    world.walk(whole, "to_close")
    with pytest.raises(Refusal, match="parts_still_open"):
        world.act(LEADER, "close", whole)
    asked = world.ask(OPERATOR, "ask_force_close", whole)
    with pytest.raises(Refusal, match="parts_still_open"):
        world.act(COMMANDER, "grant", whole, request_id=asked)
    world.walk(part, "closed")
    world.act(LEADER, "close", whole)


def test_a_part_that_leaves_holds_nothing_up(world: World) -> None:
    whole, part = world.walk(world.report(), "to_close"), world.report()
    with pytest.raises(Refusal, match="has_no_parent"):
        world.act(OPERATOR, "leave_parent", part)
    world.act(OPERATOR, "set_parent", part, case_id=whole.id)
    world.act(OPERATOR, "leave_parent", part)
    world.act(LEADER, "close", whole)


def test_no_case_is_joined_to_itself_or_to_one_that_ended(world: World) -> None:
    one, two = world.report(), world.report()
    with pytest.raises(Refusal, match="joins_itself"):
        world.act(OPERATOR, "join", one, case_id=one.id)
    world.act(OPERATOR, "reject", two, reason="重复")
    for act in ("join", "set_parent"):
        with pytest.raises(Refusal, match="joins_only_open_cases"):
            world.act(OPERATOR, act, one, case_id=two.id)


# Undoing.


def test_what_was_cancelled_stops_everywhere_and_may_be_taken_up_again(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.act(OPERATOR, "add_task", case, assignee=("unit", world.units[OFFICES[0]].id))
    with pytest.raises(Refusal, match="reason_needed"):
        world.act(LEADER, "cancel", case)
    world.act(LEADER, "cancel", case, reason="误立")
    assert (case.state, case.closed_at, case.side_hands) == ("cancelled", world.clock.now(), [])
    assert not case.tasks.filter(ended_at=None).exists()
    assert not StageClock.objects.filter(case=case, stopped_at=None).exists()
    number = case.number
    world.act(LEADER, "reopen", case, reason="确有其事")
    assert (case.state, case.closed_at, case.crew_id, case.number) == ("filed", None, None, number)
    world.walk_from(case, "closed")


def test_a_suspended_case_that_is_cancelled_says_no_date_any_more(world: World) -> None:
    case = world.suspend(world.report())
    assert case.suspended_until is not None
    world.act(LEADER, "cancel", case, reason="误立")
    assert case.suspended_until is None


def test_a_closed_case_starts_again_with_a_clean_sheet(world: World) -> None:
    case = world.walk(world.report(), "dispatched")
    world.send_back(CREW, case)
    world.walk_from(case, "closed")
    closer = f"shift_leader@{HERE}"
    with pytest.raises(Refusal, match="not_in_this_state"):
        world.act(closer, "cancel", case, reason="x")
    world.act(closer, "reopen", case, reason="结案有误")
    assert (case.state, case.send_backs, case.designated) == ("filed", 0, 0)
    world.walk_from(case, "dispatched")
    assert case.clock_due_at == world.clock.now() + 2 * HOUR


def test_a_rejected_case_is_looked_at_again(world: World) -> None:
    case = world.report(source="public")
    world.act(OPERATOR, "verify", case, found=False, means="video")
    world.act(OPERATOR, "reject", case, reason="未见")
    world.act(LEADER, "reopen", case, reason="再查")
    assert (case.state, case.verified) == ("reported", None)
    with pytest.raises(Refusal, match="verify_first"):
        world.act(OPERATOR, "file", case)


def test_whoever_acts_on_yesterdays_version_is_told_todays(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.act(OPERATOR, "urge", case)
    with pytest.raises(Conflict) as caught:
        actions.act(world.command(CREW, "under_way"), case.id, case.version - 1)
    assert caught.value.params["theirs"]["act"] == "urge"
