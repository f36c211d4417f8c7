"""When people are at work: hours and weekdays in the district's own zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
#: Further than this nobody looks for the next opening: hours that never open are a slip.
LONGEST_CLOSED = 8


@dataclass(frozen=True)
class Hours:
    """Open from `opens` up to `closes` o'clock on the weekdays `days` (Monday is 0).

    `opens` after `closes` runs over midnight and belongs to the day on which it opens.
    """

    zone: str = "UTC"
    opens: int = 0
    closes: int = 24
    days: frozenset[int] = frozenset(range(7))

    @property
    def always(self) -> bool:
        """Whether it never closes."""
        return (self.opens, self.closes, len(self.days)) == (0, 24, 7)

    def next_open(self, at: datetime) -> datetime:
        """The first instant from `at` on at which it is open."""
        return at if self.always else self._stretch(at)[0]

    def add(self, at: datetime, work: timedelta) -> datetime:
        """The instant at which so much work has been done, begun at `at`, with closed hours left
        out."""
        if self.always:
            return at + work
        while True:
            start, end = self._stretch(at)
            if start + work <= end:
                return start + work
            work -= end - start
            at = end

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Open time between two instants."""
        if self.always:
            return max(end - start, timedelta())
        found = timedelta()
        while start < end:
            opens, closes = self._stretch(start)
            found += max(min(closes, end) - opens, timedelta())
            start = closes
        return found

    def _stretch(self, at: datetime) -> tuple[datetime, datetime]:
        """The open stretch that holds `at` (from `at` on), or else the next one."""
        day = at.astimezone(ZoneInfo(self.zone)).date() - DAY
        for _ in range(LONGEST_CLOSED + 2):
            if day.weekday() in self.days:
                start, end = self._on(day, self.opens), self._on(day, self._ends())
                if at < end:
                    return max(at, start), end
            day += DAY
        raise ValueError("these hours never open")

    def _ends(self) -> int:
        return self.closes if self.closes > self.opens else self.closes + 24

    def _on(self, day: date, hour: int) -> datetime:
        moment = datetime.combine(day + DAY * (hour // 24), time(hour % 24))
        return moment.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


def parse_hours(text: str) -> tuple[int, int]:
    """`8-17` as (8, 17); ValueError for anything else."""
    low, dash, high = text.partition("-")
    opens, closes = int(low), int(high)
    if not dash or not (0 <= opens < 24 and 0 < closes <= 24) or opens == closes:
        raise ValueError(text)
    return opens, closes


def parse_days(text: str) -> frozenset[int]:
    """`1-5` or `6` (Monday is 1) as weekdays from 0; ValueError for anything else."""
    low, _, high = text.partition("-")
    first, last = int(low), int(high or low)
    if not 1 <= first <= last <= 7:
        raise ValueError(text)
    return frozenset(range(first - 1, last))
