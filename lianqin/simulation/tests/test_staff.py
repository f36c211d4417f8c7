"""What the simulated staff decide and who is asked: by rule and seed, the same every time."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from lianqin.simulation import staff as s
from lianqin.simulation.decisions import Judge, choose_hands, earliest_twin

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def row(case_id="c", state="reported", version=1, at="2018-04-12T10:00:00+00:00", **more):
    base = {"id": case_id, "state": state, "version": version, "changed_at": at, "reported_at": at}
    return base | {"kind": "event", "code": "0112", "place": "d/s/c"} | more


def account(name: str, role: str, place: str, crew: str | None = None) -> s.Account:
    return s.Account(name, "", name, (s.Post(role, place, crew),))


def test_times_go_forward_and_never_into_the_real_future():
    judge = Judge(1)
    before = datetime.fromisoformat(row()["changed_at"])
    assert judge.occurred_at(row(), "file", NOW) > before
    assert judge.occurred_at(row(), "file", NOW) == judge.occurred_at(row(), "file", NOW)
    late = row(at="2025-12-31T23:59:59+00:00")
    assert judge.occurred_at(late, "file", NOW) == NOW


def test_another_seed_decides_otherwise_sometimes():
    ids = [str(n) for n in range(500)]
    assert [Judge(1).sends_back(i) for i in ids] != [Judge(2).sends_back(i) for i in ids]
    share = sum(Judge(1).sends_back(i) for i in ids) / len(ids)
    assert 0 < share < 0.1


def test_a_case_is_sent_back_once_and_failed_once_at_most():
    for seed in range(3):
        judge = Judge(seed)
        for case_id in map(str, range(300)):
            state, version, acts = "filed", 2, []
            while state != "closed":
                act = judge.next_act(row(case_id, state, version), acts)
                acts.append(act)
                state = {
                    "dispatch": "dispatched",
                    "accept": "handling",
                    "send_back": "filed",
                    "report_back": "to_check",
                    "check_fail": "handling",
                    "check_pass": "to_close",
                    "close": "closed",
                }[act]
                version += 1
            assert acts.count("send_back") <= 1
            assert acts.count("check_fail") <= 1


def test_twins_never_join_each_other():
    a, b = row("a"), row("b")
    assert earliest_twin(a, [b]) is None
    assert earliest_twin(b, [a]) == "a"
    assert earliest_twin(b, [row("a", state="closed")]) is None
    assert earliest_twin(row("z"), [row("m", at="2018-04-12T09:00:00Z"), row("a")]) == "m"


def test_parts_go_to_a_unit_and_street_order_to_a_crew():
    crew = {"kind": "crew", "id": "c1", "open_tasks": 9, "metres": None}
    unit = {"kind": "unit", "id": "u1", "open_tasks": 0, "metres": None}
    both = ["c1", "u1"]
    assert choose_hands(row(), [unit, crew], {}, both) is crew
    assert choose_hands(row(kind="part", code="0137"), [crew, unit], {}, both) is unit
    assert choose_hands(row(), [crew, unit], {}, ["u1"]) is unit
    assert choose_hands(row(), [crew, unit], {}, []) is None


def test_a_department_is_chosen_by_its_name_before_its_queue():
    lamps = {"kind": "unit", "id": "l", "open_tasks": 9, "name": {"zh": "路灯管理所", "en": ""}}
    health = {"kind": "unit", "id": "h", "open_tasks": 0, "name": {"zh": "卫生健康委", "en": ""}}
    lamp = row(kind="part", code="0137", class_name={"zh": "路灯", "en": "street lamp"})
    assert choose_hands(lamp, [health, lamps], {}, ["l", "h"]) is lamps


def test_work_is_shared_out_by_what_was_given_since():
    crews = [{"kind": "crew", "id": i, "open_tasks": 1, "metres": None} for i in ("a", "b")]
    chosen = choose_hands(row(), crews, {"a": 1}, ["a", "b"])
    assert chosen is not None
    assert chosen["id"] == "b"


def test_the_nearest_post_is_asked_first_and_the_limit_holds_per_place():
    people = [
        account("desk", "district_desk", "1"),
        *(account(f"op-{n}", "operator", "1/2/x") for n in range(3)),
        account("op-y", "operator", "1/2/y"),
    ]
    team = s.Staff(people, s.parse_staffing("operators=2,crews=all"))
    assert [a.username for a in team.for_act("file", "1/2/x")] == ["op-0", "op-1", "desk"]
    assert [a.username for a in team.for_act("file", "1/3")] == ["desk"]
    assert [a.username for a in team.readers()] == ["desk"]


def test_hands_are_found_by_crew_and_shared_between_them():
    team = s.Staff([account("a", "crew_member", "1", "k"), account("b", "crew_member", "1", "k")])
    team.hands("k")[0].waiting = 1
    assert team.hands("k")[0].username == "b"
    assert team.hands("other") == []


@pytest.mark.parametrize("text", ["operators=x", "cooks=2", "file=a-b", "file"])
def test_a_staffing_that_is_not_understood_is_named(text):
    with pytest.raises(ValueError, match=text):
        s.parse_staffing(text)


def test_minutes_can_be_set():
    staffing = s.parse_staffing("file=3,accept=5-10")
    assert staffing.minutes == {"file": (3.0, 3.0), "accept": (5.0, 10.0)}
    judge = Judge(1, staffing.minutes)
    assert judge.duration(row(), "file").total_seconds() == 180


def test_without_accounts_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
    with pytest.raises(s.NoAccounts, match="make run"):
        s.load(tmp_path / "demo-accounts.json")
    (tmp_path / "half.json").write_text(json.dumps({"accounts": []}))
    with pytest.raises(s.NoAccounts, match="incomplete"):
        s.load(tmp_path / "half.json")
