"""The lifecycle of a case as a table: its states, its acts, what each asks for and leads to.

The table drives the buttons, the checks and the diagram in `docs/lifecycle.md`. Who may do an act
stands in the policy table; whether it may be done on *this* case stands in `rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a case stands. *filed* and *rejected* are states; a rejected case keeps its number."""

    REPORTED = "reported"
    VERIFYING = "verifying"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    TO_CHECK = "to_check"
    TO_REPLY = "to_reply"
    ELSEWHERE = "elsewhere"
    TO_CLOSE = "to_close"
    CLOSED = "closed"
    REJECTED = "rejected"
    JOINED = "joined"
    CANCELLED = "cancelled"


#: States in which a case has ended.
ENDED = frozenset({State.CLOSED, State.REJECTED, State.JOINED, State.CANCELLED})

#: States in which somebody still owes the case something.
OPEN = [state.value for state in State if state not in ENDED]

#: States in which a case is in the hands of a crew or unit.
IN_HAND = frozenset({State.DISPATCHED, State.HANDLING, State.SUSPENDED})


@dataclass(frozen=True)
class Transition:
    """One line of the lifecycle: an act, where it may start, where it leads, what it asks for.

    `target` None: the case stays where it is. `when` names the condition (in `rules.GUARDS`) under
    which this line holds; of an act's lines the first that fits is taken. No sources: the act
    makes a case. `needs` names what must come with the act, `takes` what may come too; both are
    field names of the request.
    """

    act: str
    sources: frozenset[State]
    target: State | None
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    when: str = ""


def _line(
    act: str,
    sources: Iterable[State],
    target: State | None = None,
    needs: str = "",
    takes: str = "",
    when: str = "",
) -> Transition:
    return Transition(
        act, frozenset(sources), target, tuple(needs.split()), tuple(takes.split()), when
    )


_S = State
_OPEN = [State(value) for value in OPEN]
_WORK = [_S.DISPATCHED, _S.HANDLING]
_TASK = [_S.FILED, *_WORK]
_SETTLED = "class photos_before photos"
_LATE = [_S.FILED, *IN_HAND, _S.TO_CHECK, _S.TO_CLOSE]

LIFECYCLE: tuple[Transition, ...] = (
    # Taking in.
    _line("report", [], _S.REPORTED),
    _line("settle", [], _S.REPORTED, "class photos_before", "photos outcome note", "penalised"),
    _line("settle", [], _S.TO_CHECK, _SETTLED, "outcome note", "drawn_as_sample"),
    _line("settle", [], _S.CLOSED, _SETTLED, "outcome note"),
    _line("ask_verify", [_S.REPORTED], _S.VERIFYING, takes="note"),
    _line("verify", [_S.VERIFYING, _S.REPORTED], _S.REPORTED, "found means", "note photos"),
    _line("file", [_S.REPORTED], _S.FILED, "class standard_id", "note"),
    _line("sign", [_S.REPORTED], _S.FILED, "class", "standard_id note"),
    _line("reject", [_S.REPORTED], _S.REJECTED, "reason"),
    _line("join", [_S.REPORTED, _S.FILED], _S.JOINED, "case_id"),
    _line("cancel", [*_TASK, _S.SUSPENDED], _S.CANCELLED, "reason"),
    _line("reopen", [_S.REJECTED], _S.REPORTED, "reason"),
    _line("reopen", [_S.CLOSED, _S.CANCELLED], _S.FILED, "reason"),
    # Sending.
    _line("dispatch", [_S.FILED], _S.DISPATCHED, "assignee", "limit note"),
    _line("add_task", _WORK, None, "assignee", "note"),
    _line("withdraw_task", _WORK, None, "task_id reason"),
    _line("told_by_radio", _WORK, None, takes="task_id"),
    _line("designate", _WORK, None, "assignee reason", "", "same_hands"),
    _line("designate", _TASK, _S.DISPATCHED, "assignee reason"),
    # Handling.
    _line("accept", _WORK, None, takes="task_id", when="beside"),
    _line("accept", [_S.DISPATCHED], _S.HANDLING),
    _line("under_way", _WORK, None, takes="task_id"),
    _line("on_scene", _WORK, None, takes="task_id"),
    _line("report_back", _WORK, None, "photos", "task_id note", "beside"),
    _line("report_back", [_S.HANDLING], _S.TO_REPLY, "photos", "reply note", "checked_elsewhere"),
    _line("report_back", [_S.HANDLING], _S.TO_CHECK, "photos", "reply note"),
    _line("send_back", _WORK, None, "reason duty_line_id", "task_id", "beside"),
    _line("send_back", _WORK, _S.FILED, "reason duty_line_id"),
    _line("dispute", _WORK, None, "reason"),
    _line("resume", [_S.SUSPENDED], _S.HANDLING, takes="note"),
    # Checking and closing.
    _line("draw_checker", [_S.TO_CHECK], None, "reason"),
    _line("check_pass", [_S.TO_CHECK], _S.CLOSED, takes="means note photos", when="settled"),
    _line("check_pass", [_S.TO_CHECK], _S.TO_CLOSE, takes="means note photos"),
    _line("check_fail", [_S.TO_CHECK], _S.FILED, "reason", "means photos", "settled"),
    _line("check_fail", [_S.TO_CHECK], _S.HANDLING, "reason", "means photos"),
    _line("reply", [_S.TO_REPLY], _S.ELSEWHERE, takes="reply note"),
    _line("closed_elsewhere", [_S.ELSEWHERE], _S.CLOSED, takes="note"),
    _line("rework", [_S.TO_CLOSE, _S.TO_REPLY, _S.ELSEWHERE], _S.HANDLING, "reason"),
    _line("close", [_S.TO_CLOSE], _S.CLOSED, takes="note"),
    # Pressing.
    _line("urge", _OPEN, None, takes="note"),
    _line("supervise", _OPEN, None, "reason until"),
    _line("lift_supervision", _OPEN, None, "note"),
    _line("leader_assign", _OPEN, None, "reason", "until"),
    # Asking and answering.
    _line("ask_backup", _WORK, None, "reason"),
    _line("ask_department", _TASK, None, "assignee reason"),
    _line("ask_extension", _WORK, None, "reason"),
    _line("ask_suspension", [_S.HANDLING], None, "reason until"),
    _line("ask_force_close", _LATE, None, "reason"),
    _line("appeal_overdue", [_S.CLOSED], None, "reason"),
    _line("endorse", [*_LATE, _S.CLOSED], None, "request_id", "note"),
    _line("grant", _LATE, _S.CLOSED, "request_id", "note", "force_close"),
    _line("grant", [_S.HANDLING], _S.SUSPENDED, "request_id", "note", "suspension"),
    _line("grant", [_S.FILED], _S.DISPATCHED, "request_id", "note", "department"),
    _line("grant", _WORK, None, "request_id", "note", "department"),
    _line("grant", _WORK, None, "request_id assignee", "note", "backup"),
    _line("grant", _WORK, None, "request_id", "note", "extension"),
    _line("grant", [_S.CLOSED], None, "request_id", "note", "appeal"),
    _line("refuse", [*_LATE, _S.CLOSED], None, "request_id reason"),
    _line("withdraw_request", [*_LATE, _S.CLOSED], None, "request_id"),
    # Relations between cases.
    _line("link_recurrence", [_S.REPORTED, _S.FILED, *_WORK], None, "case_id"),
    _line("set_parent", _OPEN, None, "case_id"),
    _line("leave_parent", _OPEN, None),
)


