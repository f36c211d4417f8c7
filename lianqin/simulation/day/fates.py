"""What becomes of each report of a day: chosen so that the totals are those of the figures."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lianqin.worktime import Basis, BeyondHorizon, Calendar, Limit, due_at
from lianqin.worktime.calendar import wall_instant

from .figures import (
    DISPATCHED,
    ENDS,
    EXTENDED,
    FATES,
    REWORKED,
    SAMPLED,
    TO_UNITS,
    Figures,
)
from .slots import NoSuchDay, Slot

#: Minutes from the report to the end of a case that meets nothing unusual, at the most.
WHOLE_WAY = 165
#: Minutes from the report to its dispatch, at the most.
TO_DISPATCH = 26
#: A case that is in hand at seven has that many minutes left then, or more.
LEFT_AT_SEVEN = 70
#: From when on a check may well wait for the collectors of the morning, and a case run over.
EVENING = 19 * 60
#: Who closes the case: not the city or the hotline.
OWN = frozenset({"patrol", "video", "community_post", "public", "police_110"})
_EVER = date(1999, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Day:
    """A duty date with its calendar."""

    date: date
    calendar: Calendar

    def instant(self, minute: float) -> datetime:
        """The instant of a minute of the duty date, in UTC."""
        whole = int(minute)
        exact = wall_instant(self.date, whole, self.calendar.tz)
        return exact + timedelta(seconds=round((minute - whole) * 60))

    def minute(self, instant: datetime) -> float:
        """The minute of the duty date that an instant is."""
        return (instant - wall_instant(self.date, 0, self.calendar.tz)).total_seconds() / 60

    def due(self, limit: Limit, minute: float) -> float:
        """The minute at which a limit ends that begins at `minute`; beyond what the calendar
        knows only weekends count, as the server has it."""
        start = self.instant(minute)
        try:
            return self.minute(due_at(start, limit, self.calendar))
        except BeyondHorizon:
            wide = replace(self.calendar, valid_from=_EVER[0], valid_until=_EVER[1])
            return self.minute(due_at(start, limit, wide))


@dataclass(frozen=True)
class Mix:
    """How many of a day's reports meet which fate, go to departments, and are marked how."""

    fates: Mapping[str, int]
    to_units: int
    marks: Mapping[str, int]


#: The day of the figures.
THE_DAY = Mix(FATES, TO_UNITS, {"sampled": SAMPLED, "reworked": REWORKED, "extended": EXTENDED})
#: Any other: as many of everything, as far as it needs no event.
ANY_DAY = replace(
    THE_DAY,
    fates={"duplicate": 12, "rejected": 14, "settled": 58, "on_time": 54, "late": 3,
           "in_hand": 16, "to_check": 5, "overdue": 2},
)  # fmt: skip


def decide(
    slots: list[Slot], figures: Figures, day: Day, dice: random.Random, mix: Mix = THE_DAY
) -> None:
    """Give every slot its fate, hands and marks. Raises NoSuchDay."""
    firsts = {id(slot.same_as) for slot in slots if slot.same_as}
    left = Counter(mix.fates)
    left.subtract(slot.fate for slot in slots if slot.fate)
    for fate, may, weight in _CHOICES:
        free = [s for s in slots if not s.fate and may(s, day, id(s) in firsts)]
        for slot in _chosen(free, left[fate], weight, dice):
            slot.fate = fate
    if any(not slot.fate for slot in slots):
        raise NoSuchDay
    _give_hands(slots, figures, dice, mix.to_units)
    _mark(slots, dice, mix.marks)


Rule = Callable[[Slot, Day, bool], bool]


def urgent(slot: Slot) -> bool:
    """Whether its limit runs day and night and is short."""
    return slot.limit.unit.basis is Basis.CONTINUOUS and slot.limit.value <= 2


def _in_hand(slot: Slot, day: Day, first: bool) -> bool:
    return day.due(slot.limit, slot.minute + 4) > ENDS + LEFT_AT_SEVEN and not _too_late(slot)


def _too_late(slot: Slot) -> bool:
    return slot.minute + TO_DISPATCH > ENDS


