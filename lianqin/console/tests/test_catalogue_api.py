"""Standards and duty list over HTTP: by date, by place, for whoever is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build
from lianqin.catalogue.models import CaseClass, DutyLine, Standard
from lianqin.console.tests.test_api import Caller
from lianqin.force.models import Agency

pytestmark = pytest.mark.django_db

CHANGE = date(2026, 7, 1)


@pytest.fixture
def world() -> World:
    """The district before anybody has entered its duty list."""
    world = build()
    DutyLine.objects.all().delete()
    return world


@pytest.fixture
def operator(world: World) -> Caller:
    return Caller(world, f"operator@{CENTRES[0]}")


def stalls() -> CaseClass:
    return CaseClass.objects.get(kind="event", code="0406")


def make_standard(condition: str = "1", hours: int = 2, **more: DateRange) -> Standard:
    return Standard.objects.create(
        case_class=stalls(),
        condition=condition,
        filing_zh="占用道路摆摊",
        filing_en="A stall on the road",
        closing_zh="已清走",
        limit_value=hours,
        limit_unit="urgent_hour",
        **more,
    )


def make_line(code: str, place: str) -> DutyLine:
    unit = Agency.objects.create(
        code=f"unit-{code}", kind="section", name_zh=f"单位{code}", takes_cases=True, reach=DISTRICT
    )
    return DutyLine.objects.create(
        code=code, case_class=stalls(), unit=unit, place=place, basis_zh="文件"
    )


def test_the_standards_of_a_class_are_those_in_force_on_the_date(operator: Caller) -> None:
    old = make_standard(valid=DateRange(None, CHANGE))
    new = make_standard(hours=4, valid=DateRange(CHANGE, None))

    before = operator.get("/classes/event/0406/standards?on=2026-06-30").json()
    today = operator.get("/classes/event/0406/standards").json()

    assert (before["on"], [one["id"] for one in before["items"]]) == ("2026-06-30", [str(old.id)])
    assert before["items"][0]["valid"] == {"start": None, "before": "2026-07-01"}
    assert today["items"] == [
        {
            "id": str(new.id),
            "condition": "1",
            "filing": {"zh": "占用道路摆摊", "en": "A stall on the road"},
            "closing": {"zh": "已清走", "en": "已清走"},
            "limit": {"value": 4, "unit": "urgent_hour"},
            "valid": {"start": "2026-07-01", "before": None},
            "sample": False,
        }
    ]


def test_the_duty_list_is_read_at_a_place_and_without_one_at_the_readers_own(
    operator: Caller,
) -> None:
    make_line("Q-1", DISTRICT)
    make_line("Q-2", CENTRES[0])
    make_line("Q-3", CENTRES[1])

    own = operator.get("/classes/event/0406/duty").json()
    other = operator.get(f"/classes/event/0406/duty?place={CENTRES[1]}").json()

    assert own["place"] == CENTRES[0]
    assert [line["code"] for line in own["items"]] == ["Q-2", "Q-1"]
    assert [line["code"] for line in other["items"]] == ["Q-3", "Q-1"]


@pytest.mark.parametrize("path", ["standards", "duty"])
def test_a_class_that_does_not_exist_is_not_found(operator: Caller, path: str) -> None:
    answer = operator.get(f"/classes/event/9999/{path}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "path",
    [
        "/classes/thing/0406/standards",
        "/classes/event/406/standards",
        "/classes/event/%00/standards",
        "/classes/event/0406/standards?on=tomorrow",
        "/classes/event/0406/duty?place=%00",
        "/classes/event/0406/duty?place=" + "9" * 121,
        "/classes/event/0406/duty?on=2026-13-01",
    ],
)
def test_what_cannot_be_asked_is_told_with_its_field(operator: Caller, path: str) -> None:
    answer = operator.get(path)

    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["field"]


def test_a_stranger_is_asked_to_sign_in(world: World) -> None:
    assert Client().get("/api/v1/classes/event/0406/standards").status_code == 401


def test_the_number_of_queries_does_not_grow_with_the_catalogue(operator: Caller) -> None:
    def both() -> list[int]:
        return [
            _count(lambda: operator.get("/classes/event/0406/standards")),
            _count(lambda: operator.get("/classes/event/0406/duty")),
        ]

    make_standard()
    make_line("Q-0", CENTRES[0])
    both()  # the district's zone is read by the first request of a process
    few = both()
    for number in range(2, 30):
        make_standard(str(number))
        make_line(f"Q-{number}", CENTRES[0])

    assert both() == few


def _count(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        read()
    return len(found)
