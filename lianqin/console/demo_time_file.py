"""The file that holds a demo install's pace, as far as `serve` needs it: without Django."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from lianqin.worktime import SystemNow, duty_bounds, duty_date
from lianqin.worktime.pace import Pace, pace_of

FILE = "demo-time.json"
LOCK = "demo-time.lock"
#: How fast the living day runs when nobody has chosen otherwise.
USUAL_SPEED = 13
#: The district is set up that long before its day begins.
BEFORE = timedelta(minutes=15)


def begin(home: Path, zone: str, real: datetime | None = None) -> date:
    """Keep a pace in a home: it stands, shortly before the last whole duty date, which is
    returned."""
    now, tz = real or SystemNow().now(), ZoneInfo(zone)
    day = duty_date(now, tz) - timedelta(days=1)
    first, _ = duty_bounds(day, tz)
    _write(home / FILE, Pace(first - BEFORE, now, USUAL_SPEED, paused=True))
    return day


def go(home: Path, real: datetime | None = None) -> None:
    """Let what `begin` has stopped run."""
    at = home / FILE
    if not at.exists():
        return
    now = real or SystemNow().now()
    _write(at, pace_of(at.read_text(encoding="ascii")).changed(now, paused=False))


def _write(at: Path, pace: Pace) -> None:
    part = at.with_suffix(".part")
    part.write_text(pace.text(), encoding="ascii")
    os.replace(part, at)
