"""Second factors, forced steps, sessions that end, invitations, and what is logged."""

from __future__ import annotations

import html
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator as Kept
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from lianqin.accounts import sitting
from lianqin.accounts.actions import issue_token, set_password
from lianqin.accounts.invitation_actions import invitation_path, make_invitation
from lianqin.accounts.models import AccessEntry, User
from lianqin.console.projection import reader_of

from .signing import OTHER, PASSWORD, Authenticator, Door, district, noted, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> Door:
    return district()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Move the clock of sessions."""
    machine, by = sitting.clock, [timedelta()]
    monkeypatch.setattr(sitting, "clock", lambda: machine() + by[0])

    def move(**how_much: float) -> None:
        by[0] += timedelta(**how_much)

    return move


def confirm(client: Client) -> None:
    client.post("/account/confirm/", {"password": PASSWORD})


def set_up_codes(client: Client) -> Any:
    """Set up an authenticator app, whose first code is taken for granted here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("allauth.mfa.totp.forms.auth.validate_totp_code", lambda *_: True)
        patch.setattr("django.db.transaction.on_commit", lambda work, **_: work())
        return client.post("/account/2fa/totp/activate/", {"code": "123456"}, follow=True)


# second factors ---------------------------------------------------------------------------------


def test_a_code_of_the_hour_is_asked_for_and_opens_once(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = door.person()
    app = Authenticator(user, monkeypatch)
    client, answer = door.knock(user.username)
    assert answer.headers["Location"] == "/account/2fa/authenticate/"
    assert client.get("/api/v1/me").status_code == 401
    for wrong in (app.code(later=300), "000000", "x"):
        assert not signed_in(client), wrong
        client.post("/account/2fa/authenticate/", {"code": wrong})
    code = app.code()
    client.post("/account/2fa/authenticate/", {"code": code})
    assert signed_in(client)
    again, _ = door.knock(user.username)
    again.post("/account/2fa/authenticate/", {"code": code})
    assert not signed_in(again), "a code that was seen over somebody's shoulder is spent"
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")
    app.now += 29
    again.post("/account/2fa/authenticate/", {"code": code})
    assert not signed_in(again), "for as long as it would be right"
    app.now += 30
    again.post("/account/2fa/authenticate/", {"code": app.code()})
    assert signed_in(again)
    assert AccessEntry.objects.filter(act="sign_in", subject="password+totp").count() == 2
    assert ("second_factor", "refused") in noted()


def test_codes_are_not_to_be_guessed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    user = door.person()
    app = Authenticator(user, monkeypatch)
    client, _ = door.knock(user.username)
    for number in range(5):
        client.post("/account/2fa/authenticate/", {"code": f"00000{number}"})
    client.post("/account/2fa/authenticate/", {"code": app.code()})
    assert not signed_in(client)


def test_the_secret_of_a_factor_is_not_kept_in_the_clear(
    door: Door, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    user = door.person()
    app = Authenticator(user, monkeypatch)
    kept = Kept.objects.get(user=user)
    assert app.secret not in str(kept.data)
    settings.SECOND_FACTOR_KEYS = ["a newer key", *settings.SECOND_FACTOR_KEYS]
    assert kept.wrap().validate_code(app.code()), "an older key still opens what it closed"


def test_a_recovery_code_opens_once(door: Door) -> None:
    user = door.person()
    client = door.inside(user)
    confirm(client)
    answer = set_up_codes(client)
    codes = re.findall(r"<code>(\d+)</code>", answer.content.decode())
    assert len(codes) == 10
    assert not re.findall(r"<code>", client.get("/account/2fa/recovery-codes/").content.decode()), (
        "shown once"
    )
    opened = []
    for _ in range(2):
        other, _ = door.knock(user.username)
        other.post("/account/2fa/authenticate/", {"code": codes[0]})
        opened.append(signed_in(other))
    assert opened == [True, False]


def test_changing_a_factor_asks_who_is_there_and_leaves_its_line(door: Door) -> None:
    client = door.inside(door.person())
    asked = client.get("/account/2fa/totp/activate/").headers["Location"]
    assert asked.startswith("/account/confirm/")
    confirm(client)
    set_up_codes(client)
    client.post("/account/2fa/totp/deactivate/")
    lines = AccessEntry.objects.filter(act__endswith="second_factor").order_by("position")
    assert list(lines.values_list("act", "subject")) == [
        ("add_second_factor", "totp"),
        ("add_second_factor", "recovery_codes"),
        ("remove_second_factor", "totp"),
        ("remove_second_factor", "recovery_codes"),
    ]


def test_a_commander_without_a_factor_sets_one_up_before_anything_else(door: Door) -> None:
    user = door.person("commander")
    client = door.inside(user)
    assert client.get("/desk/").headers["Location"] == "/account/2fa/"
    assert client.get("/api/v1/me").json()["code"] == "second_factor_needed"
    assert reader_of(client.session.session_key) is None, "nor does the stream tell anything"
    confirm(client)
    set_up_codes(client)
    assert client.get("/api/v1/me").status_code == 200
    assert reader_of(client.session.session_key) is not None
    refused = client.post("/account/2fa/totp/deactivate/").content.decode()
    assert "不能移除最后一种方式" in refused
    assert Kept.objects.filter(user=user, type=Kept.Type.TOTP).exists()


def test_demo_accounts_are_asked_for_a_factor_only_where_the_install_wants_it(
    door: Door, settings: Any
) -> None:
    user = door.person("commander", origin="demo")
    assert door.inside(user).get("/api/v1/me").status_code == 200
    settings.SECOND_FACTOR_IN_DEMO = True
    assert door.inside(user).get("/api/v1/me").status_code == 403


# sessions that end ------------------------------------------------------------------------------


def test_an_administrators_session_ends_after_a_quarter_of_an_hour(door: Door, later: Any) -> None:
    client = door.inside(door.person("system_admin", origin="demo"))
    later(minutes=14)
    assert client.get("/account/").status_code == 200
    later(minutes=14)
    assert signed_in(client), "the page that was opened was a use"
    later(minutes=2)
    answer = client.get("/desk/")
    assert answer.headers["Location"].startswith("/sign-in?next=%2Fdesk%2F&ended=idle")
    assert "长时间没有操作" in client.get(answer.headers["Location"]).content.decode()
    assert ("time_out", "ended") in noted()


def test_what_a_screen_asks_for_by_itself_keeps_no_session_alive(door: Door, later: Any) -> None:
    client = door.inside(door.person("commander", origin="demo"))
    key = client.session.session_key
    for _ in range(12):
        later(minutes=6)
        client.get("/api/v1/cases")
        client.get("/account/session")
    assert reader_of(key) is None
    assert client.get("/api/v1/cases").json()["code"] == "sign_in_needed"


def test_whoever_moves_or_writes_is_there(door: Door, later: Any) -> None:
    client = door.inside(door.person("commander", origin="demo"))
    for _ in range(4):
        later(minutes=50)
        assert client.post("/account/session").json()["seconds_left"] > 3500
    assert client.get("/account/session").json()["idle_seconds"] == 3600


def test_no_session_outlasts_a_shift(door: Door, later: Any) -> None:
    client = door.inside(door.person())
    for _ in range(13):
        later(hours=1)
        assert client.post("/account/session").status_code == 200
    assert client.get("/account/session").json()["at_most"] is True
    later(hours=1)
    assert client.post("/account/session").status_code == 401


def test_a_use_costs_nothing_within_the_minute(
    door: Door, later: Any, django_assert_num_queries: Any
) -> None:
    client = door.inside(door.person())
    client.get("/account/session")
    with django_assert_num_queries(2):  # the session, the person
        client.post("/account/session")


def test_an_installs_own_limits_are_checked_when_it_starts() -> None:
    from lianqin.accounts.idle_setting import idle_minutes

    assert idle_minutes(" commander=30, office_staff=45,") == {"commander": 30, "office_staff": 45}
    for text, said in (("king=3", "no role 'king'"), ("commander=soon", "whole minutes from 1")):
        with pytest.raises(ValueError, match=said):
            idle_minutes(text)


# forced first password and invitations ----------------------------------------------------------


def test_a_password_that_somebody_else_set_must_be_changed(door: Door) -> None:
    user = door.person()
    inside = door.inside(user)
    set_password(user, OTHER, now=timezone.now())
    assert not signed_in(inside), "whoever was in is out"
    client, _ = door.knock(user.username, OTHER)
    assert client.get("/desk/").headers["Location"] == "/account/password/change/"
    same = {"oldpassword": OTHER, "password1": OTHER, "password2": OTHER}
    assert "与现在的密码相同" in client.post("/account/password/change/", same).content.decode()
    own = {"oldpassword": OTHER, "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/password/change/", own)
    assert client.get("/api/v1/me").status_code == 200


def _open(token: str) -> Client:
    client = Client()
    answer = client.get(invitation_path(token))
    assert "token" not in answer.headers.get("Location", "token"), "it leaves the address"
    return client


def _choose(client: Client, password: str, again: str = "") -> Any:
    return client.post("/account/invitation", {"password": password, "again": again or password})


def test_an_invitation_sets_the_first_password_once(door: Door) -> None:
    user = door.person(password="!")
    token = make_invitation(user, timezone.now(), None)
    first, second = _open(token), _open(token)
    assert _choose(first, OTHER).headers["Location"] == "/sign-in?invited=1"
    assert _choose(second, PASSWORD).status_code == 404
    assert Client().get(invitation_path(token)).status_code == 404
    assert signed_in(door.knock(user.username, OTHER)[0])
    assert ("take_invitation", "granted") in noted()


@pytest.mark.parametrize(
    ("password", "said_zh", "said_en"),
    [
        ("short", "至少 12 个字符", "at least 12 characters"),
        ("password1234", "常见密码", "common password"),
        ("aaaaaaabbbbbbb", "反复出现", "repeats"),
        ("abcdefghijklmn", "连续的字符", "row of neighbours"),
        ("lianqin202620", "系统的名称", "system's name"),
    ],
)
def test_what_a_password_may_not_be_is_said_in_both_languages(
    door: Door, password: str, said_zh: str, said_en: str
) -> None:
    token = make_invitation(door.person(password="!"), timezone.now(), None)
    client = _open(token)
    answer = _choose(client, password)
    assert (answer.status_code, said_zh in answer.content.decode()) == (422, True)
    client.post("/language", {"language": "en", "next": "/account/invitation"})
    text = html.unescape(_choose(client, password).content.decode())
    assert said_en in text
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"<[^>]*>|联勤|简体中文|李\S*", "", text))


