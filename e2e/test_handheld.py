"""处置通 without a signal: everything made offline arrives once and in order, whatever happens."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Route, expect

from e2e.ground import Ground
from e2e.handheld import NEXT, Handheld, next_version, noise
from e2e.install import PENGCHENG, Install, until
from e2e.people import People

OPERATOR = "op-pengcheng-1"
#: Sees every place, also cases whose place nobody knows yet.
DESK = "desk-1"
STEPS = ["accept", "under_way", "on_scene", "report_back"]
#: The device's clock runs an hour ahead, from before the page's first line.
AHEAD = """
{
  const Real = Date, off = 3600000
  Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + off) }
    static now() { return Real.now() + off }
  }
}
"""


def tasks(install: Install, ground: Ground, n: int) -> tuple[str, list[dict[str, Any]]]:
    """Cases that have just been given to one crew, and the account of one of its people."""
    cases = []
    crew = ""
    for _ in range(n):
        case = install.filed(OPERATOR, install.report(ground.address(), ground.spot(PENGCHENG)))
        crew = crew or str(install.nearest_crew(OPERATOR, case["id"])["id"])
        to = {"kind": "crew", "id": crew}
        cases.append(install.act(OPERATOR, case, "dispatch", assignee=to))
    return install.crew_account(crew), cases


def entries(install: Install, case_id: str) -> list[dict[str, Any]]:
    """A case's entries in the order of the journal."""
    found = install.get(DESK, f"/cases/{case_id}")["timeline"]
    return sorted(found, key=lambda entry: entry["position"])


def reported(install: Install, address: str) -> list[dict[str, Any]]:
    """The cases at an address."""
    items = install.get(DESK, "/cases", tab="all", q=address)["items"]
    return [row for row in items if row["address"] == address]


def moment(text: str) -> datetime:
    """An instant as the API writes it."""
    return datetime.fromisoformat(text)


def test_a_shift_without_a_signal(install: Install, ground: Ground, people: People) -> None:
    """Three reports and two tasks offline, a reload, the next version: once, in order."""
    username, cases = tasks(install, ground, 2)
    hand = Handheld(people, username)
    hand.installed()
    hand.signal(False)
    begun = datetime.now(UTC)
    finds = [ground.address("银湖路") for _ in range(3)]
    for n, address in enumerate(finds):
        hand.report(address, noise(), f"第 {n + 1} 处")
    for case in cases:
        hand.handle(case["address"], noise())
    made = hand.stored()
    assert [line["act"] for line in made] == ["report"] * 3 + STEPS * 2
    assert all(line["state"] == "waiting" for line in made)

    hand.page.reload()
    expect(hand.page.get_by_role("button", name=re.compile("^发件箱.*11"))).to_be_visible()
    assert [line["id"] for line in hand.stored()] == [line["id"] for line in made]
    assert reported(install, finds[0]) == []

    next_version(install.dist)
    hand.tab("我的")
    hand.signal(True)
    hand.page.get_by_role("button", name="现在更换").click()
    expect(hand.page.get_by_text(f"版本 {NEXT}")).to_be_visible()
    hand.emptied()

    sent = hand.stored()
    assert [line["id"] for line in sent] == [line["id"] for line in made]
    assert [line["state"] for line in sent] == ["sent"] * 11
    positions = []
    for address in finds:
        (row,) = reported(install, address)
        assert row["photo_count"] == 1
        (entry,) = [e for e in entries(install, row["id"]) if e["act"] == "report"]
        positions.append(entry["position"])
        assert (
            begun - timedelta(minutes=1)
            < moment(entry["occurred_at"])
            <= moment(entry["recorded_at"])
        )
    for case in cases:
        own = [e for e in entries(install, case["id"]) if e["act"] in STEPS]
        assert [e["act"] for e in own] == STEPS
        positions += [e["position"] for e in own]
    assert positions == sorted(positions)


def test_a_conflict_is_shown_with_both_sides_and_resolved(
    install: Install, ground: Ground, people: People
) -> None:
    """Somebody else was first; mine is sent on the present case when the person says so."""
    username, (case,) = tasks(install, ground, 1)
    hand = Handheld(people, username)
    people.watch.forgive(r"409")
    hand.installed()
    hand.signal(False)
    hand.tab("任务")
    hand.task(case["address"]).locator("[data-act=accept]").click()
    theirs = install.act(OPERATOR, case, "urge", note="市民再次来电")
    hand.signal(True)
    decide = hand.page.get_by_role("button", name=re.compile("^发件箱：待处理 1"))
    decide.click()
    shown = hand.page.get_by_role("region", name="需要你决定")
    name = install.accounts[OPERATOR]["name"]
    expect(shown.get_by_text(name)).to_be_visible()
    expect(shown.get_by_text("你要办的")).to_be_visible()
    shown.get_by_role("button", name=re.compile("^仍然")).click()
    hand.emptied()
    own = entries(install, case["id"])
    assert [e["act"] for e in own][-2:] == ["urge", "accept"]
    assert own[-1]["actor"]["name"] == hand.person.name
    assert theirs["version"] + 1 == install.get(OPERATOR, f"/cases/{case['id']}")["case"]["version"]


