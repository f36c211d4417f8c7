"""Where a report belongs: by its position if that is usable, else by the code it names. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Placed:
    """The area and place of a report; `known` says whether the spot itself is known."""

    area_code: str | None
    place: str
    known: bool
    refused: str = ""


def place_of(
    desk: str,
    *,
    by_position: tuple[str, str] | None,
    refused: str,
    by_code: tuple[str, str] | None,
    spot_known: bool = False,
) -> Placed:
    """Decide area and place.

    `by_position` and `by_code` are (area code, place path) or None; `refused` is why a position
    that was given cannot be used ('' if it can, or none was given). A report is never left out for
    want of a position: without one it goes by code, without that to `desk`: the one that took it
    in, or the district's own where it came from elsewhere. `spot_known`: the position itself can
    be used, which says nothing of the area in a district that has drawn none.
    """
    if by_position is not None and not refused:
        return Placed(by_position[0], by_position[1], True)
    if by_code is not None:
        return Placed(by_code[0], by_code[1], spot_known, refused)
    return Placed(None, desk, spot_known, refused)
