"""Rules that hold whatever came with the act: where they refuse, screens do not offer it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from .facts import DESK, FINAL_LEVEL, LEVELS, Actor, Around, Facts, Given, Refused, task_of
from .requests import may_decide, open_request

Rule = Callable[[Facts, Actor, Given, Around], None]


def _neutral_checker(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """Whoever found, handled or served in the crew that handled a case does not check it."""
    if actor.id in case.handlers:
        raise Refused("checker_is_handler")
    if actor.id in case.finders:
        raise Refused("checker_is_finder")
    if (
        case.crew_id in actor.crews
        or case.unit_id in actor.units
        or any(actor.has(task) for task in case.tasks)
        or actor.id in case.mates
    ):
        raise Refused("checker_is_of_the_crew")


def _drawn_checker(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """The check belongs to who was drawn; at night the desk may look by video, and where nobody
    could be drawn it waits for the duty commander."""
    if actor.id == case.checker_id:
        return
    if around.night and actor.role in DESK:
        return
    if case.checker_id is None and actor.role in ("commander", "district_desk"):
        return
    raise Refused("checker_is_drawn")


def _not_closed_by_handler(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if actor.id in case.handlers:
        raise Refused("closer_is_handler")


def _closes_at_its_level(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if case.way.closed_by == "district" and actor.role != "district_desk":
        raise Refused("closes_at_district")


def _parts_ended(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """A whole does not end before its parts."""
    if case.open_children:
        raise Refused("parts_still_open")


def _files_here(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if case.way.filed_by == "elsewhere":
        raise Refused("filed_elsewhere")
    if case.way.verify and case.verified is None:
        raise Refused("verify_first")
    if case.verified is False:
        raise Refused("not_found_on_the_spot")


def _signs_for(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if case.way.filed_by != "elsewhere":
        raise Refused("filed_here")


def _verifiable(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if not case.way.verify and case.way.filed_by == "here":
        raise Refused("own_find_needs_no_verifying")


def _may_send_back(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """Within its window and count; after that the office decides and the handler stays
    responsible."""
    task = task_of(case, actor, given)
    if around.at - task.dispatched_at > timedelta(minutes=around.practice.send_back_window):
        raise Refused("send_back_window_over")
    if not task.lead:
        return
    if case.designated:
        raise Refused("designation_stands")
    if case.send_backs >= around.practice.send_back_limit:
        raise Refused("send_back_limit", limit=str(around.practice.send_back_limit))


def _may_dispute(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if not task_of(case, actor, given).lead:
        raise Refused("only_the_lead")
    if case.designated >= FINAL_LEVEL:
        raise Refused("designation_is_final")


def _rules_above(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if LEVELS.get(actor.role, 0) <= case.designated:
        raise Refused("designation_stands")


def _asks_once(kind: str) -> Rule:
    def rule(case: Facts, actor: Actor, given: Given, around: Around) -> None:
        if any(request.kind == kind for request in case.requests):
            raise Refused("asked_already")

    return rule


def _extension_left(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    task = task_of(case, actor, given)
    if task.extensions >= around.practice.extension_max:
        raise Refused("extended_enough", limit=str(around.practice.extension_max))
    if task.overdue:
        raise Refused("overdue_already")


def _suspended_once(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if case.was_suspended:
        raise Refused("suspended_before")
    if not task_of(case, actor, given).lead:
        raise Refused("only_the_lead")


def _appeals_once(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if case.appealed:
        raise Refused("appealed_before")
    if not case.was_overdue:
        raise Refused("was_not_overdue")


def _side_tasks_ended(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    task = task_of(case, actor, given)
    if task.lead and len(case.tasks) > 1:
        raise Refused("side_tasks_open")


def _task_state(*states: str) -> Rule:
    def rule(case: Facts, actor: Actor, given: Given, around: Around) -> None:
        task = task_of(case, actor, given)
        if task.state not in states:
            raise Refused("task_not_in_this_state", state=task.state)

    return rule


def _not_yet(mark: str) -> Rule:
    def rule(case: Facts, actor: Actor, given: Given, around: Around) -> None:
        if getattr(task_of(case, actor, given), mark):
            raise Refused("said_already")

    return rule


def _has_side_task(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if all(task.lead for task in case.tasks):
        raise Refused("no_task")


def _ends_here(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """A centre does not close what the city or the hotline closes, by force no more than else."""
    if case.way.closed_by == "elsewhere":
        raise Refused("closes_elsewhere")


def _supervised(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if not case.supervised:
        raise Refused("not_supervised")


def _is_part(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if case.parent_id is None:
        raise Refused("has_no_parent")


def _no_part_yet(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if case.parent_id is not None:
        raise Refused("has_a_parent")


def _linked_once(case: Facts, actor: Actor, given: Given, around: Around) -> None:
    if case.recurs:
        raise Refused("linked_already")


def _something_to_decide(act: str) -> Rule:
    """Of a request that is named, why it is not this person's to decide; else whether any is."""

    def rule(case: Facts, actor: Actor, given: Given, around: Around) -> None:
        if given.request_id is not None:
            why = may_decide(act, open_request(case, given), actor)
            if why:
                raise Refused(why, field="request_id")
        elif not any(may_decide(act, request, actor) == "" for request in case.requests):
            raise Refused("nothing_to_decide")

    return rule


BEFORE: dict[str, tuple[Rule, ...]] = {
    "ask_verify": (_verifiable,),
    "verify": (_verifiable,),
    "file": (_files_here,),
    "sign": (_signs_for,),
    "check_pass": (_neutral_checker, _drawn_checker),
    "check_fail": (_neutral_checker, _drawn_checker),
    "close": (_not_closed_by_handler, _closes_at_its_level, _parts_ended),
    "cancel": (_parts_ended,),
    "closed_elsewhere": (_parts_ended,),
    "accept": (_task_state("dispatched"),),
    "under_way": (_task_state("dispatched", "accepted"), _not_yet("under_way")),
    "on_scene": (_task_state("dispatched", "accepted"), _not_yet("on_scene")),
    "report_back": (_task_state("accepted"), _side_tasks_ended),
    "send_back": (_may_send_back,),
    "dispute": (_asks_once("dispute"), _may_dispute),
    "designate": (_rules_above,),
    "withdraw_task": (_has_side_task,),
    "ask_backup": (_asks_once("backup"),),
    "ask_department": (_asks_once("department"),),
    "ask_extension": (_asks_once("extension"), _extension_left),
    "ask_suspension": (_asks_once("suspension"), _suspended_once),
    "ask_force_close": (_ends_here, _asks_once("force_close")),
    "appeal_overdue": (_asks_once("appeal"), _appeals_once),
    "lift_supervision": (_supervised,),
    "link_recurrence": (_linked_once,),
    "set_parent": (_no_part_yet,),
    "leave_parent": (_is_part,),
    **{
        act: (_something_to_decide(act),)
        for act in ("endorse", "grant", "refuse", "withdraw_request")
    },
}
