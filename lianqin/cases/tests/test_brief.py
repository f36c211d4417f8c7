"""日报: the duty date on one page counts what was done that day and what stood at its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqin.cases import actions
from lianqin.cases.actions import settling
from lianqin.cases.actions.recording import NewRecord, record_lead, record_service
from lianqin.cases.brief import brief
from lianqin.cases.models import Case, StageClock
from lianqin.cases.tests.sheets import ticket, xlsx
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.cases.tickets.taking import take_tickets
from lianqin.catalogue.models import DutyLine
from lianqin.territory.models import District

pytestmark = pytest.mark.django_db
HERE, THERE = CENTRES[0], CENTRES[2]
DAY = date(2026, 11, 23)
OPERATOR, CREW, LEADER = f"operator@{HERE}", f"crew@{HERE}", f"shift_leader@{HERE}"
DESK = f"district_desk@{DISTRICT}"


@pytest.fixture
def world() -> World:
    return build()


def page(world: World, reader: str = DESK, day: date = DAY) -> dict[str, Any]:
    return brief(world.who(reader).scope, day, world.clock.now())


def some(figures: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(figures[name] for name in names)


def settle(world: World, monkeypatch: pytest.MonkeyPatch, *, drawn: bool) -> Case:
    monkeypatch.setattr(settling, "drawn_as_sample", lambda seed, percent: drawn)
    pictures = actions.Settlement((world.photo(CREW),), (world.photo(CREW),))
    new = actions.NewReport(
        source="patrol", class_key=("event", "0406"), spot=world.spot(HERE), settled=pictures
    )
    done = actions.report(world.command(CREW, "settle", world.clock.now()), new)
    world.clock.advance(timedelta(minutes=1))
    return Case.objects.get(id=done.answer["case_id"])


def test_the_path_of_a_case_is_counted_once_at_each_step(world: World) -> None:
    world.walk(world.report(), "closed")
    world.walk(world.report(), "dispatched")
    world.report()
    total = page(world)["total"]
    assert some(total, "reports", "reported", "filed", "dispatched", "closed") == (3, 3, 2, 2, 1)
    assert some(total, "on_time", "overdue", "exempted", "open") == (1, 0, 0, 2)


def test_figures_come_by_source_class_group_and_centre(world: World) -> None:
    world.report(HERE)
    world.report(THERE)
    row = ticket(world, "1", kind="部件", deadline=None)
    take_tickets(world.command(OPERATOR, "import_tickets"), "hotline", xlsx([row]))
    found = page(world)
    assert {one["source"]: one["reported"] for one in found["by_source"]} == {
        "patrol": 2, "hotline": 1,
    }  # fmt: skip
    groups = {(one["kind"], one["code"]): one["reported"] for one in found["by_group"]}
    assert groups == {("event", "04"): 2, ("part", "04"): 1}
    assert {one["place"]: one["open"] for one in found["by_centre"]} == {HERE: 2, THERE: 1}
    assert found["by_centre"][0]["name"]["zh"] == "east中心"
    for name in ("by_source", "by_group", "by_centre"):
        for figure, value in found["total"].items():
            assert sum(one[figure] for one in found[name]) == value, (name, figure)


def test_a_case_that_ran_over_is_overdue_and_an_exempted_one_stands_apart(world: World) -> None:
    for _ in range(2):
        case = world.walk(world.report(), "handling")
        world.clock.advance(timedelta(hours=2, minutes=30))
        _finish(world, case)
    assert some(page(world)["total"], "closed", "on_time", "overdue") == (2, 0, 2)
    StageClock.objects.filter(case=case, late=True).update(exempt=True)
    found = some(page(world)["total"], "closed", "on_time", "overdue", "exempted")
    assert found == (2, 0, 1, 1)


def _finish(world: World, case: Case) -> None:
    for state in ("to_check", "to_close", "closed"):
        case.refresh_from_db()
        world.clock.advance(timedelta(minutes=1))
        world.step(case, state)


def test_what_was_settled_on_the_spot_is_counted_apart_with_its_sample(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(world, monkeypatch, drawn=False)
    passed, failed = (settle(world, monkeypatch, drawn=True) for _ in range(2))
    world.act(world.checker(passed), "check_pass", passed)
    world.act(world.checker(failed), "check_fail", failed, reason="摊位仍在")
    found = page(world)
    assert found["settled"] == {
        "count": 3, "drawn": 2, "passed": 1, "failed": 1, "educated": 0, "corrected": 0,
        "penalised": 0,
    }  # fmt: skip
    assert some(found["total"], "settled", "closed", "reported", "open") == (3, 0, 3, 1)


def test_pressing_sending_back_and_ending_otherwise_are_counted(world: World) -> None:
    one, two, three, four = (world.report() for _ in range(4))
    world.act(OPERATOR, "urge", one)
    world.act(OPERATOR, "urge", one)
    until = DAY + timedelta(days=2)
    world.act(f"commander@{HERE}", "supervise", one, reason="群众反映强烈", until=until)
    world.act(OPERATOR, "reject", two, reason="不属实")
    world.act(OPERATOR, "join", three, case_id=one.id)
    world.walk(four, "dispatched")
    line = DutyLine.objects.filter(case_class=four.case_class_id)[0]
    world.act(CREW, "send_back", four, reason="属街道城管科", duty_line_id=line.id)
    found = page(world)
    assert some(found, "urged", "sent_back", "joined", "supervised_open") == (2, 1, 1, 1)
    assert found["total"]["rejected"] == 1
    assert [row["id"] for row in found["supervised"]["items"]] == [str(one.id)]


def test_what_has_run_over_is_listed_the_longest_first(world: World) -> None:
    one, two = (world.walk(world.report(), "handling") for _ in range(2))
    assert page(world)["overdue"] == {"count": 0, "items": []}
    world.clock.advance(timedelta(hours=3))
    found = page(world)["overdue"]
    assert (found["count"], [row["id"] for row in found["items"]]) == (
        2,
        [str(one.id), str(two.id)],
    )


def test_records_of_the_day_are_counted(world: World) -> None:
    record_service(world.command(CREW, "record_service"), NewRecord("指路"))
    record_lead(world.command(CREW, "record_lead"), NewRecord("撬车", handed_to="青年派出所"))
    assert some(page(world), "service_records", "security_leads") == (1, 1)


def test_a_duty_date_ends_at_seven_and_its_page_stays_as_it_was(world: World) -> None:
    late = world.report()
    world.clock.move_to(datetime.fromisoformat("2026-11-24T06:59:00+08:00"))
    night = world.report()
    world.clock.move_to(datetime.fromisoformat("2026-11-24T07:01:00+08:00"))
    world.report()
    world.act(OPERATOR, "reject", late, reason="不属实")
    world.act(OPERATOR, "reject", night, reason="不属实")
    before = page(world)
    assert some(before["total"], "reported", "rejected", "open") == (2, 0, 2)
    assert before["running"] is False
    after = page(world, day=DAY + timedelta(days=1))
    assert some(after["total"], "reported", "rejected", "open") == (1, 2, 1)
    assert after["running"] is True


@pytest.mark.parametrize(
    ("reader", "count"),
    [
        (OPERATOR, 1), (f"operator@{THERE}", 1), (f"office_staff@{OFFICES[0]}", 2), (DESK, 4),
        (CREW, 0), (f"system_admin@{DISTRICT}", 0),
    ],
)  # fmt: skip
def test_a_page_counts_what_lies_in_the_readers_place(
    world: World, reader: str, count: int
) -> None:
    for place in CENTRES:
        world.report(place)
        record_service(world.command(f"crew@{place}", "record_service"), NewRecord("指路"))
    found = page(world, reader)
    assert some(found["total"], "reported", "open") == (count, count)
    assert found["service_records"] == count
    assert len(found["by_centre"]) == count


@pytest.mark.parametrize("reader", [OPERATOR, f"operator@{THERE}", f"office_staff@{OFFICES[0]}"])
def test_a_page_says_nothing_of_what_lies_outside_the_readers_place(
    world: World, reader: str
) -> None:
    cases = {place: world.walk(world.report(place), "handling") for place in CENTRES}
    world.clock.advance(timedelta(hours=3))
    said, scope = str(page(world, reader)), world.who(reader).scope
    for place, case in cases.items():
        there = [str(case.id) in said, place in said, str(world.crews[place].id) in said]
        assert there == [scope.holds(place)] * 3, place


def test_where_no_demo_runs_what_was_made_up_is_left_out(world: World) -> None:
    world.report()
    assert page(world)["total"]["reported"] == 1
    District.objects.update(demo=False)
    found = page(world)
    assert some(found["total"], "reported", "open") == (0, 0)
    Case.objects.update(origin="live")
    assert page(world)["total"]["reported"] == 1


def test_a_busy_day_takes_no_more_queries_than_a_quiet_one(world: World) -> None:
    scope = world.who(DESK).scope

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            brief(scope, DAY, world.clock.now())
        return len(queries)

    case = world.walk(world.report(), "handling")
    world.act(f"commander@{HERE}", "supervise", case, reason="急", until=DAY)
    world.clock.advance(timedelta(hours=3))
    few = count()
    for place in CENTRES:
        for state in ("closed", "handling", "reported"):
            world.walk(world.report(place), state)
    world.clock.advance(timedelta(hours=3))
    assert count() == few <= 10
