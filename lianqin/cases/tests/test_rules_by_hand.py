"""Every rule of the lifecycle by hand, without a database; the rows are in `rows_by_hand`."""

# ruff: noqa: E501  (a row is a sentence)

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from lianqin.cases import rules
from lianqin.cases.rules import (
    Actor,
    Around,
    Facts,
    Given,
    Refused,
    RequestFacts,
    State,
    TaskFacts,
    decide,
)
from lianqin.cases.tests.row_by_hand import (
    ALL,
    ASKED,
    CASE,
    CENTRE,
    DAY,
    LEAD,
    LEADS,
    ME,
    OFFICE,
    OTHER,
    OWN,
    POSTS,
    PUBLIC,
    SIDE,
    THEY,
    YOU,
    R,
    Row,
    answer,
    asked,
)
from lianqin.cases.tests.rows_by_hand import MORE, MORE2, REST, ROWS
from lianqin.catalogue.rules import Practice


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.act}: {row.says}" for row in ROWS])
def test_it_is_so(row: Row) -> None:
    assert answer(row) == row.answer


#: With one request somebody may decide and one they may not, the one named counts.
@pytest.mark.parametrize(
    ("who", "act", "request_", "code"),
    [
        ("leader", "endorse", asked("backup"), "endorsing_not_needed"),
        ("leader", "endorse", MORE2, "endorsed_already"),
        ("operator", "endorse", MORE, "not_your_level"),
        ("office", "grant", MORE, "endorse_first"),
        ("office", "grant", asked("extension", endorsed=ME), "endorser_grants_nothing"),
        ("office", "grant", asked("extension", ME), "asker_decides_nothing"),
        ("leader", "grant", MORE2, "not_your_level"),
        ("office", "grant", asked("dispute"), "dispute_is_ruled_on"),
        ("crew", "withdraw_request", MORE, "not_your_request"),
        ("office", "refuse", REST, ""),
        ("crew", "withdraw_request", asked("extension", ME), ""),
    ],
)  # fmt: skip
def test_a_decision_refused_says_by_which_rule(
    who: str, act: str, request_: RequestFacts, code: str
) -> None:
    assert rules.may_decide(act, request_, POSTS[who]) == code


@pytest.mark.parametrize(
    ("act", "who", "fit", "unfit", "code", "state"),
    [
        ("endorse", "leader", "extension", "backup", "endorsing_not_needed", "handling"),
        ("grant", "office", "department", "backup", "not_your_level", "handling"),
        ("grant", "office", "department", "extension", "endorse_first", "handling"),
        ("refuse", "office", "department", "backup", "not_your_level", "handling"),
    ],
)  # fmt: skip
def test_of_two_requests_the_one_named_counts(
    act: str, who: str, fit: str, unfit: str, code: str, state: str
) -> None:
    both = (replace(asked(unfit), id=ASKED), replace(asked(fit), id=OTHER))
    row = Row("", who, act, f"{code}@request_id", state, case={"requests": both},
              given={"request_id": ASKED})  # fmt: skip
    assert answer(row) == row.answer


def test_withdrawing_names_ones_own() -> None:
    both = (replace(asked("backup"), id=ASKED), replace(asked("extension", ME), id=OTHER))
    row = Row("", "crew", "withdraw_request", "", case={"requests": both},
              given={"request_id": ASKED})  # fmt: skip
    assert answer(row) == "not_your_request@request_id"


@pytest.mark.parametrize(
    ("row", "name", "value"),
    [
        (R("", "operator", "file", "", "closed"), "state", "closed"),
        (R("", "operator", "file", "", "closed"), "act", "file"),
        (R("", "crew", "send_back", "", case={"send_backs": 2}), "limit", "2"),
        (R("", "crew", "ask_extension", "", case={"tasks": (replace(LEADS, extensions=2),)}), "limit", "2"),
        (R("", "crew", "ask_suspension", "", given={"until": date(2030, 1, 1)}), "expected", "2027-11-23"),
        (R("", "operator", "verify", "", "verifying", case={"way": PUBLIC}, given={"means": "look"}), "expected", "video / call"),
        (R("", "collector", "verify", "", "verifying", case={"way": PUBLIC}, given={"means": "call"}), "expected", "look"),
        (R("", "crew", "accept", "", "dispatched", case={"tasks": (LEADS,)}), "state", "accepted"),
    ],
)  # fmt: skip
def test_a_refusal_carries_what_would_be_right(row: Row, name: str, value: str) -> None:
    with pytest.raises(Refused) as caught:
        decide(row.act, row.facts(), POSTS[row.who], row.came(), row.around())
    assert caught.value.params[name] == value


def test_practice_is_the_districts_to_change() -> None:
    strict = Around(DAY, date(2026, 11, 23), 10, Practice(send_back_window=30, extension_max=1))
    case = Row("", "crew", "", "", case={"tasks": (replace(LEADS, extensions=1),)}).facts()
    for act, code in (("send_back", "send_back_window_over"), ("ask_extension", "extended_enough")):
        with pytest.raises(Refused, match=code):
            decide(act, case, POSTS["crew"], Given(ALL), strict)


