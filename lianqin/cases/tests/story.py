"""Stories of a case as a shift leader would tell them, played through the real actions.

A line is a local instant, then what is done: `11-23 09:00 dispatch crew`. What may follow:
`(done 11-23 08:10)` says when it really happened, `! code` that it is refused and why.
A line that begins with `=` says what must then be so: `= handle due 11-23 11:00`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from lianqin.accounts.refusals import Refusal
from lianqin.cases import actions
from lianqin.cases.clocks import clock_of
from lianqin.cases.models import Case, CaseRequest, StageClock
from lianqin.cases.rules import responsible
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World
from lianqin.catalogue.models import CaseClass, DutyLine
from lianqin.journal.models import Entry
from lianqin.territory.models import CalendarDay, District
from lianqin.territory.queries import calendar
from lianqin.worktime import used
from lianqin.worktime.holidays import DayKind, seed_days

ZONE = ZoneInfo("Asia/Shanghai")
HERE, OFFICE = CENTRES[0], OFFICES[0]
HANDS = {"crew": f"crew@{HERE}", "section": f"unit@{OFFICE}", "desk": f"unit@{DISTRICT}"}
WHO = {
    "operator": f"operator@{HERE}",
    "leader": f"shift_leader@{HERE}",
    "commander": f"commander@{HERE}",
    "office": f"office_staff@{OFFICE}",
    "district": f"district_desk@{DISTRICT}",
    "collector": f"collector@{HERE}",
    **HANDS,
}
_LINE = re.compile(
    r"(?P<at>\d\d-\d\d \d\d:\d\d) (?P<verb>\w+) ?(?P<rest>[^!(]*)"
    r"(\(done (?P<done>\d\d-\d\d \d\d:\d\d)\) ?)?(! (?P<code>\w+))?$"
)


def instant(text: str, year: int = 2026) -> datetime:
    """A local instant: `11-23 09:00`, or with its year before it."""
    if len(text) > len("11-23 09:00"):
        year, text = int(text[:4]), text[5:]
    return datetime.strptime(f"{year}-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def said(at: datetime) -> str:
    """An instant as the stories write it."""
    local = at.astimezone(ZONE)
    return f"{local:%m-%d %H:%M}" if local.year == 2026 else f"{local:%Y-%m-%d %H:%M}"


def china(world: World) -> World:
    """Give the district the public holidays of 2026, known to the end of that year."""
    kinds = {DayKind.HOLIDAY: "holiday", DayKind.EXTRA_WORKDAY: "workday"}
    CalendarDay.objects.bulk_create(
        CalendarDay(day=d.date, kind=kinds[d.kind]) for d in seed_days() if d.date.year == 2026
    )
    District.objects.update(calendar_until=date(2026, 12, 31))
    return world


@dataclass
class Story:
    """One case and what happens to it."""

    world: World
    case: Case | None = None

    def play(self, limit: str, text: str) -> None:
        """Play the lines; without a line that reports, a filed case is there from the first."""
        value, unit = limit.split()
        CaseClass.objects.update(limit_value=int(value), limit_unit=unit)
        lines = [line.strip() for line in text.strip().splitlines()]
        if " report" not in lines[0]:
            first = lines[0][:11]
            lines[:0] = [f"{first} report patrol", f"{first} file"]
        for line in lines:
            if line.startswith("="):
                self._check(line)
            else:
                self._do(line)

    def _do(self, line: str) -> None:
        found = _LINE.fullmatch(line)
        assert found, f"not a line of a story: {line}"
        self.world.clock.move_to(instant(found["at"]))
        done = instant(found["done"]) if found["done"] else None
        tell = _TELLS[found["verb"]]
        words = found["rest"].split()
        if found["code"]:
            with pytest.raises(Refusal) as caught:
                tell(self, done, *words)
            assert caught.value.code == found["code"], line
        else:
            tell(self, done, *words)

    def act(self, who: str, act: str, done: datetime | None = None, **more: Any) -> None:
        """That person does the act on the case as it stands."""
        assert self.case is not None
        self.case.refresh_from_db()
        command = replace(self.world.command(WHO.get(who, who), act), occurred_at=done)
        actions.act(command, self.case.id, self.case.version, actions.Said(**more))
        self.case.refresh_from_db()

    def photo(self, who: str) -> tuple[UUID]:
        """A picture just taken."""
        return (self.world.photo(WHO.get(who, who)),)

    def hands(self, name: str) -> tuple[str, UUID]:
        """A crew or unit by the name it has here."""
        if name == "crew":
            return "crew", self.world.crews[HERE].id
        return "unit", self.world.units["district" if name == "desk" else OFFICE].id

    def request(self) -> UUID:
        """The request that waits."""
        asked = CaseRequest.objects.filter(case=self.case, state__in=["asked", "endorsed"])
        return asked.latest("id").id

    def lead(self) -> str:
        """Who holds the case now."""
        assert self.case is not None
        if self.case.crew_id:
            return "crew"
        return "desk" if self.case.unit == self.world.units["district"] else "section"

    def _check(self, line: str) -> None:
        """Say what is so in the words of the line, and compare."""
        assert self.case is not None
        what, how, *rest = line[1:].split()
        if what == "state":
            assert (line, self.case.state) == (line, how)
        elif what == "answers":
            assert (line, responsible(actions.on_case.State(self.case.state))) == (line, how)
        elif what == "journal":
            entry = Entry.objects.filter(subject_id=self.case.id).latest("position")
            is_marked = "marked" if entry.marked else "unmarked"
            assert f"{is_marked} {said(entry.occurred_at)}" == " ".join([how, *rest]), line
        else:
            assert self._clock(what, how) == " ".join(rest), line

    def _clock(self, stage: str, how: str) -> str:
        rows = StageClock.objects.filter(case=self.case, stage=stage).order_by("id")
        row = rows.last() if how != "ever" else (rows.filter(late=True).last() or rows.last())
        if row is None:
            return "nothing"
        match how:
            case "due":
                return said(row.due_at) if row.due_at else "never"
            case "used":
                now = self.world.clock.now()
                return _hours(used(clock_of(row), now, calendar()))
            case "alert":
                return said(row.next_alert_at) if row.next_alert_at else "never"
            case "counts":
                return "weekends" if row.plain else "holidays"
            case "is":
                return "stopped" if row.stopped_at else "paused" if row.paused_at else "running"
            case _:  # ever: whether it was late, and whether that counts in the figures
                return ("late" if row.late else "punctual") + (" exempt" if row.exempt else "")


def _hours(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


_Tell = Callable[..., None]
_TELLS: dict[str, _Tell] = {}


def _tell(tell: _Tell) -> _Tell:
    _TELLS[tell.__name__.strip("_")] = tell
    return tell


def _plainly(name: str, who: str, **more: Any) -> None:
    _TELLS[name] = lambda story, done, by=who: story.act(by, name, done, **more)


_plainly("ask_verify", "operator")
_plainly("verify", "collector", found=True, means="look")
_plainly("file", "operator")
_plainly("sign", "operator")
_plainly("close", "leader")
_plainly("cancel", "leader", reason="已消失")
_plainly("reopen", "leader", reason="又有了")
_plainly("resume", "operator")
_plainly("rework", "operator", reason="不够")
_plainly("told_by_radio", "operator")
_plainly("closed_elsewhere", "operator")


@_tell
def _report(
    story: Story, done: datetime | None, source: str, day: str = "", time: str = ""
) -> None:
    new = actions.NewReport(
        source=source,
        class_key=("event", "0406"),
        spot=story.world.spot(HERE),
        deadline=instant(f"{day} {time}") if day else None,
        external_number=str(uuid4()),
    )
    command = replace(story.world.command(WHO["office"], "report", new), occurred_at=done)
    answer = actions.report(command, new).answer
    story.case = Case.objects.get(id=answer["case_id"])


@_tell
def _dispatch(
    story: Story, done: datetime | None, to: str, value: str = "", unit: str = ""
) -> None:
    limit = (int(value), unit) if value else None
    story.act("operator", "dispatch", done, assignee=story.hands(to), limit=limit)


@_tell
def _add_task(story: Story, done: datetime | None, to: str) -> None:
    story.act("operator", "add_task", done, assignee=story.hands(to))


@_tell
def _designate(story: Story, done: datetime | None, by: str, to: str) -> None:
    story.act(by, "designate", done, assignee=story.hands(to), reason="指定")


@_tell
def _accept(story: Story, done: datetime | None, by: str = "") -> None:
    story.act(by or story.lead(), "accept", done)


@_tell
def _report_back(story: Story, done: datetime | None, by: str = "") -> None:
    who = by or story.lead()
    story.act(who, "report_back", done, photos=story.photo(who))


@_tell
def _send_back(story: Story, done: datetime | None, by: str = "") -> None:
    assert story.case is not None
    line = DutyLine.objects.filter(case_class=story.case.case_class).first()
    assert line is not None
    story.act(by or story.lead(), "send_back", done, reason="非本组", duty_line_id=line.id)


@_tell
def _dispute(story: Story, done: datetime | None) -> None:
    story.act(story.lead(), "dispute", done, reason="非本组")


@_tell
def _check_pass(story: Story, done: datetime | None, by: str = "drawn", means: str = "") -> None:
    assert story.case is not None
    who = story.world.checker(story.case) if by == "drawn" else by
    story.act(who, "check_pass", done, means=means)


@_tell
def _check_fail(story: Story, done: datetime | None) -> None:
    assert story.case is not None
    story.act(story.world.checker(story.case), "check_fail", done, reason="未清")


@_tell
def _reply(story: Story, done: datetime | None) -> None:
    story.act("operator", "reply", done, reply="已清理")


@_tell
def _ask(story: Story, done: datetime | None, kind: str, day: str = "") -> None:
    act = "appeal_overdue" if kind == "appeal" else f"ask_{kind}"
    until = instant(f"{day} 00:00").date() if day else None
    story.act(story.lead(), act, done, reason="原因", until=until)


@_tell
def _endorse(story: Story, done: datetime | None) -> None:
    story.act("leader", "endorse", done, request_id=story.request())


@_tell
def _grant(story: Story, done: datetime | None, by: str = "office") -> None:
    story.act(by, "grant", done, request_id=story.request())


@_tell
def _refuse(story: Story, done: datetime | None) -> None:
    story.act("office", "refuse", done, request_id=story.request(), reason="不必")


@_tell
def _get(story: Story, done: datetime | None, kind: str, day: str = "") -> None:
    """Ask, have it endorsed where it must be, and have it granted, all at once."""
    _TELLS["ask"](story, done, kind, day)
    if kind in ("extension", "suspension"):
        _TELLS["endorse"](story, done)
    _TELLS["grant"](story, done)
