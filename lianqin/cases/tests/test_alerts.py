"""Alerts of clocks: each once, at its share, for clocks that run; suspensions that end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from lianqin.accounts.models import User
from lianqin.accounts.refusals import Forbidden
from lianqin.accounts.runner import Command
from lianqin.cases import actions, alerts
from lianqin.cases.actions import alerting
from lianqin.cases.actions.on_case import RECKONED
from lianqin.cases.alerts import Loop, Round, due_alerts, lag
from lianqin.cases.models import Case, StageClock
from lianqin.cases.queries import last_act
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.catalogue.models import CaseClass
from lianqin.journal.models import Entry
from lianqin.journal.seals import JOURNAL, seal, verify
from lianqin.territory.queries import calendar
from lianqin.worktime import FrozenNow

HERE = CENTRES[0]
OPERATOR, LEADER, CREW = f"operator@{HERE}", f"shift_leader@{HERE}", f"crew@{HERE}"
OFFICE = f"office_staff@{OFFICES[0]}"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Address = Callable[[str], str]


@pytest.fixture
def world(db: None) -> World:
    return build()


def loop(world: World) -> Loop:
    """The loop, under its own account and on the test's time."""
    return Loop(world.who(f"clock@{DISTRICT}", RECKONED), world.clock)


def after(world: World, by: timedelta) -> Round:
    """One round of the loop, so much later."""
    world.clock.advance(by)
    return loop(world).round()


def given(case: Case) -> list[tuple[str, int]]:
    """The case's alerts in the journal, in order: stage and share."""
    rows = Entry.objects.filter(subject_id=case.id, act="clock_alert").order_by("position")
    return [(row.data["stage"], row.data["share"]) for row in rows]


def handling(case: Case) -> StageClock:
    """The clock of the lead task."""
    return StageClock.objects.get(case=case, stage="handle", stopped_at=None)


def in_hand(world: World) -> Case:
    """A case that a crew handles within two hours, a minute of which is gone."""
    return world.walk(world.report(), "handling")


def suspend(world: World, case: Case, until: date) -> None:
    world.act(CREW, "ask_suspension", case, reason="等待材料", until=until)
    asked = case.requests.get()
    world.act(LEADER, "endorse", case, request_id=asked.id)
    world.act(OFFICE, "grant", case, request_id=asked.id)


# --- at its share ------------------------------------------------------------------------------


def test_nothing_is_said_before_half_of_the_time_is_gone(world: World) -> None:
    case = in_hand(world)
    started = handling(case).started_at
    world.clock.move_to(started + HOUR - timedelta(microseconds=1))
    assert loop(world).round() == Round()
    world.clock.move_to(started + HOUR)
    assert loop(world).round().alerts == 1
    assert given(case) == [("handle", 50)]


def test_half_four_fifths_and_the_whole_are_each_said_once(world: World) -> None:
    case = in_hand(world)
    counts = [after(world, 10 * MINUTE).alerts for _ in range(14)]
    assert [minute for minute, n in enumerate(counts) if n] == [5, 9, 11]
    assert given(case) == [("handle", 50), ("handle", 80), ("handle", 100)]
    row = handling(case)
    assert (row.alerted, row.next_alert_at) == (100, None)


def test_after_a_day_of_standstill_each_missed_alert_is_written_once_and_in_order(
    world: World,
) -> None:
    cases = [in_hand(world), in_hand(world)]
    done = after(world, timedelta(days=1))
    assert (done.alerts, done.busy, done.failed) == (6, 0, 0)
    assert done.lag > 22 * HOUR
    for case in cases:
        assert given(case) == [("handle", 50), ("handle", 80), ("handle", 100)]
    assert loop(world).round().alerts == 0


def test_a_row_that_was_put_back_by_hand_writes_no_alert_twice(world: World) -> None:
    case = in_hand(world)
    after(world, 61 * MINUTE)
    row = handling(case)
    StageClock.objects.filter(id=row.id).update(alerted=0, next_alert_at=row.started_at + HOUR)
    assert loop(world).round().alerts == 0
    assert given(case) == [("handle", 50)]


def test_an_alert_counts_when_the_clock_got_there_however_late_it_is_written(
    world: World,
) -> None:
    case = in_hand(world)
    started = handling(case).started_at
    after(world, 90 * MINUTE)
    entry = Entry.objects.get(subject_id=case.id, act="clock_alert")
    assert (entry.occurred_at, entry.recorded_at) == (started + HOUR, world.clock.now())
    assert not entry.marked


