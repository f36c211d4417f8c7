"""The auditor's access log: filtered, page by page, sealed, and its reading leaves a line."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client

from lianqin.accounts import http
from lianqin.accounts.access import ACCESS, note_access
from lianqin.accounts.masking import masked
from lianqin.accounts.models import AccessEntry, Posting, User
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.journal.seals import seal

pytestmark = pytest.mark.django_db

AUDIT, OPERATOR, TWIN = (
    f"audit_admin@{DISTRICT}",
    f"operator@{CENTRES[0]}",
    f"operator@{CENTRES[2]}",
)
AT = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 00:30 of the 21st in the district
LOG = "/api/v1/access-log"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    found = build()
    monkeypatch.setattr(http, "clock", found.clock)
    for number, (name, kind, act, outcome) in enumerate(
        [
            (OPERATOR, "sign_in", "sign_in", "granted"),
            (TWIN, "sign_in", "sign_in", "granted"),
            (OPERATOR, "denial", "POST cases", "forbidden"),
            ("", "sign_in", "sign_in", "refused"),
            (TWIN, "reveal", "reveal", "granted"),
        ]
    ):
        actor = found.people[name].id if name else None
        at = AT + timedelta(days=number)
        note_access(kind, act, outcome, at, actor_id=actor, subject="=1+1", address="10.0.0.9")
    return found


def auditor(world: World, name: str = AUDIT) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def asked(client: Client, **said: Any) -> list[int]:
    answer = client.get(LOG, said)
    assert answer.status_code == 200, answer.content
    return [line["position"] for line in answer.json()["items"] if line["position"] <= 5]


def test_lines_come_newest_first_and_by_what_is_asked(world: World) -> None:
    client = auditor(world)
    assert asked(client) == [5, 4, 3, 2, 1]
    assert asked(client, kind="sign_in") == [4, 2, 1]
    assert asked(client, outcome="refused") == [4]
    assert asked(client, act="reveal") == [5]
    assert asked(client, person=OPERATOR) == [3, 1]
    assert asked(client, person="nobody of that name") == []


def test_days_are_the_districts_and_both_counted_in(world: World) -> None:
    client = auditor(world)
    assert asked(client, first="2026-11-21", last="2026-11-22") == [2, 1]
    assert asked(client, last="2026-11-20") == []
    assert asked(client, first="2026-11-25") == [5]


def test_a_page_ends_where_the_next_begins(world: World) -> None:
    client, found, after = auditor(world), [], {}
    for _ in range(9):
        page = client.get(LOG, {"kind": "sign_in", "limit": 2, **after}).json()
        found += [line["position"] for line in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == [4, 2, 1]


def test_reading_taking_and_verifying_leave_lines_without_what_was_typed(world: World) -> None:
    client = auditor(world)
    client.get(LOG, {"person": "张三", "kind": "sign_in"})
    client.get("/admin/access-log/", {"person": "张三"})
    client.get("/admin/access-log/sheet/", {"first": "2026-11-01"})
    client.get("/admin/journal/")
    client.post("/admin/seals/")
    lines = AccessEntry.objects.filter(kind="audit").order_by("position")
    assert [line.act for line in lines] == [
        "read_access_log", "read_access_log", "export_access_log", "read_journal", "verify_logs",
    ]  # fmt: skip
    assert {line.actor_id for line in lines} == {world.people[AUDIT].id}
    assert [line.subject for line in lines][:3] == [
        "kind=sign_in person=given", "person=given", "from=2026-11-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", [OPERATOR, f"security_admin@{DISTRICT}", f"system_admin@{DISTRICT}"]
)
def test_only_the_auditor_reads_it(world: World, name: str) -> None:
    client = auditor(world, name)
    assert client.get(LOG).status_code == 403
    assert client.get("/admin/access-log/").status_code == 404
    assert client.get("/admin/access-log/sheet/").status_code == 404


def test_who_audits_an_office_reads_of_its_people_alone(world: World) -> None:
    Posting.objects.filter(user=world.people[AUDIT]).update(place=OFFICES[0])
    client = auditor(world)
    assert asked(client) == [3, 1]
    sheet = client.get("/admin/access-log/sheet/").content.decode()
    assert TWIN not in sheet
    assert OPERATOR in sheet


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "gossip"), ("first", "yesterday"), ("first", "0001-01-01"), ("after", "0"),
     ("after", "x"), ("limit", "101"), ("person", "a" * 61), ("act", "\x00")],
)  # fmt: skip
def test_a_question_that_cannot_be_names_its_field(world: World, field: str, value: str) -> None:
    answer = auditor(world).get(LOG, {field: value})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    # The page asks what it understands, and says what it did not.
    page = auditor(world).get("/admin/access-log/", {field: value})
    assert page.status_code == 200


def test_each_line_says_whether_a_seal_covers_it(world: World) -> None:
    seal(ACCESS, world.clock.now())
    client = auditor(world)
    client.get(LOG)
    page = client.get(LOG).json()
    assert [line["sealed"] for line in page["items"]] == [False] + [True] * 5
    assert (page["seals"]["sealed_to"], page["seals"]["unsealed"]) == (5, 1)
    text = client.get("/admin/access-log/").content.decode()
    assert "已封存至 5（第 1 封条" in text


def test_verifying_says_clean_and_what_is_not(world: World) -> None:
    seal(ACCESS, world.clock.now())
    client = auditor(world)
    assert "完好" in client.post("/admin/seals/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('accounts_accessentry', 'UPDATE')")
        assert cursor.fetchone() == (False,)
    # Nobody who uses the application can alter a line; a seal that does not fit shows all the same.
    note_access("sign_in", "sign_in", "granted", AT)
    from lianqin.journal.models import Seal

    Seal.objects.create(
        log="access", number=2, first=6, last=6, entry_hashes=b"\0" * 32, previous=b"\0" * 32,
        hash=b"\0" * 32, sealed_at=world.clock.now(),
    )  # fmt: skip
    text = client.post("/admin/seals/").content.decode()
    assert "请保留现场并报告" in text
    assert AccessEntry.objects.filter(act="verify_logs").latest("position").outcome == "not_clean"


def test_a_sheet_holds_the_lines_and_runs_no_formula(world: World) -> None:
    client = auditor(world)
    csv = client.get("/admin/access-log/sheet/", {"kind": "reveal"}).content.decode()
    assert csv.startswith("\ufeff序号")
    assert "'=1+1" in csv
    xlsx = client.get("/admin/access-log/sheet/", {"kind": "reveal", "format": "xlsx"}).content
    rows = list(openpyxl.load_workbook(io.BytesIO(xlsx)).active.iter_rows(values_only=True))
    assert rows[1][2:4] == ("查看个人信息", "查看上报人")
    assert rows[1][7] == "=1+1"
    assert len(rows) == 2


def test_numbers_that_lead_to_a_person_are_shown_by_their_ends(world: World) -> None:
    assert masked("13912345678") == "139****5678"
    assert masked("/x/320303199001011234/y") == "/x/320303********1234/y"
    assert masked("电话13912345678。") == "电话139****5678。"
    assert masked("01a20a1a-1b41-702e-bbf2-13912345678a") == "01a20a1a-1b41-702e-bbf2-13912345678a"
    user = User.objects.create(username="13912345678", display_name="王")
    note_access("sign_in", "sign_in", "granted", AT, actor_id=user.id, subject="13912345678")
    answer = auditor(world).get(LOG, {"person": "王"})
    assert "13912345678" not in answer.content.decode()
    assert "139****5678" in answer.content.decode()
