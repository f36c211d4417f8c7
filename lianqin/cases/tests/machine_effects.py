"""What comes of an act in the model, and how its clocks follow; see `machine_model`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from .machine_model import (
    ASKS,
    LEVEL,
    LIVES,
    OPEN,
    STAGES,
    Asked,
    Extra,
    Hands,
    Job,
    Paper,
    Person,
    watch_for,
)
from .machine_rules import job_of

#: States that an act always leads to; the others are said by what it does.
LEADS = {
    "ask_verify": "verifying", "verify": "reported", "file": "filed", "sign": "filed",
    "reject": "rejected", "join": "joined", "cancel": "cancelled", "dispatch": "dispatched",
    "resume": "handling", "reply": "elsewhere", "closed_elsewhere": "closed",
    "rework": "handling", "close": "closed", "check_pass": "to_close", "check_fail": "handling",
}  # fmt: skip


def do(act: str, case: Paper, who: Person, at: datetime, x: Extra) -> None:
    """Change the model's case as the act changes the real one."""
    before = case.state
    case.state = LEADS.get(act, before)
    effect = _EFFECTS.get(act)
    if effect is not None:
        effect(case, who, at, x)
    if act in ASKS:
        about = ASKS[act] in ("extension", "suspension", "backup")
        job = job_of(case, who, x) if about else None
        case.requests.append(Asked(ASKS[act], who.name, job, x.get("hands")))
    _lapse(case)
    _turn(case, before, at)
    case.version += 1
    case.at = at


def begin(case: Paper, at: datetime) -> None:
    """The clock of the state in which a case begins."""
    _turn(case, "", at)


def _lapse(case: Paper) -> None:
    for asked in case.requests:
        gone = asked.job is not None and asked.job.ended
        if asked.state == "open" and (case.state not in LIVES[asked.kind] or gone):
            asked.state = "lapsed"


def _turn(case: Paper, before: str, at: datetime) -> None:
    if case.state == before:
        return
    if case.state not in OPEN:
        for watch, _ in case.watches:
            if not watch.stopped:
                watch.stop(at)
        return
    if before in STAGES:
        left = case.watch(None, STAGES[before][0])
        if left is not None and case.state == "verifying":
            left.hold(at)
        elif left is not None:
            left.stop(at)
    if case.state in STAGES:
        stage, value, working = STAGES[case.state]
        held = case.watch(None, stage)
        if held is None:
            held = watch_for(stage, (value, "minute"))
            held.working = working
            case.watches.append((held, None))
        held.run(at)


def _limit(case: Paper, at: datetime) -> tuple[int, str] | None:
    if case.deadline is not None:
        return max(1, ceil((case.deadline - at) / timedelta(minutes=1))), "minute"
    return case.exact


def _start(case: Paper, job: Job, at: datetime) -> None:
    limit = _limit(case, at)
    if limit is not None:
        case.watches.append((watch_for("handle", limit).run(at), job))


def _lead(case: Paper, hands: Hands, at: datetime, joint: tuple[int, str] | None = None) -> None:
    case.state, case.holder = "dispatched", hands
    job = Job(hands, True, at)
    case.jobs.append(job)
    mine = [pair for pair in case.returned if pair[0].hands == hands]
    if mine and case.deadline is None:
        old, stood = mine[-1]
        job.extensions = old.extensions
        watch = watch_for("handle", (1, "minute"))
        watch.minutes, watch.working = stood.minutes, stood.working
        watch.runs, watch.added = list(stood.runs), stood.added
        case.watches.append((watch.run(at), job))
    else:
        _start(case, job, at)
    if joint is not None:
        case.watches.append((watch_for("joint", joint).run(at), job))


def _beside(case: Paper, hands: Hands, at: datetime) -> None:
    job = Job(hands, False, at)
    case.jobs.append(job)
    _start(case, job, at)


def _end(case: Paper, job: Job, at: datetime) -> None:
    job.ended = True
    for watch, of in case.watches:
        if of is job and not watch.stopped:
            watch.stop(at)


def _rest(case: Paper, job: Job, at: datetime) -> None:
    for watch, of in case.watches:
        if of is job and not watch.stopped:
            if watch.stage == "handle" and case.deadline is not None:
                watch.stop(at)
            else:
                watch.hold(at)


def _go_on(case: Paper, job: Job, at: datetime) -> None:
    for watch, of in case.watches:
        if of is job and watch.doing == "paused":
            watch.run(at)
    if case.deadline is not None:
        _start(case, job, at)


def _to_hands(case: Paper, at: datetime) -> None:
    assert case.lead is not None
    case.lead.reported = False
    _go_on(case, case.lead, at)


