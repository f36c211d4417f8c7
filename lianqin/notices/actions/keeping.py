"""What a person keeps with us to be reached: browsers, numbers, and whether they are on duty."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from lianqin.accounts.policy import Target
from lianqin.accounts.refusals import NotHere, Refusal
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.notices.models import Contact, Presence, PushSubscription
from lianqin.notices.queries import masked
from lianqin.worktime import machine_now

#: Browsers that one person may keep at a time.
MOST = 10


def subscribe(
    command: Command, endpoint: str, p256dh: str, auth: str, language: str, hosts: frozenset[str]
) -> Done:
    """Keep a browser that may be pushed to. Not an act of the domain: no entry.

    Raises Refusal for an address that is no push service's: we would be made to call it.
    """

    def work(acting: Acting) -> Outcome:
        acting.authorize(Target(""))
        if not push_service(endpoint, hosts):
            raise Refusal("push_service_unknown", field="endpoint")
        if not usable(p256dh, auth):
            raise Refusal("push_keys_unusable", field="keys")
        mine = PushSubscription.objects.filter(user_id=acting.principal.id)
        if mine.exclude(endpoint=endpoint).count() >= MOST:
            raise Refusal("too_many_browsers", field="endpoint", most=MOST)
        row, _ = PushSubscription.objects.update_or_create(
            endpoint=endpoint,
            defaults={
                "user_id": acting.principal.id,
                "p256dh": p256dh,
                "auth": auth,
                "language": language,
                "made_at": machine_now(command.now),
            },
        )
        return Outcome(None, {"id": str(row.id)})

    return perform(command, work)


def usable(p256dh: str, auth: str) -> bool:
    """Whether something can be encrypted for a browser with these keys (RFC 8291)."""
    try:
        point = urlsafe_b64decode(p256dh.rstrip("=") + "=" * (-len(p256dh.rstrip("=")) % 4))
        secret = urlsafe_b64decode(auth.rstrip("=") + "=" * (-len(auth.rstrip("=")) % 4))
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == 65 and len(secret) == 16


def push_service(endpoint: str, hosts: frozenset[str]) -> bool:
    """Whether an address is that of a push service we know: https, its host or below it."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    if parts.username or parts.password:
        return False
    if f"{parts.scheme}://{host}:{port}" in hosts:  # a district's own service, named in full
        return True
    known = any(host == one or host.endswith("." + one) for one in hosts if "/" not in one)
    return known and parts.scheme == "https" and port in (None, 443)


def unsubscribe(command: Command, subscription_id: UUID) -> Done:
    """Forget a browser of one's own. Raises NotHere for somebody else's."""

    def work(acting: Acting) -> Outcome:
        acting.authorize(Target(""))
        gone, _ = PushSubscription.objects.filter(
            id=subscription_id, user_id=acting.principal.id
        ).delete()
        if not gone:
            raise NotHere()
        return Outcome(None, {"id": str(subscription_id)})

    return perform(command, work)


def keep_contact(command: Command, kind: str, value: str) -> Done:
    """Agree to be reached by a number or account of one's own; the entry says which kind."""

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(""))
        who = acting.principal
        Contact.objects.update_or_create(
            user_id=who.id,
            kind=kind,
            defaults={"value": value, "agreed_at": acting.recorded_at},
        )
        draft = acting.draft(post, ("account", who.id), {"kind": kind}, origin=who.origin)
        return Outcome(draft, {"kind": kind, "value": masked(value)})

    return perform(command, work)


def erase_contact(command: Command, kind: str) -> Done:
    """Withdraw the agreement: the number is gone from the database. Raises NotHere without one."""

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(""))
        who = acting.principal
        gone, _ = Contact.objects.filter(user_id=who.id, kind=kind).delete()
        if not gone:
            raise NotHere()
        draft = acting.draft(post, ("account", who.id), {"kind": kind}, origin=who.origin)
        return Outcome(draft, {"kind": kind})

    return perform(command, work)


def sign(command: Command, on_duty: bool) -> Done:
    """Sign on or off duty, where no shift says it. Who is off is told nothing.

    Raises Forbidden for posts with a shift: their crew's says when they are on.
    """

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(""))
        who = acting.principal
        before = Presence.objects.select_for_update().filter(user_id=who.id).first()
        answer = {"on_duty": on_duty}
        if (before.on_duty if before else True) == on_duty:
            return Outcome(None, answer)
        Presence.objects.update_or_create(
            user_id=who.id, defaults={"on_duty": on_duty, "since": acting.recorded_at}
        )
        draft = acting.draft(post, ("account", who.id), {}, origin=who.origin)
        return Outcome(draft, answer)

    return perform(command, work)
