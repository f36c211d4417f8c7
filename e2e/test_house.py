"""House rules a browser can see: own host only, the exact policy, screens for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e import screen
from e2e.ground import Ground
from e2e.install import PENGCHENG, ROOT, Install, scene
from e2e.people import PHONE, People, Person
from e2e.stories import day_from_now

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "worker-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy_of(header: str) -> dict[str, str]:
    """A content security policy by directive."""
    parts = (part.strip().partition(" ") for part in header.split(";") if part.strip())
    return {name: value.strip() for name, _, value in parts}


@pytest.mark.parametrize(
    "path", ["/sign-in", "/desk/", "/desk/my-tasks", "/api/v1/me", "/api/v1/cases/no-such-case"]
)
def test_every_page_and_answer_carries_the_policy_of_the_house(path: str, people: People) -> None:
    answer = people.sign_in("op-pengcheng-1").context.request.get(path)
    assert policy_of(answer.headers["content-security-policy"]) == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers


def test_the_watch_hears_a_violation_and_a_request_to_another_host(people: People) -> None:
    # Without this the other tests could pass with a watch that is deaf.
    page = people.sign_in("op-pengcheng-1").open("/desk/my-tasks")
    page.evaluate("""() => {
      const script = document.createElement('script')
      script.textContent = 'window.broken = true'
      document.body.append(script)
      new Image().src = 'http://127.0.0.1:9/x.png'
    }""")
    page.wait_for_function("() => true")
    heard = " ".join(people.watch.faults)
    people.watch.faults.clear()
    assert "CSP script-src" in heard
    assert "CSP img-src refused http://127.0.0.1:9/x.png" in heard
    assert page.evaluate("window.broken") is None


def findings(page: Page) -> list[str]:
    """Serious and critical findings of axe on the page as it is."""
    found: dict[str, Any] = page.evaluate(
        "() => axe.run(document, { resultTypes: ['violations'] })"
    )
    return [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


class Inspector:
    """Looks at one state of a screen after another and keeps what axe says."""

    def __init__(self, language: str) -> None:
        self.said: dict[str, list[str]] = {}
        self.seen: list[str] = []
        self.words = 0 if language == "zh-CN" else 1

    def word(self, zh: str, en: str) -> str:
        """A word of the screen in the language looked at."""
        return (zh, en)[self.words]

    def look(self, page: Page, what: str) -> None:
        """Examine what is shown now, by day and by night."""
        self.seen.append(what)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            if said := findings(page):
                self.said[f"{what}, {theme}"] = said


def with_axe(context: BrowserContext) -> None:
    """axe comes with every page before its own scripts, which the policy does not govern."""
    context.add_init_script(path=AXE)


@pytest.fixture(scope="module")
def worked(install: Install, ground: Ground) -> dict[str, Any]:
    """A case with a photo that is being handled, and one that waits to be dispatched."""
    operator = "op-pengcheng-1"
    handled = install.report(ground.address(), ground.spot(PENGCHENG))
    handled = install.filed(operator, handled)
    crew = install.nearest_crew(operator, handled["id"])
    assignee = {"kind": "crew", "id": crew["id"]}
    handled = install.act(
        "commander-pengcheng", handled, "supervise", reason="反复投诉", until=day_from_now(2)
    )
    handled = install.act(operator, handled, "dispatch", assignee=assignee)
    member = install.crew_account(crew["id"])
    handled = install.act(member, handled, "accept")
    handled = install.act(member, handled, "ask_extension", reason="当事人限期自行整改")
    filed = install.report(ground.address(), ground.spot(PENGCHENG))
    filed = install.filed(operator, filed)
    photo = install.upload(operator, scene(3))
    body = {
        "source": "patrol",
        "class": {"kind": "event", "code": "0406"},
        "description": "有照片",
        "address": ground.address(),
        "area_code": handled["area"]["code"],
        "photos": [photo],
    }
    pictured = install.post(operator, "/reports", body)["case"]
    return {"handled": handled, "filed": filed, "pictured": pictured, "member": member}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_axe_finds_nothing_serious_on_any_screen_by_day_or_night(
    language: str, people: People, worked: dict[str, Any]
) -> None:
    eye = Inspector(language)
    outside = people.context(language=language)
    with_axe(outside)
    door = outside.new_page()
    door.goto("/sign-in")
    eye.look(door, "sign-in")

    operator = people.sign_in("op-pengcheng-1", language=language)
    with_axe(operator.context)
    desk = operator.open()
    screen.settled(desk, operator.requests)
    eye.look(desk, "desk")
    look_at_forms(eye, desk, worked)
    desk.close()
    look_at_rooms(eye, people.sign_in("commander-pengcheng", language=language), worked)

    crew = people.sign_in(worked["member"], PHONE, language=language)
    with_axe(crew.context)
    phone = crew.open("/desk/my-tasks")
    task = screen.card(phone, worked["handled"]["address"])
    task.get_by_role("button", name=eye.word("办理反馈", "Report back")).click()
    expect(task.get_by_role("form")).to_be_visible()
    eye.look(phone, "my tasks, reporting back")

    page = crew.open("/desk/my-tasks/settle")
    expect(page.locator("main form")).to_be_visible()
    eye.look(page, "settling on the spot")

    assert len(eye.seen) == 15
    assert eye.said == {}


def look_at_forms(eye: Inspector, desk: Page, worked: dict[str, Any]) -> None:
    """Every panel, form and dialog of the desk."""
    screen.row(desk, worked["filed"]["address"]).click()
    case = screen.panel(desk)
    expect(case.get_by_role("button", name=eye.word("派遣", "Dispatch")).first).to_be_visible()
    eye.look(desk, "a case to dispatch")

    screen.row(desk, worked["pictured"]["address"]).click()
    expect(case.locator("h2")).to_be_visible()
    case.get_by_role("button", name=eye.word("不予立案", "Do not file")).click()
    expect(case.get_by_role("form")).to_be_visible()
    eye.look(desk, "a form of an act")

    case.locator(".strip button").click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    eye.look(desk, "a photo, large")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_be_hidden()

    desk.get_by_role("button", name=eye.word("登记上报", "New report")).click()
    expect(desk.locator("form.report")).to_be_visible()
    eye.look(desk, "a new report")

    desk.locator("header .menu > button").click()
    eye.look(desk, "the menu")
    desk.locator("header .menu").get_by_role("button", name=eye.word("快捷键", "Keys")).click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    eye.look(desk, "help")


def look_at_rooms(eye: Inspector, commander: Person, worked: dict[str, Any]) -> None:
    """Supervision with a request to answer, several cases at once, every act, the brief."""
    with_axe(commander.context)
    room = commander.open(f"/desk/supervision/{worked['handled']['id']}")
    expect(screen.panel(room).locator(".request")).to_be_visible()
    screen.panel(room).locator(".more > button").click()
    eye.look(room, "supervision, a request to answer")

    screen.panel(room).locator("[data-act=designate]").click()
    expect(room.locator("form").get_by_role("radio").first).to_be_visible()
    eye.look(room, "a form with candidates")

    desk = commander.open()
    for key in ("j", "x", "j", "x"):
        desk.keyboard.press(key)
    expect(desk.locator(".batch [data-act=urge]")).to_be_visible()
    eye.look(desk, "two cases at once")

    page = commander.open(f"/desk/cases/{worked['pictured']['id']}")
    screen.panel(page).locator("[data-act=file]").click()
    expect(page.locator("form .standards input").first).to_be_visible()
    eye.look(page, "filing under a condition")

    brief = commander.open("/desk/brief")
    expect(brief.locator("article h1")).to_be_visible()
    eye.look(brief, "the brief")
