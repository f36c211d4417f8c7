"""Reading the journal."""

from __future__ import annotations

from .models import Entry, Head


def head() -> int:
    """The last position given out: what a snapshot is at least as new as, if read before it."""
    return Head.objects.values_list("position", flat=True).get(log="journal")


def entries_after(position: int, limit: int = 500) -> list[Entry]:
    """The next entries in the order of their commits."""
    return list(Entry.objects.filter(position__gt=position).order_by("position")[:limit])
