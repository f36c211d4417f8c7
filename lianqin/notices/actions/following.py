"""Reading the journal: from entries to matters, notices and steps, exactly once for each entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from lianqin.accounts.models import Posting
from lianqin.journal.models import Entry
from lianqin.journal.queries import entries_after, head
from lianqin.notices import rules
from lianqin.notices.around import Around, CaseFacts
from lianqin.notices.models import Follower, Matter, Notice, Step
from lianqin.notices.queries import delays_on

NAME = "notices"
#: Entries read in one transaction.
BATCH = 200
#: Of an entry's data what tells a matter apart; all of it codes and numbers.
_KEPT = ("task", "request", "stage", "share", "until", "clock", "kind")


@dataclass(frozen=True)
class Telling:
    """What it takes to tell people: the rooms above, the ways there are, the present."""

    around: Around
    ways: Collection[str]
    now: datetime


def follow(telling: Telling, limit: int = BATCH) -> int:
    """Read the next entries and raise what they call for, in one transaction with the position
    reached; returns how many were read. The first time ever it begins at the journal's end: nobody
    is told of what was before. Whoever is killed here leaves an entry either read or unread.
    """
    known = Follower.objects.filter(name=NAME).first()
    if known is not None and known.position == head():
        return 0
    with transaction.atomic():
        Follower.objects.get_or_create(name=NAME, defaults={"position": head()})
        place = Follower.objects.select_for_update().get(name=NAME)
        entries = entries_after(place.position, limit)
        if not entries:
            return 0
        _read(telling, entries)
        place.position = entries[-1].position
        place.save(update_fields=["position"])
    return len(entries)


def _read(telling: Telling, entries: list[Entry]) -> None:
    wanted = {e.subject_id for e in entries if e.subject_kind == "case"}
    cases = telling.around.cases(wanted) if wanted else {}
    tasks = {UUID(str(t)) for e in entries if (t := e.data.get("task"))}
    hands = telling.around.hands_of(tasks) if tasks else {}
    open_ones = list(Matter.objects.filter(case_id__in=wanted, ended_at=None)) if wanted else []
    raised: list[tuple[Matter, Entry]] = []
    for entry in entries:
        told = [m for m, _ in raised if m.case_id == entry.subject_id]
        for matter in [*open_ones, *told]:
            if matter.case_id == entry.subject_id and matter.ended_at is None:
                _quiet_by(matter, entry, telling.now)
        made = _matter(entry, cases.get(entry.subject_id), hands, telling.now)
        if made is not None:
            raised.append((made, entry))
    Matter.objects.bulk_create([m for m, _ in raised])
    ended = [m for m in open_ones if m.ended_at is not None]
    for matter in ended:
        matter.save(update_fields=["ended_at", "outcome", "next_rung_at"])
    hush([m.id for m in ended], telling.now)
    _tell_all(telling, [(m, e) for m, e in raised if m.ended_at is None])


def _quiet_by(matter: Matter, entry: Entry, now: datetime) -> None:
    if entry.position <= matter.position:
        return
    if rules.quiets(matter.kind, matter.params, entry.act, entry.data):
        matter.ended_at, matter.outcome, matter.next_rung_at = now, "acted", None


def hush(
    matters: Collection[UUID], now: datetime, how: str = "acted", by: UUID | None = None
) -> None:
    """Nobody is told any more of these matters, and whoever was sees that they are taken."""
    if not matters:
        return
    Step.objects.filter(notice__matter__in=matters, state="waiting").update(state="skipped", at=now)
    Notice.objects.filter(matter__in=matters, acknowledged_at=None).update(
        acknowledged_at=now, acknowledged_how=how, acknowledged_by=by, touched_at=Now()
    )


def _matter(
    entry: Entry, case: CaseFacts | None, tasks: dict[UUID, UUID], now: datetime
) -> Matter | None:
    kind = rules.kind_of(entry.act, entry.data)
    if kind is None or (entry.subject_kind == "case" and case is None):
        return None
    if entry.origin == "replay" or (case and case.origin == "replay"):
        return None  # a replay has no present, and so nobody to be told now
    return Matter(
        position=entry.position,
        kind=kind,
        level=rules.RULES[kind].level,
        place=entry.place,
        case_id=case.id if case else None,
        case_number=case.number if case else "",
        params=_params(entry, case),
        hands=[str(i) for i in _hands(entry, case, tasks)],
        raised_at=now,
    )


def _params(entry: Entry, case: CaseFacts | None) -> dict[str, Any]:
    kept = {name: entry.data[name] for name in _KEPT if entry.data.get(name) is not None}
    if case and case.class_zh:
        kept |= {"class_zh": case.class_zh, "class_en": case.class_en or case.class_zh}
    if entry.subject_kind != "case":
        kept["subject"] = str(entry.subject_id)
    return kept


def _hands(entry: Entry, case: CaseFacts | None, tasks: dict[UUID, UUID]) -> Iterable[UUID]:
    if entry.data.get("assignee"):
        return [UUID(entry.data["assignee"])]
    if entry.subject_kind == "crew":
        return [entry.subject_id]
    task = UUID(str(entry.data["task"])) if entry.data.get("task") else None
    if task in tasks:
        return [tasks[task]]
    return case.hands if case else ()


def _tell_all(telling: Telling, raised: list[tuple[Matter, Entry]]) -> None:
    if not raised:
        return
    holders = holders_on(telling.around.today(telling.now))
    everybody = {h.user_id for h in holders}
    awake = telling.around.on_duty(everybody, telling.now)
    delays = delays_on(telling.around.today(telling.now))
    for matter, entry in raised:
        tell(matter, telling, holders, awake, delays, doer=entry.actor_id)


def holders_on(today: Any) -> list[rules.Holder]:
    """Every post in force of an account that is active (one query)."""
    rows = Posting.objects.filter(Q(dates__contains=today), user__is_active=True)
    rows = rows.exclude(role__in=["clock", "replayer", "reporter_client"]).order_by("user_id", "id")
    values = rows.values_list("user_id", "role", "place", "crew_id", "unit_id")
    return [rules.Holder(*row) for row in values]


def tell(
    matter: Matter,
    telling: Telling,
    holders: list[rules.Holder],
    awake: frozenset[UUID],
    delays: rules.Delays,
    doer: UUID | None = None,
) -> bool:
    """Tell the first rung from the matter's on at which somebody is on duty; whether there was
    one. `doer` is whoever did what it is about."""
    subject = matter.params.get("subject")
    rung, found = rules.people(
        matter.kind,
        matter.rung,
        matter.place,
        [UUID(i) for i in matter.hands],
        UUID(subject) if subject else None,
        holders,
        awake,
        str(matter.params.get("stage", "")),
        doer,
    )
    matter.rung = rung
    known = set(matter.notices.values_list("user_id", flat=True)) if rung else set()
    notices = [
        Notice(matter=matter, user_id=user, rung=rung, raised_at=telling.now)
        for user in found
        if user not in known
    ]
    Notice.objects.bulk_create(notices)
    Step.objects.bulk_create([s for n in notices for s in _steps(n, matter, telling, delays)])
    if matter.level == "alert":
        wait = delays.next if found else 0
        matter.next_rung_at = telling.now + timedelta(seconds=wait)
    matter.save(update_fields=["rung", "next_rung_at"])
    return bool(found)


def _steps(
    notice: Notice, matter: Matter, telling: Telling, delays: rules.Delays
) -> Iterable[Step]:
    for planned in rules.steps(matter.level, telling.now, delays, telling.ways):
        here = planned.way == "page"
        yield Step(
            notice=notice,
            way=planned.way,
            due_at=planned.at,
            state="sent" if here else "waiting",
            at=planned.at if here else None,
        )
