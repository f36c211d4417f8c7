"""Accounts, posts and tokens within the security administrator's place."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.hashers import is_password_usable
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from lianqin.accounts.administering import LOOKING, Shown, both, places
from lianqin.accounts.http import now, real_now
from lianqin.accounts.masking import masked
from lianqin.accounts.models import ApiToken, Posting, User
from lianqin.accounts.policy import ROLES
from lianqin.accounts.rules import ADMINISTRATORS, OWN_ACCOUNTS
from lianqin.accounts.scopes import SCOPES, SEED, SEED_WORDS
from lianqin.accounts.sitting import second_factors
from lianqin.cases.queries import labels_of_places
from lianqin.journal.queries import in_places

from .site import language_of, role_word
from .words import ACTS, WORDS

POWER = "security_admin"
_SWITCHED = {"1": ("启用", "On"), "0": ("已停用", "Switched off")}


def reach(request: HttpRequest) -> QuerySet[Posting]:
    """Posts inside the security administrator's place."""
    return Posting.objects.filter(in_places(places(request, POWER)))


def accounts_in_reach(request: HttpRequest) -> QuerySet[User]:
    """Accounts with a post, past or present, inside that place; whoever reaches the whole district
    also sees those without any."""
    found = User.objects.annotate(here=Exists(reach(request).filter(user=OuterRef("pk"))))
    if any("/" not in place for place in places(request, POWER)):
        return found
    return found.filter(here=True)


def today_here() -> date:
    """The date in the district, by which posts are in force."""
    return timezone.localdate(now())


def post_state(posting: Posting, today: date) -> str:
    """Whether a post is in force today, to come, or over."""
    if posting.dates.lower is not None and posting.dates.lower > today:
        return "to_come"
    if posting.dates.upper is not None and posting.dates.upper <= today:
        return "over"
    return "in_force"


def token_state(token: ApiToken, at: datetime) -> str:
    """Whether a token still opens anything."""
    if token.revoked_at is not None:
        return "revoked"
    return "valid" if token.expires_at > at else "expired"


