"""Bringing the force in, safe to repeat: agencies, centres, teams, crews, members. And moving a
crew that is on duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianqin.accounts.policy import Target
from lianqin.accounts.principal import Scope
from lianqin.accounts.refusals import NotHere
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.journal.queries import in_places

from .models import Agency, Centre, Crew, Member, StandBy, Team
from .rules import Spot, may_move

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class NewForce:
    """What an import brings; rows refer to each other by `code`, a place or a crew's name."""

    agencies: Rows = ()
    centres: Rows = ()
    crews: Rows = ()
    members: Rows = ()
    origin: str = "live"
    file_hash: str = ""


def import_force(command: Command, place: str, new: NewForce) -> Done:
    """Write the force in one transaction and one entry with the counts.

    What is known by its code, place or name is brought up to date, never doubled; nothing is taken
    away.
    """

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(place))
        units = _agencies(new)
        teams = _centres(new, units)
        crews = _crews(new, teams)
        counts = {
            "agencies": len(new.agencies),
            "centres": len(new.centres),
            "crews": len(new.crews),
            "members": _members(new, teams, crews),
        }
        data = {"counts": counts, "file": new.file_hash or None}
        draft = acting.draft(post, ("force", command.key), data, origin=new.origin)
        return Outcome(draft, {"counts": counts})

    return perform(command, work)


def _agencies(new: NewForce) -> dict[str, UUID]:
    """Agencies by code; parents stand before their parts."""
    known: dict[str, UUID] = dict(Agency.objects.values_list("code", "id"))
    for row in new.agencies:
        values = {k: v for k, v in row.items() if k not in ("code", "parent")}
        if "parent" in row:
            values["parent_id"] = known[row["parent"]] if row["parent"] else None
        agency, _ = Agency.objects.update_or_create(
            code=row["code"], defaults={**values, "origin": new.origin}
        )
        known[row["code"]] = agency.id
    return known


def _centres(new: NewForce, units: Mapping[str, UUID]) -> dict[str, UUID]:
    """Centres with their teams; teams by the centre's place."""
    teams: dict[str, UUID] = dict(Team.objects.values_list("centre__place", "id"))
    for row in new.centres:
        names = _said(row, "name_zh", "name_en")
        phone = _said(row, "phone")
        centre, _ = Centre.objects.update_or_create(
            place=row["place"],
            defaults={**names, **phone, "station_id": units[row["station"]], "origin": new.origin},
        )
        called = {name.removeprefix("team_"): row[name] for name in row if name[:5] == "team_"}
        team, _ = Team.objects.update_or_create(
            centre=centre, defaults=called, create_defaults={**names, **called}
        )
        teams[centre.place] = team.id
    return teams


def _said(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Those of the columns that the row has: what it does not say stays."""
    return {name: row[name] for name in names if name in row}


def _crews(new: NewForce, teams: Mapping[str, UUID]) -> dict[str, UUID]:
    """Crews by code, else by id. One without a code is known by team, shift and name."""
    crews: dict[str, UUID] = {
        code or str(id): id for code, id in Crew.objects.values_list("code", "id")
    }
    for row in new.crews:
        team = teams[row["place"]]
        before = Crew.objects.filter(code=row["code"]) | Crew.objects.filter(
            code=None, team_id=team, shift=row["shift"], name_zh=row["name_zh"]
        )
        crew = before.first() or Crew()
        values = {"code": row["code"], "team_id": team, "origin": new.origin}
        for name, value in (values | _said(row, "shift", "place", "name_zh", "name_en")).items():
            setattr(crew, name, value)
        crew.save()
        crews[row["code"]] = crew.id
    return crews


def _members(new: NewForce, teams: Mapping[str, UUID], crews: Mapping[str, UUID]) -> int:
    """Members, each known by team, name and kind; a constant number of statements per thousand."""
    rows = new.members
    places = {row["place"] for row in rows}
    known = {
        (one.team_id, one.name, one.kind): one
        for one in Member.objects.filter(team__centre__place__in=places)
    }
    made: list[Member] = []
    changed: list[Member] = []
    for row in rows:
        key = (teams[row["place"]], row["name"], row["kind"])
        member = known.get(key) or Member(team_id=key[0], name=key[1], kind=key[2])
        (changed if key in known else made).append(member)
        member.origin = new.origin
        if "crew" in row:
            member.crew_id = crews[row["crew"]] if row["crew"] else None
        for name, value in _said(row, "certificate", "certificate_dates").items():
            setattr(member, name, value)
    Member.objects.bulk_create(made, batch_size=1000)
    columns = ["crew", "certificate", "certificate_dates", "origin"]
    Member.objects.bulk_update(changed, columns, batch_size=1000)
    return len(rows)


def move_crew(
    command: Command, crew_id: UUID, to: Spot | None, shift: str, until: datetime
) -> Done:
    """Tell a crew that is on duty to stand by at a site or in an area until its shift is over; `to`
    None: back to its own centre. `shift` is the one that is on duty, `until` its end.

    The same spot again changes nothing and leaves no entry. Raises NotHere for a crew outside the
    reader's place, Forbidden, and Refusal for a crew off duty or a spot out of reach.
    """

    def work(acting: Acting) -> Outcome:
        crew = _seen(acting.principal.scope, crew_id)
        post = acting.authorize(Target(crew.place))
        may_move(crew.shift, shift, post.role, post.place, to)
        now = acting.recorded_at
        standing = StandBy.objects.select_for_update().filter(crew=crew, ended_at=None).first()
        here = standing if standing and standing.until > now else None
        answer = {"crew_id": str(crew.id)}
        if (here and (here.kind, here.code)) == (to and (to.kind, to.code)):
            return Outcome(None, answer)
        if standing is not None:
            standing.ended_at = min(now, standing.until)
            standing.save(update_fields=["ended_at"])
        if to is not None:
            said = {"kind": to.kind, "code": to.code, "place": to.place}
            StandBy.objects.create(
                crew=crew, since=now, until=until, moved_by_id=acting.principal.id, **said
            )
        data: dict[str, Any] = {
            "from": here.code if here else None,
            "to": to.code if to else None,
            "kind": to.kind if to else None,
            "until": until.isoformat() if to else None,
        }
        draft = acting.draft(post, ("crew", crew.id), data, place=crew.place, origin=crew.origin)
        return Outcome(draft, answer)

    return perform(command, work)


def _seen(scope: Scope, crew_id: UUID) -> Crew:
    """The crew, its row locked; foreign and absent answer identically."""
    crews = Crew.objects.select_for_update(of=("self",)).filter(in_places(scope.places), id=crew_id)
    crew = crews.first()
    if crew is None:
        raise NotHere()
    return crew
