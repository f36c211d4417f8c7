"""One row of a request file, cleaned, with everything odd about it named."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lianqin.geo.position import Datum
from lianqin.geo.validity import PositionRefused, read_position

from .profiles import Profile

#: Request files do not speak of other centuries; a year outside is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1970, 2100
#: Longest texts the server keeps.
ID_LENGTH, SERVICE_LENGTH, ADDRESS_LENGTH, DETAIL_LENGTH = 60, 120, 200, 1000


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the file tells it. Times are in UTC; `odd` names what was strange, by code."""

    row: int
    row_id: str
    repeat: int
    service: str
    channel: str
    created: datetime | None
    due: datetime | None
    closed: datetime | None
    address: str
    area: str
    detail: str
    lon: float | None
    lat: float | None
    odd: tuple[str, ...] = ()


@dataclass
class Ids:
    """Ids seen so far and how often: what makes the second of two a repeat."""

    seen: dict[str, int] = field(default_factory=dict)

    def count(self, row_id: str) -> int:
        """How often the id came before."""
        before = self.seen.get(row_id, 0)
        self.seen[row_id] = before + 1
        return before


def clean(value: Any, length: int | None = None) -> str:
    """Text without control characters (PostgreSQL refuses NUL) and with single spaces."""
    if value is None:
        return ""
    text = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in str(value))
    text = re.sub(r"\s+", " ", text).strip()
    return text[:length] if length else text


def read_time(value: Any, zone: str, formats: Sequence[str]) -> datetime | None:
    """The instant in UTC, or None when there is none to be read.

    A time without offset is a wall clock in `zone`; of the hour that comes twice in autumn the
    first is taken.
    """
    moment = _moment(value, formats)
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC)


def _moment(value: Any, formats: Sequence[str]) -> datetime | None:
    if isinstance(value, datetime):
        return value
    text = clean(value)
    for form in formats:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 (the zone is set by the caller)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def read_spot(lon: Any, lat: Any, profile: Profile) -> tuple[float | None, float | None, str]:
    """Longitude and latitude in degrees as the file gives them, and what is wrong ('' = nothing).

    Numbers that are no usable position are still passed on: the server refuses them and keeps
    them with the report.
    """
    fault = ""
    try:
        read_position(lon, lat, Datum.WGS84, profile.box)
    except PositionRefused as refused:
        fault = f"position_{refused.fault.value}"
    numbers = _number(lon, 180.0), _number(lat, 90.0)
    if None in numbers:
        return None, None, fault or "position_not_a_number"
    return numbers[0], numbers[1], fault


def _number(value: Any, limit: float) -> float | None:
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    return number if -limit <= number <= limit else None


def _short(row_id: str) -> str:
    """An id as long as the server keeps; of a longer one the end is replaced by its hash."""
    if len(row_id) <= ID_LENGTH:
        return row_id
    return f"{row_id[:40]}-{hashlib.sha256(row_id.encode()).hexdigest()[:16]}"


def read_row(row: int, cells: Mapping[str, Any], profile: Profile, ids: Ids) -> Request:
    """Clean one row. Never fails: whatever is missing or strange is named in `odd`."""
    odd: list[str] = []
    row_id = _short(next((text for c in profile.ids if (text := clean(cells.get(c)))), ""))
    if not row_id:
        odd.append("id_missing")
        row_id = f"row-{row}"
    repeat = ids.count(row_id)
    if repeat:
        odd.append("id_repeated")
    service = clean(cells.get(profile.service), SERVICE_LENGTH)
    if not service:
        odd.append("type_missing")
    created, due, closed = _times(cells, profile, odd)
    lon, lat, fault = read_spot(cells.get(profile.lon), cells.get(profile.lat), profile)
    odd += [fault] if fault else []
    area = clean(cells.get(profile.area))
    if not area:
        odd.append("area_missing")
    return Request(
        row=row,
        row_id=row_id,
        repeat=repeat,
        service=service,
        channel=clean(cells.get(profile.channel)),
        created=created,
        due=due,
        closed=closed,
        address=clean(cells.get(profile.address), ADDRESS_LENGTH),
        area=area,
        detail=_detail(cells, profile),
        lon=lon,
        lat=lat,
        odd=tuple(odd),
    )


def _detail(cells: Mapping[str, Any], profile: Profile) -> str:
    texts = (clean(cells.get(column)) for column in profile.detail)
    return " · ".join(filter(None, texts))[:DETAIL_LENGTH]


def _times(
    cells: Mapping[str, Any], profile: Profile, odd: list[str]
) -> tuple[datetime | None, datetime | None, datetime | None]:
    read: list[datetime | None] = []
    for name, column in (
        ("created", profile.created),
        ("due", profile.due),
        ("closed", profile.closed),
    ):
        value = cells.get(column) if column else None
        moment = read_time(value, profile.zone, profile.date_formats)
        if moment is None and (name == "created" or clean(value)):
            odd.append(f"{name}_{'unreadable' if clean(value) else 'missing'}")
        read.append(moment)
    created, due, closed = read
    if created and closed and closed < created:
        odd.append("duration_negative")
    if created and due and due < created:
        odd.append("due_before_created")
    return created, due, closed
