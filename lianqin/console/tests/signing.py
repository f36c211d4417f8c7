"""What tests of sign-in share: a real district, people with passwords, codes by a clock."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from lianqin.accounts.models import AccessEntry, User
from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build
from lianqin.territory.models import District

PASSWORD = "quiet river below the hill"
OTHER = "seven lamps on a long road"


class Door:
    """A real district's door, with people who have passwords."""

    def __init__(self, world: World) -> None:
        self.world = world
        District.objects.update(demo=False)

    def person(self, role: str = "operator", **changes: Any) -> User:
        """Somebody of the twin district who signs in with PASSWORD."""
        here = {"operator": CENTRES[0], "commander": CENTRES[0]}.get(role, DISTRICT)
        user = next(
            u for name, u in self.world.people.items() if name.startswith(role) and here in name
        )
        user.origin = "live"
        user.set_password(PASSWORD)
        for name, value in changes.items():
            setattr(user, name, value)
        user.save()
        return user

    def knock(self, name: str, password: str = PASSWORD, **sent: Any) -> tuple[Client, Any]:
        """Try to sign in; the client and the answer."""
        client = Client(**sent)
        return client, client.post("/sign-in", {"username": name, "password": password})

    def inside(self, user: User, **sent: Any) -> Client:
        """Signed in with PASSWORD."""
        client, answer = self.knock(user.username, **sent)
        assert answer.status_code == 302, answer.content.decode()
        return client


def noted() -> list[tuple[str, str]]:
    """What the access log says, oldest first."""
    return list(AccessEntry.objects.order_by("position").values_list("act", "outcome"))


def signed_in(client: Client) -> bool:
    return client.get("/account/session").status_code == 200


class Authenticator:
    """An authenticator app: codes by the clock that the test sets."""

    def __init__(self, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secret = base64.b32encode(b"0123456789abcdefghij").decode()
        self.now = time.time()
        TOTP.activate(user, self.secret)
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: self.now)

    def code(self, later: float = 0) -> str:
        return format_hotp_value(hotp_value(self.secret, int(self.now + later) // 30))


def district() -> Door:
    return Door(build())
