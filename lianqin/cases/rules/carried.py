"""Rules about what came with the act: where they refuse, other input would mend it."""

from __future__ import annotations

from datetime import timedelta

from lianqin.accounts.principal import subdistrict_of, within
from lianqin.cases.lifecycle import OPEN, State

from .before import Rule
from .facts import Actor, Around, Facts, Given, Refused, task_of
from .requests import open_request


def sends_from(role: str, place: str) -> str:
    """The place whose crews a post may send: its own; a commander moves crews directly within the
    whole subdistrict (the mechanism of 2016: the commander may move people across zones)."""
    return subdistrict_of(place) if role == "commander" else place


def _to_fit_hands(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """A crew goes where its sender has a say and never leaves its subdistrict by this act; a unit
    only takes what lies in the place it answers for and what the duty list gives it. Beyond that
    the way is a request."""
    if given.assignee_reach is not None:
        _in_reach(case, given)
        if not given.authorised:
            raise Refused("not_on_the_duty_list", field="assignee")
        return
    place = given.assignee_place or ""
    if not within(place, sends_from(actor.role, actor.place)):
        raise Refused("crew_outside_your_place", field="assignee")
    if subdistrict_of(place) != subdistrict_of(case.place) and not within(place, case.place):
        raise Refused("crew_of_another_subdistrict", field="assignee")


def _in_reach(case: Facts, given: Given) -> None:
    if given.assignee_reach is not None and not within(case.place, given.assignee_reach):
        raise Refused("unit_has_no_authority_here", field="assignee")


def _ruled_hands(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """A ruling may go against the duty list, not beyond the place of who rules."""
    _in_reach(case, given)
    place = given.assignee_place
    if place is not None and not within(place, sends_from(actor.role, actor.place)):
        raise Refused("crew_outside_your_place", field="assignee")


def _a_department(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if given.assignee_reach is None:
        raise Refused("department_is_a_unit", field="assignee")
    _in_reach(case, given)


def _other_hands(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if any(given.assignee_id in (task.crew_id, task.unit_id) for task in case.tasks):
        raise Refused("has_a_task_already", field="assignee")


def _not_the_lead(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if task_of(case, actor, given).lead:
        raise Refused("lead_is_not_withdrawn", field="task_id")


def _into_open_case(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if given.into == case.id:
        raise Refused("joins_itself", field="case_id")
    if given.into_state is None or given.into_state.value not in OPEN:
        raise Refused("joins_only_open_cases", field="case_id")


def _one_level_of_parts(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if given.into_is_child or given.has_parts:
        raise Refused("parts_have_no_parts", field="case_id")


def _of_a_closed_case(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if given.into == case.id:
        raise Refused("joins_itself", field="case_id")
    if given.into_state is not State.CLOSED:
        raise Refused("recurs_of_closed_cases", field="case_id")


def _by_fitting_means(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """A collector looks on the spot; a desk by video, or asks the citizen by a call."""
    fitting = ("look",) if actor.role == "collector" else ("video", "call")
    if given.means not in fitting:
        raise Refused("means_do_not_fit", field="means", expected=" / ".join(fitting))


def _by_video_at_night(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if actor.id != case.checker_id and around.night and given.means != "video":
        raise Refused("night_check_by_video", field="means")


def _replies(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if case.way.reply and not case.has_reply and "reply" not in given.fields:
        raise Refused("reply_needed", field="reply")


def _within_a_year(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    longest = around.today + timedelta(days=around.practice.suspension_days_max)
    if given.until is not None and not around.today < given.until <= longest:
        raise Refused("until_out_of_range", field="until", expected=longest.isoformat())


def _not_in_the_past(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if given.until is not None and given.until < around.today:
        raise Refused("until_in_the_past", field="until")


def _helpers_fit(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """Whom a grant sends: backup fits as any task does, a department has none of it yet."""
    asked = open_request(case, given)
    if asked.kind == "backup":
        _to_fit_hands(case, actor, given, around)
        _other_hands(case, actor, given, around)
    busy = {task.unit_id for task in case.tasks if task.unit_id}
    if asked.kind == "department" and asked.unit_id in busy:
        raise Refused("has_a_task_already", field="request_id")


def _may_end(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """By force a case ends as little before its parts, and as little below its level, as else."""
    if open_request(case, given).kind != "force_close":
        return
    if case.open_children:
        raise Refused("parts_still_open")
    if case.way.closed_by == "district" and actor.role != "district_desk":
        raise Refused("closes_at_district")


CARRIED: dict[str, tuple[Rule, ...]] = {
    "dispatch": (_to_fit_hands,),
    "add_task": (_to_fit_hands, _other_hands),
    "designate": (_ruled_hands,),
    "ask_department": (_a_department, _other_hands),
    "withdraw_task": (_not_the_lead,),
    "join": (_into_open_case,),
    "set_parent": (_into_open_case, _one_level_of_parts),
    "link_recurrence": (_of_a_closed_case,),
    "verify": (_by_fitting_means,),
    "check_pass": (_by_video_at_night,),
    "check_fail": (_by_video_at_night,),
    "reply": (_replies,),
    "ask_suspension": (_within_a_year,),
    "supervise": (_not_in_the_past,),
    "leader_assign": (_not_in_the_past,),
    "grant": (_helpers_fit, _may_end),
}
