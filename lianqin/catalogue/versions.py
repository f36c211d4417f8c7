"""How new versions of dated rows follow those on record: read and planned here, written by the
actions. A dry run is the plan alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from . import rules
from .models import DutyLine, PracticeVersion, SourceWay, StageLimit, Standard
from .rules import Succession, Version

Key = tuple[Any, ...]
DatedRow = Standard | DutyLine | SourceWay | StageLimit | PracticeVersion


@dataclass(frozen=True)
class Dated:
    """A table of dated rows: what makes a row what it is, and what a version of it says.

    `cited_by_key`: whatever cites a row does so by a foreign key; else any row that has begun may
    have been cited, in a reason for instance.
    """

    model: type[DatedRow]
    key: tuple[str, ...]
    says: tuple[str, ...]
    cited_by_key: bool = False


STANDARDS = Dated(
    Standard,
    ("case_class_id", "condition"),
    (
        "filing_zh", "filing_en", "closing_zh", "closing_en", "limit_value", "limit_unit", "sample",
    ),
    cited_by_key=True,
)  # fmt: skip
DUTY_LIST = Dated(
    DutyLine, ("code",), ("case_class_id", "place", "unit_id", "basis_zh", "basis_en", "sample")
)
WAYS = Dated(SourceWay, ("source",), ("verify", "filed_by", "checked_by", "closed_by", "reply"))
STAGE_LIMITS = Dated(StageLimit, ("stage",), ("value", "unit", "sample"))
#: One for the whole district.
PRACTICE = Dated(PracticeVersion, (), tuple(one.name for one in fields(rules.Practice)))


@dataclass(frozen=True)
class NewVersion:
    """A row as it comes in: what it says is in force from `start`, up to (not including) `end`.

    `content` may leave out what is to stay as it is.
    """

    key: Key
    content: Mapping[str, Any]
    start: date
    end: date | None = None


@dataclass
class Plan:
    """What a list of new versions asks for: one step per row, and the rows to be written."""

    steps: list[Succession] = field(default_factory=list)
    insert: list[tuple[Key, Version]] = field(default_factory=list)
    update: list[Version] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many of the rows change something."""
        return sum(step.changes for step in self.steps)


def plan(table: Dated, rows: Sequence[NewVersion], today: date, *, hold: bool = False) -> Plan:
    """How these rows follow those on record, each on what those before it have left.

    With `hold` (in a transaction) the rows on record are locked, so that nothing comes to cite
    them before the plan is carried out. The number of queries does not grow with the rows.
    """
    stored: Any = table.model._default_manager.all()
    for first in table.key[:1]:
        stored = stored.filter(**{f"{first}__in": {row.key[0] for row in rows}})
    found: list[Any] = list((stored.select_for_update() if hold else stored).order_by("id"))
    return _plan(_known(found, table, cited(table, [row.id for row in found])), rows, today)


def cited(table: Dated, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these rows that something cites, or may cite."""
    if not table.cited_by_key:
        return set(ids)
    found: set[UUID] = set()
    # By the relations that upper rooms have made, which this room does not know by name.
    for relation in table.model._meta.related_objects:
        field = relation.remote_field.attname
        citing = relation.related_model._default_manager.filter(**{f"{field}__in": ids})
        found.update(citing.values_list(field, flat=True).distinct())
    return found


def _known(stored: Iterable[DatedRow], table: Dated, cited: set[UUID]) -> dict[Key, list[Version]]:
    found: dict[Key, list[Version]] = {}
    for row in stored:
        version = Version(
            row.pk,
            row.valid.lower or date.min,
            row.valid.upper,
            {name: getattr(row, name) for name in table.says},
            row.pk in cited,
        )
        found.setdefault(tuple(getattr(row, name) for name in table.key), []).append(version)
    return found


def _plan(known: Mapping[Key, list[Version]], rows: Sequence[NewVersion], today: date) -> Plan:
    made = Plan()
    now = {key: list(versions) for key, versions in known.items()}
    for row in rows:
        versions = now.get(row.key, [])
        content = rules.filled(versions, row.content, row.start)
        step = rules.succeed(versions, content, row.start, row.end, today)
        now[row.key] = rules.after(versions, step, content, uuid7())
        made.steps.append(step)
    before: dict[UUID, Version] = {v.id: v for versions in known.values() for v in versions}
    for key, versions in now.items():
        made.insert += [(key, v) for v in versions if v.id not in before]
        made.update += [v for v in versions if v.id in before and v != before[v.id]]
    return made
