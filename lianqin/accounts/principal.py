"""Who is asking, what they are posted to today, and what they may see. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID


def within(place: str, outer: str) -> bool:
    """True when `place` is `outer` or lies inside it (paths of codes, split at '/')."""
    return place == outer or place.startswith(outer + "/")


def subdistrict_of(place: str) -> str:
    """The path down to the subdistrict; the district itself when it names none."""
    return "/".join(place.split("/")[:2])


@dataclass(frozen=True)
class Post:
    """A role in force today."""

    role: str
    place: str
    crew_id: UUID | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True)
class Scope:
    """What a reader's lists are limited to.

    `places`: everything in these places. `crews`, `units`: what is in their hands. `checks`: in
    these places only what somebody is to look at before it is filed. `me`: what this collector was
    drawn to check. Empty everywhere = sees nothing.
    """

    places: frozenset[str] = frozenset()
    crews: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()
    checks: frozenset[str] = frozenset()
    me: UUID | None = None

    def covers(
        self,
        place: str,
        *,
        state: str = "",
        crew: UUID | None = None,
        unit: UUID | None = None,
        beside: Iterable[UUID] = (),
        checker: UUID | None = None,
    ) -> bool:
        """Whether a row at `place`, in `state`, in the hands of `crew` or `unit` and of those
        `beside` them, drawn for `checker`, may be seen."""
        return (
            any(within(place, outer) for outer in self.places)
            or (crew is not None and crew in self.crews)
            or (unit is not None and unit in self.units)
            or any(hands in self.crews or hands in self.units for hands in beside)
            or (state == "to_check" and checker is not None and checker == self.me)
            or (state == "verifying" and any(within(place, outer) for outer in self.checks))
        )

    @property
    def sees_anything(self) -> bool:
        """Whether there is any row at all that may be seen."""
        return bool(self.places or self.crews or self.units or self.checks or self.me)

    def holds(self, place: str) -> bool:
        """Whether the whole of `place` may be seen."""
        return any(within(place, outer) for outer in self.places)


#: Roles that read everything of their place; the three administrators read no case at all. A
#: replayer follows what it has sent in, and exists in demo installs alone; the clock is the
#: install's own, which acts on every case and cannot sign in.
READS_PLACE = frozenset(
    {
        "operator",
        "acceptor",
        "dispatcher",
        "shift_leader",
        "commander",
        "district_desk",
        "office_staff",
        "assessor",
        "replayer",
        "clock",
    }
)


@dataclass(frozen=True)
class Principal:
    """A signed-in person or token, with the posts that are in force today."""

    id: UUID
    name: str
    username: str
    posts: tuple[Post, ...] = ()
    scopes: frozenset[str] = frozenset()
    by_token: bool = False
    origin: str = "live"
    language: str = field(default="zh-hans", compare=False)

    @property
    def scope(self) -> Scope:
        """What this principal may read; a token without the scope `read` sees nothing."""
        if self.by_token and "read" not in self.scopes:
            return Scope()
        return Scope(
            places=frozenset(p.place for p in self.posts if p.role in READS_PLACE),
            crews=frozenset(p.crew_id for p in self.posts if p.crew_id),
            units=frozenset(p.unit_id for p in self.posts if p.unit_id),
            checks=frozenset(p.place for p in self.posts if p.role == "collector"),
            me=self.id if any(p.role == "collector" for p in self.posts) else None,
        )

    @property
    def crews(self) -> frozenset[UUID]:
        """Crews this principal serves in today."""
        return frozenset(p.crew_id for p in self.posts if p.crew_id)

    @property
    def units(self) -> frozenset[UUID]:
        """Units this principal answers for."""
        return frozenset(p.unit_id for p in self.posts if p.unit_id)
