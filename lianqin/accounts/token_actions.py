"""Giving machines a way in and taking it away: acts of a security administrator."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from lianqin.worktime.now import machine_now

from .account_actions import Shown, on_account
from .models import ApiToken, User
from .queries import token_hash
from .refusals import NotHere, Refusal
from .rules import token_for, token_sound
from .runner import Acting, Command, Done


@dataclass(frozen=True)
class TokenWanted:
    """What a token is called, what it may be used for, and how many days it lives."""

    name: str
    scopes: tuple[str, ...]
    days: int


def issue(
    command: Command, user_id: UUID, wanted: TokenWanted, *, today: date, demo: bool = False
) -> Shown:
    """Make a token of an account; it is shown this once and only its hash is kept. It ends by the
    machine's clock, also where a demo shows another time.

    Raises Refusal for an account that is off or an administrator's, and for a token without a name
    or scope or with more than a year to live.
    """
    secret: list[str] = []

    def change(user: User, acting: Acting) -> dict[str, Any]:
        token_sound(wanted.name, wanted.scopes, wanted.days, demo=demo)
        if not user.is_active:
            raise Refusal("account_is_off")
        token_for(user.postings.values_list("role", flat=True))
        secret.append(secrets.token_urlsafe(32))
        ends = machine_now(command.now) + timedelta(days=wanted.days)
        made = ApiToken.objects.create(
            user=user,
            name=wanted.name.strip(),
            hash=token_hash(secret[0]),
            scopes=sorted(set(wanted.scopes)),
            expires_at=ends,
        )
        return {"token": str(made.id), "scopes": made.scopes, "until": ends.date().isoformat()}

    done = on_account(command, user_id, today, change)
    return Shown(done, secret[0] if secret and not done.replayed else "")


def revoke(command: Command, token_id: UUID, *, today: date) -> Done:
    """Nobody gets in with the token any more, from this moment on."""
    found = ApiToken.objects.filter(pk=token_id).values_list("user_id", flat=True).first()
    if found is None:
        raise NotHere()

    def change(user: User, acting: Acting) -> dict[str, Any]:
        token = ApiToken.objects.select_for_update().get(pk=token_id)
        if token.revoked_at is not None:
            raise Refusal("token_is_revoked")
        token.revoked_at = machine_now(command.now)
        token.save(update_fields=["revoked_at"])
        return {"token": str(token.id)}

    return on_account(command, found, today, change)
