"""The model's own account of what may be done on a case; see `machine_model`."""

from __future__ import annotations

from datetime import datetime, timedelta

from .machine_model import (
    ACTS,
    ASKS,
    DESK,
    GRANTS,
    HANDLERS,
    LEVEL,
    OPEN,
    TWICE,
    Asked,
    Extra,
    Hands,
    Job,
    Paper,
    Person,
    inside,
    night,
    today,
)


def may(act: str, case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    """Whether that person may do the act on the case at an instant, with what comes along."""
    states, roles = ACTS[act]
    if case.state not in states or who.role not in roles or not _reaches(act, case, who):
        return False
    if act in ASKS and case.asked(ASKS[act]):
        return False
    special = _SPECIAL.get(act)
    return special is None or special(case, who, at, x)


def _reaches(act: str, case: Paper, who: Person) -> bool:
    if who.role in HANDLERS:
        beside = {job.hands.name for job in case.live if not job.lead}
        return who.hands in beside | ({case.holder.name} if case.holder else set())
    if who.role == "collector" and act.startswith("check"):
        return True
    return inside(case.place, who.place)


def job_of(case: Paper, who: Person, x: Extra) -> Job | None:
    """The task that is meant: the one named, one's own, the lead's."""
    named: Job | None = x.get("job")
    mine = [job for job in case.live if job.hands.name == who.hands]
    if named is not None:
        fits = named in case.live and (who.role not in HANDLERS or named in mine)
        return named if fits else None
    return mine[0] if mine else case.lead


def _commands(who: Person, hands: Hands) -> bool:
    zone = "/".join(who.place.split("/")[:2]) if who.role == "commander" else who.place
    return inside(hands.place, zone)


def _goes(case: Paper, who: Person, hands: Hands) -> bool:
    if hands.crew:
        office = "/".join(case.place.split("/")[:2])
        return _commands(who, hands) and inside(hands.place, office)
    return inside(case.place, hands.place) and hands.name in case.listed


def _free(case: Paper, hands: Hands) -> bool:
    return all(job.hands != hands for job in case.live)


def _own_find(case: Paper) -> bool:
    return not case.doubtful and not case.foreign


def _verify(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    fitting = {"look"} if who.role == "collector" else {"video", "call"}
    return not _own_find(case) and x["means"] in fitting


def _file(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    looked = case.verified is True or (case.verified is None and not case.doubtful)
    return not case.foreign and looked and (case.standard is None or x["standard"])


def _designate(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    hands = x["hands"]
    fits = _commands(who, hands) if hands.crew else inside(case.place, hands.place)
    return LEVEL[who.role] > case.level and fits


def _accept(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    job = job_of(case, who, x)
    return job is not None and not job.accepted and (not job.lead or case.state == "dispatched")


def _mark(word: str):  # type: ignore[no-untyped-def]
    def rule(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
        job = job_of(case, who, x)
        return job is not None and word not in job.said

    return rule


def _report_back(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    job = job_of(case, who, x)
    if job is None or not job.accepted:
        return False
    return not job.lead or (case.state == "handling" and len(case.live) == 1)


def _send_back(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    job = job_of(case, who, x)
    if job is None or at - job.sent > timedelta(hours=2):
        return False
    return not job.lead or (case.level == 0 and case.returns < 2)


def _dispute(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    job = job_of(case, who, x)
    return job is not None and job.lead and case.level < 3


def _check(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    if who.name in case.handlers | case.finders or who.hands in case.crews - {""}:
        return False
    if who.name == case.checker:
        return True
    if night(at) and who.role in DESK:
        return bool(x["means"] == "video")
    return not case.checker and who.role in ("commander", "district_desk")


def _whole(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    return not any(part.state in OPEN for part in x["parts"](case))


def _close(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    return who.name not in case.handlers and _whole(case, who, at, x)


def _extension(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    job = job_of(case, who, x)
    if job is None or job.extensions >= 2:
        return False
    watch = case.watch(job, "handle")
    return watch is None or not watch.spent(at)


def _suspension(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    job = job_of(case, who, x)
    days = (x["until"] - today(at)).days
    return job is not None and job.lead and not case.granted("suspension") and 0 < days <= 365


def _appeal(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    heard = any(r.kind == "appeal" and r.state in ("granted", "refused") for r in case.requests)
    return not heard and any(w.late() and not w.exempt for w, _ in case.watches)


def _answers(act: str, asked: Asked, who: Person) -> bool:
    """Who asked may take it back and no more; two levels for more time; a dispute is ruled on."""
    if act == "withdraw_request":
        return asked.by == who.name
    if asked.by == who.name or asked.kind == "dispute":
        return False
    first = asked.kind in TWICE and not asked.endorsed_by
    if act == "endorse":
        return first
    if act == "grant":
        return not first and asked.endorsed_by != who.name and who.role in GRANTS[asked.kind]
    at_first = {"shift_leader", "commander"} if first else set()
    return who.role in GRANTS[asked.kind] | at_first


def _decision(act: str):  # type: ignore[no-untyped-def]
    def rule(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
        asked: Asked = x["request"]
        if asked.state != "open" or asked not in case.requests or not _answers(act, asked, who):
            return False
        if act == "grant" and asked.kind == "backup":
            return _goes(case, who, x["hands"]) and _free(case, x["hands"])
        if act == "grant" and asked.kind == "department" and asked.unit is not None:
            return _free(case, asked.unit)
        if act == "grant" and asked.kind == "force_close":
            return _whole(case, who, at, x)
        return True

    return rule


def _to_open(case: Paper, who: Person, at: datetime, x: Extra) -> bool:
    return x["other"] is not case and x["other"].state in OPEN


_SPECIAL = {
    "ask_verify": lambda case, who, at, x: not _own_find(case),
    "verify": _verify,
    "file": _file,
    "sign": lambda case, who, at, x: case.foreign,
    "join": _to_open,
    "dispatch": lambda case, who, at, x: _goes(case, who, x["hands"]),
    "add_task": lambda case, who, at, x: _goes(case, who, x["hands"]) and _free(case, x["hands"]),
    "withdraw_task": lambda case, who, at, x: x["job"] in case.live and not x["job"].lead,
    "designate": _designate,
    "accept": _accept,
    "under_way": _mark("under_way"),
    "on_scene": _mark("on_scene"),
    "report_back": _report_back,
    "send_back": _send_back,
    "dispute": _dispute,
    "check_pass": _check,
    "check_fail": _check,
    "reply": lambda case, who, at, x: case.source != "hotline" or case.replied or x["reply"],
    "close": _close,
    "cancel": _whole,
    "closed_elsewhere": _whole,
    "supervise": lambda case, who, at, x: x["until"] >= today(at),
    "lift_supervision": lambda case, who, at, x: case.supervised,
    "ask_department": lambda case, who, at, x: (
        not x["hands"].crew and inside(case.place, x["hands"].place) and _free(case, x["hands"])
    ),
    "ask_force_close": lambda case, who, at, x: not case.foreign,
    "ask_backup": lambda case, who, at, x: job_of(case, who, x) is not None,
    "ask_extension": _extension,
    "ask_suspension": _suspension,
    "appeal_overdue": _appeal,
    **{act: _decision(act) for act in ("endorse", "grant", "refuse", "withdraw_request")},
    "link_recurrence": lambda case, who, at, x: (
        x["other"] is not case and x["other"].state == "closed" and not case.recurs
    ),
    "set_parent": lambda case, who, at, x: (
        _to_open(case, who, at, x)
        and case.parent is None
        and x["other"].parent is None
        and not x["parts"](case)
    ),
    "leave_parent": lambda case, who, at, x: case.parent is not None,
}
