"""Two people act on the same case at once: one wins, the other is told what happened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections

from lianqin.accounts.refusals import Conflict
from lianqin.accounts.runner import Command, Done, request_hash
from lianqin.cases import actions
from lianqin.cases.models import Case
from lianqin.cases.rules import LIFECYCLE
from lianqin.cases.tests.situations import SITUATIONS, name_of, said_by
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build
from lianqin.journal.models import Entry

HERE = CENTRES[0]
STAFF = f"office_staff@{OFFICES[0]}"
DESK = (f"operator@{HERE}", f"shift_leader@{HERE}")
#: Acts that make a case instead of changing one: see the tests at the end.
OPENINGS = {"report", "settle"}


def race(*runs: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment, each on a connection of its own; results or errors, in order."""
    barrier = threading.Barrier(len(runs))
    results: list[Any] = [None] * len(runs)

    def one(number: int) -> None:
        try:
            barrier.wait()
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


def test_every_act_of_the_lifecycle_is_raced() -> None:
    assert SITUATIONS.keys() | OPENINGS == {line.act for line in LIFECYCLE}


@pytest.mark.parametrize("act", SITUATIONS)
def test_exactly_one_wins_and_the_other_is_told(committed: Callable[[str], str], act: str) -> None:
    world = build()
    posts, make = SITUATIONS[act]
    found = make(world, HERE)
    case = found.case
    names = [world.checker(case) if p == "checker" else name_of(p, HERE) for p in posts]
    runs = [_run(world, act, name, case, found.said) for name in names]
    results = race(*runs)

    won = [r for r in results if isinstance(r, Done)]
    lost = [r for r in results if isinstance(r, Conflict)]
    assert (len(won), len(lost)) == (1, 1), results
    winner = names[results.index(won[0])]
    theirs = lost[0].params["theirs"]
    assert theirs["act"] == act
    assert theirs["actor_name"] == world.people[winner].display_name
    assert theirs["version"] == case.version + 1
    assert lost[0].params["yours"] == {"act": act, "expected_version": case.version}
    assert Entry.objects.filter(subject_id=case.id, act=act).count() == 1


def _run(world: World, act: str, name: str, case: Case, said: dict[str, Any]) -> Callable[[], Done]:
    """One act, ready to be let go: what it needs of pictures is there already."""
    mine = said_by(act, name.split("@")[0], said)
    if mine.get("photos") == "own":
        mine = mine | {"photos": (world.photo(name),)}
    command = world.command(name, act)
    return lambda: actions.act(command, case.id, case.version, actions.Said(**mine))


def test_two_joins_the_other_way_round_end_with_one_joined(
    committed: Callable[[str], str],
) -> None:
    world = build()
    one, two = world.report(by=STAFF), world.report(by=STAFF)
    results = race(
        _run(world, "join", DESK[0], one, {"case_id": two.id}),
        _run(world, "join", DESK[1], two, {"case_id": one.id}),
    )
    assert sum(isinstance(r, Done) for r in results) == 1, results
    assert sorted(Case.objects.values_list("state", flat=True)) == ["joined", "reported"]


def test_the_same_request_eight_times_at_once_makes_one_case(
    committed: Callable[[str], str],
) -> None:
    world = build()
    who = world.who(DESK[0])
    key = uuid4()
    new = actions.NewReport(source="patrol", description="一处")
    results = race(
        *(lambda: actions.report(Command(who, "report", key, request_hash("b")), new),) * 8
    )
    assert len({str(sorted(r.answer.items())) for r in results}) == 1
    assert sum(not r.replayed for r in results) == 1
    assert Case.objects.count() == 1


def test_two_parts_of_each_other_end_with_one_parent(committed: Callable[[str], str]) -> None:
    world = build()
    one, two = world.report(by=STAFF), world.report(by=STAFF)
    results = race(
        _run(world, "set_parent", DESK[0], one, {"case_id": two.id}),
        _run(world, "set_parent", DESK[1], two, {"case_id": one.id}),
    )
    assert sum(isinstance(r, Done) for r in results) == 1, results
    assert Case.objects.filter(parent__isnull=False).count() == 1


def test_the_same_find_settled_twice_at_once_makes_one_case(
    committed: Callable[[str], str],
) -> None:
    """A phone that was not answered sends its outbox again, under the same key."""
    world = build()
    crew, key = f"crew@{HERE}", uuid4()
    settled = actions.Settlement((world.photo(crew),), (world.photo(crew),))
    new = actions.NewReport(source="patrol", class_key=("event", "0406"), settled=settled)
    command = Command(world.who(crew), "settle", key, request_hash("b"), now=world.clock)
    results = race(*(lambda: actions.report(command, new),) * 4)
    assert sum(not r.replayed for r in results) == 1, results
    assert (Case.objects.count(), Entry.objects.filter(act="settle").count()) == (1, 1)


def test_the_same_external_number_eight_times_at_once_makes_one_case(
    committed: Callable[[str], str],
) -> None:
    world = build()
    who = world.who(DESK[0])
    new = actions.NewReport(source="hotline", description="x", external_number="12345-1")
    results = race(*(lambda: actions.report(Command(who, "report", uuid4(), "h"), new),) * 8)
    assert len({UUID(r.answer["case_id"]) for r in results}) == 1
    assert sum(not r.answer["already"] for r in results) == 1
