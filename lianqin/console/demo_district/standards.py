"""The conditions of each class: when to file, when it is over, how long it may take."""

from __future__ import annotations

from functools import cache

from lianqin.console.demo_district.data import rows
from lianqin.console.demo_district.models import Standard


@cache
def standards() -> tuple[Standard, ...]:
    """Every condition of the 188 classes; the wording is ours, the limits another city's."""
    return tuple(
        Standard(
            kind=row["kind"],
            code=row["code"],
            condition=row["condition"],
            filing={"zh": row["filing_zh"], "en": row["filing_en"]},
            closing={"zh": row["closing_zh"], "en": row["closing_en"]},
            limit_value=int(row["limit_value"]),
            limit_unit=row["limit_unit"],
        )
        for row in rows("standards.csv")
    )
