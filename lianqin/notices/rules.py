"""Who is told of what, by which ways and when, and what makes an alert quiet. Pure.

House rules: a notice is a reading of the journal; an alert that nobody takes climbs (push → SMS →
call → next person); being told by radio takes it for everybody; nobody is told after sign-off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

#: Audiences. `hands`: the crews and units that it is about; `subject`: the person it is about; all
#: others are the people posted to these roles nearest to the place.
ROLES_OF: dict[str, tuple[str, ...]] = {
    "desk": ("operator", "acceptor", "dispatcher"),
    "shift_leader": ("shift_leader",),
    "commander": ("commander",),
    "office": ("office_staff",),
    "district_desk": ("district_desk",),
}

Rung = tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One kind of matter: its level, and who is told, rung by rung. Information has one rung."""

    level: str
    rungs: tuple[Rung, ...]


_UP: tuple[Rung, ...] = (("shift_leader",), ("commander",))

RULES: dict[str, Rule] = {
    # A crew that was sent must know: until somebody of it takes it, the desk is told, and so on.
    "task": Rule("alert", (("hands",), ("desk",), *_UP)),
    # A unit works in office hours and by its list.
    "unit_task": Rule("info", (("hands",),)),
    "returned": Rule("info", (("hands",),)),
    "sent_back": Rule("info", (("desk",),)),
    "urged": Rule("info", (("hands",),)),
    "supervised": Rule("alert", (("hands", "shift_leader"), ("commander",))),
    "assigned": Rule("alert", (("hands", "shift_leader"), ("commander",))),
    "half": Rule("info", (("owner",),)),
    "pressing": Rule("info", (("owner", "shift_leader"),)),
    "overdue": Rule("alert", (("owner",), *_UP)),
    "backup": Rule("alert", (("desk", "shift_leader"), ("commander",), ("district_desk",))),
    "request": Rule("info", (("shift_leader", "commander"),)),
    "endorsed": Rule("info", (("office", "commander"),)),
    "answered": Rule("info", (("hands",),)),
    "moved": Rule("alert", (("hands",), ("desk",), ("shift_leader",))),
    "deputy": Rule("info", (("subject",),)),
}

_ASKS = frozenset(
    {"ask_extension", "ask_suspension", "ask_department", "ask_force_close", "appeal_overdue",
     "dispute"}
)  # fmt: skip
_SHARES = {50: "half", 80: "pressing", 100: "overdue"}
_PLAIN = {
    "rework": "returned",
    "check_fail": "returned",
    "send_back": "sent_back",
    "urge": "urged",
    "supervise": "supervised",
    "leader_assign": "assigned",
    "ask_backup": "backup",
    "endorse": "endorsed",
    "refuse": "answered",
    "move_crew": "moved",
    "name_deputy": "deputy",
}
_SENDS = frozenset({"dispatch", "add_task", "designate", "grant"})
#: With these a crew shows that it knows of its task.
_KNOWN = frozenset(
    {"accept", "under_way", "on_scene", "report_back", "told_by_radio", "send_back", "dispute",
     "withdraw_task"}
)  # fmt: skip
_ENDED = frozenset({"closed", "rejected", "joined", "cancelled"})


def kind_of(act: str, data: Mapping[str, Any]) -> str | None:
    """The kind of matter that an entry is, or None when nobody needs to be told."""
    if act in _SENDS and data.get("assignee"):
        return "task" if data.get("assignee_kind") == "crew" else "unit_task"
    if act == "clock_alert":
        return _SHARES.get(int(data.get("share") or 0))
    if act == "check_fail" and data.get("to") == "filed":
        return None  # settled on the spot and not good: it is the desk's again, in its list
    if act in _ASKS:
        return "request"
    return "answered" if act == "grant" else _PLAIN.get(act)


def owner_of(stage: str) -> str:
    """Whose a clock's stage is: handling is the hands', every other stage the desk's."""
    return "hands" if stage in ("handle", "joint") else "desk"


def audiences(kind: str, rung: int, stage: str = "") -> tuple[str, ...]:
    """The audiences of a rung; () above the last one."""
    rungs = RULES[kind].rungs
    if rung >= len(rungs):
        return ()
    return tuple(owner_of(stage) if a == "owner" else a for a in rungs[rung])


@dataclass(frozen=True)
class Holder:
    """One post in force of one person, as far as being told goes."""

    user_id: UUID
    role: str
    place: str
    crew_id: UUID | None = None
    unit_id: UUID | None = None


