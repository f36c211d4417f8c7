"""Checking by somebody else, answering the platform, and closing."""

from __future__ import annotations

from lianqin.cases.models import Task

from .drawing import draw_for
from .handling import back_to_hands
from .on_case import Change, add_photos, verb


@verb
def draw_checker(change: Change) -> None:
    """重抽核查人: whoever was drawn cannot, or there was nobody to draw from."""
    before = change.case.checker_id
    draw_for(change, [before] if before else [])


@verb
def check_pass(change: Change) -> None:
    """核查通过: somebody else has looked, and it is done."""
    _looked(change)
    if change.case.settled:
        change.case.closed_at = change.when.at


@verb
def check_fail(change: Change) -> None:
    """核查不通过: back to whoever handled it, with what is left of the limit; what was settled on
    the spot becomes a case to be sent."""
    _looked(change)
    if change.case.settled:
        change.case.settled = False
        change.case.crew = change.case.unit = None
    else:
        back_to_hands(change)


def _looked(change: Change) -> None:
    add_photos(change, change.said.photos, "after")
    change.case.checker = None
    if change.said.means:
        change.data["means"] = change.said.means


@verb
def reply(change: Change) -> None:
    """回复上级: the answer goes out to the platform that sent the ticket; it checks and closes."""
    if change.said.reply.strip():
        change.case.reply_text = change.said.reply.strip()


@verb
def closed_elsewhere(change: Change) -> None:
    """上级已结案: the platform that sent the ticket has closed it."""
    finish(change)


@verb
def rework(change: Change) -> None:
    """返工: not good enough, before anybody else says so."""
    back_to_hands(change)


@verb
def close(change: Change) -> None:
    """结案: the standard for closing is met."""
    finish(change)


def finish(change: Change) -> None:
    """End every task and the case."""
    Task.objects.filter(case=change.case, ended_at=None).update(
        state="done", ended_at=change.when.at
    )
    change.case.side_hands = []
    change.case.checker = change.case.suspended_until = None
    change.case.closed_at = change.when.at
