"""Bringing the catalogue in. Safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.accounts.policy import Target
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.territory.models import District

from .models import CaseClass
from .rules import Version
from .versions import (
    DUTY_LIST,
    PRACTICE,
    STAGE_LIMITS,
    STANDARDS,
    WAYS,
    Dated,
    NewVersion,
    plan,
)


def import_classes(
    command: Command,
    place: str,
    rows: Iterable[Mapping[str, Any]],
    origin: str = "live",
    file_hash: str = "",
) -> Done:
    """Write classes, keyed by (kind, code), in one transaction and one entry.

    `file_hash` is the SHA-256 of the file they came from, for the entry.
    """

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(place))
        written = 0
        for row in rows:
            values = {k: v for k, v in row.items() if k not in ("kind", "code")}
            CaseClass.objects.update_or_create(
                kind=row["kind"], code=row["code"], defaults={**values, "origin": origin}
            )
            written += 1
        counts = {"classes": written}
        data = {"counts": counts, "file": file_hash or None}
        draft = acting.draft(post, ("catalogue", command.key), data, origin=origin)
        return Outcome(draft, {"counts": counts})

    return perform(command, work)


def import_standards(
    command: Command,
    place: str,
    rows: Sequence[NewVersion],
    origin: str = "live",
    file_hash: str = "",
) -> Done:
    """Write versions of standards, keyed by (id of the class, condition), as one entry.

    Each closes the one in force where it begins. Rows that cannot follow (`Succession.clash`,
    `Succession.in_force`) are left alone: whoever brings them asks `plan` first and says so.
    """
    return perform(command, _following(STANDARDS, "standards", place, rows, origin, file_hash))


def import_duty_list(
    command: Command,
    place: str,
    rows: Sequence[NewVersion],
    origin: str = "live",
    file_hash: str = "",
) -> Done:
    """Write versions of lines of the duty list, keyed by (number,), as `import_standards` does."""
    return perform(command, _following(DUTY_LIST, "duty_list", place, rows, origin, file_hash))


def import_ways(
    command: Command,
    place: str,
    rows: Sequence[NewVersion],
    origin: str = "live",
    file_hash: str = "",
) -> Done:
    """Write versions of who performs which stage, keyed by (source,), as `import_standards`."""
    return perform(command, _following(WAYS, "ways", place, rows, origin, file_hash))


def import_stage_limits(
    command: Command,
    place: str,
    rows: Sequence[NewVersion],
    origin: str = "live",
    file_hash: str = "",
) -> Done:
    """Write versions of the limits of stages, keyed by (stage,), as `import_standards` does."""
    return perform(
        command, _following(STAGE_LIMITS, "stage_limits", place, rows, origin, file_hash)
    )


def import_practice(
    command: Command,
    place: str,
    rows: Sequence[NewVersion],
    origin: str = "live",
    file_hash: str = "",
) -> Done:
    """Write versions of the figures of the daily work, whose key is (), as `import_standards`."""
    return perform(command, _following(PRACTICE, "practice", place, rows, origin, file_hash))


def _following(
    table: Dated, what: str, place: str, rows: Sequence[NewVersion], origin: str, file_hash: str
) -> Callable[[Acting], Outcome]:
    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(place))
        # One import at a time: what follows what is decided on what is on record.
        here = District.objects.select_for_update().get()
        asked = plan(table, rows, acting.recorded_at.astimezone(here.tz).date(), hold=True)
        every = table.model._default_manager
        for version in asked.update:
            every.filter(pk=version.id).update(**_says(version))
        marked = {"origin": origin} if hasattr(table.model, "origin") else {}
        new: list[Any] = [
            table.model(
                id=version.id,
                **marked,
                **dict(zip(table.key, key, strict=True)),
                **_says(version),
            )
            for key, version in asked.insert
        ]
        every.bulk_create(new)
        counts = {what: asked.changes}
        data = {"counts": counts, "file": file_hash or None}
        draft = acting.draft(post, (what, acting.command.key), data, origin=origin)
        return Outcome(draft, {"counts": counts})

    return work


def _says(version: Version) -> dict[str, Any]:
    start = None if version.start == date.min else version.start
    return {**version.content, "valid": DateRange(start, version.end)}
