"""One case as screens and the stream show it: no reporter, no party, nothing to mask."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from lianqin.force.queries import name_of

from .models import Case


def for_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Join what a row needs, so that a page costs the same number of queries however long."""
    joined = cases.select_related("case_class", "area", "crew", "unit")
    # A polygon per row would be most of what the page reads.
    return joined.defer("search", "search_text", "area__geometry")


def row(case: Case, place_names: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A queue row; `place_names` is read once for a whole page."""
    found = case.case_class
    return {
        "id": str(case.id),
        "number": case.number,
        "version": case.version,
        "state": case.state,
        "kind": found.kind if found else None,
        "code": found.code if found else None,
        "class_name": {"zh": found.name_zh, "en": found.name_en or found.name_zh}
        if found
        else {"zh": case.service_name, "en": case.service_name},
        "address": case.address,
        "area": {
            "code": case.area.code,
            "zh": case.area.name_zh,
            "en": case.area.name_en or case.area.name_zh,
        }
        if case.area
        else None,
        "place": case.place,
        "place_name": place_names.get(case.place, {"zh": case.place, "en": case.place}),
        "place_known": case.place_known,
        "lon": case.lon,
        "lat": case.lat,
        "source": case.source,
        "origin": case.origin,
        "reported_at": _iso(case.reported_at),
        "changed_at": _iso(case.changed_at),
        "closed_at": _iso(case.closed_at),
        "position": case.position,
        "assignee": assignee(case),
        "told_by_radio_at": _iso(case.told_by_radio_at),
        "clock": clock(case),
        "flags": flags(case),
        "external_number": case.external_number,
        "deadline": _iso(case.deadline),
        "photo_count": case.photo_count,
        "report_count": case.report_count,
        "joined_into": str(case.joined_into_id) if case.joined_into_id else None,
    }


#: What a receipt keeps of a row; everything else is blank.
_RECEIPT = {"id", "number", "origin", "reported_at"}
_BLANK: dict[type, Any] = {str: "", bool: False, int: 0}


def receipt(shown: dict[str, Any], state: str, version: int) -> dict[str, Any]:
    """A row for somebody who gave a report or an act and may not read the case: its number and
    state, nothing of where it is, what it is about, who has it and until when."""
    nowhere = {"zh": "", "en": ""}
    blank = {key: _BLANK.get(type(value)) for key, value in shown.items() if key not in _RECEIPT}
    return {
        **shown,
        **blank,
        "class_name": nowhere,
        "place_name": nowhere,
        "flags": None,
        "state": state,
        "version": version,
        "changed_at": shown["reported_at"],
    }


def assignee(case: Case) -> dict[str, Any] | None:
    """Whose hands the case is in."""
    hands = case.crew or case.unit
    if hands is None:
        return None
    kind = "crew" if case.crew_id else "unit"
    return {"kind": kind, "id": str(hands.id), "name": name_of(hands)}


def clock(case: Case) -> dict[str, Any] | None:
    """The clock that counts now: the stage's, or the lead task's while it is in hand."""
    if case.clock_started_at is None:
        return None
    return {
        "stage": case.clock_stage,
        "started_at": _iso(case.clock_started_at),
        "due_at": _iso(case.clock_due_at),
        "paused_at": _iso(case.clock_paused_at),
        "stopped_at": _iso(case.clock_stopped_at),
        "used_s": case.clock_used_s,
        "allowed_s": case.clock_allowed_s,
        "late": case.clock_late,
        "limit": {"value": case.clock_limit_value, "unit": case.clock_limit_unit}
        if case.clock_limit_value
        else None,
    }


def flags(case: Case) -> dict[str, Any]:
    """What presses on a case or sets it apart."""
    return {
        "urged": case.urged_count,
        "supervised_at": _iso(case.supervised_at),
        "supervised_until": _day(case.supervised_until),
        "assigned_at": _iso(case.assigned_by_leader_at),
        "assigned_until": _day(case.assigned_until),
        "suspended_until": _day(case.suspended_until),
        "designated": case.designated,
        "settled": case.settled,
        "recurrence": case.recurrence_of_id is not None,
        "part": case.parent_id is not None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