def test_the_entry_names_clock_stage_task_and_share_and_the_account_of_the_clock(
    world: World,
) -> None:
    case = in_hand(world)
    after(world, 61 * MINUTE)
    entry = Entry.objects.get(subject_id=case.id, act="clock_alert")
    row = handling(case)
    assert {key: entry.data[key] for key in ("clock", "stage", "task", "share")} == {
        "clock": str(row.id),
        "stage": "handle",
        "task": str(row.task_id),
        "share": 50,
    }
    assert (entry.actor_role, entry.subject_kind, entry.place) == ("clock", "case", HERE)


def test_stages_before_and_after_the_handling_are_alerted_too(world: World) -> None:
    case = world.report()
    after(world, 15 * MINUTE)
    assert given(case) == [("intake", 50)]


def test_an_alert_in_working_hours_waits_for_the_morning(world: World) -> None:
    CaseClass.objects.filter(kind="event").update(limit_value=2, limit_unit="work_hour")
    world.clock.move_to(datetime.fromisoformat("2026-11-23T17:28:00+08:00"))
    case = in_hand(world)  # half an hour is left of the Monday
    after(world, 10 * HOUR)
    assert given(case) == []
    world.clock.move_to(datetime.fromisoformat("2026-11-24T08:32:00+08:00"))
    loop(world).round()
    assert given(case) == [("handle", 50)]


def test_the_last_alert_is_given_when_the_row_says_it_is_due(world: World) -> None:
    """Whatever has been entered in the calendar since: the case promises that instant."""
    CaseClass.objects.filter(kind="event").update(limit_value=1, limit_unit="work_day")
    case = in_hand(world)
    due = handling(case).due_at
    row = StageClock.objects.get(case=case, stage="handle")
    row.alerted, row.due_at = 50, due + HOUR
    alerting.clocks.give(row, 80, calendar)
    assert row.next_alert_at == due + HOUR


# --- nobody is disturbed -------------------------------------------------------------------------


def test_who_is_typing_meets_no_conflict_and_the_stream_is_told(world: World) -> None:
    case = in_hand(world)
    before, changed = case.version, case.changed_at
    after(world, 61 * MINUTE)
    case.refresh_from_db()
    entry = Entry.objects.get(subject_id=case.id, act="clock_alert")
    assert (case.version, case.changed_at, case.position) == (before, changed, entry.position)
    photos = (world.photo(CREW),)
    actions.act(world.command(CREW, "report_back"), case.id, before, actions.Said(photos=photos))


def test_the_loser_of_a_race_is_told_of_the_act_and_not_of_an_alert(world: World) -> None:
    case = in_hand(world)
    after(world, 61 * MINUTE)
    assert last_act(case, world.who(OPERATOR).scope)["act"] == "accept"


def test_an_act_without_a_signal_still_counts_when_it_was_done(world: World) -> None:
    """The alert of ten past came first to the server; the work was done at five past."""
    case = in_hand(world)
    started = handling(case).started_at
    after(world, 70 * MINUTE)
    case.refresh_from_db()
    photos = (world.photo(CREW),)
    command = world.command(CREW, "report_back", occurred_at=started + 55 * MINUTE)
    actions.act(command, case.id, case.version, actions.Said(photos=photos))
    row = StageClock.objects.get(case=case, stage="handle")
    assert row.paused_at == started + 55 * MINUTE


# --- clocks that do not run ----------------------------------------------------------------------


def test_a_paused_clock_raises_none_and_goes_on_where_it_was(world: World) -> None:
    case = in_hand(world)
    world.clock.advance(30 * MINUTE)
    world.step(case, "to_check")
    after(world, 20 * MINUTE)
    assert ("handle", 50) not in given(case)
    world.act(world.checker(case), "check_fail", case, reason="未清", means="look")
    after(world, 28 * MINUTE)
    assert ("handle", 50) not in given(case)
    after(world, MINUTE)
    assert given(case)[-1] == ("handle", 50)


def test_a_clock_paused_before_its_alert_was_written_is_silent_until_it_runs_on(
    world: World,
) -> None:
    case = in_hand(world)
    world.clock.advance(70 * MINUTE)  # the loop stands still
    world.step(case, "to_check")
    assert after(world, MINUTE).alerts == 0
    assert StageClock.objects.get(case=case, stage="handle").next_alert_at is None
    world.act(world.checker(case), "check_fail", case, reason="未清", means="look")
    assert after(world, MINUTE).alerts == 1
    assert given(case)[-1] == ("handle", 50)


