"""The site itself: who gets in, what each power sees, and nothing of Django's own besides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, cast

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from lianqin.accounts.administering import Shown, administrator, both, places
from lianqin.console.page_words import ROLE_WORDS
from lianqin.territory.models import District

from .words import POWERS, WORDS

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Page:
    """A page of one power that is no table. Without a title it is not in the menu."""

    route: str
    view: View
    name: str
    power: str
    title: Any = ""


class Administration(AdminSite):
    """Only administrators enter; for everybody else there is nothing here."""

    enable_nav_sidebar = False
    pages: list[Page]

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.pages = []
        self.site_title = self.site_header = both("系统管理 · 联勤", "Administration · Lianqin")

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether whoever asks is one of the three administrators today."""
        return administrator(request) is not None

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Ask for a sign-in, or say that there is no such page."""

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect(f"{settings.LOGIN_URL}?next={request.path}")
            if not self.has_permission(request):
                raise Http404()
            return cast(HttpResponse, view(request, *args, **kwargs))

        return update_wrapper(never_cache(csrf_protect(inner)), view)

    def page_view(self, page: Page) -> View:
        """A page's view, for its own power alone."""

        def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not places(request, page.power):
                raise Http404()
            return page.view(request, **kwargs)

        return cast(View, self.admin_view(update_wrapper(inner, page.view)))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Start, the tables, the pages. No sign-in, password or deletion of Django's own."""
        found: list[URLPattern | URLResolver] = [
            path("", self.admin_view(self.index), name="index")
        ]
        found += [path(p.route, self.page_view(p), name=p.name) for p in self.pages]
        for model, page in self._registry.items():
            opts = model._meta
            route = f"{opts.app_label}/{opts.model_name}/"
            found.append(path(route, include(page.urls)))
        # Signed out, every address below asks for a sign-in, whether there is a page or not.
        found.append(re_path(r"^.*$", self.admin_view(_nothing)))
        return found

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page shows around its own content."""
        here = District.objects.first()
        language = language_of()
        who = administrator(request)
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "has_permission": who is not None,
            "is_nav_sidebar_enabled": False,
            "is_popup": False,
            "words": WORDS[language],
            "language": language,
            "other_language": "zh-hans" if language == "en" else "en",
            "demo": bool(here and here.demo),
            "district": (here.name_en if language == "en" else here.name_zh) if here else "",
            "who": who,
            "roles": sorted({role_word(post.role) for post in who.posts}) if who else [],
            "menu": list(self.menu(request)),
            "here": request.path,
        }

    def menu(self, request: HttpRequest) -> Iterable[dict[str, Any]]:
        """The powers that whoever asks holds, each with its pages and tables."""
        for power, title in POWERS.items():
            if not places(request, power):
                continue
            lines = [
                {"title": page.title, "url": reverse(f"admin:{page.name}")}
                for page in self.pages
                if page.power == power and page.title
            ]
            for model, admin in self._registry.items():
                shown = cast(Shown, admin)
                if shown.power == power:
                    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
                    lines.append({"title": shown.title, "url": reverse(name)})
            yield {"title": title, "lines": lines}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The first page: what there is to do."""
        context = {**self.each_context(request), "title": WORDS[language_of()]["start"]}
        return render(request, "admin/lianqin_start.html", context)


def language_of() -> str:
    """The reader's language, as our words are keyed."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def role_word(role: str) -> str:
    """A role by its name in the reader's language."""
    return (ROLE_WORDS.get(role) or CARDLESS.get(role) or {}).get(language_of(), role)


#: Names of roles that have no card on the sign-in page.
CARDLESS: dict[str, dict[str, str]] = {
    "assessor": {"zh": "考核员", "en": "Assessor"},
    "reporter_client": {"zh": "上报接口", "en": "Reporting client"},
    "replayer": {"zh": "数据回放", "en": "Replay"},
    "clock": {"zh": "计时(系统)", "en": "Clock (the install)"},
}


def _nothing(request: HttpRequest) -> HttpResponse:
    raise Http404()
