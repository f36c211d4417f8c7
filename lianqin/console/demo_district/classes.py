"""The case classes with a sample limit each."""

from __future__ import annotations

from functools import cache

from lianqin.console.demo_district.data import rows
from lianqin.console.demo_district.models import CaseClass

LIMIT_NOTE = {"zh": "样例：其他城市现行标准", "en": "sample: standard of another city"}


@cache
def case_classes() -> tuple[CaseClass, ...]:
    """All 188 classes, keyed by (kind, code): the same digits exist for parts and events."""
    return tuple(
        CaseClass(
            kind=row["kind"],
            code=row["code"],
            name={"zh": row["name_zh"], "en": row["name_en"]},
            group={"zh": row["group_zh"], "en": row["group_en"]},
            local_extension=row["local_extension"] == "1",
            limit_value=int(row["limit_value"]),
            limit_unit=row["limit_unit"],
            limit_note=LIMIT_NOTE,
        )
        for row in rows("case_classes.csv")
    )
