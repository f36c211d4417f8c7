"""Taking a notice: here, on the phone it was pushed to, or because it was said by radio."""

from __future__ import annotations

from uuid import UUID

from django.db.models.functions import Now

from lianqin.accounts.policy import Target
from lianqin.accounts.refusals import NotHere
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.notices.models import Matter, Notice, Step
from lianqin.notices.queries import origin_of

from .following import hush


def acknowledge(command: Command, notice_id: UUID, how: str) -> Done:
    """Take a notice. An alert is quiet from then on for everybody who was told, by whichever way;
    it is an act of the domain and has its entry. Information is only read: no entry.

    Raises NotHere for a notice that is somebody else's; taken twice is taken once.
    """

    def work(acting: Acting) -> Outcome:
        notice = Notice.objects.filter(id=notice_id, user_id=acting.principal.id).first()
        if notice is None:
            raise NotHere()
        matter = Matter.objects.select_for_update().get(id=notice.matter_id)
        post = acting.authorize(Target(matter.place, people=frozenset({notice.user_id})))
        notice.refresh_from_db()
        answer = {"id": str(notice.id), "acknowledged_how": notice.acknowledged_how or how}
        if notice.acknowledged_at is not None:
            return Outcome(None, answer)
        if matter.level == "info":
            _read(acting, notice, how)
            return Outcome(None, answer)
        if matter.ended_at is None:
            matter.ended_at, matter.outcome = acting.recorded_at, "acknowledged"
            matter.next_rung_at = None
            matter.save(update_fields=["ended_at", "outcome", "next_rung_at"])
        hush([matter.id], acting.recorded_at, how, acting.principal.id)
        data = {
            "how": how,
            "kind": matter.kind,
            "entry": matter.position,
            "rung": matter.rung,
            "case": str(matter.case_id) if matter.case_id else None,
        }
        origin = origin_of(matter.position)
        draft = acting.draft(post, ("notice", matter.id), data, place=matter.place, origin=origin)
        return Outcome(draft, answer)

    return perform(command, work)


def _read(acting: Acting, notice: Notice, how: str) -> None:
    at = acting.recorded_at
    Step.objects.filter(notice=notice, state="waiting").update(state="skipped", at=at)
    Notice.objects.filter(id=notice.id).update(
        acknowledged_at=at,
        acknowledged_how=how,
        acknowledged_by=acting.principal.id,
        touched_at=Now(),
    )
