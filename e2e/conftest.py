"""The suite's ground: one demo install and one Chromium for all browser tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from e2e import browsers
from e2e.ground import Ground
from e2e.install import ROOT, Install, running_demo
from e2e.people import People, Watch

# The software renderer shares two cores with the server and other tests.
expect.set_options(timeout=15_000)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every test here drives the browser, and all of them share one install: one worker."""
    item.add_marker(pytest.mark.browser)
    item.add_marker(pytest.mark.xdist_group("browser"))


# Scope "package": the browser must be gone before other tests of this worker run, because the
# event loop that drives it would make Django refuse its database there.
@pytest.fixture(scope="package")
def executable(request: pytest.FixtureRequest) -> str:
    found = browsers.executable()
    if not found:
        pytest.skip("not run: no Chromium")
    if not browsers.has_cjk_font():
        pytest.skip("not run: no CJK font")
    if not (ROOT / "web" / "dist" / "index.html").exists():
        pytest.fail("web/dist is missing: `make web` builds it")
    spread = hasattr(request.config, "workerinput")
    if spread and not request.config.getoption("loadgroup", False):
        pytest.fail("with -n, browser tests need --dist loadgroup: they share one install")
    return found


@pytest.fixture(scope="package")
def install(executable: str) -> Iterator[Install]:
    with running_demo() as running:
        yield running


@pytest.fixture(scope="package")
def browser(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = browsers.launch(playwright, executable)
        yield launched
        launched.close()


@pytest.fixture
def watch(install: Install) -> Iterator[Watch]:
    """Fails the test for anything that went wrong on any of its pages."""
    watching = Watch(install.address)
    yield watching
    assert watching.unforgiven() == []


@pytest.fixture
def people(install: Install, browser: Browser, watch: Watch) -> Iterator[People]:
    brought = People(install, browser, watch)
    yield brought
    brought.leave()


@pytest.fixture(scope="package")
def ground(install: Install) -> Ground:
    return Ground(install)
