"""The features of a territory file: checked one by one, the good ones as the territory keeps
them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from lianqin.geo import Datum, Position

from .import_files import LeftOut, text_fault
from .words import Refusal, tr

#: From the outside in: an area lies in one of a kind further to the left.
KINDS = ("subdistrict", "community", "grid")
#: The feature that is the district itself brings its outline.
DISTRICT = "district"
_CODE = re.compile(r"[0-9A-Za-z_-]{1,20}")
_PLACE = re.compile(r"[0-9A-Za-z_.-]+(/[0-9A-Za-z_.-]+)*")
#: CGCS2000 and WGS 84 by the names that exporting programs give them.
_DEGREES = re.compile(r"(CRS84|EPSG:{1,2}(4326|4490))$", re.IGNORECASE)
_DECIMALS = 7  # about a centimetre


class _Fault(Exception):
    """One property of one feature cannot be used."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class Known:
    """An area that the install already has."""

    kind: str
    place: str


@dataclass
class Ground:
    """What a file is checked against: the district and what it already has."""

    district: str
    datum: Datum = Datum.WGS84
    known: Mapping[str, Known] = field(default_factory=dict)
    outline: BaseGeometry | None = None


@dataclass
class Areas:
    """What a file brings: areas, perhaps the district's outline, and what is left out."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    outline: dict[str, Any] | None = None
    read: int = 0


def features_of(value: Any, name: str) -> list[Any]:
    """The features of a GeoJSON FeatureCollection in degrees. Raises Refusal for anything else."""
    if (
        not isinstance(value, dict)
        or value.get("type") != "FeatureCollection"
        or not isinstance(value.get("features"), list)
    ):
        raise Refusal(
            tr(
                f"{name} 不是 GeoJSON FeatureCollection。",
                f"{name} is not a GeoJSON FeatureCollection.",
            )
        )
    crs = value.get("crs")
    called = crs.get("properties") if isinstance(crs, dict) else None
    named = called.get("name") if isinstance(called, dict) else None
    if crs is not None and not _DEGREES.search(str(named)):
        raise Refusal(
            tr(
                f"{name} 的坐标系是 {named},请先转为经纬度(CGCS2000 或 WGS 84)。",
                f"{name} is in {named}; turn it into degrees (CGCS2000 or WGS 84) first.",
            )
        )
    if not value["features"]:
        raise Refusal(tr(f"{name} 没有要素。", f"{name} has no features."))
    return list(value["features"])


def read_areas(features: Iterable[Any], ground: Ground) -> Areas:
    """Check every feature; rows are numbered from 1 in the order of the file."""
    found = Areas()
    waiting: list[tuple[int, dict[str, Any]]] = []
    seen: dict[str, int] = {}
    for number, feature in enumerate(features, start=1):
        found.read += 1
        try:
            row = _row(feature, ground)
            if row["code"] in seen:
                first = seen[row["code"]]
                raise _Fault("code", tr(f"与第 {first} 个重复", f"the same code as row {first}"))
            seen[row["code"]] = number
            if row["kind"] == DISTRICT:
                found.outline = row["geometry"]
            else:
                waiting.append((number, row))
        except _Fault as fault:
            found.left.append(LeftOut(number, fault.field, fault.reason))
    _place_all(waiting, found, ground)
    found.left.sort(key=lambda one: one.row)
    return found


def _row(feature: Any, ground: Ground) -> dict[str, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _Fault("type", tr("不是 Feature", "not a Feature"))
    given = feature.get("properties")
    if not isinstance(given, dict):
        raise _Fault("properties", tr("没有属性", "it has no properties"))
    kind = _text(given, "kind", 20)
    code = _area_code(given)
    geometry = _geometry(feature.get("geometry"), ground)
    if kind == DISTRICT:
        if code != ground.district:
            raise _Fault("code", tr(f"本区是 {ground.district}", f"here is {ground.district}"))
        if geometry is None:
            raise _Fault("geometry", tr("区界没有图形", "the outline has no geometry"))
        return {"code": code, "kind": kind, "geometry": geometry}
    row: dict[str, Any] = {
        "code": code,
        "kind": _area_kind(kind, code, ground),
        "parent": _parent(given, code, ground),
        "name_zh": _text(given, "name_zh", 80) or _text(given, "name", 80),
        "place": _given_place(given, ground),
        "illustrative": given.get("illustrative") is True,
    }
    if not row["name_zh"]:
        raise _Fault("name_zh", tr("名称为空", "the name is empty"))
    # What the file does not say stays as the install has it: nothing is taken away.
    if given.get("name_en") is not None:
        row["name_en"] = _text(given, "name_en", 120)
    if geometry is not None:
        row["geometry"] = geometry
    return row


def _text(given: Mapping[str, Any], name: str, longest: int) -> str:
    value = given.get(name)
    if value is None:
        return ""
    # Programs that export tables write codes as numbers.
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Fault(name, tr("应为文字", "should be text"))
    try:
        text = " ".join(str(value).split())
    except ValueError:  # a number of thousands of digits
        raise _Fault(name, tr("应为文字", "should be text")) from None
    fault = text_fault(text, longest)
    if fault:
        raise _Fault(name, fault)
    return text


def _area_code(given: Mapping[str, Any]) -> str:
    code = _text(given, "code", 20)
    if not _CODE.fullmatch(code):
        raise _Fault(
            "code",
            tr(
                f"“{code}”应为 1 至 20 位数字或字母",
                f"'{code}' should be 1 to 20 digits or letters",
            ),
        )
    return code


def _area_kind(kind: str, code: str, ground: Ground) -> str:
    if kind not in KINDS:
        raise _Fault(
            "kind",
            tr(
                f"“{kind}”应为 {'、'.join(KINDS)} 之一",
                f"'{kind}' should be one of {', '.join(KINDS)}",
            ),
        )
    known = ground.known.get(code)
    if known is not None and known.kind != kind:
        raise _Fault(
            "kind",
            tr(f"此编码已是 {known.kind}", f"this code is a {known.kind} already"),
        )
    return kind


def _parent(given: Mapping[str, Any], code: str, ground: Ground) -> str | None:
    parent = _text(given, "parent", 20)
    if parent == code:
        raise _Fault("parent", tr("不能是自身", "an area cannot be its own parent"))
    return None if parent in ("", ground.district) else parent


def _given_place(given: Mapping[str, Any], ground: Ground) -> str:
    place = _text(given, "place", 120)
    if not place:
        return ""
    inside = place == ground.district or place.startswith(ground.district + "/")
    if not inside or not _PLACE.fullmatch(place):
        raise _Fault(
            "place",
            tr(
                f"“{place}”应以 {ground.district} 开头,各级以 / 分隔",
                f"'{place}' should begin with {ground.district}, levels parted by /",
            ),
        )
    return place


def _geometry(given: Any, ground: Ground) -> dict[str, Any] | None:
    """The polygon in WGS 84 with rings closed and heights dropped; None when there is none."""
    if given is None:
        return None
    try:
        read = shapely.force_2d(shape(given))
    except (
        AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError,
        shapely.errors.ShapelyError,
    ):  # fmt: skip
        raise _Fault("geometry", tr("不是 GeoJSON 图形", "not a GeoJSON geometry")) from None
    if read.geom_type not in ("Polygon", "MultiPolygon") or read.is_empty:
        raise _Fault(
            "geometry",
            tr(f"应为面,不是 {read.geom_type}", f"an area is a polygon, not {read.geom_type}"),
        )
    _refuse_no_degrees(read)
    turned = shapely.transform(read, lambda points: _points(points, ground.datum))
    if not turned.is_valid:
        raise _Fault("geometry", _invalid_words(turned))
    if ground.outline is not None and turned.disjoint(ground.outline):
        raise _Fault("geometry", tr("在区界之外", "outside the district's outline"))
    result: dict[str, Any] = as_json(mapping(turned))
    return result


def _refuse_no_degrees(geometry: BaseGeometry) -> None:
    points = shapely.get_coordinates(geometry)
    lon, lat = points[:, 0], points[:, 1]
    if numpy.isfinite(points).all() and (abs(lon) <= 180).all() and (abs(lat) <= 90).all():
        return
    if (abs(lat) <= 180).all() and (abs(lon) <= 90).all():
        raise _Fault("geometry", tr("经度与纬度颠倒", "longitude and latitude are swapped"))
    raise _Fault(
        "geometry",
        tr("坐标不是经纬度(度)", "its coordinates are not degrees of longitude and latitude"),
    )


def _points(points: Any, datum: Datum) -> Any:
    if datum is Datum.WGS84:
        return points.round(_DECIMALS)
    positions = (Position(lon, lat, datum).wgs84 for lon, lat in points)
    return numpy.array([(p.lon, p.lat) for p in positions]).round(_DECIMALS)


def _invalid_words(geometry: BaseGeometry) -> str:
    """Where the polygon goes wrong; the reason as the geometry library words it."""
    why = shapely.is_valid_reason(geometry)
    return tr(f"图形无效(自相交等):{why}", f"not a valid polygon: {why}")


def as_json(value: Any) -> Any:
    """Tuples as lists, so that what is read compares equal to what the database gives back."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list | tuple) else value


