"""What the rooms' admin pages stand on: who administers what, and pages that only show.

Nothing is written here. A row changes through an action or by an import; the pages list it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.translation import get_language

from lianqin.journal.queries import in_places

from .http import now
from .models import User
from .principal import Principal
from .queries import principal_of
from .rules import ADMINISTRATORS

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

#: What a page that only shows is asked with.
LOOKING = ("GET", "HEAD")


class _Both:
    """A word in both languages, chosen when it is shown."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


def both(zh: str, en: str) -> Any:
    """A word that is said in the language of whoever reads it."""
    return lazystr(_Both(zh, en))


#: Columns that many tables have, by their names on screen; a page's own `labels` come besides.
LABELS: dict[str, tuple[str, str]] = {
    "code": ("编码", "Code"),
    "name_zh": ("名称", "Chinese name"),
    "name_en": ("英文名称", "English name"),
    "kind": ("种类", "Kind"),
    "place": ("范围", "Place"),
    "parent": ("上级", "Above it"),
    "origin": ("来源", "Origin"),
    "illustrative": ("示意", "Illustrative"),
    "sample": ("样例", "Sample"),
    "valid": ("生效期", "In force"),
    "limit_value": ("时限", "Limit"),
    "limit_unit": ("时限单位", "Unit of the limit"),
    "case_class": ("类别", "Class"),
    "team": ("综合执法队", "Team"),
    "crew": ("联勤组", "Crew"),
    "unit": ("承办单位", "Unit"),
    "shift": ("班次", "Shift"),
}


def worded(field: str, words: Mapping[str, tuple[str, str]]) -> Any:
    """A column that shows a code by its name in the reader's language."""

    @admin.display(description=both(*LABELS[field]), ordering=field)
    def column(self: Any, row: Any) -> Any:
        code = getattr(row, field)
        return both(*words[code]) if code in words else code

    return column


def choice(field: str, words: Mapping[str, tuple[str, str]]) -> type[admin.SimpleListFilter]:
    """A filter over a code's values, by their names in the reader's language."""

    class Choice(admin.SimpleListFilter):
        title = both(*LABELS[field])
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            """The values that there are."""
            return [(code, both(*said)) for code, said in words.items()]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            """The rows of the value that was chosen."""
            value = self.value()
            return queryset.filter(**{field: value}) if value in words else queryset

    return Choice


def administrator(request: HttpRequest) -> Principal | None:
    """The signed-in person who holds a post as administrator today, or None (one query, once)."""
    if not hasattr(request, "_administrator"):
        request._administrator = _found(request)  # type: ignore[attr-defined]
    found: Principal | None = request._administrator  # type: ignore[attr-defined]
    return found


def _found(request: HttpRequest) -> Principal | None:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return None
    who = principal_of(user, timezone.localdate(now()))
    return who if any(post.role in ADMINISTRATORS for post in who.posts) else None


def places(request: HttpRequest, power: str) -> list[str]:
    """Where whoever asks is an administrator of that kind today."""
    who = administrator(request)
    return [post.place for post in who.posts if post.role == power] if who else []


class Shown(_ModelAdmin):
    """Rows of one table for one kind of administrator, as far as their place reaches; to look at.

    `place_field` is the path to a row's place; without one the rows are the whole district's.
    `filters` are the only parameters of an address that choose rows.
    """

    power: ClassVar[str] = "system_admin"
    place_field: ClassVar[str] = ""
    #: Shown of one row; without it all columns.
    shown: ClassVar[tuple[str, ...]] = ()
    labels: ClassVar[dict[str, tuple[str, str]]] = {}
    title: ClassVar[Any] = ""
    about: ClassVar[Any] = ""
    actions = None
    list_per_page = 50
    show_full_result_count = False
    change_list_template = "admin/lianqin_list.html"

    def __init__(self, model: type[Model], admin_site: admin.AdminSite) -> None:
        """Name the table and its columns on screen; migrations do not look at these names."""
        super().__init__(model, admin_site)
        self.opts.verbose_name = self.opts.verbose_name_plural = self.title
        labels = LABELS | self.labels
        for field in model._meta.fields:
            if field.name in labels:
                field.verbose_name = both(*labels[field.name])

    def get_urls(self) -> list[URLPattern]:
        """The list and one row. No adding, deleting, history or anything else."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("<path:object_id>/", view(self.change_view), name=f"{name}_change"),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever has the power; which rows, `get_queryset` says."""
        return bool(places(request, self.power))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Like the rows."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: rows are made by actions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never: rows are changed by actions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never: rows are ended, not deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """There is no way from here to a row."""
        raise PermissionDenied("rows are written by actions")

    delete_model = delete_queryset = save_model  # type: ignore[assignment]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows inside the administrator's places."""
        rows = super().get_queryset(request)
        reached = places(request, self.power)
        if not self.place_field:
            return rows if reached else rows.none()
        return rows.filter(in_places(reached, self.place_field))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the filters beside the list ask; a column that is not shown tells nothing."""
        fields = {f for f in self.list_filter if isinstance(f, str)}
        return any(lookup == f or lookup.startswith(f + "__") for f in fields)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, for who may see it; for others there is no such page."""
        if request.method not in LOOKING:
            return HttpResponseNotAllowed(LOOKING)
        if not self.has_view_permission(request):
            raise Http404()
        context = {"title": self.title, "about": self.about, **(extra_context or {})}
        return super().changelist_view(request, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One row, every column with its name. Foreign and absent answer identically."""
        if request.method not in LOOKING:
            return HttpResponseNotAllowed(LOOKING)
        row = self.one(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": str(row),
            "list_title": self.title,
            "list_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist",
            "rows": [(self._label(name), self._value(name, row)) for name in self._columns()],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/lianqin_row.html", context)

    def one(self, request: HttpRequest, object_id: str) -> Any:
        """The row within the administrator's reach, or 404."""
        row = None
        if self.has_view_permission(request):
            row = self.get_object(request, object_id)
        if row is None:
            raise Http404()
        return row

    def _columns(self) -> list[str]:
        return list(self.shown or self.list_display)  # type: ignore[arg-type]

    def _label(self, name: str) -> Any:
        return label_for_field(name, self.model, self)

    def _value(self, name: str, row: Model) -> Any:
        found, _, value = lookup_field(name, row, self)
        if found is None:
            return value
        empty = self.get_empty_value_display()
        return display_for_field(value, found, empty)
