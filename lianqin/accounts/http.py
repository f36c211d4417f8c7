"""HTTP in: from a request to the principal who asks and the command they give."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer

from lianqin.worktime.now import PRESENT, NowSource, machine_now

from .principal import Principal
from .queries import by_token, principal_of
from .refusals import Refusal
from .runner import Command, request_hash

#: The clock of every request; a test or a replay puts another in its place.
clock: NowSource = PRESENT


def now() -> datetime:
    """The present instant, as requests see it; the one place in the rooms that asks for it."""
    return clock.now()


def real_now() -> datetime:
    """The machine's present, also where a demo install shows another: for the ends of tokens and
    for the access log, which says when somebody really came in."""
    return machine_now(clock)


class KeyMissing(Refusal):
    """A write came without an idempotency key, or with one that is not a UUID."""

    code = "idempotency_key_missing"
    status = 428


class FieldUnknown(Refusal):
    """A form came with a field that the operation does not have."""

    code = "field_unknown"


class DeviceTimeUnusable(Refusal):
    """The header Device-Time is no instant with an offset."""

    code = "device_time_unusable"


#: A phone whose battery was empty may begin again in 1970; beyond this nothing can be counted.
_DEVICE_YEARS = range(1970, 2101)


def device_time(request: HttpRequest) -> datetime | None:
    """What the sender's clock stood at when the request was sent, where it says so in the header
    Device-Time. Raises DeviceTimeUnusable."""
    told = request.headers.get("Device-Time", "").strip()
    if not told:
        return None
    try:
        found = datetime.fromisoformat(told)
    except ValueError as error:
        raise DeviceTimeUnusable(field="Device-Time") from error
    if found.tzinfo is None or found.year not in _DEVICE_YEARS:
        raise DeviceTimeUnusable(field="Device-Time")
    return found


def only(request: HttpRequest, *fields: str) -> None:
    """Hold a form to its fields, as a JSON body is held to its own. Raises FieldUnknown."""
    for name in (*request.POST, *request.FILES):
        if name not in fields:
            raise FieldUnknown(field=name[:60])


class Bearer(HttpBearer):
    """A machine's token."""

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:
        """The principal behind the token, or None."""
        return by_token(token, real_now(), timezone.localdate(now()))


class Cookie(APIKeyCookie):
    """A person's session; writes need the CSRF header too (ninja checks it)."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Principal | None:
        """The principal of the session's user, or None."""
        user = request.user
        if not user.is_authenticated or not user.is_active:
            return None
        return principal_of(user, timezone.localdate(now()))


AUTH = [Bearer(), Cookie()]


def address(request: HttpRequest) -> str:
    """Where a request came from, for the access log.

    On the unix socket there is no address: only our own proxy reaches it, which names the one it
    saw and takes away what a stranger claimed. Over TCP what a header claims is not believed.
    """
    direct: str = request.META.get("REMOTE_ADDR") or ""
    if direct:
        return direct
    return str(request.headers.get("X-Forwarded-For", "")).rpartition(",")[2].strip()


def principal(request: HttpRequest) -> Principal:
    """Who asks; the API lets nobody through without one."""
    found: Principal = request.auth  # type: ignore[attr-defined]
    return found


def command(
    request: HttpRequest, act: str, *, occurred_at: datetime | None = None, content: Any = None
) -> Command:
    """The command that a write carries. Raises KeyMissing without a usable Idempotency-Key."""
    try:
        key = UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError as error:
        raise KeyMissing(field="Idempotency-Key") from error
    body = hashlib.sha256(request.body if content is None else content).hexdigest()
    return Command(
        principal=principal(request),
        act=act,
        key=key,
        request_hash=request_hash(request.method, request.path, body),
        occurred_at=occurred_at,
        now=clock,
        device=device_time(request),
    )
