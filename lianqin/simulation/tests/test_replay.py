"""A whole replay against a server in memory that loses answers, falls over and contradicts."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime

import httpx
import pytest

from lianqin.simulation.board import Board, Rhythm
from lianqin.simulation.client import Api, GaveUp
from lianqin.simulation.decisions import Judge
from lianqin.simulation.intake import Intake, Plan
from lianqin.simulation.mapping import not_ours
from lianqin.simulation.profiles import BALTIMORE
from lianqin.simulation.queueing import Planned, key_of
from lianqin.simulation.reading import Tally
from lianqin.simulation.request import Request
from lianqin.simulation.run import Run
from lianqin.simulation.staff import Account, Post, Staff
from lianqin.simulation.summary import in_words, summary
from lianqin.simulation.work import Office

from .fake_server import PLACE, FakeServer, new_case, problem

PEOPLE = [
    Account(f"{role}-1", "", f"{role}-1", (Post(role, PLACE, "crew-1" if crew else None),))
    for role, crew in [
        ("operator", False),
        ("shift_leader", False),
        ("collector", False),
        ("crew_member", True),
    ]
]


def request(number: int, **changes) -> Request:
    values = {
        "row": number,
        "row_id": f"18-{number}",
        "repeat": 0,
        "service": "SW-Dirty Alley",
        "channel": "Phone",
        "created": datetime(2018, 4, 12, number % 24, tzinfo=UTC),
        "due": None,
        "closed": None,
        "address": "",
        "area": "",
        "detail": "",
        "lon": None,
        "lat": None,
    }
    return Request(**(values | changes))


async def no_sleep(seconds: float) -> None:
    await asyncio.sleep(0)


def replay(
    server: FakeServer, requests, *, people=PEOPLE, patience: float = 600, clock=None
) -> Run:
    """One run, as the command puts it together."""

    async def go() -> Run:
        accounts = [Account(p.username, p.name, p.token, p.posts, p.username) for p in people]
        async with httpx.AsyncClient(
            base_url="http://district", transport=httpx.MockTransport(server)
        ) as http:
            extra = {"clock": clock} if clock else {}
            api = Api(http, patience=patience, sleep=no_sleep, **extra)
            judge = Judge(1)
            board = Board(judge, Rhythm(None))
            plan = Plan("d" * 64, BALTIMORE, {}, frozenset())
            intake = Intake(api, "replayer-1", plan, board, Tally(), start_position=server.position)
            office = Office(
                api=api,
                staff=Staff(accounts),
                board=board,
                judge=judge,
                general=("event", "0112"),
                not_ours=lambda s: not_ours(s, BALTIMORE),
                services=intake.services,
            )
            run = Run(api, board, intake, office)
            await run.run(Planned(r, key_of(r), PLACE) for r in requests)
            return run

    return asyncio.run(go())


def states(server: FakeServer) -> Counter[str]:
    return Counter(c["state"] for c in server.cases.values())


def test_every_case_is_worked_to_its_end():
    server = FakeServer()
    rows = [request(n) for n in range(60)] + [request(99, service="ECC-Vehicle Look Up")]
    run = replay(server, rows)
    assert states(server) == {"closed": 60, "rejected": 1}
    data = summary(run, 1.0)
    assert data["rows"]["opened"] == 61
    assert data["open"] == []
    assert "61" in in_words(data)


def test_a_checker_whom_the_replay_does_not_have_is_drawn_again():
    """The district draws from everybody who is posted; a staffing may have fewer."""
    server = FakeServer()
    server.drawn = ["collector-9", "collector-8", "collector-1"]
    run = replay(server, [request(n) for n in range(8)])
    assert states(server) == {"closed": 8}
    assert run.office.acts["draw_checker"] == 16


def test_the_same_again_adds_nothing_and_does_nothing():
    server = FakeServer()
    rows = [request(n) for n in range(20)]
    replay(server, rows)
    acts, uploads = len(server.acts), server.uploads
    again = replay(server, rows)
    assert (len(server.cases), len(server.acts), server.uploads) == (20, acts, uploads)
    assert summary(again, 1.0)["rows"] | {} == {
        "read": 0,
        "posted": 20,
        "opened": 0,
        "joined": 0,
        "known": 20,
        "left_out": 0,
        "said_otherwise_before": 0,
    }


def test_answers_lost_after_the_deed_double_nothing():
    server = FakeServer()
    dice = random.Random(7)

    def lose(request: httpx.Request) -> None:
        if dice.random() < 0.4:
            raise httpx.ReadError("killed", request=request)

    server.after = lose
    run = replay(server, [request(n) for n in range(30)])
    assert states(server) == {"closed": 30}
    done = Counter((case, body["expected_version"]) for case, _, _, body in server.acts)
    assert set(done.values()) == {1}
    assert server.uploads == sum(act == "report_back" for _, act, _, _ in server.acts)
    assert run.api.traffic.retries > 50
    assert run.intake.outcome["opened"] == 30


def test_a_server_that_is_away_for_a_while_is_waited_for():
    server = FakeServer()
    away = iter([problem(503, "database_away"), problem(502, ""), problem(500, "")] * 20)
    server.before = lambda request: next(away, None)
    replay(server, [request(n) for n in range(5)])
    assert states(server) == {"closed": 5}


def test_a_server_that_stays_away_is_given_up_and_said():
    server = FakeServer()
    server.before = lambda request: problem(503, "database_away")
    ticks = iter(range(100_000))
    run = replay(server, [request(1)], patience=50, clock=lambda: float(next(ticks)))
    assert "503" in run.gave_up
    assert "503" in in_words(summary(run, 1.0))


def test_somebody_else_acting_in_between_is_a_conflict_and_the_case_goes_on():
    server = FakeServer()
    meddled: set[str] = set()

    def meddle(request: httpx.Request) -> None:
        case_id = request.url.path.split("/")[4] if request.url.path.endswith("/acts/file") else ""
        if case_id and case_id not in meddled:
            meddled.add(case_id)
            case = server.cases[case_id] | {"state": "filed", "version": 2}
            server.cases[case_id] = case | {"kind": "event", "code": "0112"}

    server.before = meddle
    run = replay(server, [request(n) for n in range(5)])
    assert states(server) == {"closed": 5}
    assert run.api.traffic.conflicts == 5


def test_a_number_that_comes_twice_joins_the_first():
    server = FakeServer()
    run = replay(server, [request(1), request(2, row_id="18-1", repeat=1, channel="API")])
    assert len(server.cases) == 1
    assert (run.intake.outcome["opened"], run.intake.outcome["joined"]) == (1, 1)


def test_a_row_said_in_other_words_before_names_its_case():
    server = FakeServer()
    replay(server, [request(1)])
    run = replay(server, [request(1, detail="now with an agency")])
    assert len(server.cases) == 1
    assert run.intake.outcome["known"] == 1
    assert run.intake.outcome["said_otherwise_before"] == 1


def test_nobody_to_send_leaves_the_case_in_a_stated_state():
    server = FakeServer()
    run = replay(server, [request(1)], people=[p for p in PEOPLE if not p.posts[0].crew_id])
    assert states(server) == {"filed": 1}
    (left,) = summary(run, 1.0)["open"]
    assert left["state"] == "filed"
    assert "none with a simulated account" in left["why"]


def test_a_twin_is_joined_into_the_earliest():
    server = FakeServer()

    def offer(request: httpx.Request) -> None:
        for case in list(server.cases.values()):
            server.cases[case["id"]] = case | {"place_known": True}
        server.twins = {a: [b for b in server.cases if b != a] for a in server.cases}

    server.after = offer
    server.before = lambda request: None
    # All three are there before anybody looks.
    for number in (3, 1, 2):
        body = {"occurred_at": f"2018-04-12T0{number}:00:00+00:00"}
        server.cases[f"case-{number}"] = new_case(f"case-{number}", body)
    replay(server, [])
    into = {case: body["case_id"] for case, act, _, body in server.acts if act == "join"}
    assert set(into) <= {"case-2", "case-3"}
    assert all(target < case for case, target in into.items())
    assert server.cases["case-1"]["state"] == "closed"


def test_an_answer_that_is_not_what_the_api_promises_does_not_end_the_replay():
    server = FakeServer()

    def garble(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/candidates"):
            return httpx.Response(200, json={"items": [{}]})
        return None

    server.before = garble
    run = replay(server, [request(1)])
    (left,) = summary(run, 1.0)["open"]
    assert "not understood" in left["why"]


def test_give_up_names_the_request():
    async def go() -> None:
        transport = httpx.MockTransport(lambda request: httpx.Response(503))
        async with httpx.AsyncClient(base_url="http://d", transport=transport) as http:
            await Api(http, patience=-1, sleep=no_sleep).get("t", "/me")

    with pytest.raises(GaveUp, match="GET /me: HTTP 503"):
        asyncio.run(go())
