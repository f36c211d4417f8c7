"""Who may not check: whoever found or handled the problem, however it came about."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.accounts.models import Posting
from lianqin.accounts.refusals import Conflict, NotHere, Refusal
from lianqin.cases import actions
from lianqin.cases.detail import detail
from lianqin.cases.models import Case
from lianqin.cases.my_tasks import my_tasks
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
STAFF = f"office_staff@{OFFICES[0]}"
DESK = ("operator", "shift_leader", "commander")
#: Collectors are on the street.
BY_DAY = datetime.fromisoformat("2026-11-23T09:00:00+08:00")


@pytest.fixture
def world() -> World:
    """The day before: postings change with the date."""
    world = build()
    world.clock.advance(timedelta(days=-1))
    return world


def refused(world: World, case: Case, name: str) -> str:
    """The rule that keeps this person from checking the case; the screens do not offer it."""
    case.refresh_from_db()
    who, now = world.who(name), world.clock.now()
    acts = [a["act"] for a in detail(who, case, now)["acts"]]
    assert "check_pass" not in acts
    waiting = [t["case"]["id"] for t in my_tasks(who, now) if t["kind"] == "check"]
    assert str(case.id) not in waiting
    with pytest.raises(Refusal) as caught:
        world.act(name, "check_pass", case)
    return caught.value.code


def change_posting(world: World, name: str, role: str) -> None:
    """From today on this person serves in another role."""
    today = date(2026, 11, 23)
    user = world.people[name]
    old = Posting.objects.get(user=user)
    old.dates = DateRange(date(2000, 1, 1), today)
    old.save()
    Posting.objects.create(user=user, role=role, place=old.place, dates=DateRange(today, None))


def drawn(world: World, case: Case, name: str) -> None:
    """As if this person had been drawn, whoever it was: what the draw would never do."""
    case.refresh_from_db()
    case.checker = world.people[name]
    case.save(update_fields=["checker"])


def join(world: World, case: Case, into: Case) -> None:
    world.act(f"operator@{HERE}", "join", case, case_id=into.id)
    into.refresh_from_db()


def test_the_finder_of_a_joined_case_does_not_check_the_other(world: World) -> None:
    case = world.report(by=STAFF)
    join(world, world.report(by=f"collector@{HERE}"), case)
    world.walk_on(case, "to_check")
    assert refused(world, case, f"collector@{HERE}") == "checker_is_finder"


def test_nor_does_the_finder_of_a_case_that_joined_one_that_joined(world: World) -> None:
    case, middle = world.report(by=STAFF), world.report(by=STAFF)
    join(world, world.report(by=f"collector@{HERE}"), middle)
    join(world, middle, case)
    world.walk_on(case, "to_check")
    assert refused(world, case, f"collector@{HERE}") == "checker_is_finder"


def test_who_accepted_does_not_check_though_a_mate_reported_back(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "handling")
    mate = f"mate@{HERE}"
    world.act(mate, "report_back", case, photos=(world.photo(mate),))
    change_posting(world, f"crew@{HERE}", "collector")
    assert refused(world, case, f"crew@{HERE}") == "checker_is_handler"
    drawn(world, case, f"crew@{HERE}")
    assert refused(world, case, f"crew@{HERE}") == "checker_is_handler"


def test_a_member_of_the_crew_does_not_check_under_another_posting(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "to_check")
    change_posting(world, f"mate@{HERE}", "collector")
    drawn(world, case, f"mate@{HERE}")
    assert refused(world, case, f"mate@{HERE}") == "checker_is_of_the_crew"


def test_an_earlier_crew_that_worked_on_it_does_not_check(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "handling")
    world.send_back(f"crew@{HERE}", case)
    unit = f"unit@{OFFICES[0]}"
    hands = ("unit", world.units[OFFICES[0]].id)
    world.act(f"operator@{HERE}", "dispatch", case, assignee=hands)
    world.act(unit, "accept", case)
    world.act(unit, "report_back", case, photos=(world.photo(unit),))
    change_posting(world, f"crew@{HERE}", "collector")
    assert refused(world, case, f"crew@{HERE}") == "checker_is_handler"
    change_posting(world, f"mate@{HERE}", "collector")
    assert refused(world, case, f"mate@{HERE}") == "checker_is_of_the_crew"


def test_whoever_helped_beside_the_lead_does_not_check(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "handling")
    helper, hands = f"unit@{OFFICES[0]}", ("unit", world.units[OFFICES[0]].id)
    world.act(f"operator@{HERE}", "add_task", case, assignee=hands)
    world.act(helper, "accept", case)
    world.act(helper, "report_back", case, photos=(world.photo(helper),))
    world.act(f"crew@{HERE}", "report_back", case, photos=(world.photo(f"crew@{HERE}"),))
    change_posting(world, helper, "operator")
    drawn(world, case, helper)
    assert refused(world, case, helper) == "checker_is_handler"


def test_nobody_of_the_case_is_ever_in_the_pool(world: World) -> None:
    """Everybody who found it, handled it or served in the crew is a collector today; whoever is
    drawn is none of them, however often it is drawn."""
    case = world.report(by=f"collector@{HERE}")
    for name in (f"crew@{HERE}", f"mate@{HERE}"):
        user = world.people[name]
        Posting.objects.create(user=user, role="collector", place=HERE)
    world.walk(case, "to_check")
    free = {f"collector@{place}" for place in CENTRES[1:]}
    assert world.checker(case) in free
    for _ in range(12):
        world.act(f"operator@{HERE}", "draw_checker", case, reason="休假")
        assert world.checker(case) in free


def test_by_day_the_check_belongs_to_who_was_drawn(world: World) -> None:
    world.clock.move_to(BY_DAY)
    case = world.walk(world.report(by=STAFF), "to_check")
    others = {f"collector@{HERE}", *(f"{role}@{HERE}" for role in DESK)} - {world.checker(case)}
    assert {refused(world, case, name) for name in others} == {"checker_is_drawn"}
    world.act(world.checker(case), "check_pass", case)
    assert case.state == "to_close"


@pytest.mark.parametrize("hour", [19, 23, 3, 6])
def test_at_night_a_desk_checks_by_video_and_by_nothing_else(world: World, hour: int) -> None:
    world.clock.move_to(BY_DAY.replace(hour=hour))
    case = world.walk(world.report(by=STAFF), "to_check")
    for means in ("", "look", "call"):
        with pytest.raises(Refusal, match="night_check_by_video"):
            world.act(f"operator@{HERE}", "check_pass", case, means=means)
    world.act(f"operator@{HERE}", "check_fail", case, reason="未清", means="video")
    assert case.state == "handling"


@pytest.mark.parametrize("hour", [7, 12, 18])
def test_while_collectors_are_out_a_desk_checks_nothing_by_video(world: World, hour: int) -> None:
    world.clock.move_to(BY_DAY.replace(hour=hour))
    case = world.walk(world.report(by=STAFF), "to_check")
    with pytest.raises(Refusal, match="checker_is_drawn"):
        world.act(f"operator@{HERE}", "check_pass", case, means="video")


def test_a_collector_who_was_not_drawn_does_not_check_at_night_either(world: World) -> None:
    case = world.walk(world.report(by=f"collector@{HERE}"), "to_check")
    another = next(f"collector@{p}" for p in CENTRES[1:] if f"collector@{p}" != world.checker(case))
    with pytest.raises(NotHere):
        world.act(another, "check_pass", case, means="video")
    world.act(f"operator@{HERE}", "draw_checker", case, reason="换人")
    drawn(world, case, another)
    with pytest.raises(Refusal, match="checker_is_finder"):
        world.act(f"collector@{HERE}", "check_pass", case, means="video")


def test_the_handler_who_is_late_is_not_told_the_collectors_name(world: World) -> None:
    case = world.walk(world.report(by=STAFF), "to_check")
    version = case.version
    world.act(world.checker(case), "check_fail", case, reason="未清")
    with pytest.raises(Conflict) as caught:
        actions.act(world.command(f"crew@{HERE}", "report_back"), case.id, version)
    assert caught.value.params["theirs"]["act"] == "check_fail"
    assert caught.value.params["theirs"]["actor_name"] == ""
    with pytest.raises(Conflict) as caught:
        actions.act(world.command(f"shift_leader@{HERE}", "close"), case.id, version)
    assert caught.value.params["theirs"]["actor_name"] != ""


def test_one_joins_only_into_a_case_on_which_one_may_act(world: World) -> None:
    """An operator who may also read the whole district as assessor changes no foreign case."""
    world.report()
    foreign, own = world.report(CENTRES[2]), world.report()
    Posting.objects.create(
        user=world.people[f"operator@{HERE}"], role="assessor", place=HERE.split("/")[0]
    )
    for act in ("join", "set_parent", "link_recurrence"):
        with pytest.raises(NotHere):
            world.act(f"operator@{HERE}", act, own, case_id=foreign.id)
