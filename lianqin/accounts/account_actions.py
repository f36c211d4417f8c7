"""Acts on accounts by a security administrator: one act, one transaction, one journal entry.

An entry names accounts, posts and tokens by id and codes; names stay in the accounts' rows. What
is shown once – an invitation's link, a token – is never kept with the act's answer: sent again
under the same key, the act answers without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F

from lianqin.worktime.now import machine_now

from . import sitting
from .invitation_actions import GOOD_FOR, make_invitation
from .models import Posting, User
from .policy import Target, posts_for
from .principal import Post, Principal, within
from .refusals import NotHere, Refusal
from .rules import (
    OWN_ACCOUNTS,
    Held,
    PostWanted,
    common_place,
    end_of,
    fits_with,
    not_oneself,
    post_sound,
    username_usable,
)
from .runner import Acting, Command, Done, Outcome, perform
from .sitting import forget_second_factors

SUBJECT = "account"


@dataclass(frozen=True)
class Shown:
    """An act's answer with what is shown this once; empty when the act had been done before."""

    done: Done
    secret: str = ""


@dataclass(frozen=True)
class NewAccount:
    """Somebody to be invited, with the first posts."""

    username: str
    name: str
    posts: tuple[PostWanted, ...]


def invite(
    command: Command,
    new: NewAccount,
    *,
    today: date,
    demo: bool = False,
    link: bool = True,
    good_for: timedelta = GOOD_FOR,
) -> Shown:
    """Make an account with its first posts and a one-time link at which its holder sets a password
    (`link` False: none; a program's account, or one that is given a password at once).

    Raises Forbidden when a post lies outside the administrator's place, and Refusal for a name
    that is taken or malformed and for posts that cannot be.
    """
    secret: list[str] = []

    def work(acting: Acting) -> Outcome:
        if not new.posts:
            raise Refusal("post_needed", field="role")
        entitled = [acting.authorize(Target(post.place)) for post in new.posts]
        username_usable(new.username)
        if not new.name.strip():
            raise Refusal("name_needed", field="name")
        if User.objects.filter(username=new.username).exists():
            raise Refusal("username_taken", field="username", value=new.username)
        user = User.objects.create(
            username=new.username,
            display_name=new.name.strip(),
            password=make_password(None),
            origin="live",
        )
        known: list[Posting] = []
        said = [_put(user, known, post, today, demo) for post in new.posts]
        if link:
            secret.append(_link(user, acting, good_for))
        place = common_place(post.place for post in new.posts)
        return _outcome(acting, entitled[0], user, place, {"posts": said})

    return _shown(perform(command, work), secret)


def invite_again(
    command: Command, user_id: UUID, *, today: date, good_for: timedelta = GOOD_FOR
) -> Shown:
    """A new one-time link for an account that stands: one that an import made, or whose holder has
    lost the password. Links given before end."""
    secret: list[str] = []

    def change(user: User, acting: Acting) -> dict[str, Any]:
        if not user.is_active:
            raise Refusal("account_is_off")
        secret.append(_link(user, acting, good_for))
        return {"again": True}

    return _shown(on_account(command, user_id, today, change), secret)


def give_post(
    command: Command, user_id: UUID, post: PostWanted, *, today: date, demo: bool = False
) -> Done:
    """Give an account a role at a place from a day on. The place must lie inside the
    administrator's own; where the person's other posts lie does not matter."""

    def work(acting: Acting) -> Outcome:
        entitled = acting.authorize(Target(post.place))
        user = _locked(acting, user_id, anywhere=True)
        not_oneself(acting.principal.id, user.id)
        said = _put(user, list(user.postings.all()), post, today, demo)
        return _outcome(acting, entitled, user, post.place, said)

    return perform(command, work)


def end_post(
    command: Command, posting_id: UUID, last_day: date | None = None, *, today: date
) -> Done:
    """End a post after `last_day`, or at once when none is named. One that has been in force on no
    day yet is taken back: its row goes, the journal keeps both acts."""

    def work(acting: Acting) -> Outcome:
        found = Posting.objects.filter(pk=posting_id).first()
        if found is None or not _sees(acting, [found.place]):
            raise NotHere()
        entitled = acting.authorize(Target(found.place))
        user = _locked(acting, found.user_id, anywhere=True)
        not_oneself(acting.principal.id, user.id)
        posting = Posting.objects.filter(pk=posting_id).first()
        if posting is None:  # somebody else took it back while we waited
            raise NotHere()
        said: dict[str, Any] = {"post": str(posting.id), "role": posting.role}
        end = end_of(_held(posting), last_day, today)
        if posting.dates.lower is not None and end <= posting.dates.lower:
            posting.delete()
            return _outcome(acting, entitled, user, found.place, {**said, "taken_back": True})
        posting.dates = DateRange(posting.dates.lower, end)
        posting.save(update_fields=["dates"])
        said["until"] = end.isoformat()
        return _outcome(acting, entitled, user, found.place, said)

    return perform(command, work)


