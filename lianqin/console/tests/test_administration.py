"""The administrators' pages: who gets in, what each sees, and no way around the actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver

from lianqin.accounts import http
from lianqin.accounts.actions import issue_token
from lianqin.accounts.models import AccessEntry, ApiToken, Posting, User
from lianqin.accounts.rules import ADMINISTRATORS
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.catalogue.models import CaseClass, Standard
from lianqin.console.administration import site
from lianqin.journal.models import Entry
from lianqin.territory.models import Area, CalendarDay

pytestmark = pytest.mark.django_db

SECURITY, SYSTEM, AUDIT = (f"{r}_admin@{DISTRICT}" for r in ("security", "system", "audit"))
POWERS = (SECURITY, SYSTEM, AUDIT)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    found = build()
    monkeypatch.setattr(http, "clock", found.clock)
    return found


def signed_in(world: World, name: str, language: str = "zh-CN") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(world.people[name])
    return client


def ids(world: World) -> dict[str, Any]:
    """An id of a row for every table that has pages."""
    CalendarDay.objects.get_or_create(day=date(2026, 10, 1), kind="holiday", name_zh="国庆")
    Standard.objects.get_or_create(
        case_class=CaseClass.objects.first(), condition="1", filing_zh="占道", closing_zh="已清",
        limit_value=2, limit_unit="urgent_hour",
    )  # fmt: skip
    user = world.people[f"operator@{CENTRES[0]}"]
    if not ApiToken.objects.exists():
        issue_token(user, "x", ["read"], now=world.clock.now(), days=1)
    found = {m._meta.model_name: m._default_manager.first() for m in site._registry}
    return {**{n: row.pk for n, row in found.items() if row}, "user": user.pk,
            "posting": user.postings.get().pk}  # fmt: skip


def addresses(world: World) -> list[str]:
    """Every address of the site, with ids that exist filled in."""
    known = ids(world)

    def walk(patterns: list[Any], before: str) -> Iterator[str]:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            elif isinstance(one, URLPattern) and "^" not in route:
                yield route

    found = []
    for route in walk(site.urls[0], "/admin/"):
        table = route.split("/")[3] if route.count("/") > 3 else ""
        filled = re.sub(r"<(?:uuid:|path:)?object_id>", str(known.get(table, "")), route)
        acts = ("give_post", "issue_token", "invite", "switch_off_account", "switch_on_account",
                "end_sessions", "reset_second_factor", "nothing")  # fmt: skip
        if "<slug:act>" in filled:
            found += [filled.replace("<slug:act>", act) for act in acts]
        else:
            found.append(filled)
    return found


def changed_rows() -> dict[str, int]:
    """Rows written in this test's transaction so far, by table; sessions and keys apart."""
    apart = {"django_session", "accounts_idempotency", "journal_head", "journal_entry",
             "accounts_accessentry"}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return {name: count for name, count in cursor.fetchall() if name not in apart and count}


def test_signed_out_every_address_asks_for_a_sign_in_whether_it_exists_or_not(world: World) -> None:
    for path in [*addresses(world), "/admin/nothing/", "/admin/accounts/user/add/"]:
        answer = Client().get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (
            302,
            f"/sign-in?next={path}",
        )


def test_for_everybody_else_there_is_nothing_here(world: World) -> None:
    absent = "/admin/no/such/page/"
    paths = addresses(world)
    for name, asked in (
        (f"operator@{CENTRES[0]}", paths),
        (f"district_desk@{DISTRICT}", paths[:2]),
    ):
        client = signed_in(world, name)
        none = client.get(absent)
        for path in asked:
            answer = client.get(path)
            assert (answer.status_code, answer.content) == (404, none.content), path


def test_each_power_opens_its_own_pages_and_no_other_in_both_languages(world: World) -> None:
    paths = [p for p in addresses(world) if "nothing" not in p]
    opened: dict[str, set[str]] = {name: set() for name in POWERS}
    for name in POWERS:
        client = signed_in(world, name, "en")
        for path in paths:
            answer = client.get(path)
            if answer.status_code == 200:
                opened[name].add(path)
                if "sheet" not in path:
                    holds_the_policy_and_is_english(path, answer)
    assert set.union(*opened.values()) == set(paths)
    start = {"/admin/"}
    assert opened[SECURITY] & opened[SYSTEM] == start
    assert opened[SECURITY] & opened[AUDIT] == start
    assert opened[SYSTEM] & opened[AUDIT] == start
    assert "/admin/access-log/" in opened[AUDIT]
    assert "/admin/health/" in opened[SYSTEM]


