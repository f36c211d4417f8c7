"""The loop of the clocks, one round at a time: alerts that are due, suspensions that have ended.

What is due is read without a lock from the partial index on `next_alert_at`; each alert is then an
action of its own, so that whatever kills the loop leaves an alert either written or due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import OperationalError
from django.db.models import Min, QuerySet

from lianqin.accounts.principal import Principal
from lianqin.accounts.refusals import Conflict
from lianqin.accounts.runner import Command, Done, request_hash
from lianqin.territory.queries import calendar, district
from lianqin.worktime import Calendar, NowSource
from lianqin.worktime.calendar import wall_instant

from .actions.alerting import KEYS, DueAlert, NotNow, clock_alert, due_alert
from .actions.on_case import act
from .lifecycle import State
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


def due_alerts(now: datetime, limit: int = BATCH, but: Collection[UUID] = ()) -> list[DueAlert]:
    """Alerts whose instant has come, the longest waiting first, without those of the clocks
    `but`."""
    rows = _due(now).exclude(id__in=but).order_by("next_alert_at", "id")[:limit]
    return [alert for alert in map(due_alert, rows) if alert is not None]


def lag(now: datetime) -> timedelta:
    """How long the oldest alert that is due has been waiting; zero when none is."""
    oldest = _due(now).aggregate(at=Min("next_alert_at"))["at"]
    return now - oldest if oldest else timedelta()


def _due(now: datetime) -> QuerySet[StageClock]:
    """Running clocks whose next alert has come. A replay has no present of its own (at full speed
    its years come in any order), so its clocks count and give no alerts."""
    running = StageClock.objects.filter(stopped_at=None, paused_at=None, exempt=False)
    return running.filter(next_alert_at__lte=now).exclude(case__origin="replay")


@dataclass
class Loop:
    """Who gives the alerts (the account of the clock), on whose time."""

    who: Principal
    now: NowSource

    def round(self) -> Round:
        """Lift what has ended, then give every alert that is due; several of one clock in order."""
        done = Round()
        now = self.now.now()
        done.lag = lag(now)
        self._lift_all(now, done)
        days = _once(calendar)
        passed: set[UUID] = set()
        while alerts := due_alerts(now, BATCH, passed):
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

    def _lift_all(self, now: datetime, done: Round) -> None:
        zone = district().tz
        for case_id, version, at in _ended_suspensions(now, zone):
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
    now: datetime, zone: ZoneInfo, limit: int = BATCH
) -> Iterator[tuple[UUID, int, datetime]]:
    """Suspended cases whose last day has passed: id, version, and the start of the day after."""
    today = now.astimezone(zone).date()
    held = Case.objects.filter(state=State.SUSPENDED, suspended_until__lt=today)
    held = held.exclude(origin="replay")
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
