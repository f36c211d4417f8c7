"""IDOR: at no door, in no path, query or body, does an id of another place tell that it exists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from lianqin.accounts.models import Posting
from lianqin.cases.actions import drawing
from lianqin.cases.models import Case, CasePhoto, CaseRequest, SecurityLead, Task
from lianqin.cases.rules.drawing import draw
from lianqin.cases.schemas import BODIES
from lianqin.cases.tests.situations import SITUATIONS, Situation, name_of
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.console.doors import DOORS, Door
from lianqin.console.tests.test_api import Caller
from lianqin.console.tests.test_doors import BODIES as PLAIN
from lianqin.notices.models import Matter, Notice, PushSubscription

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = CENTRES[0], CENTRES[3]
WITH_ID = [door for door in DOORS if "_id>" in door.route]
#: Everybody who may not see what lies ELSEWHERE.
STRANGERS = (
    *(f"{r}@{HERE}" for r in ("operator", "acceptor", "dispatcher", "shift_leader", "commander")),
    *(f"{role}@{HERE}" for role in ("collector", "assessor", "crew")),
    *(f"{role}@{OFFICES[0]}" for role in ("office_staff", "unit")),
    *(f"{r}@{DISTRICT}" for r in ("system_admin", "security_admin", "audit_admin")),
    f"reporter_client@{DISTRICT}",
)
VERSION = {"expected_version": 1}
#: Headers that say when or which request, not what was found.
OF_THE_REQUEST = {"date", "x-request-id"}


@dataclass
class Twins:
    """A world with a case, a picture, a task, a request and a lead at the other end of it."""

    world: World
    case: Case
    callers: dict[str, Caller] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)

    def caller(self, name: str) -> Caller:
        if name not in self.callers:
            self.callers[name] = Caller(self.world, name)
        return self.callers[name]


@pytest.fixture
def twins(monkeypatch: pytest.MonkeyPatch) -> Twins:
    world = build()
    stranger = world.people[f"collector@{HERE}"].id
    # Whoever was ever drawn is a stranger no more, so that one is left out of the lot.
    monkeypatch.setattr(
        drawing, "draw", lambda pool, seed: draw([i for i in pool if i != stranger], seed)
    )
    case = world.walk(world.report(ELSEWHERE, source="public"), "handling")
    asked = world.ask(f"crew@{ELSEWHERE}", "ask_extension", case)
    world.act(f"crew@{ELSEWHERE}", "report_back", case, photos=(world.photo(f"crew@{ELSEWHERE}"),))
    case.refresh_from_db()
    lead = SecurityLead.objects.create(
        place=ELSEWHERE, text="x", handed_to="x", recorded_by=world.people[f"operator@{ELSEWHERE}"],
        duty_date=date(2026, 11, 23), occurred_at=world.clock.now(), recorded_at=world.clock.now(),
    )  # fmt: skip
    ids = {
        "case_id": case.id,
        "photo_id": CasePhoto.objects.filter(case=case)[0].id,
        "record_id": lead.id,
        "task_id": Task.objects.get(case=case).id,
        "request_id": CaseRequest.objects.get(id=asked).id,
        "photos": world.photo(f"crew@{ELSEWHERE}"),
    }
    return Twins(world, case, ids=ids | _of_the_people(world))


def _of_the_people(world: World) -> dict[str, UUID]:
    """What is somebody's own or their crew's, at the other end."""
    user, at = world.people[f"commander@{ELSEWHERE}"], world.clock.now()
    matter = Matter.objects.create(
        position=1, kind="urge", level="alert", place=ELSEWHERE, raised_at=at
    )
    browser = PushSubscription.objects.create(
        user=user, endpoint="https://push.example/x", p256dh="x", auth="x", made_at=at
    )
    return {
        "crew_id": world.crews[ELSEWHERE].id,
        "posting_id": Posting.objects.filter(user=user)[0].id,
        "notice_id": Notice.objects.create(matter=matter, user=user, raised_at=at).id,
        "subscription_id": browser.id,
        "user_id": user.id,
    }


def told(answer: Any, own: str) -> tuple[int, bytes, dict[str, str]]:
    """All that an answer tells, without the id that was asked for."""
    headers = {k: v for k, v in answer.headers.items() if k.lower() not in OF_THE_REQUEST}
    return answer.status_code, answer.content.replace(own.encode(), b"ID"), headers


def knock(twins: Twins, name: str, door: Door, own: UUID) -> tuple[int, bytes, dict[str, str]]:
    """What that person is told at a door with an id."""
    word = word_of(door)
    path = "/" + door.route.replace(f"<{word}>", str(own))
    body = {"police_number": "1"} if word == "record_id" else PLAIN.get(door.act, VERSION)
    answer = twins.caller(name).client.generic(
        door.method, path, "" if door.method == "GET" else json.dumps(body),
        content_type="application/json", headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip
    return told(answer, str(own))


def word_of(door: Door) -> str:
    """The id that a door's address asks for."""
    return next(word for word in re.findall(r"<(\w+)>", door.route) if word.endswith("_id"))