class ByRole(admin.SimpleListFilter):
    """Accounts that hold a role today."""

    title = both("岗位", "Role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every role that people hold."""
        return [(role, role_word(role)) for role in ROLES if role != "clock"]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those who hold it inside the administrator's place."""
        if not self.value():
            return queryset
        held = reach(request).filter(role=self.value(), dates__contains=today_here())
        return queryset.filter(Exists(held.filter(user=OuterRef("pk"))))


class PostRole(ByRole):
    """Posts of a role."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those posts."""
        return queryset.filter(role=self.value()) if self.value() else queryset


class PostState(admin.SimpleListFilter):
    """Posts in force today, to come, or over."""

    title = both("状态", "State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The three states."""
        zh, en = WORDS["zh"], WORDS["en"]
        return [(s, both(zh[s], en[s])) for s in ("in_force", "to_come", "over")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those posts."""
        today = today_here()
        match self.value():
            case "in_force":
                return queryset.filter(dates__contains=today)
            case "to_come":
                return queryset.filter(dates__fully_gt=(today, today + timedelta(days=1)))
            case "over":
                return queryset.filter(dates__fully_lt=(today, today + timedelta(days=1)))
        return queryset


class BySwitch(admin.SimpleListFilter):
    """Accounts that are on or off."""

    title = both("状态", "State")
    parameter_name = "on"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """On and off."""
        return [(value, both(*said)) for value, said in _SWITCHED.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those that are."""
        return queryset.filter(is_active=self.value() == "1") if self.value() else queryset


class Accounts(Shown):
    """Who signs in here; one account's page says what can be done with it."""

    power = POWER
    title = both("账号", "Accounts")
    labels: ClassVar = {
        "username": ("用户名", "User name"),
        "display_name": ("姓名", "Name"),
        "last_login": ("最近登录", "Last sign-in"),
        "is_active": ("启用", "On"),
    }
    list_display = ("signs_in_as", "display_name", "held", "is_active", "last_login")
    list_filter = (ByRole, BySwitch)
    search_fields = ("username", "display_name")
    ordering = ("username",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Accounts in reach, with those of their posts that are."""
        today = today_here()
        posts = reach(request).filter(dates__contains=today).order_by("role", "place")
        return (
            accounts_in_reach(request)
            .order_by(*self.ordering)
            .prefetch_related(Prefetch("postings", queryset=posts, to_attr="held_now"))
        )

    @admin.display(description=both("用户名", "User name"), ordering="username")
    def signs_in_as(self, user: User) -> str:
        """The name to sign in with; a number that leads to a person only by its ends."""
        return masked(user.username)

    @admin.display(description=both("在岗", "In force"))
    def held(self, user: User) -> str:
        """Today's posts in a line."""
        return "、".join(sorted({role_word(p.role) for p in user.held_now}))  # type: ignore[attr-defined]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The account's page: posts, tokens, and what can be done."""
        if request.method not in LOOKING:
            return super().change_view(request, object_id)
        user = self.one(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": user.display_name or masked(user.username),
            "list_title": self.title,
            "list_url": "admin:accounts_user_changelist",
            "user_shown": user,
            "username": masked(user.username),
            "factors": second_factors(user.id),
            "has_password": is_password_usable(user.password) and bool(user.password),
            "posts": _posts(request, user),
            "tokens": _tokens(user),
            "acts": [] if (why := _why_not(request, user)) else _acts(user),
            "why_not": WORDS[language_of()][why] if why else "",
        }
        return TemplateResponse(request, "admin/lianqin_account.html", context)


def _why_not(request: HttpRequest, user: User) -> str:
    """Why nothing can be done with this account here; '' when something can."""
    if user.username in OWN_ACCOUNTS:
        return "service_account"
    return "own_account" if request.user.pk == user.pk else ""


def _acts(user: User) -> list[dict[str, str]]:
    """What may come next with this account, by name and words."""
    wanted = ["give_post", "issue_token", "invite", "end_sessions"]
    if second_factors(user.id):
        wanted.append("reset_second_factor")
    if user.postings.filter(role__in=ADMINISTRATORS).exists():
        wanted.remove("issue_token")
    if not user.is_active:
        wanted = ["switch_on_account", "give_post"]
    else:
        wanted.append("switch_off_account")
    column = 1 if language_of() == "en" else 0
    return [{"name": act, "title": ACTS[act][column]} for act in wanted]


def _posts(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    today, labels, language = today_here(), labels_of_places(), language_of()
    found = []
    for posting in reach(request).filter(user=user).order_by("-dates", "role"):
        state = post_state(posting, today)
        upper = posting.dates.upper
        name = labels.get(posting.place, {}).get(language, posting.place)
        found.append(
            {
                "id": posting.id,
                "role": role_word(posting.role),
                "place": name,
                "path": posting.place,
                "from": shown_from(posting.dates.lower),
                "until": upper - timedelta(days=1) if upper else None,
                "state": state,
                "word": WORDS[language][state],
            }
        )
    return sorted(found, key=lambda post: ("in_force", "to_come", "over").index(post["state"]))


def shown_from(lower: date | None) -> date | None:
    """A post's first day; none where it has been held since before there was an install."""
    return lower if lower is not None and lower > date(2000, 1, 1) else None


def _tokens(user: User) -> list[dict[str, Any]]:
    at, language = real_now(), language_of()
    column = 1 if language == "en" else 0
    known = {**SCOPES, SEED: SEED_WORDS}
    return [
        {
            "id": token.id,
            "name": token.name,
            "scopes": [known[s][column] if s in known else s for s in token.scopes],
            "expires_at": token.expires_at,
            "last_used_at": token.last_used_at,
            "state": (state := token_state(token, at)),
            "word": WORDS[language][state],
        }
        for token in ApiToken.objects.filter(user=user).order_by("revoked_at", "-expires_at")[:50]
    ]


class Posts(Shown):
    """Every post inside the administrator's place, past and to come."""

    power = POWER
    place_field = "place"
    title = both("岗位", "Posts")
    list_display = ("person", "role_named", "place", "dates")
    list_filter = (PostRole, PostState)
    search_fields = ("user__username", "user__display_name", "place")
    list_select_related = ("user",)
    ordering = ("place", "role")
    labels: ClassVar = {"dates": ("起止日", "Dates")}

    @admin.display(description=both("人员", "Person"), ordering="user__display_name")
    def person(self, posting: Posting) -> str:
        """Whose post it is."""
        return posting.user.display_name or masked(posting.user.username)

    @admin.display(description=both("岗位", "Role"), ordering="role")
    def role_named(self, posting: Posting) -> str:
        """The role's name."""
        return role_word(posting.role)


class Tokens(Shown):
    """Tokens of accounts in reach: what for, until when, last used. Never the token itself."""

    power = POWER
    title = both("令牌", "Tokens")
    list_display = ("name", "account", "scopes_named", "expires_at", "last_used_at", "state")
    list_select_related = ("user",)
    search_fields = ("name", "user__username", "user__display_name")
    ordering = ("revoked_at", "expires_at")
    labels: ClassVar = {
        "name": ("用途", "For"),
        "expires_at": ("有效至", "Until"),
        "last_used_at": ("最近使用", "Last used"),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Tokens of the accounts in reach."""
        return ApiToken.objects.filter(user__in=accounts_in_reach(request)).order_by(*self.ordering)

    @admin.display(description=both("账号", "Account"), ordering="user__username")
    def account(self, token: ApiToken) -> str:
        """Whose token it is."""
        return masked(token.user.username)

    @admin.display(description=both("可用于", "May be used to"))
    def scopes_named(self, token: ApiToken) -> str:
        """What it opens."""
        return ", ".join(token.scopes)

    @admin.display(description=both("状态", "State"))
    def state(self, token: ApiToken) -> str:
        """Whether it still opens anything."""
        return WORDS[language_of()][token_state(token, real_now())]


def account_of(request: HttpRequest, object_id: UUID) -> User | None:
    """The account within reach, or None."""
    return accounts_in_reach(request).filter(pk=object_id).first()
