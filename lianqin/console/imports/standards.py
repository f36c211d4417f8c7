"""The rows of a file of standards: checked one by one, the good ones as versions to follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from lianqin.catalogue.versions import NewVersion
from lianqin.console.words import tr

from .cells import Fault, by_column, class_code, dates, kind, limit, names
from .columns import Known
from .progress import shown
from .running import Part

_CONDITION = re.compile(r"[0-9A-Za-z]{1,8}")

#: Ids of the catalogue's classes by their keys.
Classes = Mapping[tuple[str, str], UUID]


@dataclass
class Numbered:
    """What a table asks for, each with the row that it stands in."""

    rows: list[tuple[int, NewVersion]] = field(default_factory=list)
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def take(self, number: int, row: NewVersion, column: str) -> None:
        """Keep the row. Raises Fault when one of that key and first day stands in the file."""
        key = (*row.key, row.start)
        if key in self.seen:
            raise Fault(
                column,
                tr(
                    f"与第 {self.seen[key]} 行重复,请换 {column},或换 valid_from",
                    f"the same as row {self.seen[key]}; give it another {column}, "
                    "or another valid_from",
                ),
            )
        self.seen[key] = number
        self.rows.append((number, row))


def read_standards(known: Known, classes: Classes, today: date, part: Part) -> Numbered:
    """Versions of standards. Without a column `condition` they are numbered within their class, in
    the order of the file, so that a row left out keeps its number for when it is mended."""
    found = Numbered()
    counted: Counter[tuple[str, str]] = Counter()
    for number, cells in shown(known.rows(), tr("立案结案标准", "standards"), known.table.about):
        part.read += 1
        try:
            row = by_column(known, cells)
            key = (kind(row["kind"]), class_code(row["code"]))
            counted[key] += 1
            condition = _condition(row.get("condition", str(counted[key])))
            found.take(
                number, _version(row, known_class(key, classes), condition, today), "condition"
            )
        except Fault as fault:
            part.leave_out(number, fault.field, fault.reason)
    return found


def known_class(key: tuple[str, str], classes: Classes) -> UUID:
    """The id of a class of the catalogue. Raises Fault naming what would be right."""
    if key in classes:
        return classes[key]
    of, code = key
    other = "part" if of == "event" else "event"
    if (other, code) in classes:
        raise Fault(
            "kind",
            tr(
                f"目录中没有 {of} {code},有 {other} {code},是否写错了 kind?",
                f"the catalogue has no {of} {code}, it has {other} {code}; is the kind right?",
            ),
        )
    raise Fault(
        "code",
        tr(
            f"目录中没有 {of} {code},请先用 lianqin import catalogue 导入该类别",
            f"the catalogue has no {of} {code}; bring the class in first, "
            "with `lianqin import catalogue`",
        ),
    )


def _condition(value: str) -> str:
    if _CONDITION.fullmatch(value):
        return value
    raise Fault(
        "condition",
        tr(
            f"“{value}”应为 1 至 8 位数字或字母,例如 1",
            f"'{value}' should be 1 to 8 digits or letters, such as 1",
        ),
    )


def _version(row: Mapping[str, str], case_class: UUID, condition: str, today: date) -> NewVersion:
    # What a district brings is its own, no sample.
    content: dict[str, Any] = {
        "sample": False,
        **names(row, "filing", 300, 600),
        **names(row, "closing", 300, 600),
        **limit(row["limit_value"], row["limit_unit"]),
    }
    return NewVersion((case_class, condition), content, *dates(row, today))
