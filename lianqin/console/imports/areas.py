"""The features of a territory file: checked one by one, the good ones as the territory keeps
them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from lianqin.console.words import tr
from lianqin.geo import Datum, Position

from .cells import Fault, place_path
from .files import LeftOut, text_fault

#: From the outside in: an area lies in one of a kind further to the left.
_WORDS = {"subdistrict": "街道", "community": "社区", "grid": "网格", "district": "区"}
KINDS = ("subdistrict", "community", "grid")
#: The feature that is the district itself brings its outline.
DISTRICT = "district"
_CODE = re.compile(r"[0-9A-Za-z_-]{1,20}")
#: What others need to know of an area.
_HANGS_ON = ("code", "kind", "parent", "place")
_DECIMALS = 7  # about a centimetre


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
    """What a file brings: areas, perhaps the district's outline, and what is left out; `shapes` are
    the subdistricts'."""

    #: Kind and place of every area that can be taken, by its number in the file.
    places: dict[int, tuple[str, str]] = field(default_factory=dict)
    left: list[LeftOut] = field(default_factory=list)
    outline: dict[str, Any] | None = None
    shapes: list[dict[str, Any]] = field(default_factory=list)
    read: int = 0

    @property
    def kinds(self) -> set[str]:
        """Kinds of the areas that can be taken."""
        return {kind for kind, _ in self.places.values()}


def check_areas(features: Iterable[tuple[int, Any]], ground: Ground) -> Areas:
    """Check every feature, each with its number in the file.

    What is kept of a good one is only what others hang on, so that a large file costs little;
    `rows_of` reads them again.
    """
    found = Areas()
    waiting: list[tuple[int, dict[str, Any]]] = []
    seen: dict[str, int] = {}
    for number, feature in features:
        found.read += 1
        try:
            if isinstance(feature, Fault):
                raise feature
            row = _row(feature, ground)
            if row["code"] in seen:
                first = seen[row["code"]]
                raise Fault("code", tr(f"与第 {first} 个重复", f"the same code as row {first}"))
            seen[row["code"]] = number
            if row["kind"] == DISTRICT:
                found.outline = row["geometry"]
                continue
            if row["kind"] == KINDS[0] and "geometry" in row:
                found.shapes.append(row["geometry"])
            waiting.append((number, {name: row[name] for name in _HANGS_ON}))
        except Fault as fault:
            found.left.append(LeftOut(number, fault.field, fault.reason))
    _place_all(waiting, found, ground)
    found.left.sort(key=lambda one: one.row)
    return found


def rows_of(
    features: Callable[[], Iterable[tuple[int, Any]]], found: Areas, ground: Ground
) -> Iterator[dict[str, Any]]:
    """The areas that were found good, as the territory keeps them, parents before their parts:
    the file is read once for every kind that it holds."""
    for kind in KINDS:
        if kind not in found.kinds:
            continue
        for number, feature in features():
            if found.places.get(number, ("", ""))[0] == kind:
                yield _row(feature, ground) | {"place": found.places[number][1]}


