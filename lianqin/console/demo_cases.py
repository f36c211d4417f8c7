"""Working the demo's invented reports to where the plan says they stand, by the real actions."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from PIL.ExifTags import IFD, Base

from lianqin.accounts.models import Posting, User
from lianqin.accounts.principal import Principal
from lianqin.accounts.queries import principal_of
from lianqin.accounts.runner import Command
from lianqin.cases import actions
from lianqin.cases.actions import Said
from lianqin.cases.models import Case
from lianqin.catalogue.queries import standards
from lianqin.files.actions import upload
from lianqin.territory.queries import Spot, district

from .demo_district import SCENES, photo
from .demo_district import demo as plan
from .demo_district.models import DemoReport

#: What must have happened for a case to stand in a state, in order.
_STEPS = {
    "reported": [],
    "filed": ["file"],
    "rejected": ["reject"],
    "joined": ["join"],
    "dispatched": ["file", "dispatch"],
    "handling": ["file", "dispatch", "accept"],
    "to_check": ["file", "dispatch", "accept", "report_back"],
    "to_close": ["file", "dispatch", "accept", "report_back", "check_pass"],
    "closed": ["file", "dispatch", "accept", "report_back", "check_pass", "close"],
}
#: Minutes that each act takes after the one before it, at the most.
_MINUTES = {"file": 6, "dispatch": 5, "accept": 6, "report_back": 45, "check_pass": 25}
#: Tasks that the night crews hand over in the morning (the demo's list of events).
HANDED_OVER = 9


@dataclass
class Cast:
    """Who does what in the demo, as principals that may set the time."""

    now: datetime
    units: Mapping[str, UUID]
    crews: Mapping[str, UUID]
    people: dict[str, Principal] = field(default_factory=dict)

    def one(self, **posting: Any) -> Principal:
        """The first demo account with such a posting."""
        key = str(posting)
        if key not in self.people:
            post = (
                Posting.objects.filter(user__origin="demo", **posting)
                .order_by("user__username")
                .select_related("user")[0]
            )
            self.people[key] = _seeding(post.user, self.now)
        return self.people[key]

    def account(self, user: User) -> Principal:
        """The demo account of a user."""
        return _seeding(user, self.now)

    def command(self, who: Principal, act: str, at: datetime) -> Command:
        """A command at a time of the plan."""
        return Command(who, act, uuid4(), "demo", occurred_at=at)


def _seeding(user: User, now: datetime) -> Principal:
    return principal_of(user, now.date(), scopes=["seed"])


Choice = Callable[[Sequence[DemoReport]], Sequence[DemoReport]]


def the_night_before(planned: Sequence[DemoReport]) -> Sequence[DemoReport]:
    """Of the demo's reports those that have ended, and nine that are in hand."""
    ended = [report for report in planned if report.state in ("closed", "rejected")]
    handled = [report for report in planned if report.state == "handling"][-HANDED_OVER:]
    return sorted([*ended, *handled], key=lambda report: report.occurred_at)


def work_reports(cast: Cast, choose: Choice = tuple) -> int:
    """Report and work the demo's cases, or those chosen of them; returns how many there were."""
    now = cast.now
    opened: dict[str, UUID] = {}
    planned = choose(plan().reports(now))
    for number, report in enumerate(planned):
        opened[report.key] = _report(cast, report, number)
        _work(cast, report, opened, number)
    return len(planned)


def _report(cast: Cast, report: Any, number: int) -> UUID:
    who = cast.one(role="operator", place=report.place)
    photos = []
    if report.photo:
        content = photo(report.photo, number=number)
        photos = [upload_taken(cast, who, content, report.occurred_at)]
    new = actions.NewReport(
        source=report.source,
        description=report.description,
        class_key=(report.kind, report.code),
        address=report.address,
        spot=Spot(report.lon, report.lat),
        area_code=report.area,
        photos=photos,
    )
    done = actions.report(cast.command(who, "report", report.occurred_at), new)
    return UUID(done.answer["case_id"])


