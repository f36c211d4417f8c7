"""Reading notices: one's own list, what is due, what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet

from lianqin.journal.models import Entry

from . import rules
from .models import Contact, LadderPlan, Notice, Presence, PushSubscription, Step
from .words import text_of

#: What a list shows; older ones are in the journal.
LISTED = 100


def delays_on(day: date) -> rules.Delays:
    """The ladder's times in force on a day (one query); the house's own where none is."""
    row = LadderPlan.objects.filter(dates__contains=day).first()
    if row is None:
        return rules.Delays()
    return rules.Delays(row.push_after, row.sms_after, row.call_after, row.next_after)


def origin_of(position: int) -> str:
    """Where the entry that a matter is a reading of comes from: what is said of a demo's matter is
    a demo's too."""
    return Entry.objects.values_list("origin", flat=True).get(position=position)


def notices(user_id: UUID, only_open: bool) -> dict[str, Any]:
    """A person's own notices, newest first, and how many of them are open (three queries)."""
    rows = _whole(Notice.objects.filter(user_id=user_id).order_by("-id"))
    if only_open:
        rows = rows.filter(acknowledged_at=None)
    items = [shown(row) for row in rows[:LISTED]]
    if only_open and len(items) < LISTED:
        unread = len(items)
    else:
        unread = Notice.objects.filter(user_id=user_id, acknowledged_at=None).count()
    return {"items": items, "unread": unread}


def notice(user_id: UUID, notice_id: UUID) -> dict[str, Any] | None:
    """One of a person's own notices (two queries)."""
    row = _whole(Notice.objects.filter(user_id=user_id, id=notice_id)).first()
    return shown(row) if row else None


def _whole(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    told = Step.objects.select_related("notice__user").order_by("due_at", "id")
    return rows.select_related("matter", "acknowledged_by").prefetch_related(
        Prefetch("matter__notices", Notice.objects.prefetch_related(Prefetch("steps", told)))
    )


def shown(row: Notice) -> dict[str, Any]:
    """A notice as its reader sees it, with every way that was taken and is still to come."""
    matter = row.matter
    zh, en = text_of(matter.kind, matter.case_number, matter.params)
    by = row.acknowledged_by
    steps = [s for one in matter.notices.all() for s in one.steps.all()]
    return {
        "id": str(row.id),
        "kind": matter.kind,
        "level": matter.level,
        "place": matter.place,
        "case": {"id": str(matter.case_id), "number": matter.case_number}
        if matter.case_id
        else None,
        "text": {"zh": zh, "en": en},
        "raised_at": row.raised_at.isoformat(),
        "acknowledged_at": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
        "acknowledged_how": row.acknowledged_how or None,
        "acknowledged_by": {"name": by.display_name or by.username} if by else None,
        "steps": [_step(s) for s in sorted(steps, key=lambda s: (s.due_at, s.id))],
    }


def _step(step: Step) -> dict[str, Any]:
    who = step.notice.user
    return {
        "way": step.way,
        "to": {"name": who.display_name or who.username},
        "at": (step.at or step.due_at).isoformat(),
        "state": step.state,
    }


def touched_since(at: datetime) -> list[tuple[UUID, datetime]]:
    """Notices that were raised or taken since an instant of the database's clock, with when (one
    query)."""
    rows = Notice.objects.filter(touched_at__gt=at).order_by("touched_at", "id")
    return list(rows.values_list("id", "touched_at"))


def whole(ids: Iterable[UUID]) -> list[tuple[UUID, dict[str, Any]]]:
    """Notices as their readers see them, each with its reader (three queries)."""
    return [(row.user_id, shown(row)) for row in _whole(Notice.objects.filter(id__in=list(ids)))]


def database_now() -> datetime:
    """The database's own clock, which `touched_at` is written by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def lag(now: datetime, machine: datetime) -> timedelta:
    """How long the oldest step that is due has waited beyond its turn; zero when none does."""
    due = Step.objects.filter(state="waiting", due_at__lte=now)
    oldest = due.exclude(retry_at__gt=machine).order_by("due_at").first()
    return now - oldest.due_at if oldest else timedelta()


def signed_off(users: Iterable[UUID]) -> frozenset[UUID]:
    """Those who have signed off and not on again (one query)."""
    rows = Presence.objects.filter(user_id__in=set(users), on_duty=False)
    return frozenset(rows.values_list("user_id", flat=True))


def contacts(user_id: UUID) -> list[dict[str, Any]]:
    """A person's own contacts, masked even for themselves: who looks over a shoulder reads too."""
    rows = Contact.objects.filter(user_id=user_id).order_by("kind")
    return [
        {"kind": r.kind, "value": masked(r.value), "agreed_at": r.agreed_at.isoformat()}
        for r in rows
    ]


def subscriptions(user_id: UUID) -> list[dict[str, Any]]:
    """The browsers of a person that may be pushed to."""
    rows = PushSubscription.objects.filter(user_id=user_id).order_by("id")
    return [{"id": str(r.id), "made_at": r.made_at.isoformat()} for r in rows]


def masked(value: str) -> str:
    """A number or account with its middle hidden: 138****5678."""
    if len(value) < 8:
        return value[:1] + "*" * max(3, len(value) - 1)
    return value[:3] + "*" * (len(value) - 7) + value[-4:]
