"""Bringing the force in: agencies, centres, teams, crews, members. Safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lianqin.accounts.policy import Target
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform

from .models import Agency, Centre, Crew, Member, Team

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class NewForce:
    """What an import brings; rows refer to each other by `code`, a place or a crew's name."""

    agencies: Rows = ()
    centres: Rows = ()
    crews: Rows = ()
    members: Rows = ()
    origin: str = "live"


def import_force(command: Command, place: str, new: NewForce) -> Done:
    """Write the force in one transaction and one entry; the answer maps codes to ids."""

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(place))
        units = _agencies(new)
        teams = _centres(new, units)
        crews = _crews(new, teams)
        count = _members(new, teams, crews)
        counts = {
            "agencies": len(units),
            "centres": len(teams),
            "crews": len(crews),
            "members": count,
        }
        draft = acting.draft(post, ("force", command.key), {"counts": counts}, origin=new.origin)
        ids = {"units": _text(units), "crews": _text(crews)}
        return Outcome(draft, {"counts": counts, **ids})

    return perform(command, work)


def _text(ids: Mapping[str, UUID]) -> dict[str, str]:
    return {key: str(value) for key, value in ids.items()}


def _agencies(new: NewForce) -> dict[str, UUID]:
    """Agencies by code; parents stand before their parts."""
    known: dict[str, UUID] = dict(Agency.objects.values_list("code", "id"))
    for row in new.agencies:
        values = {k: v for k, v in row.items() if k not in ("code", "parent")}
        parent = known[row["parent"]] if row.get("parent") else None
        agency, _ = Agency.objects.update_or_create(
            code=row["code"], defaults={**values, "parent_id": parent, "origin": new.origin}
        )
        known[row["code"]] = agency.id
    return known


def _centres(new: NewForce, units: Mapping[str, UUID]) -> dict[str, UUID]:
    """Centres with their teams; teams by the centre's place."""
    teams: dict[str, UUID] = dict(Team.objects.values_list("centre__place", "id"))
    for row in new.centres:
        centre, _ = Centre.objects.update_or_create(
            place=row["place"],
            defaults={
                "name_zh": row["name_zh"],
                "name_en": row["name_en"],
                "station_id": units[row["station"]],
                "origin": new.origin,
            },
        )
        team, _ = Team.objects.update_or_create(
            centre=centre,
            defaults={"name_zh": row["team_name_zh"], "name_en": row["team_name_en"]},
        )
        teams[centre.place] = team.id
    return teams


def _crews(new: NewForce, teams: Mapping[str, UUID]) -> dict[str, UUID]:
    crews: dict[str, UUID] = {}
    for row in new.crews:
        crew, _ = Crew.objects.update_or_create(
            team_id=teams[row["place"]],
            shift=row["shift"],
            name_zh=row["name_zh"],
            defaults={"name_en": row["name_en"], "place": row["place"], "origin": new.origin},
        )
        crews[row["code"]] = crew.id
    return crews


def _members(new: NewForce, teams: Mapping[str, UUID], crews: Mapping[str, UUID]) -> int:
    written = 0
    for row in new.members:
        Member.objects.update_or_create(
            team_id=teams[row["place"]],
            name=row["name"],
            kind=row["kind"],
            defaults={
                "crew_id": crews[row["crew"]] if row.get("crew") else None,
                "certificate": row.get("certificate", ""),
                "certificate_dates": row.get("certificate_dates"),
                "origin": new.origin,
            },
        )
        written += 1
    return written