def switch_off_account(command: Command, user_id: UUID, *, today: date) -> Done:
    """Nobody gets in with the account any more: not by password, session or token."""

    def change(user: User, acting: Acting) -> dict[str, Any]:
        if not user.is_active:
            raise Refusal("account_is_off")
        user.is_active = False
        user.save(update_fields=["is_active"])
        return {"sessions": _end_sessions(user)}

    return on_account(command, user_id, today, change)


def switch_on_account(command: Command, user_id: UUID, *, today: date) -> Done:
    """Let an account in again, with its password and posts as they are now."""

    def change(user: User, acting: Acting) -> dict[str, Any]:
        if user.is_active:
            raise Refusal("account_is_on")
        user.is_active = True
        user.save(update_fields=["is_active"])
        return {}

    return on_account(command, user_id, today, change)


def end_sessions(command: Command, user_id: UUID, *, today: date) -> Done:
    """Sign an account out everywhere; tokens go on."""

    def change(user: User, acting: Acting) -> dict[str, Any]:
        return {"sessions": _end_sessions(user)}

    return on_account(command, user_id, today, change)


def reset_second_factor(command: Command, user_id: UUID, *, today: date) -> Done:
    """Take away every second factor of an account, because its holder has lost them, and sign it
    out everywhere; who needs one sets it up anew at the next sign-in."""

    def change(user: User, acting: Acting) -> dict[str, Any]:
        count = forget_second_factors(user.id)
        if not count:
            raise Refusal("no_second_factor")
        return {"factors": count, "sessions": _end_sessions(user)}

    return on_account(command, user_id, today, change)


def on_account(
    command: Command,
    user_id: UUID,
    today: date,
    change: Callable[[User, Acting], Mapping[str, Any]],
) -> Done:
    """Run an act on the whole of an account: all its present posts lie inside the place of the
    administrator, who is somebody else. `change` writes the rows and says the entry's data."""

    def work(acting: Acting) -> Outcome:
        user = _locked(acting, user_id)
        place = place_of(user.postings.all(), today) or root_of(acting.principal, command.act)
        entitled = acting.authorize(Target(place))
        not_oneself(acting.principal.id, user.id)
        return _outcome(acting, entitled, user, place, change(user, acting))

    return perform(command, work)


def place_of(postings: Iterable[Posting], today: date) -> str:
    """Where an account belongs: around all posts in force or to come, else around all it ever
    had; '' when it never had one."""
    known = list(postings)
    now = [p for p in known if p.dates.upper is None or p.dates.upper > today]
    return common_place(posting.place for posting in now or known)


def root_of(principal: Principal, act: str) -> str:
    """The district, for accounts that have no post: only who reaches all of it acts on them."""
    return next((post.place.split("/")[0] for post in posts_for(principal, act)), "")


def _locked(acting: Acting, user_id: UUID, *, anywhere: bool = False) -> User:
    """The account's row, locked. Foreign and absent are not told apart; `anywhere`: a person who
    is posted elsewhere may be given a post here."""
    user = User.objects.select_for_update(of=("self",)).filter(pk=user_id).first()
    places = list(user.postings.values_list("place", flat=True)) if user else []
    if user is None or (places and not anywhere and not _sees(acting, places)):
        raise NotHere()
    if user.username in OWN_ACCOUNTS:
        raise Refusal("service_account")
    return user


def _sees(acting: Acting, places: Iterable[str]) -> bool:
    own = [post.place for post in posts_for(acting.principal, acting.command.act)]
    return any(within(place, outer) for place in places for outer in own)


def _held(posting: Posting) -> Held:
    return Held(posting.role, posting.place, posting.dates.lower, posting.dates.upper)


def _put(
    user: User, known: list[Posting], post: PostWanted, today: date, demo: bool
) -> dict[str, Any]:
    """Write one post once the rules agree; what the entry says of it."""
    post_sound(post, today, demo=demo)
    fits_with([_held(posting) for posting in known], post.held)
    fields: dict[str, Any] = {
        "user": user,
        "role": post.role,
        "place": post.place,
        "crew_id": post.crew_id,
        "unit_id": post.unit_id,
        "dates": DateRange(post.start or today, post.end),
    }
    made = Posting.objects.create(**fields)
    known.append(made)
    return {
        "post": str(made.id),
        "role": post.role,
        "place": post.place,
        "crew": str(post.crew_id) if post.crew_id else None,
        "unit": str(post.unit_id) if post.unit_id else None,
        "from": (post.start or today).isoformat(),
        "until": post.end.isoformat() if post.end else None,
    }


def _end_sessions(user: User) -> bool:
    """Every session signed in until now is nobody's any more: its hash no longer fits."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    sitting.end_sessions(user.id)
    return True


def _link(user: User, acting: Acting, good_for: timedelta) -> str:
    # Links run out by the machine's clock, whatever time a demo install shows.
    at = machine_now(acting.command.now)
    return make_invitation(user, at, acting.principal.id, good_for=good_for)


def _outcome(
    acting: Acting, post: Post, user: User, place: str, data: Mapping[str, Any]
) -> Outcome:
    draft = acting.draft(post, (SUBJECT, user.id), data, place=place)
    return Outcome(draft, {"id": str(user.id)})


def _shown(done: Done, secret: list[str]) -> Shown:
    return Shown(done, secret[0] if secret and not done.replayed else "")
