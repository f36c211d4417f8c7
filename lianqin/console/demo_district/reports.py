"""About sixty invented reports of one duty date, to be worked by the real actions.

Classes and sources are drawn in the proportions of the demo's day; the mix of states is chosen
so that every tab of the desk has something to show.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from lianqin.console.demo_district import areas, base_map, force, shapes, sites
from lianqin.console.demo_district.classes import case_classes
from lianqin.console.demo_district.data import rows
from lianqin.console.demo_district.models import DemoReport
from lianqin.console.demo_district.streets import Street
from lianqin.worktime import shift_of, utc

_ZONE = ZoneInfo("Asia/Shanghai")
_SOURCES = {
    "巡查发现": "patrol",
    "市平台派件(采集员)": "city_platform",
    "视频巡查(坐席员)": "video",
    "12345转办": "hotline",
    "社区城管工作站/警务室": "community_post",
    "公众直报": "public",
    "110分流(非警务)": "police_110",
}
# State, how many, and how many minutes ago they came in.
_STATES = (
    ("closed", 26, 180, 1400),
    ("handling", 9, 25, 110),
    ("reported", 5, 1, 9),
    ("filed", 4, 6, 18),
    ("dispatched", 4, 10, 30),
    ("to_check", 4, 60, 160),
    ("to_close", 2, 90, 170),
    ("rejected", 3, 60, 700),
)
_OVERDUE = 2
_JOINED = 5
# Classes that belong to a department wherever they are found; the rest go to crews and sections.
_DEPARTMENT = {
    ("event", "0501"): "water",
    ("event", "0503"): "housing",
    ("event", "0505"): "housing",
    ("event", "0301"): "ecology",
    ("event", "0304"): "housing",
    ("part", "0137"): "lighting",
    ("part", "0102"): "housing",
}
_SANITATION = {("event", code) for code in ("0110", "0192", "0112", "0114", "0137")} | {
    ("part", "0305")
}
_REASONS = (
    "现场核实未见所述问题",
    "不属于城市管理范围，已告知反映渠道",
    "信息不足，无法确定位置",
)
NEAR = ("附近", "路东", "路西侧人行道", "公交站旁", "门前")
COUNT = sum(row[1] for row in _STATES) + _OVERDUE + _JOINED


@dataclass(frozen=True, slots=True)
class _Draft:
    """A report without its time, state and people."""

    kind: str
    code: str
    text: str
    photo: str
    source: str
    address: str
    point: shapes.Pair
    area: str


def reports(now: datetime) -> tuple[DemoReport, ...]:
    """The reports as if the demo had been running for a day, oldest first.

    Parameters
    ----------
    now
        The present of the demo; the last report came in a minute before.
    """
    at, drafts = utc(now), list(_drafts())
    dice = random.Random("states")  # noqa: S311 - a picture, not a secret
    found: list[DemoReport] = []
    plan = [
        (state, at - timedelta(minutes=dice.randint(first, last)))
        for state, count, first, last in _STATES
        for _ in range(count)
    ]
    plan += [("handling", at - timedelta(minutes=260 + 75 * late)) for late in range(_OVERDUE)]
    plan.sort(key=lambda item: item[1])
    since = at - timedelta(minutes=260)
    late = [state == "handling" and when <= since for state, when in plan]
    drafts = _with_late_ones(drafts, late)
    for draft, (state, when) in zip(drafts, plan, strict=True):
        found.append(_report(draft, state, when, len(found), dice))
    found += _twins(found, at, dice)
    found.sort(key=lambda report: (report.occurred_at, report.key))
    return tuple(found)


def _with_late_ones(drafts: list[_Draft], late: list[bool]) -> list[_Draft]:
    """The drafts in an order that puts something with a short limit into every late place.

    In the centre that the first card opens, so that a newcomer sees what overdue looks like.
    """
    found = list(drafts)
    limits = {(c.kind, c.code): (c.limit_unit, c.limit_value) for c in case_classes()}
    for slot in (number for number, is_late in enumerate(late) if is_late):
        for number, draft in enumerate(found):
            unit, value = limits[(draft.kind, draft.code)]
            short = unit == "urgent_hour" and value <= 4
            if short and not late[number] and areas.place_of(draft.area).endswith("/pengcheng"):
                found[slot], found[number] = found[number], found[slot]
                break
    return found


def _report(
    draft: _Draft, state: str, when: datetime, number: int, dice: random.Random
) -> DemoReport:
    lon, lat = shapes.degrees(*draft.point)
    worked = state in ("dispatched", "handling", "to_check", "to_close", "closed")
    assignee = _assignee(draft, when) if worked else None
    return DemoReport(
        key=f"demo-{number + 1:02d}",
        kind=draft.kind,
        code=draft.code,
        description=draft.text,
        address=draft.address,
        lon=lon,
        lat=lat,
        area=draft.area,
        place=areas.place_of(draft.area),
        source=draft.source,
        occurred_at=when,
        state=state,
        assignee=assignee,
        reason=dice.choice(_REASONS) if state == "rejected" else None,
        photo=draft.photo,
        told_by_radio=assignee is not None and assignee[0] == "crew" and dice.random() < 0.3,
    )


def _assignee(draft: _Draft, when: datetime) -> tuple[str, str]:
    """The department, the section, or the crew on duty in that centre at that time."""
    key = (draft.kind, draft.code)
    if key in _DEPARTMENT:
        return "unit", _DEPARTMENT[key]
    if key in _SANITATION:
        return "unit", f"sanitation-{draft.area[:9]}"
    centre = areas.place_of(draft.area).rsplit("/", 1)[-1]
    return "crew", force.crew_key(centre, shift_of(when, _ZONE).shift.key)


def _twins(found: list[DemoReport], now: datetime, dice: random.Random) -> list[DemoReport]:
    """Second reports of something still open, a few metres and minutes off."""
    # Enough time must have passed for somebody else to have seen it too.
    open_ones = [
        report
        for report in found
        if report.state == "handling" and now - report.occurred_at > timedelta(minutes=24)
    ]
    twins = []
    for number, first in enumerate(open_ones[-_JOINED:]):
        x, y = shapes.plane(first.lon, first.lat)
        ground = areas.communities()[first.area]
        near = Point(x, y).buffer(0.03).intersection(ground)
        lon, lat = shapes.degrees(*shapes.spot(near, dice))
        twins.append(
            replace(
                first,
                key=f"demo-twin-{number + 1}",
                lon=lon,
                lat=lat,
                source="hotline" if number % 2 else "public",
                description="同一位置：" + first.description,
                occurred_at=first.occurred_at + timedelta(minutes=9 + number),
                state="joined",
                assignee=None,
                joins=first.key,
                told_by_radio=False,
            )
        )
    return twins


@cache
def _drafts() -> tuple[_Draft, ...]:
    dice = random.Random("reports")  # noqa: S311 - a picture, not a secret
    texts: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows("descriptions.csv"):
        texts.setdefault((row["kind"], row["code"]), []).append(row)
    count = COUNT - _JOINED
    classes = _in_proportion(_class_weights(), count, dice)
    sources = _in_proportion(_source_weights(), count, dice)
    centres = _in_proportion(_centre_weights(), count, dice)
    found = []
    for number, (key, source, centre) in enumerate(zip(classes, sources, centres, strict=True)):
        kind, code = key.split("/")
        row = texts[(kind, code)][number % len(texts[(kind, code)])]
        point, street = beside_a_street(centre, dice)
        address = f"{street.zh} {dice.randint(1, 188)} 号{dice.choice(NEAR)}"
        area = sites.community_of(*point)
        found.append(_Draft(kind, code, row["text"], row["photo"], source, address, point, area))
    return tuple(found)


def _class_weights() -> dict[str, int]:
    shifts = ("early", "middle", "late", "night")
    return {
        f"{row['kind']}/{row['code']}": sum(int(row[shift]) for shift in shifts)
        for row in rows("matrix.csv")
    }


def _source_weights() -> dict[str, int]:
    return {_SOURCES[row["source"]]: int(row["total"]) for row in rows("sources.csv")}


def _centre_weights() -> dict[str, int]:
    keys = {centre.short["zh"]: centre.key for centre in areas.centres()}
    return {keys[row["centre"]]: int(row["reports"]) for row in rows("centres.csv")}


def _in_proportion(weights: dict[str, int], count: int, dice: random.Random) -> list[str]:
    """So many draws in the given proportions (largest remainder), shuffled."""
    whole = sum(weights.values())
    shares = {key: weight * count / whole for key, weight in weights.items()}
    drawn = {key: int(share) for key, share in shares.items()}
    rest = sorted(shares, key=lambda key: (drawn[key] - shares[key], key))
    for key in rest[: count - sum(drawn.values())]:
        drawn[key] += 1
    found = [key for key in sorted(drawn) for _ in range(drawn[key])]
    dice.shuffle(found)
    return found


def beside_a_street(centre: str, dice: random.Random) -> tuple[shapes.Pair, Street]:
    """A dry point of a centre's zone within a few steps of a street with a name."""
    strips = _strips(centre)
    street, beside = dice.choices(strips, weights=[strip.area for _, strip in strips])[0]
    return shapes.spot(beside, dice), street


@cache
def _strips(centre: str) -> list[tuple[Street, BaseGeometry]]:
    """The ground beside each street of a centre's zone."""
    ground = sites.dry(areas.zones()[centre]).buffer(-0.03)
    found = []
    for key in sorted(base_map.named_streets()):
        street, course = base_map.named_streets()[key]
        beside = course.buffer(0.022).difference(course.buffer(0.01)).intersection(ground)
        if beside.area > 0.002:
            found.append((street, beside))
    return found
