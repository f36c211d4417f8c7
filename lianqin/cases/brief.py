"""日报: one duty date on one page, counted from the journal and the rows; two statements count.

What was done counts on the day on which it counts as done (`occurred_at`), whenever it was told.
What is open is as it was at the end of the duty date, or is now while that date still runs; of a
day that is over, a case that was closed and reopened since counts as open, and supervision that
was lifted since is not seen. Figures are of places and units, never of persons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Min, Q, QuerySet

from lianqin.accounts.principal import Scope
from lianqin.journal.queries import in_places
from lianqin.territory.models import District
from lianqin.territory.queries import district
from lianqin.worktime.shifts import duty_bounds, duty_date

from .models import Case, SecurityLead, ServiceRecord
from .queries import labels_of_places
from .rows import for_rows, row
from .rules import OUTCOMES

#: Cases that a list shows; the count beside it is whole.
LISTED = 50
#: Rows that did not happen; left out where the install is no demo.
MADE_UP = ("demo", "replay", "generated")

FIGURES = (
    "reports", "reported", "filed", "rejected", "dispatched", "closed", "on_time", "overdue",
    "exempted", "settled", "open", "open_overdue",
)  # fmt: skip
#: Counted once for the whole page.
ACTS = (
    "drawn", "passed", "failed", "joined", "cancelled", "reopened", "sent_back", "urged",
    "recurrences", *OUTCOMES,
)  # fmt: skip
_STANDING = ("open", "open_overdue", "supervised_open", "suspended_open")
_DONE = ("reports", "reported", "filed", "rejected", "dispatched", "closed", "overdue",
         "exempted", "settled", *ACTS)  # fmt: skip

_PLACES = "(c.place = ANY(%(exact)s) OR c.place LIKE ANY(%(below)s))"
_REAL = "(%(demo)s OR c.origin <> ALL(%(made_up)s))"
_KEYS = "c.source, c.place, cl.kind, left(cl.code, 2), max(cl.group_zh), max(cl.group_en)"

#: The day's acts, case by case, then by source, place and class group.
_ACTED = f"""
WITH said AS (
    SELECT subject_id, act, data->>'from' AS came, data->>'to' AS went,
           data->>'joined' AS joined, data->>'drawn' AS drawn, data->>'outcome' AS outcome
    FROM journal_entry
    WHERE occurred_at >= %(start)s AND occurred_at < %(end)s AND subject_kind = 'case'
), done AS (
    SELECT subject_id,
        count(*) FILTER (WHERE act IN ('report', 'settle')) AS reports,
        bool_or(act IN ('report', 'settle') AND joined IS NULL)::int AS reported,
        bool_or(act IN ('file', 'sign'))::int AS filed,
        bool_or(act = 'reject')::int AS rejected,
        bool_or(went = 'dispatched' AND (came <> went OR act = 'designate'))::int AS dispatched,
        bool_or(went = 'closed' AND came <> 'closed') AS closed,
        bool_or(act = 'settle' AND outcome IS DISTINCT FROM 'penalised')::int AS settled,
        bool_or(act = 'settle' AND drawn = 'true')::int AS drawn,
        bool_or(act = 'check_pass' AND went = 'closed')::int AS passed,
        bool_or(act = 'check_fail' AND went = 'filed')::int AS failed,
        bool_or(act = 'join')::int AS joined,
        bool_or(act = 'cancel')::int AS cancelled,
        bool_or(act = 'reopen')::int AS reopened,
        count(*) FILTER (WHERE act = 'send_back') AS sent_back,
        count(*) FILTER (WHERE act = 'urge') AS urged,
        bool_or(act = 'link_recurrence')::int AS recurrences,
        bool_or(outcome = 'educated')::int AS educated,
        bool_or(outcome = 'corrected')::int AS corrected,
        bool_or(outcome = 'penalised')::int AS penalised
    FROM said GROUP BY subject_id
), judged AS (
    SELECT d.*, c.id AS case_id, c.settled AS on_the_spot, k.ran_over, k.exempted
    FROM done d JOIN cases_case c ON c.id = d.subject_id
    LEFT JOIN LATERAL (
        SELECT bool_or(late AND NOT exempt) AS ran_over, bool_or(late AND exempt) AS exempted
        FROM cases_stageclock s WHERE d.closed AND s.case_id = c.id AND s.stage = 'handle'
    ) k ON true
    WHERE {_PLACES} AND {_REAL}
)
SELECT {_KEYS}, sum(j.reports), sum(j.reported), sum(j.filed), sum(j.rejected), sum(j.dispatched),
    count(*) FILTER (WHERE j.closed AND NOT j.on_the_spot),
    count(*) FILTER (WHERE j.closed AND NOT j.on_the_spot AND j.ran_over),
    count(*) FILTER (
        WHERE j.closed AND NOT j.on_the_spot AND j.exempted AND NOT j.ran_over
    ),
    sum(j.settled), sum(j.drawn), sum(j.passed), sum(j.failed), sum(j.joined), sum(j.cancelled),
    sum(j.reopened), sum(j.sent_back), sum(j.urged), sum(j.recurrences),
    sum(j.educated), sum(j.corrected), sum(j.penalised)
