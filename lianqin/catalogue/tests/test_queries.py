"""Reading by date on a real database: the version in force, the nearest unit, constant queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from lianqin.catalogue import queries, rules
from lianqin.catalogue.models import (
    CaseClass,
    DutyLine,
    PracticeVersion,
    SourceWay,
    StageLimit,
    Standard,
)
from lianqin.force.models import Agency
from lianqin.worktime import Limit, Unit

pytestmark = pytest.mark.django_db

BEFORE, TODAY = date(2026, 6, 30), date(2026, 11, 23)
CHANGE = date(2026, 7, 1)
DISTRICT, OFFICE = "990101", "990101/990101001"
CENTRE, OTHER = f"{OFFICE}/east", f"{OFFICE}/west"


def make_class(kind: str = "event", code: str = "0406") -> CaseClass:
    return CaseClass.objects.create(kind=kind, code=code, name_zh="占道经营")


def make_standard(of: CaseClass, condition: str = "1", **more: Any) -> Standard:
    values = {
        "filing_zh": "占用道路",
        "closing_zh": "已清走",
        "limit_value": 2,
        "limit_unit": "urgent_hour",
    }
    return Standard.objects.create(case_class=of, condition=condition, **{**values, **more})


def make_unit(code: str, **more: Any) -> Agency:
    values = {"kind": "section", "name_zh": code, "takes_cases": True, "reach": DISTRICT}
    return Agency.objects.create(code=code, **{**values, **more})


def make_line(code: str, of: CaseClass, unit: Agency, place: str, **more: Any) -> DutyLine:
    return DutyLine.objects.create(
        code=code, case_class=of, unit=unit, place=place, basis_zh="云城〔2026〕1 号", **more
    )


def count(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        read()
    return len(found)


# --- what every install starts with --------------------------------------------------------------


def test_a_new_install_has_the_ways_that_the_rules_name() -> None:
    assert queries.ways(TODAY) == dict(rules.DEFAULT_WAYS)
    assert {s: queries.way(s, TODAY) for s in rules.SOURCES} == dict(rules.DEFAULT_WAYS)


def test_a_new_install_has_the_figures_that_the_rules_name() -> None:
    assert PracticeVersion.objects.count() == 1
    assert queries.practice(TODAY) == rules.Practice()


@pytest.mark.parametrize(
    ("stage", "limit", "sample"),
    [
        ("intake", Limit(30, Unit.MINUTE), True),
        ("verify", Limit(30, Unit.MINUTE), False),
        ("dispatch", Limit(15, Unit.MINUTE), False),
        ("check", Limit(1, Unit.NATURAL_DAY), True),
        ("reply", Limit(2, Unit.WORK_HOUR), True),
        ("close", Limit(2, Unit.WORK_HOUR), True),
    ],
)
def test_a_new_install_has_limits_of_stages_and_says_which_are_samples(
    stage: str, limit: Limit, sample: bool
) -> None:
    assert queries.stage_limit(stage, TODAY) == limit
    assert StageLimit.objects.get(stage=stage).sample is sample


def test_accepting_has_no_clock_of_its_own() -> None:
    assert queries.stage_limit("accept", TODAY) is None


# --- what the district changes -------------------------------------------------------------------


def test_a_district_may_have_its_own_finds_closed_by_the_district_from_a_date_on() -> None:
    old = SourceWay.objects.get(source="patrol")
    old.valid = DateRange(old.valid.lower, CHANGE)
    old.save()
    SourceWay.objects.create(
        source="patrol",
        verify=False,
        filed_by="here",
        checked_by="here",
        closed_by="district",
        valid=DateRange(CHANGE, None),
    )

    assert queries.way("patrol", BEFORE).closed_by == "centre"
    assert queries.way("patrol", CHANGE).closed_by == "district"
    assert queries.ways(TODAY)["patrol"].closed_by == "district"


def test_where_nothing_was_entered_the_rules_hold() -> None:
    long_ago = date(1999, 12, 31)

    assert queries.way("hotline", long_ago) == rules.default_way("hotline")
    assert queries.practice(long_ago) == rules.Practice()
    assert queries.stage_limit("dispatch", long_ago) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"sample_percent": 4},
        {"sample_percent": 11},
        {"collectors_from": 19, "collectors_until": 19},
        {"collectors_until": 25},
        {"suspension_days_max": 366},
    ],
)
def test_figures_out_of_bounds_are_refused_by_the_database(wrong: dict[str, int]) -> None:
    PracticeVersion.objects.all().delete()
    with pytest.raises(IntegrityError):
        PracticeVersion.objects.create(**wrong)


@pytest.mark.parametrize("percent", [5, 10])
def test_five_and_ten_percent_are_within_bounds(percent: int) -> None:
    PracticeVersion.objects.all().delete()
    PracticeVersion.objects.create(sample_percent=percent)

    assert queries.practice(TODAY).sample_percent == percent


# --- versions never overlap ----------------------------------------------------------------------


def test_two_versions_of_anything_never_overlap() -> None:
    of, unit = make_class(), make_unit("urban")
    make_standard(of)
    make_line("Q-1", of, unit, DISTRICT)
    again: list[Callable[[], object]] = [
        lambda: make_standard(of, valid=DateRange(TODAY, None)),
        lambda: make_line("Q-1", make_class("part"), unit, OFFICE),
        lambda: PracticeVersion.objects.create(),
        lambda: SourceWay.objects.create(
            source="patrol", verify=True, filed_by="here", checked_by="here", closed_by="centre"
        ),
        lambda: StageLimit.objects.create(stage="check", value=1, unit="minute"),
    ]
    for make in again:
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_a_version_in_force_on_no_day_is_refused() -> None:
    with pytest.raises(IntegrityError):
        make_standard(make_class(), valid=DateRange(TODAY, TODAY))


@pytest.mark.parametrize("wrong", [{"limit_unit": "fortnight"}, {"limit_value": 0}])
def test_a_limit_that_cannot_be_counted_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        make_standard(make_class(), **wrong)


# --- standards -----------------------------------------------------------------------------------


def test_the_version_in_force_on_the_date_is_the_one_that_is_read() -> None:
    of = make_class()
    old = make_standard(of, valid=DateRange(date(2026, 1, 1), CHANGE))
    new = make_standard(of, valid=DateRange(CHANGE, None), limit_value=4)

    assert [s["id"] for s in queries.standards("event", "0406", BEFORE)] == [str(old.id)]
    (now,) = queries.standards("event", "0406", CHANGE)
    assert now["id"] == str(new.id)
    assert now["limit"] == {"value": 4, "unit": "urgent_hour"}
    assert now["valid"] == {"start": "2026-07-01", "before": None}
    assert queries.standard(old.id, BEFORE) == old
    assert queries.standard(old.id, CHANGE) is None
    assert queries.standard(new.id, BEFORE) is None


def test_conditions_come_in_the_order_of_their_codes_and_fall_back_to_chinese() -> None:
    of = make_class()
    for condition in ("10", "2", "1"):
        make_standard(of, condition)
    found = queries.standards("event", "0406", TODAY)

    assert [one["condition"] for one in found] == ["1", "2", "10"]
    assert found[0]["filing"] == {"zh": "占用道路", "en": "占用道路"}


def test_the_same_digits_of_the_other_kind_are_another_class() -> None:
    make_standard(make_class("event"))
    make_class("part")

    assert queries.standards("part", "0406", TODAY) == []


# --- the duty list -------------------------------------------------------------------------------


def test_a_line_covers_what_lies_within_its_place_and_the_nearest_comes_first() -> None:
    of = make_class()
    wide = make_line("Q-1", of, make_unit("bureau"), DISTRICT)
    near = make_line("Q-3", of, make_unit("post"), CENTRE)
    middle = make_line("Q-2", of, make_unit("squad"), OFFICE)
    make_line("Q-4", of, make_unit("next-door"), OTHER)

    assert queries.units_on_duty(of.id, CENTRE, TODAY) == [near, middle, wide]
    assert queries.units_on_duty(of.id, f"{CENTRE}/grid", TODAY) == [near, middle, wide]
    assert queries.units_on_duty(of.id, DISTRICT, TODAY) == [wide]


def test_a_place_whose_name_begins_alike_is_not_covered() -> None:
    of = make_class()
    make_line("Q-1", of, make_unit("post"), CENTRE)

    assert queries.units_on_duty(of.id, CENTRE + "ern", TODAY) == []


def test_a_line_holds_only_on_its_dates_and_while_its_unit_takes_cases() -> None:
    of = make_class()
    ended = make_line("Q-1", of, make_unit("a"), DISTRICT, valid=DateRange(None, CHANGE))
    make_line("Q-2", of, make_unit("b", takes_cases=False), DISTRICT)

    assert queries.units_on_duty(of.id, CENTRE, BEFORE) == [ended]
    assert queries.units_on_duty(of.id, CENTRE, TODAY) == []
    assert queries.duty_line(ended.id, BEFORE) == ended
    assert queries.duty_line(ended.id, TODAY) is None


def test_a_line_on_screen_names_unit_document_and_dates() -> None:
    of = make_class()
    line = make_line("Q-1", of, make_unit("squad", name_zh="中队", name_en="Squad"), OFFICE)
    (shown,) = queries.duty_lines_for(of.id, CENTRE, TODAY)

    assert shown == {
        "id": str(line.id),
        "code": "Q-1",
        "place": OFFICE,
        "unit": {"id": str(line.unit_id), "name": {"zh": "中队", "en": "Squad"}},
        "basis": {"zh": "云城〔2026〕1 号", "en": "云城〔2026〕1 号"},
        "valid": {"start": "2000-01-01", "before": None},
        "sample": False,
    }


# --- query counts --------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_the_catalogue() -> None:
    of = make_class()
    reads: list[Callable[[], object]] = [
        lambda: queries.standards("event", "0406", TODAY),
        lambda: queries.duty_lines_for(of.id, CENTRE, TODAY),
        lambda: queries.ways(TODAY),
    ]
    for number in range(1, 31):
        make_standard(of, str(number))
        make_line(f"Q-{number}", of, make_unit(f"u{number}"), OFFICE)

    assert [count(read) for read in reads] == [1, 1, 1]
