"""Setting up the demo district through the rooms' own actions; safe to repeat.

Everything invented is marked: accounts, areas and cases carry origin `demo`, shapes are
illustrative, the district row says demo, and only then do the sign-in cards and tokens exist.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from lianqin.accounts.actions import issue_token, make_account
from lianqin.accounts.models import ApiToken, Posting, User
from lianqin.accounts.queries import principal_of
from lianqin.accounts.rules import ADMINISTRATORS
from lianqin.accounts.runner import Command, request_hash
from lianqin.accounts.scopes import BEFORE
from lianqin.cases.models import Case
from lianqin.catalogue import queries
from lianqin.catalogue.actions import import_classes, import_duty_list, import_standards
from lianqin.catalogue.versions import NewVersion
from lianqin.force.actions import NewForce, import_force
from lianqin.force.models import Agency, Centre, Crew
from lianqin.territory.actions import Territory, import_territory
from lianqin.territory.models import District
from lianqin.worktime import PRESENT, china
from lianqin.worktime.holidays import DayKind, seed_days

from .demo_cases import Cast, the_night_before, work_reports
from .demo_district import Demo
from .demo_district import demo as plan
from .demo_district.areas import ALL_TEAMS, PILOT_TEAMS
from .demo_pressing import press, settle_some
from .demo_stage import FOLDER, STAGE, write_stage
from .demo_time import trust
from .words import Refusal, tr

#: Keys of the set-up are made from this, so that setting up twice adds nothing.
_SPACE = UUID("9a1c7d0e-5b1f-4b8e-9a55-6c1d1f0e2a77")
TOKEN_DAYS = 365
#: From when the demo's standards and duty list hold: before anything that may be replayed.
SINCE = date(2000, 1, 1)


class NotADemo(Refusal):
    """The install holds a real district; the demo does not touch it."""


def seed(*, with_cases: bool = True, teams: int = PILOT_TEAMS) -> Iterator[str]:
    """Bring the demo district in, telling each step: the five teams of the pilot, or all thirteen.

    An install that has all of them keeps them.
    """
    here = District.objects.first()
    if here is not None and not here.demo:
        raise NotADemo(
            tr("本安装已有真实的区,不装入演示数据。", "This install holds a real district.")
        )
    trust()
    this = plan(max(teams, ALL_TEAMS if Centre.objects.count() > PILOT_TEAMS else PILOT_TEAMS))
    code = this.district.code
    if here is not None and here.code != code:
        # A rehearsal district of its own: it may be replayed into, and has its own people.
        yield tr(
            f"本安装是演练用的{here.name_zh},不装入演示城区。",
            f"This install holds {here.name_en}, a rehearsal district; the demo is not put in.",
        )
        return
    setup = make_account(
        "demo-setup",
        "演示安装",
        [{"role": "system_admin", "place": code}],
        now=timezone.now(),
        origin="demo",
    )
    yield _territory(setup, this)
    yield _catalogue(setup, this)
    yield _standards(setup, this)
    units, crews, told = _force(setup, this)
    yield told
    yield _duty_list(setup, this, units)
    yield _accounts(this, units, crews)
    if with_cases and not Case.objects.exists():
        cast = Cast(PRESENT.now(), units, crews)
        count = _cases(cast, living=PRESENT.pace() is not None)
        yield tr(f"演示案件:{count} 件", f"demo cases: {count}")


def _cases(cast: Cast, *, living: bool) -> int:
    """Cases that are there from the start; how many. Before a day that will be lived only what the
    night left: it is handed over in the morning, and the day brings the rest."""
    if living:
        return work_reports(cast, the_night_before)
    count = work_reports(cast) + settle_some(cast)
    press(cast)
    return count


def _command(user: User, what: str, this: Demo | None = None) -> Command:
    principal = principal_of(user, timezone.localdate(timezone=ZoneInfo(plan().district.timezone)))
    # The same plan is the same request; a changed plan is another one.
    if this is not None and len(this.centres) > PILOT_TEAMS:
        what = f"{what} {len(this.centres)}"
    return Command(principal, "import", uuid5(_SPACE, what), request_hash(what))


def _named(name: Mapping[str, str]) -> dict[str, str]:
    return {"name_zh": name["zh"], "name_en": name["en"]}


def _plain(geometry: Any) -> Any:
    return json.loads(json.dumps(geometry))


def _territory(setup: User, this: Demo) -> str:
    here = this.district
    new = Territory(
        district={
            "code": here.code,
            **_named(here.name),
            "number_prefix": here.number_prefix,
            "timezone": here.timezone,
            "demo": True,
            "outline": _plain(here.outline),
        },
        areas=[
            {
                "code": a.code,
                "kind": a.kind,
                "parent": None if a.parent == here.code else a.parent,
                **_named(a.name),
                "place": a.place,
                "geometry": _plain(a.geometry),
                "illustrative": True,
            }
            for a in this.areas
        ],
        sites=[
            {
                "code": s.key,
                "kind": s.kind,
                **_named(s.name),
                "lon": s.lon,
                "lat": s.lat,
                "place": s.place,
                "illustrative": True,
            }
            for s in this.sites
        ],
        features=[_feature(f) for f in this.base_map["features"]],
        days=[
            (d.date, "holiday" if d.kind is DayKind.HOLIDAY else "workday", d.zh)
            for d in seed_days()
        ],
        days_until=china().valid_until,
        origin="demo",
    )
    done = import_territory(_command(setup, "territory", this), here.code, new)
    counts = done.answer["counts"]
    return tr(
        f"区域 {counts['areas']} 个,点位 {counts['sites']} 个",
        f"territory: {counts['areas']} areas, {counts['sites']} sites",
    )


def _feature(feature: Mapping[str, Any]) -> dict[str, Any]:
    shown = feature["properties"]
    name = shown["name"] or {"zh": "", "en": ""}
    return {
        "layer": shown["layer"],
        "kind": shown["class"],
        **_named(name),
        "geometry": _plain(feature["geometry"]),
        "illustrative": True,
    }


def _catalogue(setup: User, this: Demo) -> str:
    rows = [
        {
            "kind": c.kind,
            "code": c.code,
            **_named(c.name),
            "group_zh": c.group["zh"],
            "group_en": c.group["en"],
            "limit_value": c.limit_value,
            "limit_unit": c.limit_unit,
            "sample": True,
        }
        for c in this.case_classes
    ]
    done = import_classes(_command(setup, "catalogue"), this.district.code, rows, "demo")
    count = done.answer["counts"]["classes"]
    return tr(f"案件类别 {count} 个(时限为样例)", f"catalogue: {count} classes (sample limits)")


def _standards(setup: User, this: Demo) -> str:
    classes = queries.class_ids()
    new = [
        NewVersion(
            (classes[s.kind, s.code], s.condition),
            {
                "filing_zh": s.filing["zh"],
                "filing_en": s.filing["en"],
                "closing_zh": s.closing["zh"],
                "closing_en": s.closing["en"],
                "limit_value": s.limit_value,
                "limit_unit": s.limit_unit,
                "sample": True,
            },
            SINCE,
        )
        for s in this.standards
    ]
    here = this.district.code
    done = import_standards(_command(setup, "standards"), here, new, "demo")
    count = done.answer["counts"]["standards"]
    return tr(f"立案结案标准 {count} 条(样例)", f"standards: {count} (samples)")


def _duty_list(setup: User, this: Demo, units: Mapping[str, UUID]) -> str:
    classes = queries.class_ids()
    new = [
        NewVersion(
            (line.code,),
            {
                "case_class_id": classes[line.kind, line.class_code],
                "place": line.place,
                "unit_id": units[line.unit],
                "basis_zh": line.basis["zh"],
                "basis_en": line.basis["en"],
                "sample": True,
            },
            SINCE,
        )
        for line in this.duty_lines
    ]
    here = this.district.code
    done = import_duty_list(_command(setup, "duty-list"), here, new, "demo")
    count = done.answer["counts"]["duty_list"]
    return tr(f"权责清单 {count} 条(样例)", f"duty list: {count} lines (samples)")


def _force(setup: User, this: Demo) -> tuple[dict[str, UUID], dict[str, UUID], str]:
    places = {c.key: c.place for c in this.centres}
    new = NewForce(
        agencies=[
            {
                "code": a.key,
                "parent": a.parent,
                "kind": a.kind,
                **_named(a.name),
                "takes_cases": a.takes_cases,
                "reach": a.reach or a.place,
            }
            for a in this.agencies
        ],
        centres=[_centre(c) for c in this.centres],
        crews=[
            {"code": c.key, "place": c.place, "shift": c.shift, **_named(c.name)}
            for c in this.crews
        ],
        members=[_member(m, places) for m in this.members],
        origin="demo",
    )
    done = import_force(_command(setup, "force", this), this.district.code, new)
    counts = done.answer["counts"]
    units = dict(Agency.objects.values_list("code", "id"))
    names = {c.name["zh"]: c.key for c in this.crews}
    crews = {names[zh]: pk for pk, zh in Crew.objects.values_list("id", "name_zh") if zh in names}
    return (
        units,
        crews,
        tr(
            f"单位 {counts['agencies']} 个,指挥中心 {counts['centres']} 个,"
            f"班组 {counts['crews']} 个,人员 {counts['members']} 名",
            f"force: {counts['agencies']} agencies, {counts['centres']} centres, "
            f"{counts['crews']} crews, {counts['members']} members",
        ),
    )


def _centre(centre: Any) -> dict[str, Any]:
    return {
        "place": centre.place,
        **_named(centre.name),
        "station": centre.station,
        "team_name_zh": f"{centre.short['zh']}综合执法队",
        "team_name_en": f"{centre.short['en']} joint enforcement team",
    }


def _member(member: Any, places: Mapping[str, str]) -> dict[str, Any]:
    certificate = member.certificate
    return {
        "place": places[member.team],
        "name": member.name["zh"],
        "kind": member.kind,
        "crew": member.crew,
        "certificate": certificate["number"] if certificate else "",
        "certificate_dates": DateRange(
            date.fromisoformat(certificate["valid_from"]),
            date.fromisoformat(certificate["valid_until"]),
            "[]",
        )
        if certificate
        else None,
    }


def _accounts(this: Demo, units: Mapping[str, UUID], crews: Mapping[str, UUID]) -> str:
    now = timezone.now()
    file = settings.LIANQIN_HOME / "demo-accounts.json"
    before = User.objects.filter(origin="demo").count()
    for account in this.accounts:
        make_account(
            account["username"],
            account["name"]["zh"],
            [_post(role, units, crews) for role in account["roles"]],
            now=now,
            origin="demo",
        )
    grown = User.objects.filter(origin="demo").count() > before
    if grown or not file.exists():
        write_tokens(file, now)
    if grown or not (settings.LIANQIN_HOME / FOLDER / STAGE).exists():
        write_stage(settings.LIANQIN_HOME, now)
    return tr(
        f"演示账号 {len(this.accounts)} 个,令牌在 {file.name}",
        f"{len(this.accounts)} demo accounts, tokens in {file.name}",
    )


def _post(
    role: Mapping[str, str], units: Mapping[str, UUID], crews: Mapping[str, UUID]
) -> dict[str, Any]:
    post: dict[str, Any] = {"role": role["role"], "place": role["place"]}
    if "crew" in role:
        post["crew_id"] = crews[role["crew"]]
    if "unit" in role:
        post["unit_id"] = units[role["unit"]]
    return post


def write_tokens(file: Path, now: datetime) -> None:
    """Issue a token per demo account and keep them where only the install's owner reads them."""
    here = District.objects.get()
    found = []
    # Nobody administers with a token, in a demo either.
    people = User.objects.filter(origin="demo").exclude(username="demo-setup")
    users = {u.username: u for u in people.exclude(postings__role__in=ADMINISTRATORS)}
    ApiToken.objects.filter(user__in=users.values(), name="demo").update(revoked_at=now)
    for username, user in sorted(users.items()):
        roles = [
            {
                "role": p.role,
                "place": p.place,
                "crew_id": str(p.crew_id) if p.crew_id else None,
                "unit_id": str(p.unit_id) if p.unit_id else None,
            }
            for p in Posting.objects.filter(user=user)
        ]
        # A reporting client is what a real one would be: it cannot set the time.
        scopes = BEFORE if username == "reporter-client" else (*BEFORE, "replay")
        token = issue_token(user, "demo", scopes, now=now, days=TOKEN_DAYS)
        found.append(
            {
                "id": str(user.id),
                "username": username,
                "name": user.display_name,
                "token": token,
                "roles": roles,
            }
        )
    text = {
        "district": {"code": here.code, "name_zh": here.name_zh, "timezone": here.timezone},
        "replayer": next(a for a in found if a["username"] == "replayer"),
        "accounts": [a for a in found if a["username"] != "replayer"],
    }
    part = file.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(text, out, ensure_ascii=False, indent=1)
    part.rename(file)
