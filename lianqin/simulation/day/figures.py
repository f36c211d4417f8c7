"""The figures of the day: how many reports of what, when, whence and where, and their fates.

The files lie with the demo's other data in the console's folder; here they are read and nothing
of the console is imported.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lianqin.worktime import PILOT, Limit, Unit

ClassKey = tuple[str, str]

#: Minutes after midnight of the duty date at which it begins and ends.
BEGINS, ENDS = 7 * 60, 31 * 60

SOURCES = {
    "巡查发现": "patrol",
    "市平台派件(采集员)": "city_platform",
    "视频巡查(坐席员)": "video",
    "12345转办": "hotline",
    "社区城管工作站/警务室": "community_post",
    "公众直报": "public",
    "110分流(非警务)": "police_110",
}
CENTRES = {
    "青年": "qingnian",
    "彭城": "pengcheng",
    "新生": "xinsheng",
    "王杰": "wangjie",
    "天桥": "tianqiao",
}

#: What became of the 164 by the end of the duty date. The last six were dispatched.
FATES: Mapping[str, int] = {
    "duplicate": 15,
    "rejected": 14,
    "settled": 58,
    "on_time": 51,
    "late": 3,
    "in_hand": 15,
    "to_check": 5,
    "overdue": 2,
    "suspended": 1,
}
DISPATCHED = frozenset({"on_time", "late", "in_hand", "to_check", "overdue", "suspended"})
#: Of those: given to crews and to departments, done again, given more time, looked at again.
TO_CREWS, TO_UNITS, REWORKED, EXTENDED, SAMPLED = 47, 30, 3, 4, 6
#: Beside the catalogue: help to citizens, leads for the police.
SERVICES, LEADS = 6, 3


@dataclass(frozen=True)
class Event:
    """A moment of the day as the demo's own list has it."""

    time: str
    centre: str
    kind: str
    what: str
    expected: str


@dataclass(frozen=True)
class Figures:
    """What a day is made from. Minutes and hours count from midnight of the duty date (24 is the
    midnight after), limits stand in the order of the conditions of a class."""

    classes: Mapping[str, Mapping[ClassKey, int]]
    sources: Mapping[str, Mapping[str, int]]
    hours: Mapping[int, int]
    centres: Mapping[str, int]
    limits: Mapping[ClassKey, tuple[Limit, ...]]
    duties: Mapping[ClassKey, tuple[str, ...]]
    texts: Mapping[ClassKey, tuple[tuple[str, str], ...]]
    events: tuple[Event, ...]


def shift_at(minute: float) -> str:
    """The shift that a minute of the duty date lies in; the next early one after its end."""
    hour = minute / 60
    return next((s.key for s in PILOT if s.start <= hour < s.end), PILOT[0].key)


@cache
def figures() -> Figures:
    """The figures of the demo's day, read once."""
    shifts = [shift.key for shift in PILOT]
    matrix = _rows("matrix.csv")
    limits: dict[ClassKey, list[Limit]] = {}
    for row in _rows("standards.csv"):
        limit = Limit(int(row["limit_value"]), Unit.parse(row["limit_unit"]))
        limits.setdefault((row["kind"], row["code"]), []).append(limit)
    texts: dict[ClassKey, list[tuple[str, str]]] = {}
    for row in _rows("descriptions.csv"):
        texts.setdefault((row["kind"], row["code"]), []).append((row["photo"], row["text"]))
    return Figures(
        classes={s: {(r["kind"], r["code"]): int(r[s]) for r in matrix} for s in shifts},
        sources={
            s: {SOURCES[r["source"]]: int(r[s]) for r in _rows("sources.csv")} for s in shifts
        },
        hours={
            (h := int(r["hour"])) + (24 if h < BEGINS // 60 else 0): int(r["reports"])
            for r in _rows("hours.csv")
        },
        centres={CENTRES[r["centre"]]: int(r["reports"]) for r in _rows("centres.csv")},
        limits={key: tuple(found) for key, found in limits.items()},
        duties={(r["kind"], r["code"]): tuple(r["units"].split()) for r in _rows("duty_units.csv")},
        texts={key: tuple(found) for key, found in texts.items()},
        events=tuple(Event(**row) for row in _rows("events.csv")),
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (files("lianqin.console") / "demo_data" / name).open(encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))
