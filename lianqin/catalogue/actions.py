"""Bringing the catalogue in. Safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lianqin.accounts.policy import Target
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform

from .models import CaseClass


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
