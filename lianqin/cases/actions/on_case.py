"""What every act on a case has in common: find, lock, compare, decide, write, journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q

from lianqin.accounts.principal import Post, within
from lianqin.accounts.refusals import Conflict, NotHere, Refusal
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.cases.clocks import turn
from lianqin.cases.facts import around_of, facts_of
from lianqin.cases.lifecycle import State
from lianqin.cases.models import Case, CasePhoto, Note, Task
from lianqin.cases.queries import last_act, target_of
from lianqin.cases.rules import Actor, Around, Facts, Given, Refused, decide, lapsing, task_of
from lianqin.files.actions import attach
from lianqin.journal.append import Stamp
from lianqin.journal.models import Entry
from lianqin.territory.queries import calendar, replays_allowed
from lianqin.worktime import Calendar, Counted, Device, counted, machine_now

#: Scopes that may say freely when something happened, and only in an install flagged demo.
FREE_TIME = frozenset({"replay", "seed"})
#: The scope of the loop of the clocks: its instants are reckoned from the rows and nobody's claim,
#: so they count however late it gets to them. No token can have it.
RECKONED = "clock"


@dataclass(frozen=True)
class Said:
    """What came with an act. Every act takes some of it; the lifecycle's table says which."""

    class_key: tuple[str, str] | None = None
    standard_id: UUID | None = None
    reason: str = ""
    note: str = ""
    reply: str = ""
    photos: tuple[UUID, ...] = ()
    photos_before: tuple[UUID, ...] = ()
    case_id: UUID | None = None
    assignee: tuple[str, UUID] | None = None
    task_id: UUID | None = None
    request_id: UUID | None = None
    duty_line_id: UUID | None = None
    until: date | None = None
    limit: tuple[int, str] | None = None
    found: bool | None = None
    means: str = ""

    def given(self) -> Given:
        """What the rules need to know of it before anything is looked up."""
        names = {"class_key": "class"}
        there = {
            names.get(f.name, f.name)
            for f in fields(self)
            if (value := getattr(self, f.name)) is not None
            and (value.strip() if isinstance(value, str) else value) not in ("", ())
        }
        return Given(
            frozenset(there),
            task_id=self.task_id,
            request_id=self.request_id,
            assignee_id=self.assignee[1] if self.assignee else None,
            until=self.until,
            found=self.found,
            means=self.means,
        )


@dataclass
class Change:
    """An act under way: the locked case, who acts, when it counts, what was said and what the
    rules made of it, and what to journal."""

    acting: Acting
    case: Case
    post: Post
    when: Counted
    said: Said
    around: Around
    facts: Facts
    given: Given
    target: State = State.REPORTED
    data: dict[str, Any] = field(default_factory=dict)
    also: list[UUID] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    held: frozenset[UUID] = frozenset()
    entry_id: UUID | None = None

    @cached_property
    def _calendar(self) -> Calendar:
        return calendar()

    def days(self) -> Calendar:
        """The district's calendar, read once and only where a clock needs it."""
        return self._calendar

    @property
    def actor(self) -> Actor:
        """Who acts, as the rules see them."""
        who = self.acting.principal
        return Actor(who.id, self.post.place, self.post.role, who.crews, who.units)

    def task(self) -> Task:
        """The task that the act is about."""
        try:
            facts = task_of(self.facts, self.actor, self.given)
        except Refused as refused:  # what no rule looked at before
            raise Refusal(refused.code, field=refused.field, **refused.params) from refused
        self.data["task"] = str(facts.id)
        return Task.objects.select_for_update().get(id=facts.id)


Write = Callable[[Change], None]
Look = Callable[[Change], Given]
VERBS: dict[str, Write] = {}
LOOKS: dict[str, Look] = {}


def verb(write: Write) -> Write:
    """Register what an act writes once the rules have agreed; the function's name is the act's."""
    VERBS[write.__name__] = write
    return write


def looks_at(*acts: str) -> Callable[[Look], Look]:
    """Register what is read for the rules beyond the case itself (the crew to send, the case to
    join); what was found is kept in `change.found`."""

    def register(look: Look) -> Look:
        LOOKS.update(dict.fromkeys(acts, look))
        return look

    return register


def act(command: Command, case_id: UUID, expected_version: int, said: Said | None = None) -> Done:
    """Do `command.act` on one case.

    Raises NotHere for a case outside the reader's place, Forbidden, Conflict, Refusal.
    """
    write = VERBS[command.act]

    def work(acting: Acting) -> Outcome:
        change = _begun(acting, case_id, expected_version, said or Said())
        came_from = State(change.case.state)
        change.case.state = change.target.value
        write(change)
        _let_lapse(change)
        turn(change.case, came_from, change.when.at, change.around.today, change.days)
        return _written(change, came_from)

    return perform(command, work)


def _begun(acting: Acting, case_id: UUID, expected_version: int, said: Said) -> Change:
    case = _locked(acting, case_id, expected_version)
    if case.version != expected_version:
        raise _conflict(acting, case, expected_version)
    post = acting.authorize(target_of(case))
    when = effective(acting, case)
    around = around_of(when.at)
    facts = facts_of([case], when.at)[case.id]
    change = Change(
        acting, case, post, when, said, around, facts, said.given(), held=frozenset(_held(case))
    )
    try:
        look = LOOKS.get(acting.command.act)
        if look is not None:
            change.given = look(change)
        change.target = decide(acting.command.act, change.facts, change.actor, change.given, around)
    except Refused as refused:
        raise Refusal(refused.code, field=refused.field, **refused.params) from refused
    return change


