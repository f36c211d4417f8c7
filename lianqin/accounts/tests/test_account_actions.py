"""What a security administrator does with accounts: once each, in the journal, in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.accounts import account_actions as acts
from lianqin.accounts import token_actions
from lianqin.accounts.account_actions import NewAccount, Shown
from lianqin.accounts.models import ApiToken, Idempotency, Posting, User
from lianqin.accounts.queries import by_token, principal_of
from lianqin.accounts.refusals import Forbidden, NotHere, Refusal
from lianqin.accounts.rules import PostWanted
from lianqin.accounts.runner import Command, Done, request_hash
from lianqin.accounts.token_actions import TokenWanted
from lianqin.journal.models import Entry
from lianqin.worktime import FrozenNow

pytestmark = pytest.mark.django_db

DISTRICT, OFFICE = "990101", "990101/990101001"
HERE, TWIN = f"{OFFICE}/east", "990101/990101002/east"
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def person(name: str, *posts: tuple[str, str]) -> User:
    user = User.objects.create(username=name, display_name=name)
    for role, place in posts:
        Posting.objects.create(user=user, role=role, place=place)
    return user


class Administrator:
    """A security administrator at a place, who gives commands."""

    def __init__(self, place: str = DISTRICT) -> None:
        self.user = person(f"sec-{place[-6:]}", ("security_admin", place))
        self.clock = FrozenNow(datetime.fromisoformat("2026-11-23T10:00:00+08:00"))

    def command(self, act: str, key: UUID | None = None) -> Command:
        who = principal_of(self.user, TODAY)
        return Command(who, act, key or uuid4(), request_hash(act), now=self.clock)

    def invite(self, username: str = "li", *posts: PostWanted, key: UUID | None = None) -> Shown:
        new = NewAccount(username, "李四", posts or (PostWanted("operator", HERE),))
        return acts.invite(self.command("invite", key), new, today=TODAY)

    def give(self, user: User, role: str, place: str = HERE, **more: Any) -> Done:
        wanted = PostWanted(role, place, **more)
        return acts.give_post(self.command("give_post"), user.id, wanted, today=TODAY)

    def end(self, posting: Posting, last_day: date | None = None) -> Done:
        return acts.end_post(self.command("end_post"), posting.id, last_day, today=TODAY)

    def issue(self, user: User, *scopes: str, days: int = 30) -> str:
        wanted = TokenWanted("平台", scopes or ("read",), days)
        command = self.command("issue_token")
        return token_actions.issue(command, user.id, wanted, today=TODAY).secret


@pytest.fixture
def admin() -> Administrator:
    return Administrator()


def refused(run: Callable[[], object]) -> str:
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refusal:
        run()
    assert Entry.objects.count() == before
    return refusal.value.code


def last() -> Entry:
    return Entry.objects.latest("position")


def test_an_invitation_makes_the_account_its_posts_a_link_and_one_entry(
    admin: Administrator,
) -> None:
    shown = admin.invite("li", PostWanted("operator", HERE), PostWanted("collector", OFFICE))
    user = User.objects.get(username="li")
    assert shown.secret
    assert not user.has_usable_password()
    assert sorted(user.postings.values_list("role", flat=True)) == ["collector", "operator"]
    entry = Entry.objects.get()
    assert (entry.act, entry.subject_kind, entry.subject_id) == ("invite", "account", user.id)
    assert entry.place == OFFICE
    assert "李" not in str(entry.data)
    assert "'li'" not in str(entry.data)


def test_what_is_shown_once_is_kept_nowhere_and_not_shown_again(admin: Administrator) -> None:
    key = uuid4()
    first = admin.invite(key=key)
    again = admin.invite(key=key)
    assert first.secret not in str(list(Idempotency.objects.values_list("answer", flat=True)))
    assert again.done.replayed
    assert again.secret == ""
    assert User.objects.filter(username="li").count() == Entry.objects.count() == 1


def test_an_administrator_of_an_office_reaches_that_office_alone() -> None:
    admin = Administrator(OFFICE)
    mine, theirs = person("a", ("operator", HERE)), person("b", ("operator", TWIN))
    both = person("c", ("operator", HERE), ("collector", TWIN))
    off = acts.switch_off_account
    assert off(admin.command("switch_off_account"), mine.id, today=TODAY)
    for unknown in (theirs.id, uuid4()):  # foreign and absent: the same words
        with pytest.raises(NotHere):
            off(admin.command("switch_off_account"), unknown, today=TODAY)
    with pytest.raises(Forbidden):  # seen, but not all of it is theirs
        off(admin.command("switch_off_account"), both.id, today=TODAY)
    with pytest.raises(Forbidden):
        admin.give(mine, "operator", TWIN)
    with pytest.raises(NotHere):
        admin.end(theirs.postings.get())
    with pytest.raises(Forbidden):
        admin.invite("d", PostWanted("operator", HERE), PostWanted("operator", TWIN))
    assert not User.objects.filter(username="d").exists()


def test_a_person_posted_elsewhere_may_be_given_a_post_here() -> None:
    admin, theirs = Administrator(OFFICE), person("b", ("operator", TWIN))
    admin.give(theirs, "operator")
    assert last().place == HERE


@pytest.mark.parametrize("role", ["operator", "system_admin", "audit_admin"])
def test_nobody_else_acts_on_accounts(role: str) -> None:
    admin, user = Administrator(), person("a", ("operator", HERE))
    Posting.objects.filter(user=admin.user).update(role=role)
    with pytest.raises(NotHere):
        acts.end_sessions(admin.command("end_sessions"), user.id, today=TODAY)
    with pytest.raises(Forbidden):
        admin.give(user, "collector")


def test_no_administrator_gives_themselves_anything(admin: Administrator) -> None:
    assert refused(lambda: admin.give(admin.user, "operator")) == "own_account"
    assert refused(lambda: admin.issue(admin.user)) == "own_account"
    assert refused(lambda: admin.end(admin.user.postings.get())) == "own_account"


def test_the_three_administrators_stay_three_people(admin: Administrator) -> None:
    user = person("a", ("audit_admin", DISTRICT))
    assert refused(lambda: admin.give(user, "system_admin", DISTRICT)) == "administrators_apart"
    both = (PostWanted("system_admin", DISTRICT), PostWanted("security_admin", OFFICE))
    assert refused(lambda: admin.invite("b", *both)) == "administrators_apart"
    assert not User.objects.filter(username="b").exists()


def test_a_post_runs_from_its_first_to_its_last_day(admin: Administrator) -> None:
    user = person("a")
    admin.give(user, "operator", start=TODAY + DAY, end=TODAY + 3 * DAY)
    held = {day: len(principal_of(user, TODAY + day * DAY).posts) for day in range(4)}
    assert held == {0: 0, 1: 1, 2: 1, 3: 0}
    assert refused(lambda: admin.give(user, "operator", start=TODAY + DAY)) == "post_held_already"
    posting = user.postings.get()
    admin.end(posting, TODAY + DAY)
    assert principal_of(user, TODAY + DAY).posts
    assert not principal_of(user, TODAY + 2 * DAY).posts


def test_a_post_ends_at_once_and_one_that_never_was_in_force_is_taken_back(
    admin: Administrator,
) -> None:
    user = person("a", ("operator", HERE))
    admin.end(user.postings.get())
    assert not principal_of(user, TODAY).posts
    assert user.postings.get().dates == DateRange(date(2000, 1, 1), TODAY)
    admin.give(user, "collector")
    given = user.postings.get(role="collector")
    admin.end(given)
    assert not user.postings.filter(role="collector").exists()
    assert (last().data["post"], last().data["taken_back"]) == (str(given.id), True)


def test_an_account_switched_off_is_nobodys_way_in(admin: Administrator) -> None:
    user = person("a", ("operator", HERE))
    token = admin.issue(user)
    before = user.get_session_auth_hash()
    acts.switch_off_account(admin.command("switch_off_account"), user.id, today=TODAY)
    user.refresh_from_db()
    assert not user.is_active
    assert by_token(token, admin.clock.now(), TODAY) is None
    assert user.get_session_auth_hash() != before
    off = admin.command("switch_off_account")
    assert refused(lambda: acts.switch_off_account(off, user.id, today=TODAY)) == "account_is_off"
    acts.switch_on_account(admin.command("switch_on_account"), user.id, today=TODAY)
    assert by_token(token, admin.clock.now(), TODAY) is not None
    assert user.get_session_auth_hash() != before  # old sessions do not come back with it


def test_signing_out_everywhere_changes_what_sessions_are_compared_with(
    admin: Administrator,
) -> None:
    user = person("a", ("operator", HERE))
    hashes = {user.get_session_auth_hash()}
    for _ in range(2):
        acts.end_sessions(admin.command("end_sessions"), user.id, today=TODAY)
        user.refresh_from_db()
        hashes.add(user.get_session_auth_hash())
    assert len(hashes) == 3
    assert last().act == "end_sessions"


def test_a_token_does_what_its_scopes_say_until_it_is_revoked(admin: Administrator) -> None:
    from lianqin.accounts.policy import Target, allowed

    user = person("a", ("operator", HERE))
    token = admin.issue(user, "report")
    assert token not in str(last().data)
    who = by_token(token, admin.clock.now(), TODAY)
    assert who is not None
    assert allowed(who, "report", Target(HERE))
    assert allowed(who, "file", Target(HERE)) is None
    assert allowed(replace(who, by_token=False), "file", Target(HERE))  # a session is not narrowed
    assert not who.scope.places
    revoke = token_actions.revoke
    revoke(admin.command("revoke_token"), ApiToken.objects.get().id, today=TODAY)
    assert by_token(token, admin.clock.now(), TODAY) is None
    assert [e.act for e in Entry.objects.order_by("position")] == ["issue_token", "revoke_token"]
    again, other = admin.command("revoke_token"), ApiToken.objects.get().id
    assert refused(lambda: revoke(again, other, today=TODAY)) == "token_is_revoked"


def test_a_tokens_use_is_noted_once_an_hour(
    admin: Administrator, django_assert_num_queries: Any
) -> None:
    token, now = admin.issue(person("a", ("operator", HERE))), admin.clock.now()
    with django_assert_num_queries(2):
        by_token(token, now, TODAY)
    with django_assert_num_queries(1):
        by_token(token, now + timedelta(minutes=59), TODAY)
    assert ApiToken.objects.get().last_used_at == now
    later = now + timedelta(minutes=61)
    by_token(token, later, TODAY)
    assert ApiToken.objects.get().last_used_at == later


def test_administrators_and_the_installs_own_accounts_get_no_token(admin: Administrator) -> None:
    assert refused(lambda: admin.issue(person("a", ("audit_admin", HERE)))) == (
        "token_not_for_administrators"
    )
    assert refused(lambda: admin.issue(person("import", ("operator", HERE)))) == "service_account"
    assert refused(lambda: admin.issue(person("b"), days=366)) == "token_days"


def test_an_account_without_posts_is_the_districts_affair() -> None:
    nobody, admin = person("a"), Administrator(OFFICE)
    with pytest.raises(Forbidden):
        acts.end_sessions(admin.command("end_sessions"), nobody.id, today=TODAY)
    district = Administrator()
    acts.end_sessions(district.command("end_sessions"), nobody.id, today=TODAY)


def test_an_account_that_stands_gets_a_new_link(admin: Administrator) -> None:
    user = person("a", ("operator", HERE))
    shown = acts.invite_again(admin.command("invite"), user.id, today=TODAY)
    assert shown.secret
    assert last().data == {"again": True}
