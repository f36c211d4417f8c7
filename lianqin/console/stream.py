"""The live stream: one process that reads the journal and tells every open screen.

Every 100 ms it asks for entries behind the last position; each becomes one projection, built once
and filtered by the reader's place. Nothing is ever sent that the reader could not have fetched.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqin.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import close_old_connections  # noqa: E402

from lianqin.accounts.principal import Scope  # noqa: E402
from lianqin.journal.queries import head  # noqa: E402
from lianqin.worktime import PRESENT, Pace  # noqa: E402

from .demo_time import shown  # noqa: E402
from .notice_stream import EVERY_S as NOTICES_EVERY_S  # noqa: E402
from .notice_stream import Touched, person_of  # noqa: E402
from .projection import Event, project, project_range, reader_of  # noqa: E402

log = logging.getLogger(__name__)

EVERY_S = 0.1
BEAT_S = 10.0
RECHECK_S = 30.0
KEPT = 5000
#: Behind every position that a reader may have been told.
ANY_POSITION = 2**63
BEHIND = 2000

Scoped = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Subscriber:
    """One open stream: who reads, and what waits to be sent."""

    def __init__(self, session: str, scope: Scope, person: UUID | None = None) -> None:
        self.session = session
        self.person = person
        self.scope = scope
        self.queue: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue(maxsize=2000)

    def tell(self, frame: bytes) -> None:
        """Queue what stands in no journal, whatever position the reader has; a reader that cannot
        keep up hears it when it starts afresh."""
        with suppress(asyncio.QueueFull):
            self.queue.put_nowait((ANY_POSITION, frame))

    def offer(self, event: Event) -> None:
        """Queue what the reader may see of an event; a reader that cannot keep up starts afresh."""
        text = event.render(self.scope)
        if text is None:
            return
        try:
            self.queue.put_nowait((event.position, text))
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            reset = _frame("reset", {"position": event.position}, event.position)
            self.queue.put_nowait((event.position, reset))


class Hub:
    """The one reader of the journal and everybody who listens."""

    def __init__(self) -> None:
        self.subscribers: set[Subscriber] = set()
        self.recent: list[Event] = []
        self.position: int | None = None
        self.pace: Pace | None = None
        self.touched = Touched()
        self.notices_at = 0.0

    async def run(self) -> None:
        """Read for ever; a database that is away is asked again until it is back."""
        while True:
            try:
                await self.step()
                await asyncio.sleep(EVERY_S)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("stream: cannot read the journal (%s)", type(error).__name__)
                await asyncio.sleep(1)

    async def step(self) -> None:
        """Read what is new once and hand it out."""
        look = _look if self.subscribers else _glance
        position, events, pace = await _reading(look, self.position)
        if look is _glance and self.subscribers:
            return  # somebody came meanwhile: what was passed over is looked at properly
        if look is _glance and position != self.position:
            self.recent = []  # they would have a hole
        self.position = position
        if pace != self.pace:
            self.pace = pace
            await self._tell_time()
        if (at := asyncio.get_running_loop().time()) >= self.notices_at:
            self.notices_at = at + NOTICES_EVERY_S
            await self._tell_notices()
        if not events:
            return
        self.recent = (self.recent + events)[-KEPT:]
        for event in events:
            for subscriber in self.subscribers:
                subscriber.offer(event)

    async def _tell_time(self) -> None:
        """Tell everybody that the pace of a demo's time has been changed."""
        time = await _demo_time()
        for subscriber in self.subscribers if time else ():
            subscriber.tell(_frame("time", time or {}, None))

    async def _tell_notices(self) -> None:
        """Tell everybody who is addressed; whoever was away asks for their list when they come."""
        for person, notice in await _reading(self.touched.look):
            for subscriber in self.subscribers:
                if subscriber.person == person:
                    subscriber.tell(_frame("notice", notice, None))

    async def missed(self, after: int) -> list[Event] | None:
        """Events behind `after`, or None when that is too long ago to be told one by one."""
        position = self.position or 0
        if after > position and after > await _reading(head):
            return None  # from a journal that was longer: the demo has been set up anew
        if after >= position:
            return []
        if position - after > BEHIND:
            return None
        if self.recent and self.recent[0].position <= after + 1:
            return [event for event in self.recent if event.position > after]
        missed: list[Event] = await _reading(project_range, after, position)
        return missed


def _look(last: int | None) -> tuple[int, list[Event], Pace | None]:
    """What is new in the journal, and the pace of the time."""
    return (*project(last), PRESENT.pace())


