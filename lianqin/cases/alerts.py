"""The loop of the clocks, one round at a time: alerts that are due, suspensions that have ended.

What is due is read without a lock from the partial index on `next_alert_at`; each alert is then an
action of its own, so that whatever kills the loop leaves an alert either written or due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import OperationalError
from django.db.models import Max, Min, Q, QuerySet

from lianqin.accounts.principal import Principal
from lianqin.accounts.refusals import Conflict
from lianqin.accounts.runner import Command, Done, request_hash
from lianqin.territory.queries import calendar, district
from lianqin.worktime import Calendar, NowSource
from lianqin.worktime.calendar import wall_instant

from .actions.alerting import KEYS, DueAlert, NotNow, clock_alert, due_alert
from .actions.on_case import act
from .lifecycle import OPEN, State
from .models import Case, StageClock

log = logging.getLogger(__name__)

#: Read at a time: short enough that nothing read is old when its turn comes.
BATCH = 100
#: serialization_failure, deadlock_detected, lock_not_available, query_canceled: this one waits for
#: the next round, the others go on.
_BUSY = {"40001", "40P01", "55P03", "57014"}


@dataclass
class Round:
    """What one round did: alerts written, suspensions lifted, left for the next round because
    somebody was at it, broken; and how long the oldest alert had been waiting when it began."""

    alerts: int = 0
    lifted: int = 0
    busy: int = 0
    failed: int = 0
    lag: timedelta = timedelta()


@dataclass
class Present:
    """The present of the district, and that of a replay: the last that it has done.

    A replay in a demo install runs on its own time, and so do the clocks of its cases.
    """

    now: datetime

    @cached_property
    def replay(self) -> datetime | None:
        """Where the replay stands, or None when none of its cases is open (one query)."""
        open_ones = Case.objects.filter(origin="replay", state__in=OPEN)
        found: datetime | None = open_ones.aggregate(at=Max("changed_at"))["at"]
        return found


def due_alerts(present: Present, limit: int = BATCH, but: Collection[UUID] = ()) -> list[DueAlert]:
    """Alerts whose instant has come, the longest waiting first, without those of the clocks
    `but`."""
    rows = _due(present).exclude(id__in=but).order_by("next_alert_at", "id")[:limit]
    return [alert for alert in map(due_alert, rows) if alert is not None]


def lag(now: datetime) -> timedelta:
    """How long the oldest alert that is due has been waiting; zero when none is."""
    present = Present(now)
    live = _due_live(present).aggregate(at=Min("next_alert_at"))["at"]
    return now - live if live else timedelta()


def _running() -> QuerySet[StageClock]:
    return StageClock.objects.filter(stopped_at=None, paused_at=None, exempt=False)


def _due_live(present: Present) -> QuerySet[StageClock]:
    due = _running().filter(next_alert_at__lte=present.now)
    return due.exclude(case__origin="replay")


def _due(present: Present) -> QuerySet[StageClock]:
    replay = present.replay
    if replay is None:
        return _due_live(present)
    theirs = Q(case__origin="replay", next_alert_at__lte=replay)
    ours = ~Q(case__origin="replay") & Q(next_alert_at__lte=present.now)
    # Said once more without the case, so that the partial index is walked up to there at most.
    latest = max(present.now, replay)
    return _running().filter(theirs | ours, next_alert_at__lte=latest)


@dataclass
class Loop:
    """Who gives the alerts (the account of the clock), on whose time."""

    who: Principal
    now: NowSource

    def round(self) -> Round:
        """Lift what has ended, then give every alert that is due; several of one clock in order."""
        done = Round()
        present = Present(self.now.now())
        done.lag = lag(present.now)
        self._lift_all(present, done)
        days = _once(calendar)
        passed: set[UUID] = set()
        while alerts := due_alerts(present, BATCH, passed):
            for alert in alerts:
                if not self._give(alert, days, done):
                    passed.add(alert.clock_id)
        return done

    def _give(self, alert: DueAlert, days: Callable[[], Calendar], done: Round) -> bool:
        write = partial(clock_alert, self._command(alert), alert, days)
        given = self._tried(done, alert.clock_id, write)
        if given is None or given.replayed:
            return False
        done.alerts += 1
        return True

    def _command(self, alert: DueAlert) -> Command:
        told = request_hash("clock_alert", alert.clock_id, alert.share, alert.span)
        return Command(self.who, "clock_alert", alert.key, told, now=self.now)

    def _lift_all(self, present: Present, done: Round) -> None:
        zone = district().tz
        for case_id, version, at in _ended_suspensions(present, zone):
            # The version belongs to the key: refused to one version, it may be given to the next.
            key = uuid5(KEYS, f"resume {case_id} {version}")
            told = request_hash("resume", case_id, version)
            command = Command(self.who, "resume", key, told, at, self.now)
            lifted = self._tried(done, case_id, partial(act, command, case_id, version))
            done.lifted += lifted is not None and not lifted.replayed

    @staticmethod
    def _tried(done: Round, subject: UUID, write: Callable[[], Done]) -> Done | None:
        """One write; what refuses or breaks it must not keep the others waiting."""
        try:
            return write()
        except (NotNow, Conflict):
            done.busy += 1
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in _BUSY:
                raise
            done.busy += 1
        except Exception:
            log.exception("clock: %s could not be written", subject)
            done.failed += 1
        return None


def _ended_suspensions(
    present: Present, zone: ZoneInfo, limit: int = BATCH
) -> Iterator[tuple[UUID, int, datetime]]:
    """Suspended cases whose last day has passed: id, version, and the start of the day after."""
    today = present.now.astimezone(zone).date()
    held = Case.objects.filter(state=State.SUSPENDED, suspended_until__lt=today)
    if present.replay is not None:
        theirs = present.replay.astimezone(zone).date()
        held = held.filter(~Q(origin="replay") | Q(suspended_until__lt=theirs))
    rows = held.order_by("suspended_until", "id").values_list("id", "version", "suspended_until")
    for case_id, version, until in rows[:limit]:
        assert until is not None  # the filter says so
        yield case_id, version, wall_instant(until + timedelta(days=1), 0, zone)


def _once(read: Callable[[], Calendar]) -> Callable[[], Calendar]:
    """The calendar, read once a round and only if a clock needs it."""
    kept: list[Calendar] = []

    def days() -> Calendar:
        if not kept:
            kept.append(read())
        return kept[0]

    return days
