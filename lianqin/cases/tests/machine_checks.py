"""What must be so after every step of the machine, whatever was done."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from lianqin.cases.clocks import clock_of
from lianqin.cases.lifecycle import LIFECYCLE, State
from lianqin.cases.models import Case, CaseRequest, StageClock, Task
from lianqin.cases.rules import responsible
from lianqin.cases.tests.machine_model import BODY, OPEN, WORK, Paper, inside
from lianqin.cases.tests.model_time import Watch
from lianqin.cases.tests.world import CENTRES, World
from lianqin.journal.models import Entry
from lianqin.territory.queries import calendar
from lianqin.worktime import used

ROLES = {
    "operator", "shift_leader", "commander", "collector", "assessor", "office_staff",
    "district_desk", "crew_member", "unit_liaison",
}  # fmt: skip
CREW_OF_DOUBLE = f"crew {CENTRES[0]}"
LINES = {
    (line.act, source.value, (line.target or source).value)
    for line in LIFECYCLE
    for source in line.sources
}


def is_in_the_table(act: str, before: str, after: str) -> None:
    """Only transitions of the table."""
    assert (act, before, after) in LINES


def looks_the_same(case: Case, paper: Paper, world: World, ids: dict[str, UUID]) -> None:
    """The real case is as the model's, and the model's rules on cases hold."""
    assert (case.state, case.version, case.changed_at) == (paper.state, paper.version, paper.at)
    holder = case.crew_id or case.unit_id
    assert holder == (ids[paper.holder.name] if paper.holder else None)
    _tasks(case, paper, ids)
    _requests(case, paper)
    _clocks(case, paper, world.clock.now())
    _journal(case, paper, ids)
    _checker(case, paper, world)


def _tasks(case: Case, paper: Paper, ids: dict[str, UUID]) -> None:
    rows = list(Task.objects.filter(case=case).order_by("id"))
    real = [(r.lead, r.crew_id or r.unit_id, r.ended_at is not None, r.extensions) for r in rows]
    assert real == [(j.lead, ids[j.hands.name], j.ended, j.extensions) for j in paper.jobs]
    live = [r.crew_id or r.unit_id for r in rows if r.ended_at is None]
    assert len(live) == len(set(live)), "somebody has two tasks"
    leads = [r for r in rows if r.lead and r.ended_at is None]
    in_hand = paper.state in WORK | {"suspended", "to_check", "to_reply", "elsewhere", "to_close"}
    assert len(leads) == (1 if in_hand else 0)
    assert set(case.side_hands) == {
        r.crew_id or r.unit_id for r in rows if not r.lead and r.ended_at is None
    }


def _requests(case: Case, paper: Paper) -> None:
    rows = CaseRequest.objects.filter(case=case).order_by("id")
    real = [(r.kind, {"asked": "open", "endorsed": "open"}.get(r.state, r.state)) for r in rows]
    assert real == [(r.kind, r.state) for r in paper.requests]


def _clocks(case: Case, paper: Paper, now: datetime) -> None:
    rows = list(StageClock.objects.filter(case=case).order_by("id"))
    days = None
    assert [row.stage for row in rows] == [watch.stage for watch, _ in paper.watches]
    for row, (watch, _) in zip(rows, paper.watches, strict=True):
        said = f"{row.stage} {watch} {row.spans}"
        doing = "stopped" if row.stopped_at else "paused" if row.paused_at else "running"
        assert doing == watch.doing, said
        assert (row.late, row.exempt) == (watch.late(), watch.exempt), said
        _in_order(row)
        if now.year == 2026:
            days = days or calendar()
            assert used(clock_of(row), now, days) == watch.used(now), said
        _due(row, watch, said)


def _due(row: StageClock, watch: Watch, said: str) -> None:
    if row.due_at is not None:
        # Asked about the instant at which it runs out, and of a clock at rest about its last one.
        assert watch.is_due(row.due_at), f"{said} {row.due_at}"
    else:
        ended = watch.runs[-1][1]
        assert ended is not None, said
        assert watch.used(ended) < watch.allowed, said


def _in_order(row: StageClock) -> None:
    """Spans run forward and do not overlap."""
    last = datetime.min.replace(tzinfo=row.started_at.tzinfo)
    for start, end in row.spans:
        begins = datetime.fromisoformat(start)
        assert begins >= last
        last = datetime.fromisoformat(end) if end else begins
        assert last >= begins
    assert all(end is not None for _, end in row.spans[:-1])


def _journal(case: Case, paper: Paper, ids: dict[str, UUID]) -> None:
    """One entry for each version; the axis of time is tiled, each tile with one body."""
    entries = list(Entry.objects.filter(subject_id=case.id).order_by("position"))
    assert [e.data["version"] for e in entries] == list(range(1, case.version + 1))
    assert entries[-1].data["to"] == case.state
    for earlier, later in zip(entries, entries[1:], strict=False):
        assert earlier.occurred_at <= later.occurred_at <= later.recorded_at + timedelta(days=1)
        assert later.data["from"] == earlier.data["to"]
    for entry in entries:
        state = entry.data["to"]
        body = BODY.get(state, "centre" if state in OPEN else "nobody")
        assert responsible(State(state)) == body
        if body == "hands" and entry is entries[-1]:
            assert (case.crew_id is None) is not (case.unit_id is None)
    _authority(entries, paper, ids)


def _authority(entries: list[Entry], paper: Paper, ids: dict[str, UUID]) -> None:
    """Nobody is sent without authority: on the duty list and in reach, or by a ruling or grant."""
    names = {str(found): name for name, found in ids.items()}
    for entry in entries:
        if "assignee" not in entry.data:
            continue
        hands = next(j.hands for j in paper.jobs if j.hands.name == names[entry.data["assignee"]])
        assert entry.act in ("dispatch", "add_task", "designate", "grant")
        assert hands.crew or inside(paper.place, hands.place), "beyond its reach"
        if entry.act in ("dispatch", "add_task") and not hands.crew:
            assert hands.name in paper.listed, "not on the duty list"


def _checker(case: Case, paper: Paper, world: World) -> None:
    """Whoever is drawn, and whoever checks, has found and handled nothing here."""
    if paper.checker:
        assert paper.state == "to_check"
        assert paper.checker.startswith(("collector@", "double")), "no collector"
        assert paper.checker not in paper.handlers
        assert paper.checker != "double" or CREW_OF_DOUBLE not in paper.crews
    names = {user.id: name for name, user in world.people.items()}
    last = Entry.objects.filter(subject_id=case.id).order_by("-position").first()
    if last is not None and last.act in ("check_pass", "check_fail"):
        assert names[last.actor_id] not in paper.finders | paper.handlers
        assert names[last.actor_id] != "double" or CREW_OF_DOUBLE not in paper.crews
