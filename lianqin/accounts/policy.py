"""The policy table: which role may do which act, and how far it reaches. The only one.

Reach: `place` – on what lies in the post's place; `own_task` – on what is in the hands of the
post's crew or unit; `any` – wherever it is (a report is taken from whoever calls).
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
)

_DESK = ("operator", "shift_leader", "commander", "district_desk")
_HANDLERS = ("crew_member", "unit_liaison")


@dataclass(frozen=True)
class Grant:
    """One line of the table."""

    roles: tuple[str, ...]
    reach: str


POLICY: dict[str, Grant] = {
    "report": Grant(
        (*_DESK, "office_staff", "collector", "crew_member", "reporter_client", "replayer"), "any"
    ),
    "upload": Grant(
        (*_DESK, *_HANDLERS, "office_staff", "collector", "reporter_client", "replayer"), "any"
    ),
    "file": Grant(_DESK, "place"),
    "reject": Grant(_DESK, "place"),
    "join": Grant(_DESK, "place"),
    "dispatch": Grant(_DESK, "place"),
    "told_by_radio": Grant(_DESK, "place"),
    "accept": Grant(_HANDLERS, "own_task"),
    "report_back": Grant(_HANDLERS, "own_task"),
    "send_back": Grant(_HANDLERS, "own_task"),
    "check_pass": Grant(("collector", *_DESK), "place"),
    "check_fail": Grant(("collector", *_DESK), "place"),
    "close": Grant(("shift_leader", "commander", "district_desk"), "place"),
    "import": Grant(("system_admin",), "place"),
}


@dataclass(frozen=True)
class Target:
    """What an act is about, as far as the policy cares."""

    place: str
    crew_id: UUID | None = None
    unit_id: UUID | None = None


_REACHES: dict[str, Callable[[Post, Target], bool]] = {
    "any": lambda post, target: True,
    "place": lambda post, target: within(target.place, post.place),
    "own_task": lambda post, target: (
        (post.crew_id is not None and post.crew_id == target.crew_id)
        or (post.unit_id is not None and post.unit_id == target.unit_id)
    ),
}


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
