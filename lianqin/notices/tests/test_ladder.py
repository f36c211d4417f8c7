"""An alert climbs until somebody takes it; the clock is a fake."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianqin.accounts.refusals import Forbidden, NotHere, Refusal
from lianqin.journal.models import Entry
from lianqin.notices.actions.answering import acknowledge
from lianqin.notices.actions.following import follow
from lianqin.notices.actions.planning import set_ladder
from lianqin.notices.models import Matter, Notice, PushSubscription, Step
from lianqin.notices.queries import delays_on
from lianqin.notices.rules import Delays
from lianqin.notices.tests.ground import CENTRE, TODAY, House, build, person
from lianqin.notices.ways import Failed
from lianqin.notices.ways.plug import in_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return build()


def told(house: House) -> list[str]:
    """Who has a notice, in the order in which they got it."""
    rows = Notice.objects.order_by("rung", "id").values_list("user__username", flat=True)
    return list(rows)


def test_an_alert_that_nobody_takes_climbs_to_the_end(house: House) -> None:
    house.send_crew()
    house.round()
    assert (told(house), house.sms.told) == (["crew", "mate"], [])
    house.pass_time(60, 5)
    assert [to for to, _ in house.sms.told] == ["crew", "mate"]
    house.pass_time(120, 5)
    assert [to for to, _ in house.call.told] == ["crew", "mate"]
    for name, seconds in (("desk", 120), ("leader", 300), ("commander", 300)):
        house.pass_time(seconds, 5)
        assert told(house)[-1] == name
    assert Matter.objects.get().ended_at is None
    house.pass_time(295, 5)
    assert not Entry.objects.filter(act="notice_unanswered").exists()
    house.pass_time(10, 5)
    matter, entry = Matter.objects.get(), Entry.objects.get(act="notice_unanswered")
    assert (matter.outcome, matter.ended_at) == ("nobody", house.clock.now() - timedelta(seconds=5))
    assert (entry.subject_id, entry.data["told"], entry.actor_role) == (matter.id, 5, "clock")
    everybody = ["crew", "mate", "desk", "leader", "commander"]
    assert [to for to, _ in house.sms.told] == everybody
    assert [to for to, _ in house.call.told] == everybody
    house.pass_time(3600, 600)
    assert len(house.call.told) == 5
    assert Notice.objects.filter(acknowledged_at=None).count() == 5  # whoever looks finds it


def test_taken_on_any_rung_it_climbs_no_further(house: House) -> None:
    house.send_crew()
    house.pass_time(320, 10)
    mine = Notice.objects.get(user__username="desk")
    acknowledge(house.command("desk", "acknowledge_notice"), mine.id, "radio")
    before = len(house.sms.told)
    house.pass_time(2000, 50)
    assert told(house) == ["crew", "mate", "desk"]
    assert len(house.sms.told) == before
    assert set(Notice.objects.values_list("acknowledged_how", flat=True)) == {"radio"}
    assert not Step.objects.filter(state="waiting").exists()


def test_accepting_the_task_or_the_word_by_radio_takes_the_alert(house: House) -> None:
    for act in ("accept", "told_by_radio"):
        position = house.send_crew()
        house.round()
        data = Entry.objects.get(position=position).data
        house.write(act, by="crew", task=data["task"])
        house.pass_time(400, 50)
    assert list(Matter.objects.values_list("outcome", flat=True)) == ["acted", "acted"]
    assert house.sms.told == []


def test_another_task_of_the_case_is_not_taken_with_it(house: House) -> None:
    house.send_crew()
    house.write("accept", by="crew", task="0193a1b2-0000-7000-8000-000000000001")
    house.round()
    assert Matter.objects.get().ended_at is None


def test_nobody_off_duty_is_woken_and_who_goes_home_is_spared(house: House) -> None:
    house.asleep = {house.people["mate"].id, house.people["desk"].id}
    house.send_crew()
    house.round()
    house.asleep.add(house.people["crew"].id)  # signs off before the SMS is due
    house.pass_time(310, 5)
    assert told(house) == ["crew", "leader"]  # the desk is passed over
    assert [to for to, _ in house.sms.told] == []
    step = Step.objects.get(notice__user__username="crew", way="sms")
    assert step.state == "skipped"


def test_with_nobody_on_duty_at_all_the_journal_says_so_at_once(house: House) -> None:
    house.asleep = {user.id for user in house.people.values()}
    house.send_crew()
    house.round()
    assert Matter.objects.get().outcome == "nobody"
    assert Entry.objects.get(act="notice_unanswered").data["told"] == 0


def test_a_way_that_fails_is_tried_again_and_then_the_next_takes_its_turn(house: House) -> None:
    house.sms.failing = Failed("gateway away")
    house.send_crew()
    house.round()
    house.pass_time(60, 5)
    first = Step.objects.get(way="sms", notice__user__username="crew")
    assert (first.state, first.tries) == ("waiting", 1)
    house.pass_time(40, 5)
    first.refresh_from_db()
    assert (first.state, first.tries) == ("failed", 3)
    assert len(house.call.told) == 2  # well before its own turn at 180 s


def test_when_every_way_has_failed_the_next_person_is_told_at_once(house: House) -> None:
    house.sms.failing = house.call.failing = Failed("gateway away")
    house.send_crew()
    house.pass_time(150, 5)
    assert told(house) == ["crew", "mate", "desk"]


def test_a_way_that_hangs_keeps_nobody_else_waiting() -> None:
    import threading

    stuck, done = threading.Event(), []
    results = in_time([stuck.wait, lambda: done.append(1)], 0.2)
    stuck.set()
    assert isinstance(results[0], Failed)
    assert (results[1], done) == (None, [1])


def test_an_entry_is_read_once_whoever_reads(house: House) -> None:
    house.send_crew()
    assert follow(house.telling()) == 1
    assert follow(house.telling()) == 0
    assert Matter.objects.count() == 1


def test_without_a_browser_the_push_is_absent_and_waits_for_no_one(house: House) -> None:
    assert not PushSubscription.objects.exists()
    house.send_crew()
    house.round()
    assert set(Step.objects.filter(way="push").values_list("state", flat=True)) == {"absent"}


def test_what_is_not_addressed_to_somebody_they_cannot_take(house: House) -> None:
    house.send_crew()
    house.round()
    theirs = Notice.objects.get(user__username="crew")
    with pytest.raises(NotHere):
        acknowledge(house.command("desk", "acknowledge_notice"), theirs.id, "here")


def test_from_a_day_on_alerts_climb_by_other_times(house: House) -> None:
    person(house, "admin", "system_admin")
    command = house.command("admin", "set_ladder")
    start = TODAY + timedelta(days=7)
    set_ladder(command, CENTRE, start, Delays(0, 10, 20, 30))
    assert [delays_on(start - timedelta(days=n)).sms for n in (0, 1)] == [10, 60]
    assert Entry.objects.get(act="set_ladder").data["sms_after"] == 10
    for times, code in (((0, 90, 20, 30), "ladder_not_climbing"), ((0, 1, 2, 3), "ladder_later")):
        with pytest.raises(Refusal, match=code):
            set_ladder(house.command("admin", "set_ladder"), CENTRE, TODAY, Delays(*times))
    with pytest.raises(Forbidden):
        set_ladder(house.command("desk", "set_ladder"), CENTRE, start, Delays(0, 1, 2, 3))
