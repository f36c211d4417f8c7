"""One-time links with which people set their own first password. Called inside an action."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from .access import note_access
from .models import Invitation, User
from .queries import token_hash
from .refusals import NotHere, Refusal
from .sitting import end_sessions

GOOD_FOR = timedelta(hours=72)


class InvitationGone(NotHere):
    """Unknown, used, withdrawn or expired: which of them is not told."""

    code = "invitation_gone"


def make_invitation(
    user: User, now: datetime, by: UUID | None, *, good_for: timedelta = GOOD_FOR
) -> str:
    """A token for `user`, shown this once; an open invitation of theirs is withdrawn by it.

    The link is `invitation_path(token)` behind the install's address.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        withdraw_invitations(user, now)
        Invitation.objects.create(
            user=user,
            hash=token_hash(token),
            made_by=by,
            made_at=now,
            expires_at=now + good_for,
        )
    return token


def withdraw_invitations(user: User, now: datetime) -> int:
    """Make the open invitation of an account, if there is one, good for nothing."""
    opened = Invitation.objects.filter(user=user, used_at=None, withdrawn_at=None)
    return opened.update(withdrawn_at=now)


def invitation_path(token: str) -> str:
    """Where a token is taken. It stands behind a question mark, where no log keeps it."""
    return f"/account/invitation?token={token}"


def invited(token: str, now: datetime) -> User | None:
    """Whom an open invitation is for, or None."""
    found = (
        Invitation.objects.filter(hash=token_hash(token), used_at=None, withdrawn_at=None)
        .filter(expires_at__gt=now, user__is_active=True)
        .select_related("user")
        .first()
    )
    return found.user if found else None


def take_invitation(token: str, password: str, now: datetime, *, address: str = "") -> User:
    """Set the invited person's password, once; every other session of the account ends.

    Raises InvitationGone, or Refusal `password_unfit` on the field `password` with what is wrong
    in the reader's language (`said`, a list).
    """
    with transaction.atomic():
        found = (
            Invitation.objects.select_for_update()
            .filter(hash=token_hash(token), used_at=None, withdrawn_at=None)
            .first()
        )
        if found is None or found.expires_at <= now:
            raise InvitationGone()
        user = User.objects.filter(pk=found.user_id, is_active=True).first()
        if user is None:
            raise InvitationGone()
        _hold_to_rules(user, password)
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        found.used_at = now
        found.save(update_fields=["used_at"])
        end_sessions(user.id)
    note_access(
        "account",
        "take_invitation",
        "granted",
        now,
        actor_id=user.id,
        subject=str(user.id),
        address=address,
    )
    return user


def _hold_to_rules(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal("password_unfit", field="password", said=error.messages) from error
