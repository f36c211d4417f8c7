"""Shapes of the catalogue over HTTP.

Their names are the catalogue's own (no second `Names`): one schema name is one shape in the
published document.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ninja import Schema


class Wording(Schema):
    """Words in both languages; English falls back to Chinese."""

    zh: str
    en: str


class StandardLimit(Schema):
    value: int
    unit: str


class InForce(Schema):
    """From that day on, up to (not including) the other; null: without an end."""

    start: date | None
    before: date | None


class StandardOut(Schema):
    id: UUID
    condition: str
    filing: Wording
    closing: Wording
    limit: StandardLimit
    valid: InForce
    sample: bool


class Standards(Schema):
    on: date
    items: list[StandardOut]


class DutyUnit(Schema):
    id: UUID
    name: Wording


class DutyLineOut(Schema):
    id: UUID
    code: str
    place: str
    unit: DutyUnit
    basis: Wording
    valid: InForce
    sample: bool


class DutyLines(Schema):
    on: date
    place: str
    items: list[DutyLineOut]
