"""What the rules need to know about cases, read from the rows and the journal in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from lianqin.accounts.queries import served_in
from lianqin.catalogue.queries import practice
from lianqin.catalogue.rules import Way
from lianqin.force.models import Member
from lianqin.force.queries import members_of
from lianqin.journal.models import Entry
from lianqin.territory.queries import district
from lianqin.worktime import duty_date

from .lifecycle import ENDED, LIFECYCLE, OPEN, State
from .models import Case, CaseRequest, StageClock, Task
from .rules import Around, Facts, RequestFacts, Served, TaskFacts

#: States from which a case may be closed, the usual way or by force.
_LATE = frozenset(
    source.value for line in LIFECYCLE if line.target is State.CLOSED for source in line.sources
)

People = dict[UUID, set[UUID]]

#: Reports of a case and of every case that joined it, however many joins deep.
_FINDERS = """
WITH RECURSIVE family (root, id) AS (
    SELECT id, id FROM cases_case WHERE id = ANY(%s)
    UNION
    SELECT f.root, c.id FROM family f JOIN cases_case c ON c.joined_into_id = f.id
)
SELECT DISTINCT f.root, r.sender_id FROM family f JOIN cases_report r ON r.case_id = f.id
"""


def facts_of(cases: Iterable[Case], at: datetime) -> dict[UUID, Facts]:
    """The cases as the rules see them at an instant, by id; a constant number of queries.

    Who found and who handled a case is asked only where it waits for a check or for closing,
    because only there a rule asks.
    """
    listed = list(cases)
    to_check = [case.id for case in listed if case.state == State.TO_CHECK]
    judged = to_check + [case.id for case in listed if case.state == State.TO_CLOSE]
    closing = [case.id for case in listed if case.state in _LATE]
    closed = [case.id for case in listed if case.state == State.CLOSED]
    finders = _finders(to_check) if to_check else {}
    handlers = _handlers(judged) if judged else {}
    mates = _mates(to_check) if to_check else {}
    tasks = _tasks(listed, at)
    requests, before = _requests(listed)
    parts = _open_parts(closing) if closing else set()
    overdue = _overdue(closed) if closed else set()
    return {
        case.id: replace(
            _of_the_row(case),
            open_children=case.id in parts,
            tasks=tuple(tasks[case.id]),
            requests=tuple(requests[case.id]),
            was_suspended="suspension" in before[case.id],
            was_overdue=case.id in overdue,
            appealed="appeal" in before[case.id],
            finders=frozenset(finders.get(case.id, ())),
            handlers=frozenset(handlers.get(case.id, ())),
            mates=frozenset(mates.get(case.id, ())),
        )
        for case in listed
    }


def _of_the_row(case: Case) -> Facts:
    """What stands in the case's own row."""
    return Facts(
        id=case.id,
        state=State(case.state),
        place=case.place,
        way=way_of(case),
        has_class=case.case_class_id is not None,
        verified=case.verified,
        has_reply=bool(case.reply_text),
        settled=case.settled,
        supervised=case.supervised_at is not None,
        crew_id=case.crew_id,
        unit_id=case.unit_id,
        checker_id=case.checker_id,
        parent_id=case.parent_id,
        recurs=case.recurrence_of_id is not None,
        send_backs=case.send_backs,
        designated=case.designated,
    )


def way_of(case: Case) -> Way:
    """Who performs the stages of this case, as it was on the day of its report."""
    return Way(
        case.source,
        case.verify_first,
        case.filed_by,  # type: ignore[arg-type]
        case.checked_by,  # type: ignore[arg-type]
        case.closed_by,  # type: ignore[arg-type]
        case.replies,
    )


def around_of(at: datetime) -> Around:
    """The local date and hour of an instant, and the district's practice on that date."""
    local = at.astimezone(district().tz)
    return Around(at, local.date(), local.hour, practice(local.date()))


def moment(case: Case, now: datetime) -> datetime:
    """The present of a case: a replayed one lives in the replay's time."""
    return case.changed_at if case.origin == "replay" else now


def shifted(around: Around, at: datetime, tz: ZoneInfo) -> Around:
    """The same practice at another instant."""
    local = at.astimezone(tz)
    return Around(at, local.date(), local.hour, around.practice)


