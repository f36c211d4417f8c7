"""A district with twins: two subdistricts, two centres in each, the same people everywhere."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from PIL import Image

from lianqin.accounts.models import Posting, User
from lianqin.accounts.principal import Principal, subdistrict_of
from lianqin.accounts.queries import principal_of
from lianqin.accounts.runner import Command, Done, request_hash
from lianqin.cases import actions
from lianqin.cases.models import Case, CaseRequest
from lianqin.cases.rules import drawn_as_sample
from lianqin.catalogue.models import CaseClass, DutyLine
from lianqin.files.actions import upload
from lianqin.force.models import Agency, Centre, Crew, Member, Team
from lianqin.territory.models import Area, District, Site
from lianqin.territory.queries import Spot
from lianqin.worktime import FrozenNow

DISTRICT = "990101"
OFFICES = ("990101/990101001", "990101/990101002")
CENTRES = tuple(f"{office}/{name}" for office in OFFICES for name in ("east", "west"))
NOW = datetime.fromisoformat("2026-11-23T20:00:00+08:00")

DESK_ROLES = (
    "operator", "acceptor", "dispatcher", "shift_leader", "commander", "collector", "assessor",
)  # fmt: skip


def square(west: float, south: float, size: float = 0.01) -> dict[str, object]:
    """A small square area."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass
