"""The pace of a demo install: how the time that it shows follows the machine's.

The shown time starts in the past and runs some times as fast as the machine's until it has caught
up with the present; from there on it is the present. It never goes back and never runs ahead.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lianqin.worktime.calendar import utc

SLOWEST, FASTEST = 1, 600


class PaceRefused(ValueError):
    """A change of the pace that is not possible: a code, and what would be."""

    def __init__(self, code: str, field: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.field, self.params = code, field, params


@dataclass(frozen=True, slots=True)
class Pace:
    """At ``anchor_real`` by the machine the install showed ``anchor``; since then ``speed`` times
    as much time has passed in it, or none while it is paused."""

    anchor: datetime
    anchor_real: datetime
    speed: int = 1
    paused: bool = False

    def shown(self, real: datetime) -> datetime:
        """The instant that the install shows when the machine's clock stands at ``real``."""
        return min(self._run(real), utc(real))

    def at_present(self, real: datetime) -> bool:
        """Whether it has caught up with the machine and goes on with it."""
        return not self.paused and self._run(real) >= utc(real)

    def _run(self, real: datetime) -> datetime:
        gone = timedelta() if self.paused else max(utc(real) - self.anchor_real, timedelta())
        return self.anchor + gone * self.speed

    def changed(
        self,
        real: datetime,
        *,
        speed: int | None = None,
        paused: bool | None = None,
        to: datetime | None = None,
    ) -> Pace:
        """The pace from ``real`` on.

        Raises
        ------
        PaceRefused
            For a speed that is out of range, and for an instant before the shown one or after
            the present.
        """
        if speed is not None and not SLOWEST <= speed <= FASTEST:
            raise PaceRefused("demo_speed_unusable", "speed", slowest=SLOWEST, fastest=FASTEST)
        shown = self.shown(real)
        if to is not None and utc(to) < shown:
            raise PaceRefused("demo_time_backward", "to", shown=shown)
        if to is not None and utc(to) > utc(real):
            raise PaceRefused("demo_time_ahead", "to", present=utc(real))
        return replace(
            self,
            anchor=shown if to is None else utc(to),
            anchor_real=utc(real),
            speed=self.speed if speed is None else speed,
            paused=self.paused if paused is None else paused,
        )

    def text(self) -> str:
        """The pace as it stands in a file."""
        return json.dumps(
            {
                "anchor": self.anchor.isoformat(),
                "anchor_real": self.anchor_real.isoformat(),
                "speed": self.speed,
                "paused": self.paused,
            }
        )


def pace_of(text: str) -> Pace:
    """The pace that a file holds. Raises ValueError for anything else."""
    try:
        held = json.loads(text)
        found = Pace(
            utc(datetime.fromisoformat(held["anchor"])),
            utc(datetime.fromisoformat(held["anchor_real"])),
            int(held["speed"]),
            held["paused"] is True,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a pace: {error}") from error
    if not SLOWEST <= found.speed <= FASTEST:
        raise ValueError(f"speed {found.speed} is out of range")
    return found
