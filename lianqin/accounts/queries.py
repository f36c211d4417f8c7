"""Reading who somebody is and what they are posted to today."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from .models import Posting, User
from .principal import Post, Principal
from .rules import ADMINISTRATORS, Held


def principal_of(user: User, today: date, *, scopes: Iterable[str] = ()) -> Principal:
    """The principal of an active user with the posts in force on `today` (one query)."""
    rows = Posting.objects.filter(user=user, dates__contains=today).order_by("role", "place")
    posts = tuple(Post(p.role, p.place, p.crew_id, p.unit_id) for p in rows)
    return Principal(
        id=user.id,
        name=user.display_name or user.username,
        username=user.username,
        posts=posts,
        scopes=frozenset(scopes),
        origin=user.origin,
    )


def matching_post(known: Iterable[Posting], start: date | None, end: date | None) -> Posting | None:
    """Of somebody's postings to one role and place, the last that shares a day with the dates;
    `start` None is since ever, `end` the first day after (None: open)."""
    found = None
    for posting in known:
        lower, upper = posting.dates.lower, posting.dates.upper
        before = end is not None and lower is not None and lower >= end
        after = start is not None and upper is not None and upper <= start
        if not before and not after:
            found = posting
    return found


def administrators_held(user: User) -> list[Held]:
    """Posts as administrator, past and to come, of one person (one query)."""
    rows = Posting.objects.filter(user=user, role__in=ADMINISTRATORS)
    return [Held(p.role, p.place, p.dates.lower, p.dates.upper) for p in rows]


def posted_as(role: str, today: date) -> list[UUID]:
    """Active accounts that hold a role anywhere in the district on that day (one query)."""
    rows = Posting.objects.filter(role=role, dates__contains=today, user__is_active=True)
    return list(rows.values_list("user_id", flat=True).distinct())


def served_in(crews: Iterable[UUID], units: Iterable[UUID]) -> dict[UUID | None, list[Posting]]:
    """Postings past and present by the crew or unit that they were to (one query)."""
    found: dict[UUID | None, list[Posting]] = {}
    rows = Posting.objects.filter(Q(crew_id__in=set(crews)) | Q(unit_id__in=set(units)))
    for posting in rows:
        for hands in (posting.crew_id, posting.unit_id):
            found.setdefault(hands, []).append(posting)
    return found


def token_hash(token: str) -> str:
    """What is stored of a token: enough to recognise it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


_BEARER = """
SELECT u.id, u.display_name, u.username, u.origin, t.scopes,
       t.last_used_at IS NULL OR t.last_used_at < %s, p.role, p.place, p.crew_id, p.unit_id
FROM accounts_apitoken t
JOIN accounts_user u ON u.id = t.user_id AND u.is_active
LEFT JOIN accounts_posting p ON p.user_id = u.id AND p.dates @> %s::date
WHERE t.hash = %s AND t.revoked_at IS NULL AND t.expires_at > %s
ORDER BY p.role, p.place
"""


_USED = "UPDATE accounts_apitoken SET last_used_at = %s WHERE hash = %s"

#: How often it is written down that a token was used.
NOTED_EVERY = timedelta(hours=1)


def by_token(token: str, now: datetime, today: date) -> Principal | None:
    """The principal behind a bearer token that is neither expired nor revoked, with the posts in
    force on `today` (one statement: every request of a machine begins with it; once an hour a
    second one notes the use)."""
    hashed = token_hash(token)
    with connection.cursor() as cursor:
        cursor.execute(_BEARER, [now - NOTED_EVERY, today, hashed, now])
        rows = cursor.fetchall()
        if not rows:
            return None
        id, display_name, username, origin, scopes, stale = rows[0][:6]
        if stale:
            cursor.execute(_USED, [now, hashed])
    return Principal(
        id=id,
        name=display_name or username,
        username=username,
        posts=tuple(Post(*row[6:]) for row in rows if row[6] is not None),
        scopes=frozenset(scopes),
        by_token=True,
        origin=origin,
    )


def names(ids: Iterable[object]) -> dict[str, str]:
    """Display names by id, for a timeline (one query)."""
    rows = User.objects.filter(id__in=set(ids)).values_list("id", "display_name")
    return {str(pk): name for pk, name in rows}