def _place_all(waiting: list[tuple[int, dict[str, Any]]], found: Areas, ground: Ground) -> None:
    """Give every area its place, parents first; what hangs on nothing is left out."""
    in_file = {row["code"] for _, row in waiting}
    taken = {code: _as_known(one) for code, one in ground.known.items()}
    for code in in_file:  # what the file says of an area counts, once it has been checked
        taken.pop(code, None)
    while waiting:
        later = []
        for number, row in waiting:
            parent = row["parent"]
            if parent is not None and parent not in taken and parent in in_file:
                later.append((number, row))
                continue
            try:
                _put(row, taken, ground)
                found.rows.append(row)
            except _Fault as fault:
                in_file.discard(row["code"])
                if row["code"] in ground.known:
                    taken[row["code"]] = _as_known(ground.known[row["code"]])
                found.left.append(LeftOut(number, fault.field, fault.reason))
        if len(later) == len(waiting):
            for number, _ in later:
                reason = tr("上级互相循环", "its parents go round in a circle")
                found.left.append(LeftOut(number, "parent", reason))
            return
        waiting = later


def _as_known(area: Known) -> tuple[str, str]:
    return area.kind, area.place


def _put(row: dict[str, Any], taken: dict[str, tuple[str, str]], ground: Ground) -> None:
    parent = row["parent"]
    above = taken.get(parent) if parent is not None else None
    if parent is not None and above is None:
        raise _Fault(
            "parent",
            tr(f"没有上级 {parent},或它未被采用", f"parent {parent} is missing or was left out"),
        )
    if above is not None and KINDS.index(above[0]) >= KINDS.index(row["kind"]):
        raise _Fault(
            "parent",
            tr(f"上级 {parent} 是 {above[0]}", f"parent {parent} is a {above[0]}"),
        )
    known = ground.known.get(row["code"])
    if not row["place"]:
        row["place"] = known.place if known else _default_place(row, above, ground)
    if len(row["place"]) > 120:
        raise _Fault("place", tr("最多 120 个字", "at most 120 characters"))
    taken[row["code"]] = (row["kind"], row["place"])


def _default_place(row: Mapping[str, Any], above: tuple[str, str] | None, ground: Ground) -> str:
    if row["kind"] == "subdistrict":
        return f"{ground.district}/{row['code']}"
    if above is None:
        raise _Fault("parent", tr("须有 parent 或 place", "it needs a parent or a place"))
    return above[1]
