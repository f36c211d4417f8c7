"""A day put together: the same date, seed and places give the same day."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import events
from .fates import ANY_DAY, THE_DAY, Day, Mix, decide
from .figures import ENDS, LEADS, SERVICES, Figures, shift_at
from .script import Script, Setting, Step, Story, story
from .slots import NoSuchDay, Slot, arrange

Spot = Mapping[str, Any]
Spots = Mapping[str, Sequence[Spot]]

#: How often other dice are tried; one in two or three makes a day.
TRIES = 400
#: Of a day long past, how much is told, and how much of that is settled, rejected, late.
PAST_SHARE, PAST_SETTLED, PAST_REJECTED, PAST_LATE = 0.55, 0.38, 0.09, 0.03
#: A second report of the same thing lies about that many degrees off: some metres.
BESIDE = 0.00004

_SERVICES = (
    "为外地游客指路，送至地铁口",
    "协助走失儿童联系家长，已接走",
    "帮推抛锚电动车至路边",
    "为突发不适的老人联系急救并陪同",
    "拾到手机一部，已归还失主",
)
_LEADS = (
    ("夜间有人撬拨停放的电动车", "派出所"),
    ("出租房内疑似聚众赌博", "派出所"),
    ("有人在路口兜售来路不明的手机", "派出所"),
)
ELDERLY = "走失老人一名，由联勤组陪同送交派出所"


@dataclass(frozen=True)
class DayPlan:
    """A duty date and everything that happens on it, and because of it on the next."""

    day: Day
    stories: tuple[Story, ...]

    def steps(self) -> list[Step]:
        """Every step in the order of time; those of one story keep theirs."""
        return sorted((s for one in self.stories for s in one.steps), key=lambda s: s.minute)


def the_day(day: Day, figures: Figures, spots: Spots, seed: str) -> DayPlan:
    """The day of the figures with its events."""
    dice, slots = _drawn(day, figures, f"{seed} {day.date}", THE_DAY, True)
    setting = _setting(day, figures, dice, slots, spots)
    stories = _stories(slots, setting)
    stories.append(events.cleansing(setting, dice.choice(spots["xinsheng"])))
    stories += _records(dice, figures, spots, elderly=True)
    stories.append(_brief())
    return DayPlan(day, tuple(stories))


def only_events(whole: DayPlan) -> DayPlan:
    """Of a day only what its events are about."""
    return DayPlan(whole.day, tuple(one for one in whole.stories if one.event))


def any_day(day: Day, figures: Figures, spots: Spots, seed: str) -> DayPlan:
    """A day with the figures of the day, and no event of its own."""
    dice, slots = _drawn(day, figures, f"{seed} {day.date}", ANY_DAY, False)
    setting = _setting(day, figures, dice, slots, spots)
    return DayPlan(day, (*_stories(slots, setting), *_records(dice, figures, spots, elderly=False)))


def past_day(day: Day, figures: Figures, spots: Spots, seed: str) -> DayPlan:
    """A day that is over: fewer reports, all of them ended before the next began."""
    name = f"{seed} {day.date}"
    for number in range(TRIES):
        dice = random.Random(f"past {name} {number}")  # noqa: S311 - a story, not a secret
        try:
            slots = _thinned(arrange(figures, dice, ()), dice)
            decide(slots, figures, day, dice, _past_mix(slots))
            break
        except NoSuchDay:
            continue
    else:
        raise NoSuchDay(name)
    setting = _setting(day, figures, dice, slots, spots)
    records = _records(dice, figures, spots, elderly=False)[:: dice.choice((2, 3))]
    return DayPlan(day, (*_stories(slots, setting), *records))


def _thinned(slots: list[Slot], dice: random.Random) -> list[Slot]:
    paired = {s.number for s in slots if s.same_as}
    paired |= {s.same_as.number for s in slots if s.same_as}
    return [
        slot
        for slot in slots
        if slot.number in paired or (slot.minute < ENDS - 170 and dice.random() < PAST_SHARE)
    ]


def _past_mix(slots: list[Slot]) -> Mix:
    whole, twins = len(slots), sum(slot.fate == "duplicate" for slot in slots)
    fates = {
        "duplicate": twins,
        "settled": round(whole * PAST_SETTLED),
        "rejected": round(whole * PAST_REJECTED),
        "late": round(whole * PAST_LATE),
    }
    fates["on_time"] = whole - sum(fates.values())
    marks = {"sampled": round(fates["settled"] * 0.08), "reworked": 1, "extended": 2}
    return Mix(fates, round(fates["on_time"] * 0.4), marks)


def _drawn(
    day: Day, figures: Figures, name: str, mix: Mix, eventful: bool
) -> tuple[random.Random, list[Slot]]:
    for number in range(TRIES):
        dice = random.Random(f"day {name} {number}")  # noqa: S311 - a story, not a secret
        try:
            slots = arrange(figures, dice, events.PINS if eventful else ())
            decide(slots, figures, day, dice, mix)
            return dice, slots
        except NoSuchDay:
            continue
    raise NoSuchDay(name)


def _setting(
    day: Day, figures: Figures, dice: random.Random, slots: list[Slot], spots: Spots
) -> Setting:
    found: dict[int, Spot] = {}
    bags = {centre: dice.sample(list(some), len(some)) for centre, some in sorted(spots.items())}
    for slot in slots:
        if slot.same_as is None:
            bag = bags[slot.centre]
            found[slot.number] = bag[slot.number % len(bag)]
        else:
            first = found[slot.same_as.number]
            found[slot.number] = {**first, "lon": round(first["lon"] + BESIDE, 6)}
    return Setting(day, figures, dice, found)


def _stories(slots: list[Slot], setting: Setting) -> list[Story]:
    keys = {s.number: s.pin.name if s.pin else f"r{s.number:03d}" for s in slots}
    return [
        events.told(slot, setting) if slot.pin else story(slot, keys[slot.number], keys, setting)
        for slot in slots
    ]


def _records(dice: random.Random, figures: Figures, spots: Spots, *, elderly: bool) -> list[Story]:
    """Help to citizens and leads for the police: kept beside the catalogue."""
    count = SERVICES - 1 if elderly else SERVICES
    found = [
        _record(dice, figures, spots, f"service-{n + 1}", text=_SERVICES[n % len(_SERVICES)])
        for n in range(count)
    ]
    found += [
        _record(dice, figures, spots, f"lead-{n + 1}", text=text, handed_to=to)
        for n, (text, to) in enumerate(_LEADS[:LEADS])
    ]
    if elderly:
        script = Script("elderly", dice, 1310)
        script.on(1310, "record_service", "crew", text=ELDERLY, **dice.choice(spots["qingnian"]))
        found.append(Story("elderly", "qingnian", "record", tuple(script.steps), "service"))
    return found


def _record(dice: random.Random, figures: Figures, spots: Spots, key: str, **said: Any) -> Story:
    centre = dice.choice(sorted(figures.centres))
    script = Script(key, dice, round(dice.uniform(430, ENDS - 100), 1))
    act = "record_lead" if key.startswith("lead") else "record_service"
    script.on(script.at, act, "crew", **dice.choice(spots[centre]), **said)
    return Story(key, centre, "record", tuple(script.steps))


def _brief() -> Story:
    script = Script("brief", random.Random(0), 1770)  # noqa: S311
    script.on(1770, "brief", "district")
    return Story("brief", "pengcheng", "record", tuple(script.steps), "brief")


__all__ = ["DayPlan", "any_day", "only_events", "past_day", "shift_at", "the_day"]
