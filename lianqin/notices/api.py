"""Notices, browsers and contacts over HTTP. No logic."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, StringConstraints

from lianqin.accounts.http import command, principal
from lianqin.accounts.runner import Done

from . import queries, vapid
from .actions import answering, keeping

router = Router(tags=["notices"])

Way = Literal["page", "push", "sms", "call", "wecom", "dingtalk"]
How = Literal["here", "radio", "push"]
Kind = Literal["phone", "wecom", "dingtalk"]
Base64 = r"^[A-Za-z0-9_-]+={0,2}$"


class In(Schema):
    """What comes in names only fields that exist."""

    model_config = ConfigDict(extra="forbid")


class NoticeText(Schema):
    zh: str
    en: str


class NoticePerson(Schema):
    name: str


class NoticeCase(Schema):
    id: UUID
    number: str


class NoticeStep(Schema):
    way: Way
    to: NoticePerson
    at: datetime
    state: Literal["waiting", "sent", "failed", "absent", "skipped"]


class NoticeOut(Schema):
    id: UUID
    kind: str
    level: Literal["info", "alert"]
    place: str
    case: NoticeCase | None
    text: NoticeText
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_how: Literal["here", "radio", "push", "acted"] | None
    acknowledged_by: NoticePerson | None
    steps: list[NoticeStep]


class Notices(Schema):
    items: list[NoticeOut]
    unread: int


class AcknowledgeIn(In):
    how: How = "here"


class PushKey(Schema):
    key: str


class PushKeys(In):
    p256dh: Annotated[str, StringConstraints(pattern=Base64, max_length=120)]
    auth: Annotated[str, StringConstraints(pattern=Base64, max_length=40)]


class PushSubscriptionIn(In):
    """What the browser's PushManager gives, and the language to speak in."""

    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=1000)]
    keys: PushKeys
    language: Literal["zh", "en"] = "zh"


class PushSubscribed(Schema):
    id: UUID


class PushBrowser(PushSubscribed):
    made_at: datetime


class PushBrowsers(Schema):
    items: list[PushBrowser]


class ContactIn(In):
    value: Annotated[
        str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9A-Za-z_.@-]{4,64}$")
    ]


class ContactOut(Schema):
    kind: Kind
    value: str
    agreed_at: datetime


class Contacts(Schema):
    items: list[ContactOut]


class PresenceIn(In):
    on_duty: bool


class PresenceOut(Schema):
    on_duty: bool


def _marked(response: HttpResponse, done: Done) -> None:
    if done.replayed:
        response["Idempotent-Replay"] = "true"


@router.get("/notices", response=Notices)
def get_notices(request: HttpRequest, open: bool = False) -> Any:
    """The reader's own notices, newest first, at most 100; `open=1` leaves out what was taken."""
    return queries.notices(principal(request).id, only_open=open)


@router.post("/notices/{notice_id}/acknowledge", response=NoticeOut)
def acknowledge_notice(
    request: HttpRequest, response: HttpResponse, notice_id: UUID, body: AcknowledgeIn
) -> Any:
    """Take a notice; an alert is quiet from then on for everybody who was told of it."""
    done = answering.acknowledge(command(request, "acknowledge_notice"), notice_id, body.how)
    _marked(response, done)
    return queries.notice(principal(request).id, notice_id)


@router.get("/push/key", response=PushKey)
def get_push_key(request: HttpRequest) -> Any:
    """The key that a browser subscribes with."""
    return {"key": vapid.public_key()}


@router.get("/push/subscriptions", response=PushBrowsers)
def get_subscriptions(request: HttpRequest) -> Any:
    """The reader's browsers that may be pushed to."""
    return {"items": queries.subscriptions(principal(request).id)}


@router.post("/push/subscriptions", response={201: PushSubscribed})
def post_subscription(
    request: HttpRequest, response: HttpResponse, body: PushSubscriptionIn
) -> Any:
    """Keep a browser that may be pushed to; the same one again brings it up to date."""
    done = keeping.subscribe(
        command(request, "subscribe_push"),
        body.endpoint,
        body.keys.p256dh,
        body.keys.auth,
        body.language,
        frozenset(settings.LIANQIN_PUSH_HOSTS),
    )
    _marked(response, done)
    return Status(201, done.answer)


@router.delete("/push/subscriptions/{subscription_id}", response={204: None})
def delete_subscription(request: HttpRequest, subscription_id: UUID) -> Any:
    """Forget a browser of one's own."""
    keeping.unsubscribe(command(request, "subscribe_push"), subscription_id)
    return Status(204, None)


@router.get("/contacts", response=Contacts)
def get_contacts(request: HttpRequest) -> Any:
    """How the reader agreed to be reached outside the page; masked."""
    return {"items": queries.contacts(principal(request).id)}


@router.put("/contacts/{kind}", response=ContactOut)
def put_contact(request: HttpRequest, response: HttpResponse, kind: Kind, body: ContactIn) -> Any:
    """Agree to be reached by this number or account."""
    done = keeping.keep_contact(command(request, "keep_contact"), kind, body.value)
    _marked(response, done)
    return next(c for c in queries.contacts(principal(request).id) if c["kind"] == kind)


@router.delete("/contacts/{kind}", response={204: None})
def delete_contact(request: HttpRequest, kind: Kind) -> Any:
    """Withdraw the agreement; the number is erased."""
    keeping.erase_contact(command(request, "erase_contact"), kind)
    return Status(204, None)


@router.get("/duty", response=PresenceOut)
def get_duty(request: HttpRequest) -> Any:
    """Whether the reader has signed off; for posts without a shift."""
    who = principal(request)
    return {"on_duty": not queries.signed_off([who.id])}


@router.post("/duty", response=PresenceOut)
def post_duty(request: HttpRequest, response: HttpResponse, body: PresenceIn) -> Any:
    """Sign on or off; who is off is told nothing."""
    act = "sign_on" if body.on_duty else "sign_off"
    done = keeping.sign(command(request, act), body.on_duty)
    _marked(response, done)
    return done.answer
