"""Who is where: the crews that are on duty now, what they are at, and where they stand by."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from lianqin.accounts.principal import Principal, subdistrict_of
from lianqin.accounts.refusals import Refusal
from lianqin.accounts.runner import Command, Done
from lianqin.force import actions as force
from lianqin.force.models import Crew, StandBy
from lianqin.force.queries import crews, name_of, standing_by
from lianqin.force.rules import Spot
from lianqin.journal.queries import in_places
from lianqin.territory.models import Area, Site
from lianqin.territory.queries import district
from lianqin.worktime import bounds, label, shift_of

from .models import Case, Task
from .queries import labels_of_places
from .rows import clock, for_rows
from .standing import Names, name_of_spot, spot_names

Item = dict[str, Any]


def crews_now(principal: Principal, now: datetime) -> Item:
    """Crews of the reader's place that are on duty now, with their tasks, least time left first,
    where they stand by, and the spots that they may be sent to. A constant number of queries."""
    here, labels = district(), labels_of_places()
    duty = shift_of(now, here.tz)
    _, ends = bounds(duty.date, duty.shift, here.tz)
    found = list(crews(principal.scope).filter(shift=duty.shift.key))
    tasks = _tasks(found)
    stands = standing_by((crew.id for crew in found), now)
    spots = _spots({subdistrict_of(place) for place in principal.scope.places})
    names = spot_names(stand.code for stand in stands.values()) if stands else {}
    return {
        "shift": duty.shift.key,
        "label": {lang: label(duty.date, duty.shift, lang) for lang in ("zh", "en")},
        "ends_at": ends.isoformat(),
        "crews": [
            {
                "id": str(crew.id),
                "name": name_of(crew),
                "place": crew.place,
                "place_name": labels.get(crew.place, {"zh": crew.place, "en": crew.place}),
                "members": getattr(crew, "member_count", 0),
                "certified": getattr(crew, "certified_count", 0),
                "tasks": tasks[crew.id],
                "stand_by": _stand(stands.get(crew.id), names),
            }
            for crew in found
        ],
        "spots": spots,
    }


def _tasks(found: list[Crew]) -> dict[UUID, list[Item]]:
    """Open tasks by crew, those with the least time left first (two queries)."""
    rows = Task.objects.filter(crew__in=found, ended_at=None).exclude(state="reported_back")
    listed = list(rows.order_by("id"))
    cases = {c.id: c for c in for_rows(Case.objects.filter(id__in={t.case_id for t in listed}))}
    tasks: dict[UUID, list[Item]] = defaultdict(list)
    for task in sorted(listed, key=lambda one: _due(cases[one.case_id])):
        if task.crew_id is not None:
            tasks[task.crew_id].append(_task(task, cases[task.case_id]))
    return tasks


def _due(case: Case) -> float:
    return case.clock_due_at.timestamp() if case.clock_due_at else float("inf")


def _task(task: Task, case: Case) -> Item:
    kind = case.case_class
    steps = (task.on_scene_at, task.under_way_at, task.accepted_at, task.dispatched_at)
    return {
        "case_id": str(case.id),
        "number": case.number,
        "state": case.state,
        "class_name": {
            "zh": kind.name_zh if kind else case.service_name,
            "en": (kind.name_en or kind.name_zh) if kind else case.service_name,
        },
        "address": case.address,
        "lead": task.lead,
        "step": _step(task),
        "since": next(at for at in steps if at is not None).isoformat(),
        "clock": clock(case) if task.lead else None,
    }


def _step(task: Task) -> str:
    """The last thing that the crew said of its task."""
    if task.on_scene_at is not None:
        return "on_scene"
    if task.under_way_at is not None:
        return "under_way"
    return "accepted" if task.accepted_at is not None else "dispatched"


def _spots(subdistricts: set[str]) -> list[Item]:
    """Sites and communities of the subdistricts, by kind and name (two queries)."""
    sites = Site.objects.filter(in_places(subdistricts)).order_by("kind", "code")
    areas = Area.objects.filter(in_places(subdistricts), kind="community").defer("geometry")
    return [
        *({"kind": "site", "of": s.kind, "code": s.code, "name": name_of_spot(s), "place": s.place}
          for s in sites),
        *({"kind": "area", "of": a.kind, "code": a.code, "name": name_of_spot(a), "place": a.place}
          for a in areas.order_by("code")),
    ]  # fmt: skip


def _stand(stand: StandBy | None, names: Names) -> Item | None:
    if stand is None:
        return None
    code = {"zh": stand.code, "en": stand.code}
    return {
        "kind": stand.kind,
        "code": stand.code,
        "name": names.get((stand.kind, stand.code), code),
        "since": stand.since.isoformat(),
        "until": stand.until.isoformat(),
        "by": stand.moved_by.display_name,
    }


def move(command: Command, crew_id: UUID, kind: str | None, code: str) -> Done:
    """Tell a crew to stand by at a site or in an area by its code; without a kind, at its own
    centre again. Raises Refusal for a spot that the district does not have."""
    now, here = command.now.now(), district()
    duty = shift_of(now, here.tz)
    _, ends = bounds(duty.date, duty.shift, here.tz)
    to = _spot(kind, code) if kind else None
    return force.move_crew(command, crew_id, to, duty.shift.key, ends)


def _spot(kind: str, code: str) -> Spot:
    places = (Site if kind == "site" else Area).objects.filter(code=code)
    place = places.values_list("place", flat=True).first()
    if place is None:
        raise Refusal("spot_unknown", field="code", value=code)
    return Spot(kind, code, place)
