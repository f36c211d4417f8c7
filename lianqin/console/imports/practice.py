"""The rows of what every install starts with and a district may set: ways by source, limits of the
stages, figures of the daily work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from lianqin.catalogue.rules import SOURCES, STAGES
from lianqin.catalogue.versions import NewVersion
from lianqin.console.words import tr

from .cells import Fault, by_column, dates, limit, one_of, whole, yes
from .columns import Known
from .running import Part
from .standards import Numbered

_SOURCES = dict(
    zip(
        SOURCES,
        ("巡查", "信息采集员", "市平台", "12345 热线", "视频", "社区", "公众", "110 移交"),
        strict=True,
    )
)
_STAGES = dict(zip(STAGES, ("受理", "核实", "派遣", "签收", "核查", "答复", "结案"), strict=True))
_HERE = {"here": "本区", "elsewhere": "外部"}
_CLOSERS = {"centre": "指挥中心", "district": "区", "elsewhere": "外部"}
#: Least and most of each figure of the daily work.
_BOUNDS = {
    "send_back_window": (0, 14_400),
    "send_back_limit": (0, 20),
    "twin_metres": (0, 5_000),
    "twin_hours": (0, 8_760),
    "recurrence_days": (0, 3_650),
    "recurrence_metres": (0, 5_000),
    "sample_percent": (5, 10),
    "collectors_from": (0, 23),
    "collectors_until": (1, 24),
    "extension_max": (0, 20),
    "suspension_days_max": (1, 365),
}


def read_ways(known: Known, today: date, part: Part) -> Numbered:
    """Versions of who performs which stage for cases from a source."""

    def read(found: Mapping[str, str]) -> NewVersion:
        said = {
            "verify": yes("verify", found["verify"]),
            "filed_by": one_of("filed_by", found["filed_by"], _HERE),
            "checked_by": one_of("checked_by", found["checked_by"], _HERE),
            "closed_by": one_of("closed_by", found["closed_by"], _CLOSERS),
        }
        if "reply" in found:
            said["reply"] = yes("reply", found["reply"])
        key = one_of("source", found["source"], _SOURCES)
        return NewVersion((key,), said, *dates(found, today))

    return _each(known, part, read, "source")


def read_stage_limits(known: Known, today: date, part: Part) -> Numbered:
    """Versions of how long a stage may take."""

    def read(found: Mapping[str, str]) -> NewVersion:
        said = limit(found["limit_value"], found["limit_unit"])
        content = {"value": said["limit_value"], "unit": said["limit_unit"], "sample": False}
        key = one_of("stage", found["stage"], _STAGES)
        return NewVersion((key,), content, *dates(found, today))

    return _each(known, part, read, "stage")


def read_practice(known: Known, today: date, part: Part) -> Numbered:
    """Versions of the figures of the daily work; what a row leaves empty stays as it is."""

    def read(found: Mapping[str, str]) -> NewVersion:
        said = {
            name: whole(name, found[name], *bounds)
            for name, bounds in _BOUNDS.items()
            if found.get(name)
        }
        _in_order(said)
        return NewVersion((), said, *dates(found, today))

    return _each(known, part, read, "valid_from")


def _in_order(said: Mapping[str, int]) -> None:
    names = ("collectors_from", "collectors_until")
    given = [name for name in names if name in said]
    if len(given) == 1:
        raise Fault(
            given[0],
            tr("collectors_from 与 collectors_until 须同时填写", "both hours are to be named"),
        )
    if given and said[names[0]] >= said[names[1]]:
        raise Fault(
            names[1],
            tr(
                f"应晚于 collectors_from({said[names[0]]})",
                f"should be later than collectors_from ({said[names[0]]})",
            ),
        )


def _each(
    known: Known, part: Part, read: Callable[[Mapping[str, str]], NewVersion], column: str
) -> Numbered:
    found = Numbered()
    for number, cells in known.rows():
        part.read += 1
        try:
            found.take(number, read(by_column(known, cells)), column)
        except Fault as fault:
            part.leave_out(number, fault.field, fault.reason)
    return found


#: By the name of their table.
READERS: dict[str, Callable[[Known, date, Part], Numbered]] = {
    "ways": read_ways,
    "stage_limits": read_stage_limits,
    "practice": read_practice,
}
