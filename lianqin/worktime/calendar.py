"""The calendar against which limits are counted.

All instants going in must carry an offset; all instants coming out are UTC. Python compares
and subtracts two datetimes of one zone by their wall time, which is wrong in the night the
clocks change, so nothing here ever does arithmetic on local time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lianqin.worktime.units import Basis, Limit, Unit

_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60


class BeyondHorizon(ValueError):
    """Working time was asked for on a day whose holidays nobody has announced yet.

    Attributes
    ----------
    day
        The first day that the calendar cannot answer for.
    valid_from, valid_until
        First and last day that it can.
    """

    def __init__(self, day: date, valid_from: date, valid_until: date) -> None:
        super().__init__(
            f"the calendar knows {valid_from} to {valid_until}, not {day}: "
            "enter the holidays of that year"
        )
        self.day = day
        self.valid_from = valid_from
        self.valid_until = valid_until


@dataclass(frozen=True, slots=True)
class Interval:
    """A part of a local day in minutes after 00:00, from ``start`` up to ``end`` (≤ 1440)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= _MINUTES_A_DAY:
            raise ValueError(f"not a part of one day: {self.start}–{self.end}")

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read "08:00-12:00"; "24:00" is the end of the day."""
        start, end = text.replace("–", "-").split("-")
        return cls(_minutes(start), _minutes(end))


def _minutes(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    return int(hours) * 60 + int(minutes or 0)


# 08–12 and 14–18: the working hours that the published standards assume (dossier, section 2).
STANDARD_HOURS = (Interval(8 * 60, 12 * 60), Interval(14 * 60, 18 * 60))
# Joint duty is on day and night in the pilot; a district without a night crew says so in data.
WHOLE_DAY = (Interval(0, _MINUTES_A_DAY),)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When work is done in one district.

    Parameters
    ----------
    zone
        IANA name, such as ``Asia/Shanghai``.
    valid_from, valid_until
        First and last day for which holidays are known, both included.
    holidays
        Days off besides weekends.
    extra_workdays
        Weekend days on which work is done (调休). They win over ``holidays``.
    working, duty
        Parts of a day that count for work hours and for joint-duty hours; sorted, not overlapping.
    weekend
        Weekdays off, Monday = 0.
    """

    zone: str
    valid_from: date
    valid_until: date
    holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()
    working: tuple[Interval, ...] = STANDARD_HOURS
    duty: tuple[Interval, ...] = WHOLE_DAY
    weekend: frozenset[int] = frozenset({5, 6})
    _tz: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tz", ZoneInfo(self.zone))
        if self.valid_from > self.valid_until:
            raise ValueError("a calendar ends after it begins")
        for name, parts in (("working", self.working), ("duty", self.duty)):
            if not parts or any(a.end > b.start for a, b in zip(parts, parts[1:], strict=False)):
                raise ValueError(f"{name} hours must be in order and not overlap")

    @property
    def tz(self) -> ZoneInfo:
        """The zone as an object."""
        return self._tz

    @property
    def work_day(self) -> timedelta:
        """Counted time of one whole working day (8 h with the standard hours)."""
        return timedelta(minutes=sum(part.end - part.start for part in self.working))

    def local_date(self, at: datetime) -> date:
        """The local date of an instant."""
        return utc(at).astimezone(self._tz).date()

    def is_workday(self, day: date) -> bool:
        """Whether work is done on that day.

        Raises
        ------
        BeyondHorizon
            If the day lies outside the calendar's validity.
        """
        if not self.valid_from <= day <= self.valid_until:
            raise BeyondHorizon(day, self.valid_from, self.valid_until)
        if day in self.extra_workdays:
            return True
        return day not in self.holidays and day.weekday() not in self.weekend

    def instant(self, day: date, minutes: int) -> datetime:
        """The UTC instant of so many wall-clock minutes after 00:00 of a local day."""
        return wall_instant(day, minutes, self._tz)

    def parts(self, day: date, basis: Basis) -> Iterator[tuple[datetime, datetime]]:
        """The counted parts of one local day as UTC instants, in order."""
        intervals = self.duty
        if basis is Basis.WORKING:
            intervals = self.working if self.is_workday(day) else ()
        for part in intervals:
            start, end = self.instant(day, part.start), self.instant(day, part.end)
            if start < end:
                yield start, end


