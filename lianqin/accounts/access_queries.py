"""Reading the access log: by person, kind, act, outcome and day, newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from lianqin.journal.queries import in_places
from lianqin.journal.seals import SealState, seal_state

from .access import ACCESS
from .masking import masked
from .models import AccessEntry, Posting, User

#: What lines are about; the screens have words for them.
KINDS = ("sign_in", "denial", "reveal", "account", "audit")
PAGE = 100
#: A sheet holds at most so many lines; more is asked for month by month.
SHEET = 20_000


@dataclass(frozen=True)
class Wanted:
    """Which lines: part of a name or user name, a kind, an act, an outcome, from `since` up to
    before `until`. Empty asks for everything."""

    person: str = ""
    kind: str = ""
    act: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def named(self) -> str:
        """The filters as codes, for the line that the reading leaves: never what was typed."""
        said = [("kind", self.kind if self.kind in KINDS else "?")] if self.kind else []
        said += [(n, "given") for n in ("person", "act", "outcome") if getattr(self, n)]
        if self.since:
            said.append(("from", f"{self.since:%Y-%m-%d}"))
        if self.until:
            said.append(("until", f"{self.until:%Y-%m-%d}"))
        return " ".join(f"{name}={value}" for name, value in said)


def access_lines(
    places: Iterable[str], wanted: Wanted, *, after: int | None = None, limit: int = 50
) -> dict[str, Any]:
    """A page of lines, newest first, behind the position `after` (three queries, four with a
    person). Who audits a part of the district reads of the people posted there."""
    limit = max(1, min(limit, PAGE))
    rows = _asked(places, wanted)
    if after is not None:
        rows = rows.filter(position__lt=after)
    found = list(rows.order_by("-position")[: limit + 1])
    state = seal_state(ACCESS)
    return {
        "items": _shown(found[:limit], state),
        "next": str(found[limit - 1].position) if len(found) > limit else None,
        "seals": state.as_dict(),
    }


def access_sheet(places: Iterable[str], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The lines of a sheet, newest first, at most SHEET of them."""
    rows = list(_asked(places, wanted).order_by("-position")[:SHEET])
    yield from _shown(rows, seal_state(ACCESS))


def _asked(places: Iterable[str], wanted: Wanted) -> QuerySet[AccessEntry]:
    rows = AccessEntry.objects.filter(_visible(places))
    for name in ("kind", "act", "outcome"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.person:
        people = User.objects.filter(
            Q(display_name__icontains=wanted.person) | Q(username__icontains=wanted.person)
        )
        rows = rows.filter(actor_id__in=list(people.values_list("id", flat=True)[:1000]))
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    return rows


def _visible(places: Iterable[str]) -> Q:
    """The whole log for whoever audits the district; for a part of it the lines of its people."""
    places = list(places)
    if any("/" not in place for place in places):
        return Q()
    return Q(actor_id__in=Posting.objects.filter(in_places(places)).values("user_id"))


def _shown(rows: list[AccessEntry], state: SealState) -> list[dict[str, Any]]:
    actors = {row.actor_id for row in rows if row.actor_id is not None}
    people = User.objects.in_bulk(actors)
    return [
        {
            "position": row.position,
            "at": row.at,
            "kind": row.kind,
            "act": row.act,
            "outcome": row.outcome,
            "actor": _person(people.get(row.actor_id)) if row.actor_id is not None else None,
            "subject": masked(row.subject),
            "address": row.address,
            "sealed": row.position <= state.sealed_to,
        }
        for row in rows
    ]


def _person(user: User | None) -> dict[str, str] | None:
    if user is None:
        return None
    return {
        "id": str(user.id),
        "name": masked(user.display_name or user.username),
        "username": masked(user.username),
    }