class World:
    """The district's people and things by short names."""

    people: dict[str, User] = field(default_factory=dict)
    crews: dict[str, Crew] = field(default_factory=dict)
    units: dict[str, Agency] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    clock: FrozenNow = field(default_factory=lambda: FrozenNow(NOW))

    def who(self, name: str, *scopes: str) -> Principal:
        """The principal called `role@place` (crew members: `crew@place`, `mate@place`)."""
        return principal_of(self.people[name], date(2026, 11, 23), scopes=scopes)

    def command(
        self, name: str, act: str, *parts: object, key: UUID | None = None, **more: object
    ) -> Command:
        """A command of that person, under a new key."""
        return Command(
            self.who(name),
            act,
            key or uuid4(),
            request_hash(act, *parts),
            now=self.clock,
            **more,  # type: ignore[arg-type]
        )

    def report(self, place: str = CENTRES[0], by: str = "", **more: Any) -> Case:
        """A case that has just been reported in the middle of that centre's area."""
        self.clock.advance(timedelta(seconds=1))
        said: dict[str, Any] = {
            "source": "patrol",
            "class_key": ("event", "0406"),
            "address": "解放路 12 号",
            "spot": self.spot(place),
        } | more
        new = actions.NewReport(**said)
        done = actions.report(self.command(by or f"operator@{place}", "report", new), new)
        return Case.objects.get(id=done.answer["case_id"])

    def ticket(
        self, source: str, number: str = "T-1", place: str = CENTRES[0], **more: Any
    ) -> Case:
        """A ticket of the city's platform or the hotline that has just come in."""
        return self.report(place, source=source, external_number=number, **more)

    def settle(self, place: str = CENTRES[0], *, drawn: bool, name: str = "") -> Case:
        """A case that the crew has settled on the spot, drawn for a look or not."""
        name = name or f"crew@{place}"
        settled = actions.Settlement((self.photo(name),), (self.photo(name),), "已清")
        self.clock.advance(timedelta(seconds=1))
        new = actions.NewReport(
            source="patrol", class_key=("event", "0406"), spot=self.spot(place), settled=settled
        )
        seed = next(s for n in range(999) if drawn_as_sample(s := f"{n:016x}", 8) is drawn)
        with patch("lianqin.cases.actions.settling.secrets") as secrets:
            secrets.token_hex.return_value = seed
            done = actions.report(self.command(name, "settle", new), new)
        return Case.objects.get(id=done.answer["case_id"])

    def spot(self, place: str) -> Spot:
        """The middle of a centre's area."""
        ring = self.areas[place].geometry["coordinates"][0]
        return Spot(ring[0][0] + 0.005, ring[0][1] + 0.005)

    def photo(self, name: str) -> UUID:
        """A picture that this person has just uploaded."""
        content = picture()
        done = upload(self.command(name, "upload", uuid4()), content)
        return UUID(done.answer["id"])

    def walk(self, case: Case, upto: str) -> Case:
        """Bring a reported case to a state along the straight path of its source."""
        return self._along(case, "reported", upto)

    def walk_from(self, case: Case, upto: str) -> Case:
        """Bring a case on along that path, from where it stands."""
        case.refresh_from_db()
        return self._along(case, case.state, upto)

    def _along(self, case: Case, start: str, upto: str) -> Case:
        steps = ["reported", "filed", "dispatched", "handling"]
        steps += (
            ["to_check", "to_close"] if case.checked_by == "here" else ["to_reply", "elsewhere"]
        )
        steps.append("closed")
        for state in steps[steps.index(start) + 1 : steps.index(upto) + 1]:
            self.clock.advance(timedelta(minutes=1))
            self.step(case, state)
            case.refresh_from_db()
        return case

    def suspend(self, case: Case, days: int = 30) -> Case:
        """Bring a reported case into suspension, through both levels."""
        self.walk(case, "handling")
        return self.suspend_now(case, self.clock.now().date() + timedelta(days=days))

    def suspend_now(self, case: Case, until: date) -> Case:
        """Bring a case that is being handled into suspension until a date."""
        asked = self.ask(f"crew@{case.place}", "ask_suspension", case, until=until)
        self.act(f"shift_leader@{case.place}", "endorse", case, request_id=asked)
        self.act(f"office_staff@{subdistrict_of(case.place)}", "grant", case, request_id=asked)
        return case

    def walk_on(self, case: Case, upto: str) -> Case:
        """Bring a case that something was done to on from where it stands, to a state."""
        case.refresh_from_db()
        return self.walk(case, upto)

    def act(self, name: str, act: str, case: Case, /, **said: Any) -> Done:
        """That person does an act on the case as it stands; what comes along by its name in
        `actions.Said`. The case is read again."""
        case.refresh_from_db()
        done = actions.act(self.command(name, act), case.id, case.version, actions.Said(**said))
        case.refresh_from_db()
        return done

    def ask(self, name: str, act: str, case: Case, /, **said: Any) -> UUID:
        """That person asks for something; the request's id."""
        self.act(name, act, case, **({"reason": "理由"} | said))
        asked = CaseRequest.objects.filter(case=case, state="asked").order_by("-id")[0]
        return asked.id

    def duty_line(self, unit: str, code: tuple[str, str] = ("event", "0406")) -> UUID:
        """The line of the duty list that gives a class to a unit (a key of `units`)."""
        kind, digits = code
        return DutyLine.objects.get(code=f"{kind}{digits}.{unit[-3:]}").id

    def send_back(self, name: str, case: Case, unit: str = OFFICES[0]) -> None:
        """That handler sends the case back: by the duty list it is that unit's."""
        self.act(name, "send_back", case, reason="不属本组", duty_line_id=self.duty_line(unit))

    def checker(self, case: Case) -> str:
        """The name of whoever was drawn to check the case."""
        case.refresh_from_db()
        assert case.checker is not None
        return next(name for name, user in self.people.items() if user.id == case.checker_id)

    def step(self, case: Case, state: str) -> Done:
        """One act of the straight path, by whoever does it."""
        place = case.place
        crew = f"crew@{place}"
        match state:
            case "filed":
                if case.verify_first and case.verified is None:
                    self.act(f"operator@{place}", "verify", case, found=True, means="video")
                act = "file" if case.filed_by == "here" else "sign"
                return self.act(f"operator@{place}", act, case)
            case "dispatched":
                hands = ("crew", self.crews[place].id)
                return self.act(f"operator@{place}", "dispatch", case, assignee=hands)
            case "handling":
                return self.act(crew, "accept", case)
            case "to_check" | "to_reply":
                photos = (self.photo(crew),)
                return self.act(crew, "report_back", case, photos=photos, note="done")
            case "to_close":
                return self.act(self.checker(case), "check_pass", case)
            case "elsewhere":
                return self.act(f"operator@{place}", "reply", case, reply="已清理")
            case _:
                act = "close" if case.closed_by != "elsewhere" else "closed_elsewhere"
                return self.act(f"shift_leader@{place}", act, case)


