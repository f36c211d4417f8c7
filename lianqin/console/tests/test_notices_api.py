"""Notices over HTTP: one's own alone, taken once, quiet for everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianqin.accounts import http
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.console.notice_stream import Touched
from lianqin.console.noticing import House
from lianqin.journal.models import Entry
from lianqin.journal.queries import head
from lianqin.notices.actions.following import Telling, follow
from lianqin.notices.models import Contact, Follower, Matter, Notice, PushSubscription
from lianqin.notices.tests.push_service import Browser

pytestmark = pytest.mark.django_db
HOME = CENTRES[0]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = build()
    monkeypatch.setattr(http, "clock", made.clock)
    Follower.objects.create(name="notices", position=head())
    return made


def told(world: World) -> int:
    return follow(Telling(House(), {"push"}, world.clock.now()))


def client(world: World, name: str) -> Client:
    made = Client()
    made.force_login(world.people[name])
    return made


def post(client: Client, path: str, body: Any, method: str = "post", key: str = "") -> Any:
    return getattr(client, method)(
        f"/api/v1{path}",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": key or str(uuid4())},
    )


def mine(client: Client) -> dict[str, Any]:
    return client.get("/api/v1/notices?open=1").json()


def dispatched(world: World) -> None:
    world.walk(world.report(), "dispatched")
    told(world)


def test_a_crew_that_is_sent_finds_an_alert_with_the_case_and_who_was_told(world: World) -> None:
    dispatched(world)
    found = mine(client(world, f"crew@{HOME}"))
    assert found["unread"] == 1
    [item] = found["items"]
    assert (item["kind"], item["level"], item["place"]) == ("task", "alert", HOME)
    assert item["text"]["zh"].startswith("派遣：试验-20261123-0001 占道经营")
    assert item["case"]["number"] == "试验-20261123-0001"
    assert {(s["way"], s["state"]) for s in item["steps"]} == {
        ("page", "sent"),
        ("push", "waiting"),
    }
    assert len(item["steps"]) == 4  # both of the crew, by page and push


def test_what_is_taken_by_one_is_quiet_for_all_and_stands_in_the_journal(world: World) -> None:
    dispatched(world)
    crew, mate = client(world, f"crew@{HOME}"), client(world, f"mate@{HOME}")
    path = f"/notices/{mine(crew)['items'][0]['id']}/acknowledge"
    key = str(uuid4())
    answer = post(crew, path, {"how": "radio"}, key=key).json()
    assert (answer["acknowledged_how"], mine(crew)["unread"], mine(mate)["unread"]) == (
        "radio", 0, 0
    )  # fmt: skip
    assert {s["state"] for s in answer["steps"]} == {"sent", "skipped"}
    again = post(crew, path, {"how": "radio"}, key=key)
    assert again["Idempotent-Replay"] == "true"
    post(crew, path, {"how": "here"})
    entry = Entry.objects.get(act="acknowledge_notice")
    assert (entry.subject_kind, entry.place, entry.data["how"]) == ("notice", HOME, "radio")
    assert Matter.objects.get().outcome == "acknowledged"


def test_reading_information_makes_no_entry(world: World) -> None:
    case = world.walk(world.report(), "handling")
    world.act(f"operator@{HOME}", "urge", case)
    told(world)
    crew = client(world, f"crew@{HOME}")
    item = next(i for i in mine(crew)["items"] if i["kind"] == "urged")
    assert post(crew, f"/notices/{item['id']}/acknowledge", {}).status_code == 200
    assert not Entry.objects.filter(act="acknowledge_notice").exists()
    assert mine(client(world, f"mate@{HOME}"))["unread"] == 1  # it was read by one alone


def test_somebody_elses_notice_and_none_answer_alike(world: World) -> None:
    dispatched(world)
    theirs = Notice.objects.filter(user=world.people[f"crew@{HOME}"]).get().id
    other = client(world, f"crew@{CENTRES[1]}")
    assert mine(other) == {"items": [], "unread": 0}
    answers = [post(other, f"/notices/{i}/acknowledge", {}) for i in (theirs, uuid4())]
    assert [a.status_code for a in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_list_costs_the_same_queries_however_long(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    crew = client(world, f"crew@{HOME}")
    assert mine(crew)["unread"] == 0
    counts = []
    for _ in range(2):
        for _ in range(3):
            world.walk(world.report(), "dispatched")
        told(world)
        with django_assert_num_queries(6):
            counts.append(mine(crew)["unread"])
    assert counts == [3, 6]


def test_only_a_push_service_is_kept_as_a_browser(world: World) -> None:
    who = client(world, f"operator@{HOME}")
    keys = Browser().keys
    for bad in ("http://127.0.0.1:8420/x", "https://fcm.googleapis.com.evil.example/x",
                "https://fcm.googleapis.com:8443/x", "https://a:b@fcm.googleapis.com/x",
                "https://[::1]/x"):  # fmt: skip
        answer = post(who, "/push/subscriptions", {"endpoint": bad, "keys": keys})
        assert (answer.status_code, answer.json()["code"]) == (422, "push_service_unknown")
    good = "https://fcm.googleapis.com/fcm/send/abc"
    made = post(who, "/push/subscriptions", {"endpoint": good, "keys": keys, "language": "en"})
    assert made.status_code == 201
    other = client(world, f"operator@{CENTRES[1]}")
    path = f"/push/subscriptions/{made.json()['id']}"
    assert post(other, path, {}, "delete").status_code == 404
    assert post(who, path, {}, "delete").status_code == 204
    assert not PushSubscription.objects.exists()


def test_a_number_is_kept_with_consent_shown_masked_and_erased(world: World) -> None:
    who = client(world, f"operator@{HOME}")
    said = post(who, "/contacts/phone", {"value": "13800005678"}, "put").json()
    assert said["value"] == "138****5678"
    assert who.get("/api/v1/contacts").json()["items"] == [said]
    assert post(who, "/contacts/phone", {}, "delete").status_code == 204
    assert not Contact.objects.exists()
    entries = Entry.objects.filter(act__in=["keep_contact", "erase_contact"])
    assert [e.data for e in entries] == [{"kind": "phone"}] * 2
    wrong = post(who, "/contacts/phone", {"value": "打给我"}, "put")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "value")


def test_who_has_signed_off_is_told_nothing_and_the_next_is(world: World) -> None:
    desk = client(world, f"operator@{HOME}")
    assert post(desk, "/duty", {"on_duty": False}).json() == {"on_duty": False}
    world.walk(world.report(), "handling")
    case = world.report()
    told(world)
    world.walk(case, "handling")
    world.act(f"crew@{HOME}", "ask_backup", case, reason="人手不足")
    told(world)
    assert mine(desk)["unread"] == 0
    [item] = mine(client(world, f"shift_leader@{HOME}"))["items"]
    assert (item["kind"], item["level"]) == ("backup", "alert")
    assert post(client(world, f"crew@{HOME}"), "/duty", {"on_duty": False}).status_code == 403


def test_a_crew_whose_shift_is_over_is_not_woken(world: World) -> None:
    world.clock.advance(timedelta(hours=9))  # 05:00: the late shift has gone home
    dispatched(world)
    assert mine(client(world, f"crew@{HOME}"))["unread"] == 0
    assert mine(client(world, f"operator@{HOME}"))["items"][0]["kind"] == "task"


def test_the_stream_hears_of_each_change_once_and_to_whom(world: World) -> None:
    touched = Touched()
    assert touched.look() == []
    dispatched(world)
    found = touched.look()
    crew = {world.people[f"{who}@{HOME}"].id for who in ("crew", "mate")}
    assert {person for person, _ in found} == crew
    assert touched.look() == []
    one = client(world, f"crew@{HOME}")
    post(one, f"/notices/{mine(one)['items'][0]['id']}/acknowledge", {"how": "here"})
    again = touched.look()
    assert {person for person, _ in again} == crew
    assert all(notice["acknowledged_at"] for _, notice in again)
    assert touched.look() == []
