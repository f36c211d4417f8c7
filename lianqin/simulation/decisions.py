"""What simulated staff decide, as pure functions: the same case and seed, the same decision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from lianqin.catalogue.rules import Way

if TYPE_CHECKING:
    from .queueing import Planned

Row = Mapping[str, Any]

OPEN = (
    "reported", "verifying", "filed", "dispatched", "handling", "suspended", "to_check",
    "to_reply", "elsewhere", "to_close",
)  # fmt: skip
ENDED = ("closed", "rejected", "joined", "cancelled")

#: What follows in a state where nothing is to be decided.
STRAIGHT = {
    "verifying": "verify",
    "filed": "dispatch",
    "handling": "report_back",
    "suspended": "resume",
    "to_reply": "reply",
    "elsewhere": "closed_elsewhere",
    "to_close": "close",
}

#: Shares: a crew that finds it is not theirs, a check that is not passed.
SENT_BACK, FAILED = 0.03, 0.03
#: How long after dispatch a task may be sent back (national practice); later it is kept.
SEND_BACK_WINDOW = timedelta(minutes=120)

#: Minutes that pass before each act, from–to. Invented, plausible; --staff changes them.
MINUTES: dict[str, tuple[float, float]] = {
    "ask_verify": (1, 5),
    "verify": (5, 25),
    "sign": (2, 12),
    "file": (2, 12),
    "reject": (2, 12),
    "join": (2, 10),
    "dispatch": (1, 12),
    "accept": (2, 15),
    "report_back": (20, 180),
    "send_back": (10, 40),
    "draw_checker": (1, 5),
    "check_pass": (15, 120),
    "check_fail": (15, 120),
    "close": (5, 45),
    "reply": (5, 30),
    "closed_elsewhere": (30, 240),
    "resume": (60, 600),
}

#: What is said with an act; every text names itself as replayed.
TEXTS: dict[str, str] = {
    "reject": "回放:咨询、账务或登记类事项,不属街面问题,不予立案。",
    "report_back": "回放:已到场处置,现场已恢复。",
    "send_back": "回放:经现场查看不属本组职责,请改派。",
    "draw_checker": "回放:抽中的人员不在本次回放的人手之内,重抽。",
    "check_pass": "回放:已核查,符合结案标准。",
    "check_fail": "回放:现场仍有残留,请返工。",
    "close": "回放:结案。",
    "reply": "回放:您反映的问题已处置完毕。",
}


@dataclass(frozen=True)
class Judge:
    """The seed and the times by which everything is drawn, and what was planned for cases.

    `plans`: by case id. A case of the file is drawn for by its number there, so that the plan, the
    run and the next run agree; any other by its id.
    """

    seed: int = 0
    spans: Mapping[str, tuple[float, float]] | None = None
    plans: dict[str, Planned] = field(default_factory=dict)

    def draw(self, case_id: str, what: str) -> float:
        """A number in [0, 1) that belongs to this case and question."""
        name = self._name(case_id)
        digest = hashlib.sha256(f"{self.seed}\n{name}\n{what}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64

    def _name(self, case_id: str) -> str:
        plan = self.plans.get(case_id)
        return plan.key if plan else case_id

    def planned(self, row: Row, *acts: str) -> str:
        """Which of these acts the plan has for the case as it stands ('' = none)."""
        plan, version = self.plans.get(str(row["id"])), int(row["version"])
        if plan is None or version > len(plan.steps):
            return ""
        return act if (act := plan.steps[version - 1].act) in acts else ""

    def sends_back(self, case_id: str) -> bool:
        """Whether the first crew of this case finds that it is not theirs."""
        return self.draw(case_id, "send_back") < SENT_BACK

    def fails(self, case_id: str) -> bool:
        """Whether the first check of this case is not passed."""
        return self.draw(case_id, "check_fail") < FAILED

    def assignee(self, row: Row) -> str:
        """The crew or unit that the plan sends ('' = none was planned)."""
        plan = self.plans.get(str(row["id"]))
        step = plan.step(int(row["version"]), "dispatch") if plan else None
        return step.assignee[1] if step and step.assignee else ""

    def minutes(self, case_id: str, act: str, version: int) -> timedelta:
        """How long the act takes; short times are more frequent than long ones."""
        low, high = {**MINUTES, **(self.spans or {})}[act]
        at = self.draw(case_id, f"{act} {version}")
        return timedelta(seconds=round((low + (high - low) * at * at) * 60))

    def duration(self, row: Row, act: str) -> timedelta:
        """How long the act takes on a case as it stands."""
        return self.minutes(str(row["id"]), act, int(row["version"]))

    def occurred_at(self, row: Row, act: str, now: datetime) -> datetime:
        """When the act happens in the replay's time: as planned, else some minutes after the one
        before; never before that one, never in the real future."""
        before = datetime.fromisoformat(row["changed_at"])
        plan = self.plans.get(str(row["id"]))
        step = plan.step(int(row["version"]), act) if plan else None
        return max(before, min(step.done if step else before + self.duration(row, act), now))

    def on_report(self, row: Row, way: Row, *, not_ours: bool, twin: str | None) -> str:
        """What the operator does with a case that came in; `way` says who verifies and files.

        A case that was looked at has been through two acts more (asked, looked at).
        """
        if not_ours:
            return "reject"
        if twin:
            return "join"
        if way.get("filed_by") == "elsewhere":
            return "sign"
        return "ask_verify" if way.get("verify") and int(row["version"]) == 1 else "file"

    def asks_history(self, row: Row) -> bool:
        """Whether what was done before decides what comes next; a plan has decided it already."""
        case_id = str(row["id"])
        if case_id in self.plans:
            return False
        return (row["state"] == "dispatched" and self.sends_back(case_id)) or (
            row["state"] == "to_check" and self.fails(case_id)
        )

    def next_act(self, row: Row, done: Iterable[str] = ()) -> str:
        """The act that follows for a case that is past its filing ('' = none).

        Sent back once at most and failed once at most: `done` names the acts so far.
        """
        case_id, state = str(row["id"]), str(row["state"])
        if case_id in self.plans and state in ("dispatched", "to_check"):
            usual, rare = ("accept", "send_back")
            if state == "to_check":
                usual, rare = ("check_pass", "check_fail")
            return rare if self.planned(row, rare) and rare not in done else usual
        if state == "dispatched":
            again = "send_back" in done or not self.sends_back(case_id)
            return "accept" if again else "send_back"
        if state == "to_check":
            again = "check_fail" in done or not self.fails(case_id)
            return "check_pass" if again else "check_fail"
        return STRAIGHT.get(state, "")


def earliest_twin(case: Row, twins: Sequence[Row]) -> str | None:
    """The open case to join: the earliest that was reported before this one. Ties by id, so that
    two twins never join each other."""
    mine = (case["reported_at"], str(case["id"]))
    earlier = sorted(
        (datetime.fromisoformat(t["reported_at"]), str(t["id"]))
        for t in twins
        if t["state"] in OPEN
        and (datetime.fromisoformat(t["reported_at"]), str(t["id"]))
        < (datetime.fromisoformat(mine[0]), mine[1])
    )
    return earlier[0][1] if earlier else None


def path(judge: Judge, key: str, way: Way, *, not_ours: bool) -> list[str]:
    """The acts that a case goes through, as far as the file's row and the way of its source say:
    what the model plans with. The server has the last word on each."""
    if not_ours:
        return ["reject"]
    acts = ["sign"] if way.filed_by == "elsewhere" else ["file"]
    if way.filed_by != "elsewhere" and way.verify:
        acts = ["ask_verify", "verify", "file"]
    acts += ["dispatch", "send_back"] if judge.sends_back(key) else []
    acts += ["dispatch", "accept", "report_back"]
    if way.checked_by == "elsewhere":
        return [*acts, "reply", "closed_elsewhere"]
    acts += ["check_fail", "report_back"] if judge.fails(key) else []
    return [*acts, "check_pass", "close"]


def prefers_unit(kind: str, code: str) -> bool:
    """Whether a class is first a department's work: what stands in the street (parts), building
    sites (03) and burst mains (05); the rest is what crews are for."""
    return kind == "part" or code[:2] in ("03", "05")


#: Words in the name of a class → words in the name of the department whose work it is.
FITTING: tuple[tuple[str, str], ...] = (
    ("灯", "灯|照明"),
    ("水", "水"),
    ("井盖|雨水|下水", "水"),
    ("树|绿|花|园", "园林|绿化|城市管理"),
    ("污染|噪音|扬尘", "生态|环境"),
    ("垃圾|不洁|厕|废弃|动物尸体", "环卫"),
    ("道路|路|护栏|人行道|交通", "交通|运输"),
    ("施工|工地|渣土|墙", "住建|住房"),
)


def fits(class_name: str, unit_name: str) -> bool:
    """Whether a department's name says that a class is its work."""
    return any(
        any(word in class_name for word in words.split("|"))
        and any(word in unit_name for word in names.split("|"))
        for words, names in FITTING
    )


def choose_hands(
    row: Row, candidates: Sequence[Row], given: Mapping[str, int], has_hands: Sequence[str]
) -> Row | None:
    """Whom to send: of the kind the class asks for, a department by its name, then whoever has
    the fewest open tasks, then the nearest.

    `given`: tasks handed out since the candidates were read, by id; `has_hands`: ids that
    somebody simulated serves in. None when nobody is there to take it.
    """
    wanted = "unit" if prefers_unit(row["kind"], row["code"] or "") else "crew"
    name = _zh(row.get("class_name"))
    able = [c for c in candidates if c["id"] in has_hands]
    return min(
        able,
        key=lambda c: (
            c["kind"] != wanted,
            not (c["kind"] == "unit" and fits(name, _zh(c.get("name")))),
            int(c.get("open_tasks") or 0) + given.get(c["id"], 0),
            c.get("metres") if c.get("metres") is not None else float("inf"),
            c["id"],
        ),
        default=None,
    )


def _zh(name: Mapping[str, str] | None) -> str:
    return name["zh"] if name else ""
