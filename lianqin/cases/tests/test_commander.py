"""A commander away from the desk: requests to answer, crews to move, a deputy to name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqin.accounts.deputy_actions import Deputy, deputies, end_deputy, name_deputy
from lianqin.accounts.models import Posting
from lianqin.accounts.queries import principal_of
from lianqin.accounts.refusals import Forbidden, NotHere, Refusal
from lianqin.cases.approvals import approvals
from lianqin.cases.crews_now import crews_now, move
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.force.models import StandBy
from lianqin.journal.models import Entry
from lianqin.territory.models import Site

pytestmark = pytest.mark.django_db
HERE, TWIN, FAR = CENTRES[0], CENTRES[1], CENTRES[2]
COMMANDER = f"commander@{HERE}"
TODAY = date(2026, 11, 23)


@pytest.fixture
def world() -> World:
    return build()


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


# Requests.
def waiting(world: World, name: str = COMMANDER) -> list[tuple[str, list[str]]]:
    items = approvals(world.who(name), world.clock.now())["items"]
    return [(i["request"]["kind"], [act["act"] for act in i["acts"]]) for i in items]


def test_the_centre_endorses_and_the_office_grants(world: World) -> None:
    case = world.walk(world.report(), "handling")
    asked = world.ask(f"crew@{HERE}", "ask_extension", case)
    assert waiting(world) == [("extension", ["endorse", "refuse"])]
    assert waiting(world, f"office_staff@{OFFICES[0]}") == [("extension", ["refuse"])]
    world.act(COMMANDER, "endorse", case, request_id=asked)
    assert waiting(world) == []
    assert waiting(world, f"office_staff@{OFFICES[0]}") == [("extension", ["grant", "refuse"])]


def test_a_dispute_is_shown_to_be_ruled_on_at_the_desk(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.ask(f"crew@{HERE}", "dispute", case)
    assert waiting(world) == [("dispute", [])]


def test_requests_of_other_places_are_nobodys_business(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.ask(f"crew@{HERE}", "ask_backup", case)
    assert waiting(world) == [("backup", ["grant", "refuse"])]
    assert waiting(world, f"commander@{TWIN}") == []
    assert waiting(world, f"commander@{FAR}") == []
    assert waiting(world, f"crew@{HERE}") == []


def test_approvals_and_crews_cost_the_same_however_many_there_are(world: World) -> None:
    def cost() -> int:
        who = world.who(COMMANDER)
        with CaptureQueriesContext(connection) as queries:
            approvals(who, world.clock.now())
            crews_now(who, world.clock.now())
        return len(queries)

    def ask() -> None:
        world.ask(f"crew@{HERE}", "ask_backup", world.walk(world.report(), "handling"))

    ask()
    one = cost()
    for _ in range(3):
        ask()
    assert len(waiting(world)) == 4
    assert cost() == one


# Crews.
def seen(world: World, name: str = COMMANDER) -> list[dict[str, Any]]:
    crews: list[dict[str, Any]] = crews_now(world.who(name), world.clock.now())["crews"]
    return crews


def moved(world: World, kind: str | None, code: str, by: str = COMMANDER, of: str = HERE) -> None:
    move(world.command(by, "move_crew"), world.crews[of].id, kind, code)


def site(place: str) -> str:
    return Site.objects.get(place=place).code


def test_who_is_on_duty_is_shown_with_what_they_are_at(world: World) -> None:
    case = world.walk(world.report(), "handling")
    (crew,) = seen(world)
    (task,) = crew["tasks"]
    assert (task["number"], task["step"]) == (case.number, "accepted")
    assert [c["place"] for c in seen(world, f"district_desk@{DISTRICT}")] == list(CENTRES)
    world.clock.advance(timedelta(hours=5))
    assert seen(world) == []


def test_a_crew_stands_by_until_its_shift_is_over(world: World) -> None:
    moved(world, "site", site(TWIN))
    (crew,) = seen(world)
    assert crew["stand_by"]["name"]["zh"] == "west派出所"
    entry = Entry.objects.get(act="move_crew")
    assert (entry.subject_kind, entry.place) == ("crew", HERE)
    assert entry.data["to"] == site(TWIN)
    assert StandBy.objects.get().until.isoformat() == "2026-11-23T16:00:00+00:00"


def test_the_same_spot_again_is_no_second_move_and_no_spot_leads_home(world: World) -> None:
    moved(world, "site", site(HERE))
    moved(world, "site", site(HERE))
    assert Entry.objects.filter(act="move_crew").count() == 1
    moved(world, "area", world.areas[HERE].code)
    moved(world, None, "")
    (crew,) = seen(world)
    assert crew["stand_by"] is None
    assert StandBy.objects.filter(ended_at=None).count() == 0


def test_a_crew_goes_no_further_than_the_subdistrict_unless_the_district_says_so(
    world: World,
) -> None:
    assert code_of(lambda: moved(world, "site", site(FAR))) == "stand_by_outside_subdistrict"
    moved(world, "site", site(FAR), by=f"district_desk@{DISTRICT}")
    assert code_of(lambda: moved(world, "site", "nowhere")) == "spot_unknown"


def test_nobody_moves_a_crew_that_is_off_duty_or_not_theirs(world: World) -> None:
    with pytest.raises(NotHere):
        moved(world, None, "", of=FAR)
    with pytest.raises(Forbidden):
        moved(world, None, "", by=f"operator@{HERE}")
    world.clock.advance(timedelta(hours=5))
    assert code_of(lambda: moved(world, "site", site(HERE))) == "crew_off_duty"


# Deputies.
def named(world: World, whom: str, first: date = TODAY, days: int = 2, by: str = COMMANDER) -> UUID:
    last = first + timedelta(days=days - 1)
    wanted = Deputy(world.people[whom].id, by.split("@")[1], first, last)
    done = name_deputy(world.command(by, "name_deputy", uuid4()), wanted, today=TODAY)
    return UUID(done.answer["id"])


LEADER = f"shift_leader@{HERE}"


def leads(world: World, on: date) -> bool:
    posts = principal_of(world.people[LEADER], on).posts
    return any((post.role, post.place) == ("commander", HERE) for post in posts)


def test_a_deputy_leads_on_the_days_named_and_on_no_other(world: World) -> None:
    named(world, LEADER, TODAY + timedelta(days=1), days=2)
    days = [leads(world, TODAY + timedelta(days=n)) for n in range(5)]
    assert days == [False, True, True, False, False]
    entry = Entry.objects.get(act="name_deputy")
    assert (entry.subject_kind, entry.subject_id) == ("account", world.people[LEADER].id)


def test_deputies_are_listed_and_end_at_once(world: World) -> None:
    posting = named(world, LEADER)
    later = named(world, f"operator@{HERE}", TODAY + timedelta(days=3))
    found = deputies(world.who(COMMANDER), TODAY)
    assert [(one["id"], one["in_force"]) for one in found["items"]] == [
        (str(later), False),
        (str(posting), True),
    ]
    for one in (posting, later):
        end_deputy(world.command(COMMANDER, "end_deputy"), one, today=TODAY)
    assert deputies(world.who(COMMANDER), TODAY)["items"] == []
    assert not leads(world, TODAY)


@pytest.mark.parametrize(
    ("whom", "first", "days", "code"),
    [
        (LEADER, TODAY - timedelta(days=1), 1, "deputy_starts_in_the_past"),
        (LEADER, TODAY, 0, "deputy_dates_turned"),
        (LEADER, TODAY, 15, "deputy_too_long"),
        (LEADER, TODAY + timedelta(days=61), 1, "deputy_too_far_ahead"),
        (COMMANDER, TODAY, 1, "deputy_is_oneself"),
        (f"shift_leader@{TWIN}", TODAY, 1, "deputy_not_of_the_place"),
        (f"collector@{HERE}", TODAY, 1, "deputy_not_of_the_place"),
        (f"crew@{HERE}", TODAY, 1, "deputy_not_of_the_place"),
    ],
)
def test_not_everybody_and_not_for_any_time(
    world: World, whom: str, first: date, days: int, code: str
) -> None:
    assert code_of(lambda: named(world, whom, first, days)) == code
    assert Entry.objects.filter(act="name_deputy").count() == 0


def test_a_deputy_is_named_once_and_names_none(world: World) -> None:
    named(world, LEADER)
    assert code_of(lambda: named(world, LEADER)) == "post_held_already"
    assert code_of(lambda: named(world, f"operator@{HERE}", by=LEADER)) == "deputy_names_no_deputy"
    assert deputies(world.who(LEADER), TODAY)["may_name"] is False


def test_the_commanders_own_post_and_those_of_others_are_not_ended_this_way(world: World) -> None:
    own = Posting.objects.get(user=world.people[COMMANDER])
    posting = named(world, LEADER)
    for who, which in ((COMMANDER, own.id), (f"commander@{TWIN}", posting), (COMMANDER, uuid4())):
        with pytest.raises(NotHere):
            end_deputy(world.command(who, "end_deputy"), which, today=TODAY)