def test_two_passwords_that_differ_are_not_taken(door: Door) -> None:
    client = _open(make_invitation(door.person(password="!"), timezone.now(), None))
    assert "不一致" in _choose(client, OTHER, PASSWORD).content.decode()


@pytest.mark.parametrize("spoil", ["replaced", "expired", "switched off"])
def test_an_invitation_that_is_no_longer_good_looks_like_one_that_never_was(
    door: Door, spoil: str
) -> None:
    user, now = door.person(password="!"), timezone.now()
    token = make_invitation(user, now - timedelta(hours=73 if spoil == "expired" else 0), None)
    if spoil == "replaced":
        make_invitation(user, now, None)
    elif spoil == "switched off":
        User.objects.filter(pk=user.pk).update(is_active=False)
    gone, never = (Client().get(invitation_path(t)) for t in (token, "never-made"))
    assert (gone.status_code, never.status_code) == (404, 404)
    proof = r'value="\w{64}"|token=[\w-]+'
    assert [re.sub(proof, "", a.content.decode()) for a in (gone,)] == [
        re.sub(proof, "", never.content.decode())
    ]


# logs -------------------------------------------------------------------------------------------


def test_no_secret_and_nothing_of_a_person_reaches_a_log(
    door: Door, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Over signing in, being refused, an invitation and the use of a token; the access log too."""
    caplog.set_level(logging.DEBUG)
    user = door.person(display_name="周不可见", email="seen@example.org")
    token = make_invitation(user, timezone.now(), None)
    api = issue_token(user, "test", [], now=timezone.now(), days=1)
    _choose(_open(token), OTHER)
    door.knock("typed-a-password-here", "wrong-Secret-1")
    client, _ = door.knock(user.username, OTHER)
    for key in (api, "not-a-token-at-all"):
        Client(headers={"authorization": f"Bearer {key}"}).get("/api/v1/cases")
    client.get("/api/v1/cases/0190a000-0000-7000-8000-000000000000")
    written = caplog.text + "".join(capfd.readouterr())
    written += str(list(AccessEntry.objects.values_list()))
    secrets = [token, api, OTHER, PASSWORD, "wrong-Secret-1", "typed-a-password-here",
               "周不可见", "seen@example.org", client.session.session_key]  # fmt: skip
    assert [secret for secret in secrets if secret in written] == []
