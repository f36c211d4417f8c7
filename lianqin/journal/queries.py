"""Reading the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from .models import Entry, Head


def in_places(places: Iterable[str], field: str = "place") -> Q:
    """Rows whose place path lies in one of the places; no place, no row."""
    condition = Q(pk__in=[])
    for place in places:
        condition |= Q(**{field: place}) | Q(**{f"{field}__startswith": place + "/"})
    return condition


def head() -> int:
    """The last position given out: what a snapshot is at least as new as, if read before it."""
    return Head.objects.values_list("position", flat=True).get(log="journal")


def entries_after(position: int, limit: int = 500) -> list[Entry]:
    """The next entries in the order of their commits."""
    return list(Entry.objects.filter(position__gt=position).order_by("position")[:limit])


@dataclass(frozen=True)
class Wanted:
    """Which entries: an act, what they are about, from `since` up to before `until`."""

    act: str = ""
    subject_kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def page_of(
    places: Iterable[str], wanted: Wanted, *, after: int | None = None, limit: int = 50
) -> tuple[list[Entry], int | None]:
    """Entries inside the places, newest first, behind the position `after`, and the position at
    which the next page begins (one query)."""
    rows = Entry.objects.filter(in_places(places))
    if wanted.act:
        rows = rows.filter(act=wanted.act)
    if wanted.subject_kind:
        rows = rows.filter(subject_kind=wanted.subject_kind)
    if wanted.since:
        rows = rows.filter(recorded_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(recorded_at__lt=wanted.until)
    if after is not None:
        rows = rows.filter(position__lt=after)
    found = list(rows.order_by("-position")[: limit + 1])
    return found[:limit], found[limit - 1].position if len(found) > limit else None
