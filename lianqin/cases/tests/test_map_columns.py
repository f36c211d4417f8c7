"""The map's answer: one list per property, of what the reader may see."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from lianqin.accounts.principal import Scope
from lianqin.cases import map_columns as module
from lianqin.cases.map_columns import map_columns
from lianqin.cases.models import Case

from .world import CENTRES, DISTRICT, World, build

pytestmark = pytest.mark.django_db
EVERYTHING = Scope(places=frozenset({DISTRICT}))


@pytest.fixture
def world() -> World:
    return build()


def on_map(scope: Scope = EVERYTHING) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(map_columns(scope, 7))
    return found


def test_all_lists_are_of_one_length_and_their_entries_belong_together(world: World) -> None:
    cases = [world.walk(world.report(), state) for state in ("reported", "filed", "handling")]
    answer = on_map()
    lists = answer["cases"]
    assert answer["position"] == 7
    assert answer["whole"] is True
    assert {len(values) for values in lists.values()} == {3}
    for case in Case.objects.filter(id__in=[case.id for case in cases]):
        at = lists["id"].index(str(case.id))
        assert lists["state"][at] == case.state
        assert (lists["lon"][at], lists["lat"][at]) == (case.lon, case.lat)
        assert lists["due_at"][at] == (case.clock_due_at and int(case.clock_due_at.timestamp()))
        found = answer["classes"][lists["class_key"][at]]
        assert case.case_class is not None
        assert found["zh"] == case.case_class.name_zh


def test_a_case_without_a_class_goes_by_the_senders_own_word(world: World) -> None:
    case = world.report()
    Case.objects.filter(id=case.id).update(case_class=None, service_name="Dirty Street")
    assert on_map()["cases"]["class_key"] == ["Dirty Street"]


def test_a_reader_of_another_place_gets_empty_lists(world: World) -> None:
    world.report()
    lists = on_map(Scope(places=frozenset({CENTRES[-1]})))["cases"]
    assert all(values == [] for values in lists.values())
    assert all(values == [] for values in on_map(Scope())["cases"].values())


def test_more_cases_than_a_map_holds_are_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        world.report()
    monkeypatch.setattr(module, "MOST", 2)
    assert on_map()["whole"] is False


def test_two_queries_however_many_cases(world: World) -> None:
    world.report()
    with CaptureQueriesContext(connection) as few:
        on_map()
    for _ in range(5):
        world.report()
    with CaptureQueriesContext(connection) as many:
        on_map()
    assert len(few) == len(many) == 2


@pytest.mark.long
def test_cases_that_ended_cost_the_map_nothing(world: World) -> None:
    world.report()
    ended = world.report()
    fields = [field for field in Case._meta.concrete_fields if not field.generated]
    values = {field.attname: getattr(ended, field.attname) for field in fields}
    values |= {"state": "closed", "clock_stopped_at": values["changed_at"]}
    Case.objects.bulk_create(
        Case(**(values | {"id": uuid7(), "serial": 1000 + number})) for number in range(5_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
        with CaptureQueriesContext(connection) as captured:
            on_map()
        asked = next(q["sql"] for q in captured.captured_queries if "array_agg" in q["sql"])
        cursor.execute(f"EXPLAIN {asked}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on cases_case" not in plan, plan
