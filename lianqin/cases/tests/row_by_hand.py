"""One row of the rules by hand: who does what, what is different, what it answers.

`answer` is the state the act leads to, or the rule that refuses it, with the field that would mend
it after an @.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from lianqin.cases.rules import (
    Actor,
    Around,
    Facts,
    Given,
    Refused,
    RequestFacts,
    State,
    TaskFacts,
    decide,
)
from lianqin.catalogue.rules import Way

DISTRICT = "320303"
OFFICE = f"{DISTRICT}/320303001"
OTHER_OFFICE = f"{DISTRICT}/320303002"
CENTRE, NEXT, FAR = f"{OFFICE}/qingnian", f"{OFFICE}/pengcheng", f"{OTHER_OFFICE}/wangjie"
CASE, OTHER, ME, YOU, THEY, CREW, CREW2, UNIT, LEAD, SIDE, ASKED = (
    UUID(int=n) for n in range(1, 12)
)
DAY = datetime(2026, 11, 23, 2, tzinfo=UTC)  # 10:00 in the city
MINUTE = timedelta(minutes=1)

LEADS = TaskFacts(LEAD, True, "accepted", DAY - 60 * MINUTE, crew_id=CREW)
SIDES = TaskFacts(SIDE, False, "accepted", DAY - 60 * MINUTE, unit_id=UNIT)
OWN, PUBLIC = Way("patrol", False), Way("public", True)
CITY = Way("city_platform", False, "elsewhere", "elsewhere", "elsewhere")
HOTLINE = Way("hotline", False, "elsewhere", "elsewhere", "elsewhere", reply=True)
ALL = frozenset(
    [
        "class",
        "standard_id",
        "reason",
        "note",
        "reply",
        "photos",
        "photos_before",
        "case_id",
        "assignee",
        "task_id",
        "request_id",
        "duty_line_id",
        "until",
        "limit",
        "found",
        "means",
    ]
)

POSTS: dict[str, Actor] = {
    "operator": Actor(ME, CENTRE, "operator"),
    "leader": Actor(ME, CENTRE, "shift_leader"),
    "commander": Actor(ME, CENTRE, "commander"),
    "office": Actor(ME, OFFICE, "office_staff"),
    "district": Actor(ME, DISTRICT, "district_desk"),
    "collector": Actor(ME, CENTRE, "collector"),
    "crew": Actor(ME, CENTRE, "crew_member", crews=frozenset({CREW})),
    "section": Actor(ME, OFFICE, "unit_liaison", units=frozenset({UNIT})),
    "both": Actor(ME, CENTRE, "crew_member", frozenset({CREW}), frozenset({UNIT})),
}


def asked(kind: str, by: UUID = YOU, endorsed: UUID | None = None, **more: Any) -> RequestFacts:
    return RequestFacts(ASKED, kind, by, endorsed, **more)


@dataclass(frozen=True)
class Row:
    """A sentence, who does what, what is different about the case and what came along."""

    says: str
    who: str
    act: str
    answer: str
    state: str = "handling"
    case: dict[str, Any] | None = None
    given: dict[str, Any] | None = None
    at: dict[str, Any] | None = None
    without: str = ""

    def facts(self) -> Facts:
        """The case: in the crew's hands unless said otherwise."""
        in_hand = self.state in ("dispatched", "handling", "suspended")
        first = replace(LEADS, state="dispatched" if self.state == "dispatched" else "accepted")
        case: dict[str, Any] = {
            "tasks": (first,) if in_hand else (), "crew_id": CREW if in_hand else None,
        }  # fmt: skip
        case |= self.case or {}
        return Facts(CASE, State(self.state), CENTRE, case.pop("way", OWN),
                     case.pop("has_class", True), **case)  # fmt: skip

    def came(self) -> Given:
        """What came along: everything, for a crew of the place, unless said otherwise."""
        given: dict[str, Any] = {
            "fields": ALL - set(self.without.split()), "assignee_id": CREW2,
            "assignee_place": CENTRE, "into": OTHER, "into_state": State.REPORTED,
            "means": "look" if self.who == "collector" else "video",
        }  # fmt: skip
        given |= self.given or {}
        if given.get("assignee_reach"):
            given["assignee_place"] = None
        return Given(**given)

    def around(self) -> Around:
        """Ten in the morning unless said otherwise."""
        return Around(**{"at": DAY, "today": date(2026, 11, 23), "hour": 10, **(self.at or {})})


def answer(row: Row) -> str:
    """What the rules say."""
    try:
        return decide(row.act, row.facts(), POSTS[row.who], row.came(), row.around()).value
    except Refused as refused:
        return refused.code + (f"@{refused.field}" if refused.field else "")


def R(says: str, who: str, act: str, answer: str, state: str = "handling", **more: Any) -> Row:  # noqa: N802
    return Row(says, who, act, answer, state, **more)


def unit(reach: str = OFFICE, **more: Any) -> dict[str, Any]:
    return {"assignee_id": UNIT, "assignee_reach": reach, **more}
