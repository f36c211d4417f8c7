"""The rules of the trade a second time, small and plain, to compare the real actions with.

Written from the description of the practice, not from `lianqin.cases.rules`, and sharing nothing
with it: who may do what on a case as it stands, what comes of it, and what its clocks show.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from .model_time import LOCAL, UNITS, Watch

DESK = {"operator", "shift_leader", "commander", "district_desk"}
CENTRE = DESK - {"operator"}
ABOVE = {"commander", "office_staff", "district_desk"}
HANDLERS = {"crew_member", "unit_liaison"}
LEVEL = {"commander": 1, "office_staff": 2, "district_desk": 3}

OPEN = {"reported", "verifying", "filed", "dispatched", "handling", "suspended", "to_check",
        "to_reply", "elsewhere", "to_close"}  # fmt: skip
WORK = {"dispatched", "handling"}
TASK = WORK | {"filed"}
FORCED = TASK | {"suspended", "to_check", "to_close"}
ASKED = FORCED | {"closed"}
BODY = {"dispatched": "hands", "handling": "hands", "suspended": "hands", "elsewhere": "elsewhere"}

#: Where an act may start, and who does it: on what lies in their place (or, for handlers, on
#: what is in their hands).
ACTS: dict[str, tuple[set[str], set[str]]] = {
    "ask_verify": ({"reported"}, DESK),
    "verify": ({"reported", "verifying"}, DESK | {"collector"}),
    "file": ({"reported"}, DESK),
    "sign": ({"reported"}, DESK),
    "reject": ({"reported"}, DESK),
    "join": ({"reported", "filed"}, DESK),
    "cancel": (TASK | {"suspended"}, CENTRE),
    "reopen": ({"rejected", "closed", "cancelled"}, CENTRE),
    "dispatch": ({"filed"}, DESK),
    "add_task": (WORK, DESK),
    "withdraw_task": (WORK, DESK),
    "designate": (TASK, ABOVE),
    "accept": (WORK, HANDLERS),
    "under_way": (WORK, HANDLERS),
    "on_scene": (WORK, HANDLERS),
    "report_back": (WORK, HANDLERS),
    "send_back": (WORK, HANDLERS),
    "dispute": (WORK, HANDLERS),
    "resume": ({"suspended"}, DESK),
    "draw_checker": ({"to_check"}, DESK),
    "check_pass": ({"to_check"}, DESK | {"collector"}),
    "check_fail": ({"to_check"}, DESK | {"collector"}),
    "reply": ({"to_reply"}, DESK),
    "closed_elsewhere": ({"elsewhere"}, DESK),
    "rework": ({"to_close", "to_reply", "elsewhere"}, DESK),
    "close": ({"to_close"}, CENTRE),
    "urge": (OPEN, DESK | {"office_staff"}),
    "supervise": (OPEN, ABOVE),
    "lift_supervision": (OPEN, ABOVE),
    "ask_backup": (WORK, {"crew_member"}),
    "ask_department": (TASK, DESK),
    "ask_extension": (WORK, HANDLERS),
    "ask_suspension": ({"handling"}, HANDLERS),
    "ask_force_close": (FORCED, DESK),
    "appeal_overdue": ({"closed"}, HANDLERS),
    "endorse": (ASKED, {"shift_leader", "commander"}),
    "grant": (ASKED, CENTRE | {"office_staff"}),
    "refuse": (ASKED, CENTRE | {"office_staff"}),
    "withdraw_request": (ASKED, DESK | HANDLERS),
    "link_recurrence": (TASK | {"reported"}, DESK),
    "set_parent": (OPEN, DESK),
    "leave_parent": (OPEN, DESK),
}
ASKS = {"ask_backup": "backup", "ask_department": "department", "ask_extension": "extension",
        "ask_suspension": "suspension", "ask_force_close": "force_close",
        "appeal_overdue": "appeal", "dispute": "dispute"}  # fmt: skip
#: In which states a request of that kind lives, and who grants it.
LIVES = {"backup": WORK, "extension": WORK, "dispute": WORK, "department": TASK,
         "suspension": {"handling"}, "force_close": FORCED, "appeal": {"closed"}}  # fmt: skip
_HIGH = {"office_staff", "district_desk"}
GRANTS = {"backup": CENTRE, "extension": _HIGH, "department": _HIGH, "suspension": _HIGH,
          "force_close": {"commander", "district_desk"}, "appeal": _HIGH,
          "dispute": set[str]()}  # fmt: skip
TWICE = {"extension", "suspension"}
STAGES = {"reported": ("intake", 30, False), "verifying": ("verify", 30, False),
          "filed": ("dispatch", 15, False), "to_check": ("check", 1440, False),
          "to_reply": ("reply", 120, True), "to_close": ("close", 120, True)}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody with one post."""

    name: str
    role: str
    place: str
    hands: str = ""


