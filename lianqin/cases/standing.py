"""Where crews stand by, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from lianqin.force.queries import standing_by
from lianqin.territory.models import Area, Site

Names = dict[tuple[str, str], dict[str, str]]


def name_of_spot(spot: Site | Area) -> dict[str, str]:
    """A name in both languages, English falling back to Chinese."""
    return {"zh": spot.name_zh, "en": spot.name_en or spot.name_zh}


def spot_names(codes: Iterable[str]) -> Names:
    """Names of sites and areas by kind and code (two queries)."""
    wanted = set(codes)
    sites = Site.objects.filter(code__in=wanted)
    areas = Area.objects.filter(code__in=wanted).defer("geometry")
    names: Names = {("site", one.code): name_of_spot(one) for one in sites}
    return names | {("area", one.code): name_of_spot(one) for one in areas}


def stand_by_names(crews: Iterable[UUID], now: datetime) -> dict[UUID, dict[str, str]]:
    """Where those of the crews stand by that were told to (at most three queries)."""
    stands = standing_by(crews, now)
    if not stands:
        return {}
    names = spot_names(stand.code for stand in stands.values())
    code = {crew: {"zh": stand.code, "en": stand.code} for crew, stand in stands.items()}
    return {c: names.get((stand.kind, stand.code), code[c]) for c, stand in stands.items()}