def who_knocks(door: Door, number: int, whole: bool) -> tuple[str, ...]:
    """Everybody at what is read; at the acts, which share one way in, a few in turn."""
    if whole or door.method == "GET" or not door.route.count("/acts/"):
        return STRANGERS
    return (STRANGERS[0], STRANGERS[1 + number % (len(STRANGERS) - 1)])


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_foreign_id_in_a_path_answers_as_one_that_never_was(twins: Twins, whole: bool) -> None:
    wrong = []
    for number, door in enumerate(WITH_ID):
        for name in who_knocks(door, number, whole):
            foreign = knock(twins, name, door, twins.ids[word_of(door)])
            absent = knock(twins, name, door, uuid4())
            # What is one's own alone is gone either way, whether it was there or not.
            if foreign != absent or foreign[0] not in (403, 404, 204):
                wrong.append((door.method, door.route, name, foreign, absent))
    assert wrong == []


def test_a_foreign_number_is_found_by_no_search(twins: Twins) -> None:
    for name in (STRANGERS[0], f"crew@{HERE}", f"unit@{OFFICES[0]}", STRANGERS[-1]):
        caller = twins.caller(name)
        for text in (twins.case.number, str(twins.case.id)):
            for page in ("/cases?tab=all&q={}", "/cases?tab={}", "/cases?after={}"):
                made_up = text.replace("1", "7") if "-" in text else text
                answers = [caller.get(page.format(one)) for one in (text, made_up)]
                assert str(twins.case.id) not in answers[0].content.decode().replace(text, "")
                assert answers[0].status_code == answers[1].status_code, (name, page)


def _json(said: dict[str, Any]) -> dict[str, Any]:
    """What comes with an act, as a request says it."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        if name == "assignee":
            found[name] = {"kind": value[0], "id": str(value[1])}
        elif name != "photos":
            found[name] = value if isinstance(value, bool) else str(value)
    return found


def _id_fields(act: str) -> Iterator[str]:
    for name in ("case_id", "task_id", "request_id", "photos"):
        if name in BODIES[act].model_fields:
            yield name


def _who(twins: Twins, act: str, on: Situation) -> str:
    first = SITUATIONS[act][0][0]
    return twins.world.checker(on.case) if first == "checker" else name_of(first, HERE)


@pytest.mark.parametrize("of", ["case_id", "task_id", "request_id", "photos"])
def test_a_foreign_id_in_a_body_answers_as_one_that_never_was(twins: Twins, of: str) -> None:
    wrong, tried = [], 0
    for act in BODIES:
        if of not in _id_fields(act):
            continue
        on = SITUATIONS[act][1](twins.world, HERE)
        on.case.refresh_from_db()
        name = _who(twins, act, on)
        answers = []
        for own in (twins.ids[of], uuid4()):
            said = {"expected_version": on.case.version, **_json(on.said)}
            said[of] = [str(own)] if of == "photos" else str(own)
            answer = twins.caller(name).post(f"/cases/{on.case.id}/acts/{act}", said)
            answers.append(told(answer, str(own)))
        tried += 1
        if answers[0] != answers[1] or answers[0][0] < 400:
            wrong.append((act, name, answers[0][:2], answers[1][:2]))
    assert tried
    assert wrong == []


@pytest.mark.parametrize("path", ["/reports", "/reports/settled"])
def test_a_foreign_picture_or_case_in_a_report_answers_as_one_that_never_was(
    twins: Twins, path: str
) -> None:
    name = f"crew@{HERE}"
    fields = ["photos"] if path == "/reports" else ["photos_before", "photos_after"]
    for given in fields:
        answers = []
        for own in (twins.ids["photos"], uuid4()):
            own_two = [str(twins.world.photo(name)) for _ in fields]
            body = {"class": {"kind": "event", "code": "0406"}, "source": "patrol"}
            body |= {one: [photo] for one, photo in zip(fields, own_two, strict=True)}
            body[given] = [str(own)]
            answers.append(told(twins.caller(name).post(path, body), str(own)))
        assert answers[0] == answers[1]
        assert answers[0][0] in (404, 422), answers[0]


def test_a_foreign_person_is_named_deputy_no_more_than_one_who_never_was(twins: Twins) -> None:
    days = {"place": HERE, "first": "2026-11-24", "last": "2026-11-25"}
    commander = twins.caller(f"commander@{HERE}")
    answers = [
        told(commander.post("/deputies", {"user_id": str(own), **days}), str(own))
        for own in (twins.ids["user_id"], uuid4())
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] in (404, 422)
