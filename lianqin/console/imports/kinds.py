"""Every table that can be brought in, room by room, in the order in which they need each other.

They are data: `columns.csv` says of each column its name, its Chinese heading, whether it is needed
(`yes`; `or` the column that may stand for it; `any`: at least one of these), other headings that
mean the same, an example, and what it takes in both languages.
"""

from __future__ import annotations

import csv
from pathlib import Path

from .columns import Column, Kind


def _kinds() -> dict[str, dict[str, Kind]]:
    """Kinds of tables by room and name, in the file's order."""
    path = Path(__file__).with_name("columns.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found: dict[str, dict[str, Kind]] = {}
    for row in rows:
        room = found.setdefault(row["room"], {})
        if row["table"] in room:
            continue
        mine = [one for one in rows if one["table"] == row["table"]]
        any_of = tuple(one["column"] for one in mine if one["needed"] == "any")
        columns = tuple(map(_column, mine))
        room[row["table"]] = Kind(row["table"], row["table_zh"], columns, any_of)
    return found


def _column(row: dict[str, str]) -> Column:
    needed = row["needed"].removeprefix("or ") if row["needed"].startswith("or ") else ""
    return Column(
        row["column"],
        row["column_zh"],
        (row["takes_zh"], row["takes_en"]),
        row["example"],
        needed or row["needed"] == "yes",
        tuple(row["others"].split()),
    )


ROOMS = _kinds()
TERRITORY, FORCE, CATALOGUE = (
    tuple(ROOMS[room].values()) for room in ("territory", "force", "catalogue")
)
AREAS, SITES, CALENDAR = TERRITORY
ACCOUNTS = ROOMS["force"]["accounts"]
CLASSES, STANDARDS, DUTY = CATALOGUE[:3]
