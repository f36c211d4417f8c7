"""Making accounts, postings and tokens. Not acts of the domain: they stand in the access log; an
import of many is one entry in the journal besides."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from .access import note_access
from .models import ApiToken, Posting, User
from .policy import Target
from .queries import administrators_held, matching_post, token_hash
from .rules import ADMINISTRATORS, Held, apart
from .runner import Acting, Command, Done, Outcome, perform
from .sitting import end_sessions


def make_account(
    username: str,
    display_name: str,
    posts: Iterable[Mapping[str, Any]],
    *,
    now: datetime,
    origin: str = "live",
    password: str | None = None,
    by: UUID | None = None,
) -> User:
    """Make an account with its postings, or bring the name of an existing one up to date.

    Without a password nobody can sign in with one; one that is given here somebody else knows, and
    must be changed at the first sign-in. `posts` are mappings of role, place and optionally
    crew_id, unit_id.
    """
    with transaction.atomic():
        user, made = User.objects.update_or_create(
            username=username, defaults={"display_name": display_name, "origin": origin}
        )
        if made:
            user.set_password(password)
            user.must_change_password = password is not None
            user.save(update_fields=["password", "must_change_password"])
            for post in posts:
                Posting.objects.create(user=user, **post)
    if made:
        note_access("account", "make_account", "granted", now, actor_id=by, subject=username)
    return user


@dataclass(frozen=True)
class NewPost:
    """A post that a file gives to an account. `start` None: since ever, or as it was; `end` is the
    first day no longer in force (None: open)."""

    username: str
    name: str
    role: str
    place: str
    crew_id: UUID | None = None
    unit_id: UUID | None = None
    start: date | None = None
    end: date | None = None


def import_accounts(
    command: Command,
    place: str,
    posts: Sequence[NewPost],
    origin: str = "live",
    file_hash: str = "",
) -> Done:
    """Make accounts with their posts, or bring those that stand up to date, in one transaction and
    one entry with counts; each account that was made leaves its line in the access log.

    Nobody gets a password: who has none cannot sign in until one is set. A post that a file does
    not name stays as it is.
    """
    made: list[str] = []

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(place))
        users = {u.username: u for u in User.objects.filter(username__in=_usernames(posts))}
        nobody = make_password(None)
        for one in posts:
            user = users.get(one.username)
            if user is None:
                user = User.objects.create(
                    username=one.username,
                    display_name=one.name,
                    origin=origin,
                    password=nobody,
                )
                users[one.username] = user
                made.append(one.username)
            elif user.display_name != one.name:
                user.display_name = one.name
                user.save(update_fields=["display_name"])
            _put_in_post(user, one)
        counts = {"accounts": len(_usernames(posts)), "made": len(made), "posts": len(posts)}
        data = {"counts": counts, "file": file_hash or None}
        draft = acting.draft(post, ("accounts", command.key), data, origin=origin)
        return Outcome(draft, {"counts": counts})

    done = perform(command, work)
    if not done.replayed:
        at, by = command.now.now(), command.principal.id
        for username in made:
            note_access("account", "make_account", "granted", at, actor_id=by, subject=username)
    return done


def _usernames(posts: Iterable[NewPost]) -> set[str]:
    return {one.username for one in posts}


def _put_in_post(user: User, one: NewPost) -> None:
    """The account's post of that role and place, its dates as the file says."""
    same = Posting.objects.filter(user=user, role=one.role, place=one.place)
    posting = matching_post(same.order_by("dates"), one.start, one.end)
    if one.role in ADMINISTRATORS:
        apart(administrators_held(user), Held(one.role, one.place, one.start, one.end))
    if posting is None:
        posting = Posting(user=user, role=one.role, place=one.place)
    start = one.start or (posting.dates.lower if posting.dates else None)
    posting.dates = DateRange(start, one.end)
    posting.crew_id, posting.unit_id = one.crew_id, one.unit_id
    posting.save()


def ensure_service(
    username: str, display_name: str, role: str, place: str, *, now: datetime
) -> User:
    """The account under which the install itself acts, made if it is missing.

    It has no password and is not active, so that neither a password, a token nor an outside
    sign-on lets anybody in with it. An active account of that name is a person's and is returned
    as it stands.
    """
    with transaction.atomic():
        user, made = User.objects.get_or_create(
            username=username,
            defaults={
                "display_name": display_name,
                "is_active": False,
                "password": make_password(None),
            },
        )
        if not user.is_active:  # never a person's who happens to be called that
            Posting.objects.get_or_create(user=user, role=role, place=place)
    if made:
        note_access("account", "make_account", "granted", now, subject=username)
    return user


def set_password(user: User, password: str, *, now: datetime, by: UUID | None = None) -> None:
    """Give an account a password, to be changed at the first sign-in because whoever set it knows
    it; whoever calls has held it to the house's rules. Every open session of the account ends."""
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_sessions(user.id)
    note_access("account", "set_password", "granted", now, actor_id=by, subject=user.username)


def issue_token(
    user: User,
    name: str,
    scopes: Iterable[str],
    *,
    now: datetime,
    days: int,
    by: UUID | None = None,
) -> str:
    """Make a token and return it; it is shown this once and only its hash is kept."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user,
        name=name,
        hash=token_hash(token),
        scopes=sorted(scopes),
        expires_at=now + timedelta(days=days),
    )
    note_access("account", "issue_token", "granted", now, actor_id=by, subject=user.username)
    return token