def addressed(
    audience: str,
    place: str,
    hands: Iterable[UUID],
    subject: UUID | None,
    holders: Iterable[Holder],
    awake: frozenset[UUID],
) -> list[UUID]:
    """The people of an audience who are on duty. Of a role those nearest to the place are told:
    the centre's own, and only without any of them the office's or the district's."""
    if audience == "subject":
        return [subject] if subject in awake else []
    there = [h for h in holders if h.user_id in awake]
    if audience == "hands":
        known = frozenset(hands)
        return _unique(h.user_id for h in there if {h.crew_id, h.unit_id} & known)
    roles = ROLES_OF[audience]
    for outer in _outward(place):
        found = _unique(h.user_id for h in there if h.role in roles and h.place == outer)
        if found:
            return found
    return []


def people(
    kind: str,
    rung: int,
    place: str,
    hands: Sequence[UUID],
    subject: UUID | None,
    holders: Sequence[Holder],
    awake: frozenset[UUID],
    stage: str = "",
    doer: UUID | None = None,
) -> tuple[int, list[UUID]]:
    """The first rung from `rung` on at which somebody is on duty, and who; past the last rung
    nobody is left. Information does not climb: who is away finds it in the list. Whoever did it
    knows of it (`doer`), but not that nobody of the first rung could be told.
    """
    while wanted := audiences(kind, rung, stage):
        there = awake - {doer} if doer and rung == 0 else awake
        found = _unique(
            user
            for audience in wanted
            for user in addressed(audience, place, hands, subject, holders, there)
        )
        if found or RULES[kind].level == "info":
            return rung, found
        rung += 1
    return rung, []


@dataclass(frozen=True)
class Delays:
    """Seconds from the beginning of a rung."""

    push: int = 0
    sms: int = 60
    call: int = 180
    next: int = 300


def climbs(delays: Delays, longest: int) -> bool:
    """Whether the ways come in their order, and the next person after all of them."""
    waits = (0, delays.push, delays.sms, delays.call, delays.next, longest)
    return delays.next > 0 and list(waits) == sorted(waits)


@dataclass(frozen=True)
class Planned:
    """One way and when its turn is."""

    way: str
    at: datetime


def steps(level: str, began: datetime, delays: Delays, ways: Iterable[str]) -> list[Planned]:
    """The ways of one person on one rung, in their order. The page comes first and at once;
    information goes no further than a push."""
    after = {"push": delays.push, "wecom": delays.push, "dingtalk": delays.push}
    if level == "alert":
        after |= {"sms": delays.sms, "call": delays.call}
    there = frozenset(ways)
    return [Planned("page", began)] + [
        Planned(way, began + timedelta(seconds=wait)) for way, wait in after.items() if way in there
    ]


#: Times that a way is tried, and the seconds before each further try.
BACKOFF = (5, 30)


def retry_after(tries: int) -> timedelta | None:
    """How long to wait after that many tries; None when it has failed."""
    return timedelta(seconds=BACKOFF[tries - 1]) if 0 < tries <= len(BACKOFF) else None


def quiets(kind: str, params: Mapping[str, Any], act: str, data: Mapping[str, Any]) -> bool:
    """Whether an act on the same case shows that the matter is taken care of."""
    if data.get("to") in _ENDED and data.get("from") != data.get("to"):
        return True
    if kind in ("task", "unit_task"):
        return act in _KNOWN and _same("task", params, data)
    if kind in ("backup", "request", "endorsed"):
        return act in ("grant", "refuse", "withdraw_request") and _same("request", params, data)
    if act == "clock_alert":  # the next mark of a clock says all that the last one said
        return kind in ("half", "pressing") and params.get("clock") == data.get("clock")
    if kind in ("half", "pressing", "overdue"):
        return data.get("from") != data.get("to") or act in ("report_back", "grant")
    if kind in ("returned", "sent_back", "urged"):
        return data.get("from") != data.get("to")
    return kind == "supervised" and act == "lift_supervision"


def _same(name: str, params: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    ours, theirs = params.get(name), data.get(name)
    return ours is None or theirs is None or ours == theirs


def _unique(ids: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))


def _outward(place: str) -> Iterable[str]:
    parts = place.split("/")
    return ("/".join(parts[:n]) for n in range(len(parts), 0, -1))
