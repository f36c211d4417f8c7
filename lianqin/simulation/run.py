"""One replay from the first row to the last case that can be moved."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .board import Board
from .client import Api, GaveUp
from .decisions import OPEN, Row
from .intake import Intake
from .queueing import Planned
from .staff import Account
from .work import Office

#: Cases worked on at once.
WORKERS = 14
#: Seconds between readings of the lists while the run goes on.
LISTS_EVERY = 60.0
#: Rounds in which nothing moved before the replay says that it is over.
STILL_ROUNDS = 2


@dataclass
class Run:
    """The board, who posts and who works; `everything` also works cases that no replay brought."""

    api: Api
    board: Board
    intake: Intake
    office: Office
    everything: bool = False
    on_progress: Callable[[], None] = lambda: None
    gave_up: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _posting: bool = True
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _listed_at: float = 0.0

    async def run(self, requests: Iterable[Planned]) -> None:
        """Post, work and drain. Ends when no case is open, or nothing moves any more, or the
        server stayed away (`gave_up`)."""
        self.intake.on_news = self._news.set
        try:
            await self._read_lists()
            posting = asyncio.create_task(self._post(requests))
            try:
                await self._work()
            finally:
                posting.cancel()
                for task in self._running:
                    task.cancel()
                await asyncio.gather(posting, *self._running, return_exceptions=True)
        except GaveUp as error:
            self.gave_up = self.gave_up or str(error)

    async def _post(self, requests: Iterable[Planned]) -> None:
        try:
            await self.intake.post_all(requests)
        except* Exception as group:
            first: BaseException = group
            while isinstance(first, BaseExceptionGroup):
                first = first.exceptions[0]
            self.gave_up = str(first) if isinstance(first, GaveUp) else repr(first)
        finally:
            self._posting = False
            self._news.set()

    async def _work(self) -> None:
        still = 0
        while not self.gave_up:
            self.on_progress()
            self._hand_out()
            if self._busy():
                await self._wait()
                await self._lists_if_due()
                continue
            still = 0 if await self._another_round() else still + 1
            if still >= STILL_ROUNDS or not self._left():
                return

    def _busy(self) -> bool:
        return self._posting or bool(self._running) or self.board.wait() is not None

    def _left(self) -> bool:
        return bool(self.board.open()) or self.board.wait() is not None

    def _hand_out(self) -> None:
        while len(self._running) < WORKERS:
            case_id = self.board.take()
            if case_id is None:
                return
            task = asyncio.create_task(self._step(case_id))
            self._running.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._news.set()

    async def _step(self, case_id: str) -> None:
        try:
            await self.office.step(case_id)
        except GaveUp as error:
            self.gave_up = self.gave_up or str(error)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # An answer that is not what the API promises must not end the whole replay.
            self.board.set_aside(case_id, f"answer not understood: {error!r}")
        finally:
            self.board.give_back(case_id)

    async def _wait(self) -> None:
        due = self.board.wait() if len(self._running) < WORKERS else None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), min(1.0, due if due is not None else 1.0))
        self._news.clear()

    async def _lists_if_due(self) -> None:
        if time.monotonic() - self._listed_at > LISTS_EVERY:
            await self._read_lists()

    async def _another_round(self) -> bool:
        """Read every list again and try what was set aside; whether that moves anything."""
        before = self.board.moves
        await self._read_lists()
        self.board.try_again()
        while self._running or self.board.wait() is not None:
            self._hand_out()
            await self._wait()
            if self.gave_up:
                return False
        return self.board.moves > before

    async def _read_lists(self) -> None:
        """The desks' lists and everybody's own tasks, as each of them sees them."""
        staff = self.office.staff
        await asyncio.gather(
            *(self._desk(account) for account in staff.readers()),
            *(self._own_tasks(account) for account in staff.doers()),
        )
        self._listed_at = time.monotonic()

    async def _desk(self, account: Account) -> None:
        params: dict[str, str | int] = {"tab": "open", "limit": 100}
        while True:
            answer = await self.api.get(account.token, "/cases", **params)
            if not answer.ok:
                return
            self._see(answer.body["items"])
            if not answer.body.get("next"):
                return
            params["after"] = answer.body["next"]

    async def _own_tasks(self, account: Account) -> None:
        answer = await self.api.get(account.token, "/my/tasks")
        if answer.ok:
            self._see(task["case"] for task in answer.body["tasks"])

    def _see(self, rows: Iterable[Row]) -> None:
        for row in rows:
            ours = self.everything or row.get("origin") == "replay"
            if ours and row["state"] in OPEN:
                self.board.see(row)


async def reference(api: Api, token: str) -> Mapping[str, Any]:
    """Who we are, the district's areas and classes; RuntimeError with the server's words."""
    found: dict[str, Any] = {}
    for name in ("me", "areas", "classes", "force"):
        answer = await api.get(token, f"/{name}")
        if not answer.ok:
            raise RuntimeError(f"GET /{name}: {answer.why}")
        found[name] = answer.body
    return found
