"""Cases, people and what they bring as plain data: for the rules, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from lianqin.cases.rules import (
    GRANTERS,
    HANDLERS,
    Actor,
    Around,
    Facts,
    Given,
    RequestFacts,
    State,
    TaskFacts,
    Transition,
)
from lianqin.catalogue.rules import Practice, Way

DISTRICT = "320303"
OFFICE = f"{DISTRICT}/320303001"
CENTRE = f"{OFFICE}/qingnian"
NEIGHBOUR = f"{OFFICE}/pengcheng"
ELSEWHERE = f"{DISTRICT}/320303002/wangjie"

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DAY = Around(AT, TODAY, 10)
NIGHT = Around(AT, TODAY, 22)

OURS = Way("patrol", False, "here", "here", "centre", False)
CITIZENS = replace(OURS, source="public", verify=True)
CITYS = Way("city_platform", False, "elsewhere", "elsewhere", "elsewhere", False)

CREW, SIDE, ME = UUID(int=1), UUID(int=2), UUID(int=3)

#: Every field that an act may need.
EVERYTHING = frozenset(
    ["class", "standard_id", "reason", "note", "photos", "photos_before", "case_id", "assignee",
     "task_id", "request_id", "duty_line_id", "until", "found", "means"]
)  # fmt: skip


def facts(state: State = State.REPORTED, **more: Any) -> Facts:
    """A case of our own in that state, at the centre."""
    return Facts(**{"id": uuid4(), "state": state, "place": CENTRE, "way": OURS,
                    "has_class": True} | more)  # fmt: skip


def task(state: str = "accepted", *, lead: bool = True, **more: Any) -> TaskFacts:
    """The lead's task with the crew, or one beside it with another."""
    crew = CREW if lead else SIDE
    return TaskFacts(**{"id": uuid4(), "lead": lead, "state": state, "crew_id": crew,
                        "dispatched_at": AT - timedelta(minutes=30)} | more)  # fmt: skip


def request(kind: str, asked_by: UUID | None = None, **more: Any) -> RequestFacts:
    """Something that somebody asked for."""
    unit = {"unit_id": uuid4()} if kind == "department" else {}
    return RequestFacts(uuid4(), kind, asked_by or uuid4(), **unit | more)


def actor(role: str = "shift_leader", place: str = CENTRE, **more: Any) -> Actor:
    """Somebody in that post; a handler serves in the crew of the lead's task."""
    crews = frozenset({CREW}) if role in HANDLERS else frozenset()
    return Actor(**{"id": ME, "place": place, "role": role, "crews": crews} | more)


_ROLES = {
    "ask_verify": "operator",
    "verify": "operator",
    "check_pass": "collector",
    "check_fail": "collector",
    "designate": "commander",
    "endorse": "shift_leader",
    "refuse": "office_staff",
    **dict.fromkeys(
        ("accept", "under_way", "on_scene", "report_back", "send_back", "dispute", "ask_backup",
         "ask_extension", "ask_suspension", "appeal_overdue"),
        "crew_member",
    ),
}  # fmt: skip
#: What an act looks for on a case beside its state.
_LOOKS_FOR: dict[str, dict[str, Any]] = {
    "ask_verify": {"way": CITIZENS},
    "verify": {"way": CITIZENS},
    "sign": {"way": CITYS},
    "lift_supervision": {"supervised": True},
    "leave_parent": {"parent_id": uuid4()},
    "appeal_overdue": {"was_overdue": True},
    "check_pass": {"checker_id": ME},
    "check_fail": {"checker_id": ME},
}


def fitting(line: Transition) -> tuple[Facts, Actor, Given]:
    """A case, a person and all that they could bring, on which this line of the table holds."""
    kind = _kind(line)
    who = actor(
        sorted(GRANTERS[kind])[0] if line.act == "grant" else _ROLES.get(line.act, "shift_leader")
    )
    asked = request(kind, ME if line.act == "withdraw_request" else None)
    if line.act == "grant" and kind in ("extension", "suspension"):
        asked = replace(asked, endorsed_by=uuid4())
    beside = line.when == "beside" or line.act == "withdraw_task"
    about = task("dispatched" if line.act in ("accept", "under_way", "on_scene") else "accepted",
                 lead=not beside)  # fmt: skip
    if line.when == "beside":
        who = replace(who, crews=frozenset({SIDE}))
    case = facts(
        sorted(line.sources)[0],
        has_class=False,
        crew_id=CREW,
        tasks=(task(), about) if beside else (about,),
        requests=(asked,) if "request_id" in line.needs else (),
        **_LOOKS_FOR.get(line.act, {}),
    )
    if line.when == "settled":
        case = replace(case, settled=True, tasks=(), crew_id=None)
    if line.act in ("check_pass", "check_fail") and not case.settled:
        case = replace(case, tasks=(task("reported_back"),))
    if line.when == "checked_elsewhere":
        case = replace(case, way=CITYS)
    return case, who, _given(line, about, asked)


def _kind(line: Transition) -> str:
    if line.when in GRANTERS:
        return line.when
    return {"refuse": "department"}.get(line.act, "extension")


def _given(line: Transition, about: TaskFacts, asked: RequestFacts) -> Given:
    unit = line.act == "ask_department"
    return Given(
        EVERYTHING,
        task_id=about.id if line.act == "withdraw_task" or line.when == "beside" else None,
        request_id=asked.id if "request_id" in line.needs else None,
        assignee_id=CREW if line.when == "same_hands" else uuid4(),
        assignee_place=None if unit else CENTRE,
        assignee_reach=OFFICE if unit else None,
        into=uuid4(),
        into_state=State.CLOSED if line.act == "link_recurrence" else State.REPORTED,
        until=TODAY + timedelta(days=30),
        found=True,
        means="look" if _ROLES.get(line.act) == "collector" else "video",
        standards=True,
        duty_lines=True,
    )


def practice(**figures: int) -> Around:
    """By day, in a district that has set these figures."""
    return replace(DAY, practice=Practice(**figures))
