"""The alert of a clock: half, four fifths and the whole of its limit, each written once.

Not an act of the lifecycle: the case's version and the time of its last act stay, so that nobody
who is typing meets a conflict and no late act is pushed aside. The entry moves the case's
position, which is how the stream tells the desks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.cases import clocks
from lianqin.cases.models import Case, StageClock
from lianqin.cases.queries import target_of
from lianqin.journal.append import Stamp
from lianqin.worktime import Counted

#: Namespace of the keys of alerts and of lifted suspensions.
KEYS = UUID("6c0a3f52-5f0e-5d51-9d3c-3b2f6c1e7a40")


class NotNow(Exception):
    """Somebody has the case at this moment, or the alert is no longer the clock's next. Nothing is
    kept, not even the key: it may be due again later."""


@dataclass(frozen=True)
class DueAlert:
    """An alert as it was read without a lock; what it says is asked again under one."""

    clock_id: UUID
    case_id: UUID
    share: int
    at: datetime
    span: str

    @property
    def key(self) -> UUID:
        """One key for one alert: the clock, the share, and the span in which it ran."""
        return uuid5(KEYS, f"{self.clock_id} {self.share} {self.span}")


def due_alert(row: StageClock) -> DueAlert | None:
    """The next alert of a clock that runs, or None."""
    share = clocks.next_share(row)
    if share is None or row.next_alert_at is None or row.exempt:
        return None
    if row.paused_at is not None or row.stopped_at is not None:
        return None
    return DueAlert(row.id, row.case_id, share, row.next_alert_at, row.spans[-1][0])


def clock_alert(command: Command, alert: DueAlert, days: clocks.Days) -> Done:
    """Write one alert: the entry, and in the clock's row that it was given and when the next is.

    It counts at the instant at which the clock reached the share, however late it is written.
    Raises NotNow; never waits for somebody's act on the case.
    """

    def work(acting: Acting) -> Outcome:
        case = lock_case(alert.case_id)
        post = acting.authorize(target_of(case))
        row = lock_clock(alert)
        clocks.give(row, alert.share, days)
        draft = acting.draft(
            post,
            ("case", case.id),
            {
                "clock": str(row.id),
                "stage": row.stage,
                "task": str(row.task_id) if row.task_id else None,
                "share": alert.share,
                "from": case.state,
                "to": case.state,
            },
            place=case.place,
            when=Counted(alert.at),
            origin=case.origin,
        )
        answer = {"clock_id": str(row.id), "share": alert.share}
        return Outcome(draft, answer, Stamp("cases_case", (case.id,)))

    return perform(command, work)


def lock_case(case_id: UUID) -> Case:
    """The case, its row locked unless somebody else has it. Raises NotNow."""
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True)
    needed = rows.only("place", "state", "origin", "crew", "unit", "side_hands")
    case = needed.filter(id=case_id).first()
    if case is None:
        raise NotNow()
    return case


def lock_clock(alert: DueAlert) -> StageClock:
    """The clock, its row locked, as long as the alert is still its next. Raises NotNow."""
    row = StageClock.objects.select_for_update().get(id=alert.clock_id)
    if due_alert(row) != alert:
        raise NotNow()
    return row
