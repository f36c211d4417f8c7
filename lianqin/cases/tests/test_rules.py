"""The lifecycle's rules, without a database."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqin.cases.numbers import parse_number
from lianqin.cases.placing import place_of
from lianqin.cases.rules import (
    BY_ACT,
    IN_HAND,
    LIFECYCLE,
    OPEN,
    Actor,
    Facts,
    Given,
    Refused,
    State,
    acts_in,
    decide,
    responsible,
)

DISTRICT = "320303"
OFFICE = f"{DISTRICT}/320303001"
CENTRE = f"{OFFICE}/qingnian"

states = st.sampled_from(list(State))
acts = st.sampled_from([line.act for line in LIFECYCLE])
places = st.sampled_from(
    [DISTRICT, OFFICE, CENTRE, f"{OFFICE}/pengcheng", f"{DISTRICT}/320303002/x"]
)
ids = st.sampled_from([UUID(int=n) for n in range(4)])
everything = frozenset({"class", "reason", "case", "assignee", "photo"})


def facts(state: State = State.REPORTED, **more: object) -> Facts:
    return Facts(uuid4(), state, CENTRE, has_class=True, **more)  # type: ignore[arg-type]


def actor(place: str = CENTRE, **more: object) -> Actor:
    return Actor(uuid4(), place, **more)  # type: ignore[arg-type]


@given(acts, states, places, places, ids, st.frozensets(ids), st.frozensets(ids))
def test_an_act_leads_only_where_the_table_says(
    act: str,
    state: State,
    place: str,
    crew_place: str,
    who: UUID,
    finders: frozenset[UUID],
    handlers: frozenset[UUID],
) -> None:
    case = Facts(uuid4(), state, place, True, finders=finders, handlers=handlers)
    given_ = Given(everything, assignee_place=crew_place, into=uuid4(), into_state=State.REPORTED)
    try:
        target = decide(act, case, Actor(who, DISTRICT), given_)
    except Refused:
        return
    line = BY_ACT[act]
    assert state in line.sources
    assert target == line.target
    if act.startswith("check_"):
        assert who not in finders | handlers


@given(acts, states)
def test_what_an_act_needs_must_come_with_it(act: str, state: State) -> None:
    line = BY_ACT[act]
    for need in line.needs:
        case = Facts(uuid4(), sorted(line.sources)[0], CENTRE, has_class=False)
        given_ = Given(everything - {need}, assignee_place=CENTRE, into_state=State.FILED)
        with pytest.raises(Refused) as caught:
            decide(act, case, actor(), given_)
        field = {"photo": "photos", "case": "case_id"}.get(need, need)
        assert (caught.value.code, caught.value.field) == (f"{need}_needed", field)


def test_an_ended_case_knows_no_act_and_every_open_one_does() -> None:
    for state in State:
        assert bool(acts_in(state)) is (state.value in OPEN)


def test_every_state_can_be_reached_and_every_open_one_can_end() -> None:
    reached, ends = {State.REPORTED}, {s for s in State if s.value not in OPEN}
    for _ in State:
        reached |= {line.target for line in LIFECYCLE if line.sources & reached}
        ends |= {s for line in LIFECYCLE if line.target in ends for s in line.sources}
    assert reached == ends == set(State)


@given(states)
def test_exactly_one_body_answers_for_a_case(state: State) -> None:
    body = responsible(state)
    assert (body == "hands") is (state in IN_HAND)
    assert (body == "nobody") is (state.value not in OPEN)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"finders": 1}, "checker_is_finder"),
        ({"handlers": 1}, "checker_is_handler"),
        ({"crew_id": 1}, "checker_is_of_the_crew"),
        ({"unit_id": 1}, "checker_is_of_the_crew"),
    ],
)
def test_the_checker_is_nobody_of_the_case(who: dict[str, int], code: str) -> None:
    me, hands = uuid4(), uuid4()
    more = {
        "finders": frozenset({me}) if "finders" in who else frozenset(),
        "handlers": frozenset({me}) if "handlers" in who else frozenset(),
        "crew_id": hands if "crew_id" in who else None,
        "unit_id": hands if "unit_id" in who else None,
    }
    case = facts(State.TO_CHECK, **more)
    one = Actor(
        me,
        CENTRE,
        crews=frozenset({hands}) if "crew_id" in who else frozenset(),
        units=frozenset({hands}) if "unit_id" in who else frozenset(),
    )
    for act in ("check_pass", "check_fail"):
        with pytest.raises(Refused, match=code):
            decide(act, case, one, Given(everything))


@pytest.mark.parametrize(
    ("sender", "crew", "code"),
    [
        (CENTRE, CENTRE, None),
        (CENTRE, f"{OFFICE}/pengcheng", "crew_outside_your_place"),
        (OFFICE, f"{OFFICE}/pengcheng", None),
        (DISTRICT, f"{OFFICE}/pengcheng", None),
        (DISTRICT, f"{DISTRICT}/320303002/wangjie", "crew_of_another_subdistrict"),
    ],
)
def test_a_crew_goes_where_its_sender_has_a_say(sender: str, crew: str, code: str | None) -> None:
    given_ = Given(everything, assignee_place=crew)
    case = facts(State.FILED)
    if code is None:
        assert decide("dispatch", case, actor(sender), given_) is State.DISPATCHED
    else:
        with pytest.raises(Refused, match=code):
            decide("dispatch", case, actor(sender), given_)


def test_a_commander_moves_crews_within_the_subdistrict() -> None:
    case = facts(State.FILED)
    commander = actor(CENTRE, role="commander")
    near = Given(everything, assignee_place=f"{OFFICE}/pengcheng")
    far = Given(everything, assignee_place=f"{DISTRICT}/320303002/wangjie")
    assert decide("dispatch", case, commander, near) is State.DISPATCHED
    with pytest.raises(Refused, match="crew_outside_your_place"):
        decide("dispatch", case, commander, far)


def test_the_district_desk_sends_any_crew_to_a_case_whose_place_is_unknown() -> None:
    case = Facts(uuid4(), State.FILED, DISTRICT, has_class=True)
    given_ = Given(everything, assignee_place=CENTRE)
    assert decide("dispatch", case, actor(DISTRICT), given_) is State.DISPATCHED


@pytest.mark.parametrize(
    ("reach", "allowed"),
    [(DISTRICT, True), (OFFICE, True), (CENTRE, True), (f"{DISTRICT}/320303002", False),
     (f"{OFFICE}/qing", False)],
)  # fmt: skip
def test_a_unit_takes_only_what_lies_in_its_reach(reach: str, allowed: bool) -> None:
    given_ = Given(everything, assignee_reach=reach)
    if allowed:
        assert decide("dispatch", facts(State.FILED), actor(), given_) is State.DISPATCHED
    else:
        with pytest.raises(Refused, match="unit_has_no_authority_here"):
            decide("dispatch", facts(State.FILED), actor(), given_)


@given(
    st.one_of(st.none(), st.tuples(st.just("a1"), places)),
    st.sampled_from(["", "rounded", "outside_district"]),
    st.one_of(st.none(), st.tuples(st.just("c1"), places)),
)
def test_every_report_has_a_place(
    position: tuple[str, str] | None, refused: str, code: tuple[str, str] | None
) -> None:
    placed = place_of(DISTRICT, by_position=position, refused=refused, by_code=code)
    assert placed.place.startswith(DISTRICT)
    assert placed.known is (position is not None and not refused)
    if not placed.known and code is not None:
        assert (placed.area_code, placed.place) == code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("云龙-20261123-0042", ("2026-11-23", 42)),
        ("20261123-0042", ("2026-11-23", 42)),
        (" 云龙-20261123-10042 ", ("2026-11-23", 10042)),
        ("20261323-0042", None),
        ("0042", None),
        ("", None),
        ("解放路", None),
    ],
)
def test_a_number_is_read_back(text: str, found: tuple[str, int] | None) -> None:
    parsed = parse_number(text)
    assert (parsed and (parsed[0].isoformat(), parsed[1])) == found


@given(st.text(max_size=60))
def test_reading_a_number_never_fails(text: str) -> None:
    parse_number(text)
