"""Every rule of the lifecycle by hand: one row, one sentence, what it answers.

No database and no framework. `answer` is the state the act leads to, or the rule that refuses it,
with the field that would mend it after an @.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lianqin.cases import rules
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
from lianqin.catalogue.rules import Practice, Way

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
    "class standard_id reason note reply photos photos_before case_id assignee task_id request_id"
    " duty_line_id until limit found means".split()
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


NIGHT = {"hour": 22}
TWO = {"tasks": (LEADS, SIDES)}

TAKING_IN = [
    R("an own find is not sent for verifying", "operator", "ask_verify", "own_find_needs_no_verifying", "reported"),
    R("what the public tells is", "operator", "ask_verify", "verifying", "reported", case={"way": PUBLIC}),
    R("a ticket of the city may be", "operator", "ask_verify", "verifying", "reported", case={"way": CITY}),
    R("a collector looks", "collector", "verify", "reported", "verifying", case={"way": PUBLIC}),
    R("a desk may say it before anybody was sent", "operator", "verify", "reported", "reported", case={"way": PUBLIC}),
    R("an own find is not verified", "operator", "verify", "own_find_needs_no_verifying", "reported"),
    R("a collector does not verify by video", "collector", "verify", "means_do_not_fit@means", "verifying", case={"way": PUBLIC}, given={"means": "video"}),
    R("a desk does not look", "operator", "verify", "means_do_not_fit@means", "verifying", case={"way": PUBLIC}, given={"means": "look"}),
    R("a desk may call", "operator", "verify", "reported", "verifying", case={"way": PUBLIC}, given={"means": "call"}),
    R("verifying says what was found", "operator", "verify", "found_needed@found", "verifying", case={"way": PUBLIC}, without="found"),
    R("an own find is filed", "operator", "file", "filed", "reported"),
    R("the city files its own", "operator", "file", "filed_elsewhere", "reported", case={"way": CITY}),
    R("the public's is verified first", "operator", "file", "verify_first", "reported", case={"way": PUBLIC}),
    R("found, it is filed", "operator", "file", "filed", "reported", case={"way": PUBLIC, "verified": True}),
    R("not found, it is not", "operator", "file", "not_found_on_the_spot", "reported", case={"way": PUBLIC, "verified": False}),
    R("nor an own one that somebody did not find", "operator", "file", "not_found_on_the_spot", "reported", case={"verified": False}),
    R("a class it came with need not be said", "operator", "file", "filed", "reported", without="class"),
    R("without one it must", "operator", "file", "class_needed@class", "reported", without="class", case={"has_class": False}),
    R("a class with standards wants one", "operator", "file", "standard_needed@standard_id", "reported", without="standard_id", given={"standards": True}),
    R("one without wants none", "operator", "file", "filed", "reported", without="standard_id"),
    R("the city's ticket is signed for", "operator", "sign", "filed", "reported", case={"way": CITY}),
    R("ours is not", "operator", "sign", "filed_here", "reported"),
    R("not taken on says why", "operator", "reject", "reason_needed@reason", "reported", without="reason"),
    R("not taken on", "operator", "reject", "rejected", "reported"),
    R("joined to an open case", "operator", "join", "joined", "reported"),
    R("not to itself", "operator", "join", "joins_itself@case_id", "reported", given={"into": CASE}),
    R("not to one that ended", "operator", "join", "joins_only_open_cases@case_id", "reported", given={"into_state": State.CLOSED}),
    R("not to nothing", "operator", "join", "joins_only_open_cases@case_id", "reported", given={"into_state": None}),
    R("which one must be said", "operator", "join", "case_needed@case_id", "reported", without="case_id"),
    R("cancelled while in hand", "leader", "cancel", "cancelled", "suspended"),
    R("rejected, it is looked at again", "leader", "reopen", "reported", "rejected"),
    R("closed, it is sent again", "leader", "reopen", "filed", "closed"),
    R("joined, it stays so", "leader", "reopen", "not_in_this_state", "joined"),
    R("closed ones know no filing", "operator", "file", "not_in_this_state", "closed"),
]  # fmt: skip

SENDING = [
    R("a crew of the place goes", "operator", "dispatch", "dispatched", "filed"),
    R("a crew of the next centre does not, for an operator", "operator", "dispatch", "crew_outside_your_place@assignee", "filed", given={"assignee_place": NEXT}),
    R("for a commander it does", "commander", "dispatch", "dispatched", "filed", given={"assignee_place": NEXT}),
    R("but not one of another subdistrict", "commander", "dispatch", "crew_outside_your_place@assignee", "filed", given={"assignee_place": FAR}),
    R("nor for the district", "district", "dispatch", "crew_of_another_subdistrict@assignee", "filed", given={"assignee_place": FAR}),
    R("an unknown crew goes nowhere", "operator", "dispatch", "crew_outside_your_place@assignee", "filed", given={"assignee_place": None}),
    R("somebody must be named", "operator", "dispatch", "assignee_needed@assignee", "filed", without="assignee"),
    R("a unit on the duty list goes", "operator", "dispatch", "dispatched", "filed", given=unit()),
    R("a unit that is not on it does not", "operator", "dispatch", "not_on_the_duty_list@assignee", "filed", given=unit(authorised=False)),
    R("a unit of elsewhere does not", "operator", "dispatch", "unit_has_no_authority_here@assignee", "filed", given=unit(OTHER_OFFICE)),
    R("a task beside the lead's", "operator", "add_task", "handling"),
    R("not for the lead", "operator", "add_task", "has_a_task_already@assignee", given={"assignee_id": CREW}),
    R("nor for a unit that has one", "operator", "add_task", "has_a_task_already@assignee", case=TWO, given=unit()),
    R("nor beyond the place", "operator", "add_task", "crew_outside_your_place@assignee", given={"assignee_place": NEXT}),
    R("a side task is withdrawn", "operator", "withdraw_task", "handling", case=TWO, given={"task_id": SIDE}),
    R("the lead's is not", "operator", "withdraw_task", "lead_is_not_withdrawn@task_id", case=TWO, given={"task_id": LEAD}),
    R("where there is none, nothing is offered", "operator", "withdraw_task", "no_task"),
    R("which one must be said", "operator", "withdraw_task", "task_needed@task_id", case=TWO, without="task_id"),
    R("an unknown task is nobody's", "operator", "withdraw_task", "task_unknown@task_id", case=TWO, given={"task_id": OTHER}),
    R("the desk tells by radio", "operator", "told_by_radio", "handling"),
    R("a ruling moves it", "office", "designate", "dispatched", given={"assignee_id": CREW2}),
    R("a ruling on who has it leaves it there", "office", "designate", "handling", given={"assignee_id": CREW}),
    R("as with a unit", "office", "designate", "handling", case={"crew_id": None, "unit_id": UNIT}, given=unit()),
    R("from those still to be sent too", "office", "designate", "dispatched", "filed"),
    R("who is nobody is not who has it", "office", "designate", "dispatched", case={"crew_id": None}, given={"assignee_id": None}),
    R("a commander rules first", "commander", "designate", "dispatched"),
    R("not against the office", "commander", "designate", "designation_stands", case={"designated": 2}),
    R("nor again", "commander", "designate", "designation_stands", case={"designated": 1}),
    R("the office above the commander", "office", "designate", "dispatched", case={"designated": 1}),
    R("the office not twice", "office", "designate", "designation_stands", case={"designated": 2}),
    R("the district above the office", "district", "designate", "dispatched", case={"designated": 2}),
    R("nobody above the district", "district", "designate", "designation_stands", case={"designated": 3}),
    R("an operator rules on nothing", "operator", "designate", "designation_stands"),
    R("a ruling may go against the duty list", "office", "designate", "dispatched", given=unit(authorised=False)),
    R("not beyond a unit's reach", "office", "designate", "unit_has_no_authority_here@assignee", given=unit(OTHER_OFFICE)),
    R("nor beyond the place of who rules", "office", "designate", "crew_outside_your_place@assignee", given={"assignee_place": FAR}),
    R("a commander rules within the subdistrict", "commander", "designate", "dispatched", given={"assignee_place": NEXT}),
]  # fmt: skip

DISPATCHED = replace(LEADS, state="dispatched")
HANDLING = [
    R("the crew accepts", "crew", "accept", "handling", "dispatched"),
    R("once", "crew", "accept", "task_not_in_this_state", "dispatched", case={"tasks": (LEADS,)}),
    R("what it handles it has accepted", "crew", "accept", "not_in_this_state", case={"tasks": (DISPATCHED,)}),
    R("a unit accepts its part", "section", "accept", "handling", case={"tasks": (LEADS, replace(SIDES, state="dispatched"))}),
    R("not the crew's", "section", "accept", "task_of_others@task_id", "dispatched", given={"task_id": LEAD}),
    R("whose it is no longer has no task", "crew", "accept", "no_task", "dispatched", case={"tasks": ()}),
    R("of two the lead's comes first", "both", "accept", "handling", "dispatched", case={"tasks": (replace(SIDES, state="dispatched"), DISPATCHED)}),
    R("setting out", "crew", "under_way", "dispatched", "dispatched"),
    R("setting out once", "crew", "under_way", "said_already", case={"tasks": (replace(LEADS, under_way=True),)}),
    R("what was reported back is not driven to", "crew", "under_way", "task_not_in_this_state", case={"tasks": (replace(LEADS, state="reported_back"),)}),
    R("arriving", "crew", "on_scene", "handling", case={"tasks": (replace(LEADS, under_way=True),)}),
    R("before it was accepted even", "crew", "on_scene", "dispatched", "dispatched"),
    R("arriving once", "crew", "on_scene", "said_already", case={"tasks": (replace(LEADS, on_scene=True),)}),
    R("nowhere after reporting back", "crew", "on_scene", "task_not_in_this_state", case={"tasks": (replace(LEADS, state="reported_back"),)}),
    R("reported back, it is checked", "crew", "report_back", "to_check"),
    R("the city's is answered", "crew", "report_back", "to_reply", case={"way": CITY}),
    R("with a picture", "crew", "report_back", "photo_needed@photos", without="photos"),
    R("not before it was accepted", "crew", "report_back", "task_not_in_this_state", case={"tasks": (DISPATCHED,)}),
    R("not while others are at it", "crew", "report_back", "side_tasks_open", case=TWO),
    R("the others report theirs", "section", "report_back", "handling", case=TWO),
    R("within two hours it may go back", "crew", "send_back", "filed", case={"tasks": (replace(LEADS, dispatched_at=DAY - 120 * MINUTE),)}),
    R("after them no more", "crew", "send_back", "send_back_window_over", case={"tasks": (replace(LEADS, dispatched_at=DAY - 121 * MINUTE),)}),
    R("nor a part of it", "section", "send_back", "send_back_window_over", case={"tasks": (LEADS, replace(SIDES, dispatched_at=DAY - 121 * MINUTE))}),
    R("once before is allowed", "crew", "send_back", "filed", case={"send_backs": 1}),
    R("twice before is the end", "crew", "send_back", "send_back_limit", case={"send_backs": 2}),
    R("a ruling ends it too", "crew", "send_back", "designation_stands", case={"designated": 1}),
    R("not for a part", "section", "send_back", "handling", case={**TWO, "designated": 1, "send_backs": 2}),
    R("it says why", "crew", "send_back", "reason_needed@reason", without="reason"),
    R("it cites the duty list", "crew", "send_back", "duty_line_needed@duty_line_id", without="duty_line_id", given={"duty_lines": True}),
    R("where there is one", "crew", "send_back", "filed", without="duty_line_id"),
    R("the lead disputes", "crew", "dispute", "handling"),
    R("not a part", "section", "dispute", "only_the_lead", case=TWO),
    R("above the office there is the district", "crew", "dispute", "handling", case={"designated": 2}),
    R("above the district nobody", "crew", "dispute", "designation_is_final", case={"designated": 3}),
    R("one dispute at a time", "crew", "dispute", "asked_already", case={"requests": (asked("dispute"),)}),
    R("what rests goes on", "operator", "resume", "handling", "suspended"),
]  # fmt: skip

DRAWN = {"checker_id": ME}
CHECKING = [
    R("who was drawn checks", "collector", "check_pass", "to_close", "to_check", case=DRAWN),
    R("and may find it undone", "collector", "check_fail", "handling", "to_check", case=DRAWN),
    R("which wants a reason", "collector", "check_fail", "reason_needed@reason", "to_check", case=DRAWN, without="reason"),
    R("settled on the spot it closes", "collector", "check_pass", "closed", "to_check", case={**DRAWN, "settled": True}),
    R("or is sent at last", "collector", "check_fail", "filed", "to_check", case={**DRAWN, "settled": True}),
    R("others do not check", "collector", "check_pass", "checker_is_drawn", "to_check", case={"checker_id": YOU}),
    R("a desk does not by day", "operator", "check_pass", "checker_is_drawn", "to_check", case={"checker_id": YOU}),
    R("nor a commander", "commander", "check_pass", "checker_is_drawn", "to_check", case={"checker_id": YOU}),
    R("at night a desk looks by video", "operator", "check_pass", "to_close", "to_check", case={"checker_id": YOU}, at=NIGHT),
    R("a shift leader too", "leader", "check_fail", "handling", "to_check", case={"checker_id": YOU}, at=NIGHT),
    R("a commander too", "commander", "check_pass", "to_close", "to_check", case={"checker_id": YOU}, at=NIGHT),
    R("the district too", "district", "check_pass", "to_close", "to_check", case={"checker_id": YOU}, at=NIGHT),
    R("a collector who was not drawn does not", "collector", "check_pass", "checker_is_drawn", "to_check", case={"checker_id": YOU}, given={"means": "video"}, at=NIGHT),
    R("by nothing else", "operator", "check_fail", "night_check_by_video@means", "to_check", case={"checker_id": YOU}, given={"means": "look"}, at=NIGHT),
    R("who was drawn may go there at night", "collector", "check_pass", "to_close", "to_check", case=DRAWN, at=NIGHT),
    R("at seven it is day", "operator", "check_pass", "checker_is_drawn", "to_check", case={"checker_id": YOU}, at={"hour": 7}),
    R("before it is night", "operator", "check_pass", "to_close", "to_check", case={"checker_id": YOU}, at={"hour": 6}),
    R("at nineteen it is night", "operator", "check_pass", "to_close", "to_check", case={"checker_id": YOU}, at={"hour": 19}),
    R("before it is day", "operator", "check_pass", "checker_is_drawn", "to_check", case={"checker_id": YOU}, at={"hour": 18}),
    R("nor finds it undone", "operator", "check_fail", "checker_is_drawn", "to_check", case={"checker_id": YOU}),
    R("nor passes it by looking", "operator", "check_pass", "night_check_by_video@means", "to_check", case={"checker_id": YOU}, given={"means": "call"}, at=NIGHT),
    R("where nobody was drawn the commander checks", "commander", "check_pass", "to_close", "to_check", given={"means": "look"}),
    R("or the district", "district", "check_pass", "to_close", "to_check", given={"means": "look"}),
    R("not a shift leader", "leader", "check_pass", "checker_is_drawn", "to_check"),
    R("who handled it does not check", "collector", "check_pass", "checker_is_handler", "to_check", case={**DRAWN, "handlers": frozenset({ME})}),
    R("nor who found it", "collector", "check_fail", "checker_is_finder", "to_check", case={**DRAWN, "finders": frozenset({ME})}),
    R("nor who served beside", "collector", "check_pass", "checker_is_of_the_crew", "to_check", case={**DRAWN, "mates": frozenset({ME})}),
    R("nor the crew itself", "crew", "check_pass", "checker_is_of_the_crew", "to_check", case={**DRAWN, "crew_id": CREW}),
    R("nor the unit itself", "section", "check_pass", "checker_is_of_the_crew", "to_check", case={**DRAWN, "unit_id": UNIT}),
    R("nor whoever has a part of it", "section", "check_pass", "checker_is_of_the_crew", "to_check", case={**DRAWN, "tasks": (SIDES,)}),
    R("nor who has the lead's task", "crew", "check_pass", "checker_is_of_the_crew", "to_check", case={**DRAWN, "tasks": (LEADS,)}),
    R("another crew's people may", "crew", "check_pass", "to_close", "to_check", case={**DRAWN, "crew_id": CREW2, "tasks": (SIDES,), "handlers": frozenset({YOU})}),
    R("a checker is drawn again with a reason", "operator", "draw_checker", "reason_needed@reason", "to_check", without="reason"),
    R("and drawn", "operator", "draw_checker", "to_check", "to_check"),
    R("the hotline gets words", "operator", "reply", "reply_needed@reply", "to_reply", case={"way": HOTLINE}, without="reply"),
    R("those the handler wrote will do", "operator", "reply", "elsewhere", "to_reply", case={"way": HOTLINE, "has_reply": True}, without="reply"),
    R("or those that come now", "operator", "reply", "elsewhere", "to_reply", case={"way": HOTLINE}),
    R("the city wants none", "operator", "reply", "elsewhere", "to_reply", case={"way": CITY}, without="reply"),
    R("the city closes", "operator", "closed_elsewhere", "closed", "elsewhere", case={"way": CITY}),
    R("not good enough", "operator", "rework", "handling", "to_close"),
    R("the shift leader closes", "leader", "close", "closed", "to_close"),
    R("not what they handled", "leader", "close", "closer_is_handler", "to_close", case={"handlers": frozenset({ME})}),
    R("not while parts are open", "leader", "close", "parts_still_open", "to_close", case={"open_children": True}),
    R("where the district closes, it does", "leader", "close", "closes_at_district", "to_close", case={"way": Way("patrol", False, closed_by="district")}),
    R("and only there", "district", "close", "closed", "to_close", case={"way": Way("patrol", False, closed_by="district")}),
]  # fmt: skip

LATER = date(2026, 12, 23)
PRESSING = [
    R("urged", "operator", "urge", "handling"),
    R("supervised until a date", "office", "supervise", "handling", given={"until": LATER}),
    R("even until today", "office", "supervise", "handling", given={"until": date(2026, 11, 23)}),
    R("not until yesterday", "office", "supervise", "until_in_the_past@until", given={"until": date(2026, 11, 22)}),
    R("a date must be said", "office", "supervise", "until_needed@until", without="until"),
    R("lifted with an answer", "office", "lift_supervision", "handling", case={"supervised": True}),
    R("which must be written", "office", "lift_supervision", "note_needed@note", case={"supervised": True}, without="note"),
    R("not without one", "office", "lift_supervision", "not_supervised"),
    R("a leader assigns", "office", "leader_assign", "handling"),
    R("not until yesterday", "office", "leader_assign", "until_in_the_past@until", given={"until": date(2026, 11, 22)}),
    R("what closed is back", "operator", "link_recurrence", "reported", "reported", given={"into_state": State.CLOSED}),
    R("not of an open one", "operator", "link_recurrence", "recurs_of_closed_cases@case_id", "reported"),
    R("not of itself", "operator", "link_recurrence", "joins_itself@case_id", "reported", given={"into": CASE, "into_state": State.CLOSED}),
    R("once", "operator", "link_recurrence", "linked_already", "reported", case={"recurs": True}, given={"into_state": State.CLOSED}),
    R("made a part", "operator", "set_parent", "handling"),
    R("of one case", "operator", "set_parent", "has_a_parent", case={"parent_id": OTHER}),
    R("not of itself", "operator", "set_parent", "joins_itself@case_id", given={"into": CASE}),
    R("not of a part", "operator", "set_parent", "parts_have_no_parts@case_id", given={"into_is_child": True}),
    R("not with parts", "operator", "set_parent", "parts_have_no_parts@case_id", given={"has_parts": True}),
    R("by itself again", "operator", "leave_parent", "handling", case={"parent_id": OTHER}),
    R("which it was", "operator", "leave_parent", "has_no_parent"),
]  # fmt: skip

ASKING = [
    R("more time is asked for", "crew", "ask_extension", "handling"),
    R("a second time", "crew", "ask_extension", "handling", case={"tasks": (replace(LEADS, extensions=1),)}),
    R("not a third", "crew", "ask_extension", "extended_enough", case={"tasks": (replace(LEADS, extensions=2),)}),
    R("not when it has run out", "crew", "ask_extension", "overdue_already", case={"tasks": (replace(LEADS, overdue=True),)}),
    R("for one's own part", "section", "ask_extension", "handling", case={"tasks": (replace(LEADS, overdue=True), SIDES)}),
    R("once at a time", "crew", "ask_extension", "asked_already", case={"requests": (asked("extension"),)}),
    R("beside other things", "crew", "ask_extension", "handling", case={"requests": (asked("backup"),)}),
    R("nothing can be done until a date", "crew", "ask_suspension", "handling", given={"until": LATER}),
    R("tomorrow at the earliest", "crew", "ask_suspension", "handling", given={"until": date(2026, 11, 24)}),
    R("not today", "crew", "ask_suspension", "until_out_of_range@until", given={"until": date(2026, 11, 23)}),
    R("a year at the most", "crew", "ask_suspension", "handling", given={"until": date(2027, 11, 23)}),
    R("not a day more", "crew", "ask_suspension", "until_out_of_range@until", given={"until": date(2027, 11, 24)}),
    R("once", "crew", "ask_suspension", "suspended_before", case={"was_suspended": True}),
    R("only the whole", "section", "ask_suspension", "only_the_lead", case=TWO),
    R("not while it is asked for", "crew", "ask_suspension", "asked_already", case={"requests": (asked("suspension"),)}),
    R("help", "crew", "ask_backup", "handling"),
    R("not twice", "crew", "ask_backup", "asked_already", case={"requests": (asked("backup"),)}),
    R("a department", "operator", "ask_department", "handling", given=unit()),
    R("which is a unit", "operator", "ask_department", "department_is_a_unit@assignee"),
    R("of the place", "operator", "ask_department", "unit_has_no_authority_here@assignee", given=unit(OTHER_OFFICE)),
    R("that has no task yet", "operator", "ask_department", "has_a_task_already@assignee", case=TWO, given=unit()),
    R("on the duty list or not", "operator", "ask_department", "handling", given=unit(authorised=False)),
    R("not twice", "operator", "ask_department", "asked_already", case={"requests": (asked("department"),)}, given=unit()),
    R("to end it otherwise", "operator", "ask_force_close", "filed", "filed"),
    R("not twice", "operator", "ask_force_close", "asked_already", "filed", case={"requests": (asked("force_close"),)}),
    R("an appeal", "crew", "appeal_overdue", "closed", "closed", case={"was_overdue": True}),
    R("of what was late", "crew", "appeal_overdue", "was_not_overdue", "closed"),
    R("once", "crew", "appeal_overdue", "appealed_before", "closed", case={"was_overdue": True, "appealed": True}),
    R("one at a time", "crew", "appeal_overdue", "asked_already", "closed", case={"was_overdue": True, "requests": (asked("appeal"),)}),
]  # fmt: skip


def decides(says: str, who: str, act: str, answer: str, request: RequestFacts,
            state: str = "handling", **more: Any) -> Row:  # fmt: skip
    case = {**more.pop("case", {}), "requests": (request,)}
    given = {"request_id": ASKED, **more.pop("given", {})}
    return Row(says, who, act, answer, state, case=case, given=given, **more)


MORE, REST = asked("extension"), asked("suspension")
MORE2, REST2 = asked("extension", endorsed=THEY), asked("suspension", endorsed=THEY)
DECIDING = [
    decides("the shift leader endorses", "leader", "endorse", "handling", MORE),
    decides("the commander too", "commander", "endorse", "handling", REST),
    decides("an operator does not", "operator", "endorse", "nothing_to_decide", MORE),
    decides("nor twice", "leader", "endorse", "nothing_to_decide", MORE2),
    decides("nor what needs no endorsing", "leader", "endorse", "nothing_to_decide", asked("backup")),
    decides("nor one's own", "leader", "endorse", "nothing_to_decide", asked("extension", ME)),
    decides("the office grants what was endorsed", "office", "grant", "handling", MORE2),
    decides("the district too", "district", "grant", "handling", MORE2),
    decides("not before", "office", "grant", "nothing_to_decide", MORE),
    decides("the centre does not", "commander", "grant", "nothing_to_decide", MORE2),
    decides("who endorsed does not", "office", "grant", "nothing_to_decide", asked("extension", endorsed=ME)),
    decides("who asked does not", "office", "grant", "nothing_to_decide", asked("extension", ME, THEY)),
    decides("granted, it rests", "office", "grant", "suspended", REST2),
    decides("by the district", "district", "grant", "suspended", REST2),
    decides("a department by the office", "office", "grant", "dispatched", asked("department", unit_id=UNIT), "filed"),
    decides("or the district", "district", "grant", "handling", asked("department", unit_id=UNIT)),
    decides("that has got a task meanwhile", "office", "grant", "has_a_task_already@request_id", asked("department", unit_id=UNIT), case=TWO),
    decides("not by the commander", "commander", "grant", "nothing_to_decide", asked("department", unit_id=UNIT)),
    decides("an appeal by the office", "office", "grant", "closed", asked("appeal"), "closed"),
    decides("or the district", "district", "grant", "closed", asked("appeal"), "closed"),
    decides("a forced close by the commander", "commander", "grant", "closed", asked("force_close"), "to_check"),
    decides("or the district", "district", "grant", "closed", asked("force_close")),
    decides("not by the office", "office", "grant", "nothing_to_decide", asked("force_close")),
    decides("backup by the shift leader", "leader", "grant", "handling", asked("backup")),
    decides("by the commander", "commander", "grant", "handling", asked("backup")),
    decides("by the district", "district", "grant", "handling", asked("backup")),
    decides("not by the office", "office", "grant", "nothing_to_decide", asked("backup")),
    decides("who goes must be said", "leader", "grant", "assignee_needed@assignee", asked("backup"), without="assignee"),
    decides("it fits as any task", "leader", "grant", "crew_outside_your_place@assignee", asked("backup"), given={"assignee_place": NEXT}),
    decides("not who has one", "leader", "grant", "has_a_task_already@assignee", asked("backup"), given={"assignee_id": CREW}),
    decides("others need nobody", "office", "grant", "handling", MORE2, without="assignee"),
    decides("a dispute is ruled on", "office", "grant", "not_in_this_state", asked("dispute")),
    decides("refused by who would grant", "office", "refuse", "handling", MORE2),
    decides("with a reason", "office", "refuse", "reason_needed@reason", MORE2, without="reason"),
    decides("at first by the centre too", "leader", "refuse", "handling", MORE),
    decides("the commander too", "commander", "refuse", "handling", MORE),
    decides("once endorsed not", "leader", "refuse", "nothing_to_decide", MORE2),
    decides("the office needs no endorsing to refuse", "office", "refuse", "handling", MORE),
    decides("who endorsed may still refuse", "district", "refuse", "handling", asked("extension", endorsed=ME)),
    decides("the centre refuses no appeal", "leader", "refuse", "nothing_to_decide", asked("appeal"), "closed"),
    decides("nor its own", "office", "refuse", "nothing_to_decide", asked("extension", ME)),
    decides("taken back by who asked", "crew", "withdraw_request", "handling", asked("extension", ME)),
    decides("by nobody else", "crew", "withdraw_request", "nothing_to_decide", MORE),
    decides("a dispute too", "crew", "withdraw_request", "handling", asked("dispute", ME)),
    decides("which one must be said", "office", "grant", "request_needed@request_id", MORE2, given={"request_id": None}),
    decides("one that is over is over", "office", "grant", "request_not_open@request_id", MORE2, given={"request_id": OTHER}),
    decides("refusing names it too", "office", "refuse", "request_needed@request_id", MORE2, without="request_id"),
]  # fmt: skip

ROWS = [*TAKING_IN, *SENDING, *HANDLING, *CHECKING, *PRESSING, *ASKING, *DECIDING]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.act}: {row.says}" for row in ROWS])
def test_it_is_so(row: Row) -> None:
    assert answer(row) == row.answer


#: With one request somebody may decide and one they may not, the one named counts.
@pytest.mark.parametrize(
    ("who", "act", "request_", "code"),
    [
        ("leader", "endorse", asked("backup"), "endorsing_not_needed"),
        ("leader", "endorse", MORE2, "endorsed_already"),
        ("operator", "endorse", MORE, "not_your_level"),
        ("office", "grant", MORE, "endorse_first"),
        ("office", "grant", asked("extension", endorsed=ME), "endorser_grants_nothing"),
        ("office", "grant", asked("extension", ME), "asker_decides_nothing"),
        ("leader", "grant", MORE2, "not_your_level"),
        ("office", "grant", asked("dispute"), "dispute_is_ruled_on"),
        ("crew", "withdraw_request", MORE, "not_your_request"),
        ("office", "refuse", REST, ""),
        ("crew", "withdraw_request", asked("extension", ME), ""),
    ],
)  # fmt: skip
def test_a_decision_refused_says_by_which_rule(
    who: str, act: str, request_: RequestFacts, code: str
) -> None:
    assert rules.may_decide(act, request_, POSTS[who]) == code


@pytest.mark.parametrize(
    ("act", "who", "fit", "unfit", "code", "state"),
    [
        ("endorse", "leader", "extension", "backup", "endorsing_not_needed", "handling"),
        ("grant", "office", "department", "backup", "not_your_level", "handling"),
        ("grant", "office", "department", "extension", "endorse_first", "handling"),
        ("refuse", "office", "department", "backup", "not_your_level", "handling"),
    ],
)  # fmt: skip
def test_of_two_requests_the_one_named_counts(
    act: str, who: str, fit: str, unfit: str, code: str, state: str
) -> None:
    both = (replace(asked(unfit), id=ASKED), replace(asked(fit), id=OTHER))
    row = Row("", who, act, f"{code}@request_id", state, case={"requests": both},
              given={"request_id": ASKED})  # fmt: skip
    assert answer(row) == row.answer


def test_withdrawing_names_ones_own() -> None:
    both = (replace(asked("backup"), id=ASKED), replace(asked("extension", ME), id=OTHER))
    row = Row("", "crew", "withdraw_request", "", case={"requests": both},
              given={"request_id": ASKED})  # fmt: skip
    assert answer(row) == "not_your_request@request_id"


@pytest.mark.parametrize(
    ("row", "name", "value"),
    [
        (R("", "operator", "file", "", "closed"), "state", "closed"),
        (R("", "operator", "file", "", "closed"), "act", "file"),
        (R("", "crew", "send_back", "", case={"send_backs": 2}), "limit", "2"),
        (R("", "crew", "ask_extension", "", case={"tasks": (replace(LEADS, extensions=2),)}), "limit", "2"),
        (R("", "crew", "ask_suspension", "", given={"until": date(2030, 1, 1)}), "expected", "2027-11-23"),
        (R("", "operator", "verify", "", "verifying", case={"way": PUBLIC}, given={"means": "look"}), "expected", "video / call"),
        (R("", "collector", "verify", "", "verifying", case={"way": PUBLIC}, given={"means": "call"}), "expected", "look"),
        (R("", "crew", "accept", "", "dispatched", case={"tasks": (LEADS,)}), "state", "accepted"),
    ],
)  # fmt: skip
def test_a_refusal_carries_what_would_be_right(row: Row, name: str, value: str) -> None:
    with pytest.raises(Refused) as caught:
        decide(row.act, row.facts(), POSTS[row.who], row.came(), row.around())
    assert caught.value.params[name] == value


def test_practice_is_the_districts_to_change() -> None:
    strict = Around(DAY, date(2026, 11, 23), 10, Practice(send_back_window=30, extension_max=1))
    case = Row("", "crew", "", "", case={"tasks": (replace(LEADS, extensions=1),)}).facts()
    for act, code in (("send_back", "send_back_window_over"), ("ask_extension", "extended_enough")):
        with pytest.raises(Refused, match=code):
            decide(act, case, POSTS["crew"], Given(ALL), strict)


@pytest.mark.parametrize(
    ("state", "body"),
    [
        ("reported", "centre"), ("verifying", "centre"), ("filed", "centre"), ("to_check", "centre"),
        ("to_reply", "centre"), ("to_close", "centre"), ("dispatched", "hands"),
        ("handling", "hands"), ("suspended", "hands"), ("elsewhere", "elsewhere"),
        ("closed", "nobody"), ("rejected", "nobody"), ("joined", "nobody"), ("cancelled", "nobody"),
    ],
)  # fmt: skip
def test_one_body_answers(state: str, body: str) -> None:
    assert rules.responsible(State(state)) == body


@pytest.mark.parametrize(
    ("kind", "lives"),
    [
        ("extension", "dispatched handling"),
        ("backup", "dispatched handling"),
        ("dispute", "dispatched handling"),
        ("department", "filed dispatched handling"),
        ("suspension", "handling"),
        ("force_close", "filed dispatched handling suspended to_check to_close"),
        ("appeal", "closed"),
    ],
)
def test_a_request_lapses_where_it_means_nothing(kind: str, lives: str) -> None:
    for state in State:
        gone = rules.lapsing(state, [asked(kind)])
        assert (gone == []) is (state.value in lives.split()), state


def test_a_request_lapses_with_its_task() -> None:
    mine, other = asked("extension", task_id=LEAD), asked("backup", task_id=SIDE)
    assert rules.lapsing(State.HANDLING, [mine, other], {LEAD}) == [mine]
    assert rules.lapsing(State.HANDLING, [asked("dispute")], {LEAD}) == []


def test_settling_opens_closed_or_for_a_check_when_drawn() -> None:
    assert rules.opens("settle", Given(ALL)) is State.CLOSED
    assert rules.opens("settle", Given(ALL, drawn=True)) is State.TO_CHECK
    assert rules.opens("report", Given()) is State.REPORTED
    for need, code in (("class", "class"), ("photos", "photo"), ("photos_before", "photos_before")):
        with pytest.raises(Refused, match=f"{code}_needed") as caught:
            rules.opens("settle", Given(ALL - {need}))
        assert (caught.value.code, caught.value.field) == (f"{code}_needed", need)


def test_a_draw_can_be_repeated_by_anybody() -> None:
    pool = [YOU, ME, THEY]
    assert rules.draw([], "seed") is None
    # `printf s0 | sha256sum`, as a number modulo three: the place in the order of ids.
    drawn = [rules.draw(pool, seed) for seed in ("s0", "s1", "s2", "s3", "s6")]
    assert drawn == [THEY, YOU, THEY, ME, YOU]


@pytest.mark.parametrize(
    ("seed", "percent", "looked_at"),
    [("s301", 8, True), ("s115", 8, False), ("s115", 9, True), ("s0", 95, False), ("s0", 96, True)],
)
def test_of_a_hundred_settled_so_many_are_looked_at(
    seed: str, percent: int, looked_at: bool
) -> None:
    """The last two digits of the seed's SHA-256 (7, 8 and 95) decide."""
    assert rules.drawn_as_sample(seed, percent) is looked_at