def holds_the_policy_and_is_english(path: str, answer: Any) -> None:
    text = answer.content.decode()
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<style" not in text, path
    assert not re.search(r"<script(?![^>]* src=)|\son[a-z]+=", text), path
    # What is left in Chinese is data, and the switch to it.
    words = re.sub(r"<(td|th|option|dd|h1|title)\b.*?</\1>|简体中文", "", text, flags=re.S)
    left = re.findall(r"[\u4e00-\u9fff]+", words)
    assert left == [], (path, left[:5])


@pytest.mark.parametrize("name", POWERS)
def test_no_address_changes_a_row_without_an_entry_in_the_journal(world: World, name: str) -> None:
    client = signed_in(world, name)
    sent: dict[str, Any] = {
        "action": "delete_selected", "post": "yes", "_save": "1", "_delete": "1", "index": "0",
        "username": "new", "display_name": "改", "name_zh": "改", "name": "改", "is_active": "",
        "password": "x", "role": "operator", "place": CENTRES[0], "start": "2026-11-23",
        "scopes": ["read"], "days": "3", "last_day": "2026-11-23", "is_superuser": "on",
    }  # fmt: skip
    sent["_selected_action"] = [str(i) for i in ids(world).values()]
    for path in addresses(world):
        before, entries = changed_rows(), Entry.objects.count()
        for tail in ("", "delete/", "add/"):
            client.post(path + tail, {**sent, "key": str(uuid4())})
        client.delete(path)
        client.put(path)
        if changed_rows() != before:
            assert Entry.objects.count() > entries, path
            latest = Entry.objects.latest("position")
            assert latest.subject_kind == "account", path
            assert name == SECURITY, path


def test_an_office_s_administrator_sees_its_own_accounts_alone(world: World) -> None:
    Posting.objects.filter(user=world.people[SECURITY]).update(place=OFFICES[0])
    client = signed_in(world, SECURITY)
    page = client.get("/admin/accounts/user/").content.decode()
    assert f"operator@{CENTRES[0]}" in page
    assert f"operator@{CENTRES[2]}" not in page
    foreign = world.people[f"operator@{CENTRES[2]}"].pk
    for path in ("/admin/accounts/user/{}/", "/admin/accounts/user/{}/end_sessions/"):
        answers = [client.get(path.format(i)) for i in (foreign, uuid4(), "x")]
        assert {(a.status_code, a.content) for a in answers} == {(404, answers[0].content)}
    posts = client.get("/admin/accounts/posting/").content.decode()
    assert OFFICES[1] not in posts
    form = client.get("/admin/invite/").content.decode()
    assert f'value="{CENTRES[0]}"' in form
    assert f'value="{CENTRES[2]}"' not in form


def test_a_system_administrator_of_an_office_sees_that_office_s_data(world: World) -> None:
    Posting.objects.filter(user=world.people[SYSTEM]).update(place=OFFICES[0])
    page = signed_in(world, SYSTEM).get("/admin/territory/area/").content.decode()
    inside, outside = (Area.objects.get(place=CENTRES[i]).code for i in (0, 2))
    assert inside in page
    assert outside not in page


def test_no_address_asks_for_a_column_that_is_not_shown(world: World) -> None:
    client = signed_in(world, SECURITY)
    for lookup in ("password__startswith", "tokens__hash__startswith", "last_login__gt"):
        answer = client.get(f"/admin/accounts/user/?{lookup}=m")
        assert answer.status_code in (302, 400)
    page = client.get("/admin/accounts/apitoken/").content.decode()
    assert all(token.hash not in page for token in ApiToken.objects.all())


def test_inviting_shows_the_link_once_and_keeps_what_was_typed_when_it_is_refused(
    world: World,
) -> None:
    client = signed_in(world, SECURITY)
    said = {
        "key": str(uuid4()), "username": "li.si", "name": "李四", "role": "operator",
        "place": CENTRES[0], "start": "2026-11-23",
    }  # fmt: skip
    refused = client.post("/admin/invite/", {**said, "username": "import"})
    assert refused.status_code == 422
    assert "此用户名为系统自用" in refused.content.decode()
    assert 'value="李四"' in refused.content.decode()
    first = client.post("/admin/invite/", said)
    link = re.search(r"http://testserver(/account/invitation\?token=[^<]+)", first.content.decode())
    assert link
    assert "no-store" in first.headers["Cache-Control"]
    again = client.post("/admin/invite/", said).content.decode()
    assert "token=" not in again
    assert "只在当时显示过一次" in again
    assert User.objects.filter(username="li.si").count() == 1