def acts_in(state: State) -> list[Transition]:
    """The lines that the table knows in a state, in its order."""
    return [line for line in LIFECYCLE if state in line.sources]


#: Every act of the table, in its order.
ACTS: tuple[str, ...] = tuple(dict.fromkeys(line.act for line in LIFECYCLE))

#: The names of states and acts as people say them: zh-CN, English.
STATE_WORDS: dict[State, tuple[str, str]] = {
    _S.REPORTED: ("待立案", "Reported"),
    _S.VERIFYING: ("待核实", "To verify"),
    _S.FILED: ("待派遣", "To dispatch"),
    _S.DISPATCHED: ("待签收", "To accept"),
    _S.HANDLING: ("办理中", "Being handled"),
    _S.SUSPENDED: ("挂账", "Suspended"),
    _S.TO_CHECK: ("待核查", "To check"),
    _S.TO_REPLY: ("待回复", "To reply"),
    _S.ELSEWHERE: ("待上级核结", "With the platform"),
    _S.TO_CLOSE: ("待结案", "To close"),
    _S.CLOSED: ("已结案", "Closed"),
    _S.REJECTED: ("不予立案", "Rejected"),
    _S.JOINED: ("已并案", "Joined"),
    _S.CANCELLED: ("已撤销", "Cancelled"),
}
ACT_WORDS: dict[str, tuple[str, str]] = {
    "report": ("上报", "report"),
    "settle": ("现场办结", "settle on the spot"),
    "ask_verify": ("派核实", "ask to verify"),
    "verify": ("核实", "verify"),
    "file": ("立案", "file"),
    "sign": ("中心签收", "sign for"),
    "reject": ("不予立案", "reject"),
    "join": ("并案", "join"),
    "cancel": ("撤销", "cancel"),
    "reopen": ("重新办理", "reopen"),
    "dispatch": ("派遣", "dispatch"),
    "add_task": ("加派协办", "add a task"),
    "withdraw_task": ("撤回协办", "withdraw a task"),
    "told_by_radio": ("已对讲通知", "told by radio"),
    "designate": ("指定承办", "designate"),
    "accept": ("签收", "accept"),
    "under_way": ("出发", "under way"),
    "on_scene": ("到场", "on scene"),
    "report_back": ("办理反馈", "report back"),
    "send_back": ("回退", "send back"),
    "dispute": ("提请裁定", "dispute"),
    "resume": ("解除挂账", "resume"),
    "draw_checker": ("重抽核查人", "draw the checker again"),
    "check_pass": ("核查通过", "check: passed"),
    "check_fail": ("核查不通过", "check: failed"),
    "reply": ("回复上级", "reply"),
    "closed_elsewhere": ("上级已结案", "closed elsewhere"),
    "rework": ("返工", "rework"),
    "close": ("结案", "close"),
    "urge": ("催办", "urge"),
    "supervise": ("督办", "supervise"),
    "lift_supervision": ("督办销号", "lift supervision"),
    "leader_assign": ("领导交办", "assign by a leader"),
    "ask_backup": ("请求支援", "request backup"),
    "ask_department": ("提请部门", "request a department"),
    "ask_extension": ("申请延期", "request an extension"),
    "ask_suspension": ("申请挂账", "request suspension"),
    "ask_force_close": ("申请强制结案", "request a forced close"),
    "appeal_overdue": ("超期申诉", "appeal against overdue"),
    "endorse": ("初审同意", "endorse"),
    "grant": ("批准", "grant"),
    "refuse": ("驳回", "refuse"),
    "withdraw_request": ("撤回申请", "withdraw the request"),
    "link_recurrence": ("关联回潮", "link as recurrence"),
    "set_parent": ("设为子案", "make a part of another"),
    "leave_parent": ("解除子案", "detach"),
}