def picture(colour: str = "grey", size: tuple[int, int] = (64, 48)) -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def build() -> World:
    """Make the district."""
    world = World()
    District.objects.create(
        code=DISTRICT,
        name_zh="试验区",
        name_en="Trial District",
        number_prefix="试验",
        demo=True,
        calendar_until=date(2026, 12, 31),
    )
    CaseClass.objects.create(
        kind="event", code="0406", name_zh="占道经营", name_en="Stalls", limit_value=2,
        limit_unit="urgent_hour",
    )  # fmt: skip
    CaseClass.objects.create(kind="part", code="0406", name_zh="雕塑", name_en="Sculpture")
    root = Agency.objects.create(
        code="root", kind="bureau", name_zh="城管局", reach=DISTRICT, takes_cases=True
    )
    world.units["district"] = root
    _person(world, f"district_desk@{DISTRICT}", "district_desk", DISTRICT)
    for role in ("system_admin", "security_admin", "audit_admin", "assessor", "reporter_client"):
        _person(world, f"{role}@{DISTRICT}", role, DISTRICT)
    _person(world, f"replayer@{DISTRICT}", "replayer", DISTRICT)
    _person(world, f"clock@{DISTRICT}", "clock", DISTRICT)
    _person(world, f"unit@{DISTRICT}", "unit_liaison", DISTRICT, unit_id=root.id)
    for number, office in enumerate(OFFICES):
        _office(world, office, number, root)
    for case_class in CaseClass.objects.all():
        for key, unit in world.units.items():
            DutyLine.objects.create(
                code=f"{case_class.kind}{case_class.code}.{key[-3:]}",
                case_class=case_class,
                place=DISTRICT if key == "district" else key,
                unit=unit,
                basis_zh="职责清单",
            )
    return world


def _office(world: World, office: str, number: int, root: Agency) -> None:
    section = Agency.objects.create(
        code=f"section{number}",
        kind="section",
        parent=root,
        name_zh=f"街道城管科{number}",
        reach=office,
        takes_cases=True,
    )
    world.units[office] = section
    _person(world, f"office_staff@{office}", "office_staff", office)
    _person(world, f"unit@{office}", "unit_liaison", office, unit_id=section.id)
    parent = Area.objects.create(
        code=office.split("/")[1],
        kind="subdistrict",
        name_zh=f"街道{number}",
        place=office,
        geometry=None,
    )
    for index, place in enumerate(p for p in CENTRES if p.startswith(office)):
        _centre(world, place, parent, root, 117.2 + 0.02 * number, 34.2 + 0.01 * index, index)


def _centre(
    world: World, place: str, parent: Area, root: Agency, west: float, south: float, index: int
) -> None:
    name = place.rsplit("/", 1)[1]
    world.areas[place] = Area.objects.create(
        code=f"{parent.code}{index + 1:03d}",
        kind="community",
        parent=parent,
        name_zh=f"社区{name}",
        place=place,
        geometry=square(west, south),
    )
    Site.objects.create(
        code=f"site{parent.code}{name}", kind="station", name_zh=f"{name}派出所",
        lon=west + 0.001, lat=south + 0.001, place=place,
    )  # fmt: skip
    centre = Centre.objects.create(place=place, name_zh=f"{name}中心", station=root)
    team = Team.objects.create(centre=centre, name_zh=f"{name}队")
    crew = Crew.objects.create(team=team, shift="late", name_zh=f"{name}晚班组", place=place)
    world.crews[place] = crew
    for role in DESK_ROLES:
        _person(world, f"{role}@{place}", role, place)
    for who in ("crew", "mate"):
        user = _person(world, f"{who}@{place}", "crew_member", place, crew_id=crew.id)
        Member.objects.create(
            team=team, crew=crew, user=user, name="某", kind="enforcement_officer", certificate="1"
        )


def _person(world: World, name: str, role: str, place: str, **more: object) -> User:
    user = User.objects.create(username=name, display_name=f"{role} {place[-4:]}", origin="demo")
    Posting.objects.create(user=user, role=role, place=place, **more)
    world.people[name] = user
    return user
