"""Reading service records and security leads: limited to the reader's place, by keyset."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from lianqin.accounts.principal import Scope
from lianqin.accounts.refusals import NotHere, Refusal
from lianqin.force.queries import name_of
from lianqin.journal.queries import in_places

from .models import SecurityLead, ServiceRecord
from .models.record import Record
from .queries import PAGE, labels_of_places

_KINDS: dict[str, type[Record]] = {
    "services": ServiceRecord,
    "leads": SecurityLead,
}


def visible_records(scope: Scope) -> Q:
    """Records of the reader's places, and what their own crew recorded wherever it was."""
    return in_places(scope.places) | Q(crew_id__in=scope.crews)


def records(scope: Scope, kind: str, *, after: str = "", limit: int = 50) -> dict[str, Any]:
    """One page of `services` or `leads`, newest first (four queries, however many there are)."""
    rows = _KINDS[kind]._default_manager.filter(visible_records(scope))
    rows = rows.select_related("crew", "area", "recorded_by").defer("area__geometry")
    if after:
        try:
            rows = rows.filter(id__lt=UUID(after))
        except ValueError as error:
            raise Refusal("uuid_needed", field="after") from error
    limit = max(1, min(limit, PAGE))
    found = list(rows.order_by("-id")[: limit + 1])
    labels = labels_of_places()
    return {
        "items": [_shown(row, labels) for row in found[:limit]],
        "next": str(found[limit - 1].id) if len(found) > limit else None,
    }


def record(scope: Scope, kind: str, record_id: UUID) -> dict[str, Any]:
    """One of them, or NotHere."""
    rows = _KINDS[kind]._default_manager.filter(visible_records(scope), id=record_id)
    found = rows.select_related("crew", "area", "recorded_by").first()
    if found is None:
        raise NotHere()
    return _shown(found, labels_of_places())


def _shown(row: Record, labels: dict[str, dict[str, str]]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": str(row.id),
        "duty_date": row.duty_date,
        "text": row.text,
        "address": row.address,
        "area": {
            "code": row.area.code,
            "zh": row.area.name_zh,
            "en": row.area.name_en or row.area.name_zh,
        }
        if row.area
        else None,
        "place": row.place,
        "place_name": labels.get(row.place, {"zh": row.place, "en": row.place}),
        "lon": row.lon,
        "lat": row.lat,
        "crew": name_of(row.crew) if row.crew else None,
        "recorded_by": row.recorded_by.display_name,
        "occurred_at": row.occurred_at.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "marked": row.marked,
        "origin": row.origin,
    }
    if isinstance(row, SecurityLead):
        shown |= {"handed_to": row.handed_to, "police_number": row.police_number}
    return shown
