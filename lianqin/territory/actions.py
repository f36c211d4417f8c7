"""Bringing the territory in: district, areas, sites, base map, calendar. Safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F

from lianqin.accounts.policy import Target
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform

from .models import Area, CalendarDay, District, MapFeature, Site

#: Areas written at once.
_PIECE = 500


@dataclass(frozen=True)
class Territory:
    """What an import brings; every part may be missing. Names are {"zh": …, "en": …}."""

    district: Mapping[str, Any] | None = None
    areas: Iterable[Mapping[str, Any]] = ()
    sites: Iterable[Mapping[str, Any]] = ()
    features: Iterable[Mapping[str, Any]] | None = None
    days: Iterable[tuple[date, str, str]] = ()
    days_until: date | None = None
    origin: str = "live"
    file_hash: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def import_territory(command: Command, district_code: str, new: Territory) -> Done:
    """Write a territory in one transaction and one entry with the counts.

    What has a known code is brought up to date, never doubled; nothing is taken away.
    """

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(district_code))
        if new.district is not None:
            District.objects.update_or_create(only=True, defaults=dict(new.district))
        new.counts["areas"] = _areas(new)
        new.counts["sites"] = _sites(new)
        new.counts["features"] = _features(new)
        new.counts["days"] = _days(new)
        District.objects.update(version=F("version") + 1)
        data = {"counts": new.counts, "file": new.file_hash or None}
        draft = acting.draft(post, ("territory", command.key), data, origin=new.origin)
        return Outcome(draft, {"counts": new.counts})

    return perform(command, work)


def _areas(new: Territory) -> int:
    """Write areas in pieces, whatever their number; those in one piece may come in any order,
    else parents stand before their parts."""
    known: dict[str, UUID] = {}
    written = 0
    rows = iter(new.areas)
    while some := list(islice(rows, _PIECE)):
        codes = {row["code"] for row in some} | {row["parent"] for row in some if row.get("parent")}
        found = Area.objects.filter(code__in=codes - known.keys())
        known.update(found.values_list("code", "id"))
        _write_areas(some, known, new.origin)
        written += len(some)
    return written


def _write_areas(rows: list[Mapping[str, Any]], known: dict[str, UUID], origin: str) -> None:
    """One piece, parents first. Ids of what is new are added to `known`."""
    waiting = list(rows)
    while waiting:
        ready = [row for row in waiting if not row.get("parent") or row["parent"] in known]
        if not ready:
            raise ValueError(f"areas without a known parent: {sorted(r['code'] for r in waiting)}")
        made = []
        for row in ready:
            said = {name: value for name, value in row.items() if name != "parent"}
            parent = known[row["parent"]] if row.get("parent") else None
            made.append({**said, "parent_id": parent, "origin": origin})
        _upsert(Area, "code", made)
        taken = {row["code"] for row in ready}
        fresh = Area.objects.filter(code__in=taken - known.keys())
        known.update(fresh.values_list("code", "id"))
        waiting = [row for row in waiting if row["code"] not in taken]


def _upsert(model: type[Area] | type[Site], key: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows or bring them up to date: what a row does not say stays as it is. One statement
    for all rows that say the same columns."""
    alike: dict[frozenset[str], list[Mapping[str, Any]]] = {}
    for row in rows:
        alike.setdefault(frozenset(row), []).append(row)
    for columns, some in alike.items():
        every: Any = model._default_manager
        every.bulk_create(
            [model(**row) for row in some],
            update_conflicts=True,
            unique_fields=[key],
            update_fields=sorted(columns - {key}),
        )


def _sites(new: Territory) -> int:
    rows = [{**row, "origin": new.origin} for row in new.sites]
    _upsert(Site, "code", rows)
    return len(rows)


def _features(new: Territory) -> int:
    """The base map has no codes: a new one replaces the old one whole."""
    if new.features is None:
        return 0
    MapFeature.objects.all().delete()
    return len(MapFeature.objects.bulk_create(MapFeature(**row) for row in new.features))


def _days(new: Territory) -> int:
    days = [CalendarDay(day=day, kind=kind, name_zh=name) for day, kind, name in new.days]
    CalendarDay.objects.bulk_create(
        days, update_conflicts=True, unique_fields=["day"], update_fields=["kind", "name_zh"]
    )
    if new.days_until:
        District.objects.update(calendar_until=new.days_until)
    return len(days)
