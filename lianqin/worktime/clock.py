"""The clock of a stage or task, as plain data.

A clock is a limit and the spans during which it ran; nothing ticks. What it shows at an
instant, and when it will cross half, four fifths and the whole of its limit, is computed.
Every change returns a new clock, and no change may lie before the last one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from lianqin.worktime.calendar import Calendar, advance, between, span, utc
from lianqin.worktime.units import Limit

# Half, four fifths and the whole: where a screen changes and an alert goes out.
ALERTS = (Fraction(1, 2), Fraction(4, 5), Fraction(1))


class ClockState(StrEnum):
    """What a clock is doing."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class ClockError(ValueError):
    """A change that this clock cannot take.

    ``code`` is one of ``not_idle``, ``not_running``, ``not_paused``, ``stopped``,
    ``backwards``, ``other_basis``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch during which a clock ran; ``end`` is None while it still runs."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit, what was added to it, and the spans in which it ran.

    Parameters
    ----------
    limit
        The original limit; ``added`` holds the extensions granted, in the same way of counting.
    spans
        In order, not overlapping; only the last may be open.
    stopped_at
        When it was stopped for good.
    """

    limit: Limit
    spans: tuple[Span, ...] = ()
    added: tuple[Limit, ...] = ()
    stopped_at: datetime | None = None

    @property
    def state(self) -> ClockState:
        """Idle, running, paused or stopped."""
        if self.stopped_at is not None:
            return ClockState.STOPPED
        if not self.spans:
            return ClockState.IDLE
        return ClockState.RUNNING if self.spans[-1].end is None else ClockState.PAUSED

    @property
    def started_at(self) -> datetime | None:
        """When it first ran."""
        return self.spans[0].start if self.spans else None

    @property
    def changed_at(self) -> datetime | None:
        """The last change; nothing may happen to the clock before it."""
        if self.stopped_at is not None:
            return self.stopped_at
        if not self.spans:
            return None
        return self.spans[-1].end or self.spans[-1].start

    def start(self, at: datetime) -> Clock:
        """Let an idle clock run."""
        self._need(ClockState.IDLE, "not_idle")
        return replace(self, spans=(Span(utc(at)),))

    def pause(self, at: datetime) -> Clock:
        """Hold a running clock: a return to the dispatcher, a suspension."""
        self._need(ClockState.RUNNING, "not_running")
        return self._closed(self._forward(at))

    def resume(self, at: datetime) -> Clock:
        """Let a paused clock run on: dispatched again to the same unit."""
        self._need(ClockState.PAUSED, "not_paused")
        moment = self._forward(at)
        last = self.spans[-1]
        if last.end == moment:  # a pause of zero changes nothing, not even the spans
            return replace(self, spans=(*self.spans[:-1], Span(last.start)))
        return replace(self, spans=(*self.spans, Span(moment)))

    def stop(self, at: datetime) -> Clock:
        """End it for good, from any state but stopped; later changes are refused."""
        if self.state is ClockState.STOPPED:
            raise ClockError("stopped", "the clock was stopped already")
        moment = self._forward(at)
        clock = self._closed(moment) if self.state is ClockState.RUNNING else self
        return replace(clock, stopped_at=moment)

    def restart(self, at: datetime) -> Clock:
        """A fresh clock with the original limit: dispatched again, to another unit."""
        return Clock(self.limit).start(self._forward(at))

    def extend(self, by: Limit | None = None) -> Clock:
        """Add time, one original limit if nothing else is said; how often is not decided here."""
        if self.state is ClockState.STOPPED:
            raise ClockError("stopped", "a stopped clock cannot be extended")
        more = by or self.limit
        if more.unit.basis is not self.limit.unit.basis:
            raise ClockError("other_basis", f"{more.text('en')} cannot extend {self.limit.unit}")
        return replace(self, added=(*self.added, more))

    def _closed(self, at: datetime) -> Clock:
        return replace(self, spans=(*self.spans[:-1], replace(self.spans[-1], end=at)))

    def _need(self, state: ClockState, code: str) -> None:
        if self.state is not state:
            raise ClockError(code, f"the clock is {self.state}, not {state}")

    def _forward(self, at: datetime) -> datetime:
        moment, last = utc(at), self.changed_at
        if last is not None and moment < last:
            raise ClockError("backwards", f"{moment} lies before the last change at {last}")
        return moment


def allowed(clock: Clock, calendar: Calendar) -> timedelta:
    """Counted time of the limit with its extensions."""
    return sum((span(more, calendar) for more in clock.added), span(clock.limit, calendar))


def used(clock: Clock, at: datetime, calendar: Calendar) -> timedelta:
    """Counted time run off by ``at``; pauses do not count."""
    moment, basis = utc(at), clock.limit.unit.basis
    return sum(
        (
            between(s.start, min(s.end or moment, moment), basis, calendar)
            for s in clock.spans
            if s.start < moment
        ),
        timedelta(),
    )


def remaining(clock: Clock, at: datetime, calendar: Calendar) -> timedelta:
    """Counted time left at ``at``, negative when overdue."""
    return allowed(clock, calendar) - used(clock, at, calendar)


def fraction(clock: Clock, at: datetime, calendar: Calendar) -> float:
    """Share of the limit used up by ``at``: 0.5 is half, above 1 is overdue."""
    return used(clock, at, calendar) / allowed(clock, calendar)


def overdue(clock: Clock, at: datetime, calendar: Calendar) -> bool:
    """Whether more than the limit has run off; the due instant itself is still in time."""
    return used(clock, at, calendar) > allowed(clock, calendar)


def crossing(clock: Clock, share: Fraction, calendar: Calendar) -> datetime | None:
    """When the clock reaches that share of its limit, if nothing more happens to it.

    Returns None for a clock that is idle, paused or stopped before reaching it.

    Raises
    ------
    BeyondHorizon
        If the instant lies in days the calendar does not know.
    """
    whole = allowed(clock, calendar)
    left = whole * share.numerator / share.denominator
    basis = clock.limit.unit.basis
    for ran in clock.spans:
        if ran.end is None:
            return advance(ran.start, left, basis, calendar)
        counted = between(ran.start, ran.end, basis, calendar)
        if counted >= left:
            return advance(ran.start, left, basis, calendar)
        left -= counted
    return None


def due(clock: Clock, calendar: Calendar) -> datetime | None:
    """When the limit is used up; None while it cannot be said (idle, paused, stopped early)."""
    return crossing(clock, Fraction(1), calendar)


def next_alert(
    clock: Clock, calendar: Calendar, done: Fraction = Fraction(0)
) -> tuple[Fraction, datetime] | None:
    """The next alert after the share already alerted, for the clock row's ``next_alert_at``.

    An alert whose instant has passed meanwhile is returned too: it is late, not lost.
    """
    for share in ALERTS:
        if share > done:
            at = crossing(clock, share, calendar)
            return None if at is None else (share, at)
    return None
