"""Cases that may be the same problem, or the same one again; and the parts of a larger one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lianqin.accounts.masking import masked
from lianqin.accounts.principal import Scope
from lianqin.catalogue.rules import Practice
from lianqin.geo import Position, around, distance_m

from .lifecycle import OPEN, State
from .models import Case
from .queries import visible
from .rows import assignee

#: As many as a person can weigh.
MOST = 10


def twins(case: Case, scope: Scope, practice: Practice) -> list[dict[str, Any]]:
    """Open cases of the same class, near and recent: perhaps the same problem (one query)."""
    span = timedelta(hours=practice.twin_hours)
    wanted = Q(
        state__in=OPEN, reported_at__range=(case.reported_at - span, case.reported_at + span)
    )
    return _near(case, scope, wanted, practice.twin_metres)


def recurrences(case: Case, scope: Scope, practice: Practice) -> list[dict[str, Any]]:
    """Cases of the same class that were closed here lately: perhaps it is back (one query)."""
    since = case.reported_at - timedelta(days=practice.recurrence_days)
    wanted = Q(state=State.CLOSED.value, closed_at__range=(since, case.reported_at))
    return _near(case, scope, wanted, practice.recurrence_metres)


def known_before(case: Case, practice: Practice) -> bool:
    """Whether something of the class was found at this place lately, wherever that stands now and
    whoever may read it (one query)."""
    since = case.reported_at - timedelta(days=practice.recurrence_days)
    wanted = Q(reported_at__range=(since, case.reported_at)) & ~Q(
        state__in=[State.REJECTED.value, State.CANCELLED.value]
    )
    return bool(_within(case, wanted, practice.recurrence_metres, Case.objects.all()))


def _near(case: Case, scope: Scope, wanted: Q, metres: float) -> list[dict[str, Any]]:
    rows = _with_words(Case.objects.filter(visible(scope)))
    return [
        {**brief(other), "metres": round(away)}
        for other, away in _within(case, wanted, metres, rows)
    ]


def _within(case: Case, wanted: Q, metres: float, rows: QuerySet[Case]) -> list[tuple[Case, float]]:
    """Other cases of the class within so many metres, latest first, with how far they are."""
    if case.lon is None or case.lat is None or case.case_class_id is None:
        return []
    here = Position(case.lon, case.lat)
    box = around(here, metres)
    others = rows.filter(
        wanted,
        case_class_id=case.case_class_id,
        lat__range=(box.south, box.north),
        lon__range=(box.west, box.east),
    ).exclude(id=case.id)
    found = []
    for other in others.order_by("-id")[:MOST]:
        assert other.lon is not None
        assert other.lat is not None
        away = distance_m(here, Position(other.lon, other.lat))
        if away <= metres:
            found.append((other, away))
    return found


def parts_of(case: Case, scope: Scope) -> list[dict[str, Any]]:
    """The parts of a case that the reader may see (one query)."""
    return [brief(part) for part in _with_words(case.parts.filter(visible(scope))).order_by("id")]


def named(scope: Scope, case_id: UUID) -> dict[str, Any] | None:
    """A related case in one line, if the reader may see it (one query)."""
    found = _with_words(Case.objects.filter(visible(scope), id=case_id)).first()
    return brief(found) if found else None


def _with_words(cases: QuerySet[Case]) -> QuerySet[Case]:
    joined = cases.select_related("crew", "unit").defer("search", "search_text")
    return joined.prefetch_related("reports", "photos")


def brief(case: Case) -> dict[str, Any]:
    """Enough of a case to tell whether it is the same problem: words, picture, hands, when."""
    words = next((r.description for r in case.reports.all() if r.description), "")
    picture = next(iter(case.photos.all()), None)
    closed: datetime | None = case.closed_at
    return {
        "id": str(case.id),
        "number": case.number,
        "state": case.state,
        "address": case.address,
        "description": masked(words)[:200],
        "photo": f"/api/v1/photos/{picture.id}" if picture else None,
        "assignee": assignee(case),
        "reported_at": case.reported_at.isoformat(),
        "closed_at": closed.isoformat() if closed else None,
    }
