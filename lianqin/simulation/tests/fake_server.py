"""A district's API in memory: the lifecycle, versions and idempotency, and ways to misbehave."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx

PLACE = "320303/a/x"
LIFECYCLE = {
    "ask_verify": ("reported", "verifying"),
    "verify": ("verifying", "reported"),
    "file": ("reported", "filed"),
    "reject": ("reported", "rejected"),
    "join": ("reported", "joined"),
    "dispatch": ("filed", "dispatched"),
    "accept": ("dispatched", "handling"),
    "send_back": ("dispatched", "filed"),
    "report_back": ("handling", "to_check"),
    "draw_checker": ("to_check", "to_check"),
    "check_pass": ("to_check", "to_close"),
    "check_fail": ("to_check", "handling"),
    "close": ("to_close", "closed"),
}
DESK = ("ask_verify", "file", "reject", "join", "dispatch", "draw_checker")
MAY = {
    "operator": DESK,
    "shift_leader": (*DESK, "close"),
    "collector": ("verify", "check_pass", "check_fail"),
    "crew_member": ("accept", "send_back", "report_back"),
    "replayer": (),
}


class FakeServer:
    """Answers like the server; `before` and `after` may raise or answer in its stead."""

    def __init__(self) -> None:
        self.cases: dict[str, dict[str, Any]] = {}
        self.numbers: dict[str, str] = {}
        self.receipts: dict[tuple[str, str], tuple[bytes, dict[str, Any]]] = {}
        self.acts: list[tuple[str, str, str, dict[str, Any]]] = []
        self.uploads = 0
        self.position = 0
        self.seen: Counter[str] = Counter()
        self.twins: dict[str, list[str]] = {}
        self.verify = False
        #: Who is drawn, in turn.
        self.drawn = ["collector-1"]
        self.draws: Counter[str] = Counter()
        self.before: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
        self.after: Callable[[httpx.Request], None] = lambda request: None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        stead = self.before(request)
        if stead is not None:
            return stead
        answer = self._answer(request)
        self.after(request)
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        who = request.headers["Authorization"].removeprefix("Bearer ")
        self.seen[request.method] += 1
        if request.method == "GET":
            return self._get(path, who)
        key = who, request.headers["Idempotency-Key"]
        known = self.receipts.get(key)
        if known is not None:
            if known[0] != request.content:
                return problem(422, "idempotency_key_reused")
            return httpx.Response(201, json=known[1], headers={"Idempotent-Replay": "true"})
        answer = self._do(path, who, request)
        if answer.is_success:
            self.receipts[key] = request.content, json.loads(answer.content)
        return answer

    def _get(self, path: str, who: str) -> httpx.Response:
        if path == "/cases":
            return httpx.Response(200, json={"items": self._open(), "next": None})
        if path == "/my/tasks":
            return httpx.Response(200, json={"tasks": []})
        if path.endswith("/standards"):
            return httpx.Response(200, json={"items": [{"id": "standard-1"}]})
        found = re.fullmatch(r"/cases/([^/]+)(/candidates)?", path)
        assert found is not None, path
        if found[2]:
            items = [{"kind": "crew", "id": "crew-1", "open_tasks": 0, "metres": None}]
            return httpx.Response(200, json={"items": items})
        case = self.cases[found[1]]
        acts = [{"act": a} for a, (s, _) in LIFECYCLE.items() if s == case["state"]]
        acts = [a for a in acts if a["act"] in MAY[who.split("-")[0]]]
        twins = [self.cases[t] for t in self.twins.get(found[1], [])]
        body = {"case": case, "acts": acts, "twins": twins, "reports": [{"description": "x"}]}
        body |= {"way": {"verify": self.verify, "filed_by": "here"}, "duty_lines": [{"id": "l"}]}
        body["checker"] = {"id": self._checker(found[1])} if case["state"] == "to_check" else None
        body["timeline"] = [{"act": act} for case_id, act, *_ in self.acts if case_id == found[1]]
        return httpx.Response(200, json=body)

    def _checker(self, case_id: str) -> str:
        return self.drawn[self.draws[case_id] % len(self.drawn)]

    def _open(self) -> list[dict[str, Any]]:
        ended = ("closed", "rejected", "joined")
        return [c for c in self.cases.values() if c["state"] not in ended]

    def _do(self, path: str, who: str, request: httpx.Request) -> httpx.Response:
        if path == "/files":
            self.uploads += 1
            return httpx.Response(201, json={"id": f"file-{self.uploads}"})
        body = json.loads(request.content)
        self.position += 1
        if path == "/reports":
            return self._report(body)
        _, _, case_id, _, act = path.split("/")
        case = self.cases[case_id]
        source, target = LIFECYCLE[act]
        if act not in MAY[who.split("-")[0]]:
            return problem(403, "forbidden")
        if body["expected_version"] != case["version"]:
            return problem(409, "conflict")
        if case["state"] != source:
            return problem(422, "not_in_this_state")
        if act.startswith("check_") and who != self._checker(case_id):
            return problem(403, "forbidden")
        self.draws[case_id] += act == "draw_checker"
        self.acts.append((case_id, act, who, body))
        changed = {"state": target, "version": case["version"] + 1}
        changed |= {"changed_at": body["occurred_at"]}
        if act == "dispatch":
            changed["assignee"] = body["assignee"]
        self.cases[case_id] = case | changed
        return httpx.Response(200, json={"case": self.cases[case_id], "position": self.position})

    def _report(self, body: dict[str, Any]) -> httpx.Response:
        number = body["external_number"]
        already = number in self.numbers
        if not already:
            case = new_case(str(uuid4()), body)
            self.cases[case["id"]] = case
            self.numbers[number] = case["id"]
        answer = {"case": self.cases[self.numbers[number]], "position": self.position}
        return httpx.Response(201, json=answer | {"joined": already, "already": already})


def new_case(case_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """A case as a report opens it."""
    at = body.get("occurred_at") or "2020-01-01T00:00:00+00:00"
    key = body.get("class") or {"kind": None, "code": None}
    return {
        "id": case_id,
        "number": f"云龙-{case_id[:8]}",
        "version": 1,
        "state": "reported",
        "place": PLACE,
        "place_known": False,
        "origin": "replay",
        "reported_at": at,
        "changed_at": at,
        "assignee": None,
        "clock": None,
        **key,
    }


def problem(status: int, code: str) -> httpx.Response:
    """A refusal as the API words it."""
    return httpx.Response(status, json={"code": code, "title": code, "status": status})
