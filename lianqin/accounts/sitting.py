"""The signed-in session of a person: it is begun, used, looked at and ended here."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session

from lianqin.worktime.now import SystemNow

from .models import Posting, User
from .session_rules import Sitting, idle_limit, still_to_do

KEY = "lianqin_sitting"

#: Sessions last by the machine's clock, whatever time a demo install shows.
clock: Callable[[], datetime] = SystemNow().now


def begin(session: MutableMapping[str, Any], user: User, today: date) -> Sitting:
    """Somebody has signed in."""
    now = clock()
    return _keep(session, _looked_at(Sitting(now, now, timedelta()), user, today))


def use(session: MutableMapping[str, Any], sitting: Sitting, user: User, today: date) -> Sitting:
    """The person is there: note it, and look again at what their roles of today ask for."""
    return _keep(session, _looked_at(replace(sitting, used_at=clock()), user, today))


def sitting_of(session: MutableMapping[str, Any]) -> Sitting | None:
    """What is known of the session, or None when nobody has signed in with it."""
    kept = session.get(KEY)
    if not kept:
        return None
    return Sitting(
        datetime.fromtimestamp(kept["began"], UTC),
        datetime.fromtimestamp(kept["used"], UTC),
        timedelta(seconds=kept["idle"]),
        tuple(kept["to_do"]),
    )


def closed(session: MutableMapping[str, Any]) -> bool:
    """Whether a session that stands in the database opens nothing: it has run out, or something
    has to be done first. For readers that pass no middleware, such as the stream."""
    sitting = sitting_of(session)
    return sitting is not None and (sitting.over(clock()) or bool(sitting.to_do))


def _looked_at(sitting: Sitting, user: User, today: date) -> Sitting:
    """The sitting with the limits that the person's roles of `today` set (two queries at most)."""
    roles = list(
        Posting.objects.filter(user=user, dates__contains=today).values_list("role", flat=True)
    )
    required = settings.SECOND_FACTOR_ROLES if asks_for_second_factor(user) else ()
    to_do = still_to_do(
        must_change_password=user.must_change_password,
        roles=roles,
        required=required,
        has_factor=not set(roles) & set(required) or has_second_factor(user.id),
    )
    return replace(sitting, idle=idle_limit(roles, settings.IDLE_MINUTES), to_do=to_do)


def asks_for_second_factor(user: User) -> bool:
    """Demo accounts are entered by a card: they are asked for none, unless the install wants it."""
    return user.origin != "demo" or bool(settings.SECOND_FACTOR_IN_DEMO)


def has_second_factor(user_id: UUID) -> bool:
    """Whether a code or a passkey stands besides the password (recovery codes alone are none)."""
    proofs = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=proofs).exists())


def second_factors(user_id: UUID) -> int:
    """How many proofs stand besides the password, recovery codes among them."""
    return int(Authenticator.objects.filter(user_id=user_id).count())


def forget_second_factors(user_id: UUID) -> int:
    """Take away every second factor of an account, recovery codes too; returns how many stood."""
    count, _ = Authenticator.objects.filter(user_id=user_id).delete()
    return int(count)


def end_sessions(user_id: UUID) -> int:
    """End every session of an account, wherever it is open; returns how many were."""
    rows = UserSession.objects.filter(user_id=user_id)
    keys = list(rows.values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return int(ended)


def sweep_sessions(now: datetime) -> int:
    """Forget sessions that have run out, and the lines that listed them."""
    gone, _ = Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return int(gone)


def _keep(session: MutableMapping[str, Any], sitting: Sitting) -> Sitting:
    session[KEY] = sitting.to_json()
    return sitting
