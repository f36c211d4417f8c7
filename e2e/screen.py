"""What people read and press, by the words on the screen."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import FileChooser, FilePayload, Locator, Page, TimeoutError, expect

from e2e.install import until


def row(page: Page, address: str) -> Locator:
    """The queue's row of a case, by its address."""
    return page.get_by_role("option").filter(has_text=address)


def counter(page: Page, stage: str) -> Locator:
    """The figure behind a stage in the header."""
    return page.locator("header .counts").get_by_role("button", name=stage).locator("b")


def count(page: Page, stage: str) -> int:
    """The figure as it is now."""
    expect(counter(page, stage)).to_have_text(re.compile(r"^\d+$"))
    return int(counter(page, stage).inner_text())


def expect_count(page: Page, stage: str, number: int) -> None:
    """Wait for a figure."""
    expect(counter(page, stage)).to_have_text(str(number))


def panel(page: Page) -> Locator:
    """The open case."""
    return page.locator("aside article.case")


def open_case(page: Page, address: str) -> Locator:
    """Open a case from the queue by mouse."""
    row(page, address).click()
    expect(panel(page)).to_contain_text(address)
    expect(panel(page).get_by_role("region", name="经过")).to_be_visible()
    return panel(page)


def act(inside: Locator, name: str) -> Locator:
    """The button of an act; keyboard hints stand behind its name."""
    return inside.get_by_role("group", name="可办事项").get_by_role(
        "button", name=re.compile(rf"^{name}( \w)?$")
    )


def file(inside: Locator) -> None:
    """File a case by mouse, under the first condition of its class."""
    act(inside, "立案").click()
    form = inside.get_by_role("form", name="立案")
    form.get_by_role("group", name="立案条件").get_by_role("radio").first.check()
    form.get_by_role("button", name="立案", exact=True).click()


def send_to(inside: Locator, crew: str) -> Locator:
    """The button that dispatches to a crew."""
    return inside.get_by_role("button", name=re.compile(rf"^派遣\s*给{crew}"))


def card(page: Page, address: str) -> Locator:
    """A task of "my tasks", by its address."""
    return page.get_by_role("article").filter(has_text=address)


def jpeg(content: bytes, name: str = "现场.jpg") -> FilePayload:
    """A photo as the file dialog gives it."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def add_photo(inside: Locator, content: bytes, press: Callable[[], object] | None = None) -> None:
    """Choose a photo in the file dialog and wait until it has arrived."""
    page = inside.page

    def opened() -> FileChooser | None:
        try:
            with page.expect_file_chooser(timeout=7_000) as chosen:
                (press or inside.locator("input[type=file]").click)()
            return chosen.value
        except TimeoutError:
            return None

    # Now and then Chromium opens no dialog at the first press; a person presses again.
    dialog = opened() or opened() or opened()
    assert dialog is not None, "no file dialog opened"
    dialog.set_files(jpeg(content))
    expect(inside.get_by_role("img", name="已添加的照片 1")).to_be_visible()


def tab_to(page: Page, target: Locator, most: int = 80) -> None:
    """Press Tab until the focus is on the target, as somebody without a mouse must."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} times Tab do not lead to {target}")


def point_at(page: Page, spot: tuple[float, float], answer: Locator) -> bool:
    """Move the pointer onto a spot of the map; whether something answers there by now."""
    page.mouse.move(spot[0] + 60, spot[1])
    page.mouse.move(*spot)
    page.wait_for_timeout(100)
    return answer.is_visible()


def settled(page: Page, requests: list[object], quiet_ms: int = 1200) -> None:
    """Wait until the page has drawn its map and asks for nothing any more."""
    page.locator("canvas.maplibregl-canvas").wait_for()
    seen = -1

    def quiet() -> bool:
        nonlocal seen
        before, seen = seen, len(requests)
        if before != seen:
            page.wait_for_timeout(quiet_ms)
        return before == seen

    until(quiet, 60, lambda _: None)
