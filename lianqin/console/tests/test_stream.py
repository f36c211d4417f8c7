"""The live stream: nothing missed, nothing twice, nothing foreign, and an end with the session."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.test import Client

from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.console import stream
from lianqin.console.demo_time_file import FILE
from lianqin.journal.queries import head
from lianqin.worktime import Pace

Address = Callable[[str], str]


class Reader:
    """One browser's end of a stream, fed by the application itself."""

    def __init__(self, session: str, query: str = "", last: str = "") -> None:
        self.status = 0
        self.text = ""
        self.gone = asyncio.Event()
        headers = [(b"cookie", f"{django_settings.SESSION_COOKIE_NAME}={session}".encode())]
        if last:
            headers.append((b"last-event-id", last.encode()))
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/stream",
            "query_string": query.encode(),
            "headers": headers,
        }
        self.task = asyncio.create_task(stream.application(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        return [
            (kind, json.loads(data))
            for kind, data in re.findall(r"event: (\w+)\ndata: (.*)\n", self.text)
        ]

    def positions(self) -> list[int]:
        return [int(text) for text in re.findall(r"^id: (\d+)$", self.text, re.M)]

    async def until(self, there: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not there():
                await asyncio.sleep(0.02)

    async def close(self) -> None:
        self.gone.set()
        await asyncio.wait_for(self.task, 5)


def session_of(world: World, name: str) -> str:
    client = Client()
    client.force_login(world.people[name])
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def run(committed: Address) -> Callable[[Callable[[World], Coroutine[Any, Any, None]]], None]:
    """Run a story with the hub beside it, on a database in which acts commit."""
    world = build()

    def story(tell: Callable[[World], Coroutine[Any, Any, None]]) -> None:
        async def whole() -> None:
            stream.hub = stream.Hub()
            running = asyncio.create_task(stream.hub.run())
            while stream.hub.position is None:
                await asyncio.sleep(0.01)
            try:
                await tell(world)
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running

        asyncio.run(whole())

    return story


async def off(function: Callable[..., Any], *args: Any) -> Any:
    answer: Awaitable[Any] = sync_to_async(function, thread_sensitive=False)(*args)
    return await answer


def test_a_desk_is_told_of_its_own_place_and_of_no_other(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
) -> None:
    async def tell(world: World) -> None:
        mine = Reader(await off(session_of, world, f"operator@{CENTRES[0]}"))
        theirs = Reader(await off(session_of, world, f"operator@{CENTRES[2]}"))
        await mine.until(lambda: "hello" in mine.text and "hello" in theirs.text)
        case = await off(world.report, CENTRES[0])
        await mine.until(lambda: len(mine.events) == 2)
        kind, data = mine.events[1]
        assert (kind, data["act"], data["case"]["id"]) == ("case", "report", str(case.id))
        assert (data["from_state"], data["to_state"]) == (None, "reported")
        await asyncio.sleep(0.3)
        assert [kind for kind, _ in theirs.events] == ["hello"]
        await mine.close()
        await theirs.close()

    run(tell)


def test_who_comes_back_is_told_what_was_missed_once(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
) -> None:
    async def tell(world: World) -> None:
        session = await off(session_of, world, f"operator@{CENTRES[0]}")
        start = await off(head)
        for _ in range(5):
            await off(world.report, CENTRES[0])
        for query, last in ((f"after={start}", ""), ("after=0", str(start))):
            reader = Reader(session, query, last)
            await reader.until(lambda r=reader: len(r.positions()) >= 5)
            await off(world.report, CENTRES[0])
            await reader.until(lambda r=reader: len(r.positions()) >= 6)
            found = reader.positions()
            assert found == sorted(set(found))
            assert found[0] == start + 1
            await reader.close()

    run(tell)


def test_events_that_the_hub_no_longer_keeps_come_from_the_journal(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "KEPT", 2)

    async def tell(world: World) -> None:
        start = await off(head)
        for _ in range(6):
            await off(world.report, CENTRES[0])
        reader = Reader(await off(session_of, world, f"operator@{CENTRES[0]}"), f"after={start}")
        await reader.until(lambda: len(reader.positions()) >= 6)
        assert reader.positions() == list(range(start + 1, start + 7))
        await reader.close()

    run(tell)


def test_what_nobody_hears_is_not_projected_and_who_comes_then_misses_nothing(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    projected: list[int | None] = []

    def project(last: int | None) -> Any:
        projected.append(last)
        return whole(last)

    whole = stream.project
    monkeypatch.setattr(stream, "project", project)

    async def tell(world: World) -> None:
        start = await off(head)
        for _ in range(3):
            await off(world.report, CENTRES[0])
        while stream.hub.position != start + 3:
            await asyncio.sleep(0.02)
        assert projected == []
        reader = Reader(await off(session_of, world, f"operator@{CENTRES[0]}"), f"after={start}")
        await reader.until(lambda: len(reader.positions()) >= 3)
        await off(world.report, CENTRES[0])
        await reader.until(lambda: len(reader.positions()) >= 4)
        assert reader.positions() == list(range(start + 1, start + 5))
        assert projected != []
        await reader.close()

    run(tell)


def test_who_was_away_too_long_starts_afresh(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "BEHIND", 3)

    async def tell(world: World) -> None:
        for _ in range(6):
            await off(world.report, CENTRES[0])
        now = await off(head)
        while stream.hub.position != now:
            await asyncio.sleep(0.02)
        reader = Reader(await off(session_of, world, f"operator@{CENTRES[0]}"), "after=0")
        await reader.until(lambda: len(reader.events) == 2)
        assert reader.events[1] == ("reset", {"position": now})
        await reader.close()

    run(tell)


@pytest.mark.parametrize("session", ["", "forged", "x" * 32])
def test_without_a_session_there_is_no_stream(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None], session: str
) -> None:
    async def tell(world: World) -> None:
        reader = Reader(session)
        await asyncio.wait_for(reader.task, 5)
        assert reader.status == 401

    run(tell)


def test_a_stream_ends_with_its_session(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "RECHECK_S", 0.05)
    monkeypatch.setattr(stream, "BEAT_S", 0.05)

    async def tell(world: World) -> None:
        from django.contrib.sessions.models import Session

        reader = Reader(await off(session_of, world, f"operator@{CENTRES[0]}"))
        await reader.until(lambda: ": beat" in reader.text)
        await off(Session.objects.all().delete)
        await asyncio.wait_for(reader.task, 5)
        assert reader.events[-1][0] == "bye"

    run(tell)


def test_a_reader_that_cannot_keep_up_starts_afresh(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
) -> None:
    async def tell(world: World) -> None:
        from lianqin.accounts.principal import Scope
        from lianqin.console.projection import Event, Hands

        slow = stream.Subscriber("", Scope(places=frozenset({CENTRES[0]})))
        hands = Hands(CENTRES[0], "reported", None, None)
        for position in range(1, 2002):
            slow.offer(Event(position, hands, None, b"id: %d\n\n" % position, b""))
        assert slow.queue.qsize() == 1
        assert b"event: reset" in slow.queue.get_nowait()[1]

    run(tell)


def test_the_stream_outlives_a_lost_database(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None], committed: Address
) -> None:
    import psycopg

    async def tell(world: World) -> None:
        reader = Reader(await off(session_of, world, f"operator@{CENTRES[0]}"))
        await reader.until(lambda: "hello" in reader.text)

        def cut() -> None:
            with psycopg.connect(committed("postgres"), autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE usename = 'lianqin_app' AND datname = current_database()"
                )

        await off(cut)
        case = await off(_report_again, world)
        await reader.until(lambda: str(case.id) in reader.text)
        await reader.close()

    run(tell)


def _report_again(world: World) -> Any:
    from django.db import connections

    connections["default"].close()
    return world.report(CENTRES[0])


def test_a_new_posting_starts_the_screen_afresh_and_its_end_is_felt(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def tell(world: World) -> None:
        from lianqin.accounts.models import Posting

        monkeypatch.setattr(stream, "RECHECK_S", 0.05)
        monkeypatch.setattr(stream, "BEAT_S", 0.05)
        user = world.people[f"operator@{CENTRES[0]}"]
        reader = Reader(await off(session_of, world, user.username))
        await reader.until(lambda: reader.text.count(": beat") > 2)
        assert [kind for kind, _ in reader.events] == ["hello"]
        await off(lambda: Posting.objects.filter(user=user).update(place=CENTRES[2]))
        await reader.until(lambda: "event: reset" in reader.text)
        await off(world.report, CENTRES[0])
        case = await off(world.report, CENTRES[2])
        await reader.until(lambda: "event: case" in reader.text)
        assert [data["case"]["id"] for kind, data in reader.events if kind == "case"] == [
            str(case.id)
        ]
        await reader.close()

    run(tell)


def test_a_reader_from_a_longer_journal_starts_afresh(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
) -> None:
    """After a demo reset a browser still knows the old, higher position."""

    async def tell(world: World) -> None:
        session = await off(session_of, world, f"operator@{CENTRES[0]}")
        reader = Reader(session, last="999999")
        await reader.until(lambda: "event: reset" in reader.text)
        await off(world.report, CENTRES[0])
        await reader.until(lambda: "event: case" in reader.text)
        await reader.close()

    run(tell)


def test_a_position_that_the_hub_has_not_read_yet_is_none_too_far(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def tell(world: World) -> None:
        monkeypatch.setattr(stream, "EVERY_S", 1.0)
        session = await off(session_of, world, f"operator@{CENTRES[0]}")
        await asyncio.sleep(0.2)
        await off(world.report, CENTRES[0])
        reader = Reader(session, last=str(await off(head)))
        await reader.until(lambda: "hello" in reader.text)
        await off(world.report, CENTRES[0])
        await reader.until(lambda: "event: case" in reader.text)
        assert "reset" not in reader.text
        assert len(reader.positions()) == 1
        await reader.close()

    run(tell)


@pytest.mark.parametrize("last", ["²", "9" * 30, "-1", "x"])
def test_a_strange_position_is_none(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None], last: str
) -> None:
    async def tell(world: World) -> None:
        session = await off(session_of, world, f"operator@{CENTRES[0]}")
        for reader in (Reader(session, query=f"after={last}"), Reader(session, last=last)):
            await reader.until(lambda r=reader: "event: hello" in r.text)
            await reader.close()

    run(tell)


def test_strange_bytes_are_a_stranger(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
) -> None:
    async def tell(world: World) -> None:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        headers = [(b"cookie", b"\xff\xfe"), (b"x", b"\xff")]
        scope = {"type": "http", "method": "GET", "path": "/stream", "query_string": b"after=\xff",
                 "headers": headers}  # fmt: skip
        await stream.application(scope, receive, send)
        assert sent[0]["status"] == 401

    run(tell)


def test_a_changed_password_ends_the_stream_as_it_ends_the_session(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None],
) -> None:
    async def tell(world: World) -> None:
        from lianqin.console.projection import reader_of

        user = world.people[f"operator@{CENTRES[0]}"]
        session = await off(session_of, world, user.username)
        assert await off(reader_of, session) is not None
        user.set_password("another one entirely")
        await off(user.save)
        assert await off(reader_of, session) is None

    run(tell)


def test_a_demo_tells_its_time_at_once_and_whenever_somebody_sets_it(
    run: Callable[[Callable[[World], Coroutine[Any, Any, None]]], None], home: Path
) -> None:
    shown = datetime.now(UTC) - timedelta(days=1)

    async def tell(world: World) -> None:
        reader = Reader(await off(session_of, world, f"operator@{CENTRES[0]}"))
        await reader.until(lambda: len(reader.events) == 1)
        assert reader.events[0][1]["time"]["on"] is False
        (home / FILE).write_text(Pace(shown, datetime.now(UTC), 13).text())
        await reader.until(lambda: len(reader.events) == 2)
        kind, said = reader.events[1]
        assert (kind, said["on"], said["speed"], said["paused"]) == ("time", True, 13, False)
        assert timedelta() <= datetime.fromisoformat(said["shown"]) - shown < timedelta(minutes=5)
        assert reader.positions() == []  # it stands in no journal: nobody resumes from it
        await reader.close()

    run(tell)
