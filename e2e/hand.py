"""Somebody with a phone in one hand: what they press on the handheld, in its own words."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

#: The class that a street's stalls are.
STALLS = "占道经营"
_KEPT = re.compile("已记下")


#: A picture comes in as a camera hands it over. (The driver's own way of filling a file field
#: holds on to the field for good, and all that it hung in; memory could not be measured.)
TAKE = """
(input, { name, bytes }) => {
  const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))
  const files = new DataTransfer()
  files.items.add(new File([content], name, { type: 'image/jpeg' }))
  input.files = files.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}
"""


class Hand:
    """The handheld on a page; every method is what a thumb does."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab(self, name: str) -> None:
        """Go to 今日, 任务, 上报 or 我的."""
        self.page.get_by_role("navigation").get_by_role("link", name=re.compile(name)).click()

    def outbox(self) -> Locator:
        """Open the list of what is sent and to be sent."""
        self.page.get_by_role("button", name=re.compile("发件箱")).click()
        return self.page.locator("main")

    @property
    def chip(self) -> Locator:
        """What stands at the top of how much is to be sent."""
        return self.page.get_by_role("button", name=re.compile("发件箱"))

    def report(self, address: str, photos: Sequence[bytes], note: str = "") -> None:
        """上报: photo first, then where, what and words."""
        self.tab("上报")
        form = self.page.get_by_role("form", name="上报", exact=True)
        self.shoot(form.get_by_role("group", name=re.compile("^照片")), photos)
        form.get_by_label("地址", exact=True).fill(address)
        self.classify(form)
        if note:
            form.get_by_label(re.compile("看到什么")).fill(note)
        form.get_by_role("button", name="上报", exact=True).click()
        expect(self.page.get_by_role("status").filter(has_text=address)).to_be_visible()

    def classify(self, form: Locator, name: str = STALLS) -> None:
        """Choose a class: one of the last, else by a search."""
        group = form.get_by_role("group", name=re.compile("^类别|^事部件|类"))
        recent = group.get_by_role("button", name=re.compile(name))
        if recent.count() == 0:
            group.get_by_role("button", name=re.compile("选择类别|更多")).click()
            group.get_by_role("searchbox").fill(name)
        group.get_by_role("button", name=re.compile(name)).first.click()

    @staticmethod
    def shoot(group: Locator, photos: Sequence[bytes]) -> None:
        """Take photos, one after the other, as a camera hands them over."""
        for number, photo in enumerate(photos):
            group.locator("input[capture]").evaluate(TAKE, _file(photo, number))
            expect(group.locator("figure img")).to_have_count(number + 1)

    def card(self, address: str) -> Locator:
        """A task by where it is."""
        return self.page.locator("article.card").filter(has_text=address)

    def act(self, address: str, act: str, photos: Sequence[bytes] = (), note: str = "") -> None:
        """Do an act on a task; what it asks for is given."""
        self.tab("任务")
        card = self.card(address)
        card.locator(f'button[data-act="{act}"]').click()
        sheet = self.page.get_by_role("dialog")
        if photos or note:
            if photos:
                self.shoot(sheet.get_by_role("group", name=re.compile("处置后|照片")), photos)
            if note:
                sheet.get_by_role("textbox").last.fill(note)
            sheet.locator("button[type=submit]").click()
        expect(sheet).to_have_count(0)
        expect(card.locator(".under li").filter(has_text=_word(act))).to_be_visible()


def _file(photo: bytes, number: int) -> dict[str, str]:
    return {"name": f"现场{number + 1}.jpg", "bytes": b64encode(photo).decode()}


_WORDS = {
    "accept": "签收",
    "under_way": "出发",
    "on_scene": "到场",
    "report_back": "办理反馈",
    "check_pass": "核查通过",
    "check_fail": "核查不通过",
}


def _word(act: str) -> str:
    return _WORDS[act]
