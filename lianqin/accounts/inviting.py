"""The link at which somebody who was invited sets their first password."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core import signing

from .models import User

_SALT = "lianqin.accounts.invitation"


def make_invitation(user: User, now: datetime, by: UUID | None = None) -> str:
    """A token that lets the account's holder set a password; it ends with the first use."""
    state = user.password[-12:]
    return signing.dumps([str(user.id), state, int(now.timestamp())], salt=_SALT)


def invitation_path(token: str) -> str:
    """Where a token is taken. It stands behind a question mark, where no log keeps it."""
    return f"/account/invitation?token={token}"