def _glance(last: int | None) -> tuple[int, list[Event], Pace | None]:
    """How far the journal is while nobody listens: what nobody hears need not be projected."""
    return head(), [], PRESENT.pace()


async def _reading(function: Callable[..., Any], *args: Any) -> Any:
    """Run a database reading in the one database thread, on a connection that is alive."""

    def run() -> Any:
        close_old_connections()
        return function(*args)

    return await sync_to_async(run)()


hub = Hub()


async def application(scope: Scoped, receive: Receive, send: Send) -> None:
    """ASGI entry: lifespan and GET /stream."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/stream" and scope["method"] == "GET":
        await _stream(scope, receive, send)
    elif scope["type"] == "http":
        ok = scope["path"] == "/healthz"
        await _plain(send, 200 if ok else 404, b"ok" if ok else b"not found")


async def _lifespan(receive: Receive, send: Send) -> None:
    task: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            task = asyncio.create_task(hub.run())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _plain(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _stream(scope: Scoped, receive: Receive, send: Send) -> None:
    headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
    session = _session(headers.get("cookie", ""))
    try:
        reader = await _reading(reader_of, session)
        person = await _reading(person_of, session) if reader is not None else None
    except Exception:
        await _plain(send, 503, b"database away")
        return
    if reader is None:
        await _plain(send, 401, b"sign in")
        return
    subscriber = Subscriber(session, reader, person)
    after = _after(scope, headers)
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
            ],
        }
    )
    hub.subscribers.add(subscriber)
    try:
        await _serve(subscriber, after, receive, send)
    finally:
        hub.subscribers.discard(subscriber)


async def _serve(subscriber: Subscriber, after: int | None, receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_until_gone(receive))
    checked = asyncio.get_running_loop().time()
    last = await _catch_up(subscriber, after, send)
    try:
        while not gone.done():
            waiting = await _next(subscriber, gone)
            if waiting is None:
                await _body(send, b": beat\n\n")
            elif waiting[0] > last:
                await _body(send, waiting[1])
            now = asyncio.get_running_loop().time()
            if now - checked > RECHECK_S:
                checked = now
                before = subscriber.scope
                if not await _still_welcome(subscriber):
                    await _body(send, _frame("bye", {}, None))
                    break
                if subscriber.scope != before:
                    # Another place: what the screen holds is neither all nor only what it may.
                    position = hub.position or 0
                    await _body(send, _frame("reset", {"position": position}, position))
    except OSError:
        pass
    finally:
        gone.cancel()
    with suppress(Exception):
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _catch_up(subscriber: Subscriber, after: int | None, send: Send) -> int:
    """Tell what was missed; returns the last position told, so that nothing is told twice."""
    position = hub.position or 0
    time = await _demo_time()
    await _body(
        send, _frame("hello", {"position": position} | ({"time": time} if time else {}), None)
    )
    if after is None:
        return position
    missed = await hub.missed(after)
    if missed is None:
        await _body(send, _frame("reset", {"position": position}, position))
        return position
    for event in missed:
        text = event.render(subscriber.scope)
        if text is not None:
            await _body(send, text)
    return missed[-1].position if missed else after


async def _demo_time() -> dict[str, Any] | None:
    """What the time of a demo install is, and how it goes on; nothing in a real one."""
    try:
        found: dict[str, Any] | None = await _reading(shown)
    except Exception:
        return None  # the database is away: the reader keeps what it has
    return found


async def _next(subscriber: Subscriber, gone: asyncio.Task[None]) -> tuple[int, bytes] | None:
    waiting = asyncio.create_task(subscriber.queue.get())
    await asyncio.wait({waiting, gone}, timeout=BEAT_S, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        return waiting.result()
    waiting.cancel()
    return None


async def _still_welcome(subscriber: Subscriber) -> bool:
    """Whether the session still stands; a new posting or its end takes effect here too."""
    try:
        reader = await _reading(reader_of, subscriber.session)
    except Exception:
        return True  # the database is away: the reader keeps what it has until it is back
    if reader is None:
        return False
    subscriber.scope = reader
    return True


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})


def _frame(event: str, data: dict[str, Any], position: int | None) -> bytes:
    head = f"id: {position}\n" if position is not None else ""
    return f"{head}event: {event}\ndata: {json.dumps(data)}\n\n".encode()


def _session(cookie: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    with suppress(Exception):
        jar.load(cookie)
    found = jar.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


def _after(scope: Scoped, headers: dict[str, str]) -> int | None:
    text = headers.get("last-event-id") or next(
        iter(parse_qs(scope["query_string"].decode()).get("after", [])), ""
    )
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
