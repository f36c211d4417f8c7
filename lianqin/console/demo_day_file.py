"""What a demo install wishes of its living day: a small file that `serve` looks at.

`serve` alone starts and stops processes; a command in another terminal says what it wants here.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lianqin.worktime import duty_bounds, duty_date

FILE = "demo-day.json"


@dataclass(frozen=True)
class Wish:
    """Whether the day is to run, which duty date it plays, and how often it was begun anew."""

    wanted: bool = True
    date: str = ""
    round: int = 1

    def options(self) -> list[str]:
        """What `lianqin day` is told of it."""
        return ["--date", self.date] if self.date else []


def read(home: Path) -> Wish:
    """The wish as it stands; without a file, or with one that cannot be read, the day runs."""
    try:
        held = json.loads((home / FILE).read_text(encoding="ascii"))
        day = str(held["date"])
        if day:
            date.fromisoformat(day)
        return Wish(held["wanted"] is True, day, int(held["round"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Wish()


def write(home: Path, wish: Wish) -> None:
    """Put a wish in the place of the one before, whole."""
    part = (home / FILE).with_suffix(".part")
    part.write_text(json.dumps(asdict(wish)), encoding="ascii")
    os.replace(part, home / FILE)


def following(shown: datetime, real: datetime, zone: ZoneInfo) -> date | None:
    """The duty date after the one that is shown, if it has begun already; else there is no time
    left to play one in."""
    _, begins = duty_bounds(duty_date(shown, zone), zone)
    return duty_date(begins, zone) if begins <= real else None
