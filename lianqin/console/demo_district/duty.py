"""The demo's duty list: which unit a class is the duty of, and where.

A unit that every subdistrict has (squad, urban, sanitation) gets a line per subdistrict; a bureau
of the district gets one line for the whole of it.
"""

from __future__ import annotations

from functools import cache

from lianqin.console.demo_district import agencies, areas
from lianqin.console.demo_district.data import DISTRICT, rows
from lianqin.console.demo_district.models import DutyLine

_LETTERS = {"event": "E", "part": "P"}


@cache
def duty_lines() -> tuple[DutyLine, ...]:
    """Every line; all of them are invented and say so."""
    district_wide = {unit.key for unit in agencies.units() if unit.reach == DISTRICT}
    offices = areas.offices()
    found = []
    for row in rows("duty_units.csv"):
        for number, unit in enumerate(row["units"].split(), start=1):
            if unit in district_wide:
                found.append(_line(row, number, DISTRICT, DISTRICT, unit))
            else:
                found += [
                    _line(row, number, office.code, office.place, f"{unit}-{office.code}")
                    for office in offices
                ]
    return tuple(found)


def _line(row: dict[str, str], number: int, at: str, place: str, unit: str) -> DutyLine:
    item = f"{_LETTERS[row['kind']]}{row['code']}"
    return DutyLine(
        code=f"{item}-{at}-{number}",
        kind=row["kind"],
        class_code=row["code"],
        place=place,
        unit=unit,
        basis={
            "zh": f"演示区权责清单（样例）第 {item} 项",
            "en": f"Demo duty list (sample), item {item}",
        },
    )
