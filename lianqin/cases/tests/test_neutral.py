"""Who may not check: whoever found or handled the problem, however it came about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.accounts.models import Posting
from lianqin.accounts.refusals import Conflict, NotHere, Refusal
from lianqin.cases import actions
from lianqin.cases.detail import detail, my_tasks
from lianqin.cases.models import Case
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]


@pytest.fixture
def world() -> World:
    """The day before: postings change with the date."""
    world = build()
    world.clock.advance(timedelta(days=-1))
    return world


def refused(world: World, case: Case, name: str) -> str:
    """The rule that keeps this person from checking the case; the screens do not offer it."""
    case.refresh_from_db()
    offered = [a["act"] for a in detail(world.who(name), case)["acts"]]
    assert "check_pass" not in offered
    waiting = [t["case"]["id"] for t in my_tasks(world.who(name)) if t["kind"] == "check"]
    assert str(case.id) not in waiting
    with pytest.raises(Refusal) as caught:
        actions.check_pass(world.command(name, "check_pass"), case.id, case.version)
    return caught.value.code


def change_posting(world: World, name: str, role: str) -> None:
    """From today on this person serves in another role."""
    today = date(2026, 11, 23)
    user = world.people[name]
    old = Posting.objects.get(user=user)
    old.dates = DateRange(date(2000, 1, 1), today)
    old.save()
    Posting.objects.create(user=user, role=role, place=old.place, dates=DateRange(today, None))


def join(world: World, case: Case, into: Case) -> None:
    actions.join(world.command(f"operator@{HERE}", "join"), case.id, case.version, into.id)
    into.refresh_from_db()
    case.refresh_from_db()


def test_the_finder_of_a_joined_case_does_not_check_the_other(world: World) -> None:
    staff = f"office_staff@{OFFICES[0]}"
    case = world.report(by=staff)
    join(world, world.report(by=f"collector@{HERE}"), case)
    world.walk_on(case, "to_check")
    assert refused(world, case, f"collector@{HERE}") == "checker_is_finder"


def test_nor_does_the_finder_of_a_case_that_joined_one_that_joined(world: World) -> None:
    staff = f"office_staff@{OFFICES[0]}"
    case, middle = world.report(by=staff), world.report(by=staff)
    join(world, world.report(by=f"collector@{HERE}"), middle)
    join(world, middle, case)
    world.walk_on(case, "to_check")
    assert refused(world, case, f"collector@{HERE}") == "checker_is_finder"


def test_who_accepted_does_not_check_though_a_mate_reported_back(world: World) -> None:
    case = world.walk(world.report(by=f"office_staff@{OFFICES[0]}"), "handling")
    mate = f"mate@{HERE}"
    actions.report_back(
        world.command(mate, "report_back"), case.id, case.version, [world.photo(mate)]
    )
    change_posting(world, f"crew@{HERE}", "collector")
    assert refused(world, case, f"crew@{HERE}") == "checker_is_handler"


def test_a_member_of_the_crew_does_not_check_under_another_posting(world: World) -> None:
    case = world.walk(world.report(by=f"office_staff@{OFFICES[0]}"), "to_check")
    change_posting(world, f"mate@{HERE}", "collector")
    assert refused(world, case, f"mate@{HERE}") == "checker_is_of_the_crew"


def test_an_earlier_crew_that_worked_on_it_does_not_check(world: World) -> None:
    case = world.walk(world.report(by=f"office_staff@{OFFICES[0]}"), "handling")
    actions.send_back(world.command(f"crew@{HERE}", "send_back"), case.id, case.version, "不足")
    case.refresh_from_db()
    unit = f"unit@{OFFICES[0]}"
    actions.dispatch(
        world.command(f"operator@{HERE}", "dispatch"),
        case.id,
        case.version,
        ("unit", world.units[OFFICES[0]].id),
    )
    actions.accept(world.command(unit, "accept"), case.id, case.version + 1)
    actions.report_back(
        world.command(unit, "report_back"), case.id, case.version + 2, [world.photo(unit)]
    )
    change_posting(world, f"crew@{HERE}", "collector")
    assert refused(world, case, f"crew@{HERE}") == "checker_is_handler"
    change_posting(world, f"mate@{HERE}", "collector")
    assert refused(world, case, f"mate@{HERE}") == "checker_is_of_the_crew"


def test_the_handler_who_is_late_is_not_told_the_collectors_name(world: World) -> None:
    case = world.walk(world.report(by=f"office_staff@{OFFICES[0]}"), "to_check")
    actions.check_fail(
        world.command(f"collector@{HERE}", "check_fail"), case.id, case.version, "未清"
    )
    with pytest.raises(Conflict) as caught:
        actions.report_back(world.command(f"crew@{HERE}", "report_back"), case.id, case.version, [])
    assert caught.value.params["theirs"]["act"] == "check_fail"
    assert caught.value.params["theirs"]["actor_name"] == ""
    with pytest.raises(Conflict) as caught:
        actions.close(world.command(f"shift_leader@{HERE}", "close"), case.id, case.version)
    assert caught.value.params["theirs"]["actor_name"] != ""


def test_one_joins_only_into_a_case_on_which_one_may_act(world: World) -> None:
    """An operator who may also read the whole district as assessor changes no foreign case."""
    world.report()
    foreign, own = world.report(CENTRES[2]), world.report()
    Posting.objects.create(
        user=world.people[f"operator@{HERE}"], role="assessor", place=HERE.split("/")[0]
    )
    with pytest.raises(NotHere):
        actions.join(world.command(f"operator@{HERE}", "join"), own.id, own.version, foreign.id)
