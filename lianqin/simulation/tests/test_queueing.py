"""One person does one thing at a time, in the replay's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lianqin.simulation.decisions import Judge
from lianqin.simulation.hours import Hours
from lianqin.simulation.queueing import Hands, Model, Person, Planned, World

from .test_replay import request

START = datetime(2018, 4, 12, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TEN = dict.fromkeys(("file", "dispatch", "accept", "report_back", "send_back"), (10.0, 10.0))


def plan(requests, path, *, desk=1, hands=1, hours=None, spans=TEN) -> list[Planned]:
    """What becomes of requests with so many people at the desk and in the one unit."""
    at_desk = [Person(f"op-{n}") for n in range(desk)]
    people = tuple(Person(f"unit-{n}", hours or Hours()) for n in range(hands))
    world = World(
        place_of=lambda request: "d/s/c",
        path=lambda request, key: path,
        people=lambda act, place: ("operator", at_desk),
        hands=lambda request, place: [Hands("unit", "u", people)],
    )
    return list(Model(world, Judge(1, spans), START).plan(requests))


def at_once(number):
    return [request(n, created=START) for n in range(number)]


def test_whoever_comes_later_waits_until_the_person_is_free():
    first, second, third = plan(at_once(3), ["file"])
    assert [p.steps[0].done - START for p in (first, second, third)] == [
        10 * MINUTE,
        20 * MINUTE,
        30 * MINUTE,
    ]
    assert third.steps[0].busy == 20 * MINUTE
    assert third.steps[0].worked == 10 * MINUTE


def test_a_second_person_halves_the_queue():
    plans = plan(at_once(4), ["file"], desk=2)
    assert max(p.steps[0].done for p in plans) == START + 20 * MINUTE


def test_nobody_is_in_two_places():
    """The acts of each person, laid end to end, never overlap."""
    rows = [request(n, created=START + n * MINUTE) for n in range(40)]
    plans = plan(rows, ["file", "dispatch", "accept", "report_back"], desk=1, hands=1)
    for acts in ({"file", "dispatch"}, {"accept", "report_back"}):
        spans = sorted((s.done - s.worked, s.done) for p in plans for s in p.steps if s.act in acts)
        assert all(one[1] <= two[0] for one, two in zip(spans, spans[1:], strict=False))


def test_the_unit_begins_when_it_opens():
    office = Hours("UTC", 8, 16, frozenset(range(5)))
    (only,) = plan(
        [request(1, created=datetime(2018, 4, 13, 17, tzinfo=UTC))],
        ["file", "dispatch", "accept"],
        hours=office,
    )
    accepted = only.steps[-1]
    assert accepted.done == datetime(2018, 4, 16, 8, 10, tzinfo=UTC)
    assert accepted.closed == accepted.done - accepted.ready - 10 * MINUTE
    assert accepted.busy == timedelta()


def test_what_is_found_too_late_is_not_sent_back():
    path = ["dispatch", "send_back", "dispatch", "accept"]
    early, late = plan(at_once(2), path, spans=TEN | {"send_back": (110, 110)}, desk=2)
    assert [s.act for s in early.steps] == path
    assert [s.act for s in late.steps] == ["dispatch", "accept"]


def test_requests_come_out_in_the_order_in_which_they_were_made():
    rows = [request(n, created=START + n * MINUTE) for n in range(25)]
    assert [p.request.row for p in plan(rows, ["file", "dispatch"])] == list(range(25))


def test_a_step_is_found_by_the_version_that_it_makes():
    (only,) = plan(at_once(1), ["file", "dispatch", "accept"])
    assert only.step(1, "file") is only.steps[0]
    assert only.step(3, "accept") is only.steps[2]
    assert only.step(1, "accept") is only.steps[2]
    assert only.step(3, "file") is None


def test_a_case_is_worked_at_the_times_that_were_planned():
    (only,) = plan(at_once(1), ["file", "dispatch", "accept", "report_back"])
    judge = Judge(1, TEN)
    judge.plans["c"] = only
    row = {"id": "c", "version": 3, "state": "dispatched", "changed_at": START.isoformat()}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert judge.next_act(row) == "accept"
    assert judge.occurred_at(row, "accept", now) == only.steps[2].done
    assert judge.assignee(row | {"version": 2}) == "u"
