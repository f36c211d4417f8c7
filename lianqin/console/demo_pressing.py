"""What presses on some of the demo's cases, so that every room of the desk has something in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from lianqin.accounts.principal import Principal, subdistrict_of
from lianqin.cases import actions
from lianqin.cases.actions import NewReport, Said, Settlement
from lianqin.cases.models import Case, CaseRequest
from lianqin.catalogue.queries import units_on_duty
from lianqin.territory.queries import Spot, district

from .demo_cases import Cast, upload_taken
from .demo_district import photo

#: Scenes settled on the spot: class, words, picture.
_SETTLED = (
    ("0406", "流动摊贩占道，劝离并清扫", "stall"),
    ("0114", "路面抛洒物，当场清理", "bins"),
)


def press(cast: Cast) -> int:
    """Press on cases that are being handled, and settle a few on the spot; returns how many acts
    there were."""
    done = 0
    for place in dict.fromkeys(Case.objects.order_by("id").values_list("place", flat=True)):
        handled = Case.objects.filter(place=place, state="handling", clock_due_at__gt=cast.now)
        for case, script in zip(handled.order_by("id"), _SCRIPTS, strict=False):
            script(_Pressed(cast, case.id))
            done += 1
    return done


class _Pressed:
    """One case, and who may do something to it."""

    def __init__(self, cast: Cast, case_id: UUID) -> None:
        self.cast, self.case_id = cast, case_id
        case = self.case
        self.place = case.place
        hands = {"crew_id": case.crew_id} if case.crew_id else {"unit_id": case.unit_id}
        self.handler = cast.one(**hands)

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return Case.objects.get(id=self.case_id)

    def at(self, role: str) -> Principal:
        """Whoever holds a role at the case's centre, or its office or district."""
        place = {"office_staff": subdistrict_of(self.place), "district_desk": district().code}
        return self.cast.one(role=role, place=place.get(role, self.place))

    def do(self, who: Principal, act: str, said: Said) -> None:
        """One act, now."""
        case = self.case
        actions.act(self.cast.command(who, act, self.cast.now), case.id, case.version, said)

    def day(self, ahead: int) -> datetime:
        """So many days from now."""
        return self.cast.now + timedelta(days=ahead)


def _supervised(one: _Pressed) -> None:
    until = one.day(1).date()
    one.do(one.at("commander"), "supervise", Said(reason="群众多次反映，限期办结", until=until))
    one.do(one.handler, "under_way", Said())


def _urged(one: _Pressed) -> None:
    for words in ("请尽快到场", "晚高峰前务必清理"):
        one.do(one.at("operator"), "urge", Said(note=words))
    one.do(one.handler, "ask_extension", Said(reason="需调用清障车，预计两小时到位"))


def _backed(one: _Pressed) -> None:
    if one.case.crew_id:
        one.do(one.handler, "ask_backup", Said(reason="摊位较多，人手不足"))
    one.do(one.handler, "on_scene", Said())


def _shared(one: _Pressed) -> None:
    case = one.case
    assert case.case_class_id is not None
    day = one.cast.now.astimezone(district().tz).date()
    others = [
        line.unit_id
        for line in units_on_duty(case.case_class_id, case.place, day)
        if line.unit_id != case.unit_id
    ]
    if others:
        one.do(one.at("operator"), "add_task", Said(assignee=("unit", others[0]), note="清理垃圾"))
    one.do(
        one.at("commander"),
        "leader_assign",
        Said(reason="区领导巡查时发现，要求办结后报告", until=one.day(2).date()),
    )


def _suspended(one: _Pressed) -> None:
    said = Said(reason="涉及权属争议，等待确认", until=one.day(30).date())
    one.do(one.handler, "ask_suspension", said)
    asked = CaseRequest.objects.get(case_id=one.case_id, kind="suspension", state="asked")
    one.do(one.at("shift_leader"), "endorse", Said(request_id=asked.id, note="情况属实"))
    one.do(one.at("office_staff"), "grant", Said(request_id=asked.id))


_SCRIPTS: tuple[Callable[[_Pressed], None], ...] = (
    _supervised,
    _urged,
    _suspended,
    _shared,
    _backed,
)


def settle_some(cast: Cast) -> int:
    """Settle a few problems on the spot, as crews do on their rounds."""
    done = 0
    for number, case in enumerate(Case.objects.filter(lon__isnull=False).order_by("id")[:24:3]):
        code, words, scene = _SETTLED[number % len(_SETTLED)]
        who = cast.one(role="crew_member", place=case.place)
        at = cast.now - timedelta(minutes=7 * number + 9)
        before = upload_taken(cast, who, photo(scene, number=number), at)
        after = upload_taken(cast, who, photo(scene, after=True, number=number), at)
        assert case.lon is not None
        assert case.lat is not None
        new = NewReport(
            source="patrol",
            description=words,
            class_key=("event", code),
            address=case.address,
            spot=Spot(case.lon, case.lat),
            settled=Settlement((before,), (after,), "当场教育，已恢复"),
        )
        actions.report(cast.command(who, "settle", at), new)
        done += 1
    return done
