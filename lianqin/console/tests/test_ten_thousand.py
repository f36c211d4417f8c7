"""Every page costs as many queries with ten thousand cases as with ten."""

from __future__ import annotations

from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from lianqin.cases.lifecycle import State
from lianqin.cases.models import Case, Report, StageClock, Task
from lianqin.cases.queries import TABS
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build

pytestmark = [pytest.mark.django_db, pytest.mark.long]
HERE = CENTRES[0]
STATES = ("reported", "filed", "dispatched", "handling", "to_check", "to_close", "closed")
READERS = (
    f"operator@{HERE}",
    f"district_desk@{DISTRICT}",
    f"office_staff@{OFFICES[0]}",
    f"crew@{HERE}",
    f"collector@{HERE}",
)
PAGES = (
    *(f"/cases?tab={tab}&limit=50" for tab in (*TABS, *(state.value for state in State))),
    "/cases?tab=all&q=占道",
    "/cases/counts",
    "/cases/map",
    "/my/tasks",
    "/brief/2026-11-23",
    "/me",
)


@pytest.fixture
def world() -> World:
    """A case in every state, the first of each seen by one of the readers at least."""
    world = build()
    for state in STATES:
        world.walk(world.report(by=f"office_staff@{OFFICES[0]}"), state)
    return world


def grow(upto: int) -> None:
    """Copy what is there, with its reports, tasks and clocks, until there are so many cases."""
    models = list(Case.objects.all())
    serials = count(Case.objects.count() + 1)
    rows: dict[type, list[object]] = {Case: [], Report: [], Task: [], StageClock: []}
    reports = {r.case_id: r for r in Report.objects.all()}
    tasks = {t.case_id: t for t in Task.objects.all()}
    clocks = {c.case_id: c for c in StageClock.objects.all()}
    for number in range(upto - len(models)):
        model = models[number % len(models)]
        old = model.id
        case = Case(**{f.attname: getattr(model, f.attname) for f in Case._meta.fields[:-1]})
        case.id, case.serial = uuid7(), next(serials)
        rows[Case].append(case)
        for kept, kind in ((reports, Report), (tasks, Task), (clocks, StageClock)):
            if old in kept:
                values = {f.attname: getattr(kept[old], f.attname) for f in kind._meta.fields}
                values |= {"id": uuid7(), "case_id": case.id}
                if kind is StageClock:
                    values["task_id"] = None
                    values["stage"] = "intake"
                rows[kind].append(kind(**values))
    for kind, made in rows.items():
        kind.objects.bulk_create(made, batch_size=500)  # type: ignore[attr-defined]


def costs(world: World) -> dict[tuple[str, str], int]:
    found = {}
    details = [
        f"/cases/{case.id}"
        for state in STATES
        if (case := Case.objects.filter(state=state).order_by("id").first())
    ]
    for reader in READERS:
        client = Client()
        client.force_login(world.people[reader])
        for page in (*PAGES, *details):
            client.get(f"/api/v1{page}")
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(f"/api/v1{page}")
            assert answer.status_code in (200, 404), (reader, page, answer.content)
            found[reader, page] = len(captured)
    return found


def test_every_page_costs_as_many_queries_with_ten_thousand_cases_as_with_ten(
    world: World,
) -> None:
    grow(10)
    before = costs(world)
    grow(10_000)
    after = costs(world)
    grown = {key: (before[key], n) for key, n in after.items() if n > before[key]}
    assert not grown
    assert Case.objects.count() == 10_000
