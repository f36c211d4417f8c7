"""Reading the catalogue: on a date, because everything in it but the classes has dates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from lianqin.accounts.refusals import NotHere
from lianqin.force.queries import name_of
from lianqin.worktime import Limit, Unit

from . import rules
from .models import CaseClass, DutyLine, PracticeVersion, SourceWay, StageLimit, Standard
from .rules import Practice, Way


def class_by_key(kind: str, code: str) -> CaseClass | None:
    """The class with that key; (kind, code) because the same digits exist for events and parts."""
    return CaseClass.objects.filter(kind=kind, code=code).first()


def class_here(kind: str, code: str) -> CaseClass:
    """The class with that key, or NotHere."""
    found = class_by_key(kind, code)
    if found is None:
        raise NotHere()
    return found


def class_ids() -> dict[tuple[str, str], UUID]:
    """Ids of all classes by their keys (one query)."""
    rows = CaseClass.objects.values_list("kind", "code", "id")
    return {(kind, code): id for kind, code, id in rows}


def classes() -> list[dict[str, Any]]:
    """Every class for choosing from, in the order of its key."""
    return [
        {
            "kind": c.kind,
            "code": c.code,
            "name": {"zh": c.name_zh, "en": c.name_en or c.name_zh},
            "group": {"zh": c.group_zh, "en": c.group_en or c.group_zh},
            "limit": {"value": c.limit_value, "unit": c.limit_unit} if c.limit_value else None,
        }
        for c in CaseClass.objects.order_by("kind", "code")
    ]


def class_names() -> dict[str, dict[str, str]]:
    """Kind, code and names of every class by its key in one word, "event0406" (one query)."""
    rows = CaseClass.objects.order_by("kind", "code")
    return {
        f"{kind}{code}": {"kind": kind, "code": code, "zh": zh or en, "en": en or zh}
        for kind, code, zh, en in rows.values_list("kind", "code", "name_zh", "name_en")
    }


def way(source: str, on: date) -> Way:
    """Who performs the stages of a case from `source` on that date."""
    row = SourceWay.objects.filter(source=source, valid__contains=on).first()
    return _way(row) if row else rules.default_way(source)


def ways(on: date) -> dict[str, Way]:
    """Every source's way on that date (one query)."""
    entered = {row.source: _way(row) for row in SourceWay.objects.filter(valid__contains=on)}
    return {**rules.DEFAULT_WAYS, **entered}


def _way(row: SourceWay) -> Way:
    return Way(**{field.name: getattr(row, field.name) for field in fields(Way)})


def practice(on: date) -> Practice:
    """The figures of the daily work on that date."""
    row = PracticeVersion.objects.filter(valid__contains=on).first()
    if row is None:
        return Practice()
    return Practice(**{field.name: getattr(row, field.name) for field in fields(Practice)})


def stage_limit(stage: str, on: date) -> Limit | None:
    """How long a stage may take on that date; None where it has no clock."""
    row = StageLimit.objects.filter(stage=stage, valid__contains=on).first()
    return Limit(row.value, Unit(row.unit)) if row else None


def standard(id: UUID, on: date) -> Standard | None:
    """The standard with that id, with its class; None when it is not in force on that date."""
    return Standard.objects.select_related("case_class").filter(id=id, valid__contains=on).first()


def has_standards(case_class_id: UUID, on: date) -> bool:
    """Whether any condition of the class is in force on that date."""
    return Standard.objects.filter(case_class_id=case_class_id, valid__contains=on).exists()


def standards(kind: str, code: str, on: date) -> list[dict[str, Any]]:
    """The conditions of a class that are in force on that date, in the order of their codes."""
    rows = Standard.objects.filter(case_class__kind=kind, case_class__code=code, valid__contains=on)
    return [standard_out(row) for row in sorted(rows, key=_by_condition)]


def _by_condition(row: Standard) -> tuple[int, str]:
    """2 before 10, and letters after numbers of the same length."""
    return (len(row.condition), row.condition)


def standard_out(row: Standard) -> dict[str, Any]:
    """A standard as screens show it, whenever it was in force."""
    return {
        "id": str(row.id),
        "condition": row.condition,
        "filing": {"zh": row.filing_zh, "en": row.filing_en or row.filing_zh},
        "closing": {"zh": row.closing_zh, "en": row.closing_en or row.closing_zh},
        "limit": {"value": row.limit_value, "unit": row.limit_unit},
        "valid": _dates(row),
        "sample": row.sample,
    }


def _dates(row: Standard | DutyLine) -> dict[str, str | None]:
    """First day in force, and the first day no longer (None: open)."""
    lower, upper = row.valid.lower, row.valid.upper
    return {
        "start": lower.isoformat() if lower else None,
        "before": upper.isoformat() if upper else None,
    }


def duty_line(id: UUID, on: date) -> DutyLine | None:
    """The line of the duty list with that id; None when it is not in force on that date."""
    return (
        DutyLine.objects.select_related("unit", "case_class")
        .filter(id=id, valid__contains=on)
        .first()
    )


def units_on_duty(case_class_id: UUID, place: str, on: date) -> list[DutyLine]:
    """Lines of the duty list that name a unit for the class at `place`, the nearest place first.

    A line covers what lies within its place; a unit that no longer takes cases is left out.
    """
    rows = DutyLine.objects.select_related("unit").filter(
        case_class_id=case_class_id,
        place__in=rules.around(place),
        valid__contains=on,
        unit__takes_cases=True,
    )
    return sorted(rows, key=lambda line: rules.nearness(line.place, line.code))


def duty_lines_for(case_class_id: UUID, place: str, on: date) -> list[dict[str, Any]]:
    """The same for a screen: number, unit, document, dates."""
    return [duty_line_out(line) for line in units_on_duty(case_class_id, place, on)]


def duty_lines_of(
    wanted: Collection[tuple[UUID, str]], on: date
) -> dict[tuple[UUID, str], list[dict[str, Any]]]:
    """The same for several classes and places at once (one query)."""
    rows = list(
        DutyLine.objects.select_related("unit").filter(
            case_class_id__in={case_class for case_class, _ in wanted},
            place__in={outer for _, place in wanted for outer in rules.around(place)},
            valid__contains=on,
            unit__takes_cases=True,
        )
    )
    rows.sort(key=lambda line: rules.nearness(line.place, line.code))
    return {
        (case_class, place): [
            duty_line_out(line)
            for line in rows
            if line.case_class_id == case_class and line.place in rules.around(place)
        ]
        for case_class, place in wanted
    }


def duty_line_out(line: DutyLine) -> dict[str, Any]:
    """A line of the duty list as screens show it."""
    return {
        "id": str(line.id),
        "code": line.code,
        "place": line.place,
        "unit": {"id": str(line.unit_id), "name": name_of(line.unit)},
        "basis": {"zh": line.basis_zh, "en": line.basis_en or line.basis_zh},
        "valid": _dates(line),
        "sample": line.sample,
    }
