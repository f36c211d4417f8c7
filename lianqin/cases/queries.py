"""Every read on cases that a screen or export needs: limited to the reader's place, by keyset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, Q, QuerySet, Value

from lianqin.accounts.policy import Target, posts_for
from lianqin.accounts.principal import Principal, Scope
from lianqin.accounts.queries import names
from lianqin.accounts.refusals import NotHere, Refusal
from lianqin.catalogue.queries import units_on_duty
from lianqin.force.models import Crew
from lianqin.force.queries import crews, name_of, place_name, place_names, units_for
from lianqin.journal.models import Entry
from lianqin.journal.queries import in_places
from lianqin.territory.queries import district, office_names

from .lifecycle import OPEN, State
from .models import Case, CaseRequest
from .numbers import parse_number
from .rows import for_rows, receipt, row
from .rules import HIDDEN, sends_from
from .standing import stand_by_names

#: The most rows one page may have.
PAGE = 100


#: Tabs of the queue that are no state, and what each holds; `now` for what runs over.
TABS: dict[str, Callable[[datetime], Q]] = {
    "all": lambda now: Q(),
    "open": lambda now: Q(state__in=OPEN),
    "overdue": lambda now: _overdue(now),
    "supervised": lambda now: Q(state__in=OPEN, supervised_at__isnull=False),
    "assigned": lambda now: Q(state__in=OPEN, assigned_by_leader_at__isnull=False),
    "urged": lambda now: Q(state__in=OPEN, urged_count__gt=0),
    "hotline": lambda now: Q(state__in=OPEN, source="hotline"),
    "approvals": lambda now: Q(id__in=_asked_for()),
    "settled": lambda now: Q(settled=True),
}


def visible(scope: Scope) -> Q:
    """The condition that limits any list of cases to what the reader may see."""
    condition = in_places(scope.places)
    if scope.crews:
        condition |= Q(crew_id__in=scope.crews)
    if scope.units:
        condition |= Q(unit_id__in=scope.units)
    if scope.crews or scope.units:
        condition |= Q(side_hands__overlap=[*scope.crews, *scope.units])
    if scope.checks:
        condition |= in_places(scope.checks) & Q(state=State.VERIFYING.value)
    if scope.me:
        condition |= Q(state=State.TO_CHECK.value, checker_id=scope.me)
    return condition


def target_of(case: Case) -> Target:
    """The case as the policy sees it: where it lies and in whose hands, the lead's and others'."""
    beside = frozenset(case.side_hands)
    return Target(
        case.place,
        beside | ({case.crew_id} if case.crew_id else set()),
        beside | ({case.unit_id} if case.unit_id else set()),
    )


def tab(cases: QuerySet[Case], name: str, now: datetime) -> QuerySet[Case]:
    """Limit to one tab of the queue: a state or one of `TABS`.

    Raises Refusal for any other name: a slip of the pen must not show (or export) everything.
    """
    if name in TABS:
        return cases.filter(TABS[name](now))
    if name in {state.value for state in State}:
        return cases.filter(state=name)
    raise Refusal(
        "not_one_of", field="tab", expected=", ".join([*TABS, *(state.value for state in State)])
    )


def _overdue(now: datetime) -> Q:
    return Q(state__in=OPEN, clock_stopped_at=None, clock_due_at__lt=now, clock_paused_at=None)


def _asked_for() -> Any:
    """Cases on which something waits to be endorsed, granted or ruled on."""
    return CaseRequest.objects.filter(state__in=["asked", "endorsed"]).values("case_id")


def search(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Cases whose number is `text`, or whose class and address hold every word of it."""
    parsed = parse_number(text)
    if parsed is not None:
        return cases.filter(duty_date=parsed[0], serial=parsed[1])
    for word in text.split():
        if len(word) == 1:
            cases = cases.filter(search_text__icontains=word)
        else:
            pieces: Any = Func(Value(word), function="text_bigrams")
            cases = cases.filter(search__contains=pieces)
    return cases


def queue(
    scope: Scope, name: str, now: datetime, *, after: str = "", limit: int = 50, text: str = ""
) -> dict[str, Any]:
    """One page of a tab, newest first (three queries, however many cases there are)."""
    cases = search(tab(Case.objects.filter(visible(scope)), name, now), text.strip())
    if after:
        cases = cases.filter(id__lt=_cursor(after))
    limit = max(1, min(limit, PAGE))
    found = list(for_rows(cases).order_by("-id")[: limit + 1])
    shown = found[:limit]
    labels = labels_of_places()
    return {
        "items": [row(case, labels) for case in shown],
        "next": str(shown[-1].id) if len(found) > limit else None,
    }


def _cursor(after: str) -> UUID:
    try:
        return UUID(after)
    except ValueError as error:
        raise Refusal("uuid_needed", field="after") from error


def counts(scope: Scope, now: datetime) -> dict[str, int]:
    """How many open cases stand in each state and each special tab (one query)."""
    special = [name for name in TABS if name not in ("all", "open", "settled")]
    rows = (
        Case.objects.filter(visible(scope), state__in=OPEN)
        .values("state")
        .annotate(
            n=Count("id"), **{f"n_{name}": Count("id", filter=TABS[name](now)) for name in special}
        )
    )
    totals = dict.fromkeys([*OPEN, *special], 0)
    found: dict[str, Any]
    for found in rows:  # type: ignore[assignment]
        totals[found["state"]] = found["n"]
        for name in special:
            totals[name] += found[f"n_{name}"]
    return totals


def case_for(scope: Scope, case_id: UUID) -> Case:
    """The case, if the reader may see it; NotHere otherwise."""
    found = for_rows(Case.objects.filter(visible(scope), id=case_id)).first()
    if found is None:
        raise NotHere()
    return found


