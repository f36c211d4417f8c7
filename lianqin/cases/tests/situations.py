"""One situation per act of the lifecycle: the case in which it is due, who does it, what they say.

Used wherever every act is to be tried: by two at once, and by every role at every place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lianqin.accounts.principal import subdistrict_of
from lianqin.cases.models import Case, Task
from lianqin.cases.tests.world import DISTRICT, World

#: Finds every case, and is nobody who could handle or check one.
FINDER = f"reporter_client@{DISTRICT}"

DESK = ("operator", "shift_leader")
LEADERS = ("shift_leader", "commander")
ABOVE = ("commander", "office")
CREW = ("crew", "mate")


@dataclass
class Situation:
    """A case in which an act is due. `said`: what comes with it, whoever does it."""

    case: Case
    said: dict[str, Any] = field(default_factory=dict)


Make = Callable[[World, str], Situation]
SITUATIONS: dict[str, tuple[tuple[str, str], Make]] = {}


def due(act: str, people: tuple[str, str] = DESK) -> Callable[[Make], Make]:
    """Register how the situation of an act is made, and two who may do it there."""

    def register(make: Make) -> Make:
        SITUATIONS[act] = (people, make)
        return make

    return register


def name_of(who: str, place: str) -> str:
    """The account of a post at a centre, its subdistrict's office or the district."""
    if who == "office":
        return f"office_staff@{subdistrict_of(place)}"
    return f"{who}@{DISTRICT}" if who in ("district_desk",) else f"{who}@{place}"


def said_by(act: str, role: str, said: dict[str, Any]) -> dict[str, Any]:
    """What this role says with the act: a collector looks, a desk looks by video."""
    if act in ("verify", "check_pass", "check_fail"):
        return said | {"means": "look" if role == "collector" else "video"}
    return said


def reported(world: World, place: str, **more: Any) -> Case:
    """A case found by nobody of the trade."""
    return world.report(place, by=FINDER, **more)


def at(state: str, **said: Any) -> Make:
    """The straight path as far as that state."""

    def make(world: World, place: str) -> Situation:
        return Situation(world.walk(reported(world, place), state), dict(said))

    return make


due("ask_verify")(lambda w, p: Situation(reported(w, p, source="public")))
due("file")(at("reported"))
due("sign")(lambda w, p: Situation(w.ticket("city_platform", p, p, by=FINDER)))
due("reject")(at("reported", reason="理由"))
due("cancel", LEADERS)(at("filed", reason="理由"))
due("told_by_radio")(at("dispatched"))
due("accept", CREW)(at("dispatched"))
due("under_way", CREW)(at("handling"))
due("on_scene", CREW)(at("handling"))
due("dispute", CREW)(at("handling", reason="理由"))
due("check_fail", ("checker", "operator"))(at("to_check", reason="理由"))
due("check_pass", ("checker", "operator"))(at("to_check"))
due("draw_checker")(at("to_check", reason="理由"))
due("rework")(at("to_close", reason="理由"))
due("close", LEADERS)(at("to_close"))
due("urge")(at("filed"))
due("leader_assign", ABOVE)(at("filed", reason="理由"))
due("ask_backup", CREW)(at("handling", reason="理由"))
due("ask_extension", CREW)(at("handling", reason="理由"))
due("ask_force_close")(at("handling", reason="理由"))
due("resume")(lambda w, p: Situation(w.suspend(reported(w, p))))


@due("verify", ("collector", "operator"))
def _verify(world: World, place: str) -> Situation:
    case = reported(world, place, source="public")
    world.act(f"operator@{place}", "ask_verify", case)
    return Situation(case, {"found": True})


@due("reopen", LEADERS)
def _reopen(world: World, place: str) -> Situation:
    case = reported(world, place)
    world.act(f"operator@{place}", "reject", case, reason="理由")
    return Situation(case, {"reason": "理由"})


@due("dispatch")
def _dispatch(world: World, place: str) -> Situation:
    case = world.walk(reported(world, place), "filed")
    return Situation(case, {"assignee": ("crew", world.crews[place].id)})


def _to_section(world: World, place: str) -> dict[str, Any]:
    return {"assignee": ("unit", world.units[subdistrict_of(place)].id)}


