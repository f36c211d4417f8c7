"""From the file's words to the district's: areas, classes, sources, and the body of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .profiles import ClassKey, Profile
from .request import Request

#: Where a problem goes that fits no class, best first; the first that the server knows is taken.
GENERAL: tuple[ClassKey, ...] = (("event", "0604"), ("event", "0112"))


@dataclass(frozen=True)
class Allotted:
    """Which of the district's areas stands for a name in the file; `invented` unless it is it."""

    name: str
    code: str
    area_name: str
    invented: bool
    place: str = ""


def allot(names: Iterable[str], areas: Sequence[Mapping[str, Any]]) -> dict[str, Allotted]:
    """One area for every name, the same ones each time.

    A name that is the code or name of an area gets that area. The others are spread over the
    areas that a centre answers for (else communities, else subdistricts), both sides sorted:
    invented, so whoever prints it says so.
    """
    by_word: dict[str, Mapping[str, Any]] = {}
    for area in areas:
        for word in (area["code"], area["name"]["zh"], area["name"]["en"]):
            by_word.setdefault(word.casefold(), area)
    found: dict[str, Allotted] = {}
    others: list[str] = []
    for name in sorted(set(names)):
        same = by_word.get(name.casefold()) if name else None
        if same is None:
            others.append(name)
        else:
            found[name] = _allotted(name, same, invented=False)
    if found and others == [""]:
        # The district has the file's own areas: a row that names none goes to the district's desk.
        return found
    targets = _targets(areas)
    for index, name in enumerate(others if targets else ()):
        target = targets[index * len(targets) // len(others)]
        found[name] = _allotted(name, target, invented=True)
    return found


def _allotted(name: str, area: Mapping[str, Any], *, invented: bool) -> Allotted:
    return Allotted(name, area["code"], area["name"]["zh"], invented, str(area["place"]))


def _targets(areas: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Areas to allot, sorted by place and code so that neighbours in the list share a centre."""
    pools = (
        [a for a in areas if a["kind"] == "community" and a["place"].count("/") >= 2],
        [a for a in areas if a["place"].count("/") >= 2],
        [a for a in areas if a["kind"] == "community"],
        [a for a in areas if a["kind"] == "subdistrict"],
        list(areas),
    )
    pool = next((p for p in pools if p), [])
    return sorted(pool, key=lambda a: (a["place"], a["code"]))


def words_of(classes: Iterable[Mapping[str, Any]]) -> dict[str, ClassKey]:
    """Classes by their codes and their names in either language, for finding a file's own type."""
    found: dict[str, ClassKey] = {}
    for item in classes:
        key = item["kind"], item["code"]
        for word in (item["code"], item["name"]["zh"], item["name"]["en"]):
            found.setdefault(word.casefold(), key)
    return found


def class_of(
    service: str,
    profile: Profile,
    known: Iterable[ClassKey],
    words: Mapping[str, ClassKey] | None = None,
) -> ClassKey | None:
    """The class that is called what the service is called, else the one that the profile names
    for it, if the server knows it."""
    named = (words or {}).get(service.casefold())
    if named is not None:
        return named
    fits = [start for start in profile.classes if service.startswith(start)]
    if not fits:
        return None
    key = profile.classes[max(fits, key=len)]
    return key if key in set(known) else None


def general_class(classes: Sequence[Mapping[str, Any]]) -> ClassKey | None:
    """The class for what fits none: one called "other" if there is one, else by GENERAL, else the
    last event of the last group."""
    events = sorted((c for c in classes if c["kind"] == "event"), key=lambda c: c["code"])
    for item in events:
        if "其他" in item["name"]["zh"]:
            return "event", item["code"]
    known = {(c["kind"], c["code"]) for c in classes}
    for key in GENERAL:
        if key in known:
            return key
    if events:
        return "event", events[-1]["code"]
    return (classes[0]["kind"], classes[0]["code"]) if classes else None


def not_ours(service: str, profile: Profile) -> bool:
    """Whether a service is a question or a bill rather than a problem in a street."""
    return bool(service) and service.startswith(profile.not_ours or ("\0",))


def report_body(
    request: Request,
    profile: Profile,
    area_code: str | None,
    class_key: ClassKey | None,
    source: str,
    now: datetime,
) -> dict[str, Any]:
    """The body of POST /reports for a row. The same row gives the same body: its key stands for
    it. A time in the real future is left out, so that the server's own counts."""
    service = request.service or "类别未写明 (type not stated)"
    body: dict[str, Any] = {
        "source": source,
        "class": {"kind": class_key[0], "code": class_key[1]} if class_key else None,
        "service_name": request.service,
        "description": f"{service} ({request.detail})" if request.detail else service,
        "address": request.address,
        "external_number": request.row_id,
    }
    if area_code:
        body["area_code"] = area_code
    if request.lon is not None and request.lat is not None:
        body |= {"lon": request.lon, "lat": request.lat, "datum": "wgs84"}
    if request.created and request.created <= now:
        body["occurred_at"] = request.created.isoformat()
    return body
