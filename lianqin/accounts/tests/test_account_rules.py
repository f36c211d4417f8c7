"""What must hold of posts and tokens before anything is written."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from lianqin.accounts.refusals import Refusal
from lianqin.accounts.rules import (
    ADMINISTRATORS,
    Held,
    PostWanted,
    common_place,
    end_of,
    fits_with,
    not_oneself,
    post_sound,
    token_for,
    token_sound,
    username_usable,
)
from lianqin.accounts.scopes import SCOPES, offered, opens, scope_for

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
HERE, OTHER = "990101/990101001/east", "990101/990101001/west"


def code(run: object) -> str:
    with pytest.raises(Refusal) as refused:
        run()  # type: ignore[operator]
    return refused.value.code


def test_an_account_belongs_around_all_its_posts() -> None:
    assert common_place([HERE]) == HERE
    assert common_place([HERE, OTHER]) == "990101/990101001"
    assert common_place([HERE, "990101"]) == "990101"
    assert common_place([HERE, "990102/990102001"]) == ""
    assert common_place([]) == ""
    # Equal names further down do not make a place common.
    assert common_place(["1/2/east", "1/3/east"]) == "1"


def test_nobody_administers_the_own_account() -> None:
    me = uuid4()
    not_oneself(me, uuid4())
    assert code(lambda: not_oneself(me, me)) == "own_account"


@pytest.mark.parametrize("one", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("other", sorted(ADMINISTRATORS))
def test_no_two_administrators_are_one_person_on_any_day(one: str, other: str) -> None:
    held = [Held(one, "990101", TODAY, TODAY + 5 * DAY)]
    wanted = Held(other, "990101/990101001", TODAY + 4 * DAY, None)
    if one == other:
        fits_with(held, wanted)
    else:
        assert code(lambda: fits_with(held, wanted)) == "administrators_apart"
    fits_with(held, Held(other, "990101", TODAY + 5 * DAY, None))  # one after the other


def test_the_same_post_is_not_held_twice_on_a_day() -> None:
    held = [Held("operator", HERE, TODAY, TODAY + 5 * DAY)]
    assert code(lambda: fits_with(held, Held("operator", HERE, TODAY + DAY))) == "post_held_already"
    fits_with(held, Held("operator", OTHER, TODAY))
    fits_with(held, Held("shift_leader", HERE, TODAY))
    fits_with(held, Held("operator", HERE, TODAY + 5 * DAY))


@pytest.mark.parametrize(
    ("post", "refused"),
    [
        (PostWanted("king", HERE), "role_unknown"),
        (PostWanted("clock", HERE), "role_unknown"),
        (PostWanted("replayer", HERE), "role_unknown"),
        (PostWanted("crew_member", HERE), "hands_needed"),
        (PostWanted("unit_liaison", HERE, crew_id=uuid4()), "hands_not_of_role"),
        (PostWanted("operator", HERE, unit_id=uuid4()), "hands_not_of_role"),
        (PostWanted("operator", HERE, start=TODAY - DAY), "post_starts_in_the_past"),
        (PostWanted("operator", HERE, start=date(2062, 1, 1)), "post_starts_too_far_ahead"),
        (PostWanted("operator", HERE, start=TODAY, end=TODAY), "post_ends_before_it_begins"),
        (PostWanted("operator", HERE, end=TODAY), "post_ends_before_it_begins"),
    ],
)
def test_a_post_that_cannot_be_is_refused_by_what_is_wrong(post: PostWanted, refused: str) -> None:
    assert code(lambda: post_sound(post, TODAY, demo=False)) == refused


def test_a_rehearsal_may_have_a_replayer() -> None:
    post_sound(PostWanted("replayer", HERE), TODAY, demo=True)


def test_a_post_ends_today_later_or_at_once_and_never_in_the_past() -> None:
    held = Held("operator", HERE, TODAY - DAY, None)
    assert end_of(held, TODAY, TODAY) == TODAY + DAY
    assert end_of(held, TODAY + 3 * DAY, TODAY) == TODAY + 4 * DAY
    assert end_of(held, None, TODAY) == TODAY
    assert code(lambda: end_of(held, TODAY - DAY, TODAY)) == "post_ends_in_the_past"
    ending = Held("operator", HERE, TODAY - DAY, TODAY + DAY)
    assert code(lambda: end_of(ending, TODAY + DAY, TODAY)) == "post_ends_earlier"
    ended = Held("operator", HERE, TODAY - 3 * DAY, TODAY)
    assert code(lambda: end_of(ended, None, TODAY)) == "post_has_ended"
    coming = Held("operator", HERE, TODAY + 3 * DAY, None)
    assert code(lambda: end_of(coming, TODAY, TODAY)) == "post_ends_before_it_begins"


def test_the_installs_own_names_are_not_for_people() -> None:
    username_usable("li.si@example")
    assert code(lambda: username_usable("console")) == "username_reserved"
    assert code(lambda: username_usable("li si")) == "username_malformed"


def test_a_token_ends_within_a_year_and_says_what_it_may() -> None:
    token_sound("平台", ["read"], 365, demo=False)
    assert code(lambda: token_sound(" ", ["read"], 1, demo=False)) == "token_name_needed"
    assert code(lambda: token_sound("x", [], 1, demo=False)) == "token_scope_needed"
    assert code(lambda: token_sound("x", ["replay"], 1, demo=False)) == "token_scope_unknown"
    assert code(lambda: token_sound("x", ["seed"], 1, demo=True)) == "token_scope_unknown"
    assert code(lambda: token_sound("x", ["read"], 366, demo=False)) == "token_days"
    assert code(lambda: token_for(["operator", "audit_admin"])) == "token_not_for_administrators"


def test_every_act_is_opened_by_a_scope_that_is_offered() -> None:
    from lianqin.accounts.policy import POLICY

    assert {scope_for(act) for act in POLICY} <= set(offered(demo=False))
    assert set(offered(demo=True)) == set(SCOPES)
    assert opens(["report"], "upload")
    assert not opens(["report"], "file")
    assert not opens([], "report")
