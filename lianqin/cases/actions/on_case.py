"""What every act on a case has in common: find, lock, compare, decide, write, journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from lianqin.accounts.policy import Target
from lianqin.accounts.principal import Post, within
from lianqin.accounts.refusals import Conflict, NotHere, Refusal
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.cases.facts import facts_of
from lianqin.cases.models import Case, CasePhoto, Note, Task
from lianqin.cases.queries import last_act
from lianqin.cases.rules import Actor, Given, Refused, State, decide
from lianqin.files.actions import attach
from lianqin.journal.append import Stamp
from lianqin.territory.queries import replays_allowed
from lianqin.worktime import Counted, counted

#: Scopes that may say freely when something happened, and only in an install flagged demo.
FREE_TIME = frozenset({"replay", "seed"})


@dataclass
class Change:
    """An act under way: the locked case, who acts, when it counts, and what to journal."""

    acting: Acting
    case: Case
    post: Post
    when: Counted
    target: State = State.REPORTED
    data: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    also: list[UUID] = field(default_factory=list)


def on_case(
    command: Command,
    case_id: UUID,
    expected_version: int,
    apply: Callable[[Change], None],
    *,
    given: Given | None = None,
    note: str = "",
    prepare: Callable[[Change], Given] | None = None,
) -> Done:
    """Run one act on one case.

    `apply` changes rows once the rule has agreed; `prepare` reads what the rule needs beyond the
    case (the crew to send, the case to join) and returns it.
    Raises NotHere for a case outside the reader's place, Forbidden, Conflict, Refusal.
    """

    def work(acting: Acting) -> Outcome:
        case = _locked(acting, case_id)
        if case.version != expected_version:
            raise _conflict(acting, case, expected_version)
        post = acting.authorize(Target(case.place, case.crew_id, case.unit_id))
        change = Change(acting, case, post, effective(acting, case), note=note.strip())
        facts = prepare(change) if prepare else (given or Given())
        change.target = _decided(change, facts)
        came_from = case.state
        apply(change)
        return _written(change, came_from)

    return perform(command, work)


def _locked(acting: Acting, case_id: UUID) -> Case:
    """The case, its row locked; foreign and absent answer identically."""
    # What is searched never changes by an act, so it is neither read nor written again.
    rows = Case.objects.select_for_update(of=("self",)).defer("search", "search_text")
    case = rows.filter(id=case_id).first()
    if case is None or not (_visible(acting, case) or _was_party(acting, case)):
        raise NotHere()
    return case


def _visible(acting: Acting, case: Case) -> bool:
    return acting.principal.scope.covers(
        case.place, state=case.state, crew=case.crew_id, unit=case.unit_id
    )


def _was_party(acting: Acting, case: Case) -> bool:
    """Whether the case was in this person's hands until somebody was quicker: they are told what
    happened (a conflict) instead of finding the case gone."""
    principal = acting.principal
    return any(within(case.place, place) for place in principal.scope.checks) or (
        Task.objects.filter(case=case)
        .filter(Q(crew_id__in=principal.crews) | Q(unit_id__in=principal.units))
        .exists()
    )


def effective(acting: Acting, case: Case | None) -> Counted:
    """The instant at which the act counts (house rules on time)."""
    free = bool(FREE_TIME & acting.principal.scopes) and replays_allowed()
    previous = case.changed_at if case else None
    return counted(acting.command.occurred_at, acting.recorded_at, previous, free=free)


def _conflict(acting: Acting, case: Case, expected: int) -> Conflict:
    return Conflict(
        yours={"act": acting.command.act, "expected_version": expected},
        theirs={
            "state": case.state,
            "version": case.version,
            **last_act(case, acting.principal.scope),
        },
    )


def _decided(change: Change, given: Given) -> State:
    case, principal = change.case, change.acting.principal
    actor = Actor(
        principal.id, change.post.place, change.post.role, principal.crews, principal.units
    )
    try:
        return decide(change.acting.command.act, facts_of([case])[case.id], actor, given)
    except Refused as refused:
        raise Refusal(refused.code, field=refused.field, **refused.params) from refused


def _written(change: Change, came_from: str) -> Outcome:
    case, acting = change.case, change.acting
    case.state = change.target.value
    case.version += 1
    case.changed_at = change.when.at
    case.save()
    data: Mapping[str, Any] = {
        "from": came_from,
        "to": case.state,
        "version": case.version,
        **change.data,
        **({"also": [str(i) for i in change.also]} if change.also else {}),
    }
    note = Note(case=case, text=change.note)
    draft = acting.draft(
        change.post,
        ("case", case.id),
        data,
        place=case.place,
        when=change.when,
        origin=case.origin,
        texts=[change.note],
        salt=note.salt,
    )
    if change.note:
        note.entry_id = draft.id
        note.save(force_insert=True)
    answer = {
        "case_id": str(case.id),
        "number": case.number,
        "state": case.state,
        "version": case.version,
    }
    return Outcome(draft, answer, Stamp("cases_case", (case.id, *change.also)))


def lead_task(case: Case) -> Task:
    """The case's lead task in force; the lifecycle guarantees there is one where it is asked."""
    return Task.objects.select_for_update().get(case=case, lead=True, ended_at=None)


def add_photos(change: Change, file_ids: list[UUID], stage: str) -> None:
    """Attach the actor's own uploads to the case."""
    if not file_ids:
        return
    for stored in attach(change.acting.principal, file_ids):
        CasePhoto.objects.create(
            case=change.case, file=stored, stage=stage, recorded_at=change.acting.recorded_at
        )
    change.case.photo_count += len(file_ids)
    change.data["photos"] = len(file_ids)
