"""The rows of a ticket file: checked cell by cell, the good ones as tickets. Pure.

What the install knows (classes, areas, where a position lies) comes in as a `Ground`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from lianqin.territory.queries import Spot

from . import cells
from .cells import Wrong, shown
from .columns import Body
from .sheet import Cell, Row

T = TypeVar("T")

#: A platform's clock may be this much ahead of ours.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Ground:
    """What rows are checked against. `refuses` says why a position cannot be used, '' if it can;
    `datum` is what coordinates are meant in where no column says it."""

    zone: ZoneInfo
    now: datetime
    classes: frozenset[tuple[str, str]]
    areas: frozenset[str]
    refuses: Callable[[Spot], str]
    datum: str = "wgs84"


@dataclass(frozen=True)
class Ticket:
    """A row that can be taken in."""

    number: str
    class_key: tuple[str, str] | None = None
    description: str = ""
    note: str = ""
    address: str = ""
    spot: Spot | None = None
    area_code: str = ""
    reported_at: datetime | None = None
    deadline: datetime | None = None
    name: str = ""
    phone: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over what the row says: a changed row is another one."""
        plain = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True)
class LeftOut:
    """A cell for which its row was not taken: where, what is wrong and what would be right."""

    cell: str
    row: int
    field: str
    code: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, object]:
        """Plain data, for the answer."""
        reason = {"zh": self.zh, "en": self.en}
        named = {"cell": self.cell, "row": self.row, "field": self.field, "code": self.code}
        return {**named, "reason": reason}


@dataclass
class Numbered:
    """A ticket with its row and the addresses of its cells."""

    row: int
    ticket: Ticket
    addresses: dict[str, str]


@dataclass
class Read:
    """What a file holds: the tickets, and every cell for which a row was left out."""

    tickets: list[Numbered] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    rows: int = 0

    @property
    def rows_left(self) -> int:
        """How many rows were left out; one row may have several wrong cells."""
        return len({one.row for one in self.left})


def read_tickets(body: Body, ground: Ground) -> Read:
    """Check every row below the heading."""
    found = Read(rows=len(body.rows))
    seen: dict[str, str] = {}
    for number, row in body.rows:
        one = _Reader(number, row, body, ground)
        ticket = one.ticket(seen)
        if one.wrong:
            found.left += [
                LeftOut(one.address(w.name), number, w.name, w.code, w.zh, w.en) for w in one.wrong
            ]
        else:
            addresses = {name: one.address(name) for name in body.at}
            found.tickets.append(Numbered(number, ticket, addresses))
    return found