FROM judged j JOIN cases_case c ON c.id = j.case_id
LEFT JOIN catalogue_caseclass cl ON cl.id = c.case_class_id
GROUP BY c.source, c.place, cl.kind, left(cl.code, 2)
"""

#: A clock of the case that had run over by then, and was neither stopped nor held within its limit.
_RAN_OVER = """
EXISTS (SELECT FROM cases_stageclock s WHERE s.case_id = c.id AND s.due_at < %(before)s
        AND s.started_at < %(before)s AND (s.stopped_at IS NULL OR s.stopped_at >= %(before)s)
        AND (s.paused_at IS NULL OR s.paused_at > s.due_at))
"""
_STOOD = f"""
SELECT {_KEYS}, count(*), count(*) FILTER (WHERE {_RAN_OVER}),
    count(*) FILTER (WHERE c.supervised_at < %(before)s),
    count(*) FILTER (WHERE c.state = 'suspended')
FROM cases_case c LEFT JOIN catalogue_caseclass cl ON cl.id = c.case_class_id
WHERE c.reported_at < %(before)s AND (c.closed_at IS NULL OR c.closed_at >= %(before)s)
    AND {_PLACES} AND {_REAL}
GROUP BY c.source, c.place, cl.kind, left(cl.code, 2)
"""


@dataclass(frozen=True)
class Key:
    """What figures are told apart by."""

    source: str
    place: str
    kind: str | None
    group: str | None
    group_zh: str
    group_en: str


@dataclass(frozen=True)
class Day:
    """A duty date, as far as it has come; `before` is the first instant that is not looked at."""

    date: date
    start: datetime
    end: datetime
    as_of: datetime
    before: datetime
    demo: bool


Counted = dict[Key, dict[str, int]]


def today(now: datetime) -> date:
    """The duty date of an instant."""
    return duty_date(now, district().tz)


def brief(scope: Scope, on: date, now: datetime) -> dict[str, Any]:
    """The page of a duty date within the reader's places: ten queries, however much happened."""
    here, inside = district(), in_places(scope.places)
    day = _day(here, on, now)
    counted = _counted(scope, day)
    labels = labels_of_places()
    whole = _sum(counted.values())
    return {
        "duty_date": on.isoformat(),
        "from": day.start.isoformat(),
        "to": day.end.isoformat(),
        "as_of": day.as_of.isoformat(),
        "running": day.as_of < day.end,
        "demo": day.demo,
        "places": [labels.get(p, {"zh": p, "en": p}) for p in sorted(scope.places)],
        "total": _figures(whole),
        "by_source": _by_source(counted),
        "by_group": _by_group(counted),
        "by_centre": _by_centre(counted, labels),
        "settled": {
            "count": whole["settled"],
            **{name: whole[name] for name in ("drawn", "passed", "failed", *OUTCOMES)},
        },
        **{name: whole[name] for name in ACTS[3:] if name not in OUTCOMES},
        "supervised_open": whole["supervised_open"],
        "suspended_open": whole["suspended_open"],
        "service_records": _real(ServiceRecord.objects.filter(inside), day).count(),
        "security_leads": _real(SecurityLead.objects.filter(inside), day).count(),
        "overdue": {
            "count": whole["open_overdue"],
            "items": [row(case, labels) for case in _overdue(scope, day)],
        },
        "supervised": {
            "count": whole["supervised_open"],
            "items": [row(case, labels) for case in _supervised(scope, day)],
        },
    }


def _day(here: District, on: date, now: datetime) -> Day:
    start, end = duty_bounds(on, here.tz)
    before = min(end, now + timedelta(microseconds=1))
    return Day(on, start, end, min(end, now), before, here.demo)


