"""Duty dates and shifts.

A duty date runs from 07:00 to 07:00, and the night shift after midnight is its *last* shift:
whoever works it belongs to the evening before, and so do its reports and its figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lianqin.worktime.calendar import utc, wall_instant

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of a duty date.

    ``start`` and ``end`` are hours on the wall clock after 00:00 of the duty date, so the night
    shift is 24 to 31.
    """

    key: str
    start: int
    end: int
    zh: str
    en: str

    @property
    def hours(self) -> str:
        """The hours as people write them: "19–24", "00–07"."""
        end = self.end - 24 if self.end > 24 else self.end
        return f"{self.start % 24:02d}–{end:02d}"


EARLY = Shift("early", 7, 13, "早班", "early shift")
MIDDLE = Shift("middle", 13, 19, "中班", "middle shift")
LATE = Shift("late", 19, 24, "晚班", "late shift")
NIGHT = Shift("night", 24, 31, "夜班", "night shift")
# The four shifts of the pilot; another district brings its own, in order and without gaps.
PILOT = (EARLY, MIDDLE, LATE, NIGHT)


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift on a duty date."""

    date: date
    shift: Shift


def duty_date(at: datetime, tz: ZoneInfo, pattern: tuple[Shift, ...] = PILOT) -> date:
    """The duty date that an instant belongs to: before the first shift it is still yesterday."""
    local = utc(at).astimezone(tz)
    early = local.hour < pattern[0].start
    return local.date() - timedelta(days=1) if early else local.date()


def shift_of(at: datetime, tz: ZoneInfo, pattern: tuple[Shift, ...] = PILOT) -> Duty:
    """Duty date and shift of an instant.

    Raises
    ------
    LookupError
        If the pattern leaves that hour without a shift.
    """
    day = duty_date(at, tz, pattern)
    local = utc(at).astimezone(tz)
    hour = local.hour + (24 if local.date() > day else 0)
    for shift in pattern:
        if shift.start <= hour < shift.end:
            return Duty(day, shift)
    raise LookupError(f"no shift at {local:%H:%M}")


def bounds(day: date, shift: Shift, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """First instant of a shift and the first one after it, in UTC.

    In the night the clocks change the night shift is an hour shorter or longer.
    """
    return _wall(day, shift.start, tz), _wall(day, shift.end, tz)


def duty_bounds(
    day: date, tz: ZoneInfo, pattern: tuple[Shift, ...] = PILOT
) -> tuple[datetime, datetime]:
    """First instant of a duty date and the first one after it, in UTC."""
    return _wall(day, pattern[0].start, tz), _wall(day, pattern[0].start + 24, tz)


def label(day: date, shift: Shift, language: str = "zh") -> str:
    """What a screen calls it: "23 日晚班 (19–24)", "23 日夜班 (24 日 00–07)".

    A shift after midnight shows both dates, because people mean either.
    """
    later = day + timedelta(days=shift.start // 24)
    if language.startswith("zh"):
        other = f"{later.day} 日 " if later != day else ""
        return f"{day.day} 日{shift.zh} ({other}{shift.hours})"
    other = f"{_short(later)} " if later != day else ""
    return f"{_short(day)}, {shift.en} ({other}{shift.hours})"


def _short(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _wall(day: date, hours: int, tz: ZoneInfo) -> datetime:
    return wall_instant(day, hours * 60, tz)