def test_a_clock_that_a_late_act_stopped_before_the_alert_raises_none(world: World) -> None:
    case = world.report()
    world.clock.advance(20 * MINUTE)  # the alert of a quarter past is due, the loop stands still
    command = world.command(OPERATOR, "file", occurred_at=case.reported_at + 10 * MINUTE)
    actions.act(command, case.id, case.version, actions.Said())
    assert ("intake", 50) not in given(case)
    loop(world).round()
    assert ("intake", 50) not in given(case)


def test_an_exempt_clock_raises_none(world: World) -> None:
    case = in_hand(world)
    StageClock.objects.filter(case=case).update(exempt=True)
    assert after(world, timedelta(days=1)).alerts == 0
    assert lag(world.clock.now()) == timedelta()


def test_an_extended_clock_is_alerted_at_its_new_end_and_nothing_is_said_twice(
    world: World,
) -> None:
    case = in_hand(world)
    after(world, 100 * MINUTE)
    world.act(CREW, "ask_extension", case, reason="缺料")
    asked = case.requests.get()
    world.act(LEADER, "endorse", case, request_id=asked.id)
    world.act(OFFICE, "grant", case, request_id=asked.id)
    due = handling(case).due_at
    assert due is not None
    world.clock.move_to(due - MINUTE)
    assert loop(world).round().alerts == 0
    after(world, MINUTE)
    assert given(case) == [("handle", 50), ("handle", 80), ("handle", 100)]


def test_the_next_unit_is_alerted_by_its_own_clock(world: World) -> None:
    case = in_hand(world)
    after(world, 70 * MINUTE)
    world.act(CREW, "send_back", case, reason="不属本组", duty_line_id=_line(case))
    hands = ("unit", world.units[OFFICES[0]].id)
    world.act(OPERATOR, "dispatch", case, assignee=hands)
    after(world, 70 * MINUTE)
    assert given(case).count(("handle", 50)) == 2
    clocks = Entry.objects.filter(act="clock_alert", data__stage="handle")
    assert len({entry.data["clock"] for entry in clocks}) == 2


def _line(case: Case) -> Any:
    from lianqin.catalogue.models import DutyLine

    return DutyLine.objects.filter(case_class=case.case_class, unit__takes_cases=True)[0].id


# --- suspensions ---------------------------------------------------------------------------------


def test_a_suspension_ends_at_the_start_of_the_day_after_its_last(world: World) -> None:
    case = in_hand(world)
    world.clock.advance(30 * MINUTE)
    suspend(world, case, date(2026, 11, 25))
    world.clock.move_to(datetime.fromisoformat("2026-11-25T23:59:59+08:00"))
    assert loop(world).round().lifted == 0
    world.clock.move_to(datetime.fromisoformat("2026-11-26T00:00:07+08:00"))
    assert loop(world).round().lifted == 1
    case.refresh_from_db()
    assert (case.state, case.suspended_until) == ("handling", None)
    midnight = datetime.fromisoformat("2026-11-26T00:00:00+08:00")
    assert case.changed_at == midnight
    assert handling(case).spans[-1] == [
        midnight.astimezone(world.clock.now().tzinfo).isoformat(),
        None,
    ]
    assert loop(world).round().lifted == 0
    assert Entry.objects.filter(subject_id=case.id, act="resume").count() == 1


def test_a_loop_that_was_down_gives_nobody_more_time(world: World) -> None:
    """The suspension ended on its day; the alerts since then are written in the same round."""
    case = in_hand(world)
    world.clock.advance(30 * MINUTE)
    suspend(world, case, date(2026, 11, 25))
    world.clock.move_to(datetime.fromisoformat("2026-11-29T09:00:00+08:00"))
    done = loop(world).round()
    case.refresh_from_db()
    assert case.changed_at == datetime.fromisoformat("2026-11-26T00:00:00+08:00")
    assert done.lifted == 1
    assert given(case) == [("handle", 50), ("handle", 80), ("handle", 100)]
    entry = Entry.objects.get(subject_id=case.id, act="resume")
    assert (entry.actor_role, entry.marked) == ("clock", False)


def test_a_suspension_that_the_desk_lifted_is_not_lifted_again(world: World) -> None:
    case = in_hand(world)
    suspend(world, case, date(2026, 11, 25))
    world.act(OPERATOR, "resume", case)
    assert after(world, timedelta(days=5)).lifted == 0


# --- a replay ------------------------------------------------------------------------------------