def utc(at: datetime) -> datetime:
    """The same instant in UTC.

    Raises
    ------
    ValueError
        If the datetime carries no offset.
    """
    if at.utcoffset() is None:
        raise ValueError(f"an instant needs an offset: {at!r}")
    return at.astimezone(UTC)


def wall_instant(day: date, minutes: int, tz: ZoneInfo) -> datetime:
    """The UTC instant of so many wall-clock minutes after 00:00 of a local day.

    Of a time that comes twice the first is meant, and a time that the clocks skip is the
    instant of the jump, for starts and ends alike: parts of a day that touch on paper touch in
    fact, and none overlap.
    """
    days, rest = divmod(minutes, _MINUTES_A_DAY)
    wall = datetime.combine(day + timedelta(days=days), time(*divmod(rest, 60)), tz)
    at = wall.astimezone(UTC)
    while at.astimezone(tz).replace(tzinfo=None) != wall.replace(tzinfo=None):
        wall += timedelta(minutes=1)
        at = wall.astimezone(UTC)
    return at


def size(unit: Unit, calendar: Calendar) -> timedelta:
    """Counted time of one unit; a work day is as long as the calendar's working hours."""
    if unit is Unit.WORK_DAY:
        return calendar.work_day
    if unit is Unit.NATURAL_DAY:
        return _DAY
    return timedelta(minutes=1) if unit is Unit.MINUTE else timedelta(hours=1)


def span(limit: Limit, calendar: Calendar) -> timedelta:
    """Counted time of a whole limit."""
    return limit.value * size(limit.unit, calendar)


def due_at(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The earliest instant at which the limit is used up, counted from ``start``.

    A limit that ends with the working day is due that evening, not the next morning. Work days
    are counted as working hours, so one day from Monday 15:00 is Tuesday 15:00, and one day
    from Monday 20:00 is Tuesday 18:00. A natural day is 24 hours, also when the clocks change.

    Raises
    ------
    BeyondHorizon
        If working time is needed on a day the calendar does not know.
    """
    return advance(start, span(limit, calendar), limit.unit.basis, calendar)


def advance(start: datetime, amount: timedelta, basis: Basis, calendar: Calendar) -> datetime:
    """The earliest instant not before ``start`` by which ``amount`` has been counted."""
    at = utc(start)
    if amount <= timedelta():
        return at
    if basis is Basis.CONTINUOUS:
        return at + amount
    day = calendar.local_date(at)
    while True:
        for begin, end in calendar.parts(day, basis):
            here = max(begin, at)
            if here >= end:
                continue
            if end - here >= amount:
                return here + amount
            amount -= end - here
        day += _DAY


def elapsed(start: datetime, end: datetime, unit: Unit, calendar: Calendar) -> timedelta:
    """Counted time between two instants, zero if ``end`` is not after ``start``.

    Divide by ``size(unit, calendar)`` for a number of units. Only days on which something
    could count are looked at, so a calendar need not know the day *after* the end.

    Raises
    ------
    BeyondHorizon
        As for :func:`due_at`.
    """
    return between(start, end, unit.basis, calendar)


def between(start: datetime, end: datetime, basis: Basis, calendar: Calendar) -> timedelta:
    """Counted time between two instants for a way of counting."""
    first, last = utc(start), utc(end)
    total = timedelta()
    if last <= first:
        return total
    if basis is Basis.CONTINUOUS:
        return last - first
    day, final = calendar.local_date(first), calendar.local_date(last)
    while day <= final and calendar.instant(day, 0) < last:
        for begin, stop in calendar.parts(day, basis):
            total += max(min(stop, last) - max(begin, first), timedelta())
        day += _DAY
    return total
