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
from .reading import Tally
from .request import Request

#: Reports on their way at once; the rest of the connections is for those who work them.
POSTS_AT_ONCE = 8


@dataclass(frozen=True)
class Plan:
    """What a file is posted with: its digest and what its words mean in this district."""

    digest: str
    profile: Profile
    areas: Mapping[str, Allotted]
    classes: frozenset[ClassKey]


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
    requests: dict[int, Request] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    _sources: dict[str, str] = field(default_factory=dict)

    async def post_all(self, requests: Iterable[Request]) -> None:
        """Post everything; in the order of time where a rhythm is kept (that needs the whole file
        in memory), in the file's order otherwise."""
        if self.board.rhythm.speed is not None:
            late = datetime.max.replace(tzinfo=UTC)
            requests = sorted(requests, key=lambda r: (r.created or late, r.row))
            dated = [r.created for r in requests if r.created]
            if dated:
                self.board.rhythm.start(dated[0])
        room = asyncio.Semaphore(POSTS_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for request in requests:
                if request.created and (wait := self.board.rhythm.wait(request.created)):
                    await asyncio.sleep(wait)
                await room.acquire()
                group.create_task(self._post_one(request, room))

    async def _post_one(self, request: Request, room: asyncio.Semaphore) -> None:
        try:
            answer, before = await self._post(request, self._body(request))
            self.posted += 1
            self._note(request, answer, before)
        finally:
            room.release()
            self.on_news()

    def _body(self, request: Request) -> dict[str, Any]:
        profile, now = self.plan.profile, datetime.now(UTC)
        if request.created and request.created > now:
            self.tally.note(self.tally.odd, "created_in_future", request.row)
        area = self.plan.areas.get(request.area)
        # The server knows a report again by sender, source and number: a repeat keeps the source.
        source = self._sources.setdefault(request.row_id, profile.source_of(request.channel))
        key = class_of(request.service, profile, self.plan.classes)
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

    def _note(self, request: Request, answer: Answer, before: bool) -> None:
        if not answer.ok:
            self.tally.note(self.tally.left_out, f"refused: {answer.why}", request.row)
            self.outcome["refused"] += 1
            return
        case = answer.body.get("case") if isinstance(answer.body, dict) else None
        if not case:
            self.tally.note(self.tally.left_out, "answer_without_case", request.row)
            return
        self.outcome["known" if before else self._kind(answer)] += 1
        self.cases[request.row] = str(case["id"])
        self.requests[request.row] = request
        self.services.setdefault(str(case["id"]), request.service)
        old = answer.repeated or bool(answer.body.get("already"))
        self.board.see(case, certain=not old)

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
