"""The rows of a plain request file: checked one by one, the good ones as reports to take in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lianqin.cases.tickets import cells as ticket_cells
from lianqin.cases.tickets.cells import Wrong
from lianqin.cases.tickets.sheet import Cell
from lianqin.console.words import tr

from .cells import Fault, degrees, kind, near, text

#: A sender's clock may be this much ahead of ours.
AHEAD = timedelta(minutes=5)
Classes = Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True)
class Around:
    """What rows are read against: the zone of times without offset, forms of dates besides the
    usual ones, the datum where no column says it; classes with their names, areas by word."""

    zone: ZoneInfo
    now: datetime
    classes: Classes
    areas: Mapping[str, str]
    formats: Sequence[str] = ()
    datum: str = "wgs84"
    #: Classes by the names that one of them alone has.
    by_name: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A row that can be taken in."""

    id: str
    service: str = ""
    class_key: tuple[str, str] | None = None
    description: str = ""
    note: str = ""
    address: str = ""
    area: str = ""
    lon: float | None = None
    lat: float | None = None
    datum: str = "wgs84"
    created: datetime | None = None
    due: datetime | None = None
    name: str = ""
    phone: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over what the row says: a changed row is another one."""
        plain = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


def names_of_classes(classes: Classes) -> dict[str, tuple[str, str]]:
    """Classes by their names, those that several share left out."""
    found: dict[str, tuple[str, str]] = {}
    twice: set[str] = set()
    for key, names in classes.items():
        for name in {name.casefold() for name in names if name}:
            if found.setdefault(name, key) != key:
                twice.add(name)
    return {name: key for name, key in found.items() if name not in twice}


def read_request(found: Mapping[str, str], around: Around) -> Request:
    """The row as a request. Raises Fault for the first cell that cannot be used."""
    service = _line("service", found, 120)
    key = _class(found, service, around)
    description = text("description", _flat(found.get("description", "")), 2000)
    if not (service or key or description):
        raise Fault(
            "description",
            tr(
                "类别名称、小类代码和问题描述都为空,至少填写一项",
                "neither service, code nor description; enter one at least",
            ),
        )
    lon, lat = _spot(found)
    created = _instant("created", found, around)
    due = _instant("due", found, around)
    _in_order(created, due, around)
    return Request(
        id=text("id", found["id"], 60, needed=True),
        service=service,
        class_key=key,
        description=description,
        note=text("note", _flat(found.get("note", "")), 2000),
        address=_line("address", found, 200),
        area=_area(found.get("area", ""), around),
        lon=lon,
        lat=lat,
        datum=_datum(found.get("datum", ""), around.datum),
        created=created,
        due=due,
        name=_line("name", found, 60),
        phone=_line("phone", found, 30),
    )


def _line(name: str, found: Mapping[str, str], longest: int) -> str:
    return text(name, found.get(name, ""), longest)


def _flat(value: str) -> str:
    return " ".join(value.split())


def _class(found: Mapping[str, str], service: str, around: Around) -> tuple[str, str] | None:
    """By code; without one, the class that is called as the service is, if there is one."""
    code = found.get("code", "")
    if not code:
        return around.by_name.get(service.casefold()) if service else None
    said = kind(found["kind"]) if found.get("kind") else ""
    wanted = [said] if said else ["event", "part"]
    fits = [(one, code) for one in wanted if (one, code) in around.classes]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise Fault(
            "kind",
            tr(
                f"{code} 既是事件又是部件,请填写类型",
                f"{code} is both an event and a part; say which",
            ),
        )
    codes = {one for of, one in around.classes if said in ("", of)}
    zh, en = near(code, codes)
    raise Fault(
        "code",
        tr(f"目录中没有 {said} {code},应为目录中的代码{zh}",
           f"the catalogue has no {said or 'class'} {code}; give a code that it has{en}"),
    )  # fmt: skip


def _area(value: str, around: Around) -> str:
    """The code of the area of that code or name."""
    if not value:
        return ""
    found = around.areas.get(value.casefold())
    if found:
        return found
    zh, en = near(value.casefold(), around.areas)
    raise Fault(
        "area",
        tr(
            f"没有编码或名称为“{value}”的区域{zh}",
            f"no area has the code or name '{value}'; give one of this district's{en}",
        ),
    )


def _spot(found: Mapping[str, str]) -> tuple[float | None, float | None]:
    lon, lat = found.get("lon", ""), found.get("lat", "")
    if bool(lon) != bool(lat):
        missing = "lat" if lon else "lon"
        raise Fault(
            missing,
            tr("经纬度须同时填写,或都不填", "longitude and latitude come together or not at all"),
        )
    if not lon:
        return None, None
    return degrees("lon", lon, 180), degrees("lat", lat, 180)


def _datum(value: str, default: str) -> str:
    try:
        return ticket_cells.datum(Cell("", value or None), default)
    except Wrong as wrong:
        raise Fault("datum", tr(wrong.zh, wrong.en)) from wrong


def _instant(name: str, found: Mapping[str, str], around: Around) -> datetime | None:
    value = found.get(name, "")
    if not value:
        return None
    for form in around.formats:
        try:
            return _local(datetime.strptime(value, form), around)  # noqa: DTZ007
        except ValueError:
            continue
    try:
        whole = datetime.fromisoformat(value)
        if len(value) > 10:
            return _local(whole, around)
    except ValueError:
        pass
    try:
        return ticket_cells.instant(name, Cell("", value), around.zone, whole_day=name == "due")
    except Wrong as wrong:
        zh, en = wrong.zh, wrong.en
        if wrong.code == "time_unreadable":
            zh, en = zh + ",或用 --date-format 说明", en + ", or say its form with --date-format"
        raise Fault(name, tr(zh, en)) from wrong


def _local(at: datetime, around: Around) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=around.zone)


def _in_order(created: datetime | None, due: datetime | None, around: Around) -> None:
    if created is not None and created > around.now + AHEAD:
        local = around.now.astimezone(around.zone)
        raise Fault(
            "created",
            tr(
                f"上报时间晚于现在({local:%Y-%m-%d %H:%M}),应不晚于它",
                f"is later than now ({local:%Y-%m-%d %H:%M}); it should not be",
            ),
        )
    if created is not None and due is not None and due <= created:
        local = created.astimezone(around.zone)
        raise Fault(
            "due",
            tr(
                f"截止时间不晚于上报时间,应晚于 {local:%Y-%m-%d %H:%M}",
                f"is not after the report; it should be after {local:%Y-%m-%d %H:%M}",
            ),
        )