@pytest.mark.parametrize(
    ("state", "body"),
    [
        ("reported", "centre"), ("verifying", "centre"), ("filed", "centre"), ("to_check", "centre"),
        ("to_reply", "centre"), ("to_close", "centre"), ("dispatched", "hands"),
        ("handling", "hands"), ("suspended", "hands"), ("elsewhere", "elsewhere"),
        ("closed", "nobody"), ("rejected", "nobody"), ("joined", "nobody"), ("cancelled", "nobody"),
    ],
)  # fmt: skip
def test_one_body_answers(state: str, body: str) -> None:
    assert rules.responsible(State(state)) == body


@pytest.mark.parametrize(
    ("kind", "lives"),
    [
        ("extension", "dispatched handling"),
        ("backup", "dispatched handling"),
        ("dispute", "dispatched handling"),
        ("department", "filed dispatched handling"),
        ("suspension", "handling"),
        ("force_close", "filed dispatched handling suspended to_check to_close"),
        ("appeal", "closed"),
    ],
)
def test_a_request_lapses_where_it_means_nothing(kind: str, lives: str) -> None:
    for state in State:
        gone = rules.lapsing(state, [asked(kind)])
        assert (gone == []) is (state.value in lives.split()), state


def test_a_request_lapses_with_its_task() -> None:
    mine, other = asked("extension", task_id=LEAD), asked("backup", task_id=SIDE)
    assert rules.lapsing(State.HANDLING, [mine, other], {LEAD}) == [mine]
    assert rules.lapsing(State.HANDLING, [asked("dispute")], {LEAD}) == []


def test_settling_opens_closed_or_for_a_check_when_drawn() -> None:
    assert rules.opens("settle", Given(ALL)) is State.CLOSED
    assert rules.opens("settle", Given(ALL, drawn=True)) is State.TO_CHECK
    assert rules.opens("report", Given()) is State.REPORTED
    for need, code in (("class", "class"), ("photos", "photo"), ("photos_before", "photos_before")):
        with pytest.raises(Refused, match=f"{code}_needed") as caught:
            rules.opens("settle", Given(ALL - {need}))
        assert (caught.value.code, caught.value.field) == (f"{code}_needed", need)


def test_a_draw_can_be_repeated_by_anybody() -> None:
    pool = [YOU, ME, THEY]
    assert rules.draw([], "seed") is None
    # `printf s0 | sha256sum`, as a number modulo three: the place in the order of ids.
    drawn = [rules.draw(pool, seed) for seed in ("s0", "s1", "s2", "s3", "s6")]
    assert drawn == [THEY, YOU, THEY, ME, YOU]


@pytest.mark.parametrize(
    ("seed", "percent", "looked_at"),
    [("s301", 8, True), ("s115", 8, False), ("s115", 9, True), ("s0", 95, False), ("s0", 96, True)],
)
def test_of_a_hundred_settled_so_many_are_looked_at(
    seed: str, percent: int, looked_at: bool
) -> None:
    """The last two digits of the seed's SHA-256 (7, 8 and 95) decide."""
    assert rules.drawn_as_sample(seed, percent) is looked_at


def test_what_nothing_is_said_about_is_not_so() -> None:
    bare = Facts(CASE, State.REPORTED, CENTRE, OWN, True)
    assert (bare.verified, bare.lead, bare.send_backs, bare.designated) == (None, None, 0, 0)
    assert not any((bare.has_reply, bare.settled, bare.supervised, bare.recurs, bare.open_children,
                    bare.was_suspended, bare.was_overdue, bare.appealed))  # fmt: skip
    given = Given()
    assert given.authorised
    assert not any((given.into_is_child, given.has_parts, given.standards, given.duty_lines,
                    given.drawn, given.means, given.fields))  # fmt: skip
    task = TaskFacts(LEAD, True, "accepted", DAY)
    assert not any((task.extensions, task.overdue, task.under_way, task.on_scene))
    assert Actor(ME, CENTRE).role == ""
    assert Refused("code").field == ""
    assert str(Refused("code")) == "code"


def test_what_the_rules_look_at_stays_as_it_is() -> None:
    row = Row("", "crew", "", "")
    for fixed in (row.facts(), row.came(), row.around(), POSTS["crew"], LEADS, MORE):
        with pytest.raises(FrozenInstanceError):
            fixed.id = OTHER  # type: ignore[union-attr,misc]


def test_the_table_of_posts() -> None:
    guarded = {line.when for line in rules.LIFECYCLE if line.when and line.sources}
    assert set(rules.GUARDS) == guarded
    assert set(rules.HIDDEN) == {"collector"}
    assert set(rules.HANDLERS) == {"crew_member", "unit_liaison"}
    assert set(rules.DESK) == {"operator", "shift_leader", "commander", "district_desk"}
    assert rules.LEVELS == {"commander": 1, "office_staff": 2, "district_desk": 3}
    assert rules.ASKS == {
        "ask_extension": "extension", "ask_suspension": "suspension",
        "ask_department": "department", "ask_backup": "backup",
        "ask_force_close": "force_close", "appeal_overdue": "appeal", "dispute": "dispute",
    }  # fmt: skip
    assert rules.sends_from("commander", CENTRE) == OFFICE
    assert rules.sends_from("operator", CENTRE) == CENTRE
