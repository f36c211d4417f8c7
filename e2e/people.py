"""People at their screens: a browser context each, watched all the time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from e2e.install import Install

DESK = (1440, 900)
PHONE = (360, 740)

#: Runs in every page before anything else: what the policy refused is said aloud.
TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP ' + event.violatedDirective + ' refused ' + event.blockedURI)
})
"""
#: Counts presses of a pointer, so that a path by keyboard alone can be shown to be one.
COUNT_POINTER = """
window.pointerPresses = 0
for (const what of ['pointerdown', 'mousedown', 'touchstart', 'wheel']) {
  window.addEventListener(what, () => { window.pointerPresses++ }, true)
}
"""


@dataclass
class Watch:
    """Everything that must not happen on any page of any test."""

    address: str
    faults: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"uncaught {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        own = f"{parts.scheme}://{parts.netloc}" == self.address
        if not own and parts.scheme not in ("data", "blob", "about"):
            self.faults.append(f"request to {request.url}")

    def forgive(self, *patterns: str) -> None:
        """What this test provokes: regular expressions of faults that are meant to be."""
        self.forgiven += patterns

    def unforgiven(self) -> list[str]:
        """The faults that nobody meant."""
        return [f for f in self.faults if not any(re.search(p, f) for p in self.forgiven)]


class Person:
    """One signed-in browser: its tabs share cookies, storage and the stream."""

    def __init__(self, install: Install, username: str, context: BrowserContext) -> None:
        self.install = install
        self.username = username
        self.context = context
        self.requests: list[Request] = []
        context.on("request", lambda request: self.requests.append(request))
        self.sign_in_again()

    @property
    def name(self) -> str:
        """The name that others read."""
        return str(self.install.accounts[self.username]["name"])

    def sign_in_again(self) -> None:
        """A session of this person's in this browser."""
        asked = self.context.request
        asked.get("/sign-in")
        token = next(c["value"] for c in self.context.cookies() if c["name"] == "csrftoken")
        form = {"username": self.username, "csrfmiddlewaretoken": token}
        answer = asked.post("/sign-in/demo", form=form, max_redirects=0)
        assert answer.status == 302, answer.text()

    def open(self, path: str = "/desk/") -> Page:
        """A new tab at a path, ready to work with."""
        page = self.context.new_page()
        page.goto(path)
        page.locator("main h1").first.wait_for(state="attached")
        if path == "/desk/":
            page.locator(".queue [role=option]").first.wait_for()
        return page

    def streams(self) -> list[Request]:
        """The stream connections that this browser has asked for so far."""
        return [r for r in self.requests if urlsplit(r.url).path == "/stream"]


class People:
    """Brings people in; all of them leave at the end of the test."""

    def __init__(self, install: Install, browser: Browser, watch: Watch) -> None:
        self.install = install
        self.browser = browser
        self.watch = watch
        self.contexts: list[BrowserContext] = []

    def context(
        self, size: tuple[int, int] = DESK, *, theme: str = "light", language: str = "zh-CN"
    ) -> BrowserContext:
        """A fresh browser profile."""
        context = self.browser.new_context(
            base_url=self.install.address,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            locale=language,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        self.watch.over(context)
        self.contexts.append(context)
        return context

    def sign_in(
        self,
        username: str,
        size: tuple[int, int] = DESK,
        *,
        theme: str = "light",
        language: str = "zh-CN",
    ) -> Person:
        """A person in a browser of their own."""
        return Person(self.install, username, self.context(size, theme=theme, language=language))

    def leave(self) -> None:
        """Close every browser profile."""
        for context in self.contexts:
            context.close()
