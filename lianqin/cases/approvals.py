"""What waits for this person's word: requests to answer, and disputes to rule on."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from lianqin.accounts.principal import Principal
from lianqin.journal.queries import in_places
from lianqin.territory.queries import district

from .detail import offered, photo_out, request_out
from .facts import around_of, facts_of, moment, shifted
from .models import Case, CaseRequest, Note, Task
from .queries import labels_of_places
from .rows import assignee, clock, for_rows, row

#: The most requests that one answer holds, the oldest first.
MOST = 100
Item = dict[str, Any]
_ANSWERS = ("endorse", "grant", "refuse")
_OPEN = Q(state__in=["asked", "endorsed"])


def approvals(principal: Principal, now: datetime) -> dict[str, Any]:
    """Open requests of the reader's place that this person may answer now, with what has to be
    known for it; a dispute that they may rule on comes without an answer here. A constant number
    of queries."""
    rows = list(
        CaseRequest.objects.filter(_OPEN, in_places(principal.scope.places))
        .select_related("asked_by", "endorsed_by", "decided_by", "unit")
        .order_by("id")[: MOST + 1]
    )
    by_case: dict[UUID, list[CaseRequest]] = defaultdict(list)
    for one in rows[:MOST]:
        by_case[one.case_id].append(one)
    cases = list(
        for_rows(Case.objects.filter(id__in=by_case)).prefetch_related("reports", "photos__file")
    )
    facts, around, zone = facts_of(cases, now), around_of(now), district().tz
    labels, words, extended = labels_of_places(), _reasons(rows), _extended(rows)
    items: list[Item] = []
    for case in cases:
        then = shifted(around, moment(case, now), zone)
        acts = [act for line in offered(principal, case, facts[case.id], then) for act in line]
        shown = _case(case, labels)
        for one in by_case[case.id]:
            answers = _answers(one, acts)
            if answers is not None:
                request = request_out(one, words.get(one.asked_entry, ""))
                more = extended.get(one.task_id, 0) if one.task_id else 0
                items.append({"request": request, **shown, "extensions": more, "acts": answers})
    items.sort(key=lambda item: str(item["request"]["id"]))
    return {"items": items, "more": len(rows) > MOST}


def _case(case: Case, labels: dict[str, dict[str, str]]) -> Item:
    return {
        "case": row(case, labels),
        "clock": clock(case),
        "assignee": assignee(case),
        "description": next((r.description for r in case.reports.all() if r.description), ""),
        "photos": [photo_out(p) for p in case.photos.all()],
    }


def _reasons(rows: list[CaseRequest]) -> dict[UUID, str]:
    entries = Note.objects.filter(entry_id__in=[one.asked_entry for one in rows])
    return dict(entries.values_list("entry_id", "text"))


def _extended(rows: list[CaseRequest]) -> dict[UUID, int]:
    tasks = Task.objects.filter(id__in=[one.task_id for one in rows if one.task_id])
    return dict(tasks.values_list("id", "extensions"))


def _answers(one: CaseRequest, acts: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """The answers that this person may give; None for a request that is not theirs."""
    if one.kind == "dispute":
        return [] if any(act["act"] == "designate" for act in acts) else None
    found = [a for a in acts if a["act"] in _ANSWERS and a["request_id"] == str(one.id)]
    return found or None
