"""Where the present comes from.

Rooms never ask the machine for the time: they are given a :class:`NowSource`, so that a test
stands still and a replay runs on its own time. This is the one place that asks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from lianqin.worktime.calendar import utc
from lianqin.worktime.pace import Pace, pace_of


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


class Present:
    """The present of this install, the same in every process of it.

    It is the machine's, unless a file holds a :class:`Pace` and the install may have one (a demo
    may). The file is looked at each time, read when it is another one, and replaced whole by
    whoever changes the pace; so a change is seen everywhere at once.
    """

    def __init__(self, machine: NowSource | None = None) -> None:
        self.machine: NowSource = machine or SystemNow()
        self._path: Callable[[], Path] | None = None
        self._allowed: Callable[[], bool] = lambda: False
        # Replaced whole, because threads share it: the file, its version, what it held.
        self._held: tuple[Path, tuple[int, ...], Pace | None] | None = None
        self._last: datetime | None = None

    def follow(self, path: Callable[[], Path], allowed: Callable[[], bool]) -> None:
        """Take the pace from a file, where ``allowed`` (asked only if there is one) says so."""
        self._path, self._allowed = path, allowed

    def now(self) -> datetime:
        """The present instant; within one process it never goes back while a pace is kept."""
        pace, real = self.pace(), self.machine.now()
        if pace is None:
            self._last = None
            return real
        last, shown = self._last, pace.shown(real)
        if last is None or shown > last:
            self._last = shown
            return shown
        return last

    def pace(self) -> Pace | None:
        """The pace that is kept now, or None where the present is the machine's.

        A file that cannot be read is passed over: what was read before it stays in force.
        """
        if self._path is None:
            return None
        path = self._path()
        mark = mark_of(path)
        if mark is None or not self._allowed():
            self._held = None
            return None
        held = self._held
        if held is not None and held[0] != path:
            held = self._last = None
        if held is None or held[1] != mark:
            held = (path, mark, _read(path, held[2] if held else None))
            self._held = held
        return held[2]


def _read(path: Path, before: Pace | None) -> Pace | None:
    try:
        return pace_of(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return before


def mark_of(path: Path) -> tuple[int, ...] | None:
    """What tells one version of a file from another; None when there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino, found.st_size)


def machine_now(source: NowSource) -> datetime:
    """The machine's time beneath a source, for what runs out whatever the install shows: sessions,
    tokens, what is swept. A source that knows of no other is its own."""
    return source.machine.now() if isinstance(source, Present) else source.now()


#: The present of this process's install.
PRESENT = Present()
