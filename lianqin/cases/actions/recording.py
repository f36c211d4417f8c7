"""便民服务 and 治安线索: small records of their own, one entry each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lianqin.accounts.policy import Target
from lianqin.accounts.principal import Post
from lianqin.accounts.refusals import NotHere, Refusal
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.cases.models import SecurityLead, ServiceRecord
from lianqin.cases.records import visible_records
from lianqin.journal.append import Stamp
from lianqin.territory.queries import Spot, area_by_code, district, locate
from lianqin.worktime import Counted, duty_date

from .on_case import effective

_SERVICE, _LEAD = "service_record", "security_lead"


@dataclass(frozen=True)
class NewRecord:
    """What was done or noticed, and where. `handed_to` and `police_number` belong to a lead."""

    text: str
    address: str = ""
    spot: Spot | None = None
    area_code: str = ""
    handed_to: str = ""
    police_number: str = ""


def record_service(command: Command, new: NewRecord) -> Done:
    """Keep a record of help given to a citizen. Raises Refusal for one that says nothing and for
    an unknown area."""
    return perform(command, _recording(_SERVICE, new, lambda given: ServiceRecord(**given)))


def record_lead(command: Command, new: NewRecord) -> Done:
    """Keep a record of a lead handed to the police, and under which number of theirs if it is
    known yet. Raises Refusal as `record_service`, and where the police body is not named."""
    if not new.handed_to:
        raise Refusal("police_body_needed", field="handed_to")

    def make(given: dict[str, Any]) -> SecurityLead:
        return SecurityLead(**given, handed_to=new.handed_to, police_number=new.police_number)

    return perform(command, _recording(_LEAD, new, make))


def note_lead_number(command: Command, lead_id: UUID, number: str) -> Done:
    """Note the police's own number on a lead that had none yet; once only.

    Raises NotHere for a lead out of reach, Refusal for a blank number or a second one.
    """
    if not number:
        raise Refusal("police_number_needed", field="police_number")

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(district().code))
        reach = visible_records(acting.principal.scope)
        lead = SecurityLead.objects.select_for_update().filter(reach, id=lead_id).first()
        if lead is None:
            raise NotHere()
        if lead.police_number:
            raise Refusal("police_number_noted", field="police_number")
        lead.police_number = number
        lead.save(update_fields=["police_number"])
        return _outcome(acting, post, _LEAD, lead, {"noted": True})

    return perform(command, work)


def _recording(
    kind: str, new: NewRecord, make: Callable[[dict[str, Any]], ServiceRecord | SecurityLead]
) -> Callable[[Acting], Outcome]:
    if not new.text:
        raise Refusal("record_says_nothing", field="text")

    def work(acting: Acting) -> Outcome:
        here = district()
        post = acting.authorize(Target(here.code))
        when = effective(acting, None)
        row = make(
            {
                **_where(new, post),
                "text": new.text,
                "address": new.address,
                "crew_id": post.crew_id,
                "recorded_by_id": acting.principal.id,
                "duty_date": duty_date(when.at, here.tz),
                "occurred_at": when.at,
                "recorded_at": acting.recorded_at,
                "marked": when.marked,
                "origin": acting.principal.origin,
            }
        )
        row.save(force_insert=True)
        data = {
            "duty_date": row.duty_date.isoformat(),
            "crew": str(row.crew_id) if row.crew_id else None,
        }
        return _outcome(acting, post, kind, row, data, when)

    return work


def _where(new: NewRecord, post: Post) -> dict[str, Any]:
    """Area, place and position: by the position if it can be used, else by the area named, else
    the recorder's own place."""
    here = district()
    named = area_by_code(new.area_code) if new.area_code else None
    if new.area_code and named is None:
        raise Refusal("area_unknown", field="area_code", value=new.area_code)
    located = locate(new.spot, here) if new.spot else None
    if located is not None and located.area is not None:
        code, place = located.area
        return {
            "area": area_by_code(code),
            "place": place,
            "lon": located.lon,
            "lat": located.lat,
        }
    found: dict[str, Any] = {"area": named, "place": named.place if named else post.place}
    if located is not None and not located.refused:  # no area is drawn here
        found |= {"lon": located.lon, "lat": located.lat}
    return found


def _outcome(
    acting: Acting,
    post: Post,
    kind: str,
    row: ServiceRecord | SecurityLead,
    data: dict[str, Any],
    when: Counted | None = None,
) -> Outcome:
    texts = [row.text, row.address]
    if isinstance(row, SecurityLead):
        texts += [row.handed_to, row.police_number]
    draft = acting.draft(
        post,
        (kind, row.id),
        data,
        place=row.place,
        when=when,
        origin=row.origin,
        texts=texts,
        salt=row.salt,
    )
    return Outcome(draft, {"id": str(row.id)}, Stamp(row._meta.db_table, (row.id,)))