class _Reader:
    """One row under examination; what is wrong with it gathers in `wrong`."""

    def __init__(self, number: int, row: Row, body: Body, ground: Ground) -> None:
        self.number, self.row, self.body, self.ground = number, row, body, ground
        self.wrong: list[Wrong] = []

    def cell(self, name: str) -> Cell:
        """The cell of a column; a blank one where the file has no such column."""
        at = self.body.at.get(name)
        if at is None or at >= len(self.row):
            return Cell("", None)
        return self.row[at]

    def address(self, name: str) -> str:
        """Where a column's cell stands; the row's number's for a column that is not there."""
        cell = self.cell(name)
        return cell.address or self.cell("number").address or f"A{self.number}"

    def ticket(self, seen: dict[str, str]) -> Ticket:
        """The row as a ticket; meant only if nothing was wrong."""
        lon, lat = self._try(self._spot) or (None, None)
        reported, deadline = self._times()
        return Ticket(
            number=self._try(lambda: self._number(seen)) or "",
            class_key=self._try(self._class),
            description=self._try(self._description) or "",
            note=self._text("note", 2000),
            address=self._line("address", 200),
            spot=self._try(lambda: self._usable(lon, lat)),
            area_code=self._try(self._area) or "",
            reported_at=reported,
            deadline=deadline,
            name=self._line("name", 60),
            phone=self._try(lambda: cells.identifier("phone", self.cell("phone"), 30)) or "",
        )

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Wrong as wrong:
            self.wrong.append(wrong)
            return None

    def _text(self, name: str, longest: int) -> str:
        return self._try(lambda: cells.text(name, self.cell(name), longest)) or ""

    def _line(self, name: str, longest: int) -> str:
        return self._try(lambda: cells.line(name, self.cell(name), longest)) or ""

    def _number(self, seen: dict[str, str]) -> str:
        number = cells.identifier("number", self.cell("number"), 60)
        if not number:
            raise Wrong(
                "number",
                "number_missing",
                "缺少任务号,须填写平台或热线的编号",
                "the number is missing; enter the platform's or the hotline's own",
            )
        if number in seen:
            raise Wrong(
                "number",
                "number_twice",
                f"任务号与 {seen[number]} 重复,每个任务号只留一行",
                f"the same number as in {seen[number]}; keep one row for each",
            )
        seen[number] = self.address("number")
        return number

    def _class(self) -> tuple[str, str] | None:
        code = cells.identifier("code", self.cell("code"), 20)
        kind = cells.kind(self.cell("kind"))
        if not code:
            return None
        classes = self.ground.classes
        kinds = [kind] if kind else [k for k in ("event", "part") if (k, code) in classes]
        if len(kinds) == 1 and (kinds[0], code) in classes:
            return kinds[0], code
        if len(kinds) == 2:
            raise Wrong(
                "kind" if "kind" in self.body.at else "code",
                "kind_missing",
                f"{code} 既是事件又是部件,请填写类型",
                f"{code} is both an event and a part; say which",
            )
        raise self._unknown_class(kind, code)

    def _unknown_class(self, kind: str, code: str) -> Wrong:
        classes = self.ground.classes
        padded = code.rjust(4, "0")
        wanted = [kind] if kind else ["event", "part"]
        if padded != code and any((one, padded) in classes for one in wanted):
            zh, en = f",应为 {padded}(该格请设为文本)", f"; it should be {padded}, kept as text"
        elif kind and ({"event": "part", "part": "event"}[kind], code) in classes:
            zh = f",{code} 是{'部件' if kind == 'event' else '事件'},请核对类型"
            en = f"; {code} is a {'part' if kind == 'event' else 'event'}: check the kind"
        else:
            zh, en = ",请按目录填写小类代码", "; name a class of the catalogue"
        word = {"event": "事件", "part": "部件", "": ""}[kind]
        return Wrong(
            "code",
            "class_unknown",
            f"目录中没有{word} {code}{zh}",
            f"the catalogue has no {kind or 'class'} {code}{en}",
        )

    def _description(self) -> str:
        said = cells.text("description", self.cell("description"), 2000)
        if not said and self.cell("code").value is None:
            raise Wrong(
                "description",
                "says_nothing",
                "问题描述和小类代码都为空,至少填写一项",
                "neither a description nor a class; enter one at least",
            )
        return said

    def _area(self) -> str:
        code = cells.identifier("area", self.cell("area"), 20)
        if code and code not in self.ground.areas:
            raise Wrong(
                "area",
                "area_unknown",
                f"没有编码为 {shown(self.cell('area'))} 的区域,请填写本区社区或网格代码",
                f"no area has the code {shown(self.cell('area'))}; name a community or grid of "
                "this district",
            )
        return code

    def _spot(self) -> tuple[float | None, float | None]:
        lon = self._try(lambda: cells.degrees("lon", self.cell("lon"), 180))
        lat = self._try(lambda: cells.degrees("lat", self.cell("lat"), 180))
        given = [n for n in ("lon", "lat") if self.cell(n).value is not None]
        if len(given) == 1:
            missing = "lat" if given == ["lon"] else "lon"
            raise Wrong(
                missing if missing in self.body.at else given[0],
                "position_incomplete",
                f"缺少{'纬度' if missing == 'lat' else '经度'},经纬度须同时填写,或都不填",
                f"the {'latitude' if missing == 'lat' else 'longitude'} is missing; "
                "enter both or neither",
            )
        return lon, lat

    def _usable(self, lon: float | None, lat: float | None) -> Spot | None:
        datum = cells.datum(self.cell("datum"), self.ground.datum)
        if lon is None or lat is None:
            return None
        spot = Spot(lon, lat, datum)
        refused = self.ground.refuses(spot)
        if refused:
            raise Wrong("lon", f"position_{refused}", *_position_words(refused, lon, lat))
        return spot

    def _times(self) -> tuple[datetime | None, datetime | None]:
        zone = self.ground.zone
        reported = self._try(lambda: cells.instant("reported_at", self.cell("reported_at"), zone))
        deadline = self._try(
            lambda: cells.instant("deadline", self.cell("deadline"), zone, whole_day=True)
        )
        self._try(lambda: self._in_order(reported, deadline))
        return reported, deadline

    def _in_order(self, reported: datetime | None, deadline: datetime | None) -> None:
        if reported is not None and reported > self.ground.now + AHEAD:
            local = self.ground.now.astimezone(self.ground.zone)
            raise Wrong(
                "reported_at",
                "reported_in_future",
                f"上报时间晚于现在({local:%Y-%m-%d %H:%M}),请核对",
                f"is later than now ({local:%Y-%m-%d %H:%M}); check it",
            )
        if reported is not None and deadline is not None and deadline <= reported:
            local = reported.astimezone(self.ground.zone)
            raise Wrong(
                "deadline",
                "deadline_before_report",
                f"截止时间早于上报时间,应晚于 {local:%Y-%m-%d %H:%M}",
                f"is before the report; it should be after {local:%Y-%m-%d %H:%M}",
            )


def _position_words(refused: str, lon: float, lat: float) -> tuple[str, str]:
    """What is wrong with a position and what would be right."""
    known = {
        "swapped": (
            f"经纬度颠倒,应为经度 {lat}、纬度 {lon}",
            f"longitude and latitude are swapped: it should be {lat}, {lon}",
        ),
        "null_island": ("坐标为零,不知位置请留空", "is zero; leave it blank if it is not known"),
        "rounded": (
            "坐标只有整数度,请填到小数点后至少四位,不知位置请留空",
            "is rounded to whole degrees; give four decimals at least, or leave it blank",
        ),
        "outside_district": (
            "坐标不在本区,请核对坐标和坐标系,不知位置请留空",
            "lies outside the district; check the numbers and the datum, or leave it blank",
        ),
    }
    return known.get(refused, ("坐标无法使用,请核对", "cannot be used; check it"))