def test_the_line_breaks_in_the_middle_of_an_upload(
    install: Install, ground: Ground, people: People
) -> None:
    """On a thin line that is cut while a photo goes up; then an answer is lost on its way back."""
    username, _ = tasks(install, ground, 1)
    hand = Handheld(people, username)
    hand.installed()
    network = hand.context.new_cdp_session(hand.page)
    network.send("Network.enable")

    def line(offline: bool, upload: int) -> None:
        network.send(
            "Network.emulateNetworkConditions",
            {
                "offline": offline,
                "latency": 20,
                "downloadThroughput": -1,
                "uploadThroughput": upload,
            },
        )

    address = ground.address("银湖路")
    line(False, 60_000)
    with hand.page.expect_request(lambda r: r.url.endswith("/api/v1/files")):
        hand.report(address, noise(900))
    hand.page.wait_for_timeout(800)
    assert hand.stored()[-1]["state"] == "sending"
    line(True, 0)
    expect(hand.page.get_by_role("button", name=re.compile("^发件箱：无信号"))).to_be_visible()
    assert reported(install, address) == []
    line(False, -1)
    hand.emptied()
    (row,) = reported(install, address)
    assert row["photo_count"] == 1
    assert [e["act"] for e in entries(install, row["id"])].count("report") == 1


def test_an_answer_is_lost_on_its_way(install: Install, ground: Ground, people: People) -> None:
    """The server has taken photo and report; the phone did not hear of it and sends both again."""
    username, _ = tasks(install, ground, 1)
    hand = Handheld(people, username)
    hand.installed()
    lost: list[str] = []

    def lose(route: Route) -> None:
        path = route.request.url.rsplit("/", 1)[1]
        if path in lost:
            route.continue_()
        else:
            lost.append(path)
            route.fetch()
            route.abort("connectionreset")

    hand.context.route(re.compile(r"/api/v1/(files|reports)$"), lose)
    address = ground.address("银湖路")
    hand.report(address, noise())
    until(lambda: lost == ["files", "reports"], 30, lambda s: hand.page.wait_for_timeout(s * 1000))
    hand.emptied()
    (row,) = reported(install, address)
    assert (row["photo_count"], row["report_count"]) == (1, 1)


def test_the_phones_clock_is_an_hour_ahead(
    install: Install, ground: Ground, people: People
) -> None:
    """The entry is marked and its time is right."""
    username, (case,) = tasks(install, ground, 1)
    hand = Handheld(people, username, AHEAD)
    hand.installed()
    hand.signal(False)
    before = datetime.now(UTC)
    hand.tab("任务")
    hand.task(case["address"]).locator("[data-act=accept]").click()
    expect(hand.page.get_by_role("button", name=re.compile("^发件箱.*1"))).to_be_visible()
    after = datetime.now(UTC)
    hand.signal(True)
    hand.emptied()
    entry = next(e for e in entries(install, case["id"]) if e["act"] == "accept")
    assert entry["marked"]
    assert abs(entry["data"]["skew_s"] - 3600) < 10
    near = timedelta(seconds=10)
    assert before - near < moment(entry["occurred_at"]) < after + near


def test_the_session_ends_while_acts_wait(install: Install, ground: Ground, people: People) -> None:
    """Nothing is lost, and all goes out once the person has signed in again."""
    username, (case,) = tasks(install, ground, 1)
    hand = Handheld(people, username)
    people.watch.forgive(r"40[13]")
    hand.installed()
    hand.signal(False)
    hand.tab("任务")
    hand.task(case["address"]).locator("[data-act=accept]").click()
    hand.tab("上报")
    hand.page.locator("form textarea").fill("写到一半")
    hand.page.wait_for_timeout(400)
    hand.context.clear_cookies()
    hand.signal(True)
    expect(hand.page.get_by_role("link", name=re.compile("登录")).first).to_be_visible()
    assert [line["state"] for line in hand.stored()] == ["waiting"]
    hand.person.sign_in_again()
    hand.page.goto("/handheld/#report")
    hand.page.reload()
    expect(hand.page.locator("form textarea")).to_have_value("写到一半")
    hand.emptied()
    assert [e["act"] for e in entries(install, case["id"])].count("accept") == 1
