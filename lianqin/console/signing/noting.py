"""What sign-in leaves in the access log: codes and ids, never what was typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from lianqin.accounts import sitting
from lianqin.accounts.access import note_access
from lianqin.accounts.http import address, now, real_now


def note(
    request: HttpRequest, act: str, outcome: str, actor: UUID | None = None, subject: str = ""
) -> None:
    """One line about the door."""
    note_access(
        "sign_in",
        act,
        outcome,
        real_now(),
        actor_id=actor,
        subject=subject,
        address=address(request),
    )


def connect() -> None:
    """Listen to what allauth and Django tell of sessions, passwords and second factors."""
    user_logged_in.connect(_session_begun, dispatch_uid="lianqin.session_begun")
    account.password_changed.connect(_password, dispatch_uid="lianqin.password_changed")
    account.password_set.connect(_password, dispatch_uid="lianqin.password_set")
    mfa.authenticator_added.connect(_factor("add"), weak=False, dispatch_uid="lianqin.added")
    mfa.authenticator_removed.connect(_factor("remove"), weak=False, dispatch_uid="lianqin.gone")
    mfa.authenticator_reset.connect(_factor("reset"), weak=False, dispatch_uid="lianqin.reset")
    mfa.authentication_failed.connect(_factor_refused, dispatch_uid="lianqin.factor_refused")


def _session_begun(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    """Whoever comes in, by whichever way, has a sitting and stands in the list of sessions."""
    request.user = user
    sitting.begin(request.session, user, timezone.localdate(now()))
    UserSession.objects.create_from_request(request)


def _password(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    _look_again(request, user)
    note(request, "change_password", "granted", user.id, subject=str(user.id))


def _factor(act: str) -> Any:
    def changed(sender: Any, request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
        _look_again(request, user)
        note(request, f"{act}_second_factor", "granted", user.id, subject=str(authenticator.type))

    return changed


def _factor_refused(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    note(request, "second_factor", "refused", subject=str(user.id))


def _look_again(request: HttpRequest, user: Any) -> None:
    """What had to be done first may be done by now."""
    held = sitting.sitting_of(request.session)
    if held is not None:
        sitting.use(request.session, held, user, timezone.localdate(now()))
