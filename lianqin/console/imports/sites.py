"""The rows of a table of sites, and of a calendar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from lianqin.console.words import tr
from lianqin.geo import Datum, PositionRefused, read_position
from lianqin.geo.position import Box

from .cells import Fault, by_column, day, degrees, identifier, known_place, names, one_of, text
from .columns import Known
from .progress import shown
from .running import Part

SITE_KINDS = {
    "station": "派出所",
    "kiosk": "岗亭",
    "community_post": "社区工作站",
    "stand_by_point": "备勤点",
}
DAY_KINDS = {"holiday": "假日", "workday": "调休上班"}
_DECIMALS = 7  # about a centimetre


@dataclass(frozen=True)
class Where:
    """What sites are checked against: the district, places in it, where positions should lie."""

    district: str
    places: Collection[str]
    datum: Datum = Datum.WGS84
    box: Box | None = None


def read_sites(known: Known, where: Where, part: Part) -> list[dict[str, Any]]:
    """Sites as the territory keeps them."""
    good: dict[str, dict[str, Any]] = {}
    seen: dict[str, int] = {}
    for number, cells in shown(known.rows(), tr("点位", "sites"), known.table.about):
        part.read += 1
        try:
            row = _site(by_column(known, cells), where)
            _once(seen, row["code"], number, "code")
            good[row["code"]] = row
        except Fault as fault:
            part.leave_out(number, fault.field, fault.reason)
    return list(good.values())


def _site(found: dict[str, str], where: Where) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": identifier("code", found["code"], 40),
        "kind": one_of("kind", found["kind"], SITE_KINDS),
        **names(found, "name", 80, 120),
        "place": known_place("place", found.get("place", ""), where.district, where.places),
    }
    lon, lat = degrees("lon", found["lon"], 180), degrees("lat", found["lat"], 180)
    try:
        at = read_position(lon, lat, where.datum, where.box).wgs84
    except PositionRefused as refused:
        raise Fault("lon", _position_words(str(refused.fault), lon, lat)) from refused
    return row | {"lon": round(at.lon, _DECIMALS), "lat": round(at.lat, _DECIMALS)}


def _position_words(refused: str, lon: float, lat: float) -> str:
    known = {
        "swapped": (
            f"经纬度颠倒,应为经度 {lat}、纬度 {lon}",
            f"longitude and latitude are swapped: it should be {lat}, {lon}",
        ),
        "null_island": ("坐标为零,应为实际位置", "is zero; the real position is needed"),
        "rounded": (
            "坐标只有整数度,应填到小数点后至少四位",
            "is rounded to whole degrees; give four decimals at least",
        ),
        "outside_district": (
            "坐标不在本区,请核对坐标和 --datum",
            "lies outside the district; check the numbers and --datum",
        ),
    }
    return tr(*known.get(refused, ("坐标无法使用", "cannot be used as a position")))


def read_days(known: Known, part: Part) -> list[tuple[date, str, str]]:
    """Days that are not what their weekday says: date, kind, name."""
    good: list[tuple[date, str, str]] = []
    seen: dict[str, int] = {}
    for number, cells in known.rows():
        part.read += 1
        try:
            row = _day(by_column(known, cells))
            _once(seen, row[0].isoformat(), number, "date")
            good.append(row)
        except Fault as fault:
            part.leave_out(number, fault.field, fault.reason)
    return good


def _day(found: dict[str, str]) -> tuple[date, str, str]:
    on = day("date", found["date"])
    if on is None:
        raise Fault(
            "date", tr("为空,应为日期,例如 2027-01-01", "is empty; a date, such as 2027-01-01")
        )
    kind = one_of("kind", found["kind"], DAY_KINDS)
    weekend = on.weekday() >= 5
    if kind == "workday" and not weekend:
        raise Fault(
            "kind",
            tr(
                f"{on} 本是工作日;workday 只用于调休上班的周末",
                f"{on} is a weekday anyway; workday is for a weekend that is worked",
            ),
        )
    return on, kind, text("name", found.get("name", ""), 40)


def _once(seen: dict[str, int], key: str, number: int, column: str) -> None:
    if key in seen:
        raise Fault(
            column,
            tr(
                f"与第 {seen[key]} 行重复,只留一行",
                f"the same as row {seen[key]}; keep one of them",
            ),
        )
    seen[key] = number
