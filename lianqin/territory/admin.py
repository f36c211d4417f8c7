"""Areas, sites and the calendar, for the system administrator to look at; they change by import."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from lianqin.accounts.administering import Shown, both, choice, worded

from .models import Area, CalendarDay, Site

_AREAS = {
    "subdistrict": ("街道", "Subdistrict"),
    "community": ("社区", "Community"),
    "grid": ("单元网格", "Grid"),
}
_SITES = {
    "station": ("派出所", "Police station"),
    "kiosk": ("岗亭", "Kiosk"),
    "community_post": ("社区工作站", "Community post"),
    "stand_by_point": ("备勤点", "Stand-by point"),
}
_DAYS = {"holiday": ("假日", "Holiday"), "workday": ("调休上班", "Worked instead")}


class Areas(Shown):
    kind_named = worded("kind", _AREAS)
    title = both("区域", "Areas")
    place_field = "place"
    list_display = ("code", "name_zh", "name_en", "kind_named", "parent", "place")
    list_filter = (choice("kind", _AREAS), "illustrative")
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    shown = (*list_display, "illustrative", "origin")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the outlines, which are large and no table's affair."""
        return super().get_queryset(request).defer("geometry", "parent__geometry")


class Sites(Shown):
    labels = {"lon": ("经度", "Longitude"), "lat": ("纬度", "Latitude")}
    kind_named = worded("kind", _SITES)
    title = both("固定点位", "Sites")
    place_field = "place"
    list_display = ("code", "name_zh", "name_en", "kind_named", "place")
    list_filter = (choice("kind", _SITES), "illustrative")
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    shown = (*list_display, "lon", "lat", "illustrative", "origin")


class Calendar(Shown):
    labels = {"day": ("日期", "Day")}
    kind_named = worded("kind", _DAYS)
    title = both("节假日历", "Calendar")
    list_display = ("day", "kind_named", "name_zh")
    list_filter = (choice("kind", _DAYS),)
    ordering = ("-day",)


PAGES = {Area: Areas, Site: Sites, CalendarDay: Calendar}
