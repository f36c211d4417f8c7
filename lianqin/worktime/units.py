"""Units in which the standards give their limits.

Three ways of counting lie behind them (:class:`Basis`): time that runs day and night,
time inside working hours, and time while joint-duty shifts are on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """Which time counts at all."""

    CONTINUOUS = "continuous"
    WORKING = "working"
    DUTY = "duty"


class Unit(StrEnum):
    """A unit of a limit; the values are the words used in data and over HTTP."""

    MINUTE = "minute"
    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    NATURAL_DAY = "natural_day"
    DUTY_HOUR = "duty_hour"

    @property
    def basis(self) -> Basis:
        """The way of counting behind this unit."""
        return _BASIS[self]

    @property
    def zh(self) -> str:
        """The unit's name on screen in Chinese."""
        return _NAMES[self][0]

    @property
    def en(self) -> str:
        """The unit's name on screen in English (singular)."""
        return _NAMES[self][1]

    @classmethod
    def parse(cls, word: str) -> Unit:
        """Read a unit from data; ``urgent_day`` is another name of ``natural_day``.

        Raises
        ------
        ValueError
            If the word names no unit.
        """
        key = word.strip().lower()
        return cls(_ALIASES.get(key, key))


_BASIS = {
    Unit.MINUTE: Basis.CONTINUOUS,
    Unit.URGENT_HOUR: Basis.CONTINUOUS,
    Unit.NATURAL_DAY: Basis.CONTINUOUS,
    Unit.WORK_HOUR: Basis.WORKING,
    Unit.WORK_DAY: Basis.WORKING,
    Unit.DUTY_HOUR: Basis.DUTY,
}
_NAMES = {
    Unit.MINUTE: ("分钟", "minute"),
    Unit.URGENT_HOUR: ("紧急工作时", "urgent hour"),
    Unit.WORK_HOUR: ("工作时", "work hour"),
    Unit.WORK_DAY: ("工作日", "work day"),
    Unit.NATURAL_DAY: ("自然日", "natural day"),
    Unit.DUTY_HOUR: ("联勤工时", "joint-duty hour"),
}
_ALIASES = {"urgent_day": "natural_day"}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many units, for instance two urgent hours.

    A limit says nothing about *when* it ends: that needs a start and a calendar.
    """

    value: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.value <= 0:
            raise ValueError(f"a limit is at least one unit, not {self.value}")

    def text(self, language: str = "zh") -> str:
        """Words for a screen: "2 紧急工作时", "2 urgent hours"."""
        if language.startswith("zh"):
            return f"{self.value} {self.unit.zh}"
        return f"{self.value} {self.unit.en}{'' if self.value == 1 else 's'}"
