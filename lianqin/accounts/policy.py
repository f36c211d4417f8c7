"""The policy table: which role may do which act, and how far it reaches. The only one.

Reach: `place` – on what lies in the post's place; `own_task` – on what is in the hands of the
post's crew or unit; `any` – wherever it is (a report is taken from whoever calls); `drawn` – a
collector on what the draw gave them, a desk on what lies in its place; `hands_or_place` – handlers
on what is in their hands, a desk on what lies in its place; `own_request` – likewise, and the rule
asks who asked; `own_notice` – on a notice that is addressed to the person, wherever it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from .principal import Post, Principal, within
from .scopes import opens

ROLES = (
    "operator",
    "acceptor",
    "dispatcher",
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

#: Roles that people hold: programs and the install's own are told nothing.
PEOPLE = tuple(r for r in ROLES if r not in SERVICE_ROLES | {"reporter_client", "replayer"})
#: What anybody does to what is their own; the actions take nobody else's.
OWN_ACTS = ("subscribe_push", "keep_contact", "erase_contact", "sign_on", "sign_off")

_DESK = ("operator", "shift_leader", "commander", "district_desk")
#: The two halves of an operator's work, where a centre has them in two hands: one takes in and
#: files, the other sends and sees to what comes back.
_TAKES_IN = (*_DESK, "acceptor")
_SENDS = (*_DESK, "dispatcher")
_SEATS = (*_DESK, "acceptor", "dispatcher")
_HANDLERS = ("crew_member", "unit_liaison")


@dataclass(frozen=True)
class Grant:
    """One line of the table."""

    roles: tuple[str, ...]
    reach: str


_CENTRE = ("shift_leader", "commander", "district_desk")
_ABOVE = ("commander", "office_staff", "district_desk")
_DECIDERS = ("shift_leader", *_ABOVE)

#: What a security administrator does to accounts; the target's place is that of the post, or of
#: every post of the account.
ACCOUNT_ACTS = (
    "invite",
    "give_post",
    "end_post",
    "switch_off_account",
    "switch_on_account",
    "end_sessions",
    "reset_second_factor",
    "issue_token",
    "revoke_token",
)

POLICY: dict[str, Grant] = {
    "report": Grant(
        (*_TAKES_IN, "office_staff", "collector", "crew_member", "reporter_client", "replayer"),
        "any",
    ),
    "upload": Grant(
        (*_TAKES_IN, *_HANDLERS, "office_staff", "collector", "reporter_client", "replayer"), "any"
    ),
    "settle": Grant(("crew_member",), "any"),
    "import_tickets": Grant(_TAKES_IN, "any"),
    "import_unit_sheet": Grant(("unit_liaison",), "any"),
    "ask_verify": Grant(_TAKES_IN, "place"),
    "verify": Grant(("collector", *_TAKES_IN), "place"),
    "file": Grant(_TAKES_IN, "place"),
    "sign": Grant(_TAKES_IN, "place"),
    "reject": Grant(_TAKES_IN, "place"),
    "join": Grant(_TAKES_IN, "place"),
    "cancel": Grant(_CENTRE, "place"),
    "reopen": Grant(_CENTRE, "place"),
    "dispatch": Grant(_SENDS, "place"),
    "add_task": Grant(_SENDS, "place"),
    "withdraw_task": Grant(_SENDS, "place"),
    "told_by_radio": Grant(_SENDS, "place"),
    "designate": Grant(_ABOVE, "place"),
    "accept": Grant(_HANDLERS, "own_task"),
    "under_way": Grant(_HANDLERS, "own_task"),
    "on_scene": Grant(_HANDLERS, "own_task"),
    "report_back": Grant(_HANDLERS, "own_task"),
    "send_back": Grant(_HANDLERS, "own_task"),
    "dispute": Grant(_HANDLERS, "own_task"),
    "resume": Grant((*_SENDS, "clock"), "place"),
    "draw_checker": Grant(_SENDS, "place"),
    "check_pass": Grant(("collector", *_DESK), "drawn"),
    "check_fail": Grant(("collector", *_DESK), "drawn"),
    "reply": Grant(_SENDS, "place"),
    "closed_elsewhere": Grant(_DESK, "place"),
    "rework": Grant(_SENDS, "place"),
    "close": Grant(_CENTRE, "place"),
    "urge": Grant((*_SEATS, "office_staff"), "place"),
    "supervise": Grant(_ABOVE, "place"),
    "lift_supervision": Grant(_ABOVE, "place"),
    "leader_assign": Grant(_ABOVE, "place"),
    "ask_backup": Grant(("crew_member",), "own_task"),
    "ask_department": Grant(_SENDS, "place"),
    "ask_extension": Grant(_HANDLERS, "own_task"),
    "ask_suspension": Grant(_HANDLERS, "own_task"),
    "ask_force_close": Grant(("operator", *_CENTRE), "place"),
    "appeal_overdue": Grant(_HANDLERS, "own_task"),
    "endorse": Grant(("shift_leader", "commander"), "place"),
    "grant": Grant(_DECIDERS, "place"),
    "refuse": Grant(_DECIDERS, "place"),
    "withdraw_request": Grant((*_SENDS, *_HANDLERS), "own_request"),
    "link_recurrence": Grant(_TAKES_IN, "place"),
    "set_parent": Grant(_SENDS, "place"),
    "leave_parent": Grant(_SENDS, "place"),
    "reveal": Grant((*_SEATS, *_HANDLERS), "hands_or_place"),
    "record_service": Grant((*_TAKES_IN, "crew_member"), "any"),
    "record_lead": Grant((*_TAKES_IN, "crew_member"), "any"),
    "import": Grant(("system_admin",), "place"),
    "clock_alert": Grant(("clock",), "place"),
    "set_demo_time": Grant((*_SEATS, "office_staff", "system_admin", "replayer"), "any"),
    # People and their posts.
    **dict.fromkeys(ACCOUNT_ACTS, Grant(("security_admin",), "place")),
    "name_deputy": Grant(("commander",), "place"),
    "end_deputy": Grant(("commander", "district_desk"), "place"),
    "read_access_log": Grant(("audit_admin",), "place"),
    "verify_logs": Grant(("audit_admin",), "place"),
    # Those on duty.
    "move_crew": Grant(_CENTRE, "place"),
    "acknowledge_notice": Grant(PEOPLE, "own_notice"),
    "notice_unanswered": Grant(("clock",), "place"),
    # What somebody keeps of their own: browsers, numbers, whether they are on duty.
    **dict.fromkeys(OWN_ACTS, Grant(PEOPLE, "any")),
    # Of a crew its shift says when it is on.
    **dict.fromkeys(
        ("sign_on", "sign_off"), Grant(tuple(r for r in PEOPLE if r != "crew_member"), "any")
    ),
    "set_ladder": Grant(("system_admin",), "place"),
}


@dataclass(frozen=True)
class Target:
    """What an act is about, as far as the policy cares: where it lies, in whose hands it is, to
    whom it is addressed."""

    place: str
    crews: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()
    people: frozenset[UUID] = frozenset()


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
_OWN = "own_notice"


def posts_for(principal: Principal, act: str) -> Iterator[Post]:
    """The principal's posts whose role the table names for `act`, wherever they reach; none for a
    token without the act's scope."""
    grant = POLICY[act]
    if principal.by_token and not opens(principal.scopes, act):
        return iter(())
    return (post for post in principal.posts if post.role in grant.roles)


def allowed(principal: Principal, act: str, target: Target) -> Post | None:
    """The first post that entitles the principal to do `act` on `target`, or None."""
    if POLICY[act].reach == _OWN:
        return next(posts_for(principal, act), None) if principal.id in target.people else None
    reaches = _REACHES[POLICY[act].reach]
    return next((p for p in posts_for(principal, act) if reaches(p, target)), None)


def may_ever(principal: Principal) -> list[str]:
    """Acts that the principal's roles may do at all: what the screens prepare for."""
    return [act for act in POLICY if any(True for _ in posts_for(principal, act))]
