"""上报: a report comes in and opens a case, or joins the one it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from uuid6 import uuid7

from lianqin.accounts.policy import Target
from lianqin.accounts.principal import READS_PLACE, Post
from lianqin.accounts.refusals import NotHere, Refusal
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.cases.clocks import open_first
from lianqin.cases.lifecycle import OPEN, State
from lianqin.cases.models import Case, CasePhoto, Note, Report
from lianqin.cases.numbers import by_number
from lianqin.cases.placing import Placed, place_of
from lianqin.cases.rules import Given, Refused, opens
from lianqin.catalogue.models import CaseClass
from lianqin.catalogue.queries import class_by_key
from lianqin.catalogue.queries import way as way_on
from lianqin.files.actions import attach
from lianqin.journal.append import Draft, Stamp
from lianqin.territory.models import Area, District
from lianqin.territory.queries import (
    Spot,
    area_by_code,
    calendar,
    district,
    locate,
)
from lianqin.worktime import Counted, duty_date

from . import settling
from .on_case import effective, free_time
from .settling import Settlement

#: Sources whose tickets carry a number that is one in the whole district.
TICKETS = frozenset({"city_platform", "hotline"})
#: What a crew may settle on the spot: what it found itself, or was shown while it was out.
OWN_FINDS = frozenset({"patrol", "video"})


@dataclass(frozen=True)
class NewReport:
    """What somebody says they saw.

    `note`: what is said about it among ourselves; it stands in the history, apart from the report.
    `deadline`: until when the platform that sent the ticket wants it done. `settled`: the finders
    have dealt with it at once; the case opens closed, or to be checked when it is drawn.
    """

    source: str
    description: str = ""
    class_key: tuple[str, str] | None = None
    service_name: str = ""
    address: str = ""
    spot: Spot | None = None
    area_code: str = ""
    case_number: str = ""
    external_number: str | None = None
    photos: list[UUID] = field(default_factory=list)
    reporter_name: str = ""
    reporter_phone: str = ""
    deadline: datetime | None = None
    settled: Settlement | None = None
    note: str = ""


def report(command: Command, new: NewReport) -> Done:
    """Take a report in.

    The same external number from the same sender and source is the same report: it names the case
    it opened and changes nothing. Raises Refusal for a report that says nothing and for an unknown
    class or area, NotHere for a case number that does not exist.
    """

    if not (new.description or new.class_key or new.service_name or new.photos):
        raise Refusal("report_says_nothing", field="description")
    if new.settled and (new.case_number or new.source not in OWN_FINDS):
        raise Refusal("settles_own_finds", field="case_number" if new.case_number else "source")

    def work(acting: Acting) -> Outcome:
        here = district()
        post = acting.authorize(Target(here.code))
        known = _known(acting, new)
        if known is not None:
            return _answer_known(known)
        when = effective(acting, None)
        if new.case_number:
            return _join_named(acting, post, when, new)
        return _open_case(acting, post, when, new, here)

    return perform(command, work)


def _known(acting: Acting, new: NewReport) -> Report | None:
    """The report that already came under this external number; waits for one that is under way."""
    if not new.external_number:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [
                f"{'' if new.source in TICKETS else acting.principal.id}"
                f":{new.source}:{new.external_number}"
            ],
        )
    known = Report.objects.select_related("case").filter(
        source=new.source, external_number=new.external_number
    )
    # A ticket of the city or the hotline is one, whoever brings it in.
    return (known if new.source in TICKETS else known.filter(sender_id=acting.principal.id)).first()


def _answer_known(known: Report) -> Outcome:
    case = known.case
    return Outcome(
        None,
        {
            "report_id": str(known.id),
            "case_id": str(case.id),
            "number": case.number,
            "state": case.state,
            "version": case.version,
            "joined": True,
            "already": True,
            "position": case.position,
        },
    )


def _join_named(acting: Acting, post: Post, when: Counted, new: NewReport) -> Outcome:
    case = by_number(new.case_number, lock=True)
    if case is None:
        raise NotHere("case_number_unknown", field="case_number")
    if case.state not in OPEN:
        raise Refusal("joins_only_open_cases", field="case_number", number=new.case_number)
    entry = _add_report(acting, case, when, new, Placed(None, case.place, case.place_known))
    case.report_count += 1
    case.save(update_fields=["report_count", "photo_count"])
    data = {"report": str(entry.id), "joined": True, "from": case.state, "to": case.state}
    draft = _draft(acting, case, post, when, entry, data, note=new.note)
    return Outcome(draft, _answer(entry, case, joined=True), Stamp("cases_case", (case.id,)))


def _open_case(
    acting: Acting, post: Post, when: Counted, new: NewReport, here: District
) -> Outcome:
    ground = _ground(new, here, post)
    case = _new_case(acting, when, new, here, ground)
    opening = settling.opening(acting, post, new.settled, when.at) if new.settled else {}
    case.state = _opens_in(acting.command.act, new, bool(opening.get("drawn"))).value
    case.save(force_insert=True)
    entry = _add_report(acting, case, when, new, ground.placed)
    if new.settled:
        opening |= settling.settle(acting, case, post, when, new.settled)
    open_first(case, when.at, when.at.astimezone(here.tz).date(), calendar)
    case.save()
    found = case.case_class
    data = {
        "report": str(entry.id),
        "to": case.state,
        "version": 1,
        "source": case.source,
        "class": f"{found.kind}.{found.code}" if found else None,
        "place_known": case.place_known,
        **opening,
    }
    key = f"{case.duty_date:%Y%m%d}"
    draft = _draft(acting, case, post, when, entry, data, key, note=new.note)
    return Outcome(draft, _answer(entry, case, joined=False), Stamp("cases_case", (case.id,)))


def _opens_in(act: str, new: NewReport, drawn: bool) -> State:
    settled = new.settled or Settlement()
    there = {"class": new.class_key, "photos": settled.after, "photos_before": settled.before}
    fields = frozenset(name for name, value in there.items() if value)
    given = Given(fields, drawn=drawn, outcome=settled.outcome)
    try:
        return opens(act, given)
    except Refused as refused:
        raise Refusal(refused.code, field=refused.field) from refused


def _new_case(
    acting: Acting, when: Counted, new: NewReport, here: District, ground: _Ground
) -> Case:
    found = _class(new)
    way = way_on(new.source, when.at.astimezone(here.tz).date())
    words = (new.address, found.name_zh if found else "", new.service_name)
    replayed = "replay" in acting.principal.scopes
    return Case(
        id=uuid7(),
        duty_date=duty_date(_numbered_at(acting, when), here.tz),
        number_prefix=here.number_prefix,
        state=State.REPORTED.value,
        case_class=found,
        external_number=(new.external_number or "") if new.source in TICKETS else "",
        verify_first=way.verify,
        filed_by=way.filed_by,
        checked_by=way.checked_by,
        closed_by=way.closed_by,
        replies=way.reply,
        deadline=new.deadline,
        settled=new.settled is not None and new.settled.ends,
        service_name=new.service_name,
        source=new.source,
        origin="replay" if replayed else acting.principal.origin,
        place=ground.placed.place,
        area=ground.area,
        address=new.address,
        lon=ground.spot[0] if ground.spot else None,
        lat=ground.spot[1] if ground.spot else None,
        place_known=ground.placed.known,
        reported_at=when.at,
        changed_at=when.at,
        search_text=" ".join(word for word in words if word),
    )


def _draft(
    acting: Acting,
    case: Case,
    post: Post,
    when: Counted,
    entry: Report,
    data: Mapping[str, Any],
    serial_key: str | None = None,
    note: str = "",
) -> Draft:
    draft = acting.draft(
        post,
        ("case", case.id),
        data,
        place=case.place,
        when=when,
        origin=case.origin,
        texts=[entry.description, entry.address, entry.reporter_name, entry.reporter_phone, note],
        salt=entry.salt,
        serial_key=serial_key,
    )
    if note:
        Note.objects.create(entry_id=draft.id, case=case, text=note, salt=entry.salt)
    return draft


def _numbered_at(acting: Acting, when: Counted) -> datetime:
    """A number belongs to the duty date on which the case was taken in, however late it is told;
    only a replay runs on its own time."""
    return when.at if free_time(acting) else acting.recorded_at


def _class(new: NewReport) -> CaseClass | None:
    if new.class_key is None:
        return None
    found = class_by_key(*new.class_key)
    if found is None:
        kind, code = new.class_key
        raise Refusal("class_unknown", field="class.code", kind=kind, value=code)
    return found


@dataclass(frozen=True)
class _Ground:
    """Where a report belongs: the rule's answer, its area, and the WGS 84 position to keep."""

    placed: Placed
    area: Area | None
    spot: tuple[float, float] | None