def _counted(scope: Scope, day: Day) -> Counted:
    """What was done and what stood, by source, place and class group (two queries)."""
    names: dict[str, Any] = {
        "start": day.start,
        "end": day.end,
        "before": day.before,
        "exact": sorted(scope.places),
        "below": [_escaped(place) + "/%" for place in sorted(scope.places)],
        "demo": day.demo,
        "made_up": list(MADE_UP),
    }
    found: Counted = defaultdict(lambda: dict.fromkeys((*FIGURES, *ACTS, *_STANDING), 0))
    with connection.cursor() as cursor:
        for statement, columns in ((_ACTED, _DONE), (_STOOD, _STANDING)):
            cursor.execute(statement, names)
            for one in cursor.fetchall():
                source, place, kind, code, zh, en = one[:6]
                key = Key(source, place, kind, code, zh or "", en or zh or "")
                found[key] |= {n: int(v or 0) for n, v in zip(columns, one[6:], strict=True)}
    return found


def _escaped(place: str) -> str:
    """A place as LIKE takes it by the letter."""
    return place.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _sum(figures: Iterable[dict[str, int]]) -> dict[str, int]:
    total = dict.fromkeys((*FIGURES, *ACTS, *_STANDING), 0)
    for one in figures:
        for name, value in one.items():
            total[name] += value
    return total


def _figures(summed: dict[str, int]) -> dict[str, int]:
    """The figures that every line shows. On time is what is left of the closed ones: those that
    an appeal exempted are shown apart and are neither."""
    on_time = summed["closed"] - summed["overdue"] - summed["exempted"]
    return {**{name: summed[name] for name in FIGURES}, "on_time": on_time}


def _grouped(counted: Counted, by: Callable[[Key], Any]) -> dict[Any, dict[str, int]]:
    groups: dict[Any, list[dict[str, int]]] = defaultdict(list)
    for key, figures in counted.items():
        groups[by(key)].append(figures)
    return {name: _figures(_sum(figures)) for name, figures in groups.items()}


def _by_source(counted: Counted) -> list[dict[str, Any]]:
    grouped = _grouped(counted, lambda key: key.source)
    return [{"source": source, **grouped[source]} for source in sorted(grouped)]


def _by_group(counted: Counted) -> list[dict[str, Any]]:
    grouped = _grouped(counted, lambda key: (key.kind or "", key.group or ""))
    words = {(k.kind or "", k.group or ""): (k.group_zh, k.group_en) for k in counted}
    return [
        {
            "kind": kind or None,
            "code": code,
            "name": dict(zip(("zh", "en"), words[kind, code], strict=True)),
            **grouped[kind, code],
        }
        for kind, code in sorted(grouped)
    ]


def _by_centre(counted: Counted, labels: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    grouped = _grouped(counted, lambda key: key.place)
    return [
        {"place": place, "name": labels.get(place, {"zh": place, "en": place}), **grouped[place]}
        for place in sorted(grouped)
    ]


def _real(records: QuerySet[Any], day: Day) -> QuerySet[Any]:
    kept = records.filter(duty_date=day.date)
    return kept if day.demo else kept.exclude(origin__in=MADE_UP)


def _open(scope: Scope, day: Day) -> QuerySet[Case]:
    """Cases that were open at the end, as `_STOOD` counts them."""
    cases = for_rows(Case.objects.filter(in_places(scope.places), reported_at__lt=day.before))
    cases = cases.filter(Q(closed_at=None) | Q(closed_at__gte=day.before))
    return cases if day.demo else cases.exclude(origin__in=MADE_UP)


def _overdue(scope: Scope, day: Day) -> QuerySet[Case]:
    """Those of which a clock had run over, the longest first (one query)."""
    at = day.before
    ran_over = (
        Q(clocks__due_at__lt=at, clocks__started_at__lt=at)
        & (Q(clocks__stopped_at=None) | Q(clocks__stopped_at__gte=at))
        & (Q(clocks__paused_at=None) | Q(clocks__paused_at__gt=F("clocks__due_at")))
    )
    cases = _open(scope, day).annotate(ran_over=Min("clocks__due_at", filter=ran_over))
    return cases.filter(ran_over__isnull=False).order_by("ran_over", "id")[:LISTED]


def _supervised(scope: Scope, day: Day) -> QuerySet[Case]:
    """Those under supervision, the nearest date first (one query)."""
    cases = _open(scope, day).filter(supervised_at__lt=day.before)
    return cases.order_by(F("supervised_until").asc(nulls_last=True), "id")[:LISTED]