@dataclass(frozen=True)
class Hands:
    """A crew (with where it is stationed) or a unit (with how far it reaches)."""

    name: str
    crew: bool
    place: str


@dataclass
class Job:
    """A task."""

    hands: Hands
    lead: bool
    sent: datetime
    accepted: bool = False
    reported: bool = False
    ended: bool = False
    was_accepted: bool = False
    extensions: int = 0
    said: set[str] = field(default_factory=set)


@dataclass
class Asked:
    """A request that is open, or what became of it."""

    kind: str
    by: str
    job: Job | None = None
    unit: Hands | None = None
    endorsed_by: str = ""
    state: str = "open"


@dataclass
class Paper:
    """A case as the model knows it."""

    place: str
    source: str
    limit: tuple[int, str]
    standard: tuple[int, str] | None
    listed: frozenset[str]
    at: datetime
    deadline: datetime | None = None
    state: str = "reported"
    version: int = 1
    verified: bool | None = None
    jobs: list[Job] = field(default_factory=list)
    watches: list[tuple[Watch, Job | None]] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    returned: list[tuple[Job, Watch]] = field(default_factory=list)
    returns: int = 0
    level: int = 0
    holder: Hands | None = None
    checker: str = ""
    finders: set[str] = field(default_factory=set)
    handlers: set[str] = field(default_factory=set)
    supervised: bool = False
    replied: bool = False
    parent: Paper | None = None
    recurs: bool = False
    exact: tuple[int, str] | None = None

    @property
    def foreign(self) -> bool:
        """A ticket that somebody else files, checks and closes."""
        return self.source in ("city_platform", "hotline")

    @property
    def doubtful(self) -> bool:
        """Told by people who are no officers: looked at before it is filed."""
        return self.source in ("public", "community_post")

    @property
    def live(self) -> list[Job]:
        """Tasks in force, the lead's first."""
        return sorted((j for j in self.jobs if not j.ended), key=lambda j: not j.lead)

    @property
    def lead(self) -> Job | None:
        """The lead's task."""
        return next((j for j in self.live if j.lead), None)

    @property
    def crews(self) -> set[str]:
        """Hands that ever took it."""
        return {job.hands.name for job in self.jobs if job.was_accepted}

    def asked(self, kind: str) -> Asked | None:
        """The open request of a kind."""
        return next((r for r in self.requests if r.kind == kind and r.state == "open"), None)

    def granted(self, kind: str) -> bool:
        """Whether one of that kind was ever granted."""
        return any(r.kind == kind and r.state == "granted" for r in self.requests)

    def watch(self, job: Job | None, stage: str) -> Watch | None:
        """The clock of that stage which has not been stopped."""
        found = [w for w, j in self.watches if j is job and w.stage == stage and not w.stopped]
        return found[-1] if found else None


def inside(place: str, outer: str) -> bool:
    """Whether a place is, or lies in, another."""
    return (place + "/").startswith(outer + "/")


def effective(said: datetime | None, now: datetime, before: datetime | None) -> datetime:
    """When an act counts: when it was done, unless that cannot be or came too late."""
    heard = now if before is None else max(now, before)
    if said is None or said > now or now - said > timedelta(hours=24):
        return heard
    return heard if before is not None and said < before else said


def night(at: datetime) -> bool:
    """Whether the collectors are at home."""
    return not 7 <= at.astimezone(LOCAL).hour < 19


def today(at: datetime) -> date:
    """The date on the wall."""
    return at.astimezone(LOCAL).date()


def watch_for(stage: str, limit: tuple[int, str]) -> Watch:
    """A fresh clock of a limit."""
    minutes, working = UNITS[limit[1]]
    return Watch(stage, limit[0] * minutes, working)


Extra = dict[str, Any]
