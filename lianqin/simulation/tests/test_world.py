"""The district as the model of queues sees it."""

from __future__ import annotations

from dataclasses import replace

from lianqin.simulation import modelled
from lianqin.simulation.decisions import Judge
from lianqin.simulation.intake import Plan
from lianqin.simulation.mapping import Allotted, allot, words_of
from lianqin.simulation.profiles import BALTIMORE
from lianqin.simulation.queueing import Model, World
from lianqin.simulation.staff import Account, Post, Staff, parse_staffing
from lianqin.simulation.told import told
from lianqin.simulation.world import District

from .test_queueing import START
from .test_replay import request

ALLEY, RATS = ("event", "0001"), ("event", "0002")
PLACE = "24510/24510001/centre"
CLASSES = [
    {"kind": "event", "code": "0001", "name": {"zh": "脏巷", "en": "SW-Dirty Alley"}},
    {"kind": "event", "code": "0002", "name": {"zh": "灭鼠", "en": "SW-Rat Rubout Proactive"}},
]


def account(username: str, role: str, place: str, **more: str) -> Account:
    return Account(username, "", username, (Post(role, place, **more),))


PEOPLE = [
    account("desk", "district_desk", "24510"),
    account("op-1", "operator", PLACE),
    account("op-2", "operator", PLACE),
    account("solid-1", "unit_liaison", "24510", unit_id="solid"),
    account("solid-2", "unit_liaison", "24510", unit_id="solid"),
    account("crew-1", "crew_member", PLACE, crew_id="crew"),
    account("checker", "collector", "24510"),
]


def district(staffing: str = "", *, beyond: bool = False, **changes) -> District:
    said = parse_staffing(staffing)
    found = District(
        plan=Plan(
            "d" * 64,
            BALTIMORE,
            {"Northern": Allotted("Northern", "24510001", "Northern", False, PLACE)},
            frozenset({ALLEY, RATS}),
            words_of(CLASSES),
        ),
        staff=Staff(PEOPLE, said),
        staffing=said,
        judge=Judge(1, said.minutes),
        zone="America/New_York",
        root="24510",
        general=ALLEY,
        duty={(ALLEY, ""): ["solid"], (RATS, ""): ["solid"]},
        beyond=beyond,
    )
    return replace(found, **changes)


def test_a_type_is_the_class_that_is_called_so():
    plan = district().plan
    assert plan.class_of("SW-Rat Rubout Proactive") == RATS
    assert plan.class_of("0001") == ALLEY
    assert plan.class_of("ECC-Vehicle Look Up") is None


def test_whoever_holds_the_post_at_the_place_does_the_act():
    here = district()
    assert [p.name for p in here.people("file", PLACE)[1]] == ["op-1", "op-2"]
    assert [p.name for p in here.people("file", "24510")[1]] == ["desk"]
    assert here.people("check_pass", PLACE)[0] == "collector"
    assert here.people("closed_elsewhere", PLACE) == ("", [])


def test_the_unit_whose_duty_it_is_goes_where_there_is_no_crew():
    (solid,) = district().hands(request(1), PLACE)
    assert (solid.kind, solid.id, len(solid.people)) == ("unit", "solid", 2)
    (crew,) = district(crews={PLACE: ["crew"]}).hands(request(1), PLACE)
    assert crew.kind == "crew"


def test_a_person_of_two_posts_is_one_person():
    here = district()
    (one,) = here.hands(request(1), PLACE)
    (other,) = here.hands(request(2, service="SW-Rat Rubout Proactive"), PLACE)
    assert one.people == other.people


def test_only_a_model_can_have_more_people_than_there_are_accounts():
    assert len(district("units=1").hands(request(1), PLACE)[0].people) == 1
    assert len(district("units=5").hands(request(1), PLACE)[0].people) == 2
    assert len(district("units=5", beyond=True).hands(request(1), PLACE)[0].people) == 5


def test_staffing_says_when_units_work():
    (unit,) = district("units_hours=6-14,units_days=1-6").hands(request(1), PLACE)
    hours = unit.people[0].hours
    assert (hours.opens, hours.closes, max(hours.days), hours.zone) == (
        6,
        14,
        5,
        "America/New_York",
    )
    assert district().people("file", PLACE)[1][0].hours.always


def test_a_row_that_names_no_area_goes_to_the_districts_own_desk():
    areas = [
        {
            "code": "24510001",
            "kind": "subdistrict",
            "name": {"zh": "Northern", "en": "Northern"},
            "place": PLACE,
        }
    ]
    found = allot(["", "Northern"], areas)
    assert (found["Northern"].place, found["Northern"].invented) == (PLACE, False)
    assert "" not in found
    assert district().place_of(request(1, area="")) == "24510"


def test_more_people_wait_less_and_it_is_said_so():
    def waited(staffing: str) -> float:
        here = district(staffing, beyond=True)
        world = World(here.place_of, here.path, here.people, here.hands)
        model = Model(world, here.judge, START)
        rows = [told(p) for p in model.plan(request(n, created=START) for n in range(60))]
        posts = modelled.staffing_of(here.staffing, here)["posts"]
        assert posts["unit_liaison"]["worked_hours"] > 0
        assert posts["unit_liaison"]["busiest_share"] <= 1
        return sum(r.stages["hands"].busy.total_seconds() for r in rows)

    assert waited("units=1") > waited("units=3") > waited("units=12")
