"""The generated walk through the acts on accounts, crews, deputies and notices: every role at every
kind of place, on the days around its post, against `docs/policy.md`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from lianqin.accounts import account_actions as accounts
from lianqin.accounts import token_actions as tokens
from lianqin.accounts.deputy_actions import Deputy, end_deputy, name_deputy
from lianqin.accounts.models import ApiToken, Posting
from lianqin.accounts.policy import Target
from lianqin.accounts.rules import PostWanted
from lianqin.accounts.token_actions import TokenWanted
from lianqin.cases import crews_now
from lianqin.cases.tests.world import World
from lianqin.console.tests.policy_document import page
from lianqin.console.tests.test_api import Caller
from lianqin.console.tests.test_walk import HERE, Walk, Walker, reaches, what_happens
from lianqin.journal.queries import head
from lianqin.notices.actions import answering, keeping
from lianqin.notices.models import Matter, Notice

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
Run = Callable[[Walker], object]


def _deputy(world: World) -> UUID:
    """The post of a deputy whom the commander of HERE has named."""
    wanted = Deputy(world.people[f"operator@{HERE}"].id, HERE, TODAY, TODAY + timedelta(days=1))
    done = name_deputy(world.command(f"commander@{HERE}", "name_deputy"), wanted, today=TODAY)
    return UUID(done.answer["id"])


def _on_an_account(walk: Walk) -> dict[str, Run]:
    """Every act on an account whose post is at HERE."""
    world = walk.world
    user = world.people[f"shift_leader@{HERE}"].id
    Caller(world, f"shift_leader@{HERE}")
    post = PostWanted("assessor", HERE, start=TODAY)
    new = accounts.NewAccount("newcomer", "某", (post,))
    held = Posting.objects.get(user_id=user).id
    token, wanted = ApiToken.objects.get().id, TokenWanted("x", ("read",), 30)

    def by(act: str, action: Callable[..., Any], *rest: object) -> Run:
        return lambda walker: action(walk.command(walker, act), *rest, today=TODAY)

    return {
        "invite": by("invite", accounts.invite, new),
        "give_post": by("give_post", accounts.give_post, user, post),
        "end_post": by("end_post", accounts.end_post, held),
        "switch_off_account": by("switch_off_account", accounts.switch_off_account, user),
        "switch_on_account": by("switch_on_account", accounts.switch_on_account, user),
        "end_sessions": by("end_sessions", accounts.end_sessions, user),
        "reset_second_factor": by("reset_second_factor", accounts.reset_second_factor, user),
        "issue_token": by("issue_token", tokens.issue, user, wanted),
        "revoke_token": by("revoke_token", tokens.revoke, token),
    }


def _of_the_duty(walk: Walk) -> dict[str, Run]:
    """Deputies, crews, and what somebody keeps of their own."""
    world = walk.world
    crew, ended = world.crews[HERE].id, _deputy(world)
    named = Deputy(world.people[f"assessor@{HERE}"].id, HERE, TODAY, TODAY + timedelta(days=1))
    keys = "https://push.example/x", "eA", "eA", "zh", frozenset({"push.example"})

    def by(act: str, action: Callable[..., Any], *rest: object, **more: object) -> Run:
        return lambda walker: action(walk.command(walker, act), *rest, **more)

    return {
        "name_deputy": by("name_deputy", name_deputy, named, today=TODAY),
        "end_deputy": by("end_deputy", end_deputy, ended, today=TODAY),
        "move_crew": by("move_crew", crews_now.move, crew, None, ""),
        "subscribe_push": by("subscribe_push", keeping.subscribe, *keys),
        "keep_contact": by("keep_contact", keeping.keep_contact, "phone", "13800000000"),
        "erase_contact": by("erase_contact", keeping.erase_contact, "phone"),
        "sign_on": by("sign_on", keeping.sign, True),
        "sign_off": by("sign_off", keeping.sign, False),
    }


def _walked(walk: Walk, act: str, run: Run) -> list[str]:
    wrong = []
    # Of one's own there may be nothing to erase: that is no refusal either.
    through = {"let in", "not here"} if act == "erase_contact" else {"let in"}
    for where, day, walker in walk.everybody(act, whole=True):
        found = what_happens(partial(run, walker))
        let_in = reaches(walker, act, Target(HERE))
        if (found in through) != let_in:
            wrong.append(f"{act}: {walker.role}, {where}, {day}: {found}")
    return wrong


def test_accounts_are_administered_as_far_as_the_page_says() -> None:
    walk = Walk()
    assert [_walked(walk, act, run) for act, run in _on_an_account(walk).items()] == [[]] * 9


def test_deputies_crews_and_what_is_ones_own_follow_the_page() -> None:
    walk = Walk()
    wrong = [_walked(walk, act, run) for act, run in _of_the_duty(walk).items()]
    assert [lines for lines in wrong if lines] == []


def test_a_notice_is_taken_by_whom_it_is_addressed_to() -> None:
    walk = Walk()
    at = walk.world.clock.now()
    walk.world.report(HERE)
    matter = Matter.objects.create(
        position=head(), kind="urge", level="alert", place=HERE, raised_at=at
    )
    wrong = []
    for role in page().roles:
        if role == "clock":
            continue
        walker = walk.walker(role, "twin centre")
        own = Notice.objects.create(matter=matter, user_id=walker.who.id, raised_at=at)
        for who in (walker, walk.walker("operator", "own centre")):
            run = partial(answering.acknowledge, walk.command(who, "acknowledge_notice"))
            found = what_happens(lambda run=run, own=own: run(own.id, "here"))
            mine = Target(HERE, people=frozenset({own.user_id}))
            if (found == "let in") != reaches(who, "acknowledge_notice", mine):
                wrong.append(f"{role}'s by {who.role}: {found}")
    assert wrong == []
