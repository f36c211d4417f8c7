"""An install behind a proxy of the district's own: what it is told, and whom it believes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lianqin.console import caddy
from lianqin.console.services import Plan
from lianqin.console.words import Refusal


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIANQIN_HOME", str(tmp_path))
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
    for name in ("LIANQIN_HOST", "LIANQIN_PORT", "LIANQIN_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


def test_a_proxy_on_this_machine_is_believed_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = Plan.from_environment(demo=False).site
    assert "trusted_proxies" not in caddy.config(alone)
    monkeypatch.setenv("LIANQIN_PUBLIC_URL", "https://city.example/")
    behind = Plan.from_environment(demo=False).site
    assert behind.address == "https://city.example"
    written = caddy.config(behind)
    assert "trusted_proxies static 127.0.0.1/32 ::1/128" in written
    assert written.count("header_up X-Forwarded-For {client_ip}") == 2
    assert "bind 127.0.0.1" in written


@pytest.mark.parametrize("public", [False, True])
def test_caddy_understands_what_is_written_for_it(tmp_path: Path, public: bool) -> None:
    site = Plan.from_environment(demo=False).site
    file = tmp_path / "Caddyfile"
    file.write_text(caddy.config(replace(site, public_url="https://c.example" if public else "")))
    adapt = [caddy.program(), "adapt", "--config", str(file), "--adapter", "caddyfile"]
    done = subprocess.run(adapt, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("url", ["city.example", "ftp://city.example", "https://city.example/sub"])
def test_an_address_that_cannot_be_shown_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("LIANQIN_PUBLIC_URL", url)
    with pytest.raises(Refusal, match="should be an address without a path"):
        Plan.from_environment(demo=False)


def test_https_is_done_by_the_install_or_by_the_proxy_not_by_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIANQIN_PUBLIC_URL", "https://city.example")
    monkeypatch.setenv("LIANQIN_HOST", "city.example")
    with pytest.raises(Refusal, match="not both"):
        Plan.from_environment(demo=False)


def test_django_takes_requests_for_that_address_with_cookies_over_https_alone() -> None:
    asked = (
        "import os; os.environ['LIANQIN_PUBLIC_URL'] = 'https://city.example:8443';"
        "from lianqin import settings as s;"
        "print(s.ALLOWED_HOSTS[-1], s.CSRF_TRUSTED_ORIGINS[-1], s.SESSION_COOKIE_SECURE)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["city.example", "https://city.example:8443", "True"]
