"""Reading the catalogue."""

from __future__ import annotations

from typing import Any

from .models import CaseClass


def class_by_key(kind: str, code: str) -> CaseClass | None:
    """The class with that key; (kind, code) because the same digits exist for events and parts."""
    return CaseClass.objects.filter(kind=kind, code=code).first()


def classes() -> list[dict[str, Any]]:
    """Every class for choosing from, in the order of its key."""
    return [
        {
            "kind": c.kind,
            "code": c.code,
            "name": {"zh": c.name_zh, "en": c.name_en or c.name_zh},
            "group": {"zh": c.group_zh, "en": c.group_en or c.group_zh},
            "limit": {"value": c.limit_value, "unit": c.limit_unit} if c.limit_value else None,
        }
        for c in CaseClass.objects.order_by("kind", "code")
    ]
