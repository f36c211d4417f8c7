"""Web push as a push service and a browser see it: signed by us, readable by the browser alone."""

from __future__ import annotations

import json
import logging
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from lianqin.accounts.refusals import Refusal
from lianqin.notices import vapid
from lianqin.notices.actions.answering import acknowledge
from lianqin.notices.actions.keeping import push_service, subscribe
from lianqin.notices.models import Notice, PushSubscription, Step
from lianqin.notices.tests.ground import House, build
from lianqin.notices.tests.push_service import Browser, PushService

pytestmark = pytest.mark.django_db
PHONE = "/send/secret-of-the-phone"


@pytest.fixture
def house() -> House:
    return build()


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


def keep(house: House, who: str, service: PushService, path: str, browser: Browser) -> None:
    subscribe(
        house.command(who, "subscribe_push", path), service.origin + path,
        browser.keys["p256dh"], browser.keys["auth"], "zh", frozenset({service.origin}),
    )  # fmt: skip


def test_the_service_can_tell_who_sends_and_the_browser_alone_can_read(
    house: House, service: PushService, settings: Any
) -> None:
    settings.LIANQIN_PUSH_CONTACT = "mailto:duty@example.gov"
    phone = Browser()
    keep(house, "crew", service, PHONE, phone)
    house.send_crew()
    house.round()
    [posted] = service.posted
    claims, key = posted.token()
    assert key == vapid.public_key()
    assert (claims["aud"], claims["sub"]) == (service.origin, "mailto:duty@example.gov")
    assert 0 < claims["exp"] - time.time() <= 24 * 3600
    assert posted.headers["content-encoding"] == "aes128gcm"
    assert (posted.headers["urgency"], posted.headers["ttl"]) == ("high", "900")
    notice = Notice.objects.get(user__username="crew")
    assert posted.headers["topic"] == notice.id.hex
    assert phone.read(posted.body) == {
        "id": str(notice.id),
        "level": "alert",
        "kind": "task",
        "text": "派遣：试验-20261123-0001 占道经营，请签收",
        "language": "zh",
    }
    with pytest.raises(Exception, match="(?i)decrypt|tag"):
        Browser("another").read(posted.body)
    assert Step.objects.get(notice=notice, way="push").state == "sent"


def test_a_browser_that_is_gone_is_forgotten_and_the_others_are_told(
    house: House, service: PushService
) -> None:
    for path in ("/gone", "/never", "/here"):
        keep(house, "crew", service, path, Browser(path))
    service.answers = {"/gone": 410, "/never": 404}
    house.send_crew()
    house.round()
    assert [row.endpoint for row in PushSubscription.objects.all()] == [service.origin + "/here"]
    assert Step.objects.get(way="push", notice__user__username="crew").state == "sent"


def test_a_service_that_fails_is_asked_again_and_never_followed_elsewhere(
    house: House, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    keep(house, "crew", service, PHONE, Browser())
    service.answers = {PHONE: 307}
    with caplog.at_level(logging.DEBUG):
        house.send_crew()
        house.round()
        house.pass_time(50, 5)
    assert [p.path for p in service.posted] == [PHONE] * 3
    assert len({p.headers["topic"] for p in service.posted}) == 1
    step = Step.objects.get(way="push", notice__user__username="crew")
    assert (step.state, step.tries) == ("failed", 3)
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("lianqin")]
    assert ours
    assert not any("secret" in line for line in ours)


def test_what_was_taken_before_its_turn_is_not_pushed(house: House, service: PushService) -> None:
    keep(house, "desk", service, PHONE, Browser())
    house.send_crew()
    house.round()
    mine = Notice.objects.get(user__username="crew")
    acknowledge(house.command("crew", "acknowledge_notice"), mine.id, "here")
    house.pass_time(600, 60)
    assert service.posted == []


def test_what_is_pushed_holds_nothing_of_a_person(house: House, service: PushService) -> None:
    phone = Browser()
    keep(house, "leader", service, PHONE, phone)
    house.write("supervise", until="2026-12-01")
    house.round()
    text = json.dumps(phone.read(service.posted[0].body), ensure_ascii=False)
    assert "督办" in text
    assert not any(secret in text for secret in ("张三", "1380000", "leader", "desk"))


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://[::1]/x", "file:///etc/x",
        "https://fcm.googleapis.com@evil.example/x", "https://evilfcm.googleapis.com.example/",
        "https://fcm.googleapis.com:22/x", "https://fcm.googleapis.com:x/", "https://xpush.apple.com/",
    ],
)  # fmt: skip
def test_an_address_that_is_no_push_services_is_never_called(endpoint: str) -> None:
    assert not push_service(endpoint, frozenset({"fcm.googleapis.com", "push.apple.com"}))


def test_keys_that_nothing_can_be_encrypted_for_are_refused(
    house: House, service: PushService
) -> None:
    for p256dh, auth in (("AAAA", Browser().keys["auth"]), (Browser().keys["p256dh"], "AAAA")):
        with pytest.raises(Refusal, match="push_keys_unusable"):
            subscribe(
                house.command("crew", "subscribe_push", uuid4()), service.origin + "/x",
                p256dh, auth, "zh", frozenset({service.origin}),
            )  # fmt: skip


def test_the_key_is_private_and_stays(home: Path) -> None:
    key = vapid.public_key()
    file = home / "keys" / "vapid_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    vapid._loaded.cache_clear()
    assert vapid.public_key() == key
