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
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build
from lianqin.journal.models import Entry

HERE = CENTRES[0]
STAFF = f"office_staff@{OFFICES[0]}"
DESK = (f"operator@{HERE}", f"shift_leader@{HERE}")
CREW = (f"crew@{HERE}", f"mate@{HERE}")

Act = Callable[[World, Case, str, Command], Done]


def _report_back(world: World, case: Case, name: str, command: Command) -> Done:
    return actions.report_back(command, case.id, case.version, [world.photos[name]])


#: act → (state it starts in, who races, how it is done)
RACES: dict[str, tuple[str, tuple[str, str], Act]] = {
    "file": ("reported", DESK, lambda w, c, n, k: actions.file(k, c.id, c.version)),
    "reject": ("reported", DESK, lambda w, c, n, k: actions.reject(k, c.id, c.version, "重复")),
    "join": ("reported", DESK, lambda w, c, n, k: actions.join(k, c.id, c.version, w.other)),
    "dispatch": (
        "filed",
        DESK,
        lambda w, c, n, k: actions.dispatch(k, c.id, c.version, ("crew", w.crews[HERE].id)),
    ),
    "told_by_radio": (
        "dispatched",
        DESK,
        lambda w, c, n, k: actions.told_by_radio(k, c.id, c.version),
    ),
    "accept": ("dispatched", CREW, lambda w, c, n, k: actions.accept(k, c.id, c.version)),
    "report_back": ("handling", CREW, _report_back),
    "send_back": (
        "handling",
        CREW,
        lambda w, c, n, k: actions.send_back(k, c.id, c.version, "不属本组"),
    ),
    "check_pass": (
        "to_check",
        (f"collector@{HERE}", f"shift_leader@{HERE}"),
        lambda w, c, n, k: actions.check_pass(k, c.id, c.version),
    ),
    "check_fail": (
        "to_check",
        (f"collector@{HERE}", f"operator@{HERE}"),
        lambda w, c, n, k: actions.check_fail(k, c.id, c.version, "摊位仍在"),
    ),
    "close": (
        "to_close",
        (f"shift_leader@{HERE}", f"commander@{HERE}"),
        lambda w, c, n, k: actions.close(k, c.id, c.version),
    ),
}


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
    assert set(RACES) == {line.act for line in LIFECYCLE}


@pytest.mark.parametrize("act", RACES)
def test_exactly_one_wins_and_the_other_is_told(committed: Callable[[str], str], act: str) -> None:
    world = build()
    state, people, run = RACES[act]
    world.other = world.report(by=STAFF).id  # type: ignore[attr-defined]
    case = world.walk(world.report(by=STAFF), state)
    world.photos = {  # type: ignore[attr-defined]
        name: world.photo(name) for name in people if act == "report_back"
    }
    commands = [world.command(name, act) for name in people]
    results = race(
        *(
            lambda n=name, c=command: run(world, case, n, c)
            for name, command in zip(people, commands, strict=True)
        )
    )

    won = [r for r in results if isinstance(r, Done)]
    lost = [r for r in results if isinstance(r, Conflict)]
    assert (len(won), len(lost)) == (1, 1), results
    winner = people[results.index(won[0])]
    theirs = lost[0].params["theirs"]
    assert theirs["act"] == act
    assert theirs["actor_name"] == world.people[winner].display_name
    assert theirs["version"] == case.version + 1
    assert lost[0].params["yours"] == {"act": act, "expected_version": case.version}
    assert Entry.objects.filter(subject_id=case.id, act=act).count() == 1


def test_two_joins_the_other_way_round_end_with_one_joined(
    committed: Callable[[str], str],
) -> None:
    world = build()
    one, two = world.report(by=STAFF), world.report(by=STAFF)
    results = race(
        lambda: actions.join(world.command(DESK[0], "join"), one.id, 1, two.id),
        lambda: actions.join(world.command(DESK[1], "join"), two.id, 1, one.id),
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


def test_the_same_external_number_eight_times_at_once_makes_one_case(
    committed: Callable[[str], str],
) -> None:
    world = build()
    who = world.who(DESK[0])
    new = actions.NewReport(source="hotline", description="x", external_number="12345-1")
    results = race(*(lambda: actions.report(Command(who, "report", uuid4(), "h"), new),) * 8)
    assert len({UUID(r.answer["case_id"]) for r in results}) == 1
    assert sum(not r.answer["already"] for r in results) == 1
