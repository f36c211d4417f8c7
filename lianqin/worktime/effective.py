"""At which instant an act counts.

A person claims when something happened; the server knows when it heard of it. Work without
a signal arrives late and must count when it was done; a device with a wrong clock, or a wish
to look punctual, must not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lianqin.worktime.calendar import utc

SKEW = timedelta(minutes=5)
LATEST = timedelta(hours=24)


class Why(StrEnum):
    """Why the claimed time does not count as it stands."""

    UNCLAIMED = "unclaimed"
    FUTURE = "future"
    TOO_OLD = "too_old"
    BEFORE_PREVIOUS = "before_previous"


@dataclass(frozen=True, slots=True)
class Counted:
    """The instant that clocks use, in UTC; ``marked`` when people should look at the claim."""

    at: datetime
    marked: bool = False
    why: Why | None = None


def counted(
    occurred_at: datetime | None,
    recorded_at: datetime,
    previous: datetime | None,
    *,
    free: bool = False,
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
    skew
        By how much a device's clock may be wrong before the act is marked.
    latest
        How late an act may arrive and still count when it was done.
    """
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
