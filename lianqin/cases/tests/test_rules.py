"""The lifecycle's rules over whatever may come, and the small readings beside them; no database.

Each rule by hand stands in `test_rules_by_hand`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqin.cases.lifecycle import ACTS, ENDED, acts_in
from lianqin.cases.numbers import parse_number
from lianqin.cases.placing import place_of
from lianqin.cases.rules import (
    LIFECYCLE,
    OPEN,
    Actor,
    Around,
    Facts,
    Given,
    Refused,
    State,
    TaskFacts,
    decide,
)
from lianqin.catalogue.rules import DEFAULT_WAYS

DISTRICT = "320303"
OFFICE = f"{DISTRICT}/320303001"
CENTRE = f"{OFFICE}/qingnian"
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
FIELDS = frozenset(need for line in LIFECYCLE for need in (*line.needs, *line.takes))

states = st.sampled_from(list(State))
places = st.sampled_from(
    [DISTRICT, OFFICE, CENTRE, f"{OFFICE}/pengcheng", f"{DISTRICT}/320303002/x"]
)
ids = st.sampled_from([UUID(int=n) for n in range(4)])
roles = st.sampled_from(
    ["operator", "shift_leader", "commander", "office_staff", "district_desk", "collector",
     "crew_member", "unit_liaison"]
)  # fmt: skip
tasks = st.builds(
    TaskFacts, ids, st.just(True), st.sampled_from(["dispatched", "accepted"]), st.just(AT),
    crew_id=ids,
)  # fmt: skip
cases = st.builds(
    Facts, ids, states, places, st.sampled_from(list(DEFAULT_WAYS.values())), st.booleans(),
    verified=st.one_of(st.none(), st.booleans()), checker_id=ids, tasks=st.tuples(tasks),
    finders=st.frozensets(ids), handlers=st.frozensets(ids), settled=st.booleans(),
)  # fmt: skip
actors = st.builds(Actor, ids, places, roles, st.frozensets(ids))
came = st.builds(
    Given, st.frozensets(st.sampled_from(sorted(FIELDS))), assignee_id=ids, assignee_place=places,
    into=ids, into_state=states, means=st.sampled_from(["look", "video", "call", ""]),
)  # fmt: skip
moments = st.builds(Around, st.just(AT), st.just(date(2026, 11, 23)), st.integers(0, 23))


@given(st.sampled_from(ACTS), cases, actors, came, moments)
def test_an_act_leads_only_where_the_table_says(
    act: str, case: Facts, actor: Actor, came_: Given, around: Around
) -> None:
    try:
        target = decide(act, case, actor, came_, around)
    except Refused:
        return
    lines = [line for line in LIFECYCLE if line.act == act and case.state in line.sources]
    assert target in {line.target or case.state for line in lines}
    if act.startswith("check_"):
        assert actor.id not in case.finders | case.handlers


@given(cases, actors, came, moments)
def test_nothing_is_done_about_a_case_that_was_joined(
    case: Facts, actor: Actor, came_: Given, around: Around
) -> None:
    joined = Facts(case.id, State.JOINED, case.place, case.way, case.has_class)
    for act in ACTS:
        with pytest.raises(Refused, match="not_in_this_state"):
            decide(act, joined, actor, came_, around)


def test_every_open_state_knows_an_act() -> None:
    for state in State:
        assert acts_in(state) or state in ENDED


def test_every_state_can_be_reached_and_every_open_one_can_end() -> None:
    reached, ends = {State.REPORTED}, {s for s in State if s.value not in OPEN}
    for _ in State:
        reached |= {line.target for line in LIFECYCLE if line.sources & reached and line.target}
        ends |= {s for line in LIFECYCLE if line.target in ends for s in line.sources}
    assert reached == ends == set(State)


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