def _report_back(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    job = job_of(case, who, x)
    assert job is not None
    case.handlers.add(who.name)
    if not job.lead:
        _end(case, job, at)
        return
    job.reported = True
    _rest(case, job, at)
    case.replied = case.replied or x["reply"]
    case.state = "to_reply" if case.foreign else "to_check"


def _send_back(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    job = job_of(case, who, x)
    assert job is not None
    watch = case.watch(job, "handle")
    _end(case, job, at)
    if job.lead:
        for other in case.live:
            _end(case, other, at)
        if watch is not None:
            case.returned.append((job, watch))
        case.returns += 1
        case.state, case.holder = "filed", None


def _accept(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    job = job_of(case, who, x)
    assert job is not None
    job.accepted = job.was_accepted = True
    case.handlers.add(who.name)
    case.state = "handling" if job.lead else case.state


def _mark(word: str) -> Callable[[Paper, Person, datetime, Extra], None]:
    def effect(case: Paper, who: Person, at: datetime, x: Extra) -> None:
        job = job_of(case, who, x)
        assert job is not None
        job.said.add(word)

    return effect


def _designate(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    case.level = LEVEL[who.role]
    dispute = case.asked("dispute")
    if dispute is not None:
        dispute.state = "granted"
    if case.holder == x["hands"]:
        return
    for job in case.live:
        if job.lead or job.hands == x["hands"]:
            _end(case, job, at)
    _lead(case, x["hands"], at)


def _reopen(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    if case.state == "rejected":
        case.state, case.verified = "reported", None
    else:
        case.state = "filed"
    case.holder, case.returns, case.level = None, 0, 0
    case.returned.clear()


def _over(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    for job in case.live:
        job.ended = True


def _file(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    case.exact = case.standard if x["standard"] and case.standard else case.limit


def _verify(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    case.verified = x["found"]


def _check_fail(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    _to_hands(case, at)


def _join(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    x["other"].finders |= case.finders


def _suspend(case: Paper, asked: Asked, who: Person, at: datetime, x: Extra) -> None:
    case.state = "suspended"
    for job in case.live:
        _rest(case, job, at)


def _resume(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    for job in case.live:
        _go_on(case, job, at)


def _extend(case: Paper, asked: Asked, who: Person, at: datetime, x: Extra) -> None:
    assert asked.job is not None
    asked.job.extensions += 1
    watch = case.watch(asked.job, "handle")
    if watch is not None:
        watch.added += 1


def _department(case: Paper, asked: Asked, who: Person, at: datetime, x: Extra) -> None:
    assert asked.unit is not None
    if case.state == "filed":
        _lead(case, asked.unit, at)
    else:
        _beside(case, asked.unit, at)


def _force(case: Paper, asked: Asked, who: Person, at: datetime, x: Extra) -> None:
    case.state = "closed"
    _over(case, who, at, x)


def _exempt(case: Paper, asked: Asked, who: Person, at: datetime, x: Extra) -> None:
    for watch, _ in case.watches:
        watch.exempt = watch.exempt or watch.late()


_GRANTED = {
    "extension": _extend,
    "suspension": _suspend,
    "department": _department,
    "force_close": _force,
    "appeal": _exempt,
    "backup": lambda case, asked, who, at, x: _beside(case, x["hands"], at),
}


def _grant(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    asked: Asked = x["request"]
    asked.state = "granted"
    _GRANTED[asked.kind](case, asked, who, at, x)


def _becomes(state: str) -> Callable[[Paper, Person, datetime, Extra], None]:
    def effect(case: Paper, who: Person, at: datetime, x: Extra) -> None:
        x["request"].state = state

    return effect


def _endorse(case: Paper, who: Person, at: datetime, x: Extra) -> None:
    x["request"].endorsed_by = who.name


def _set(name: str, value: Callable[[Extra], object]) -> Callable[..., None]:
    return lambda case, who, at, x: setattr(case, name, value(x))


_EFFECTS: dict[str, Callable[[Paper, Person, datetime, Extra], None]] = {
    "verify": _verify,
    "file": _file,
    "sign": _file,
    "join": _join,
    "cancel": _over,
    "reopen": _reopen,
    "dispatch": lambda case, who, at, x: _lead(case, x["hands"], at, x["joint"]),
    "add_task": lambda case, who, at, x: _beside(case, x["hands"], at),
    "withdraw_task": lambda case, who, at, x: _end(case, x["job"], at),
    "designate": _designate,
    "accept": _accept,
    "under_way": _mark("under_way"),
    "on_scene": _mark("on_scene"),
    "report_back": _report_back,
    "send_back": _send_back,
    "resume": _resume,
    "check_fail": _check_fail,
    "rework": _check_fail,
    "reply": _set("replied", lambda x: True),
    "closed_elsewhere": _over,
    "close": _over,
    "supervise": _set("supervised", lambda x: True),
    "lift_supervision": _set("supervised", lambda x: False),
    "endorse": _endorse,
    "grant": _grant,
    "refuse": _becomes("refused"),
    "withdraw_request": _becomes("withdrawn"),
    "link_recurrence": _set("recurs", lambda x: True),
    "set_parent": _set("parent", lambda x: x["other"]),
    "leave_parent": _set("parent", lambda x: None),
}
