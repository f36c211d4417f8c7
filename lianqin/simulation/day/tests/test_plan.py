"""The day has the figures of the demo's day, whatever the dice and the date."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqin.simulation.day.events import listed
from lianqin.simulation.day.fates import Day
from lianqin.simulation.day.figures import DISPATCHED, ENDS, FATES, Figures, figures, shift_at
from lianqin.simulation.day.plan import DayPlan, any_day, only_events, past_day, the_day
from lianqin.simulation.day.script import Step, Story
from lianqin.worktime import Clock, Limit, allowed, china, used

FIGURES: Figures = figures()
CALENDAR = china()
SPOTS = {
    centre: [
        {"lon": 117.2 + n / 1e4, "lat": 34.25, "address": f"{centre} {n} 号"} for n in range(60)
    ]
    for centre in FIGURES.centres
}
#: A working Monday, a Saturday, the first of a week of holidays, and a day before a holiday.
DATES = (date(2026, 7, 6), date(2026, 7, 11), date(2026, 10, 1), date(2026, 9, 30))
#: Beyond the calendar only weekends are known.
BEYOND = date(2027, 5, 3)
drawn = st.tuples(st.dates(date(2025, 1, 10), date(2026, 12, 20)), st.integers(0, 10**6).map(str))
some = pytest.mark.parametrize(
    "plan", [(on, f"seed {n}") for n, on in enumerate((*DATES, BEYOND))], indirect=True
)


known = pytest.mark.parametrize("plan", [(on, "seed") for on in DATES], indirect=True)


@pytest.fixture
def plan(request: pytest.FixtureRequest) -> DayPlan:
    return planned(*request.param)


@cache
def planned(on: date = DATES[0], seed: str = "1") -> DayPlan:
    return the_day(Day(on, CALENDAR), FIGURES, SPOTS, seed)


def reported(plan: DayPlan) -> list[Story]:
    """Stories of reports that were made on the day."""
    return [s for s in plan.stories if s.class_key and s.fate != "carried"]


def opening(story: Story) -> Step:
    return story.steps[0]


@some
def test_reports_are_those_of_the_figures_by_class_source_hour_and_centre(plan: DayPlan) -> None:
    stories = reported(plan)
    minutes = [opening(story).minute for story in stories]
    assert len(stories) == 164
    shifts = [shift_at(minute) for minute in minutes]
    for shift, wanted in FIGURES.classes.items():
        mine = [s for s, at in zip(stories, shifts, strict=True) if at == shift]
        assert Counter(s.class_key for s in mine) == +Counter(wanted)
        assert Counter(s.source for s in mine) == +Counter(FIGURES.sources[shift])
    assert Counter(int(minute // 60) for minute in minutes) == FIGURES.hours
    assert Counter(story.centre for story in stories) == FIGURES.centres


@some
def test_fates_are_those_of_the_day(plan: DayPlan) -> None:
    stories = reported(plan)
    assert Counter(story.fate for story in stories) == FATES
    sent = [story for story in stories if story.fate in DISPATCHED]
    assert Counter(story.hands for story in sent) == {"crew": 47, "unit": 30}
    acts = Counter(step.act for story in stories for step in story.steps if step.minute < ENDS)
    assert acts["settle"] == 58
    assert acts["dispatch"] == 77
    assert acts["join"] == 15
    assert acts["reject"] == 14
    assert acts["check_fail"] + acts["rework"] == 3
    assert acts["ask_extension"] == 4
    assert sum("sampled" in story.marks for story in stories) == 6


@some
def test_beside_the_catalogue_there_are_services_and_leads(plan: DayPlan) -> None:
    acts = Counter(step.act for step in plan.steps())
    assert (acts["record_service"], acts["record_lead"]) == (6, 3)


@known
def test_by_the_clocks_51_of_54_were_on_time_and_two_have_run_over(plan: DayPlan) -> None:
    stories = reported(plan)
    day, late, over = plan.day, 0, 0
    for story in stories:
        if story.fate not in DISPATCHED:
            continue
        clock = handling(story, day)
        ran_over = used(clock, day.instant(ENDS), CALENDAR) > allowed(clock, CALENDAR)
        if story.fate in ("on_time", "late"):
            late += ran_over
        else:
            over += ran_over
    assert (late, over) == (3, 2)


def handling(story: Story, day: Day) -> Clock:
    """The lead's clock at the end of the duty date, as the acts drive it."""
    first = next(step for step in story.steps if step.act in ("file", "sign"))
    assert story.class_key is not None
    limit = FIGURES.limits[story.class_key][first.said["standard"]]
    clock, lead = Clock(limit), ""
    for step in story.steps:
        if step.minute >= ENDS:
            break
        at = day.instant(step.minute)
        if step.act == "dispatch":
            clock, lead = clock.start(at), str(step.said["assignee"])
        elif step.act == "report_back" and step.who == lead:
            clock = clock.pause(at)
        elif step.act in ("check_fail", "rework"):
            clock = clock.resume(at)
        elif step.act == "grant":
            granted = step.said["request"]
            clock = clock.extend() if granted == "extension" else clock.pause(at)
    return clock


