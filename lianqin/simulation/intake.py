"""Posting the rows of a file as reports: in their own rhythm or as fast as the server answers."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .board import Board
from .client import Answer, Api
from .keys import report_key
from .mapping import Allotted, class_of, report_body
from .profiles import ClassKey, Profile
from .queueing import Planned
from .reading import Tally
from .request import Request
from .told import Told, told

#: Reports on their way at once; the rest of the connections is for those who work them.
POSTS_AT_ONCE = 8
#: Seconds between looks whether the acts have caught up with the reports.
LAG = 0.05
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Plan:
    """What a file is posted with: its digest and what its words mean in this district."""

    digest: str
    profile: Profile
    areas: Mapping[str, Allotted]
    classes: frozenset[ClassKey]
    words: Mapping[str, ClassKey] = field(default_factory=dict)
    found: dict[str, ClassKey | None] = field(default_factory=dict)

    def class_of(self, service: str) -> ClassKey | None:
        """The district's class for a service of the file, if it has one (looked up once)."""
        if service not in self.found:
            self.found[service] = class_of(service, self.profile, self.classes, self.words)
        return self.found[service]


@dataclass
class Intake:
    """Posts requests and keeps which case each became.

    `start_position`: the journal's position when the replay began; what was done before it was
    done by an earlier run.
    """

    api: Api
    token: str
    plan: Plan
    board: Board
    tally: Tally
    start_position: int = 0
    on_news: Callable[[], None] = lambda: None
    outcome: Counter[str] = field(default_factory=Counter)
    posted: int = 0
    cases: dict[int, str] = field(default_factory=dict)
    told: dict[int, Told] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    _sources: dict[str, str] = field(default_factory=dict)
    _on_way: dict[int, datetime] = field(default_factory=dict)

    async def post_all(self, planned: Iterable[Planned]) -> None:
        """Post everything in the order of time; with a rhythm each when its moment comes.

        Acts are held back up to what has been posted, and posting waits while the acts lag behind,
        so that the district sees things in their order and only what is open is in memory.
        """
        room = asyncio.Semaphore(POSTS_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for plan in planned:
                made = plan.request.created
                if made and not self.posted and not self._on_way:
                    self.board.rhythm.start(made)
                if made and (wait := self.board.rhythm.wait(made)):
                    await asyncio.sleep(wait)
                while self.board.lags():
                    await asyncio.sleep(LAG)
                await room.acquire()
                self._on_way[plan.request.row] = made or LATEST
                self._hold()
                group.create_task(self._post_one(plan, room))
        self.board.horizon = None

    def _hold(self) -> None:
        """No act may be later than the earliest report that is still on its way."""
        if self._on_way:
            self.board.horizon = min(self._on_way.values())

    async def _post_one(self, plan: Planned, room: asyncio.Semaphore) -> None:
        try:
            answer, before = await self._post(plan.request, self._body(plan.request))
            self.posted += 1
            self._note(plan, answer, before)
        finally:
            del self._on_way[plan.request.row]
            self._hold()
            room.release()
            self.on_news()

    def _body(self, request: Request) -> dict[str, Any]:
        profile, now = self.plan.profile, datetime.now(UTC)
        if request.created and request.created > now:
            self.tally.note(self.tally.odd, "created_in_future", request.row)
        area = self.plan.areas.get(request.area)
        # The server knows a report again by sender, source and number: a repeat keeps the source.
        source = self._sources.setdefault(request.row_id, profile.source_of(request.channel))
        key = self.plan.class_of(request.service)
        return report_body(request, profile, area.code if area else None, key, source, now)

    async def _post(self, request: Request, body: dict[str, Any]) -> tuple[Answer, bool]:
        """The answer, and whether the row had been said in other words before."""
        key = report_key(self.plan.digest, request.row_id, request.repeat)
        answer = await self.api.post(self.token, "/reports", key, body)
        if answer.code != "idempotency_key_reused":
            return answer, False
        # An earlier version of the replay, or another allotment, said it in other words. The
        # server still knows the number and names the case.
        self.outcome["said_otherwise_before"] += 1
        words = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        other = report_key(self.plan.digest, f"{request.row_id}\n{words}", request.repeat)
        return await self.api.post(self.token, "/reports", other, body), True

    def _note(self, plan: Planned, answer: Answer, before: bool) -> None:
        request = plan.request
        if not answer.ok:
            self.tally.note(self.tally.left_out, f"refused: {answer.why}", request.row)
            self.outcome["refused"] += 1
            return
        case = answer.body.get("case") if isinstance(answer.body, dict) else None
        if not case:
            self.tally.note(self.tally.left_out, "answer_without_case", request.row)
            return
        case_id, kind = str(case["id"]), "known" if before else self._kind(answer)
        self.outcome[kind] += 1
        self.cases[request.row] = case_id
        self.told[request.row] = told(plan)
        if self.services.setdefault(case_id, request.service) == request.service:
            self.board.judge.plans.setdefault(case_id, plan)
        # What a repeated answer shows is the case as it is now, unless it is a mere receipt.
        self.board.see(case, certain=bool(case["place"]))

    def _kind(self, answer: Answer) -> str:
        """What a report did: `opened` a case, `joined` one, or was `known` from an earlier run.

        A repeated answer that lies after the start of this run is our own, asked for again.
        """
        body = answer.body
        position = int(body.get("position") or 0)
        if answer.repeated and position <= self.start_position:
            return "known"
        if body.get("already"):
            return "joined" if position > self.start_position else "known"
        return "joined" if body.get("joined") else "opened"
