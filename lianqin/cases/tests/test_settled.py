"""Settled on the spot, and the draw: a seed in the journal, a pool of nobody involved."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from lianqin.accounts.models import Posting
from lianqin.accounts.refusals import Refusal
from lianqin.cases import actions
from lianqin.cases.detail import detail
from lianqin.cases.models import Case, CasePhoto, StageClock, Task
from lianqin.cases.queries import queue
from lianqin.cases.rules import draw, drawn_as_sample
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.catalogue.models import PracticeVersion
from lianqin.journal.canonical import text_hash
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


def pool_of(world: World, *without: str) -> list[UUID]:
    """Collectors of the district without these."""
    names = {f"collector@{place}" for place in CENTRES} - set(without)
    return sorted(world.people[name].id for name in names)


def test_what_a_crew_settles_at_once_is_closed_with_pictures_of_before_and_after(
    world: World,
) -> None:
    case = world.settle(drawn=False)
    assert (case.state, case.settled, case.closed_at) == ("closed", True, world.clock.now())
    assert (case.crew_id, case.place) == (world.crews[HERE].id, HERE)
    assert sorted(CasePhoto.objects.values_list("stage", flat=True)) == ["after", "before"]
    assert case.photo_count == 2
    assert case.number == "试验-20261123-0001"
    task = Task.objects.get()
    assert (task.state, task.handler_id) == ("reported_back", world.people[CREW].id)
    assert not StageClock.objects.filter(stopped_at=None).exists()


def test_it_is_counted_apart(world: World) -> None:
    settled, worked = world.settle(drawn=False), world.walk(world.report(), "closed")
    scope = world.who(OPERATOR).scope
    shown = {row["id"] for row in queue(scope, "settled", world.clock.now())["items"]}
    assert shown == {str(settled.id)}
    assert str(worked.id) not in shown


@pytest.mark.parametrize(("lacks", "code"), [
    ("before", "photos_before_needed"), ("after", "photo_needed"), ("class", "class_needed"),
])  # fmt: skip
def test_without_both_pictures_and_a_class_nothing_is_settled(
    world: World, lacks: str, code: str
) -> None:
    before = () if lacks == "before" else (world.photo(CREW),)
    after = () if lacks == "after" else (world.photo(CREW),)
    new = actions.NewReport(
        source="patrol",
        description="一处",
        class_key=None if lacks == "class" else ("event", "0406"),
        settled=actions.Settlement(before, after),
    )
    with pytest.raises(Refusal, match=code):
        actions.report(world.command(CREW, "settle", new), new)
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "said", [{"case_number": "x"}, {"source": "hotline"}, {"source": "public"}]
)
def test_only_an_own_find_is_settled_and_no_known_case(world: World, said: dict[str, str]) -> None:
    """Settling a ticket would close what the city closes; naming a case would lose the pictures."""
    if "case_number" in said:
        said = {"case_number": world.report().number or ""}
    before = Case.objects.count()
    settled = actions.Settlement((world.photo(CREW),), (world.photo(CREW),))
    new = actions.NewReport(
        **{"source": "patrol", "class_key": ("event", "0406"), "settled": settled} | said
    )
    with pytest.raises(Refusal, match="settles_own_finds"):
        actions.report(world.command(CREW, "settle", new), new)
    assert Case.objects.count() == before


def test_a_share_of_it_is_looked_at_again_and_the_entry_says_why(world: World) -> None:
    drawn, spared = world.settle(drawn=True), world.settle(drawn=False)
    for case in (drawn, spared):
        data = Entry.objects.get(subject_id=case.id, act="settle").data
        assert data["percent"] == 8
        assert data["drawn"] is (case == drawn)
        assert drawn_as_sample(data["seed"], data["percent"]) is data["drawn"]
    assert (drawn.state, spared.state) == ("to_check", "closed")
    assert drawn.checker_id in pool_of(world)
    assert (drawn.clock_stage, drawn.closed_at) == ("check", None)


def test_every_seed_draws_the_share_that_the_district_set(world: World) -> None:
    PracticeVersion.objects.update(sample_percent=10)
    for _ in range(8):
        settled = actions.Settlement((world.photo(CREW),), (world.photo(CREW),))
        new = actions.NewReport(source="patrol", class_key=("event", "0406"), settled=settled)
        actions.report(world.command(CREW, "settle", new), new)
    entries = Entry.objects.filter(act="settle")
    assert {e.data["percent"] for e in entries} == {10}
    assert len({e.data["seed"] for e in entries}) == 8
    for entry in entries:
        assert entry.data["drawn"] is drawn_as_sample(entry.data["seed"], 10)
        state = Case.objects.get(id=entry.subject_id).state
        assert state == ("to_check" if entry.data["drawn"] else "closed")


def test_a_drawn_one_that_passes_is_closed_and_stays_settled(world: World) -> None:
    case = world.settle(drawn=True)
    Posting.objects.create(user=world.people[CREW], role="operator", place=HERE)
    with pytest.raises(Refusal, match="checker_is_handler"):
        world.act(CREW, "check_pass", case, means="video")
    world.act(world.checker(case), "check_pass", case)
    assert (case.state, case.settled, case.closed_at) == ("closed", True, world.clock.now())


def test_a_drawn_one_that_fails_becomes_a_case_like_any_other(world: World) -> None:
    case = world.settle(drawn=True)
    world.act(world.checker(case), "check_fail", case, reason="仍有油污")
    assert (case.state, case.settled, case.crew_id) == ("filed", False, None)
    world.walk_from(case, "closed")


# The draw.


def test_the_checker_is_drawn_from_the_districts_collectors_by_a_seed_in_the_entry(
    world: World,
) -> None:
    case = world.walk(world.report(by=f"collector@{HERE}"), "to_check")
    said = Entry.objects.get(subject_id=case.id, act="report_back").data["draw"]
    pool = pool_of(world, f"collector@{HERE}")
    assert said["pool"] == len(pool) == 3
    assert said["pool_hash"] == text_hash([str(one) for one in pool])[:16]
    assert said["checker"] == str(draw(pool, said["seed"])) == str(case.checker_id)


def test_whoever_cannot_is_not_drawn_a_second_time_and_somebody_says_why(world: World) -> None:
    case = world.walk(world.report(by=OFFICE), "to_check")
    first = world.checker(case)
    with pytest.raises(Refusal, match="reason_needed"):
        world.act(OPERATOR, "draw_checker", case)
    world.act(OPERATOR, "draw_checker", case, reason="休假")
    said = Entry.objects.get(subject_id=case.id, act="draw_checker").data["draw"]
    pool = pool_of(world, first)
    assert said["checker"] == str(draw(pool, said["seed"])) == str(case.checker_id)
    assert world.checker(case) != first


def test_from_an_empty_pool_nobody_is_drawn_and_the_duty_commander_looks(world: World) -> None:
    world.clock.move_to(world.clock.now().replace(hour=9))
    Posting.objects.filter(role="collector").delete()
    case = world.walk(world.report(by=OFFICE), "to_check")
    said = Entry.objects.get(subject_id=case.id, act="report_back").data["draw"]
    assert (said["pool"], said["checker"], case.checker_id) == (0, None, None)
    shown = detail(world.who(COMMANDER), case, world.clock.now())
    assert shown["checker"] == {"drawn": False, "id": None, "name": None}
    assert "check_pass" in {a["act"] for a in shown["acts"]}
    for name in (OPERATOR, LEADER):
        with pytest.raises(Refusal, match="checker_is_drawn"):
            world.act(name, "check_pass", case, means="look")
    world.act(COMMANDER, "check_pass", case, means="look")
    assert case.state == "to_close"


def test_each_check_is_drawn_anew(world: World) -> None:
    case = world.walk(world.report(by=OFFICE), "to_check")
    world.act(world.checker(case), "check_fail", case, reason="未清")
    assert case.checker_id is None
    world.act(CREW, "report_back", case, photos=(world.photo(CREW),))
    seeds = [
        e.data["draw"]["seed"]
        for e in Entry.objects.filter(subject_id=case.id, act="report_back").order_by("position")
    ]
    assert len(set(seeds)) == 2
    assert case.checker_id == draw(pool_of(world), seeds[1])
