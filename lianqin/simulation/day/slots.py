"""The reports of a day, before anybody knows what becomes of them: time, class, source, centre."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from lianqin.worktime import PILOT, Limit

from .figures import ClassKey, Figures, shift_at

T = TypeVar("T", bound="str | int | ClassKey")

#: Minutes between a report and the second report of the same thing.
TWIN_FROM, TWIN_UNTIL = 8, 45
#: Second reports of the same thing by shift; the night has its own among the events.
TWINS = {"early": 6, "middle": 4, "late": 2}


class NoSuchDay(Exception):
    """These dice do not make a day with the figures; others do."""


@dataclass(frozen=True)
class Pin:
    """A report that an event of the day is about: everything about it is given."""

    name: str
    minute: float
    key: ClassKey
    source: str
    centre: str
    fate: str
    same_as: str = ""
    text: str = ""


@dataclass
class Slot:
    """A report. `same_as`: the slot whose case it joins, or at whose spot it lies. `held_until`:
    the case is still open at that minute, because somebody reports it again."""

    number: int
    minute: float
    key: ClassKey
    source: str
    limit: Limit
    condition: int = 0
    pin: Pin | None = None
    centre: str = ""
    fate: str = ""
    hands: str = ""
    same_as: Slot | None = None
    held_until: float = 0.0
    marks: set[str] = field(default_factory=set)

    @property
    def shift(self) -> str:
        """The shift in which it was reported."""
        return shift_at(self.minute)


def arrange(figures: Figures, dice: random.Random, pins: Iterable[Pin]) -> list[Slot]:
    """Slots whose totals by class and shift, source and shift, and hour are those of the figures,
    in the order of time. Raises NoSuchDay."""
    pins = list(pins)
    found: list[Slot] = []
    for shift in PILOT:
        mine = [pin for pin in pins if shift_at(pin.minute) == shift.key]
        hours = {h: n for h, n in figures.hours.items() if shift.start <= h < shift.end}
        minutes = _minutes(_without(hours, (int(p.minute // 60) for p in mine)), dice)
        classes = _spread(_without(figures.classes[shift.key], (p.key for p in mine)), dice)
        sources = _spread(_without(figures.sources[shift.key], (p.source for p in mine)), dice)
        if not len(minutes) == len(classes) == len(sources):
            raise ValueError(f"the figures of the {shift.key} shift disagree")
        for minute, key, source in zip(minutes, classes, sources, strict=True):
            found.append(_slot(figures, dice, minute, key, source))
        found += [_pinned(figures, pin) for pin in mine]
    found.sort(key=lambda slot: slot.minute)
    for number, slot in enumerate(found, start=1):
        slot.number = number
    by_name = {slot.pin.name: slot for slot in found if slot.pin}
    for slot in by_name.values():
        if slot.pin and slot.pin.same_as:
            slot.same_as = by_name[slot.pin.same_as]
    _pair(found, dice)
    _place(figures.centres, found, dice)
    return found


def _without(counts: Mapping[T, int], taken: Iterable[T]) -> Counter[T]:
    left = Counter(counts)
    left.subtract(taken)
    if any(count < 0 for count in left.values()):
        raise ValueError("an event of the day has no room in its figures")
    return left


def _spread(counts: Mapping[T, int], dice: random.Random) -> list[T]:
    found = [key for key in counts for _ in range(counts[key])]
    dice.shuffle(found)
    return found


def _minutes(hours: Mapping[int, int], dice: random.Random) -> list[float]:
    return [
        hour * 60 + round(dice.uniform(0.2, 59.0), 2)
        for hour, count in sorted(hours.items())
        for _ in range(count)
    ]


def _slot(figures: Figures, dice: random.Random, minute: float, key: ClassKey, source: str) -> Slot:
    limits = figures.limits[key]
    condition = dice.randrange(len(limits))
    return Slot(0, minute, key, source, limits[condition], condition)


def _pinned(figures: Figures, pin: Pin) -> Slot:
    limit = figures.limits[pin.key][0]
    return Slot(0, pin.minute, pin.key, pin.source, limit, 0, pin, pin.centre, pin.fate)


def _pair(slots: list[Slot], dice: random.Random) -> None:
    """Make some of them second reports: of the same class as one shortly before, which they get
    by changing classes with another report of the shift."""
    for shift, wanted in TWINS.items():
        free = [slot for slot in slots if slot.shift == shift and slot.pin is None]
        for _ in range(wanted):
            _twin(free, dice)


def _twin(free: list[Slot], dice: random.Random) -> None:
    taken = {id(s) for s in free if s.same_as} | {id(s.same_as) for s in free if s.same_as}
    open_ones = [slot for slot in free if id(slot) not in taken]
    pairs = [
        (first, second)
        for second in open_ones
        if second.source != "patrol"
        for first in open_ones
        if TWIN_FROM <= second.minute - first.minute <= TWIN_UNTIL
        and any(s.key == first.key and s is not first for s in open_ones)
    ]
    if not pairs:
        raise NoSuchDay
    first, second = dice.choice(pairs)
    other = next(s for s in open_ones if s.key == first.key and s is not first)
    for name in ("key", "limit", "condition"):
        mine, theirs = getattr(second, name), getattr(other, name)
        setattr(second, name, theirs)
        setattr(other, name, mine)
    second.same_as, second.fate = first, "duplicate"
    first.held_until = second.minute + 12


def _place(centres: Mapping[str, int], slots: list[Slot], dice: random.Random) -> None:
    """Give every slot a centre, in the figures' numbers; what is the same lies in one centre."""
    left = _without(centres, (slot.centre for slot in slots if slot.centre))
    for slot in slots:
        if slot.same_as and not slot.centre:
            chosen = dice.choice([c for c in sorted(left) if left[c] >= 2])
            slot.centre = slot.same_as.centre = chosen
            left[chosen] -= 2
    rest = [slot for slot in slots if not slot.centre]
    for slot, centre in zip(rest, _spread(left, dice), strict=True):
        slot.centre = centre
