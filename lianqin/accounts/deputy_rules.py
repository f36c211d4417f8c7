"""Whom a commander may name as deputy (代理指挥长), and for how long. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from .principal import within
from .refusals import Refusal
from .rules import Held

#: A deputy leads for so many days at most; whoever is away longer is replaced by the authority.
MOST_DAYS = 14
#: So far ahead a deputy may be named.
AHEAD = timedelta(days=60)
#: Posts of the centre from which a deputy is named: who has led or sat at its desk. Handlers and
#: checkers are not among them, because a commander decides on what they do.
FROM_ROLES = frozenset({"operator", "acceptor", "dispatcher", "shift_leader", "commander"})
ROLE = "commander"


def dates_sound(first: date, last: date, today: date) -> None:
    """From today on, the right way round, not too long and not too far ahead; both days count."""
    if first < today:
        raise Refusal("deputy_starts_in_the_past", field="first", today=today.isoformat())
    if last < first:
        raise Refusal("deputy_dates_turned", field="last")
    if (last - first).days + 1 > MOST_DAYS:
        raise Refusal("deputy_too_long", field="last", most=MOST_DAYS)
    if first > today + AHEAD:
        raise Refusal("deputy_too_far_ahead", field="first", most=AHEAD.days)


def may_be_named(namer: UUID, named: UUID, held: Iterable[Held], place: str, wanted: Held) -> None:
    """Somebody else, with a post of the desk at the place on the first day. `held`: their posts."""
    if namer == named:
        raise Refusal("deputy_is_oneself", field="user_id")
    fitting = (p for p in held if p.role in FROM_ROLES and within(p.place, place))
    first = Held("", "", wanted.start, wanted.start + timedelta(days=1) if wanted.start else None)
    if not any(post.meets(first) for post in fitting):
        raise Refusal("deputy_not_of_the_place", field="user_id")
