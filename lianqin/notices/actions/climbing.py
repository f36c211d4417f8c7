"""Climbing: what nobody has taken goes to the next person, and at the end into the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from lianqin.accounts.policy import Target
from lianqin.accounts.principal import Principal
from lianqin.accounts.runner import Acting, Command, Outcome, perform, request_hash
from lianqin.notices import rules
from lianqin.notices.models import Matter
from lianqin.notices.queries import delays_on, origin_of
from lianqin.worktime.now import NowSource

from .following import Telling, holders_on, tell

#: Namespace of the keys of ladders that ended with nobody.
KEYS = UUID("0a2f6f0e-7d0c-5a51-8f6b-4f8f6a2d9c11")
BATCH = 50


def climb(telling: Telling, who: Callable[[], Principal], now: NowSource) -> tuple[int, int]:
    """Take every ladder on whose next rung has come; returns how many climbed and how many ended
    because nobody was left. `who` gives the account under which that is written."""
    due = Matter.objects.filter(next_rung_at__lte=telling.now).order_by("next_rung_at", "id")
    climbed = ended = 0
    for matter_id in due.values_list("id", flat=True)[:BATCH]:
        if _up(matter_id, telling):
            climbed += 1
        else:
            ended += give_up(matter_id, who(), now)
    return climbed, ended


def _up(matter_id: UUID, telling: Telling) -> bool:
    """One rung up; False when there is none or nobody on it."""
    with transaction.atomic():
        matter = _locked(matter_id, telling.now)
        if matter is None:
            return True  # taken in the meantime, or another loop is at it
        matter.rung += 1
        if not rules.audiences(matter.kind, matter.rung):
            return False
        today = telling.around.today(telling.now)
        holders = holders_on(today)
        awake = telling.around.on_duty({h.user_id for h in holders}, telling.now)
        return tell(matter, telling, holders, awake, delays_on(today))


def _locked(matter_id: UUID, now: datetime) -> Matter | None:
    rows = Matter.objects.select_for_update(skip_locked=True)
    return rows.filter(id=matter_id, ended_at=None, next_rung_at__lte=now).first()


def give_up(matter_id: UUID, who: Principal, now: NowSource) -> bool:
    """Write that an alert climbed to its end and nobody took it; whether it was written. The
    notices stay open: the next who looks finds them."""
    key = uuid5(KEYS, str(matter_id))
    told = request_hash("notice_unanswered", matter_id)
    command = Command(who, "notice_unanswered", key, told, now=now)

    def work(acting: Acting) -> Outcome:
        matter = Matter.objects.select_for_update().get(id=matter_id)
        post = acting.authorize(Target(matter.place))
        if matter.ended_at is not None:
            return Outcome(None, {"ended": False})
        matter.ended_at, matter.outcome = acting.recorded_at, "nobody"
        matter.next_rung_at = None
        matter.save(update_fields=["ended_at", "outcome", "next_rung_at"])
        data = {
            "kind": matter.kind,
            "entry": matter.position,
            "case": str(matter.case_id) if matter.case_id else None,
            "told": matter.notices.count(),
        }
        origin = origin_of(matter.position)
        draft = acting.draft(post, ("notice", matter.id), data, place=matter.place, origin=origin)
        return Outcome(draft, {"ended": True})

    done = perform(command, work)
    return bool(done.answer["ended"]) and not done.replayed
