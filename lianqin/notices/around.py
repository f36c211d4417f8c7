"""What the room asks of the rooms above it; whoever puts the house together answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class CaseFacts:
    """A case as far as a notice speaks of it: never its address, its reporter or its words."""

    id: UUID
    number: str
    place: str
    origin: str
    hands: tuple[UUID, ...] = ()
    class_zh: str = ""
    class_en: str = ""


class Around(Protocol):
    """Questions to the rooms above."""

    def cases(self, ids: Iterable[UUID]) -> dict[UUID, CaseFacts]:
        """The cases by id (a constant number of queries)."""
        ...

    def hands_of(self, tasks: Iterable[UUID]) -> dict[UUID, UUID]:
        """The crew or unit of each task (one query)."""
        ...

    def on_duty(self, users: Iterable[UUID], at: datetime) -> frozenset[UUID]:
        """Those of the people who are on duty at an instant (a constant number of queries)."""
        ...

    def today(self, at: datetime) -> date:
        """The district's date at an instant: which posts are in force."""
        ...
