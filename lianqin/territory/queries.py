"""Reading the district: who it is, its calendar, which area a position lies in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from lianqin.accounts.principal import Scope
from lianqin.accounts.refusals import Refusal
from lianqin.geo import Area as GeoArea
from lianqin.geo import Areas, Datum, Position, PositionRefused, read_position
from lianqin.worktime import Calendar

from .models import Area, CalendarDay, District, MapFeature, Site

#: Metres that a position may lie outside the outline and still be the district's: the far kerb.
EDGE_M = 60.0


@dataclass(frozen=True)
class Spot:
    """A position as it was given: numbers and the datum they are meant in."""

    lon: float
    lat: float
    datum: str = "wgs84"


@dataclass(frozen=True)
class Located:
    """A given spot in WGS 84: the area and place it lies in, or why it cannot be used."""

    lon: float
    lat: float
    area: tuple[str, str] | None
    refused: str = ""


class NoDistrict(Exception):
    """The install has not been set up: there is no district."""


_held: ContextVar[list[District] | None] = ContextVar("district_of_this_request", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """While it lasts the district is read once: for one request, which asks for it several times
    and in which nobody changes it."""
    before = _held.set([])
    try:
        yield
    finally:
        _held.reset(before)


def district() -> District:
    """The district of this install (its outline is read only when asked for), or NoDistrict."""
    held = _held.get()
    if held:
        return held[0]
    found = District.objects.defer("outline").first()
    if found is None:
        raise NoDistrict()
    if held is not None:
        held.append(found)
    return found


_zones: dict[str, ZoneInfo] = {}


def zone() -> ZoneInfo | None:
    """The district's time zone, None while there is no district. Read once in a process: once a
    district stands, nothing changes it."""
    if "here" not in _zones:
        name = District.objects.values_list("timezone", flat=True).first()
        if name is None:
            return None
        _zones["here"] = ZoneInfo(name)
    return _zones["here"]


def forget_zone() -> None:
    """Read the zone anew; for tests, which have one district after another."""
    _zones.clear()


def replays_allowed() -> bool:
    """Whether a replay may run on its own time here: only in an install flagged demo."""
    try:
        return district().demo
    except NoDistrict:
        return False


def area_by_code(code: str) -> Area | None:
    """The area with that official code, without its polygon."""
    return Area.objects.defer("geometry").filter(code=code).first()


def areas() -> QuerySet[Area]:
    """Every area, parents first."""
    return Area.objects.select_related("parent").order_by("code")


def office_names() -> dict[str, dict[str, str]]:
    """Names of the subdistricts' offices by place path (one query)."""
    rows = Area.objects.filter(kind="subdistrict").values_list(
        "code", "place", "name_zh", "name_en"
    )
    return {
        place: {"zh": f"{zh}联勤办", "en": f"{en or zh} office"}
        for code, place, zh, en in rows.values_list("code", "place", "name_zh", "name_en")
        # A statistical area without an office stands at its neighbour's place.
        if place.endswith(f"/{code}")
    }


_areas: dict[str, tuple[int, Areas, dict[str, str]]] = {}


def _index(here: District) -> tuple[Areas, dict[str, str]]:
    """The index of areas with geometry, built once per process and version of the territory."""
    kept = _areas.get(here.code)
    if kept is None or kept[0] != here.version:
        rows = list(Area.objects.select_related("parent"))
        drawn = {row.code for row in rows if row.geometry}
        shapes = [
            GeoArea.from_geojson(row.code, row.geometry, _drawn_parent(row, drawn))
            for row in rows
            if row.geometry
        ]
        kept = (here.version, Areas(shapes), {row.code: row.place for row in rows})
        _areas[here.code] = kept
    return kept[1], kept[2]


def _drawn_parent(row: Area, drawn: set[str]) -> str | None:
    return row.parent.code if row.parent and row.parent.code in drawn else None


def locate(spot: Spot, here: District) -> Located:
    """Find the area of a given spot; a spot that cannot be used says why instead. Where no area
    has a shape, a good position is taken without an area."""
    index, places = _index(here)
    box = index.box().grown(EDGE_M) if len(index) else None
    try:
        given = read_position(spot.lon, spot.lat, Datum(spot.datum), box)
    except PositionRefused as refused:
        return Located(spot.lon, spot.lat, None, str(refused.fault))
    at: Position = given.wgs84
    if not len(index):  # no area is drawn: nobody can say that it lies outside
        return Located(at.lon, at.lat, None)
    codes = index.find(at) or index.near(at, EDGE_M)
    if not codes:
        return Located(at.lon, at.lat, None, "outside_district")
    return Located(at.lon, at.lat, (codes[0], places[codes[0]]))


def calendar() -> Calendar:
    """The district's working calendar, from its own rows (two queries)."""
    here = district()
    days = list(CalendarDay.objects.values_list("day", "kind"))
    until = here.calendar_until or date(_last_year(days), 12, 31)
    return Calendar(
        zone=here.timezone,
        valid_from=min((day for day, _ in days), default=until).replace(month=1, day=1),
        valid_until=until,
        holidays=frozenset(day for day, kind in days if kind == "holiday"),
        extra_workdays=frozenset(day for day, kind in days if kind == "workday"),
    )


def _last_year(days: list[tuple[date, str]]) -> int:
    """The last year of which any special day is known."""
    return max((day.year for day, _ in days), default=2000)


def territory(scope: Scope) -> dict[str, Any]:
    """Outline, base map, areas and sites as one GeoJSON collection, limited to the reader's place.

    The outline and the base map are what any paper map shows; areas and sites are limited.
    """
    here = district()
    features = [_feature("outline", here.outline, {"name": _names(here), "code": here.code})]
    for row in MapFeature.objects.order_by("id"):
        features.append(
            _feature(
                row.layer,
                row.geometry,
                {"kind": row.kind, "name": _names(row), "illustrative": row.illustrative},
            )
        )
    features += [_area(row) for row in areas() if row.geometry and _shown(scope, row)]
    features += [_site(row) for row in Site.objects.order_by("code") if scope.holds(row.place)]
    return {"type": "FeatureCollection", "features": [f for f in features if f["geometry"]]}


def _shown(scope: Scope, row: Area) -> bool:
    """An area is shown to whoever reads it or a part of it."""
    return scope.holds(row.place) or any(p.startswith(row.place + "/") for p in scope.places)


def _names(row: District | Area | Site | MapFeature) -> dict[str, str]:
    return {"zh": row.name_zh, "en": row.name_en or row.name_zh}


def _feature(layer: str, geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"layer": layer, **properties},
    }


def _area(row: Area) -> dict[str, Any]:
    return _feature(
        "area",
        row.geometry,
        {
            "code": row.code,
            "kind": row.kind,
            "name": _names(row),
            "illustrative": row.illustrative,
            "place": row.place,
        },
    )


def _site(row: Site) -> dict[str, Any]:
    return _feature(
        "site",
        {"type": "Point", "coordinates": [row.lon, row.lat]},
        {
            "code": row.code,
            "kind": row.kind,
            "name": _names(row),
            "illustrative": row.illustrative,
            "place": row.place,
        },
    )


def check_datum(datum: str) -> str:
    """The datum's code, or Refusal naming the field."""
    try:
        return Datum(datum).value
    except ValueError as error:
        raise Refusal("datum_unknown", field="datum", value=datum) from error
