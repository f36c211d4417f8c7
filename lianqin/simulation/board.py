"""The cases of a replay as far as it knows them, and which of them are due."""

from __future__ import annotations

import heapq
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from .decisions import ENDED, OPEN, Judge, Row

#: With more cases in the queue than this, reports wait until the acts have caught up.
MOST_QUEUED = 400
#: What is kept of a case that has ended.
KEPT = (
    "id", "number", "version", "state", "origin", "place", "clock", "changed_at", "reported_at",
)  # fmt: skip


@dataclass
class Rhythm:
    """The replay's time against ours: `speed` times as fast, or None for as fast as it goes."""

    speed: float | None = None
    clock: Callable[[], float] = time.monotonic
    _began: tuple[float, datetime] | None = None

    def start(self, first: datetime) -> None:
        """Let the replay's time begin at `first`, now."""
        self._began = self.clock(), first

    def wait(self, moment: datetime) -> float:
        """Seconds of ours until a moment of the replay (0 when it is past or there is no pace)."""
        if self.speed is None or self._began is None:
            return 0.0
        began, first = self._began
        due = began + (moment - first).total_seconds() / self.speed
        return max(0.0, due - self.clock())


@dataclass
class Board:
    """Rows by case id. A row is *certain* unless it came as a receipt, which tells how things
    stood then.

    `horizon`: acts after that moment wait, because reports before them are still to come.
    """

    judge: Judge
    rhythm: Rhythm
    rows: dict[str, Row] = field(default_factory=dict)
    certain: set[str] = field(default_factory=set)
    stuck: dict[str, str] = field(default_factory=dict)
    in_hand: set[str] = field(default_factory=set)
    moves: int = 0
    horizon: datetime | None = None
    _queued: set[str] = field(default_factory=set)
    _heap: list[tuple[datetime, int, str]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)

    def see(self, row: Row, *, certain: bool = True) -> None:
        """Take note of how a case stands; older news than known is ignored.

        Whoever may no longer read a case gets a receipt for what they sent again: it moves the
        state, says nothing of the place, and leaves the rest to be read by somebody who may.
        """
        case_id = str(row["id"])
        known = self.rows.get(case_id)
        if known is not None and not row["place"]:
            row = {**known, "state": row["state"], "version": row["version"]}
            certain = False
        if known is None or row["version"] > known["version"]:
            self.rows[case_id] = _slim(row) if row["state"] in ENDED else row
            self.stuck.pop(case_id, None)
            self.moves += 1
            if not certain:
                self.certain.discard(case_id)
        if certain and row["version"] >= self.rows[case_id]["version"]:
            self.certain.add(case_id)
        self._queue(case_id)

    def _queue(self, case_id: str) -> None:
        row = self.rows[case_id]
        if case_id in self._queued or case_id in self.in_hand or case_id in self.stuck:
            return
        if row["state"] in OPEN or case_id not in self.certain:
            self._queued.add(case_id)
            heapq.heappush(self._heap, (self._due(row), next(self._order), case_id))

    def _due(self, row: Row) -> datetime:
        act = self.judge.next_act(row) or "file"
        return self.judge.occurred_at(row, act, datetime.now(UTC))

    def take(self) -> str | None:
        """The next case that is due, now in hand; None when none is."""
        if not self._due_now() or self.rhythm.wait(self._heap[0][0]) > 0:
            return None
        _, _, case_id = heapq.heappop(self._heap)
        self._queued.discard(case_id)
        self.in_hand.add(case_id)
        return case_id

    def _due_now(self) -> bool:
        """Whether the next act lies within the horizon."""
        return bool(self._heap) and (self.horizon is None or self._heap[0][0] <= self.horizon)

    def lags(self) -> bool:
        """Whether so many cases wait for an act that could be done now that no more should come."""
        return len(self._heap) > MOST_QUEUED and self._due_now()

    def give_back(self, case_id: str) -> None:
        """Let go of a case; it is queued again if anything is left to do."""
        self.in_hand.discard(case_id)
        self._queue(case_id)

    def wait(self) -> float | None:
        """Seconds until a case is due; None when none is queued."""
        if self._heap and not self._due_now():
            return 1.0
        return self.rhythm.wait(self._heap[0][0]) if self._heap else None

    def set_aside(self, case_id: str, why: str) -> None:
        """Note why nobody can go on with a case."""
        self.stuck[case_id] = why

    def try_again(self) -> None:
        """Queue everything that was set aside."""
        aside, self.stuck = list(self.stuck), {}
        for case_id in aside:
            self._queue(case_id)

    def open(self) -> dict[str, str]:
        """Cases that have not ended, with why ('' when nothing is known to hinder)."""
        return {
            case_id: self.stuck.get(case_id, "")
            for case_id, row in self.rows.items()
            if row["state"] in OPEN
        }

    def states(self) -> Counter[str]:
        """How many cases stand where."""
        return Counter(str(row["state"]) for row in self.rows.values())


def _slim(row: Row) -> Row:
    return {name: row[name] for name in KEPT if name in row}
