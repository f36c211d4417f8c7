"""When a crew may be told to stand by somewhere else. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lianqin.accounts.principal import subdistrict_of, within
from lianqin.accounts.refusals import Refusal

#: Who moves crews anywhere in the district; everybody else within the own subdistrict.
_WIDE = "district_desk"


@dataclass(frozen=True)
class Spot:
    """Where a crew is to stand by: a site or an area by its code, and whose place it lies in."""

    kind: str
    code: str
    place: str


def may_move(crew_shift: str, shift: str, role: str, own_place: str, to: Spot | None) -> None:
    """Refuse unless the crew is on duty now and the spot lies in the mover's subdistrict: within it
    a commander moves crews directly (the mechanism of 2016: the commander may move people across
    zones); beyond it the district desk does. `to` None: back to its own centre."""
    if crew_shift != shift:
        raise Refusal("crew_off_duty", field="crew_id", shift=crew_shift)
    if to is None or role == _WIDE:
        return
    if not within(to.place, subdistrict_of(own_place)):
        raise Refusal("stand_by_outside_subdistrict", field="code")