def _locked(acting: Acting, case_id: UUID, expected_version: int) -> Case:
    """The case, its row locked; foreign and absent answer identically.

    Who has lost it is told so once, by the conflict; who knows that is told no more.
    """
    # What is searched never changes by an act, so it is neither read nor written again.
    rows = Case.objects.select_for_update(of=("self",)).defer("search", "search_text")
    case = rows.filter(id=case_id).first()
    if case is None:
        raise NotHere()
    at_home = any(within(case.place, place) for place in acting.principal.scope.checks)
    late = case.version != expected_version and _was_party(acting, case)
    if not (_visible(acting, case) or at_home or late):
        raise NotHere()
    return case


def _held(case: Case) -> set[UUID]:
    """The crews and units that the case is with."""
    return {*case.side_hands, *filter(None, (case.crew_id, case.unit_id))}


def _visible(acting: Acting, case: Case) -> bool:
    return acting.principal.scope.covers(
        case.place,
        state=case.state,
        crew=case.crew_id,
        unit=case.unit_id,
        beside=case.side_hands,
        checker=case.checker_id,
    )


def _was_party(acting: Acting, case: Case) -> bool:
    """Whether the case was in this person's hands until somebody was quicker: they are told what
    happened (a conflict) instead of finding the case gone."""
    principal = acting.principal
    ours = Q(crew_id__in=principal.crews) | Q(unit_id__in=principal.units)
    return _was_drawn(principal.scope.me, case) or (
        Task.objects.filter(case=case).filter(ours).exists()
    )


def _was_drawn(me: UUID | None, case: Case) -> bool:
    if me is None:
        return False
    entries = Entry.objects.filter(subject_id=case.id, data__was_drawn=str(me))
    return me == case.checker_id or entries.exists()


def free_time(acting: Acting) -> bool:
    """Whether this is a replay: it says when things happened, and only in a demo install."""
    return bool(FREE_TIME & acting.principal.scopes) and replays_allowed()


def effective(acting: Acting, case: Case | None) -> Counted:
    """The instant at which the act counts (house rules on time)."""
    free = RECKONED in acting.principal.scopes or free_time(acting)
    previous = case.changed_at if case else None
    told = acting.command.device
    device = Device(told, machine_now(acting.command.now)) if told else None
    return counted(
        acting.command.occurred_at, acting.recorded_at, previous, free=free, device=device
    )


def _conflict(acting: Acting, case: Case, expected: int) -> Conflict:
    return Conflict(
        yours={"act": acting.command.act, "expected_version": expected},
        theirs={
            "state": case.state,
            "version": case.version,
            **last_act(case, acting.principal.scope),
        },
    )


def _let_lapse(change: Change) -> None:
    """Requests that mean nothing where the case stands now are over, and so are those for a task
    that has ended."""
    asked = change.facts.requests
    if not asked:
        return
    tasks = [r.task_id for r in asked if r.task_id is not None]
    ended = set(
        Task.objects.filter(id__in=tasks, ended_at__isnull=False).values_list("id", flat=True)
    )
    gone = [r.id for r in lapsing(change.target, asked, ended)]
    if gone:
        change.case.requests.filter(id__in=gone, state__in=["asked", "endorsed"]).update(
            state="lapsed", decided_at=change.when.at
        )


def _written(change: Change, came_from: State) -> Outcome:
    case, acting = change.case, change.acting
    case.version += 1
    case.changed_at = change.when.at
    case.save()
    said = change.said
    text = "\n".join(filter(None, (w.strip() for w in (said.reason, said.note, said.reply))))
    data: Mapping[str, Any] = {
        "from": came_from.value,
        "to": case.state,
        "version": case.version,
        **change.data,
        **_lost(change),
        **({"also": [str(i) for i in change.also]} if change.also else {}),
    }
    note = Note(case=case, text=text)
    draft = acting.draft(
        change.post,
        ("case", case.id),
        data,
        place=case.place,
        when=change.when,
        origin=case.origin,
        texts=[text],
        salt=note.salt,
    )
    if change.entry_id is not None:
        draft = replace(draft, id=change.entry_id)
    if text:
        note.entry_id = draft.id
        note.save(force_insert=True)
    answer = {
        "case_id": str(case.id),
        "number": case.number,
        "state": case.state,
        "version": case.version,
    }
    return Outcome(draft, answer, Stamp("cases_case", (case.id, *change.also)))


def _lost(change: Change) -> dict[str, Any]:
    """Who has the case no more: screens of theirs are told, and who comes late is told why."""
    case = change.case
    found: dict[str, Any] = {}
    left = change.held - _held(case)
    if left:
        found["left"] = sorted(str(hands) for hands in left)
    if change.facts.checker_id not in (None, case.checker_id):
        found["was_drawn"] = str(change.facts.checker_id)
    return found


def add_photos(change: Change, file_ids: tuple[UUID, ...], stage: str) -> None:
    """Attach the actor's own uploads to the case."""
    if not file_ids:
        return
    for stored in attach(change.acting.principal, list(file_ids)):
        CasePhoto.objects.create(
            case=change.case, file=stored, stage=stage, recorded_at=change.acting.recorded_at
        )
    change.case.photo_count += len(file_ids)
    change.data["photos"] = change.data.get("photos", 0) + len(file_ids)