def test_the_clocks_of_a_replay_give_no_alerts(world: World) -> None:
    """At full speed its years come in any order: there is no present to be late in."""
    world.report()
    Case.objects.update(origin="replay")
    assert after(world, timedelta(days=300)).alerts == 0
    assert lag(world.clock.now()) == timedelta()


# --- who may -------------------------------------------------------------------------------------


def test_only_the_clock_writes_alerts(world: World) -> None:
    in_hand(world)
    world.clock.advance(2 * HOUR)
    [alert] = due_alerts(world.clock.now())
    for name in (OPERATOR, LEADER, CREW, f"district_desk@{DISTRICT}", f"system_admin@{DISTRICT}"):
        with pytest.raises(Forbidden):
            alerting.clock_alert(world.command(name, "clock_alert"), alert, calendar)


def test_the_clock_does_nothing_else_on_a_case(world: World) -> None:
    case = in_hand(world)
    with pytest.raises(Forbidden):
        world.act(f"clock@{DISTRICT}", "cancel", case, reason="x")


# --- what it costs -------------------------------------------------------------------------------


def test_an_alert_costs_the_same_however_many_there_are(world: World) -> None:
    def cost(cases: int) -> int:
        for _ in range(cases):
            world.report()
        world.clock.advance(16 * MINUTE)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert loop(world).round().alerts == cases
        StageClock.objects.update(next_alert_at=None)
        return len(seen)

    few, many = cost(2), cost(12)
    assert (many - few) == 10 * 7  # savepoint, key, case, clock, row, entry, release


def test_more_than_a_batch_is_written_in_one_round(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "BATCH", 2)
    for _ in range(5):
        world.report()
    assert after(world, 16 * MINUTE).alerts == 5


def test_a_clock_that_cannot_be_read_keeps_no_other_waiting(world: World) -> None:
    broken, sound = world.report(), world.report()
    StageClock.objects.filter(case=broken).update(spans=[["nonsense", None]])
    done = after(world, 16 * MINUTE)
    assert (done.alerts, done.failed) == (1, 1)
    assert given(sound) == [("intake", 50)]


# --- at once, on connections that commit ---------------------------------------------------------


def _in_threads(*runs: Callable[[], Any]) -> list[Any]:
    results: list[Any] = [None] * len(runs)
    barrier = threading.Barrier(len(runs))

    def one(number: int) -> None:
        barrier.wait()
        try:
            results[number] = runs[number]()
        except Exception as error:
            results[number] = error
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_loops_at_once_write_each_alert_once(committed: Address) -> None:
    world = build()
    cases = [in_hand(world) for _ in range(12)]
    world.clock.advance(timedelta(days=1))
    loops = [loop(world) for _ in range(3)]
    rounds = _in_threads(*(one.round for one in loops))
    loop(world).round()  # what one loop left to the other
    assert all(isinstance(done, Round) for done in rounds), rounds
    for case in cases:
        assert given(case) == [("handle", 50), ("handle", 80), ("handle", 100)]
    seal(JOURNAL, world.clock.now())
    assert verify(JOURNAL).clean


def test_a_case_that_somebody_has_is_left_for_the_next_round(committed: Address) -> None:
    world = build()
    held, free = world.report(), world.report()
    world.clock.advance(16 * MINUTE)
    one = loop(world)
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(id=held.id)
        [done] = _in_threads(one.round)
    assert (done.alerts, done.busy) == (1, 1)
    assert given(free) == [("intake", 50)]
    assert loop(world).round().alerts == 1
    assert given(held) == [("intake", 50)]


def test_acts_and_the_loop_on_the_same_cases_never_lock_each_other_out(
    committed: Address,
) -> None:
    world = build()
    cases = [world.report() for _ in range(10)]
    who = world.who(OPERATOR)
    later = FrozenNow(world.clock.now() + 16 * MINUTE)
    runner = Loop(world.who(f"clock@{DISTRICT}", RECKONED), later)

    def desk() -> int:
        for case in cases:
            command = Command(who, "file", uuid4(), "x", now=later)
            actions.act(command, case.id, case.version, actions.Said())
        return len(cases)

    rounds = _in_threads(desk, lambda: [runner.round() for _ in range(6)])
    assert not [r for r in rounds if isinstance(r, OperationalError)], rounds
    assert rounds[0] == len(cases)
    for case in cases:
        assert given(case) in ([], [("intake", 50)])
    assert User.objects.filter(username="clock").count() == 0
