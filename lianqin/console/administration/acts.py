"""The pages on which an act on an account is prepared, said and done: one form, one action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from lianqin.accounts import account_actions, http, token_actions
from lianqin.accounts.access import note_access
from lianqin.accounts.account_actions import NewAccount, Shown
from lianqin.accounts.administering import administrator, both
from lianqin.accounts.invitation_actions import invitation_path
from lianqin.accounts.masking import masked
from lianqin.accounts.models import ApiToken, User
from lianqin.accounts.refusals import Forbidden, NotHere, Refusal
from lianqin.accounts.runner import Command, Done, request_hash
from lianqin.accounts.token_actions import TokenWanted
from lianqin.console.problem_words import words
from lianqin.territory.queries import district

from .forms import ActForm, EndPostForm, InviteForm, PostForm, TokenForm
from .people import account_of, accounts_in_reach, reach, today_here
from .site import language_of, role_word
from .words import ACTS, DONE, LEADS

Run = Callable[[Command, UUID, Any, date, bool], "Done | Shown"]


@dataclass(frozen=True)
class Act:
    """An act: its name in the policy, the form that it asks with, the action that does it."""

    name: str
    form: type[ActForm]
    run: Run


def _give_post(command: Command, pk: UUID, form: Any, today: date, demo: bool) -> Done:
    return account_actions.give_post(command, pk, form.wanted(), today=today, demo=demo)


def _end_post(command: Command, pk: UUID, form: Any, today: date, demo: bool) -> Done:
    said = form.cleaned_data
    last = None if said["at_once"] else said["last_day"]
    return account_actions.end_post(command, pk, last, today=today)


def _issue(command: Command, pk: UUID, form: Any, today: date, demo: bool) -> Shown:
    said = form.cleaned_data
    wanted = TokenWanted(said["name"], tuple(said["scopes"]), said["days"])
    return token_actions.issue(command, pk, wanted, today=today, demo=demo)


def _plain(action: Callable[..., Done | Shown]) -> Run:
    return lambda command, pk, form, today, demo: action(command, pk, today=today)


ACT_PAGES = {
    act.name: act
    for act in (
        Act("give_post", PostForm, _give_post),
        Act("issue_token", TokenForm, _issue),
        Act("invite", ActForm, _plain(account_actions.invite_again)),
        Act("switch_off_account", ActForm, _plain(account_actions.switch_off_account)),
        Act("switch_on_account", ActForm, _plain(account_actions.switch_on_account)),
        Act("end_sessions", ActForm, _plain(account_actions.end_sessions)),
        Act("reset_second_factor", ActForm, _plain(account_actions.reset_second_factor)),
    )
}
_END_POST = Act("end_post", EndPostForm, _end_post)
_REVOKE = Act("revoke_token", ActForm, _plain(token_actions.revoke))


def on_account(request: HttpRequest, object_id: UUID, act: str) -> HttpResponse:
    """One of the acts on an account within reach."""
    user = account_of(request, object_id)
    if user is None or act not in ACT_PAGES:
        raise Http404()
    return _page(request, ACT_PAGES[act], object_id, user, "")


def on_post(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """End a post within reach."""
    posting = reach(request).filter(pk=object_id).select_related("user").first()
    if posting is None:
        raise Http404()
    about = f"{role_word(posting.role)} · {posting.place}"
    return _page(request, _END_POST, object_id, posting.user, about)


def on_token(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Revoke a token of an account within reach."""
    tokens = ApiToken.objects.filter(user__in=accounts_in_reach(request))
    token = tokens.filter(pk=object_id).select_related("user").first()
    if token is None:
        raise Http404()
    return _page(request, _REVOKE, object_id, token.user, token.name)


def invite(request: HttpRequest) -> HttpResponse:
    """Make an account with a first post; the link is shown this once."""
    made: list[UUID] = []

    def run(command: Command, pk: UUID, form: Any, today: date, demo: bool) -> Shown:
        said = form.cleaned_data
        new = NewAccount(said["username"], said["name"], (form.wanted(),))
        shown = account_actions.invite(command, new, today=today, demo=demo)
        made.append(UUID(shown.done.answer["id"]))
        return shown

    title, lead = both("邀请新账号", "Invite somebody"), both(*_INVITE_LEAD)
    act = Act("invite", InviteForm, run)
    form, result = _tried(request, act, UUID(int=0))
    if result is None:
        return _asked(request, form, title, lead, None, "")
    user = User.objects.get(pk=made[0])
    return _answered(request, act, result, user)