def _ground(new: NewReport, here: District, post: Post) -> _Ground:
    """Place a report; a position that cannot be used is kept with the report only, and the case
    says that its place is unknown."""
    named = None
    if new.area_code:
        named = area_by_code(new.area_code)
        if named is None:
            raise Refusal("area_unknown", field="area_code", value=new.area_code)
    located = locate(new.spot, here) if new.spot else None
    placed = place_of(
        post.place if post.role in READS_PLACE else here.code,
        by_position=located.area if located else None,
        refused=located.refused if located else "",
        by_code=(named.code, named.place) if named else None,
        spot_known=located is not None and not located.refused,
    )
    area = named
    if placed.area_code and (named is None or named.code != placed.area_code):
        area = area_by_code(placed.area_code)
    usable = located is not None and not located.refused
    return _Ground(placed, area, (located.lon, located.lat) if located and usable else None)


def _add_report(
    acting: Acting, case: Case, when: Counted, new: NewReport, placed: Placed
) -> Report:
    entry = Report.objects.create(
        case=case,
        source=new.source,
        external_number=new.external_number,
        description=new.description,
        address=new.address,
        given_lon=new.spot.lon if new.spot else None,
        given_lat=new.spot.lat if new.spot else None,
        given_datum=new.spot.datum if new.spot else "",
        position_refused=placed.refused,
        reporter_name=new.reporter_name,
        reporter_phone=new.reporter_phone,
        sender_id=acting.principal.id,
        occurred_at=when.at,
        recorded_at=acting.recorded_at,
        marked=when.marked,
        origin=case.origin,
    )
    for stored in attach(acting.principal, new.photos):
        CasePhoto.objects.create(
            case=case, file=stored, stage="report", recorded_at=acting.recorded_at
        )
        case.photo_count += 1
    return entry


def _answer(entry: Report, case: Case, *, joined: bool) -> dict[str, object]:
    return {
        "report_id": str(entry.id),
        "case_id": str(case.id),
        "state": case.state,
        "version": case.version,
        "joined": joined,
        "already": False,
    }
