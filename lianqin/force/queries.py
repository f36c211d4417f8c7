"""Reading who can be sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianqin.accounts.principal import Scope
from lianqin.journal.queries import in_places

from .models import Agency, Centre, Crew, Member, StandBy


def crew_to_send(crew_id: UUID) -> Crew | None:
    """The crew, if there is one."""
    return Crew.objects.filter(id=crew_id).first()


def unit_to_send(unit_id: UUID) -> Agency | None:
    """The agency, if it takes cases at all."""
    return Agency.objects.filter(id=unit_id, takes_cases=True).first()


def crews(scope: Scope) -> QuerySet[Crew]:
    """Crews stationed in the reader's places, with head counts."""
    return (
        Crew.objects.filter(in_places(scope.places))
        .annotate(
            member_count=Count("members"),
            certified_count=Count("members", filter=~Q(members__certificate="")),
        )
        .select_related("team__centre")
        .order_by("place", "shift")
    )


def members_of(crews: Iterable[UUID]) -> dict[UUID | None, set[UUID]]:
    """Accounts of the crews' members, by crew (one query)."""
    found: dict[UUID | None, set[UUID]] = {}
    rows = Member.objects.filter(crew_id__in=set(crews), user_id__isnull=False)
    for crew_id, user_id in rows.values_list("crew_id", "user_id"):
        found.setdefault(crew_id, set()).add(user_id)
    return found


def serving(crew_id: UUID) -> list[Member]:
    """The members of a crew, in a steady order (one query)."""
    return list(Member.objects.filter(crew_id=crew_id).order_by("kind", "name", "id"))


def standing_by(crews: Iterable[UUID], now: datetime) -> dict[UUID, StandBy]:
    """Where crews were told to stand by, as far as that still holds (one query)."""
    rows = StandBy.objects.filter(crew_id__in=set(crews), ended_at=None, until__gt=now)
    return {row.crew_id: row for row in rows.select_related("moved_by")}


def units_for(place: str) -> QuerySet[Agency]:
    """Agencies that take cases and answer for `place` (their reach is the place or around it)."""
    parts = place.split("/")
    outer = ["/".join(parts[: i + 1]) for i in range(len(parts))]
    return Agency.objects.filter(takes_cases=True, reach__in=outer).order_by("kind", "code")


def name_of(row: Agency | Crew | Centre) -> dict[str, str]:
    """A name in both languages, English falling back to Chinese."""
    return {"zh": row.name_zh, "en": row.name_en or row.name_zh}


def place_names() -> dict[str, dict[str, str]]:
    """Names of the centres by place path (one query)."""
    return {c.place: name_of(c) for c in Centre.objects.all()}


def place_name(place: str) -> dict[str, str] | None:
    """The name of the centre at a place, if there is one (one query)."""
    found = Centre.objects.filter(place=place).first()
    return name_of(found) if found else None


def force(scope: Scope) -> dict[str, Any]:
    """Centres, crews and units within the reader's places."""
    return {
        "centres": [
            {"code": c.place.rsplit("/", 1)[-1], "name": name_of(c), "place": c.place}
            for c in Centre.objects.filter(in_places(scope.places)).order_by("place")
        ],
        "crews": [
            {"id": str(c.id), "name": name_of(c), "place": c.place, "shift": c.shift}
            for c in crews(scope)
        ],
        "units": [
            {"id": str(a.id), "name": name_of(a), "reach": a.reach}
            for a in Agency.objects.filter(takes_cases=True)
            .filter(in_places(scope.places, "reach"))
            .order_by("code")
        ],
    }
