"""A new commander comes in: invitation, first password, a code, a passkey, out and in again."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.install import ROOT, Install
from e2e.people import TELL_VIOLATIONS
from e2e.test_house import Inspector, with_axe

PASSWORD = "quiet river below the hill"
NAME = "commander-new"
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def lianqin(install: Install, *words: str) -> str:
    """A command beside the running install."""
    environment = {**os.environ, "LIANQIN_HOME": str(install.home.root), "LIANQIN_LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "lianqin.console.cli", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own on a small old screen, with a fingerprint reader."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="zh-CN")
    context.add_init_script(TELL_VIOLATIONS)
    with_axe(context)
    yield context
    context.close()


def _code(page: Page) -> str:
    """What the authenticator app would show for the secret on the page."""
    secret = page.get_by_label("无法扫描时").input_value()
    base64.b32decode(secret)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_new_commander_comes_in_by_invitation_code_and_passkey(
    install: Install, visitor: BrowserContext
) -> None:
    # Browsers offer passkeys under a name: this machine's own is one.
    address = install.address.replace("127.0.0.1", "localhost")
    post = ("--name", "韩新", "--role", "commander", "--place", "320303")
    said = lianqin(install, "account", "invite", NAME, *post)
    link = re.search(r"/account/invitation\?token=\S+", said)
    assert link, said

    page, refused, eye = visitor.new_page(), [], Inspector("zh-CN")
    page.on("console", lambda m: refused.append(m.text) if m.text.startswith("CSP") else None)
    bidden = visitor.new_cdp_session(page)
    bidden.send("WebAuthn.enable")
    bidden.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})

    page.goto(address + link[0])
    assert "token" not in page.url
    eye.look(page, "invitation")
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.get_by_role("button", name="设置密码").click()
    _by_password(page)
    expect(page.get_by_role("status")).to_contain_text("您的岗位要求两步验证")
    eye.look(page, "second factor")
    page.goto(f"{address}/desk/")
    page.wait_for_url("**/account/2fa/")

    page.get_by_role("link", name="设置验证器").click()
    page.get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_role("button", name="确认身份").click()
    eye.look(page, "authenticator app")
    page.get_by_label("6 位验证码").fill(_code(page))
    page.get_by_role("button", name="启用验证器").click()
    expect(page.locator(".codes li")).to_have_count(10)
    spare = page.locator(".codes li").first.inner_text()
    eye.look(page, "recovery codes")

    page.goto(f"{address}/account/2fa/webauthn/add/")
    page.get_by_label("用它登录时不再输入密码").check()
    eye.look(page, "passkey")
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.get_by_role("status")).to_contain_text("已启用")
    for path, name in (("", "account"), ("sessions/", "sessions"), ("password/change/", "change")):
        page.goto(f"{address}/account/{path}")
        eye.look(page, name)

    _out(page, address)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/desk/**")
    _out(page, address)
    _by_password(page)
    eye.look(page, "second step")
    page.get_by_label("验证码或恢复码").fill(spare)
    page.get_by_role("button", name="继续").click()
    page.wait_for_url("**/desk/**")
    assert (refused, eye.said) == ([], {})


def _by_password(page: Page) -> None:
    form = page.locator("section[aria-labelledby=account]")
    form.get_by_label("用户名").fill(NAME)
    form.get_by_label("密码", exact=True).fill(PASSWORD)
    form.get_by_role("button", name="登录", exact=True).click()


def _out(page: Page, address: str) -> None:
    page.goto(f"{address}/account/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in")