def answered(scope: Scope, answer: Mapping[str, Any], *, fresh: bool = False) -> dict[str, Any]:
    """The case that an act answered with: its row for whoever may see it, else a receipt.

    `fresh`: the act has been allowed this very moment, so that the row may be shown although the
    act took the case out of the actor's hands. Sent again later, the answer shows no more than
    any other reading would.
    """
    case_id = UUID(answer["case_id"])
    rows = for_rows(Case.objects.filter(id=case_id))
    seen = rows.first() if fresh else rows.filter(visible(scope)).first()
    case = seen or rows.get()
    shown = row(case, _labels_at(case.place))
    return shown if seen else receipt(shown, answer["state"], answer["version"])


def rows_by_id(ids: list[UUID]) -> dict[UUID, tuple[Case, dict[str, Any]]]:
    """Cases with their rows, for the stream: two queries for a whole batch of entries."""
    labels = labels_of_places()
    return {c.id: (c, row(c, labels)) for c in for_rows(Case.objects.filter(id__in=ids))}


def labels_of_places() -> dict[str, dict[str, str]]:
    """Names of places: the district's own desk, the subdistricts' offices, the centres."""
    here = district()
    desk = {"zh": f"{here.name_zh}联勤办", "en": f"{here.name_en} desk"}
    return {here.code: desk, **office_names(), **place_names()}


def _labels_at(place: str) -> dict[str, dict[str, str]]:
    """The name of one place: mostly a centre's, and then nothing else is read."""
    centre = place_name(place)
    return {place: centre} if centre else labels_of_places()


def last_act(case: Case, scope: Scope) -> dict[str, Any]:
    """Who did what last on a case: what the loser of a race is told, without a hidden name.

    An alert is nobody's act and was never in anybody's way.
    """
    acts = Entry.objects.filter(subject_id=case.id).exclude(act="clock_alert")
    entry = acts.order_by("-position").first()
    if entry is None:
        return {}
    hidden = entry.actor_role in HIDDEN and not scope.holds(case.place)
    return {
        "act": entry.act,
        "actor_name": "" if hidden else names([entry.actor_id]).get(str(entry.actor_id), ""),
        "recorded_at": entry.recorded_at.isoformat(),
    }


def candidates(
    principal: Principal,
    case: Case,
    today: date,
    act: str = "dispatch",
    at: datetime | None = None,
) -> list[dict[str, Any]]:
    """Crews and units that this person may name with an act, least busy first.

    Of the units those that the duty list gives the class here; where a ruling or a request may go
    beyond the list, all that answer for the place. With an instant, crews say where they were told
    to stand by then. A constant number of queries.
    """
    senders = Scope(
        places=frozenset(sends_from(post.role, post.place) for post in posts_for(principal, act))
    )
    open_by_crew = dict(
        Case.objects.filter(state__in=OPEN, crew__isnull=False)
        .values_list("crew_id")
        .annotate(n=Count("*"))
    )
    open_by_unit = dict(
        Case.objects.filter(state__in=OPEN, unit__isnull=False)
        .values_list("unit_id")
        .annotate(n=Count("*"))
    )
    subdistrict = "/".join(case.place.split("/")[:2])
    found: list[dict[str, Any]] = []
    if act != "ask_department":  # another department is asked for, no crew
        near = list(crews(senders).filter(in_places([subdistrict])))
        stands = stand_by_names((crew.id for crew in near), at) if at else {}
        found = [
            _candidate("crew", crew, open_by_crew.get(crew.id, 0), crew, stands.get(crew.id))
            for crew in near
        ]
    found.sort(key=lambda c: (c["place"] != case.place, c["open_tasks"]))
    listed = _on_duty(case, today) if act in ("dispatch", "add_task", "grant") else None
    found += [
        _candidate("unit", unit, open_by_unit.get(unit.id, 0))
        for unit in units_for(case.place)
        if listed is None or unit.id in listed
    ]
    return found


def _on_duty(case: Case, today: date) -> set[UUID]:
    if case.case_class_id is None:
        return set()
    return {line.unit_id for line in units_on_duty(case.case_class_id, case.place, today)}


def _candidate(
    kind: str,
    hands: Any,
    open_tasks: int,
    crew: Crew | None = None,
    stand_by: dict[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": str(hands.id),
        "name": name_of(hands),
        "place": crew.place if crew else hands.reach,
        "shift": crew.shift if crew else None,
        "members": getattr(hands, "member_count", None),
        "certified": getattr(hands, "certified_count", None),
        "open_tasks": open_tasks,
        "stand_by": stand_by,
    }


def photo_file(scope: Scope, photo_id: UUID) -> tuple[str, str]:
    """Content hash and type of a case's picture, if the reader may see the case."""
    found = (
        Case.objects.filter(visible(scope), photos__id=photo_id)
        .values_list("photos__file__view_sha256", "photos__file__type")
        .filter(photos__id=photo_id)
        .first()
    )
    if found is None:
        raise NotHere()
    return found[0], found[1]


def tasks_of(principal: Principal) -> QuerySet[Case]:
    """Cases that wait for this person: in their crew's or unit's hands, to verify or to check."""
    scope = principal.scope
    ours = [*scope.crews, *scope.units]
    hands = Q(crew_id__in=scope.crews) | Q(unit_id__in=scope.units) | Q(side_hands__overlap=ours)
    mine = hands & Q(state__in=[State.DISPATCHED.value, State.HANDLING.value])
    looks = in_places(scope.checks) & Q(state=State.VERIFYING.value)
    checks = Q(state=State.TO_CHECK.value, checker_id=scope.me) if scope.me else Q(pk__in=[])
    return for_rows(Case.objects.filter(mine | looks | checks)).order_by(
        F("clock_due_at").asc(nulls_last=True), "id"
    )[:100]
