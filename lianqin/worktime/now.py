"""Where the present comes from.

Rooms never ask the machine for the time: they are given a :class:`NowSource`, so that a test
stands still and a replay runs on its own time. This is the one place that asks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from lianqin.worktime.calendar import utc


class NowSource(Protocol):
    """Anything that tells the present instant, in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class SystemNow:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant by the machine."""
        return datetime.now(UTC)


class FrozenNow:
    """A clock that stands still until it is moved; for tests."""

    def __init__(self, at: datetime) -> None:
        self._at = utc(at)

    def now(self) -> datetime:
        """The instant it stands at."""
        return self._at

    def move_to(self, at: datetime) -> None:
        """Stand at another instant."""
        self._at = utc(at)

    def advance(self, by: timedelta) -> datetime:
        """Go forward (or back) and return the new instant."""
        self._at += by
        return self._at


class ReplayNow:
    """A replay's time: from ``start`` on, ``speed`` times as fast as the clock behind it."""

    def __init__(
        self, start: datetime, speed: float, real: Callable[[], datetime] | None = None
    ) -> None:
        if speed <= 0:
            raise ValueError("a replay runs forward")
        self._real = real or SystemNow().now
        self._start = utc(start)
        self._speed = speed
        self._began = self._real()

    def now(self) -> datetime:
        """The present instant in the replay."""
        return self._start + (self._real() - self._began) * self._speed

    def wait_for(self, at: datetime) -> timedelta:
        """Real time until the replay reaches ``at``; zero if it has passed."""
        return max((utc(at) - self.now()) / self._speed, timedelta())