def _row(feature: Any, ground: Ground) -> dict[str, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise Fault("type", tr("不是 Feature", "not a Feature"))
    given = feature.get("properties")
    if not isinstance(given, dict):
        raise Fault("properties", tr("没有属性", "it has no properties"))
    kind = _kind(given)
    code = _area_code(given)
    geometry = _geometry(feature.get("geometry"), ground)
    if kind == DISTRICT:
        if code != ground.district:
            raise Fault("code", tr(f"本区是 {ground.district}", f"here is {ground.district}"))
        if geometry is None:
            raise Fault("geometry", tr("区界没有图形", "the outline has no geometry"))
        return {"code": code, "kind": kind, "geometry": geometry}
    row: dict[str, Any] = {
        "code": code,
        "kind": _area_kind(kind, code, ground),
        "parent": _parent(given, code, ground),
        "name_zh": _text(given, "name_zh", 80)
        or _text(given, "name", 80)
        or _text(given, "name_en", 80),
        "place": _given_place(given, ground),
    }
    if not row["name_zh"]:
        raise Fault("name_zh", tr("名称为空", "the name is empty"))
    # What the file does not say stays as the install has it: nothing is taken away.
    if given.get("name_en") is not None:
        row["name_en"] = _text(given, "name_en", 120)
    if geometry is not None:
        row["geometry"] = geometry
    if geometry is not None or "illustrative" in given:
        row["illustrative"] = given.get("illustrative") is True
    return row


def _text(given: Mapping[str, Any], name: str, longest: int) -> str:
    value = given.get(name)
    if value is None:
        return ""
    # Programs that export tables write codes as numbers.
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Fault(name, tr("应为文字", "should be text"))
    try:
        text = " ".join(str(value).split())
    except ValueError:  # a number of thousands of digits
        raise Fault(name, tr("应为文字", "should be text")) from None
    fault = text_fault(text, longest)
    if fault:
        raise Fault(name, fault)
    return text


def _area_code(given: Mapping[str, Any]) -> str:
    code = _text(given, "code", 20)
    if not _CODE.fullmatch(code):
        raise Fault(
            "code",
            tr(
                f"“{code}”应为 1 至 20 位数字或字母",
                f"'{code}' should be 1 to 20 digits or letters",
            ),
        )
    return code


def _kind(given: Mapping[str, Any]) -> str:
    said = _text(given, "kind", 20)
    return next((kind for kind, zh in _WORDS.items() if said == zh), said.lower())


def _area_kind(kind: str, code: str, ground: Ground) -> str:
    if kind not in KINDS:
        raise Fault(
            "kind",
            tr(
                f"“{kind}”应为 {'、'.join(KINDS)} 之一",
                f"'{kind}' should be one of {', '.join(KINDS)}",
            ),
        )
    known = ground.known.get(code)
    if known is not None and known.kind != kind:
        raise Fault(
            "kind",
            tr(f"此编码已是 {known.kind}", f"this code is a {known.kind} already"),
        )
    return kind


def _parent(given: Mapping[str, Any], code: str, ground: Ground) -> str | None:
    parent = _text(given, "parent", 20)
    if parent == code:
        raise Fault("parent", tr("不能是自身", "an area cannot be its own parent"))
    return None if parent in ("", ground.district) else parent


def _given_place(given: Mapping[str, Any], ground: Ground) -> str:
    place = _text(given, "place", 120)
    if not place:
        return ""
    return place_path("place", place, ground.district)


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
        raise Fault("geometry", tr("不是 GeoJSON 图形", "not a GeoJSON geometry")) from None
    if read.geom_type not in ("Polygon", "MultiPolygon") or read.is_empty:
        raise Fault(
            "geometry",
            tr(f"应为面,不是 {read.geom_type}", f"an area is a polygon, not {read.geom_type}"),
        )
    _refuse_no_degrees(read)
    turned = shapely.transform(read, lambda points: _points(points, ground.datum))
    if not turned.is_valid:
        raise Fault("geometry", _invalid_words(turned))
    if ground.outline is not None and turned.disjoint(ground.outline):
        raise Fault("geometry", tr("在区界之外", "outside the district's outline"))
    result: dict[str, Any] = as_json(mapping(turned))
    return result


def _refuse_no_degrees(geometry: BaseGeometry) -> None:
    points = shapely.get_coordinates(geometry)
    lon, lat = points[:, 0], points[:, 1]
    if numpy.isfinite(points).all() and (abs(lon) <= 180).all() and (abs(lat) <= 90).all():
        return
    if (abs(lat) <= 180).all() and (abs(lon) <= 90).all():
        raise Fault("geometry", tr("经度与纬度颠倒", "longitude and latitude are swapped"))
    raise Fault(
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
                found.places[number] = (row["kind"], row["place"])
            except Fault as fault:
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
        raise Fault(
            "parent",
            tr(f"没有上级 {parent},或它未被采用", f"parent {parent} is missing or was left out"),
        )
    if above is not None and KINDS.index(above[0]) >= KINDS.index(row["kind"]):
        raise Fault(
            "parent",
            tr(f"上级 {parent} 是 {above[0]}", f"parent {parent} is a {above[0]}"),
        )
    known = ground.known.get(row["code"])
    if not row["place"]:
        row["place"] = known.place if known else _default_place(row, above, ground)
    if len(row["place"]) > 120:
        raise Fault("place", tr("最多 120 个字", "at most 120 characters"))
    taken[row["code"]] = (row["kind"], row["place"])


def _default_place(row: Mapping[str, Any], above: tuple[str, str] | None, ground: Ground) -> str:
    if row["kind"] == "subdistrict":
        return f"{ground.district}/{row['code']}"
    if above is None:
        raise Fault("parent", tr("须有 parent 或 place", "it needs a parent or a place"))
    return above[1]
