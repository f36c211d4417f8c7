"""The suite's ground: one demo install and one Chromium for all browser tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from e2e import browsers
from e2e.ground import Ground
from e2e.install import Install, running_demo
from e2e.people import People, Watch
from lianqin.console.services import web_dist

# The software renderer shares two cores with the server and other tests.
expect.set_options(timeout=15_000)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark whatever drives the browser."""
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.browser)


#: Whose turn it is: a pointer finds a single case only on a map with room between cases, and every
#: act leaves cases of its own behind, as a day does.
_FIRST, _LAST = "e2e/test_live", ("e2e/test_acts", "e2e/test_day")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that look at the demo as a newcomer finds it come before those that fill it."""
    items.sort(key=lambda item: (item.nodeid.startswith(_LAST), not item.nodeid.startswith(_FIRST)))


#: Tests that mostly work cases have an install of their own, beside the one for tests that look
#: and wait: two halves of about the same length.
_WORKING = (
    "e2e/test_acts",
    "e2e/test_handheld",
    "e2e/test_path",
    "e2e/test_together",
    "e2e/test_views",
)


class _TwoInstalls(LoadScopeScheduling):
    """Tests that share an install go to one worker; all others are handed out one by one.

    xdist's own way (`--dist loadgroup`) does nothing with pytest 9.2: it renames tests by an
    attribute that pytest does not read any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_WORKING):
            return "e2e, working"
        return "e2e, looking" if nodeid.startswith("e2e/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _TwoInstalls:
    """How tests are handed to workers (`pytest -n 3`)."""
    return _TwoInstalls(config, log)


# Scope "package": the browser must be gone before other tests of this worker run, because the
# event loop that drives it would make Django refuse its database there.
@pytest.fixture(scope="package")
def executable() -> str:
    found = browsers.executable()
    if not found:
        pytest.skip("not run: no Chromium")
    if not browsers.has_cjk_font():
        pytest.skip("not run: no CJK font")
    if not (web_dist() / "index.html").exists():
        pytest.fail("web/dist is missing: `make web` builds it")
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
