"""Sixteen writers and a tailing reader: positions in commit order, none missed, none skipped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import uuid4

from django.db import connections

from lianqin.accounts.runner import Command, request_hash
from lianqin.cases import actions
from lianqin.cases.models import Case
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.journal.models import Entry, Head
from lianqin.journal.queries import entries_after

WRITERS = 16
EACH = 12


def _write(world: World, barrier: threading.Barrier, failures: list[BaseException]) -> None:
    try:
        who = world.who(f"operator@{CENTRES[0]}")
        new = actions.NewReport(source="patrol", class_key=("event", "0406"))
        barrier.wait()
        for number in range(EACH):
            actions.report(Command(who, "report", uuid4(), request_hash(number)), new)
    except BaseException as failure:
        failures.append(failure)
    finally:
        connections["default"].close()


def _tail(seen: list[int], stop: threading.Event) -> None:
    last = 0
    while True:
        over = stop.is_set()
        found = entries_after(last)
        seen += [entry.position for entry in found]
        last = seen[-1] if seen else 0
        if over and not found:
            break
        time.sleep(0.005)
    connections["default"].close()


def test_no_position_is_missed_and_numbers_have_no_gaps(
    committed: Callable[[str], str],
) -> None:
    world = build()
    before = Head.objects.get(log="journal").position
    barrier = threading.Barrier(WRITERS)
    stop, seen, failures = threading.Event(), [], []  # type: ignore[var-annotated]
    reader = threading.Thread(target=_tail, args=(seen, stop))
    writers = [
        threading.Thread(target=_write, args=(world, barrier, failures)) for _ in range(WRITERS)
    ]
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    reader.join()

    assert failures == []
    count = WRITERS * EACH
    assert seen == list(range(before + 1, before + count + 1))
    assert sorted(Case.objects.values_list("serial", flat=True)) == list(range(1, count + 1))
    # Commit order is number order: the serial grows with the position.
    serials = list(Entry.objects.order_by("position").values_list("serial", flat=True))
    assert serials == sorted(serials)