def test_a_post_is_given_ended_and_said_in_both_languages(world: World) -> None:
    user = world.people[f"operator@{CENTRES[0]}"]
    for language, done, state in (
        ("zh-CN", "岗位已增加", "未到"),
        ("en", "The post is", "to come"),
    ):
        client = signed_in(world, SECURITY, language)
        role = "collector" if language == "en" else "shift_leader"
        answer = client.post(
            f"/admin/accounts/user/{user.pk}/give_post/",
            {"key": str(uuid4()), "role": role, "place": CENTRES[1], "start": "2026-12-01"},
            follow=True,
        )
        text = answer.content.decode()
        assert done in text
        assert state in text
    post = user.postings.get(role="collector")
    wrong = {"key": str(uuid4()), "last_day": "2026-11-01"}
    refused = client.post(f"/admin/accounts/posting/{post.pk}/end_post/", wrong)
    assert "The last day is past" in refused.content.decode()
    client.post(
        f"/admin/accounts/posting/{post.pk}/end_post/", {"key": str(uuid4()), "at_once": "on"}
    )
    assert not Posting.objects.filter(pk=post.pk).exists()


def test_what_an_administrator_may_not_is_said_and_noted(world: World) -> None:
    client, me = signed_in(world, SECURITY), world.people[SECURITY]
    path = f"/admin/accounts/user/{me.pk}/give_post/"
    said = {"key": str(uuid4()), "role": "operator", "place": CENTRES[0], "start": "2026-11-23"}
    assert "不能办理自己的账号" in client.post(path, said).content.decode()
    Posting.objects.filter(user=me).update(place=OFFICES[0])
    both = world.people[f"operator@{CENTRES[0]}"]
    Posting.objects.create(user=both, role="operator", place=CENTRES[2])
    said = {"key": str(uuid4())}
    refused = client.post(f"/admin/accounts/user/{both.pk}/switch_off_account/", said)
    assert "您的岗位在此处不能办理“停用账号”" in refused.content.decode()
    assert AccessEntry.objects.filter(kind="denial", act="switch_off_account").exists()
    both.refresh_from_db()
    assert both.is_active


def test_signing_somebody_out_everywhere_ends_their_open_session(world: World) -> None:
    name = f"operator@{CENTRES[0]}"
    theirs = signed_in(world, name)
    assert theirs.get("/api/v1/me").status_code == 200
    path = f"/admin/accounts/user/{world.people[name].pk}/end_sessions/"
    signed_in(world, SECURITY).post(path, {"key": str(uuid4())})
    assert theirs.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("path", ["/admin/accounts/user/", "/admin/accounts/apitoken/",
    "/admin/territory/area/", "/admin/access-log/", "/admin/journal/"])  # fmt: skip
def test_a_page_asks_no_more_of_the_database_when_there_is_more_to_show(
    world: World, path: str, django_assert_max_num_queries: Any
) -> None:
    power = SYSTEM if "territory" in path else SECURITY if "accounts" in path else AUDIT
    client = signed_in(world, power)
    world.report()
    client.get(path)
    with django_assert_max_num_queries(20) as few:
        client.get(path)
        count = len(few)
    for _ in range(3):
        world.report()
        client.get("/api/v1/cases/none")
    for number in range(9):
        user = User.objects.create(username=f"u{number}", display_name="某")
        Posting.objects.create(user=user, role="operator", place=CENTRES[0])
        issue_token(user, "x", ["read"], now=world.clock.now(), days=1)
        Area.objects.create(
            code=f"9{number}", kind="grid", name_zh="格", place=CENTRES[0],
            parent=world.areas[CENTRES[0]],
        )  # fmt: skip
    with django_assert_max_num_queries(count):
        client.get(path)


def test_the_three_powers_are_the_site_s_only_ones() -> None:
    from lianqin.accounts.administering import Shown

    assert {page.power for page in site.pages} == ADMINISTRATORS
    for admin in site._registry.values():
        assert isinstance(admin, Shown)
        assert admin.power in ADMINISTRATORS
        assert admin.get_actions(None) == {} if admin.actions is None else True
