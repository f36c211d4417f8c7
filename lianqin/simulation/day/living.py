"""The loop of the living day: what is due is played, what lies in the past is told in between."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from lianqin.simulation.client import Api
from lianqin.worktime import Calendar, duty_date

from .fates import Day
from .figures import BEGINS, ENDS, Figures
from .handover import handed_over
from .ledger import Ledger, write_whole
from .pace import DemoTime
from .plan import DayPlan, any_day, only_events, past_day, the_day
from .player import Players
from .script import Step
from .stage import Stage

#: Days of history before the day.
HISTORY_DAYS = 14
#: Seconds between stories of the past, so that whoever works on the demo does not notice.
GENTLE = 0.12
#: The longest nap; then the demo's time is read again.
NAP = 2.0
#: A day that was never begun and lies that far back is not played any more.
MISSED = timedelta(days=2)
STATUS = "status.json"


@dataclass
class Living:
    """A demo's days from `first` on. `first` has the events; those after it have none.

    Begun again on a later date, the days played before are finished and are nobody's history.
    """

    api: Api
    stage: Stage
    time: DemoTime
    figures: Figures
    calendar: Calendar
    first: date
    say: Callable[[str], None]
    sleep: Callable[[float], Any] = asyncio.sleep
    _days: dict[date, Players] = field(default_factory=dict)
    _told_at: float = 0.0
    _past: str = ""

    def __post_init__(self) -> None:
        kept = self.stage.folder / f"eventful-{self.stage.install}.json"
        before = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []
        self._eventful = {*before, f"{self.first}"}
        write_whole(kept, sorted(self._eventful))

    def day(self, on: date) -> Players:
        """The players of a duty date."""
        if on not in self._days:
            make = the_day if f"{on}" in self._eventful else any_day
            plan = make(Day(on, self.calendar), self.figures, self.stage.spots, self.stage.install)
            self._days[on] = self._players(plan, f"{on}")
        return self._days[on]

    def _players(self, plan: DayPlan, name: str, *, pictured: bool = True) -> Players:
        path = self.stage.folder / f"{name}-{self.stage.install}.jsonl"
        return Players(self.api, self.stage, plan, Ledger.open(path), pictured)

    async def forever(self) -> None:
        """Follow the demo's time, day after day, until stopped."""
        past: Iterator[tuple[Players, list[Step]]] | None = self._history()
        if len(self._eventful) == 1:
            first = self.day(self.first)
            begins = first.plan.day.instant(BEGINS)
            first.also(await handed_over(self.api, self.stage, begins, first.ledger))
        self._tell("playing")
        while True:
            now = await self.time.now()
            step = self._next(now)
            wait = await self.time.wait_for(step[0].plan.day.instant(step[1].minute))
            if wait <= 0:
                await step[0].play(step[1])
                self._tell("playing")
                continue
            story = next(past, None) if past else None
            if story is None:
                past = None
                self._tell("waiting", step)
                await self.sleep(min(wait, NAP))
                continue
            await self._tell_past(*story)

    async def at_once(self, *, events: bool = False) -> dict[str, str]:
        """Play the first day up to its end without waiting, moving the demo's time along; what
        stories were left and why."""
        players = self.day(self.first)
        plan = only_events(players.plan) if events else players.plan
        moved = 0.0
        for step in plan.steps():
            if step.minute >= ENDS or players.ledger.done(step.story, step.number):
                continue
            if step.minute - moved >= 60:
                moved = step.minute
                await self.time.forward(players.plan.day.instant(moved))
            await players.play(step)
            self._tell("playing")
        await self.time.forward(players.plan.day.instant(ENDS))
        self._tell("played", always=True)
        return players.ledger.left()

    def _next(self, now: datetime) -> tuple[Players, Step]:
        """The earliest step that is not done, of the days that have begun and the next."""
        today = max(self.first, duty_date(now, self.stage.zone))
        since = min(self.first, today - MISSED)
        coming: list[tuple[datetime, Players, Step]] = []
        for number in range((today - since).days + 2):
            on = since + timedelta(days=number)
            if on < max(self.first, today - MISSED) and not self._begun(on):
                continue
            players = self.day(on)
            step = _first_open(players)
            if step is not None:
                coming.append((players.plan.day.instant(step.minute), players, step))
        _, players, step = min(coming, key=lambda one: one[0])
        return players, step

    def _begun(self, on: date) -> bool:
        return (self.stage.folder / f"{on}-{self.stage.install}.jsonl").exists()

    def _history(self) -> Iterator[tuple[Players, list[Step]]]:
        """Stories of the days before, the oldest day first, that are not told yet."""
        for number in range(HISTORY_DAYS, 0, -1):
            on = self.first - timedelta(days=number)
            if self._begun(on):
                continue
            plan = past_day(
                Day(on, self.calendar), self.figures, self.stage.spots, self.stage.install
            )
            players = self._players(plan, f"past-{on}", pictured=False)
            for story in _firsts_before_their_twins(players):
                if not all(players.ledger.done(step.story, step.number) for step in story):
                    yield players, story

    async def _tell_past(self, players: Players, steps: list[Step]) -> None:
        for step in steps:
            await players.play(step)
        self._past = f"{players.plan.day.date}"
        self._tell("history")
        await self.sleep(GENTLE)

    def _tell(
        self, phase: str, step: tuple[Players, Step] | None = None, *, always: bool = False
    ) -> None:
        """Write down how far it has come, once a second at the most."""
        now = time.monotonic()
        if now - self._told_at < 1.0 and not always:
            return
        self._told_at = now
        players = self.day(self.first)
        steps = players.plan.steps()
        done = sum(players.ledger.done(s.story, s.number) for s in steps)
        coming = step[0].plan.day.instant(step[1].minute).isoformat() if step else None
        status = {
            "phase": phase,
            "install": self.stage.install,
            "date": f"{self.first}",
            "steps": len(steps),
            "played": done,
            "left": players.ledger.left(),
            "next": coming,
            "history": self._past,
        }
        write_whole(self.stage.folder / STATUS, status)


def _first_open(players: Players) -> Step | None:
    while players.waiting and players.ledger.done(
        players.waiting[0].story, players.waiting[0].number
    ):
        players.waiting.pop(0)
    return players.waiting[0] if players.waiting else None


def _firsts_before_their_twins(players: Players) -> Iterator[list[Step]]:
    """Stories one after the other; one that joins another's case is told while that is open."""
    stories = {story.key: list(story.steps) for story in players.plan.stories}
    twins: dict[str, list[str]] = {}
    for key, steps in stories.items():
        for step in steps:
            if step.act == "join":
                twins.setdefault(step.said["case"], []).append(key)
    joined = {key for keys in twins.values() for key in keys}
    for key, steps in stories.items():
        if key in joined:
            continue
        together = [*steps, *(step for twin in twins.get(key, ()) for step in stories[twin])]
        yield sorted(together, key=lambda step: step.minute)