@due("add_task")
def _add_task(world: World, place: str) -> Situation:
    case = world.walk(reported(world, place), "handling")
    return Situation(case, _to_section(world, place))


@due("withdraw_task")
def _withdraw_task(world: World, place: str) -> Situation:
    case = world.walk(reported(world, place), "handling")
    world.act(f"operator@{place}", "add_task", case, **_to_section(world, place))
    side = Task.objects.get(case=case, lead=False)
    return Situation(case, {"task_id": side.id, "reason": "理由"})


@due("designate", ABOVE)
def _designate(world: World, place: str) -> Situation:
    case = world.walk(reported(world, place), "handling")
    return Situation(case, {"reason": "理由", **_to_section(world, place)})


@due("report_back", CREW)
def _report_back(world: World, place: str) -> Situation:
    return Situation(world.walk(reported(world, place), "handling"), {"photos": "own"})


@due("send_back", CREW)
def _send_back(world: World, place: str) -> Situation:
    case = world.walk(reported(world, place), "handling")
    cited = world.duty_line(subdistrict_of(place))
    return Situation(case, {"reason": "理由", "duty_line_id": cited})


def _ticket(world: World, place: str, state: str) -> Situation:
    case = world.ticket("hotline", f"{place} {state}", place, by=FINDER)
    return Situation(world.walk(case, state), {"reply": "已清理"} if state == "to_reply" else {})


due("reply")(lambda w, p: _ticket(w, p, "to_reply"))
due("closed_elsewhere")(lambda w, p: _ticket(w, p, "elsewhere"))


@due("supervise", ABOVE)
def _supervise(world: World, place: str) -> Situation:
    until = world.clock.now().date() + timedelta(days=3)
    return Situation(
        world.walk(reported(world, place), "filed"), {"reason": "理由", "until": until}
    )


@due("lift_supervision", ABOVE)
def _lift(world: World, place: str) -> Situation:
    found = _supervise(world, place)
    world.act(f"commander@{place}", "supervise", found.case, **found.said)
    return Situation(found.case, {"note": "已答复"})


@due("ask_suspension", CREW)
def _ask_suspension(world: World, place: str) -> Situation:
    until = world.clock.now().date() + timedelta(days=30)
    case = world.walk(reported(world, place), "handling")
    return Situation(case, {"reason": "理由", "until": until})


@due("ask_department")
def _ask_department(world: World, place: str) -> Situation:
    case = world.walk(reported(world, place), "filed")
    return Situation(case, {"reason": "理由", **_to_section(world, place)})


@due("appeal_overdue", CREW)
def _appeal(world: World, place: str) -> Situation:
    case = world.walk(reported(world, place), "handling")
    world.clock.advance(timedelta(hours=3))
    return Situation(world.walk_from(case, "closed"), {"reason": "理由"})


@due("endorse", LEADERS)
def _endorse(world: World, place: str) -> Situation:
    case = world.walk(reported(world, place), "handling")
    return Situation(case, {"request_id": world.ask(f"crew@{place}", "ask_extension", case)})


def _department(world: World, place: str) -> Situation:
    found = _ask_department(world, place)
    asked = world.ask(f"operator@{place}", "ask_department", found.case, **found.said)
    return Situation(found.case, {"request_id": asked})


due("grant", ("office", "district_desk"))(_department)


@due("refuse", ("office", "district_desk"))
def _refuse(world: World, place: str) -> Situation:
    found = _department(world, place)
    return Situation(found.case, {"reason": "理由", **found.said})


#: The same person on two devices: nobody else may take back what one has asked for.
due("withdraw_request", ("crew", "crew"))(_endorse)


def _with(other_state: str, case_state: str) -> Make:
    def make(world: World, place: str) -> Situation:
        other = world.walk(reported(world, place), other_state)
        case = world.walk(reported(world, place), case_state)
        return Situation(case, {"case_id": other.id})

    return make


due("join")(_with("reported", "reported"))
due("set_parent")(_with("reported", "handling"))
due("link_recurrence")(_with("closed", "filed"))


@due("leave_parent")
def _leave_parent(world: World, place: str) -> Situation:
    found = _with("reported", "reported")(world, place)
    world.act(f"operator@{place}", "set_parent", found.case, **found.said)
    return Situation(found.case)
