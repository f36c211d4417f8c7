"""A phone on the local network, from the warning to the installed application: the certificate's
steps of docs/handheld.md, done in a Chromium with a store of trusted roots of its own.

Needs `certutil` (Debian: libnss3-tools) for putting the root into that store.
"""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Error, sync_playwright

from e2e.axe import faults_of
from e2e.browsers import FLAGS
from e2e.install import ROOT, Install, running_demo
from e2e.people import PHONE
from lianqin.console.certificate import root_of

pytestmark = pytest.mark.long

HOST = "lianqin.street.test"
#: Phones may dial a name or an address; this one stands for an address of the local network.
DIALLED = (HOST, "127.0.0.2")
SPOT = {"latitude": 34.26, "longitude": 117.19, "accuracy": 12}


@pytest.fixture(scope="module", params=DIALLED)
def secure(executable: str, request: pytest.FixtureRequest) -> Iterator[Install]:
    """A demo that does https itself, under a name or an address of the local network."""
    if not shutil.which("certutil"):
        pytest.skip("not run: no certutil")
    with running_demo(host=request.param) as running:
        yield running


def host_of(install: Install) -> str:
    """The name or address that phones dial."""
    return install.address.removeprefix("https://").rpartition(":")[0]


@pytest.fixture
def phone(secure: Install, executable: str, tmp_path: Path) -> Iterator[Any]:
    """Opens a browser on a profile and a home folder of its own."""
    opened: list[BrowserContext] = []
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:

        def open_(**more: Any) -> BrowserContext:
            context = playwright.chromium.launch_persistent_context(
                tmp_path / f"profile{len(opened)}",
                executable_path=executable,
                args=[*FLAGS, *sandbox, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
                env={**os.environ, "HOME": str(tmp_path)},
                viewport={"width": PHONE[0], "height": PHONE[1]},
                **more,
            )
            opened.append(context)
            return context

        yield open_
        for context in opened:
            context.close()


def trust(home: Path, root: Path) -> None:
    """What "install a CA certificate" does on a phone."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    base = ["certutil", "-d", f"sql:{store}"]
    subprocess.run([*base, "-N", "--empty-password"], check=True)
    subprocess.run([*base, "-A", "-n", "lianqin", "-t", "C,,", "-i", str(root)], check=True)


def test_before_the_root_is_there_the_page_warns_and_hands_it_out(
    secure: Install, phone: Any
) -> None:
    stranger = phone()
    page = stranger.new_page()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(f"{secure.address}/handheld/")
    # "Advanced, proceed".
    going_on = phone(ignore_https_errors=True).new_page()
    going_on.goto(f"{secure.address}/certificate/")
    root = root_of(secure.home.root)
    assert root is not None
    assert root.fingerprint in (going_on.text_content(".fingerprint") or "")
    assert faults_of(going_on) == []
    env = {**os.environ, "LIANQIN_HOME": str(secure.home.root), "LIANQIN_HOST": host_of(secure)}
    said = subprocess.run(
        [sys.executable, "-m", "lianqin.console.cli", "certificate"],
        cwd=ROOT, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert root.fingerprint in said.stdout
    handed_out = going_on.evaluate(
        "fetch('/certificate/root.crt').then((it) => it.bytes()).then((it) => [...it])"
    )
    assert bytes(handed_out) == root.der


def test_with_the_root_it_is_secure_works_offline_knows_where_it_is_and_can_be_installed(
    secure: Install, phone: Any, tmp_path: Path
) -> None:
    root = root_of(secure.home.root)
    assert root is not None
    (tmp_path / "root.crt").write_bytes(root.der)
    trust(tmp_path, tmp_path / "root.crt")
    context = phone(geolocation=SPOT, permissions=["geolocation"])
    page = context.new_page()
    page.goto(f"{secure.address}/handheld/")
    assert page.evaluate("isSecureContext")
    scope = page.evaluate("navigator.serviceWorker.ready.then((it) => it.scope)")
    assert scope == f"{secure.address}/handheld/"
    found = page.evaluate(
        "new Promise((done, no) => navigator.geolocation.getCurrentPosition("
        "(at) => done([at.coords.latitude, at.coords.accuracy]), (e) => no(e.message)))"
    )
    assert found == [SPOT["latitude"], SPOT["accuracy"]]
    assert page.evaluate("!!navigator.mediaDevices?.getUserMedia")
    devtools = context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/handheld/manifest.webmanifest")
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    # Again with the server out of reach: the page is the phone's own.
    page.reload()
    context.set_offline(True)
    page.reload()
    assert page.locator("#app").inner_text().strip()


def test_a_program_that_trusts_the_root_sees_a_certificate_of_that_name(secure: Install) -> None:
    root = root_of(secure.home.root)
    assert root is not None
    trusting = ssl.create_default_context(cadata=root.pem.decode())
    port = secure.address.rpartition(":")[2]
    with httpx.Client(verify=trusting, trust_env=False) as client:
        answer = client.get(
            f"https://127.0.0.1:{port}/healthz",
            headers={"Host": f"{host_of(secure)}:{port}"},
            extensions={"sni_hostname": host_of(secure)},
        )
    assert answer.status_code == 200
