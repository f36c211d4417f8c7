"""The policy table: which role may do which act, and how far it reaches. The only one.

Reach: `place` – on what lies in the post's place; `own_task` – on what is in the hands of the
post's crew or unit; `any` – wherever it is (a report is taken from whoever calls); `drawn` – a
collector on what the draw gave them, a desk on what lies in its place; `hands_or_place` – handlers
on what is in their hands, a desk on what lies in its place; `own_request` – likewise, and the rule
asks who asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from .principal import Post, Principal, within

ROLES = (
    "operator",
    "shift_leader",
    "commander",
    "district_desk",
    "office_staff",
    "crew_member",
    "unit_liaison",
    "collector",
    "assessor",
    "reporter_client",
    "replayer",
    "system_admin",
    "security_admin",
    "audit_admin",
    "clock",
)

#: Roles of the install itself: no person holds them and nobody signs in with them.
SERVICE_ROLES = frozenset({"clock"})

#: Roles that people hold: machines and the install's own are told nothing.
PEOPLE = tuple(r for r in ROLES if r not in ("reporter_client", "replayer", "clock"))

_DESK = ("operator", "shift_leader", "commander", "district_desk")
_HANDLERS = ("crew_member", "unit_liaison")


@dataclass(frozen=True)
class Grant:
    """One line of the table."""

    roles: tuple[str, ...]
    reach: str


_CENTRE = ("shift_leader", "commander", "district_desk")
_ABOVE = ("commander", "office_staff", "district_desk")
_DECIDERS = ("shift_leader", *_ABOVE)

POLICY: dict[str, Grant] = {
    "report": Grant(
        (*_DESK, "office_staff", "collector", "crew_member", "reporter_client", "replayer"), "any"
    ),
    "upload": Grant(
        (*_DESK, *_HANDLERS, "office_staff", "collector", "reporter_client", "replayer"), "any"
    ),
    "settle": Grant(("crew_member",), "any"),
    "import_tickets": Grant(_DESK, "any"),
    "ask_verify": Grant(_DESK, "place"),
    "verify": Grant(("collector", *_DESK), "place"),
    "file": Grant(_DESK, "place"),
    "sign": Grant(_DESK, "place"),
    "reject": Grant(_DESK, "place"),
    "join": Grant(_DESK, "place"),
    "cancel": Grant(_CENTRE, "place"),
    "reopen": Grant(_CENTRE, "place"),
    "dispatch": Grant(_DESK, "place"),
    "add_task": Grant(_DESK, "place"),
    "withdraw_task": Grant(_DESK, "place"),
    "told_by_radio": Grant(_DESK, "place"),
    "designate": Grant(_ABOVE, "place"),
    "accept": Grant(_HANDLERS, "own_task"),
    "under_way": Grant(_HANDLERS, "own_task"),
    "on_scene": Grant(_HANDLERS, "own_task"),
    "report_back": Grant(_HANDLERS, "own_task"),
    "send_back": Grant(_HANDLERS, "own_task"),
    "dispute": Grant(_HANDLERS, "own_task"),
    "resume": Grant((*_DESK, "clock"), "place"),
    "draw_checker": Grant(_DESK, "place"),
    "check_pass": Grant(("collector", *_DESK), "drawn"),
    "check_fail": Grant(("collector", *_DESK), "drawn"),
    "reply": Grant(_DESK, "place"),
    "closed_elsewhere": Grant(_DESK, "place"),
    "rework": Grant(_DESK, "place"),
    "close": Grant(_CENTRE, "place"),
    "urge": Grant((*_DESK, "office_staff"), "place"),
    "supervise": Grant(_ABOVE, "place"),
    "lift_supervision": Grant(_ABOVE, "place"),
    "leader_assign": Grant(_ABOVE, "place"),
    "ask_backup": Grant(("crew_member",), "own_task"),
    "ask_department": Grant(_DESK, "place"),
    "ask_extension": Grant(_HANDLERS, "own_task"),
    "ask_suspension": Grant(_HANDLERS, "own_task"),
    "ask_force_close": Grant(("operator", *_CENTRE), "place"),
    "appeal_overdue": Grant(_HANDLERS, "own_task"),
    "endorse": Grant(("shift_leader", "commander"), "place"),
    "grant": Grant(_DECIDERS, "place"),
    "refuse": Grant(_DECIDERS, "place"),
    "withdraw_request": Grant((*_DESK, *_HANDLERS), "own_request"),
    "link_recurrence": Grant(_DESK, "place"),
    "set_parent": Grant(_DESK, "place"),
    "leave_parent": Grant(_DESK, "place"),
    "reveal": Grant((*_DESK, *_HANDLERS), "hands_or_place"),
    "record_service": Grant((*_DESK, "crew_member"), "any"),
    "record_lead": Grant((*_DESK, "crew_member"), "any"),
    "import": Grant(("system_admin",), "place"),
    "clock_alert": Grant(("clock",), "place"),
    # A notice is taken by whoever it is addressed to; the action asks that. The same for what
    # somebody keeps of their own: browsers, numbers, whether they are on duty.
    "acknowledge_notice": Grant(PEOPLE, "any"),
    "notice_unanswered": Grant(("clock",), "place"),
    "set_ladder": Grant(("system_admin",), "place"),
    "subscribe_push": Grant(PEOPLE, "any"),
    "keep_contact": Grant(PEOPLE, "any"),
    "erase_contact": Grant(PEOPLE, "any"),
    "sign_on": Grant(PEOPLE, "any"),
    "sign_off": Grant(PEOPLE, "any"),
    "set_demo_time": Grant((*_DESK, "office_staff", "system_admin", "replayer"), "any"),
}


@dataclass(frozen=True)
class Target:
    """What an act is about, as far as the policy cares."""

    place: str
    crews: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()


def _in_place(post: Post, target: Target) -> bool:
    return within(target.place, post.place)


def _in_hand(post: Post, target: Target) -> bool:
    return post.crew_id in target.crews or post.unit_id in target.units


_REACHES: dict[str, Callable[[Post, Target], bool]] = {
    "any": lambda post, target: True,
    "place": _in_place,
    "own_task": _in_hand,
    "drawn": lambda post, target: post.role == "collector" or _in_place(post, target),
    "hands_or_place": lambda post, target: (
        _in_hand(post, target) if post.crew_id or post.unit_id else _in_place(post, target)
    ),
}
_REACHES["own_request"] = _REACHES["hands_or_place"]


def posts_for(principal: Principal, act: str) -> Iterator[Post]:
    """The principal's posts whose role the table names for `act`, wherever they reach."""
    grant = POLICY[act]
    return (post for post in principal.posts if post.role in grant.roles)


def allowed(principal: Principal, act: str, target: Target) -> Post | None:
    """The first post that entitles the principal to do `act` on `target`, or None."""
    reaches = _REACHES[POLICY[act].reach]
    return next((p for p in posts_for(principal, act) if reaches(p, target)), None)


def may_ever(principal: Principal) -> list[str]:
    """Acts that the principal's roles may do at all: what the screens prepare for."""
    return [act for act in POLICY if any(True for _ in posts_for(principal, act))]