def _to_check(slot: Slot, day: Day, first: bool) -> bool:
    return slot.source in OWN and EVENING <= slot.minute <= ENDS - 110 and not slot.same_as


def _overdue(slot: Slot, day: Day, first: bool) -> bool:
    ends = slot.minute + TO_DISPATCH + slot.limit.value * 60
    return urgent(slot) and slot.minute >= EVENING - 60 and ends < ENDS - 10


def _late(slot: Slot, day: Day, first: bool) -> bool:
    return urgent(slot) and slot.minute <= ENDS - 420


def _settled(slot: Slot, day: Day, first: bool) -> bool:
    return slot.source == "patrol" and not first


def _rejected(slot: Slot, day: Day, first: bool) -> bool:
    return not first and slot.minute <= ENDS - 60


def _on_time(slot: Slot, day: Day, first: bool) -> bool:
    return slot.minute <= ENDS - WHOLE_WAY


def _late_first(slot: Slot) -> float:
    """Later ones rather, and above all those that cannot be closed before seven any more."""
    return 60.0 if slot.minute > ENDS - WHOLE_WAY else (slot.minute / 600) ** 3


def _outsiders_first(slot: Slot) -> float:
    weights = {"public": 6.0, "community_post": 6.0, "hotline": 3.0, "video": 2.0}
    return weights.get(slot.source, 0.6)


#: Fates in the order in which they choose: the narrow ones first.
_CHOICES: tuple[tuple[str, Rule, Callable[[Slot], float]], ...] = (
    ("to_check", _to_check, lambda slot: 1.0),
    ("overdue", _overdue, lambda slot: 1.0),
    ("in_hand", _in_hand, _late_first),
    ("late", _late, lambda slot: 1.0),
    ("rejected", _rejected, _outsiders_first),
    ("settled", _settled, lambda slot: 60.0 if slot.minute > ENDS - WHOLE_WAY else 1.0),
    ("on_time", _on_time, lambda slot: 1.0),
)


def _chosen(
    free: list[Slot], count: int, weight: Callable[[Slot], float], dice: random.Random
) -> list[Slot]:
    """So many of them, by weight, none twice."""
    if len(free) < count:
        raise NoSuchDay
    ranked = sorted(free, key=lambda slot: dice.random() ** (1 / weight(slot)), reverse=True)
    return ranked[:count]


def _give_hands(slots: list[Slot], figures: Figures, dice: random.Random, to_units: int) -> None:
    """Departments get what is theirs and nobody else's first; the rest is for crews."""
    given = {"burst": "unit", "sunk": "unit", "night": "crew", "back": "crew"}
    sent = [slot for slot in slots if slot.fate in DISPATCHED]
    free = []
    for slot in sent:
        slot.hands = given.get(slot.pin.name, "") if slot.pin else ""
        if not slot.hands:
            free.append(slot)
    wanted = to_units - sum(slot.hands == "unit" for slot in sent)
    free.sort(key=lambda s: (department(s, figures) == "squad", dice.random()))
    for number, slot in enumerate(free):
        slot.hands = "unit" if number < wanted else "crew"


def department(slot: Slot, figures: Figures) -> str:
    """The unit whose duty the class is, a squad only where there is no other."""
    units = figures.duties[slot.key]
    return next((unit for unit in units if unit != "squad"), units[0])


def _mark(slots: list[Slot], dice: random.Random, counts: Mapping[str, int]) -> None:
    """Who is looked at again, sent back to work, and given more time."""
    for mark, may in _MARKS.items():
        free = [slot for slot in slots if not slot.pin and not slot.marks and may(slot)]
        for slot in _chosen(free, counts.get(mark, 0), lambda slot: 1.0, dice):
            slot.marks.add(mark)


def _quick(slot: Slot) -> bool:
    return slot.fate == "on_time" and urgent(slot) and slot.limit.value > 1


_MARKS: Mapping[str, Callable[[Slot], bool]] = {
    "sampled": lambda s: s.fate == "settled" and s.minute < ENDS - 90,
    "reworked": lambda s: _quick(s) and s.source in OWN and s.minute < ENDS - 240,
    "extended": lambda s: _quick(s) and s.minute < ENDS - 360 and not s.held_until,
}
