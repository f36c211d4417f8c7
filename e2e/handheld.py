"""One person's handheld in the tests: what a thumb does on it, and the next version of the app."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from e2e.install import until
from e2e.people import PHONE, People

#: Refusals of a line that a test has cut or a session that it has ended.
EXPECTED = (
    r"ERR_INTERNET_DISCONNECTED",
    r"ERR_NETWORK_CHANGED",
    r"ERR_FAILED",
    r"ERR_CONNECTION",
    r"WebSocket|EventSource",
)
NEXT = "e2e00002"


#: A picture comes in as a camera hands it over. (The driver's own way of filling a file field
#: holds on to the field for good, and all that it hung in; memory could not be measured.)
TAKE = """
(input, bytes) => {
  const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))
  const files = new DataTransfer()
  files.items.add(new File([content], 'photo.jpg', { type: 'image/jpeg' }))
  input.files = files.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}
"""


def noise(side: int = 60) -> bytes:
    """A picture that no program can make small; `side` makes it heavy."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def take(field: Locator, photo: bytes) -> None:
    """Give a camera's field its picture."""
    field.evaluate(TAKE, base64.b64encode(photo).decode())


class Handheld:
    """A phone with 处置通 open on it."""

    def __init__(self, people: People, username: str, script: str = "") -> None:
        people.watch.forgive(*EXPECTED)
        person = people.sign_in(username, PHONE)
        self.person = person
        self.context: BrowserContext = person.context
        if script:
            self.context.add_init_script(script)
        self.page: Page = self.context.new_page()
        self.page.goto("/handheld/")
        self.page.get_by_role("navigation", name="处置通").wait_for()

    def installed(self) -> None:
        """Wait until the page and its parts are on the phone, and so are the lists."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")
        self.tab("上报")
        self.page.get_by_role("button", name=re.compile("选择|更多")).first.wait_for()

    def tab(self, name: str) -> None:
        """Go to one of the four tabs."""
        self.page.get_by_role("navigation", name="处置通").get_by_role(
            "link", name=re.compile(name)
        ).click()

    def signal(self, there: bool) -> None:
        """The mobile network comes and goes."""
        self.context.set_offline(not there)

    def report(self, address: str, photo: bytes, words: str = "") -> None:
        """Photo, place, class, send."""
        self.tab("上报")
        page = self.page
        take(page.get_by_label(re.compile("拍照")).first, photo)
        page.locator("form figure img").first.wait_for()
        page.get_by_label("地址").fill(address)
        recent = page.get_by_role("button", name=re.compile("0406"))
        if not recent.count():
            page.locator(".chips .more").click()
            page.get_by_role("searchbox").fill("0406")
        recent.first.click()
        if words:
            page.locator("form textarea").fill(words)
        page.locator("form button[type=submit]").click()
        expect(page.locator("form figure")).to_have_count(0)

    def task(self, address: str) -> Locator:
        """The card of a task."""
        return self.page.get_by_role("article", name=re.compile(re.escape(address)))

    def handle(self, address: str, photo: bytes, note: str = "") -> None:
        """Accept, under way, on scene, report back."""
        self.tab("任务")
        card = self.task(address)
        for act in ("accept", "under_way", "on_scene"):
            card.locator(f"[data-act={act}]").click()
            expect(card.locator(f"[data-act={act}]")).to_have_count(0)
        card.locator("[data-act=report_back]").click()
        sheet = self.page.get_by_role("dialog")
        for field in sheet.get_by_label(re.compile("拍照")).all():
            take(field, photo)
        sheet.locator("figure img").first.wait_for()
        if note:
            sheet.get_by_role("textbox").last.fill(note)
        sheet.locator("footer .main").click()
        expect(sheet).to_have_count(0)

    def outbox(self) -> None:
        """To the list of what waits, is to be decided, and has gone out."""
        self.page.get_by_role("button", name=re.compile("^发件箱")).click()

    def emptied(self) -> None:
        """Wait until everything has gone out."""

        def none() -> bool:
            try:
                return all(line["state"] == "sent" for line in self.stored())
            except Error:
                # The page was just being loaded anew.
                return False

        until(none, 30, lambda s: self.page.wait_for_timeout(s * 1000))

    def stored(self) -> list[dict[str, object]]:
        """The lines as the phone's database has them, in order."""
        found: list[dict[str, object]] = self.page.evaluate(LINES)
        return found


LINES = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open('lianqin-handheld')
  asked.onerror = () => reject(asked.error)
  asked.onsuccess = () => {
    const db = asked.result
    const rows = db.transaction('lines').objectStore('lines').getAll()
    rows.onsuccess = () => { db.close(); resolve(rows.result) }
  }
})"""


def next_version(dist: Path) -> None:
    """Put a newer build in the place of the one that is served: another page, another worker."""
    page, worker = dist / "handheld.html", dist / "handheld-worker.js"
    old = page.read_bytes()
    new = old + b"<!-- the next version -->\n"
    text = worker.read_text(encoding="utf-8")
    for was, now in zip(_names(old), _names(new), strict=True):
        assert text.count(was) == 1, was
        text = text.replace(was, now)
    text, n = re.subn(r"(postMessage\(.)[0-9a-f]{8}(.\))", rf"\g<1>{NEXT}\g<2>", text)
    assert n == 1
    page.write_bytes(new)
    worker.write_text(text, encoding="utf-8")


def _names(content: bytes) -> tuple[str, str]:
    digest = hashlib.sha256(content)
    return digest.hexdigest()[:16], base64.b64encode(digest.digest()).decode()
