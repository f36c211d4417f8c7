"""Naming a deputy: a dated post of commander at the commander's own place, which ends by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.journal.models import Entry
from lianqin.journal.queries import in_places

from .deputy_rules import FROM_ROLES, MOST_DAYS, ROLE, dates_sound, may_be_named
from .models import Posting, User
from .policy import Target, posts_for
from .principal import Principal, within
from .refusals import Forbidden, NotHere, Refusal
from .rules import Held, end_of, fits_with
from .runner import Acting, Command, Done, Outcome, perform

SUBJECT = "account"


@dataclass(frozen=True)
class Deputy:
    """Who is to lead a place, from the first to the last day, both included."""

    user_id: UUID
    place: str
    first: date
    last: date


def name_deputy(command: Command, wanted: Deputy, *, today: date) -> Done:
    """Give somebody of the place the commander's post there for some days.

    Raises Forbidden outside the own place, and Refusal for dates that cannot be, for somebody who
    is not of the place (or not at all), and when the commander is but a deputy.
    """

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(wanted.place))
        if wanted.place != post.place:
            raise Refusal("deputy_at_own_place", field="place")
        dates_sound(wanted.first, wanted.last, today)
        who = acting.principal.id
        if given_by_naming(_posts_in_force(who, post.place, today)):
            raise Refusal("deputy_names_no_deputy")
        user = User.objects.select_for_update().filter(pk=wanted.user_id, is_active=True).first()
        held = [_held(p) for p in user.postings.all()] if user else []
        end = wanted.last + timedelta(days=1)
        new = Held(ROLE, wanted.place, wanted.first, end)
        may_be_named(who, wanted.user_id, held, wanted.place, new)
        fits_with(held, new)
        posting = Posting.objects.create(
            user_id=wanted.user_id,
            role=ROLE,
            place=wanted.place,
            dates=DateRange(wanted.first, end),
        )
        data = {
            "post": str(posting.id),
            "role": ROLE,
            "place": wanted.place,
            "from": wanted.first.isoformat(),
            "until": end.isoformat(),
        }
        draft = acting.draft(post, (SUBJECT, wanted.user_id), data, place=wanted.place)
        return Outcome(draft, {"id": str(posting.id)})

    return perform(command, work)


def end_deputy(command: Command, posting_id: UUID, *, today: date) -> Done:
    """End a deputy's post at once: today no longer counts. One that has not begun is taken back."""

    def work(acting: Acting) -> Outcome:
        found = Posting.objects.select_for_update().filter(pk=posting_id, role=ROLE).first()
        if found is None or not _sees(acting, found) or not given_by_naming([found]):
            raise NotHere()
        post = acting.authorize(Target(found.place))
        end = end_of(_held(found), None, today)
        data: dict[str, Any] = {"post": str(found.id), "role": ROLE}
        if found.dates.lower is not None and end <= found.dates.lower:
            found.delete()
            data["taken_back"] = True
        else:
            found.dates = DateRange(found.dates.lower, end)
            found.save(update_fields=["dates"])
            data["until"] = end.isoformat()
        draft = acting.draft(post, (SUBJECT, found.user_id), data, place=found.place)
        return Outcome(draft, {"id": str(posting_id)})

    return perform(command, work)


def _sees(acting: Acting, posting: Posting) -> bool:
    own = posts_for(acting.principal, acting.command.act)
    return any(within(posting.place, post.place) for post in own)


def _held(posting: Posting) -> Held:
    return Held(posting.role, posting.place, posting.dates.lower, posting.dates.upper)


def _posts_in_force(user_id: UUID, place: str, today: date) -> list[Posting]:
    rows = Posting.objects.filter(user_id=user_id, role=ROLE, place=place, dates__contains=today)
    return list(rows)


def given_by_naming(postings: Iterable[Posting]) -> dict[UUID, Entry]:
    """Those of the postings that a commander gave by naming a deputy, by id (one query)."""
    wanted = {str(posting.id): posting for posting in postings}
    users = {posting.user_id for posting in wanted.values()}
    entries = Entry.objects.filter(subject_id__in=users, act="name_deputy")
    return {
        wanted[entry.data["post"]].id: entry
        for entry in entries
        if entry.data.get("post") in wanted
    }


def deputies(principal: Principal, today: date) -> dict[str, Any]:
    """Deputies of the commander's places now and to come, and who could be named (a constant
    number of queries). Raises Forbidden for whoever names none."""
    places = sorted({post.place for post in posts_for(principal, "name_deputy")})
    if not places:
        raise Forbidden("name_deputy")
    rows = Posting.objects.filter(in_places(places), user__is_active=True, role__in=FROM_ROLES)
    posts = [
        posting
        for posting in rows.select_related("user").order_by("user__display_name", "role")
        if posting.dates.upper is None or posting.dates.upper > today
    ]
    dated = [p for p in posts if p.role == ROLE and p.dates.upper is not None]
    named = given_by_naming(dated)
    own = {p.id for p in posts if p.user_id == principal.id and p.role == ROLE}
    return {
        "places": places,
        "most_days": MOST_DAYS,
        "may_name": not (own and own <= named.keys()),
        "items": [_shown(p, named[p.id], today) for p in dated if p.id in named],
        "candidates": _candidates(posts, named.keys(), principal.id, today),
    }


def _shown(posting: Posting, entry: Entry, today: date) -> dict[str, Any]:
    first, end = posting.dates.lower or today, posting.dates.upper or today
    return {
        "id": str(posting.id),
        "user_id": str(posting.user_id),
        "name": posting.user.display_name,
        "place": posting.place,
        "first": first.isoformat(),
        "last": (end - timedelta(days=1)).isoformat(),
        "in_force": first <= today < end,
        "named_at": entry.recorded_at.isoformat(),
    }


def _candidates(
    posts: Iterable[Posting], named: Iterable[UUID], oneself: UUID, today: date
) -> list[dict[str, Any]]:
    """Everybody who could be named today, each once, with the posts that they hold."""
    given, found = set(named), dict[UUID, dict[str, Any]]()
    for posting in posts:
        lower = posting.dates.lower
        if posting.user_id == oneself or posting.id in given or (lower and lower > today):
            continue
        one = found.setdefault(
            posting.user_id,
            {
                "user_id": str(posting.user_id),
                "name": posting.user.display_name,
                "place": posting.place,
                "roles": [],
            },
        )
        if posting.role not in one["roles"]:
            one["roles"].append(posting.role)
    return list(found.values())
