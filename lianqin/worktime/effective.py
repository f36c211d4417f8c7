"""At which instant an act counts.

A person claims when something happened; the server knows when it heard of it. Work without
a signal arrives late and must count when it was done; a device with a wrong clock, or a wish
to look punctual, must not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from lianqin.worktime.calendar import utc

SKEW = timedelta(minutes=5)
LATEST = timedelta(hours=24)
#: Two looks at one clock within a request are no further apart.
_ONE_PRESENT = timedelta(seconds=1)


class Why(StrEnum):
    """Why the claimed time does not count as it stands."""

    UNCLAIMED = "unclaimed"
    FUTURE = "future"
    TOO_OLD = "too_old"
    BEFORE_PREVIOUS = "before_previous"
    SKEWED = "skewed"


@dataclass(frozen=True, slots=True)
class Counted:
    """The instant that clocks use, in UTC; ``marked`` when people should look at the claim.

    ``claimed`` and ``skew``: the claim as the device made it and by how much its clock was wrong,
    where the claim was moved for that.
    """

    at: datetime
    marked: bool = False
    why: Why | None = None
    claimed: datetime | None = None
    skew: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Device:
    """What a device's clock said when it sent a request, and what the machine's said then."""

    at: datetime
    machine: datetime

    def skew(self) -> timedelta:
        """By how much the device is ahead (or, below zero, behind)."""
        return utc(self.at) - utc(self.machine)

    def believed(self, claim: datetime, shown: datetime, skew: timedelta) -> datetime:
        """The instant of ``claim`` on our clock, which shows ``shown`` now.

        A clock that is wrong by more than ``skew`` still measures how long ago something was: that
        span is what is believed. One that is right is believed as it stands. Where the present
        that is shown is not the machine's (a demo), the same span is counted back from it.
        """
        now = self.at if abs(self.skew()) > skew else self.machine
        ahead = utc(shown) - utc(self.machine)
        if now is self.machine and abs(ahead) < _ONE_PRESENT:
            return utc(claim)
        return utc(shown) - (utc(now) - utc(claim))


def counted(
    occurred_at: datetime | None,
    recorded_at: datetime,
    previous: datetime | None,
    *,
    free: bool = False,
    device: Device | None = None,
    skew: timedelta = SKEW,
    latest: timedelta = LATEST,
) -> Counted:
    """Decide which instant counts for an act (house rule "Time").

    Parameters
    ----------
    occurred_at
        When the person says it happened, or None.
    recorded_at
        When the server heard of it.
    previous
        The counted instant of the previous act on the same case, if there is one. The result
        is never before it, so that no clock runs backwards.
    free
        Set for a replay in a demo install: its time counts as it comes.
    device
        What the device's own clock said when it sent the act, if it told that.
    skew
        By how much a device's clock may be wrong before the act is marked.
    latest
        How late an act may arrive and still count when it was done.
    """
    if device is None or occurred_at is None or free:
        return _counted(occurred_at, recorded_at, previous, free, skew, latest)
    claim = device.believed(occurred_at, recorded_at, skew)
    found = _counted(claim, recorded_at, previous, free, skew, latest)
    if abs(device.skew()) <= skew:
        return found
    why = found.why or Why.SKEWED
    return replace(found, marked=True, why=why, claimed=utc(occurred_at), skew=device.skew())


def _counted(
    occurred_at: datetime | None,
    recorded_at: datetime,
    previous: datetime | None,
    free: bool,
    skew: timedelta,
    latest: timedelta,
) -> Counted:
    now = utc(recorded_at)
    floor = utc(previous) if previous is not None else None
    server = now if floor is None else max(now, floor)
    if occurred_at is None:
        return Counted(server, why=Why.UNCLAIMED)
    claim = utc(occurred_at)
    early = floor is not None and claim < floor
    if free:
        if early and floor is not None:
            return Counted(floor, marked=floor - claim > skew, why=Why.BEFORE_PREVIOUS)
        return Counted(claim)
    if claim > now:
        return Counted(server, marked=claim - now > skew, why=Why.FUTURE)
    if now - claim > latest:
        return Counted(server, marked=True, why=Why.TOO_OLD)
    if early and floor is not None:
        return Counted(server, marked=floor - claim > skew, why=Why.BEFORE_PREVIOUS)
    return Counted(claim)
