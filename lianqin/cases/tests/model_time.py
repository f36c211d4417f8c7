"""Counting time by hand: a second, plainer account of the clocks, to compare the real ones with.

Shares nothing with `lianqin.worktime`: the days off are written out, time is counted day by day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=8))
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
#: Of 2026: what a calendar on the wall shows. Nothing is known of the year after.
OFF = {
    *(date(2026, 9, day) for day in (25, 26, 27)),
    *(date(2026, 10, day) for day in range(1, 8)),
}
WORKED = {date(2026, 9, 20), date(2026, 10, 10)}
HOURS = ((8, 12), (14, 18))
#: Minutes of one unit, and whether only working hours count.
UNITS = {
    "minute": (1, False),
    "urgent_hour": (60, False),
    "duty_hour": (60, False),
    "natural_day": (1440, False),
    "work_hour": (60, True),
    "work_day": (480, True),
}


def works(day: date) -> bool:
    """Whether work is done on that day."""
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def counted_between(start: datetime, end: datetime, working: bool) -> timedelta:
    """Time that counts from one instant to another."""
    if end <= start:
        return timedelta()
    if not working:
        return end - start
    total, day = timedelta(), start.astimezone(LOCAL).date()
    while day <= end.astimezone(LOCAL).date():
        for begins, ends in HOURS if works(day) else ():
            opens = datetime(day.year, day.month, day.day, begins, tzinfo=LOCAL)
            shuts = datetime(day.year, day.month, day.day, ends, tzinfo=LOCAL)
            total += max(min(end, shuts) - max(start, opens), timedelta())
        day += timedelta(days=1)
    return total


@dataclass
class Watch:
    """A clock: so much time, when it ran, how often its limit was added."""

    stage: str
    minutes: int
    working: bool
    runs: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    added: int = 0
    stopped: bool = False
    exempt: bool = False

    @property
    def allowed(self) -> timedelta:
        """The limit with what was added."""
        return (1 + self.added) * self.minutes * MINUTE

    @property
    def running(self) -> bool:
        """Whether it runs now."""
        return bool(self.runs) and self.runs[-1][1] is None

    @property
    def doing(self) -> str:
        """running, paused or stopped."""
        return "stopped" if self.stopped else "running" if self.running else "paused"

    def run(self, at: datetime) -> Watch:
        """Let it run from that instant; a pause of no length is none."""
        start = self.runs.pop()[0] if self.runs and self.runs[-1][1] == at else at
        self.runs.append((start, None))
        return self

    def hold(self, at: datetime) -> None:
        """Let it rest."""
        if self.running:
            self.runs[-1] = (self.runs[-1][0], at)

    def stop(self, at: datetime) -> None:
        """End it."""
        self.hold(at)
        self.stopped = True

    def used(self, at: datetime) -> timedelta:
        """What has run off by then."""
        spent = timedelta()
        for start, end in self.runs:
            spent += counted_between(start, min(end or at, at), self.working)
        return spent

    def spent(self, at: datetime) -> bool:
        """Whether a second before `at` nothing was left: the instant it is due is in time."""
        return self.used(at - SECOND) >= self.allowed

    def late(self) -> bool:
        """Whether any stretch that has ended went on past the limit."""
        return any(end is not None and self.spent(end) for _, end in self.runs)

    def is_due(self, at: datetime) -> bool:
        """Whether it runs out at that very instant."""
        return self.used(at) == self.allowed and not self.spent(at)
