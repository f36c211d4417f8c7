"""Making accounts, postings and tokens. Not acts of the domain: they stand in the access log."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from .access import note_access
from .models import ApiToken, Posting, User
from .queries import token_hash


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

    Without a password nobody can sign in with one. `posts` are mappings of role, place and
    optionally crew_id, unit_id.
    """
    with transaction.atomic():
        user, made = User.objects.update_or_create(
            username=username, defaults={"display_name": display_name, "origin": origin}
        )
        if made:
            user.set_password(password)
            user.save(update_fields=["password"])
            for post in posts:
                Posting.objects.create(user=user, **post)
    if made:
        note_access("account", "make_account", "granted", now, actor_id=by, subject=username)
    return user


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
