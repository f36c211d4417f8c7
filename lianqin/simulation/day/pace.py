"""The demo's time as the players follow it: read over HTTP, moved forward when they may."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from lianqin.simulation.client import Api

#: Seconds between readings; somebody may have paused it, or made it faster.
READ_EVERY = 3.0


@dataclass(frozen=True)
class Shown:
    """The time that the install shows, as read at a moment of our own monotonic clock. `on` is
    false while it simply shows the present."""

    at: datetime
    real: datetime
    speed: int
    paused: bool
    on: bool
    read: float

    def now(self, monotonic: float) -> datetime:
        """The shown time at another moment, if nobody changes it; never ahead of the present."""
        passed = timedelta(seconds=monotonic - self.read)
        if self.paused:
            return self.at
        return min(self.at + passed * self.speed, max(self.at, self.real + passed))

    def seconds_until(self, moment: datetime, monotonic: float) -> float:
        """Seconds of ours until it shows that moment; endless while it stands."""
        ahead = (moment - self.now(monotonic)).total_seconds()
        if ahead <= 0:
            return 0.0
        return float("inf") if self.paused else ahead / self.speed


class DemoTime:
    """Reads the demo's time now and then, and moves it."""

    def __init__(self, api: Api, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._api, self._token, self._clock = api, token, clock
        self._shown: Shown | None = None

    async def shown(self) -> Shown:
        """How it stands, read anew every few seconds. An install that keeps no such time shows
        the machine's."""
        if self._shown is None or self._clock() - self._shown.read > READ_EVERY:
            self._shown = await self._read()
        return self._shown

    async def now(self) -> datetime:
        """The instant that is shown."""
        return (await self.shown()).now(self._clock())

    async def wait_for(self, moment: datetime) -> float:
        """Seconds of ours until it shows that moment."""
        return (await self.shown()).seconds_until(moment, self._clock())

    async def forward(self, to: datetime) -> bool:
        """Move it forward, never back; whether that was possible."""
        shown = await self.shown()
        if not shown.on or to <= shown.now(self._clock()):
            return False
        body = {"to": to.isoformat()}
        answer = await self._api.post(self._token, "/demo/time", uuid4(), body)
        self._shown = None
        return answer.ok

    async def _read(self) -> Shown:
        answer = await self._api.get(self._token, "/demo/time")
        if not answer.ok:
            now = datetime.now(UTC)
            return Shown(now, now, 1, False, False, self._clock())
        said = answer.body
        return Shown(
            datetime.fromisoformat(said["shown"]),
            datetime.fromisoformat(said["real"]),
            int(said["speed"]),
            bool(said["paused"]),
            bool(said["on"]),
            self._clock(),
        )
