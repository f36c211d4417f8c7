"""The rows of tables of agencies, centres, crews and members, checked against what is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.console.words import tr
from lianqin.worktime import PILOT

from .cells import Fault, by_column, identifier, names, near, one_of, place_path, span, text, yes
from .columns import Known
from .progress import shown
from .running import Part

Row = dict[str, Any]
MEMBER_KINDS = {
    "enforcement_officer": "执法队员",
    "assistant": "协管员",
    "police_officer": "民警",
    "auxiliary": "辅警",
    "patrol_guard": "联防队员",
}
SHIFTS = {shift.key: shift.zh for shift in PILOT}


@dataclass
class Crews:
    """Crews by code, and codes by place and name."""

    places: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, code: str, place: str, *called: str) -> None:
        """A crew that stands or comes in."""
        self.places[code] = place
        for name in {name for name in called if name}:
            self.names.setdefault((place, name), []).append(code)

    def code_of(self, value: str, place: str | None) -> str:
        """The crew of that code, else the only one of that name (at `place`, where one is said)."""
        if value in self.places and place in (None, self.places[value]):
            return value
        called = [
            code
            for (where, name), codes in self.names.items()
            if name == value and place in (None, where)
            for code in codes
        ]
        if len(set(called)) == 1:
            return called[0]
        if called:
            codes_text = ", ".join(sorted(called))
            raise Fault(
                "crew",
                tr(
                    f"有 {len(called)} 个联勤组名为“{value}”,请填代码:{codes_text}",
                    f"{len(called)} crews are called '{value}'; give the code: {codes_text}",
                ),
            )
        here = [code for code, where in self.places.items() if place in (None, where)]
        zh, en = near(value, here or self.places)
        raise Fault(
            "crew",
            tr(
                f"没有联勤组“{value}”,应为其代码或名称{zh}",
                f"there is no crew '{value}'; give its code or name{en}",
            ),
        )


@dataclass
class Around:
    """What stands in the install, and what the tables read so far bring: each row is checked
    against both."""

    district: str
    places: set[str] = field(default_factory=set)
    agencies: dict[str, str | None] = field(default_factory=dict)
    #: Agencies that take cases, and the places that they answer for.
    units: dict[str, str] = field(default_factory=dict)
    centres: set[str] = field(default_factory=set)
    crews: Crews = field(default_factory=Crews)

    def new_place(self, name: str, value: str) -> str:
        """A place that is known, or the next level below one that is."""
        path = place_path(name, value or self.district, self.district)
        above = path.rpartition("/")[0]
        known = {self.district, *self.places, *self.centres}
        if path in known or above in known:
            return path
        zh, en = near(above, known)
        raise Fault(
            name,
            tr(
                f"没有“{above}”,“{path}”应在街道或本区之下{zh}",
                f"there is no '{above}'; '{path}' should lie in a subdistrict or the district{en}",
            ),
        )

    def centre(self, value: str) -> str:
        """The path of a centre."""
        if value in self.centres:
            return value
        zh, en = near(value, self.centres)
        raise Fault(
            "place",
            tr(
                f"“{value}”不是指挥中心,应为其路径{zh}",
                f"'{value}' is no centre; give the path of one{en}",
            ),
        )

    def agency(self, name: str, value: str) -> str:
        """The code of an agency."""
        if value in self.agencies:
            return value
        zh, en = near(value, self.agencies)
        raise Fault(
            name,
            tr(
                f"没有单位“{value}”,应为其代码{zh}",
                f"there is no agency '{value}'; give its code{en}",
            ),
        )


def read_agencies(known: Known, around: Around, part: Part) -> list[Row]:
    """Agencies, parents before their parts."""
    rows = _each(known, part, ("code",), lambda found: _agency(found, around))
    waiting, good = rows, []
    while waiting:
        later = []
        for number, row in waiting:
            parent = row.get("parent")
            if parent and parent not in around.agencies:
                later.append((number, row))
                continue
            around.agencies[row["code"]] = parent
            if row.get("takes_cases"):
                around.units[row["code"]] = row.get("reach") or around.units[row["code"]]
            good.append(row)
        if len(later) == len(waiting):
            for number, row in later:
                part.leave_out(number, "parent", _no_parent(row, later, around))
            break
        waiting = later
    return good


def _no_parent(row: Row, later: list[tuple[int, Row]], around: Around) -> str:
    parent = row["parent"]
    if parent in {one["code"] for _, one in later}:
        return tr(
            f"上级 {parent} 未被采用,或上级互相循环",
            f"its parent {parent} was left out, or its parents go round in a circle",
        )
    zh, en = near(parent, around.agencies)
    return tr(
        f"没有上级单位“{parent}”,应为单位代码或留空{zh}",
        f"there is no agency '{parent}'; give the code of one, or nothing{en}",
    )


def _agency(found: Mapping[str, str], around: Around) -> Row:
    row: Row = {
        "code": identifier("code", found["code"], 40),
        "kind": identifier("kind", found["kind"], 30),
        **names(found, "name", 80, 120),
    }
    if "parent" in found:
        row["parent"] = found["parent"] or None
    if row.get("parent") == row["code"]:
        raise Fault("parent", tr("不能是自身", "an agency cannot be above itself"))
    if "takes_cases" in found:
        row["takes_cases"] = yes("takes_cases", found["takes_cases"])
    if found.get("reach") or row["code"] not in around.agencies:
        row["reach"] = around.new_place("reach", found.get("reach", ""))
    return row


def read_centres(known: Known, around: Around, part: Part) -> list[Row]:
    """Centres with the names of their teams."""
    rows = _each(known, part, ("place",), lambda found: _centre(found, around))
    around.centres.update(row["place"] for _, row in rows)
    return [row for _, row in rows]


def _centre(found: Mapping[str, str], around: Around) -> Row:
    if not found["place"] or found["place"] == around.district:
        raise Fault(
            "place",
            tr(
                f"“{found['place']}”应为本中心自己的路径,如 {around.district}/…",
                f"'{found['place']}' should be the centre's own path, such as {around.district}/…",
            ),
        )
    phone = {"phone": text("phone", found["phone"], 30)} if "phone" in found else {}
    return {
        **phone,
        "place": around.new_place("place", found["place"]),
        **names(found, "name", 80, 120),
        "station": around.agency("station", found["station"]),
        **names(found, "team_name", 80, 120, needed=False),
    }


def read_crews(known: Known, around: Around, part: Part) -> list[Row]:
    """Crews."""
    rows = _each(known, part, ("code",), lambda found: _crew(found, around))
    for _, row in rows:
        around.crews.add(row["code"], row["place"], row["name_zh"], row.get("name_en", ""))
    return [row for _, row in rows]


def _crew(found: Mapping[str, str], around: Around) -> Row:
    return {
        "code": identifier("code", found["code"], 40),
        "place": around.centre(found["place"]),
        "shift": one_of("shift", found["shift"], SHIFTS),
        **names(found, "name", 60, 80),
    }


def read_members(known: Known, around: Around, part: Part) -> list[Row]:
    """Members; one is known by place, name and kind."""
    key = ("place", "name", "kind")
    return [row for _, row in _each(known, part, key, lambda found: _member(found, around))]


def _member(found: Mapping[str, str], around: Around) -> Row:
    place = around.centre(found["place"])
    row: Row = {
        "place": place,
        "name": text("name", found["name"], 40, needed=True),
        "kind": one_of("kind", found["kind"], MEMBER_KINDS),
    }
    if "crew" in found:
        row["crew"] = around.crews.code_of(found["crew"], place) if found["crew"] else None
    if "certificate" in found:
        row["certificate"] = text("certificate", found["certificate"], 40)
    if "certificate_from" in found or "certificate_until" in found:
        start, end = span(found, "certificate_from", "certificate_until", date.min)
        dated = found.get("certificate_from") or found.get("certificate_until")
        open_start = start == date.min
        dates = DateRange(None, end, "()") if open_start else DateRange(start, end)
        row["certificate_dates"] = dates if dated else None
    return row


def _each(
    known: Known, part: Part, key: tuple[str, ...], read: Callable[[Mapping[str, str]], Row]
) -> list[tuple[int, Row]]:
    """The good rows with their numbers; of those with the same key the first."""
    good: list[tuple[int, Row]] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, cells in shown(known.rows(), known.kind.name, known.table.about):
        part.read += 1
        try:
            row = read(by_column(known, cells))
            same = tuple(row[name] for name in key)
            if same in seen:
                raise Fault(
                    key[-1] if len(key) == 1 else "name",
                    tr(
                        f"与第 {seen[same]} 行重复,只留一行",
                        f"the same as row {seen[same]}; keep one of them",
                    ),
                )
            seen[same] = number
            good.append((number, row))
        except Fault as fault:
            part.leave_out(number, fault.field, fault.reason)
    return good
