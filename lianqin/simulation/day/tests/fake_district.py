"""As much of a district's API as the players of a day talk to, in memory; and ways to misbehave."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from lianqin.simulation.client import Api
from lianqin.simulation.day.figures import CENTRES
from lianqin.simulation.day.stage import PICTURES, Stage, load
from lianqin.worktime import PILOT

OFFICES = dict.fromkeys(("qingnian", "pengcheng", "xinsheng"), "320303001") | dict.fromkeys(
    ("wangjie", "tianqiao"), "320303002"
)
UNITS = ("water", "housing", "ecology", "transport", "lighting")
SCENES = ("stall", "shopfront", "bicycles", "wall", "bins", "road", "barbecue", "water",
          "manhole", "lamp")  # fmt: skip


def stage(home: Path) -> Stage:
    """A stage as the seeding leaves it; an account's token is its name."""
    folder = home / "demo-day"
    (folder / PICTURES).mkdir(parents=True)
    for scene in SCENES:
        for when in ("before", "after"):
            (folder / PICTURES / f"{scene}-{when}-0.jpg").write_bytes(b"picture")
    people = [_account("desk-1", "320303")]
    for centre in CENTRES.values():
        office = f"320303/{OFFICES[centre]}"
        place = f"{office}/{centre}"
        names = (f"op-{centre}-1", f"op-{centre}-2", f"lead-{centre}", f"commander-{centre}")
        people += [_account(name, place) for name in (*names, f"collector-{centre}-1")]
        for shift in PILOT:
            crew = f"{centre}-{shift.key}"
            people.append(_account(f"crew-{crew}-1", place, crew_id=f"crew {crew}"))
    for code in sorted(set(OFFICES.values())):
        people.append(_account(f"office-{code}-1", f"320303/{code}"))
        for unit in ("squad", "sanitation", "urban"):
            name = f"{unit}-{code}"
            people.append(_account(f"unit-{name}", f"320303/{code}", unit_id=name))
    people += [_account(f"unit-{unit}", "320303", unit_id=unit) for unit in UNITS]
    spots = [{"lon": 117.2, "lat": 34.25 + n / 1e4, "address": f"{n} 号"} for n in range(40)]
    data = {
        "district": {"code": "320303", "timezone": "Asia/Shanghai"},
        "accounts": people,
        "spots": dict.fromkeys(CENTRES.values(), spots),
    }
    (folder / "stage.json").write_text(json.dumps(data), encoding="utf-8")
    found = load(home)
    assert found.zone == ZoneInfo("Asia/Shanghai")
    return found


def _account(username: str, place: str, **hands: str) -> dict[str, Any]:
    role = {"role": "", "place": place, **hands}
    return {"id": f"id of {username}", "username": username, "token": username, "roles": [role]}


class FakeDistrict:
    """Keeps versions and receipts; lets every act through but the third return of a case."""

    def __init__(self) -> None:
        self.cases: dict[str, dict[str, Any]] = {}
        self.acts: list[tuple[str, str, str]] = []
        self.receipts: dict[str, tuple[bytes, httpx.Response]] = {}
        self.records: Counter[str] = Counter()
        self.uploads = 0
        self.shown = "2026-07-06T00:30:00+00:00"
        self.open_before: list[dict[str, Any]] = []
        self.before: Callable[[httpx.Request], httpx.Response | None] = lambda request: None

    def api(self) -> Api:
        """A client of it."""
        transport = httpx.MockTransport(self)
        http = httpx.AsyncClient(base_url="http://district", transport=transport)
        return Api(http, patience=0.0)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        stead = self.before(request)
        if stead is not None:
            return stead
        path = request.url.path.removeprefix("/api/v1")
        who = request.headers["Authorization"].removeprefix("Bearer ")
        if request.method == "GET":
            return self._get(path)
        key = request.headers["Idempotency-Key"]
        if key in self.receipts:
            sent, answer = self.receipts[key]
            return answer if sent == request.content else problem("idempotency_key_reused")
        answer = self._do(path, who, request)
        if answer.is_success:
            self.receipts[key] = request.content, answer
        return answer

    def _get(self, path: str) -> httpx.Response:
        if path == "/cases":
            return ok({"items": self.open_before, "next": None})
        if path == "/demo/time":
            shown = {"shown": self.shown, "real": "2026-07-08T00:00:00+00:00", "speed": 1}
            return ok({**shown, "paused": True, "on": True})
        if path.endswith("/standards"):
            return ok({"items": [{"id": f"standard {n}"} for n in range(6)]})
        if path.startswith("/cases/"):
            case = self.cases[path.removeprefix("/cases/")]
            acts = [{"act": act} for act in case["offers"]]
            asked = [{"id": "asked", "kind": k, "state": "asked"}
                     for k in ("extension", "suspension", "department")]  # fmt: skip
            drawn = {"id": "id of collector-wangjie-1"}
            return ok({"case": case, "acts": acts, "requests": asked, "checker": drawn,
                       "duty_lines": [{"id": "line"}]})  # fmt: skip
        return ok({})

    def _do(self, path: str, who: str, request: httpx.Request) -> httpx.Response:
        if path == "/files":
            self.uploads += 1
            return ok({"id": f"file {self.uploads}"}, 201)
        body = json.loads(request.content)
        if path.startswith("/records/"):
            self.records[path] += 1
            return ok({"id": "record"}, 201)
        if path.startswith("/reports"):
            case = {"id": f"case {len(self.cases) + 1}", "version": 1, "state": "open",
                    "offers": [], "body": body, "by": who, "returns": 0}  # fmt: skip
            self.cases[case["id"]] = case
            self.acts.append((case["id"], path.rpartition("/")[2], who))
            return ok({"case": case}, 201)
        _, _, case_id, _, act = path.split("/")
        return self._act(self.cases[case_id], act, who, body)

    def _act(
        self, case: dict[str, Any], act: str, who: str, body: dict[str, Any]
    ) -> httpx.Response:
        if body["expected_version"] != case["version"]:
            return problem("conflict", 409)
        if act == "send_back" and case["returns"] == 2:
            return problem("send_back_limit")
        case["returns"] += act == "send_back"
        case["version"] += 1
        self.acts.append((case["id"], act, who))
        return ok({"case": dict(case)})


def ok(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def problem(code: str, status: int = 422) -> httpx.Response:
    """A refusal as the API words it."""
    return httpx.Response(status, json={"code": code, "title": code, "status": status})
