"""The door: guessing, lock-outs, what a session and its cookies may be made to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lianqin.accounts import sitting
from lianqin.accounts.models import AccessEntry, User

from .signing import OTHER, PASSWORD, Door, district, noted, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> Door:
    return district()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sessions and counts of tries by a clock of the test's own."""

    class Moved:
        by = timedelta()

        def go(self, **by: float) -> None:
            self.by += timedelta(**by)

    import time

    moved, real, machine = Moved(), time.time, sitting.clock
    monkeypatch.setattr(sitting, "clock", lambda: machine() + moved.by)
    monkeypatch.setattr(
        "allauth.core.internal.ratelimit.time.time", lambda: real() + moved.by.total_seconds()
    )
    return moved


def test_a_name_and_a_password_open_the_desk_and_leave_a_line(door: Door) -> None:
    user = door.person()
    client, answer = door.knock(user.username)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    line = AccessEntry.objects.get()
    assert (line.act, line.outcome, line.subject) == ("sign_in", "granted", "password")
    assert (line.actor_id, line.address) == (user.id, "127.0.0.1")
    assert client.get("/api/v1/me").json()["user"]["username"] == user.username


def test_the_sixth_try_is_refused_even_with_the_right_password(door: Door, clock: Any) -> None:
    user = door.person()
    for _ in range(5):
        assert "用户名或密码不对" in door.knock(user.username, "wrong")[1].content.decode()
    client, answer = door.knock(user.username)
    assert "尝试次数过多" in answer.content.decode()
    assert not signed_in(client)
    assert noted() == [("sign_in", "refused")] * 5 + [("sign_in", "locked_out")]
    assert {e.subject for e in AccessEntry.objects.all()} == {str(user.id)}
    clock.go(minutes=16)
    assert signed_in(door.knock(user.username)[0])


def test_a_lock_out_does_not_tell_whether_there_is_such_an_account(door: Door) -> None:
    user = door.person()
    said = {}
    for name in (user.username, "nobody-of-that-name"):
        answers = [door.knock(name, "wrong")[1] for _ in range(6)]
        said[name] = [(a.status_code, _without_proof(a, name)) for a in answers]
    assert said[user.username] == said["nobody-of-that-name"]


def test_a_lock_out_holds_under_every_name_of_the_host(door: Door) -> None:
    user = door.person()
    for host in ("localhost", "127.0.0.1", "testserver", "localhost", "127.0.0.1"):
        door.knock(user.username, "wrong", headers={"host": host})
    assert "尝试次数过多" in door.knock(user.username)[1].content.decode()


def test_a_lock_out_holds_for_both_server_processes(door: Door) -> None:
    """What is counted stands in the database: another process's cache object finds it there."""
    from django.core.cache import caches
    from django.core.cache.backends.db import DatabaseCache

    assert isinstance(caches["default"], DatabaseCache)
    user = door.person()
    for _ in range(5):
        door.knock(user.username, "wrong")
    del caches["default"]
    assert "尝试次数过多" in door.knock(user.username)[1].content.decode()


def test_one_password_tried_on_many_names_shuts_the_address_out(door: Door, clock: Any) -> None:
    """Spraying: no name is tried twice, the address is what gives it away."""
    user = door.person()
    stranger = {"REMOTE_ADDR": "203.0.113.9"}
    for number in range(20):
        Client(**stranger).post("/sign-in", {"username": f"name{number}", "password": "Spring"})
    shut = Client(**stranger)
    shut.post("/sign-in", {"username": user.username, "password": PASSWORD})
    assert not signed_in(shut)
    assert signed_in(door.knock(user.username)[0]), "others are not kept out by it"
    clock.go(minutes=6)
    assert signed_in(door.knock(user.username, REMOTE_ADDR="203.0.113.9")[0])


def test_known_pairs_tried_one_after_another_do_not_wipe_the_count(door: Door) -> None:
    """Stuffing: one's own right password in between does not begin the address's count anew."""
    user = door.person()
    for number in range(20):
        door.knock(f"name{number}", "stolen")
        if number % 5 == 0:
            door.knock(user.username)
    assert not signed_in(door.knock(user.username)[0])


def test_an_account_that_is_switched_off_is_refused_as_a_wrong_password_is(door: Door) -> None:
    user = door.person(is_active=False)
    off = door.knock(user.username)[1].content.decode()
    assert "用户名或密码不对" in off


