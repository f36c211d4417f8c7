"""The lifecycle's rules, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqin.cases.lifecycle import ACT_WORDS, ACTS, ENDED, STATE_WORDS, Transition, acts_in
from lianqin.cases.rules import (
    ASKS,
    GRANTERS,
    GUARDS,
    IN_HAND,
    LASTS,
    LIFECYCLE,
    OPEN,
    TWO_LEVELS,
    Actor,
    Given,
    Refused,
    RequestFacts,
    State,
    decide,
    draw,
    drawn_as_sample,
    lapsing,
    may_decide,
    opens,
    refuse_before,
    responsible,
)
from lianqin.cases.tests.plain import (
    AT,
    CENTRE,
    CITYS,
    CREW,
    DAY,
    DISTRICT,
    ELSEWHERE,
    EVERYTHING,
    ME,
    NEIGHBOUR,
    NIGHT,
    OFFICE,
    OURS,
    SIDE,
    TODAY,
    actor,
    facts,
    fitting,
    practice,
    request,
    task,
)

CHANGES = [line for line in LIFECYCLE if line.sources]
lines = pytest.mark.parametrize("line", CHANGES, ids=lambda x: f"{x.act}-{x.when or x.target}")

states = st.sampled_from(list(State))
acts = st.sampled_from(ACTS)
places = st.sampled_from([DISTRICT, OFFICE, CENTRE, NEIGHBOUR, ELSEWHERE])
ids = st.sampled_from([CREW, SIDE, ME, UUID(int=4)])
roles = st.sampled_from(
    ["operator", "commander", "office_staff", "district_desk", "crew_member", "collector"]
)


def refusal(act: str, case, who, brought, around=DAY) -> str:  # type: ignore[no-untyped-def]
    """The rule that refuses, or '' where none does."""
    try:
        decide(act, case, who, brought, around)
    except Refused as refused:
        return refused.code
    return ""


@lines
def test_every_line_of_the_table_holds_where_it_fits(line: Transition) -> None:
    case, who, brought = fitting(line)
    for state in line.sources:
        here = replace(case, state=state)
        assert decide(line.act, here, who, brought, DAY) == (line.target or state)


@lines
def test_what_an_act_needs_must_come_with_it(line: Transition) -> None:
    names = {"photos": "photo", "case_id": "case", "standard_id": "standard", "task_id": "task",
             "request_id": "request", "duty_line_id": "duty_line"}  # fmt: skip
    case, who, brought = fitting(line)
    for need in line.needs:
        without = replace(brought, fields=EVERYTHING - {need})
        if need == "request_id":
            without = replace(without, request_id=None)
        with pytest.raises(Refused) as caught:
            decide(line.act, case, who, without, DAY)
        assert (caught.value.code, caught.value.field) == (f"{names.get(need, need)}_needed", need)


@lines
def test_an_act_starts_in_no_other_state(line: Transition) -> None:
    case, who, brought = fitting(line)
    sources = {state for other in CHANGES if other.act == line.act for state in other.sources}
    for state in set(State) - sources:
        code = refusal(line.act, replace(case, state=state), who, brought)
        assert code == "not_in_this_state", state


@lines
def test_what_screens_offer_is_what_may_be_done_with_the_right_input(line: Transition) -> None:
    """The rules that screens ask never look at what will be typed in."""
    case, who, brought = fitting(line)
    refuse_before(line.act, case, who, Given(task_id=brought.task_id,
                                             request_id=brought.request_id), DAY)  # fmt: skip


@given(acts, states, places, places, ids, roles, st.frozensets(ids), st.frozensets(ids))
def test_an_act_leads_only_where_the_table_says(
    act: str,
    state: State,
    place: str,
    crew_place: str,
    who: UUID,
    role: str,
    finders: frozenset[UUID],
    handlers: frozenset[UUID],
) -> None:
    case = facts(
        state, place=place, finders=finders, handlers=handlers, checker_id=who, tasks=(task(),)
    )
    brought = Given(
        EVERYTHING, assignee_place=crew_place, into=uuid4(), into_state=State.REPORTED,
        until=TODAY, means="video",
    )  # fmt: skip
    somebody = actor(role, DISTRICT, id=who)
    try:
        target = decide(act, case, somebody, brought, DAY)
    except Refused:
        return
    fits = [
        line
        for line in CHANGES
        if line.act == act
        and state in line.sources
        and (not line.when or GUARDS[line.when](case, somebody, brought))
    ]
    assert target == (fits[0].target or state)
    if act.startswith("check_"):
        assert who not in finders | handlers


def test_what_has_ended_stays_ended_but_for_what_undoes_or_answers_it() -> None:
    after = {"reopen", "appeal_overdue", "endorse", "grant", "refuse", "withdraw_request"}
    for state in State:
        known = {line.act for line in acts_in(state)}
        assert bool(known - after) is (state.value in OPEN), state
    assert acts_in(State.JOINED) == []
    assert {line.act for line in acts_in(State.REJECTED)} == {"reopen"}
    assert {line.act for line in acts_in(State.CANCELLED)} == {"reopen"}


def test_every_state_can_be_reached_and_every_open_one_can_end() -> None:
    reached = {line.target for line in LIFECYCLE if not line.sources}
    ends = set(ENDED)
    for _ in State:
        reached |= {line.target for line in LIFECYCLE if line.target and line.sources & reached}
        ends |= {s for line in LIFECYCLE if line.target in ends for s in line.sources}
    assert reached == ends == set(State)


def test_every_state_act_and_condition_has_a_name_or_a_meaning() -> None:
    assert set(STATE_WORDS) == set(State)
    assert set(ACT_WORDS) == set(ACTS)
    assert {line.when for line in CHANGES} - {""} == set(GUARDS)
    assert set(ASKS) <= set(ACTS)
    assert set(LASTS) == set(ASKS.values()) == set(GRANTERS) | {"dispute"}


@given(states)
def test_exactly_one_body_answers_for_a_case(state: State) -> None:
    body = responsible(state)
    assert (body == "hands") is (state in IN_HAND)
    assert (body == "nobody") is (state.value not in OPEN)
    assert (body == "elsewhere") is (state is State.ELSEWHERE)


@pytest.mark.parametrize("drawn", [False, True])
def test_what_is_settled_on_the_spot_opens_closed_or_to_be_checked(drawn: bool) -> None:
    brought = Given(frozenset({"class", "photos", "photos_before"}), drawn=drawn)
    assert opens("settle", brought) is (State.TO_CHECK if drawn else State.CLOSED)
    for need, code in (("class", "class"), ("photos", "photo"), ("photos_before", "photos_before")):
        with pytest.raises(Refused, match=f"{code}_needed"):
            opens("settle", replace(brought, fields=brought.fields - {need}))


# Who checks.


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"finders": frozenset({ME})}, "checker_is_finder"),
        ({"handlers": frozenset({ME})}, "checker_is_handler"),
        ({"mates": frozenset({ME})}, "checker_is_of_the_crew"),
        ({"crew_id": CREW}, "checker_is_of_the_crew"),
        ({"unit_id": SIDE}, "checker_is_of_the_crew"),
        ({"tasks": (task("reported_back"),)}, "checker_is_of_the_crew"),
        ({}, ""),
    ],
)
@pytest.mark.parametrize("act", ["check_pass", "check_fail"])
def test_the_checker_is_nobody_of_the_case(who: dict[str, object], code: str, act: str) -> None:
    """Though they had been drawn."""
    case = facts(State.TO_CHECK, **{"checker_id": ME} | who)
    mine = actor("collector", crews=frozenset({CREW}), units=frozenset({SIDE}))
    assert refusal(act, case, mine, Given(EVERYTHING)) == code


@pytest.mark.parametrize(
    ("role", "drawn", "around", "means", "code"),
    [
        ("collector", ME, DAY, "look", ""),
        ("collector", ME, NIGHT, "look", ""),
        ("collector", SIDE, DAY, "look", "checker_is_drawn"),
        ("collector", SIDE, NIGHT, "video", "checker_is_drawn"),
        ("collector", None, DAY, "look", "checker_is_drawn"),
        ("operator", SIDE, DAY, "video", "checker_is_drawn"),
        ("operator", SIDE, NIGHT, "video", ""),
        ("operator", SIDE, NIGHT, "look", "night_check_by_video"),
        ("operator", None, DAY, "video", "checker_is_drawn"),
        ("commander", SIDE, DAY, "video", "checker_is_drawn"),
        ("commander", None, DAY, "look", ""),
        ("district_desk", None, DAY, "look", ""),
        ("commander", None, NIGHT, "look", "night_check_by_video"),
    ],
)
def test_the_check_is_whose_it_was_drawn(
    role: str, drawn: UUID | None, around: object, means: str, code: str
) -> None:
    case = facts(State.TO_CHECK, checker_id=drawn)
    brought = Given(EVERYTHING, means=means)
    assert refusal("check_pass", case, actor(role), brought, around) == code


@pytest.mark.parametrize(
    ("hour", "night"), [(0, True), (6, True), (7, False), (18, False), (19, True), (23, True)]
)
def test_collectors_are_on_the_street_from_seven_to_nineteen(hour: int, night: bool) -> None:
    assert replace(DAY, hour=hour).night is night


@given(st.sets(st.uuids(), max_size=30), st.text(min_size=1, max_size=16))
def test_a_draw_can_be_repeated_by_anybody(pool: set[UUID], seed: str) -> None:
    one = draw(sorted(pool), seed)
    assert one == draw(sorted(pool, reverse=True), seed)
    assert (one is None) is (not pool)
    assert one is None or one in pool


def test_everybody_in_the_pool_is_drawn_about_as_often() -> None:
    pool = [UUID(int=n) for n in range(5)]
    found = [draw(pool, f"{n:016x}") for n in range(2000)]
    assert all(320 <= found.count(one) <= 480 for one in pool)


@pytest.mark.parametrize("percent", [5, 8, 10])
def test_the_sample_is_the_share_that_the_district_set(percent: int) -> None:
    share = sum(drawn_as_sample(f"{n:016x}", percent) for n in range(5000)) / 50
    assert abs(share - percent) < 1.2


# Who is sent.


@pytest.mark.parametrize(
    ("sender", "crew", "code"),
    [
        (CENTRE, CENTRE, ""),
        (CENTRE, NEIGHBOUR, "crew_outside_your_place"),
        (OFFICE, NEIGHBOUR, ""),
        (DISTRICT, NEIGHBOUR, ""),
        (DISTRICT, ELSEWHERE, "crew_of_another_subdistrict"),
    ],
)
@pytest.mark.parametrize("act", ["dispatch", "add_task"])
def test_a_crew_goes_where_its_sender_has_a_say(
    sender: str, crew: str, code: str, act: str
) -> None:
    case = facts(State.FILED if act == "dispatch" else State.HANDLING, tasks=(task(),))
    brought = Given(EVERYTHING, assignee_id=uuid4(), assignee_place=crew)
    assert refusal(act, case, actor("operator", sender), brought) == code


def test_a_commander_moves_crews_within_the_subdistrict() -> None:
    case, commander = facts(State.FILED), actor("commander")
    near, far = (Given(EVERYTHING, assignee_place=place) for place in (NEIGHBOUR, ELSEWHERE))
    assert refusal("dispatch", case, commander, near) == ""
    assert refusal("dispatch", case, commander, far) == "crew_outside_your_place"


def test_the_district_desk_sends_any_crew_to_a_case_whose_place_is_unknown() -> None:
    case = facts(State.FILED, place=DISTRICT)
    brought = Given(EVERYTHING, assignee_place=CENTRE)
    assert refusal("dispatch", case, actor("district_desk", DISTRICT), brought) == ""


@pytest.mark.parametrize(
    ("reach", "listed", "code"),
    [
        (DISTRICT, True, ""),
        (OFFICE, True, ""),
        (CENTRE, True, ""),
        (OFFICE, False, "not_on_the_duty_list"),
        (f"{DISTRICT}/320303002", True, "unit_has_no_authority_here"),
        (f"{OFFICE}/qing", True, "unit_has_no_authority_here"),
    ],
)
def test_a_unit_takes_only_what_the_duty_list_gives_it_where_it_answers(
    reach: str, listed: bool, code: str
) -> None:
    brought = Given(EVERYTHING, assignee_reach=reach, authorised=listed)
    assert refusal("dispatch", facts(State.FILED), actor(), brought) == code


def test_nobody_has_two_tasks_on_one_case() -> None:
    case = facts(State.HANDLING, tasks=(task(), task(lead=False)))
    for hands in (CREW, SIDE):
        brought = Given(EVERYTHING, assignee_id=hands, assignee_place=CENTRE)
        assert refusal("add_task", case, actor(), brought) == "has_a_task_already"


# Sending back, and who rules.


@pytest.mark.parametrize(
    ("minutes", "sent_back", "ruled", "code"),
    [
        (0, 0, 0, ""),
        (120, 1, 0, ""),
        (121, 0, 0, "send_back_window_over"),
        (10, 2, 0, "send_back_limit"),
        (10, 0, 1, "designation_stands"),
    ],
)
def test_sending_back_has_a_window_and_a_count(
    minutes: int, sent_back: int, ruled: int, code: str
) -> None:
    sent = task(dispatched_at=AT - timedelta(minutes=minutes))
    case = facts(State.HANDLING, tasks=(sent,), send_backs=sent_back, designated=ruled)
    assert refusal("send_back", case, actor("crew_member"), Given(EVERYTHING)) == code


def test_window_and_count_are_the_districts_own_figures() -> None:
    case = facts(State.HANDLING, tasks=(task(),), send_backs=2)
    who, brought = actor("crew_member"), Given(EVERYTHING)
    assert refusal("send_back", case, who, brought, practice(send_back_limit=3)) == ""
    narrow = practice(send_back_limit=3, send_back_window=15)
    assert refusal("send_back", case, who, brought, narrow) == "send_back_window_over"


@pytest.mark.parametrize("role", ["commander", "office_staff", "district_desk"])
def test_a_ruling_stands_against_its_own_level_and_those_below(role: str) -> None:
    levels = {"commander": 1, "office_staff": 2, "district_desk": 3}
    brought = Given(EVERYTHING, assignee_id=uuid4(), assignee_place=CENTRE)
    for ruled in range(4):
        case = facts(State.HANDLING, tasks=(task(),), designated=ruled)
        code = refusal("designate", case, actor(role, DISTRICT), brought)
        assert code == ("" if levels[role] > ruled else "designation_stands")
        disputes = refusal("dispute", case, actor("crew_member"), Given(EVERYTHING))
        assert disputes == ("designation_is_final" if ruled == 3 else "")


# What is asked for.


@given(st.sampled_from(sorted(LASTS)), roles, st.booleans(), st.booleans())
def test_nobody_decides_on_what_they_asked_for(
    kind: str, role: str, endorsed: bool, endorser: bool
) -> None:
    """And of two levels nobody is both."""
    by = (ME if endorser else uuid4()) if endorsed and kind in TWO_LEVELS else None
    mine = replace(request(kind, ME), endorsed_by=by)
    for act in ("endorse", "grant", "refuse"):
        assert may_decide(act, mine, actor(role)) == "asker_decides_nothing"
    theirs = replace(mine, asked_by=uuid4())
    if by == ME:
        assert may_decide("grant", theirs, actor(role)) in (
            "endorser_grants_nothing",
            "not_your_level",
        )
    if kind in TWO_LEVELS and by is None:
        assert may_decide("grant", theirs, actor(role)) == "endorse_first"
    assert may_decide("withdraw_request", theirs, actor(role)) == "not_your_request"


@pytest.mark.parametrize("state", State)
def test_a_request_lapses_where_it_means_nothing_any_more(state: State) -> None:
    every = [request(kind) for kind in LASTS]
    gone = {r.kind for r in lapsing(state, every)}
    assert gone == {kind for kind, lasts in LASTS.items() if state not in lasts}
    if state in ENDED - {State.CLOSED}:
        assert gone == set(LASTS)


@pytest.mark.parametrize(
    ("days", "code"),
    [(0, "until_out_of_range"), (1, ""), (365, ""), (366, "until_out_of_range")],
)
def test_a_suspension_ends_within_a_year(days: int, code: str) -> None:
    case = facts(State.HANDLING, tasks=(task(),))
    brought = Given(EVERYTHING, until=TODAY + timedelta(days=days))
    assert refusal("ask_suspension", case, actor("crew_member"), brought) == code


@pytest.mark.parametrize(
    ("extensions", "overdue", "code"),
    [(0, False, ""), (1, False, ""), (2, False, "extended_enough"), (0, True, "overdue_already")],
)
def test_an_extension_is_asked_for_in_time_and_twice_at_most(
    extensions: int, overdue: bool, code: str
) -> None:
    case = facts(State.HANDLING, tasks=(task(extensions=extensions, overdue=overdue),))
    assert refusal("ask_extension", case, actor("crew_member"), Given(EVERYTHING)) == code


# Who performs a stage.


@pytest.mark.parametrize(
    ("way", "verified", "act", "code"),
    [
        (OURS, None, "file", ""),
        (OURS, None, "sign", "filed_here"),
        (OURS, None, "ask_verify", "own_find_needs_no_verifying"),
        (replace(OURS, verify=True), None, "file", "verify_first"),
        (replace(OURS, verify=True), False, "file", "not_found_on_the_spot"),
        (replace(OURS, verify=True), True, "file", ""),
        (CITYS, None, "file", "filed_elsewhere"),
        (CITYS, None, "sign", ""),
        (CITYS, None, "ask_verify", ""),
    ],
)
def test_who_files_is_a_matter_of_the_source(
    way: object, verified: bool | None, act: str, code: str
) -> None:
    case = facts(State.REPORTED, way=way, verified=verified)
    assert refusal(act, case, actor("operator"), Given(EVERYTHING)) == code


@pytest.mark.parametrize(
    ("role", "means", "code"),
    [
        ("collector", "look", ""),
        ("collector", "video", "means_do_not_fit"),
        ("operator", "video", ""),
        ("operator", "call", ""),
        ("operator", "look", "means_do_not_fit"),
    ],
)
def test_a_collector_looks_and_a_desk_looks_by_video_or_calls(
    role: str, means: str, code: str
) -> None:
    case = facts(State.VERIFYING, way=replace(OURS, verify=True))
    assert refusal("verify", case, actor(role), Given(EVERYTHING, means=means)) == code


def test_a_district_may_keep_closing_to_itself() -> None:
    case = facts(State.TO_CLOSE, way=replace(OURS, closed_by="district"))
    assert refusal("close", case, actor(), Given()) == "closes_at_district"
    assert refusal("close", case, actor("district_desk", DISTRICT), Given()) == ""


def test_whoever_handled_a_case_does_not_close_it_and_no_case_before_its_parts() -> None:
    case = facts(State.TO_CLOSE)
    assert refusal("close", replace(case, handlers=frozenset({ME})), actor(), Given()) == (
        "closer_is_handler"
    )
    assert refusal("close", replace(case, open_children=True), actor(), Given()) == (
        "parts_still_open"
    )


def test_no_whole_ends_before_its_parts_by_whatever_act() -> None:
    for act, state in (("cancel", State.FILED), ("closed_elsewhere", State.ELSEWHERE)):
        case = facts(state, way=CITYS if state is State.ELSEWHERE else OURS)
        assert refusal(act, case, actor("shift_leader"), Given(frozenset({"reason"}))) == ""
        whole = replace(case, open_children=True)
        said = Given(frozenset({"reason"}))
        assert refusal(act, whole, actor("shift_leader"), said) == "parts_still_open"


def test_what_the_district_closes_nobody_below_closes_by_force() -> None:
    asked = RequestFacts(uuid4(), "force_close", uuid4())
    case = facts(State.TO_CLOSE, way=replace(OURS, closed_by="district"), requests=(asked,))
    said = Given(frozenset({"request_id"}), request_id=asked.id)
    assert refusal("grant", case, actor("commander"), said) == "closes_at_district"
    assert refusal("grant", case, actor("district_desk", DISTRICT), said) == ""


def test_a_hotline_ticket_is_not_answered_without_words_for_the_citizen() -> None:
    hotline = replace(CITYS, source="hotline", reply=True)
    case = facts(State.TO_REPLY, way=hotline)
    assert refusal("reply", case, actor(), Given()) == "reply_needed"
    assert refusal("reply", case, actor(), Given(frozenset({"reply"}))) == ""
    assert refusal("reply", replace(case, has_reply=True), actor(), Given()) == ""
    assert refusal("reply", replace(case, way=CITYS), actor(), Given()) == ""


def test_a_task_is_named_by_whoever_has_it() -> None:
    lead, side = task(), task(lead=False)
    case = facts(State.HANDLING, tasks=(lead, side))
    helper = Actor(ME, CENTRE, "crew_member", frozenset({SIDE}))
    assert refusal("under_way", case, helper, Given(task_id=lead.id)) == "task_of_others"
    assert refusal("under_way", case, helper, Given(task_id=uuid4())) == "task_unknown"
    assert refusal("under_way", case, helper, Given(task_id=side.id)) == ""
    assert refusal("report_back", case, actor("crew_member"), Given(EVERYTHING)) == (
        "side_tasks_open"
    )
