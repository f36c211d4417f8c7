"""Agencies, centres, crews and members, for the system administrator to look at; they change by
import. Certificates are shown by their last digits."""

from __future__ import annotations

from django.contrib import admin

from lianqin.accounts.administering import Shown, both, choice, worded

from .models import Agency, Centre, Crew, Member

_SHIFTS = {
    "early": ("早班", "Early"),
    "middle": ("中班", "Middle"),
    "late": ("晚班", "Late"),
    "night": ("夜班", "Night"),
}
_MEMBERS = {
    "enforcement_officer": ("执法队员", "Enforcement officer"),
    "assistant": ("协管员", "Assistant"),
    "police_officer": ("民警", "Police officer"),
    "auxiliary": ("辅警", "Auxiliary"),
    "patrol_guard": ("联防队员", "Patrol guard"),
}


class Agencies(Shown):
    labels = {"takes_cases": ("承办案件", "Takes cases"), "reach": ("管辖", "Answers for")}
    title = both("单位", "Agencies")
    place_field = "reach"
    list_display = ("code", "name_zh", "name_en", "kind", "parent", "takes_cases", "reach")
    list_filter = ("takes_cases",)
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    shown = (*list_display, "origin")


class Centres(Shown):
    labels = {
        "station": ("派出所", "Police station"),
        "phone": ("值班电话", "Telephone of the duty room"),
    }
    title = both("联勤指挥中心", "Centres")
    place_field = "place"
    list_display = ("place", "name_zh", "name_en", "station", "phone")
    list_select_related = ("station",)
    search_fields = ("name_zh", "name_en", "place")
    ordering = ("place",)
    shown = (*list_display, "origin")


class Crews(Shown):
    shift_named = worded("shift", _SHIFTS)
    title = both("联勤组", "Crews")
    place_field = "place"
    list_display = ("name_zh", "name_en", "code", "shift_named", "team", "place")
    list_filter = (choice("shift", _SHIFTS),)
    list_select_related = ("team",)
    search_fields = ("name_zh", "name_en", "code")
    ordering = ("place", "shift")
    shown = (*list_display, "origin")


class Members(Shown):
    labels = {
        "name": ("姓名", "Name"),
        "certificate_dates": ("执法证有效期", "Certificate in force"),
    }
    kind_named = worded("kind", _MEMBERS)
    title = both("队员", "Members")
    place_field = "team__centre__place"
    list_display = ("name", "kind_named", "team", "crew", "certificate_end", "certificate_dates")
    list_filter = (choice("kind", _MEMBERS),)
    list_select_related = ("team", "crew")
    search_fields = ("name",)
    ordering = ("team", "name")

    @admin.display(description=both("执法证号(尾号)", "Certificate (last digits)"))
    def certificate_end(self, member: Member) -> str:
        """The number's last four; whole it is nobody's affair here."""
        return f"…{member.certificate[-4:]}" if member.certificate else ""


PAGES = {Agency: Agencies, Centre: Centres, Crew: Crews, Member: Members}
