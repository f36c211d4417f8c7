"""The simulated staff at work: whoever's turn it is does the next act, over the HTTP API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .board import Board
from .client import Answer, Api
from .decisions import ENDED, TEXTS, Judge, Row, choose_hands, earliest_twin
from .keys import act_key
from .photos import picture
from .profiles import ClassKey
from .staff import Account, Staff

#: Acts of those who have the case in their hands.
HANDS = ("accept", "report_back", "send_back")
#: Refusals that mean: the case is not where we thought; look again.
LOOK_AGAIN = frozenset({"not_in_this_state", "idempotency_key_reused", "joins_only_open_cases"})
#: Looking again at the same version this often moves nothing.
LOOKS = 6
#: Colleagues asked in turn before a case is set aside.
COLLEAGUES = 4


@dataclass
class Office:
    """Everything the staff know together: who they are, the board, the classes, what was learned.

    `not_ours` says of a service whether it is no street problem; `general` is the class for what
    fits none.
    """

    api: Api
    staff: Staff
    board: Board
    judge: Judge
    general: ClassKey | None
    not_ours: Callable[[str], bool]
    services: Mapping[str, str]
    acts: Counter[str] = field(default_factory=Counter)
    _may: set[tuple[frozenset[str], str, str]] = field(default_factory=set)
    _candidates: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)
    _given: Counter[str] = field(default_factory=Counter)
    _unfit: set[tuple[str, str]] = field(default_factory=set)
    _attempts: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    _looks: Counter[tuple[str, int]] = field(default_factory=Counter)
    _into: dict[str, str] = field(default_factory=dict)
    _ways: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _checkers: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _lines: dict[str, str] = field(default_factory=dict)
    _standards: dict[ClassKey, list[tuple[str, str, list[str]]]] = field(default_factory=dict)

    async def step(self, case_id: str) -> None:
        """One act on one case, or one look at it; sets it aside when nobody can go on."""
        row = self.board.rows[case_id]
        if case_id not in self.board.certain:
            await self._look(row)
        elif row["state"] == "reported":
            await self._do(row, await self._decide_report(row))
        else:
            await self._do(row, await self._decide(row))

    async def _decide_report(self, row: Row) -> str:
        """What the operator makes of a new case; reads it only where that can change the mind."""
        case_id, source = str(row["id"]), str(row.get("source"))
        service = self.services.get(case_id)
        twin = None
        if service is None or row.get("place_known") or source not in self._ways:
            detail = await self._look(row)
            if detail is not None:
                self._ways[source] = detail.get("way") or {}
                service = service if service is not None else _first_words(detail)
                # Only twins with a class and a place of their own are ever offered.
                twin = earliest_twin(row, detail.get("twins") or [])
                twin = None if (case_id, twin) in self._unfit else twin
        if twin is not None:
            self._into[case_id] = twin
        way, not_ours = self._ways.get(source, {}), self.not_ours(service or "")
        return self.judge.on_report(row, way, not_ours=not_ours, twin=twin)

    async def _decide(self, row: Row) -> str:
        """The act that follows; who checks and what was done before stands in the case."""
        case_id = str(row["id"])
        done: list[str] = []
        back = bool(self.judge.planned(row, "send_back")) and row["state"] == "dispatched"
        if back or self.judge.asks_history(row) or row["state"] == "to_check":
            detail = await self._look(row)
            if detail is None:
                return ""
            done = [entry["act"] for entry in detail.get("timeline") or []]
            self._checkers[case_id] = detail.get("checker") or {}
            lines = detail.get("duty_lines") or []
            self._lines[case_id] = str(lines[0]["id"]) if lines else ""
        act = self.judge.next_act(row, done)
        if act.startswith("check_") and self._drawn_elsewhere(case_id):
            return "draw_checker"
        return "accept" if act == "send_back" and (case_id, act) in self._unfit else act

    def _drawn_elsewhere(self, case_id: str) -> bool:
        """Whether somebody was drawn who is posted in the district and not among our staff."""
        drawn = self._checkers.get(case_id) or {}
        return bool(drawn.get("id")) and not self.staff.one(drawn)

    def _people(self, row: Row, act: str) -> list[Account]:
        """Who is asked in turn: the hands, the checker who was drawn, else by role and place."""
        if act in HANDS:
            return self.staff.hands(str((row.get("assignee") or {}).get("id")))
        if act.startswith("check_"):
            drawn = self.staff.one(self._checkers.get(str(row["id"]), {}))
            return drawn or self.staff.for_act(act, row["place"])
        return self.staff.for_act(act, row["place"])

    async def _do(self, row: Row, act: str) -> None:
        case_id, why = str(row["id"]), "nobody of the staff is posted for it"
        if not act or case_id not in self.board.certain:
            return
        for account in self._people(row, act)[:COLLEAGUES]:
            account.waiting += 1
            try:
                async with account.busy:
                    answer, problem = await self._try(account, row, act)
            finally:
                account.waiting -= 1
            if answer is not None and answer.ok:
                self.acts[act] += 1
                if act == "send_back":
                    self._unfit.add((case_id, str(row["assignee"]["id"])))
                self._saw(answer.body["case"])
                return
            if self.board.rows[case_id]["version"] != row["version"]:
                return
            if answer is not None and _stale(answer):
                self._learn(row, act, answer)
                await self._look(row)
                return
            why = problem or (answer.why if answer else why)
        self.board.set_aside(case_id, f"{row['state']} → {act}: {why}")

    def _saw(self, row: Row) -> None:
        """Take in what an act left; of a case that has ended the plan is no longer needed."""
        self.board.see(row)
        if row["state"] in ENDED:
            self.judge.plans.pop(str(row["id"]), None)
            self._checkers.pop(str(row["id"]), None)

    async def _try(self, account: Account, row: Row, act: str) -> tuple[Answer | None, str]:
        """One person's attempt: the answer, or why it was not even tried."""
        if not await self._may_do(account, row, act):
            return None, f"{account.username} may not {act} here"
        body, problem = await self._body(account, row, act)
        if body is None:
            return None, problem
        case_id, version = str(row["id"]), int(row["version"])
        moment = self.judge.occurred_at(row, act, datetime.now(UTC))
        body |= {"expected_version": version, "occurred_at": moment.isoformat()}
        key = act_key(case_id, act, version, self._attempts[case_id, act, version])
        answer = await self.api.post(account.token, f"/cases/{case_id}/acts/{act}", key, body)
        if act == "dispatch" and answer.status in (403, 404, 422):
            self._unfit.add((case_id, body["assignee"]["id"]))
        if act == "send_back" and answer.code.startswith("send_back_"):
            self._unfit.add((case_id, act))
        return answer, ""

    async def _may_do(self, account: Account, row: Row, act: str) -> bool:
        """Whether the API offers the act to this person; asked once per kind of post and state."""
        lesson = frozenset(p.role for p in account.posts), str(row["state"]), act
        # Whether a check is this person's follows from the draw, not from the post.
        if lesson in self._may or act.startswith("check_"):
            return True
        answer = await self.api.get(account.token, f"/cases/{row['id']}")
        if not answer.ok:
            return False
        self.board.see(answer.body["case"])
        offered = {item["act"] for item in answer.body.get("acts") or []}
        if act in offered:
            self._may.add(lesson)
        return act in offered

    async def _body(
        self, account: Account, row: Row, act: str
    ) -> tuple[dict[str, Any] | None, str]:
        """What the act needs, or why it cannot be had."""
        if act in ("file", "sign"):
            return await self._class(account, row)
        if act == "verify":
            looks = any(p.role == "collector" for p in account.posts)
            return {"found": True, "means": "look" if looks else "call"}, ""
        if act == "join":
            return {"case_id": self._into[str(row["id"])]}, ""
        if act == "dispatch":
            return await self._assignee(account, row)
        if act == "report_back":
            return await self._with_photo(account, row)
        if act == "send_back":
            line = self._lines.get(str(row["id"])) or None
            return {"reason": TEXTS[act], "duty_line_id": line}, ""
        if act == "reply":
            return {"reply": TEXTS[act]}, ""
        if act.startswith("check_"):
            drawn = account in self.staff.one(self._checkers.get(str(row["id"]), {}))
            word = "note" if act == "check_pass" else "reason"
            return {word: TEXTS[act], "means": "look" if drawn else "video"}, ""
        if act in ("reject", "draw_checker"):
            return {"reason": TEXTS[act]}, ""
        return ({"note": TEXTS[act]} if act in TEXTS else {}), ""

    async def _class(self, account: Account, row: Row) -> tuple[dict[str, Any] | None, str]:
        """The class, and one of the conditions under which it is filed on that day."""
        key = (row["kind"], row["code"]) if row.get("code") else self.general
        if key is None:
            return None, "the server knows no class"
        body: dict[str, Any] = {"class": {"kind": key[0], "code": key[1]}}
        moment = self.judge.occurred_at(row, "file", datetime.now(UTC))
        known = await self._standards_of(account, key, moment.date().isoformat())
        if known:
            drawn = int(self.judge.draw(str(row["id"]), "standard") * len(known))
            body["standard_id"] = known[drawn]
        return body, ""

    async def _standards_of(self, account: Account, key: ClassKey, on: str) -> list[str]:
        """Ids of the conditions in force on a day; asked again only for days not yet known of."""
        for start, before, known in self._standards.get(key, ()):
            if start <= on < before:
                return known
        path = f"/classes/{key[0]}/{key[1]}/standards"
        answer = await self.api.get(account.token, path, on=on)
        items = answer.body["items"] if answer.ok else []
        found = [str(item["id"]) for item in items]
        if answer.ok:
            self._standards.setdefault(key, []).append((*_in_force(items, on), found))
        return found

    async def _assignee(self, account: Account, row: Row) -> tuple[dict[str, Any] | None, str]:
        case_id = str(row["id"])
        candidates = await self._candidates_for(account, row)
        usable = [c for c in candidates if (case_id, c["id"]) not in self._unfit] or candidates
        hands = [c["id"] for c in usable if self.staff.has_hands(c["id"])]
        meant = self.judge.assignee(row)
        chosen = next((c for c in usable if c["id"] == meant and c["id"] in hands), None)
        chosen = chosen or choose_hands(row, usable, self._given, hands)
        if chosen is None:
            return None, f"{len(candidates)} candidates, none with a simulated account"
        self._given[chosen["id"]] += 1
        return {"assignee": {"kind": chosen["kind"], "id": chosen["id"]}}, ""

    async def _candidates_for(self, account: Account, row: Row) -> list[Row]:
        """Who could be sent. Kept per place as long as nothing but the place decides, and per
        class where units of the whole district are all there is."""
        area = str((row.get("area") or {}).get("code"))
        key: tuple[str, ...] = (str(row["kind"]), str(row["code"]))
        place = (account.username, row["place"], area, *key)
        near = (*place, str(row["id"])) if row.get("place_known") else place
        for known in (key, near):
            if known in self._candidates:
                return self._candidates[known]
        answer = await self.api.get(account.token, f"/cases/{row['id']}/candidates")
        if not answer.ok:
            return []
        items: list[Row] = list(answer.body["items"])
        root = str(row["place"]).split("/", 1)[0]
        anywhere = items and all((i["kind"], i.get("place")) == ("unit", root) for i in items)
        self._candidates[key if anywhere else near] = items
        return items

    async def _with_photo(self, account: Account, row: Row) -> tuple[dict[str, Any] | None, str]:
        moment = self.judge.occurred_at(row, "report_back", datetime.now(UTC))
        case_id, number = str(row["id"]), str(row.get("number") or row["id"])
        jpeg = picture(number, f"{moment:%Y-%m-%d %H:%M} UTC")
        key = act_key(case_id, f"photo {account.username}", int(row["version"]))
        answer = await self.api.upload(account.token, key, f"{case_id}.jpg", jpeg)
        if not answer.ok:
            return None, f"photo: {answer.why}"
        return {"note": TEXTS["report_back"], "photos": [answer.body["id"]]}, ""

    def _learn(self, row: Row, act: str, answer: Answer) -> None:
        """Take another key where ours came with another body, another way where a twin ended."""
        case_id = str(row["id"])
        if answer.code == "idempotency_key_reused":
            self._attempts[case_id, act, int(row["version"])] += 1
        if act == "join":
            self._unfit.add((case_id, self._into[case_id]))

    async def _look(self, row: Row) -> Mapping[str, Any] | None:
        """Read a case again as whoever may; the detail, or None when nobody sees it."""
        case_id, version = str(row["id"]), int(row["version"])
        self._looks[case_id, version] += 1
        people = self.staff.for_act("file", row["place"])
        people += self.staff.hands(str((row.get("assignee") or {}).get("id")))
        why = "nobody of the staff sees it"
        if self._looks[case_id, version] > LOOKS:
            people, why = [], "looked at again and again, nothing moved"
        for account in people[:COLLEAGUES]:
            answer = await self.api.get(account.token, f"/cases/{case_id}")
            if answer.ok:
                self.board.see(answer.body["case"])
                detail: Mapping[str, Any] = answer.body
                return detail
            why = answer.why
        self.board.certain.add(case_id)
        self.board.set_aside(case_id, f"{row['state']}: {why}")
        return None


def _first_words(detail: Mapping[str, Any]) -> str:
    """What the first report says; a replayed one begins with its service."""
    reports = detail.get("reports") or [{}]
    return str(reports[0].get("description") or "")


def _in_force(items: list[dict[str, Any]], on: str) -> tuple[str, str]:
    """From which day, and before which, exactly these conditions hold for sure."""
    if not items or any("valid" not in item for item in items):
        return on, on + "~"
    starts = [item["valid"]["start"] or "" for item in items]
    ends = [item["valid"]["before"] or "9999" for item in items]
    return max(starts), min(ends)


def _stale(answer: Answer) -> bool:
    return answer.status == 409 or answer.code in LOOK_AGAIN