def involved(case_id: UUID) -> set[UUID]:
    """Whoever found or handled a case, or served in the crew or unit that did."""
    ids = [case_id]
    return _finders(ids)[case_id] | _handlers(ids)[case_id] | _mates(ids)[case_id]


def _tasks(cases: list[Case], at: datetime) -> dict[UUID, list[TaskFacts]]:
    """Tasks in force, the lead first, and whether their time has run out (two queries)."""
    found: dict[UUID, list[TaskFacts]] = defaultdict(list)
    ids = [case.id for case in cases if case.state not in ENDED]
    tasks = list(Task.objects.filter(case_id__in=ids, ended_at=None).order_by("-lead", "id"))
    clocks = StageClock.objects.filter(task__in=tasks, stage="handle", stopped_at=None)
    due = dict(clocks.values_list("task_id", "due_at")) if tasks else {}
    for task in tasks:
        ends = due.get(task.id)
        found[task.case_id].append(
            TaskFacts(
                id=task.id,
                lead=task.lead,
                state=task.state,
                dispatched_at=task.dispatched_at,
                crew_id=task.crew_id,
                unit_id=task.unit_id,
                extensions=task.extensions,
                overdue=ends is not None and ends < at,
                under_way=task.under_way_at is not None,
                on_scene=task.on_scene_at is not None,
            )
        )
    return found


def _requests(
    cases: list[Case],
) -> tuple[dict[UUID, list[RequestFacts]], dict[UUID, set[str]]]:
    """Open requests, and the kinds that were granted or (an appeal) decided (one query)."""
    found: dict[UUID, list[RequestFacts]] = defaultdict(list)
    before: dict[UUID, set[str]] = defaultdict(set)
    for row in CaseRequest.objects.filter(case_id__in=[case.id for case in cases]).order_by("id"):
        if row.state in ("asked", "endorsed"):
            facts = RequestFacts(
                row.id, row.kind, row.asked_by_id, row.endorsed_by_id, row.task_id, row.unit_id
            )
            found[row.case_id].append(facts)
        elif row.state == "granted" or (row.kind == "appeal" and row.state == "refused"):
            before[row.case_id].add(row.kind)
    return found, before


def _open_parts(ids: list[UUID]) -> set[UUID]:
    rows = Case.objects.filter(parent_id__in=ids, state__in=OPEN).values_list("parent_id")
    return {parent for (parent,) in rows if parent}


def _overdue(ids: list[UUID]) -> set[UUID]:
    rows = StageClock.objects.filter(case_id__in=ids, late=True, exempt=False)
    return set(rows.values_list("case_id", flat=True))


def _finders(ids: list[UUID]) -> People:
    found: People = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_FINDERS, [ids])
        for case_id, sender_id in cursor.fetchall():
            found[case_id].add(sender_id)
    return found


def _handlers(ids: list[UUID]) -> People:
    """Everybody who ever accepted or reported back: the task itself keeps only the last."""
    found: People = defaultdict(set)
    rows = Entry.objects.filter(subject_id__in=ids, act__in=["accept", "report_back", "settle"])
    for case_id, actor_id in rows.values_list("subject_id", "actor_id"):
        found[case_id].add(actor_id)
    return found


def _mates(ids: list[UUID]) -> People:
    """Everybody who served in a crew or unit while it had accepted the case: a new posting since
    then makes nobody neutral."""
    found: People = defaultdict(set)
    tasks = list(Task.objects.filter(case_id__in=ids, accepted_at__isnull=False))
    crews = {task.crew_id for task in tasks if task.crew_id}
    units = {task.unit_id for task in tasks if task.unit_id}
    postings = served_in(crews, units)
    members = members_of(crews)
    tz = district().tz
    for task in tasks:
        first = duty_date(task.dispatched_at, tz)
        end: datetime | None = task.ended_at or task.reported_back_at
        last = end.astimezone(tz).date() if end else date.max
        found[task.case_id] |= {
            p.user_id
            for p in postings.get(task.crew_id or task.unit_id, ())
            if (p.dates.lower or date.min) <= last and first < (p.dates.upper or date.max)
        }
        found[task.case_id] |= members.get(task.crew_id, set())
    return found


def served_as(member: Member) -> Served:
    """Somebody of a crew as the law looks at them."""
    dates = member.certificate_dates
    last = dates.upper - timedelta(days=1) if dates and dates.upper else None
    return Served(member.kind, bool(member.certificate), dates.lower if dates else None, last)