@some
def test_a_story_goes_forward_and_a_twin_joins_while_the_first_is_open(plan: DayPlan) -> None:
    stories = {story.key: story for story in plan.stories}
    for story in plan.stories:
        minutes = [step.minute for step in story.steps]
        assert minutes == sorted(minutes)
        for step in story.steps:
            if step.act == "join":
                first = stories[step.said["case"]]
                assert first.centre == story.centre
                back = next(s for s in first.steps if s.act == "report_back")
                assert opening(first).minute < step.minute < back.minute


def test_the_same_date_and_seed_give_the_same_day_and_others_another() -> None:
    assert planned() == planned()
    assert planned(seed="2") != planned()
    assert planned(DATES[0] + timedelta(days=1)) != planned()


@some
def test_a_day_of_the_past_has_ended_before_the_next_began(plan: DayPlan) -> None:
    plan = past_day(plan.day, FIGURES, SPOTS, "1")
    assert 60 <= len(reported(plan)) <= 140
    assert all(step.minute < ENDS for step in plan.steps())
    ends = {"settle", "check_pass", "close", "closed_elsewhere", "reject", "join"}
    assert all(story.steps[-1].act in ends for story in reported(plan))


@some
def test_the_days_after_have_as_many_reports_and_no_event(plan: DayPlan) -> None:
    plan = any_day(plan.day, FIGURES, SPOTS, "1")
    assert len(reported(plan)) == 164
    assert not any(story.event for story in plan.stories)


def test_every_moment_of_the_list_is_shown_or_says_which_room_is_missing() -> None:
    found = listed(FIGURES)
    assert len(found) == len(FIGURES.events) == 25
    keys = {story.key for story in planned().stories}
    for one in found:
        assert bool(one.story) != bool(one.missing)
        assert not one.story or one.story in keys
    assert sum(bool(one.story) for one in found) == 9


def test_only_the_events_are_few_and_stand_by_themselves() -> None:
    plan = only_events(planned())
    keys = {story.key for story in plan.stories}
    assert len(keys) == 11
    named = {s.said["case"] for s in plan.steps() if "case" in s.said}
    assert named <= keys


def test_limits_of_the_events_are_what_the_list_says() -> None:
    assert FIGURES.limits["event", "0501"][0] == Limit(1, FIGURES.limits["event", "0501"][0].unit)
    burst = next(s for s in planned().stories if s.key == "burst")
    sent = next(step for step in burst.steps if step.act == "dispatch")
    assert sent.minute == 16 * 60 + 57
    assert planned().day.due(FIGURES.limits["event", "0501"][0], sent.minute) == 17 * 60 + 57


@pytest.mark.long
@given(drawn)
@settings(max_examples=300, deadline=None)
def test_all_of_this_holds_for_any_date_and_dice(given_day: tuple[date, str]) -> None:
    plan = planned.__wrapped__(*given_day)
    for check in (
        test_reports_are_those_of_the_figures_by_class_source_hour_and_centre,
        test_fates_are_those_of_the_day,
        test_by_the_clocks_51_of_54_were_on_time_and_two_have_run_over,
        test_a_story_goes_forward_and_a_twin_joins_while_the_first_is_open,
    ):
        check(plan)
