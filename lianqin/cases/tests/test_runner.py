"""Keys, waiting and a second try: what the runner promises, on connections that commit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import OperationalError, connection, connections
from django.db.models import F

from lianqin.accounts.models import Idempotency
from lianqin.accounts.runner import Acting, Command, Outcome, perform, request_hash
from lianqin.cases import actions
from lianqin.cases.models import Case, Report
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.files.actions import ORPHAN_AFTER, sweep
from lianqin.files.models import StoredFile
from lianqin.journal.models import Entry

Address = Callable[[str], str]
DESK = f"operator@{CENTRES[0]}"


def side_by_side(*runs: Callable[[], Any]) -> list[Any]:
    """Run all at once, each on a connection of its own; results or errors, in order."""
    results: list[Any] = [None] * len(runs)

    def one(number: int) -> None:
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


def test_who_waits_too_long_for_their_own_key_is_told_to_come_again(committed: Address) -> None:
    """The second of two requests with one key gives up before the first is done: nothing of it is
    kept, and when it comes again it gets the first one's answer."""
    world = build()
    command = world.command(DESK, "report", "x")
    inside, go_on = threading.Event(), threading.Event()
    new = actions.NewReport(source="patrol", description="一处")

    def slow() -> Any:
        def work(acting: Acting) -> Outcome:
            inside.set()
            go_on.wait(10)
            return Outcome(None, {"case_id": "first"})

        return perform(command, work)

    def hasty() -> Any:
        inside.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        try:
            return actions.report(command, new)
        finally:
            go_on.set()

    first, second = side_by_side(slow, hasty)
    assert isinstance(second, OperationalError)
    assert second.__cause__.sqlstate == "55P03"  # type: ignore[union-attr]
    again = actions.report(command, new)
    assert again.replayed
    assert again.answer == first.answer
    assert Case.objects.count() == 0


def test_an_act_that_is_tried_a_second_time_writes_once(committed: Address) -> None:
    """A deadlock after the other case was read: the second try must not use the first one's row."""
    world = build()
    one, two = world.report(), world.report()
    seen: list[int] = []
    command = world.command(DESK, "join")
    real = Case.save

    def save(self: Case, *args: Any, **more: Any) -> None:
        if not seen and more.get("update_fields") == ["report_count"]:
            seen.append(1)
            # What a deadlock looks like; meanwhile somebody else's report joins the other case.
            connections["default"].connection.rollback()
            with_another = threading.Thread(target=another)
            with_another.start()
            with_another.join()
            error = OperationalError("deadlock detected")
            error.__cause__ = type("E", (Exception,), {"sqlstate": "40P01"})()
            raise error
        real(self, *args, **more)

    def another() -> None:
        Case.objects.filter(id=two.id).update(report_count=F("report_count") + 5)
        connections["default"].close()

    Case.save = save  # type: ignore[method-assign]
    try:
        actions.act(command, one.id, one.version, actions.Said(case_id=two.id))
    finally:
        Case.save = real  # type: ignore[method-assign]
    two.refresh_from_db()
    assert seen == [1]
    assert two.report_count == 7
    assert Entry.objects.filter(act="join").count() == 1


def test_joins_in_a_ring_end_without_a_fault(committed: Address) -> None:
    world = build()
    ring = [world.report() for _ in range(4)]

    def join(number: int) -> Any:
        case, into = ring[number], ring[(number + 1) % 4]
        command = world.command(DESK, "join")
        return actions.act(command, case.id, 1, actions.Said(case_id=into.id))

    results = side_by_side(*(lambda n=n: join(n) for n in range(4)))
    faults = [r for r in results if isinstance(r, OperationalError)]
    joined = Case.objects.filter(state="joined").count()
    assert joined == sum(not isinstance(r, Exception) for r in results)
    assert Entry.objects.filter(act="join").count() == joined
    assert joined + len(faults) >= 1
    total = sum(Case.objects.exclude(state="joined").values_list("report_count", flat=True))
    assert total >= 4 - joined
    assert Report.objects.count() == 4


def test_the_sweeper_leaves_a_picture_that_is_being_used(committed: Address, home: Any) -> None:
    """An old upload is claimed at the very moment of the sweep: neither is harmed."""
    world = build()
    photo = world.photo(DESK)
    late = world.clock.now() + ORPHAN_AFTER + timedelta(hours=1)
    StoredFile.objects.update(uploaded_at=late - ORPHAN_AFTER - timedelta(hours=1))
    claimed, swept = threading.Event(), threading.Event()

    def claim() -> Any:
        def work(acting: Acting) -> Outcome:
            from lianqin.files.actions import attach

            attach(acting.principal, [photo])
            claimed.set()
            swept.wait(3)
            return Outcome(None, {})

        return perform(Command(world.who(DESK), "report", uuid4(), request_hash("x")), work)

    def sweeping() -> int:
        claimed.wait(10)
        try:
            return sweep(late)
        finally:
            swept.set()

    results = side_by_side(claim, sweeping)
    assert not isinstance(results[0], Exception), results
    assert results[1] == 0, results
    assert StoredFile.objects.get(id=photo).attached


def test_keys_of_two_people_do_not_meet(committed: Address) -> None:
    world: World = build()
    key = uuid4()
    for name in (DESK, f"operator@{CENTRES[1]}"):
        new = actions.NewReport(source="patrol", description="一处")
        assert not actions.report(world.command(name, "report", name, key=key), new).replayed
    assert Idempotency.objects.filter(key=key).count() == 2