def upload_taken(cast: Cast, who: Principal, content: bytes, at: datetime) -> UUID:
    """Upload a picture as if it had been taken at that moment; its id."""
    return UUID(upload(cast.command(who, "upload", at), _taken(content, at)).answer["id"])


def _taken(content: bytes, at: datetime) -> bytes:
    """The picture as a camera would have left it: with the time it was taken."""
    image, out = Image.open(io.BytesIO(content)), io.BytesIO()
    exif = image.getexif()
    local = at.astimezone(district().tz)
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = f"{local:%Y:%m:%d %H:%M:%S}"
    exif.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = f"{local:%z}"[:3] + ":" + f"{local:%z}"[3:]
    image.save(out, "JPEG", exif=exif, quality=90)
    return out.getvalue()


def _work(cast: Cast, report: Any, opened: Mapping[str, UUID], number: int) -> None:
    steps = _STEPS[report.state]
    room = (cast.now - report.occurred_at) / (len(steps) + 1)
    at = report.occurred_at
    for act in steps:
        wanted = timedelta(minutes=_MINUTES.get(act, 8) * (0.6 + (number % 5) * 0.1))
        at += min(room, wanted)
        _act(cast, report, opened, act, at, number)
        if act == "dispatch" and report.told_by_radio:
            _do(cast, report, opened, "told_by_radio", at, Said())


def _act(
    cast: Cast, report: Any, opened: Mapping[str, UUID], act: str, at: datetime, number: int
) -> None:
    case = Case.objects.get(id=opened[report.key])
    if act == "file" and case.verify_first:
        _do(cast, report, opened, "verify", at, Said(found=True, means="video"))
    if case.filed_by == "elsewhere":
        act = _INSTEAD.get(act, act)
    _do(cast, report, opened, act, at, _said(cast, report, opened, act, at, number))


#: What is done with a ticket that another platform files, checks and closes.
_INSTEAD = {"file": "sign", "check_pass": "reply", "close": "closed_elsewhere"}


def _said(
    cast: Cast, report: Any, opened: Mapping[str, UUID], act: str, at: datetime, number: int
) -> Said:
    match act:
        case "file" | "sign":
            day = at.astimezone(district().tz).date()
            first = next(iter(standards(report.kind, report.code, day)), None)
            return Said(standard_id=UUID(first["id"]) if first else None)
        case "reject":
            return Said(reason=report.reason or "不属于受理范围")
        case "join":
            return Said(case_id=opened[report.joins])
        case "dispatch":
            return Said(assignee=_assignee(cast, report))
        case "report_back":
            picture = photo(report.photo or next(iter(SCENES)), after=True, number=number)
            after = upload_taken(cast, _handler(cast, report), picture, at)
            return Said(photos=(after,), note="已现场处置完毕，恢复原状。")
        case "reply":
            return Said(reply="您反映的问题已处置完毕，感谢监督。")
        case _:
            return Said()


def _do(
    cast: Cast, report: Any, opened: Mapping[str, UUID], act: str, at: datetime, said: Said
) -> None:
    case = Case.objects.get(id=opened[report.key])
    who = _who(cast, report, case, act)
    actions.act(cast.command(who, act, at), case.id, case.version, said)


def _who(cast: Cast, report: Any, case: Case, act: str) -> Principal:
    if act in ("accept", "report_back"):
        return _handler(cast, report)
    if act == "check_pass" and case.checker is not None:
        return cast.account(case.checker)
    leads = act in ("close", "check_pass")
    return cast.one(role="shift_leader" if leads else "operator", place=report.place)


def _assignee(cast: Cast, report: Any) -> tuple[str, UUID]:
    kind, key = report.assignee
    return kind, (cast.crews if kind == "crew" else cast.units)[key]


def _handler(cast: Cast, report: Any) -> Principal:
    kind, assignee_id = _assignee(cast, report)
    return cast.one(**{f"{kind}_id": assignee_id})
