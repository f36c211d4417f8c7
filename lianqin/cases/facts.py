"""What the rules need to know about cases, read from the rows and the journal in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from lianqin.accounts.queries import served_in
from lianqin.force.queries import members_of
from lianqin.journal.models import Entry
from lianqin.territory.queries import district
from lianqin.worktime import duty_date

from .models import Case, Task
from .rules import Facts, State

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


def facts_of(cases: Iterable[Case]) -> dict[UUID, Facts]:
    """The cases as the rules see them, by id.

    Who found and who handled a case is asked only where it waits for a check or for closing,
    because only there a rule asks; that costs a constant number of queries.
    """
    listed = list(cases)
    to_check = [case.id for case in listed if case.state == State.TO_CHECK]
    judged = to_check + [case.id for case in listed if case.state == State.TO_CLOSE]
    finders = _finders(to_check) if to_check else {}
    handlers = _handlers(judged) if judged else {}
    mates = _mates(to_check) if to_check else {}
    return {
        case.id: Facts(
            id=case.id,
            state=State(case.state),
            place=case.place,
            has_class=case.case_class_id is not None,
            crew_id=case.crew_id,
            unit_id=case.unit_id,
            finders=frozenset(finders.get(case.id, ())),
            handlers=frozenset(handlers.get(case.id, ())),
            mates=frozenset(mates.get(case.id, ())),
        )
        for case in listed
    }


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
    rows = Entry.objects.filter(subject_id__in=ids, act__in=["accept", "report_back"])
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
