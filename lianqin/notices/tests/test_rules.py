"""Who is told, when, and what makes it quiet: the rules alone, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqin.notices import rules
from lianqin.notices.words import text_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLACES = ["d", "d/s1", "d/s1/east", "d/s1/west", "d/s2/east"]
ROLES = [role for roles in rules.ROLES_OF.values() for role in roles] + ["crew_member"]
IDS = [UUID(int=n) for n in range(12)]
CREWS = [UUID(int=100 + n) for n in range(3)]
KINDS = list(rules.RULES)

holders = st.lists(
    st.builds(
        rules.Holder,
        st.sampled_from(IDS),
        st.sampled_from(ROLES),
        st.sampled_from(PLACES),
        st.sampled_from([None, *CREWS]),
    ),
    max_size=20,
)
awake = st.frozensets(st.sampled_from(IDS))
place = st.sampled_from(PLACES)


def inside(place: str, outer: str) -> bool:
    return place == outer or place.startswith(outer + "/")


@given(st.sampled_from(KINDS), place, holders, awake, st.sampled_from(["handle", "dispatch"]))
def test_climbing_ends_and_tells_only_who_is_awake_and_answers_for_the_place(
    kind: str, place: str, holders: list[rules.Holder], awake: frozenset[UUID], stage: str
) -> None:
    rung, told = 0, []
    rungs = len(rules.RULES[kind].rungs)
    for _ in range(rungs + 1):
        at, found = rules.people(kind, rung, place, CREWS[:1], IDS[0], holders, awake, stage)
        assert at >= rung
        for user in found:
            assert user in awake
            posts = [h for h in holders if h.user_id == user]
            assert user == IDS[0] or any(
                inside(place, h.place) or h.crew_id == CREWS[0] for h in posts
            )
        told.append(at)
        rung = at + 1
        if at >= rungs:
            break
    assert told == sorted(set(told))
    assert rung > len(rules.RULES[kind].rungs) - (rules.RULES[kind].level == "info")


@given(st.sampled_from(KINDS), place, holders, awake)
def test_a_rung_is_passed_over_only_when_nobody_of_it_is_there(
    kind: str, place: str, holders: list[rules.Holder], awake: frozenset[UUID]
) -> None:
    at, found = rules.people(kind, 0, place, CREWS[:1], None, holders, awake)
    for rung in range(at):
        for audience in rules.audiences(kind, rung):
            assert rules.addressed(audience, place, CREWS[:1], None, holders, awake) == []
    if at < len(rules.RULES[kind].rungs) and rules.RULES[kind].level == "alert":
        assert found


@given(
    st.sampled_from(["info", "alert"]),
    st.lists(st.integers(0, 7200), min_size=4, max_size=4).map(sorted),
    st.frozensets(st.sampled_from(["push", "sms", "call", "wecom", "dingtalk"])),
)
def test_ways_come_in_their_order_each_once(
    level: str, waits: list[int], ways: frozenset[str]
) -> None:
    planned = rules.steps(level, NOW, rules.Delays(*waits), ways)
    assert planned[0] == rules.Planned("page", NOW)
    assert len({p.way for p in planned}) == len(planned)
    assert {p.way for p in planned} - {"page"} <= ways
    at = {p.way: p.at for p in planned}
    if level == "info":
        assert not at.keys() & {"sms", "call"}
    last = NOW
    for way in ("push", "sms", "call"):
        if way in at:
            assert last <= at[way] <= NOW + timedelta(seconds=waits[3])
            last = at[way]


def test_the_centres_own_come_before_the_districts() -> None:
    own, far = IDS[1], IDS[2]
    there = [rules.Holder(own, "commander", "d/s1/east"), rules.Holder(far, "commander", "d")]
    whom = rules.addressed
    assert whom("commander", "d/s1/east", [], None, there, frozenset(IDS)) == [own]
    assert whom("commander", "d/s1/east", [], None, there, frozenset({far})) == [far]
    assert whom("commander", "d/s1/west", [], None, there, frozenset(IDS)) == [far]


@pytest.mark.parametrize(
    ("act", "data", "kind"),
    [
        ("dispatch", {"assignee_kind": "crew", "assignee": "x"}, "task"),
        ("dispatch", {"assignee_kind": "unit", "assignee": "x"}, "unit_task"),
        ("designate", {"task": "t"}, None),
        ("clock_alert", {"share": 50}, "half"),
        ("clock_alert", {"share": 100}, "overdue"),
        ("ask_backup", {"kind": "backup"}, "backup"),
        ("ask_extension", {"kind": "extension"}, "request"),
        ("grant", {"assignee_kind": "crew", "assignee": "x"}, "task"),
        ("grant", {"kind": "extension"}, "answered"),
        ("check_fail", {"to": "handling"}, "returned"),
        ("check_fail", {"to": "filed"}, None),
        ("report", {}, None),
        ("acknowledge_notice", {"how": "here"}, None),
    ],
)
def test_what_an_entry_calls_for(act: str, data: dict[str, str], kind: str | None) -> None:
    assert rules.kind_of(act, data) == kind


@pytest.mark.parametrize(
    ("kind", "params", "act", "data", "quiet"),
    [
        ("task", {"task": "a"}, "accept", {"task": "a"}, True),
        ("task", {"task": "a"}, "accept", {"task": "b"}, False),
        ("task", {"task": "a"}, "told_by_radio", {"task": "a"}, True),
        ("task", {"task": "a"}, "urge", {}, False),
        ("backup", {"request": "r"}, "grant", {"request": "r"}, True),
        ("backup", {"request": "r"}, "grant", {"request": "s"}, False),
        ("overdue", {"clock": "c"}, "clock_alert", {"clock": "c", "share": 100}, False),
        ("half", {"clock": "c"}, "clock_alert", {"clock": "c", "share": 80}, True),
        ("half", {"clock": "c"}, "clock_alert", {"clock": "d", "share": 80}, False),
        ("overdue", {"clock": "c"}, "dispatch", {"from": "filed", "to": "dispatched"}, True),
        ("sent_back", {}, "dispatch", {"from": "filed", "to": "dispatched"}, True),
        ("supervised", {}, "lift_supervision", {}, True),
        ("supervised", {}, "close", {"from": "to_close", "to": "closed"}, True),
        ("supervised", {}, "urge", {"from": "closed", "to": "closed"}, False),
    ],
)
def test_what_makes_it_quiet(
    kind: str, params: dict[str, str], act: str, data: dict[str, str], quiet: bool
) -> None:
    assert rules.quiets(kind, params, act, data) is quiet


def test_every_kind_has_words_in_both_languages() -> None:
    for kind in KINDS:
        zh, en = text_of(
            kind,
            "云龙-20261123-0001",
            {"stage": "handle", "kind": "extension", "until": "2027-01-01"},
        )
        assert zh != kind
        assert en != kind
        assert zh.isascii() is False
        assert en.replace("云龙", "").isascii()
