"""What must hold of accounts and posts before anything is written. Pure.

An administrator acts on what lies inside the own place, never on the own account; the three
administrators (system, security, audit) watch each other, so that no one person may be two of them
on any day (GB/T 22239-2019, 8.1.5: separate roles for system, security and audit management).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from uuid import UUID

from .policy import ROLES, SERVICE_ROLES
from .refusals import Refusal
from .scopes import offered

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
#: Accounts under which the install itself acts; nobody is given one of these names.
OWN_ACCOUNTS = frozenset(
    {"import", "import-tickets", "import-requests", "clock", "demo-setup", "demo-time", "console"}
)
#: What a role is posted to besides its place.
_HANDS = {"crew_member": "crew", "unit_liaison": "unit"}
_USERNAME = re.compile(r"[\w.@+-]{1,150}")
#: A token lives at most so long.
TOKEN_DAYS = 365
#: A post is planned at most so far ahead; more is a slip of the year.
AHEAD = timedelta(days=366 * 5)


@dataclass(frozen=True)
class Held:
    """A role at a place from `start` (None: ever) to the day before `end` (None: open)."""

    role: str
    place: str
    start: date | None = None
    end: date | None = None

    def meets(self, other: Held) -> bool:
        """Whether both are in force on some day."""
        return not (
            (self.end is not None and other.start is not None and self.end <= other.start)
            or (other.end is not None and self.start is not None and other.end <= self.start)
        )


@dataclass(frozen=True)
class PostWanted:
    """A post that somebody is to be given; `end` is the first day no longer in force."""

    role: str
    place: str
    crew_id: UUID | None = None
    unit_id: UUID | None = None
    start: date | None = None
    end: date | None = None

    @property
    def held(self) -> Held:
        """Its role, place and dates."""
        return Held(self.role, self.place, self.start, self.end)


def common_place(places: Iterable[str]) -> str:
    """The innermost place that all of them lie in; '' when there is none."""
    found: list[str] | None = None
    for place in places:
        parts = place.split("/")
        found = parts if found is None else _shared(found, parts)
    return "/".join(found or [])


def _shared(one: Sequence[str], other: Sequence[str]) -> list[str]:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return [a for a, _ in same]


def not_oneself(actor: UUID, subject: UUID) -> None:
    """Nobody administers the own account: another administrator has to look at it."""
    if actor == subject:
        raise Refusal("own_account")


def username_usable(username: str) -> None:
    """A name to sign in with: letters, digits, . @ + - _, and none of the install's own."""
    if not _USERNAME.fullmatch(username):
        raise Refusal("username_malformed", field="username")
    if username in OWN_ACCOUNTS:
        raise Refusal("username_reserved", field="username", value=username)


def post_sound(post: PostWanted, today: date, *, demo: bool) -> None:
    """What a post must be by itself: a role that people hold, its crew or unit, sane dates."""
    hidden = SERVICE_ROLES if demo else SERVICE_ROLES | {"replayer"}
    if post.role not in ROLES or post.role in hidden:
        raise Refusal("role_unknown", field="role", value=post.role)
    needed = _HANDS.get(post.role)
    for name, given in (("crew", post.crew_id), ("unit", post.unit_id)):
        if name == needed and given is None:
            raise Refusal("hands_needed", field=name, role=post.role)
        if name != needed and given is not None:
            raise Refusal("hands_not_of_role", field=name, role=post.role)
    if post.start is not None and post.start < today:
        raise Refusal("post_starts_in_the_past", field="start", today=today.isoformat())
    if post.start is not None and post.start > today + AHEAD:
        raise Refusal("post_starts_too_far_ahead", field="start")
    if post.end is not None and post.end <= (post.start or today):
        raise Refusal("post_ends_before_it_begins", field="end")


def fits_with(held: Sequence[Held], wanted: Held) -> None:
    """What a new post must be beside those that the person holds, held or will hold."""
    for other in held:
        same = (other.role, other.place) == (wanted.role, wanted.place)
        if same and other.meets(wanted):
            raise Refusal("post_held_already", field="start")
    apart(held, wanted)


def apart(held: Iterable[Held], wanted: Held) -> None:
    """System, security and audit are never one person's on one day."""
    for other in held:
        two = other.role != wanted.role and {other.role, wanted.role} <= ADMINISTRATORS
        if two and other.meets(wanted):
            raise Refusal("administrators_apart", field="role", held=other.role)


def end_of(held: Held, last_day: date | None, today: date) -> date:
    """The first day on which a post that is to end is no longer in force. `last_day` None: at
    once, today no longer counts."""
    if held.end is not None and held.end <= today:
        raise Refusal("post_has_ended")
    if last_day is None:
        return today
    if last_day < today:
        raise Refusal("post_ends_in_the_past", field="last_day", today=today.isoformat())
    if held.start is not None and last_day < held.start:
        raise Refusal("post_ends_before_it_begins", field="last_day")
    if held.end is not None and last_day >= held.end:
        raise Refusal("post_ends_earlier", field="last_day")
    return last_day + timedelta(days=1)


def token_sound(name: str, scopes: Iterable[str], days: int, *, demo: bool) -> None:
    """A token says what it is for, what it may be used for, and ends within a year."""
    if not name.strip():
        raise Refusal("token_name_needed", field="name")
    wanted = set(scopes)
    if not wanted:
        raise Refusal("token_scope_needed", field="scopes")
    known = offered(demo)
    if unknown := sorted(wanted - set(known)):
        raise Refusal(
            "token_scope_unknown", field="scopes", value=unknown[0], known=", ".join(known)
        )
    if not 1 <= days <= TOKEN_DAYS:
        raise Refusal("token_days", field="days", max=TOKEN_DAYS)


def token_for(roles: Iterable[str]) -> None:
    """A token knows no second factor: what administrators do, nobody does with one."""
    if ADMINISTRATORS & set(roles):
        raise Refusal("token_not_for_administrators")
