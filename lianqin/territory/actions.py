"""Bringing the territory in: district, areas, sites, base map, calendar. Safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F

from lianqin.accounts.policy import Target
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform

from .models import Area, CalendarDay, District, MapFeature, Site


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
    """Write areas, parents before their parts (they come in any order)."""
    waiting = [dict(row) for row in new.areas]
    known = dict(Area.objects.values_list("code", "id"))
    written = 0
    while waiting:
        ready = [row for row in waiting if not row.get("parent") or row["parent"] in known]
        if not ready:
            raise ValueError(f"areas without a known parent: {sorted(r['code'] for r in waiting)}")
        for row in ready:
            parent = row.pop("parent", None)
            code = row.pop("code")
            area, _ = Area.objects.update_or_create(
                code=code,
                defaults={
                    **row,
                    "parent_id": known[parent] if parent else None,
                    "origin": new.origin,
                },
            )
            known[code] = area.id
            written += 1
        waiting = [row for row in waiting if "code" in row]
    return written


def _sites(new: Territory) -> int:
    written = 0
    for row in new.sites:
        values = {k: v for k, v in row.items() if k != "code"}
        Site.objects.update_or_create(code=row["code"], defaults={**values, "origin": new.origin})
        written += 1
    return written


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
