"""Cases brought to where an act can be done, over HTTP: what must have happened before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from e2e.ground import Ground
from e2e.install import PENGCHENG, Install, scene

Case = dict[str, Any]

OPERATOR, LEADER, COMMANDER = "op-pengcheng-1", "lead-pengcheng", "commander-pengcheng"
OFFICE, DISTRICT, CREW = "office-320303001-1", "desk-1", "crew-pengcheng-late-1"
PUBLIC = "reporter-client"
WHY = "须有人到场"
#: The district's own days: between midnight there and midnight in UTC they differ.
ZONE = ZoneInfo("Asia/Shanghai")


def day_from_now(days: int) -> str:
    """A date so many days from the district's today, as ISO text."""
    return (datetime.now(ZONE).date() + timedelta(days=days)).isoformat()


class Stories:
    """Tells a case up to a point; every method returns its row as it is then."""

    def __init__(self, install: Install, ground: Ground) -> None:
        self.install = install
        self.ground = ground
        self.numbers = count(1)
        areas = install.get(DISTRICT, "/areas")["items"]
        self.area = next(
            area["code"]
            for area in areas
            if area["kind"] == "community" and area["place"].endswith(f"/{PENGCHENG}")
        )

    @property
    def crew(self) -> dict[str, Any]:
        """The crew that is sent, as an assignee."""
        role = self.install.accounts[CREW]["roles"][0]
        return {"kind": "crew", "id": role["crew_id"]}

    def crew_of(self, username: str) -> dict[str, Any]:
        """Another crew, by one of its accounts."""
        return {"kind": "crew", "id": self.install.accounts[username]["roles"][0]["crew_id"]}

    def report(
        self, source: str = "patrol", code: str = "0406", by: str = OPERATOR, **more: Any
    ) -> Case:
        """Something that was just seen. It has an address and no position: the many cases of
        these tests are not to crowd the map that others look at."""
        body = {
            "source": source,
            "class": {"kind": "event", "code": code},
            "description": "占道摆摊,行人绕行",
            "address": self.ground.address(),
            "area_code": self.area,
            **more,
        }
        return dict(self.install.post(by, "/reports", body)["case"])

    def hotline(self) -> Case:
        """A ticket of the hotline, which wants a reply."""
        number = f"E2E-{self.ground.house}-{next(self.numbers)}"
        return self.report("hotline", external_number=number)

    def standard(self, case: Case) -> dict[str, str]:
        """The first condition of the case's class, where it has any."""
        path = f"/classes/{case['kind']}/{case['code']}/standards"
        items = self.install.get(OPERATOR, path)["items"]
        return {"standard_id": items[0]["id"]} if items else {}

    def act(self, who: str, case: Case, act: str, **said: Any) -> Case:
        """An act by that person."""
        return self.install.act(who, case, act, **said)

    def filed(self) -> Case:
        """An own find that was filed."""
        return self.install.filed(OPERATOR, self.report())

    def dispatched(self) -> Case:
        """Sent to the crew."""
        return self.act(OPERATOR, self.filed(), "dispatch", assignee=self.crew)

    def handling(self) -> Case:
        """Accepted by the crew."""
        return self.act(CREW, self.dispatched(), "accept")

    def to_check(self) -> Case:
        """Reported back."""
        return self.reported_back(self.handling())

    def reported_back(self, case: Case, **said: Any) -> Case:
        """The crew says it is done."""
        photo = self.install.upload(CREW, scene(1, after=True))
        return self.act(CREW, case, "report_back", photos=[photo], **said)

    def checker(self, case: Case) -> str:
        """The account that was drawn to check."""
        return self.install.checker(OPERATOR, case["id"])

    def to_close(self) -> Case:
        """The check was passed."""
        case = self.to_check()
        return self.act(self.checker(case), case, "check_pass", means="look")

    def closed(self) -> Case:
        """All done."""
        return self.act(LEADER, self.to_close(), "close")

    def to_reply(self) -> Case:
        """A hotline ticket that was handled and waits for its reply."""
        case = self.hotline()
        case = self.act(OPERATOR, case, "sign", **self.standard(case))
        case = self.act(OPERATOR, case, "dispatch", assignee=self.crew)
        case = self.act(CREW, case, "accept")
        return self.reported_back(case, reply="摊贩已劝离,现场已清理")

    def elsewhere(self) -> Case:
        """Its platform has the last word."""
        return self.act(OPERATOR, self.to_reply(), "reply")

    def suspended(self) -> Case:
        """Granted by two levels."""
        until = day_from_now(30)
        case = self.act(CREW, self.handling(), "ask_suspension", reason=WHY, until=until)
        request = self.request(case)
        case = self.act(LEADER, case, "endorse", request_id=request)
        return self.act(OFFICE, case, "grant", request_id=request)

    def request(self, case: Case) -> str:
        """The request that waits on a case."""
        asked = self.install.get(OPERATOR, f"/cases/{case['id']}")["requests"]
        return str(next(r["id"] for r in asked if r["state"] in ("asked", "endorsed")))

    def asked(self, act: str, **said: Any) -> Case:
        """The crew asks for something."""
        return self.act(CREW, self.handling(), act, reason=WHY, **said)

    def force_asked(self) -> Case:
        """The desk asks for a forced close."""
        return self.act(OPERATOR, self.handling(), "ask_force_close", reason=WHY)

    def closed_late(self) -> Case:
        """Closed after its limit had run out; claimed times within the last day count."""
        start = datetime.now(UTC) - timedelta(hours=12)

        def at(hours: float) -> str:
            return (start + timedelta(hours=hours)).isoformat()

        case = self.report(code="0401", occurred_at=at(0))
        standard = self.standard(case)
        case = self.act(OPERATOR, case, "file", occurred_at=at(0.1), **standard)
        case = self.act(OPERATOR, case, "dispatch", assignee=self.crew, occurred_at=at(0.2))
        case = self.act(CREW, case, "accept", occurred_at=at(0.3))
        case = self.reported_back(case, occurred_at=at(11))
        case = self.act(self.checker(case), case, "check_pass", means="look")
        return self.act(LEADER, case, "close")

    def with_side_task(self) -> Case:
        """Another crew helps."""
        helper = self.crew_of("crew-pengcheng-night-1")
        return self.act(OPERATOR, self.handling(), "add_task", assignee=helper)

    def part(self) -> Case:
        """A part of another case."""
        return self.act(OPERATOR, self.filed(), "set_parent", case_id=self.filed()["id"])

    def supervised(self) -> Case:
        """With a day to be done by."""
        until = day_from_now(3)
        return self.act(COMMANDER, self.filed(), "supervise", reason=WHY, until=until)