def test_what_nothing_is_said_about_is_not_so() -> None:
    bare = Facts(CASE, State.REPORTED, CENTRE, OWN, True)
    assert (bare.verified, bare.lead, bare.send_backs, bare.designated) == (None, None, 0, 0)
    assert not any((bare.has_reply, bare.settled, bare.supervised, bare.recurs, bare.open_children,
                    bare.was_suspended, bare.was_overdue, bare.appealed))  # fmt: skip
    given = Given()
    assert given.authorised
    assert not any((given.into_is_child, given.has_parts, given.standards, given.duty_lines,
                    given.drawn, given.means, given.fields))  # fmt: skip
    task = TaskFacts(LEAD, True, "accepted", DAY)
    assert not any((task.extensions, task.overdue, task.under_way, task.on_scene))
    assert Actor(ME, CENTRE).role == ""
    assert Refused("code").field == ""
    assert str(Refused("code")) == "code"


def test_what_the_rules_look_at_stays_as_it_is() -> None:
    row = Row("", "crew", "", "")
    for fixed in (row.facts(), row.came(), row.around(), POSTS["crew"], LEADS, MORE):
        with pytest.raises(FrozenInstanceError):
            fixed.id = OTHER  # type: ignore[union-attr,misc]


def test_the_table_of_posts() -> None:
    assert set(rules.HIDDEN) == {"collector"}
    assert set(rules.HANDLERS) == {"crew_member", "unit_liaison"}
    assert set(rules.DESK) == {"operator", "shift_leader", "commander", "district_desk"}
    assert rules.LEVELS == {"commander": 1, "office_staff": 2, "district_desk": 3}
    assert rules.ASKS == {
        "ask_extension": "extension", "ask_suspension": "suspension",
        "ask_department": "department", "ask_backup": "backup",
        "ask_force_close": "force_close", "appeal_overdue": "appeal", "dispute": "dispute",
    }  # fmt: skip
    assert rules.sends_from("commander", CENTRE) == OFFICE
    assert rules.sends_from("operator", CENTRE) == CENTRE
