"""The demo district: Yunlong as the pilot knows it, with invented people, polygons and reports.

Facts are the codes and names, the outline, the figures of the seed and the case classes.
Everything else is made up, the same every time, and flagged ``illustrative`` or ``demo``.
Nothing here touches a database: whoever seeds one calls :func:`demo` and sends the reports
through the real actions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from lianqin.console.demo_district import (
    accounts,
    agencies,
    areas,
    base_map,
    classes,
    duty,
    force,
    models,
    reports,
    sites,
    standards,
)
from lianqin.console.demo_district.accounts import Account
from lianqin.console.demo_district.photos import SCENES, photo


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything a demo install is seeded with."""

    district: models.District
    offices: tuple[models.Office, ...]
    centres: tuple[models.Centre, ...]
    areas: tuple[models.Area, ...]
    sites: tuple[models.Site, ...]
    agencies: tuple[models.Agency, ...]
    teams: tuple[models.Team, ...]
    crews: tuple[models.Crew, ...]
    members: tuple[models.Member, ...]
    accounts: tuple[Account, ...]
    case_classes: tuple[models.CaseClass, ...]
    standards: tuple[models.Standard, ...]
    duty_lines: tuple[models.DutyLine, ...]
    base_map: dict[str, Any]
    reports: Callable[[datetime], tuple[models.DemoReport, ...]]


@cache
def demo(teams: int = areas.PILOT_TEAMS) -> Demo:
    """The demo district with the five teams of the pilot or all thirteen, put together once per
    process (about half a second)."""
    return Demo(
        district=areas.district(),
        offices=areas.offices(),
        centres=areas.centres(teams),
        areas=areas.areas(teams),
        sites=sites.sites(teams),
        agencies=agencies.agencies(teams),
        teams=force.teams(teams),
        crews=force.crews(teams),
        members=force.members(teams),
        accounts=accounts.accounts(teams),
        case_classes=classes.case_classes(),
        standards=standards.standards(),
        duty_lines=duty.duty_lines(),
        base_map=base_map.base(),
        reports=reports.reports,
    )


__all__ = ["SCENES", "Account", "Demo", "demo", "models", "photo"]
