"""The HTTP API as the replay uses it: bounded, patient, and safe to ask again.

A request is sent again with the same key until an answer comes: the server may be killed between
doing and answering, and does nothing twice for the same key.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

#: Requests at once, over all of the simulated staff.
AT_ONCE = 16
#: Seconds: the first pause after a failure, the longest, and how long to go on altogether.
FIRST_PAUSE, LONGEST_PAUSE, PATIENCE = 0.1, 2.0, 600.0
#: Answers that mean: not now. The API's own word for an absent database is 503.
NOT_NOW = frozenset({429, 502, 503, 504})
#: An unexplained 500 may be the moment in which a process dies: asked again this often, not more.
TRIES_AT_500 = 8


class GaveUp(Exception):
    """No answer within the patience; the text names the request and the last failure."""


@dataclass(frozen=True)
class Answer:
    """What the server said. `tries` counts how often it was asked; `repeated` is its own word
    that it had done this before."""

    status: int
    body: Any
    tries: int = 1
    repeated: bool = False

    @property
    def ok(self) -> bool:
        """Whether the request was done."""
        return self.status < 300

    @property
    def code(self) -> str:
        """The machine word of a refusal ('' when there is none)."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""

    @property
    def why(self) -> str:
        """A refusal in one line."""
        if not isinstance(self.body, dict):
            return f"HTTP {self.status}"
        parts = [str(self.body.get(k)) for k in ("code", "title", "detail") if self.body.get(k)]
        parts += [f"{e.get('field')}: {e.get('code')}" for e in self.body.get("errors") or []]
        return f"HTTP {self.status} " + " / ".join(dict.fromkeys(parts))


@dataclass
class Traffic:
    """Counts of what went over the wire."""

    requests: int = 0
    retries: int = 0
    conflicts: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


class Api:
    """One server, many bearers."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        patience: float = PATIENCE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        on_trouble: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.traffic = Traffic()
        self._http = http
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._patience, self._sleep, self._clock = patience, sleep, clock
        self._on_trouble = on_trouble

    async def get(self, token: str, path: str, **params: str | int) -> Answer:
        """Read something."""
        return await self._patiently("GET", path, token, params=params)

    async def post(self, token: str, path: str, key: UUID, body: Mapping[str, Any]) -> Answer:
        """Do something, once."""
        return await self._patiently("POST", path, token, key=key, json=body)

    async def upload(self, token: str, key: UUID, name: str, jpeg: bytes) -> Answer:
        """Send a picture; its boundary follows from the key, so a repeat has the same bytes."""
        kind = f"multipart/form-data; boundary=lianqin-{key.hex}"
        return await self._patiently(
            "POST",
            "/files",
            token,
            key=key,
            headers={"Content-Type": kind},
            files={"file": (name, jpeg, "image/jpeg")},
        )

    async def _patiently(
        self,
        method: str,
        path: str,
        token: str,
        *,
        key: UUID | None = None,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> Answer:
        sent = {"Authorization": f"Bearer {token}", "Accept-Language": "en", **(headers or {})}
        if key is not None:
            sent["Idempotency-Key"] = str(key)
        started, pause, tries, at_500 = self._clock(), FIRST_PAUSE, 0, 0
        while True:
            tries += 1
            response, failure = await self._once(method, path, sent, content)
            if response is not None:
                at_500 += response.status_code >= 500
                answer = _read(response, tries)
                if answer is not None and not _again(answer, at_500):
                    self._count(method, path, answer)
                    return answer
                failure = failure or f"HTTP {response.status_code}"
            self.traffic.retries += 1
            self.traffic.failures[failure] += 1
            if self._clock() - started > self._patience:
                raise GaveUp(f"{method} {path}: {failure}")
            self._on_trouble(failure)
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _once(
        self, method: str, path: str, headers: Mapping[str, str], content: Mapping[str, Any]
    ) -> tuple[httpx.Response | None, str]:
        async with self._gate:
            self.traffic.requests += 1
            began = self._clock()
            try:
                url = "/api/v1" + path
                return await self._http.request(method, url, headers=headers, **content), ""
            except httpx.TransportError as error:
                return None, type(error).__name__
            finally:
                self.traffic.seconds += self._clock() - began

    def _count(self, method: str, path: str, answer: Answer) -> None:
        if answer.status == 409:
            self.traffic.conflicts += 1
        elif not answer.ok:
            steps = ("…" if len(step) == 36 else step for step in path.split("/"))
            self.traffic.refused[f"{method} {'/'.join(steps)} → {answer.why}"] += 1


def _again(answer: Answer, at_500: int) -> bool:
    """Whether to ask again: the server cannot just now, or fell over and may be getting up."""
    return answer.status in NOT_NOW or (answer.status >= 500 and at_500 < TRIES_AT_500)


def _read(response: httpx.Response, tries: int) -> Answer | None:
    """The answer, or None when a good status came with half a body."""
    repeated = response.headers.get("Idempotent-Replay", "").lower() == "true"
    try:
        body = response.json() if response.content else None
    except ValueError:
        if response.is_success:
            return None
        body = response.text[:200]
    return Answer(response.status_code, body, tries, repeated)