_INVITE_LEAD = (
    "新建账号并给第一个岗位，生成一次性链接，本人打开后自行设置密码。给已有账号增加岗位，请到其账号页。",
    "Makes an account with its first post and a one-time link at which its holder sets a password. "
    "Another post for somebody who has an account is given on that account's page.",
)


def _page(request: HttpRequest, act: Act, pk: UUID, user: User, about: str) -> HttpResponse:
    form, result = _tried(request, act, pk)
    if result is None:
        return _asked(request, form, both(*ACTS[act.name]), both(*LEADS[act.name]), user, about)
    return _answered(request, act, result, user)


def _tried(request: HttpRequest, act: Act, pk: UUID) -> tuple[ActForm, Done | Shown | None]:
    """The form, and what the action answered; None when there is still something to mend."""
    if request.method != "POST":
        return act.form(request=request), None
    form = act.form(request.POST, request=request)
    if not form.is_valid():
        return form, None
    who = administrator(request)
    assert who is not None
    said = {name: str(value) for name, value in form.cleaned_data.items() if name != "key"}
    command = Command(
        principal=who,
        act=act.name,
        key=form.cleaned_data["key"],
        request_hash=request_hash("POST", request.path, said),
        now=http.clock,
    )
    try:
        return form, act.run(command, pk, form, today_here(), district().demo)
    except NotHere as error:
        _note(request, act.name, error.code)
        raise Http404() from error
    except Refusal as error:
        if isinstance(error, Forbidden):
            _note(request, act.name, error.code)
        title, detail = words(error.code, get_language(), _spoken(error.params))
        field = "last_day" if error.field == "end" else error.field
        form.refused(field, f"{title}：{detail}" if language_of() == "zh" else f"{title}. {detail}")
        return form, None


def _spoken(params: dict[str, Any]) -> dict[str, Any]:
    """Roles and acts by the names that people know them by."""
    spoken = dict(params)
    if "held" in spoken:
        spoken["held"] = role_word(spoken["held"])
    if spoken.get("act") in ACTS:
        spoken["act"] = ACTS[spoken["act"]][language_of() == "en"]
    return spoken


def _note(request: HttpRequest, act: str, outcome: str) -> None:
    who = administrator(request)
    note_access(
        "denial", act, outcome, http.real_now(),
        actor_id=who.id if who else None,
        subject=request.path[-80:],
        address=http.address(request),
    )  # fmt: skip


def _asked(
    request: HttpRequest, form: ActForm, title: Any, lead: Any, user: User | None, about: str
) -> HttpResponse:
    context = {
        **_around(request),
        "title": title,
        "lead": lead,
        "form": form,
        "about": about,
        "user_shown": user,
        "username": masked(user.username) if user else "",
        "back": _account_url(user) if user else reverse("admin:accounts_user_changelist"),
    }
    # What was sent and not taken is no success; a browser shows the page all the same.
    return render(request, "admin/lianqin_act.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, act: Act, result: Done | Shown, user: User) -> HttpResponse:
    """Back to the account; or, with something to be shown once, a page that no cache keeps."""
    if isinstance(result, Done):
        messages.success(request, str(both(*DONE[act.name])))
        return redirect(_account_url(user))
    secret = result.secret
    if secret and act.name == "invite":
        secret = request.build_absolute_uri(invitation_path(secret))
    context = {
        **_around(request),
        "title": both(*DONE[act.name]),
        "secret": secret,
        "user_shown": user,
        "username": masked(user.username),
        "back": _account_url(user),
    }
    answer = render(request, "admin/lianqin_shown_once.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _around(request: HttpRequest) -> dict[str, Any]:
    from . import site

    return site.each_context(request)


def _account_url(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])
