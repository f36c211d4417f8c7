"""Web push: RFC 8030, signed by the install (RFC 8292), for the browser alone (RFC 8291)."""

from __future__ import annotations

import json
from dataclasses import dataclass

import requests
from django.conf import settings
from pywebpush import WebPushException, webpush

from lianqin.notices import vapid

from .plug import Failed, Gone, Message

#: How long a push service keeps it for a browser that is away, in seconds.
KEPT_S = {"alert": 900, "info": 3600}
TIMEOUT_S = 8.0


@dataclass(frozen=True)
class Browser:
    """A subscription as the browser gave it."""

    endpoint: str
    p256dh: str
    auth: str
    language: str


def push(browser: Browser, message: Message) -> None:
    """Send to one browser. Raises Gone when it has given its subscription up, Failed otherwise.

    A push service may know the same message again by its topic: what is sent twice is shown once.
    Nothing is followed elsewhere: an answer that points to another address is a failure.
    """
    try:
        with requests.Session() as session:
            session.max_redirects = 0
            webpush(
                {
                    "endpoint": browser.endpoint,
                    "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
                },
                data=payload(browser, message),
                vapid_private_key=vapid.key(),
                vapid_claims={"sub": settings.LIANQIN_PUSH_CONTACT},
                ttl=KEPT_S[message.level],
                timeout=TIMEOUT_S,
                headers={
                    "Topic": message.id.hex,
                    "Urgency": "high" if message.level == "alert" else "normal",
                },
                requests_session=session,
            )
    except WebPushException as error:
        status = error.response.status_code if error.response is not None else 0
        raise (Gone if status in (404, 410) else Failed)(f"push service: {status}") from None
    except requests.RequestException as error:
        # Its words would hold the address, which is as good as a key to the browser.
        raise Failed(f"push service: {type(error).__name__}") from None


def payload(browser: Browser, message: Message) -> str:
    """What the browser shows: kind and number of the case; who finds the phone reads no more."""
    return json.dumps(
        {
            "id": str(message.id),
            "level": message.level,
            "kind": message.kind,
            "text": message.en if browser.language == "en" else message.zh,
            "language": browser.language,
        },
        ensure_ascii=False,
    )
