"""处置通 as it is seen: every screen at 360 pixels, both languages, light, dark and in the sun."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from e2e.axe import faults_of
from e2e.ground import Ground
from e2e.handheld import EXPECTED
from e2e.install import Install
from e2e.people import PHONE, People
from e2e.screens import SUN
from e2e.test_handheld import tasks

SCREENS = ("today", "tasks", "report", "report/settle", "report/street", "mine", "outbox")
#: A thumb's target: the glossary of the screens asks for 48 px both ways.
SMALL = """
() => [...document.querySelectorAll('button, select, textarea, a, label:has(input), summary,' +
    'input:not([type=radio]):not([type=checkbox]):not([type=file])')]
  .filter((e) => !e.matches('.skip'))  // seen by the keyboard alone, never by a thumb
  .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((e) => {
    const box = e.getBoundingClientRect()
    return box.height < 47.5 || box.width < 47.5  // fractions of a pixel are drawing, not design
  })
  .map((e) => e.outerHTML.slice(0, 160))
"""


def sound(page: Page, where: str) -> None:
    """Nothing that axe finds serious, nothing too small for a thumb, nothing beside the screen."""
    assert faults_of(page) == [], where
    assert page.evaluate(SMALL) == [], where
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], where


@pytest.mark.parametrize(
    ("theme", "language", "sunlight"),
    [
        ("light", "zh-CN", False),
        ("dark", "en", False),
        ("light", "en", True),
        ("dark", "zh-CN", True),
    ],
)
def test_every_screen_can_be_read_and_pressed(  # noqa: PLR0913
    install: Install, ground: Ground, people: People, theme: str, language: str, sunlight: bool
) -> None:
    """Tabs, both ways of finding, the outbox, and the sheet of an act."""
    username, (case,) = tasks(install, ground, 1)
    people.watch.forgive(*EXPECTED)
    person = people.sign_in(username, PHONE, theme=theme, language=language)
    if sunlight:
        person.context.add_init_script(SUN)
    page = person.context.new_page()
    page.goto("/handheld/")
    for screen in SCREENS:
        page.evaluate("(hash) => { location.hash = hash }", screen)
        page.wait_for_timeout(400)
        sound(page, screen)
    page.evaluate("() => { location.hash = 'tasks' }")
    card = page.get_by_role("article", name=re.compile(re.escape(case["address"])))
    for act in ("accept", "under_way", "on_scene"):
        card.locator(f"[data-act={act}]").click()
    sound(page, "card")
    card.locator("[data-act=report_back]").click()
    page.get_by_role("dialog").wait_for()
    sound(page, "report_back")
