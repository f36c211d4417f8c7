"""What the catalogue decides: who performs a stage, how far practice goes, which version follows.

Pure: no framework, no database; dates come in as arguments. The figures written here are what
holds where the district has entered nothing; what it has entered lies in dated tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

Here = Literal["here", "elsewhere"]
Closer = Literal["centre", "district", "elsewhere"]

SOURCES = (
    "patrol",
    "collector",
    "city_platform",
    "hotline",
    "video",
    "community_post",
    "public",
    "police_110",
)
STAGES = ("intake", "verify", "dispatch", "accept", "check", "reply", "close")


@dataclass(frozen=True, slots=True)
class Way:
    """Who performs the stages of a case from one source (dossier, section 2).

    Attributes
    ----------
    verify
        Somebody must look before filing; not for what officers and collectors saw themselves.
    filed_by, checked_by
        Whether filing and checking are ours or those of the platform that sent the ticket.
    closed_by
        The centre, the district's centre, or the platform that sent the ticket.
    reply
        A citizen waits for words of their own, apart from what is said inside.
    """

    source: str
    verify: bool
    filed_by: Here = "here"
    checked_by: Here = "here"
    closed_by: Closer = "centre"
    reply: bool = False


#: Holds for a date on which the district's table says nothing.
DEFAULT_WAYS: Mapping[str, Way] = {
    way.source: way
    for way in (
        Way("patrol", verify=False),
        Way("collector", verify=False),
        Way("video", verify=False),
        Way("police_110", verify=False),
        Way("public", verify=True),
        Way("community_post", verify=True),
        Way("city_platform", False, "elsewhere", "elsewhere", "elsewhere"),
        Way("hotline", False, "elsewhere", "elsewhere", "elsewhere", reply=True),
    )
}


def default_way(source: str) -> Way:
    """The way of a source about which nothing was entered.

    A source that nobody knows is treated as the public is: looked at first, ours to the end.
    """
    return DEFAULT_WAYS.get(source, Way(source, verify=True))


@dataclass(frozen=True, slots=True)
class Practice:
    """Figures of the daily work. All of them are the district's to change.

    Attributes
    ----------
    send_back_window
        Minutes after dispatch in which a unit may send a task back.
    send_back_limit
        How often a task may be sent back; then the office decides.
    twin_metres, twin_hours
        How near and how recent an open case of the same class is taken for a duplicate.
    recurrence_metres, recurrence_days
        How near and how recently closed a case of the same class has come back.
    sample_percent
        Of those settled on the spot, how many are looked at again (5 to 10).
    collectors_from, collectors_until
        Local hours between which collectors are on their feet.
    extension_max
        Extensions of one task.
    suspension_days_max
        Longest suspension, in days.
    """

    send_back_window: int = 120
    send_back_limit: int = 2
    twin_metres: int = 50
    twin_hours: int = 24
    recurrence_days: int = 15
    recurrence_metres: int = 50
    sample_percent: int = 8
    collectors_from: int = 7
    collectors_until: int = 19
    extension_max: int = 2
    suspension_days_max: int = 365


def around(place: str) -> list[str]:
    """A place path and the paths around it, nearest first: a/b/c, a/b, a."""
    parts = place.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]


@dataclass(frozen=True, slots=True)
class Version:
    """A version on record: in force from `start` up to, not including, `end` (None: open).

    `cited`: something was decided by it, or may have been.
    """

    id: UUID
    start: date
    end: date | None
    content: Mapping[str, Any]
    cited: bool = True

    def covers(self, on: date) -> bool:
        """Whether it is in force on that date."""
        return self.start <= on and (self.end is None or on < self.end)


@dataclass(frozen=True, slots=True)
class Succession:
    """What a new version asks of those on record. Without any of the four, nothing changes.

    Attributes
    ----------
    cut
        The version whose end becomes `cut_at`.
    insert
        Dates of the new row: from, and up to but not including.
    rewrite
        The version whose content is replaced, because nothing was decided by it yet.
    clash
        The first day of another version that the new one's own end would run into.
    in_force
        A version of the very same first day has begun and is cited.
    """

    cut: UUID | None = None
    cut_at: date | None = None
    insert: tuple[date, date | None] | None = None
    rewrite: UUID | None = None
    clash: date | None = None
    in_force: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.cut or self.insert or self.rewrite)


def succeed(
    known: Iterable[Version],
    content: Mapping[str, Any],
    start: date,
    end: date | None,
    today: date,
) -> Succession:
    """How `content`, in force from `start` (up to `end`), follows the versions on record.

    The version in force on `start` is closed there; one that begins later stays and bounds the new
    one. The same content again changes nothing, whichever day of its dates is named. A version
    that begins on that very day is corrected, unless it has begun and is cited: then it is
    history, and `in_force` says so.
    """
    versions = sorted(known, key=lambda one: one.start)
    following = next((one.start for one in versions if one.start > start), None)
    if end is not None and following is not None and end > following:
        return Succession(clash=following)
    upto = following if end is None else end
    now = next((one for one in versions if one.covers(start)), None)
    if now is None:
        return Succession(insert=(start, upto))
    if dict(now.content) == dict(content):
        return Succession() if end in (None, now.end) else Succession(cut=now.id, cut_at=end)
    if now.start < start:
        return Succession(cut=now.id, cut_at=start, insert=(start, upto))
    if start <= today and now.cited:
        return Succession(in_force=True)
    moved = end is not None and end != now.end
    return Succession(rewrite=now.id, cut=now.id if moved else None, cut_at=end if moved else None)


def nearness(place: str, code: str) -> tuple[int, str]:
    """Sort key of a duty line: the narrowest place first, then by its number."""
    return (-place.count("/"), code)


def after(
    known: Iterable[Version], step: Succession, content: Mapping[str, Any], new: UUID
) -> list[Version]:
    """The versions on record once `step` has been taken; an inserted one gets the id `new`."""
    found = []
    for one in known:
        end = step.cut_at if one.id == step.cut else one.end
        says = content if one.id == step.rewrite else one.content
        found.append(Version(one.id, one.start, end, says, one.cited))
    if step.insert is not None:
        found.append(Version(new, *step.insert, content, cited=False))
    return found


def filled(known: Iterable[Version], content: Mapping[str, Any], start: date) -> dict[str, Any]:
    """`content` with what it does not say taken from the version that it follows."""
    before = next((one.content for one in known if one.covers(start)), {})
    return {**before, **content}