def test_whoever_signs_in_gets_another_session_than_was_brought(door: Door) -> None:
    """Fixation: an identifier that somebody planted before is worth nothing after."""
    user = door.person()
    client = Client()
    client.get("/account/invitation?token=x")
    client.post("/sign-in", {"username": "nobody", "password": "x"})
    client.session.save()
    planted = client.session
    planted["seen"] = 1
    planted.save()
    before = planted.session_key
    client.cookies[_cookie()] = before
    client.post("/sign-in", {"username": user.username, "password": PASSWORD})
    assert client.cookies[_cookie()].value != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:1", "/\\evil.example", "///e"]
)
def test_signing_in_leads_to_this_install_alone(door: Door, target: str) -> None:
    user = door.person()
    client = Client()
    sent = {"username": user.username, "password": PASSWORD, "next": target}
    assert client.post("/sign-in", sent).headers["Location"] == "/"
    assert "evil" not in client.post("/language", {"language": "en", "next": target}).headers.get(
        "Location", ""
    )


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(door: Door, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = door.inside(door.person())
    kept = client.cookies[_cookie()]
    assert (kept["httponly"], kept["samesite"], kept["secure"]) == (True, "Lax", True)
    client.get("/account/password/change/")
    assert client.cookies["csrftoken"]["secure"] is True
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(door: Door) -> None:
    user = door.person()
    here, elsewhere = door.inside(user), door.inside(user)
    sent = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert here.post("/account/password/change/", sent).status_code == 302
    assert (signed_in(here), signed_in(elsewhere)) == (True, False)
    assert ("change_password", "granted") in noted()
    assert not signed_in(door.knock(user.username)[0])


def test_sessions_are_listed_and_all_others_signed_out_from_here(door: Door) -> None:
    user = door.person()
    here, elsewhere = door.inside(user, headers={"user-agent": "Old Browser 9"}), door.inside(user)
    page = here.get("/account/sessions/").content.decode()
    assert page.count("<tr>") == 3
    assert "Old Browser 9" in page
    here.post("/account/sessions/")
    assert (signed_in(here), signed_in(elsewhere)) == (True, False)
    assert ("end_other_sessions", "granted") in noted()


def test_every_unsafe_route_asks_for_proof_that_the_page_was_ours(door: Door) -> None:
    """Every address of the resolver, as a stranger's page would send to it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(door.person())
    let_in = []
    for path in every_path():
        answer = client.post(path, {"a": "1"})
        if answer.status_code not in (403, 404, 405):
            let_in.append((path, answer.status_code))
    assert let_in == []


def test_every_page_carries_the_policy_and_cannot_be_framed(door: Door, settings: Any) -> None:
    """Every address of the resolver, allauth's own among them, signed in and not."""
    settings.WEB_DIST = Path("/nowhere")
    inside = Client()
    inside.force_login(door.person())
    bare = []
    for path in every_path():
        # An answer of the API has the same headers for everybody.
        for client in (Client(),) if path.startswith("/api/") else (Client(), inside):
            answer = client.get(path)
            policy = answer.headers.get("Content-Security-Policy", "")
            safe = "script-src 'self'" in policy and "unsafe-inline" not in policy.replace(
                "style-src-attr 'unsafe-inline'", ""
            )
            framed = answer.headers.get("X-Frame-Options") != "DENY"
            if not safe or framed or "frame-ancestors 'none'" not in policy:
                bare.append(path)
    assert bare == []


def test_no_page_of_the_account_has_a_script_or_style_of_its_own(door: Door) -> None:
    """What the policy would forbid must not be there: data blocks are no scripts."""
    import re

    client = door.inside(door.person())
    for path in ("/sign-in", "/account/", "/account/2fa/", "/account/2fa/webauthn/add/",
                 "/account/2fa/totp/activate/", "/account/sessions/"):  # fmt: skip
        text = (Client() if path == "/sign-in" else client).get(path, follow=True).content.decode()
        inline = re.findall(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", text)
        assert inline == [], path
        assert "<style" not in text, path
        assert not re.search(r"\son[a-z]+=", text), path


def test_nobody_makes_an_account_for_themselves(door: Door) -> None:
    count = User.objects.count()
    for path in ("/account/signup/", "/accounts/signup/", "/sign-up", "/account/login/"):
        answer = Client().post(path, {"username": "me", "password1": OTHER, "password2": OTHER})
        assert answer.status_code == 404, path
    assert User.objects.count() == count


def every_path() -> list[str]:
    """Every address of the resolver, with something harmless in place of what varies."""
    return sorted({"/" + _filled(text) for text in _routes(get_resolver().url_patterns)})


def _routes(patterns: list[Any], before: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += _routes(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            found.append(before + str(pattern.pattern))
    return found


def _filled(route: str) -> str:
    import re

    kinds = {"int": "1", "uuid": "0190a000-0000-7000-8000-000000000000"}
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda m: kinds.get(m[1] or "", "x"), route)
    return re.sub(r"\(\?[^)]*\)\??|\\Z|[\^$\\]", "", route)


def _cookie() -> str:
    from django.conf import settings

    return settings.SESSION_COOKIE_NAME


def _without_proof(answer: Any, name: str) -> str:
    import re

    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return text.replace(name, "NAME")
