"""Every way in over HTTP, and what opens it: an act of the policy table, or a right to read.

A test compares this list with the addresses that really answer: one that is missing here, or that
stands here and is gone, fails the build. What an act asks of a post stands in `accounts.policy`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from ninja import NinjaAPI

from lianqin.accounts.policy import POLICY
from lianqin.cases.schemas import BODIES

#: Rights that are no act: what somebody must be to come through.
RIGHTS: dict[str, str] = {
    "open": "anybody, signed in or not; shows nothing of anybody",
    "demo": "anybody, in a demo install alone; elsewhere it is as if it were not there",
    "person": "whoever is signed in with a session; shows and changes what is their own",
    "administrator": "the three administrators, each as far as power and place go; for anybody "
    "else it is as if it were not there",
    "common": "any person or program that is let in; what the whole district may know",
    "in_scope": "any person or program that is let in; limited to what lies in their places, in "
    "their hands, or was drawn for them",
}


@dataclass(frozen=True)
class Door:
    """One way in. `route` as the address list writes it; `method` is "page" where a view answers
    whatever a browser asks of it. `opens` is an act of the policy table, or one of RIGHTS."""

    method: str
    route: str
    opens: str

    @property
    def act(self) -> str:
        """The act behind it; empty where it only reads."""
        return self.opens if self.opens in POLICY else ""


_API: dict[str, str] = {
    "GET me": "common",
    "GET territory": "in_scope",
    "GET areas": "common",
    "GET classes": "common",
    "GET force": "in_scope",
    "GET classes/<kind>/<code>/standards": "common",
    "GET classes/<kind>/<code>/duty": "common",
    "POST reports": "report",
    "POST reports/settled": "settle",
    "GET cases": "in_scope",
    "GET cases/counts": "in_scope",
    "GET cases/map": "in_scope",
    "GET cases/export.csv": "in_scope",
    "GET cases/<case_id>": "in_scope",
    "GET cases/<case_id>/candidates": "in_scope",
    "GET photos/<photo_id>": "in_scope",
    "GET my/tasks": "in_scope",
    "GET unit/tasks": "in_scope",
    "GET unit/tasks/ended": "in_scope",
    "GET unit/tasks.xlsx": "in_scope",
    "POST unit/sheet": "import_unit_sheet",
    "GET approvals": "in_scope",
    "GET crews/now": "in_scope",
    "POST crews/<crew_id>/move": "move_crew",
    "GET deputies": "name_deputy",
    "POST deputies": "name_deputy",
    "POST deputies/<posting_id>/end": "end_deputy",
    "POST tickets": "import_tickets",
    "GET tickets/template.xlsx": "common",
    "GET tickets/replies.xlsx": "in_scope",
    "GET records/services": "in_scope",
    "POST records/services": "record_service",
    "GET records/leads": "in_scope",
    "POST records/leads": "record_lead",
    "POST records/leads/<record_id>/number": "record_lead",
    "POST cases/<case_id>/reveal": "reveal",
    "GET brief": "in_scope",
    "GET brief/<duty_date>": "in_scope",
    "POST files": "upload",
    "GET demo/time": "common",
    "POST demo/time": "set_demo_time",
    "GET access-log": "read_access_log",
    "GET notices": "person",
    "POST notices/<notice_id>/acknowledge": "acknowledge_notice",
    "GET push/key": "common",
    "GET push/subscriptions": "person",
    "POST push/subscriptions": "subscribe_push",
    "DELETE push/subscriptions/<subscription_id>": "subscribe_push",
    "GET contacts": "person",
    "PUT contacts/<kind>": "keep_contact",
    "DELETE contacts/<kind>": "erase_contact",
    "GET duty": "person",
    "POST duty": "sign_on",
    **{f"POST cases/<case_id>/acts/{act}": act for act in BODIES},
}

_PAGES: dict[str, str] = {
    "api/v1/openapi.json": "open",
    "api/v1/": "open",
    "sign-in": "open",
    "sign-in/demo": "demo",
    "sign-out": "open",
    "tokens.css": "open",
    "healthz": "open",
    "language": "open",
    "notices-worker.js": "open",
    # On the way in: nobody is signed in yet, or not altogether.
    "account/invitation": "open",
    "account/inactive/": "open",
    "account/session": "open",
    "account/2fa/authenticate/": "open",
    "account/2fa/webauthn/login/": "open",
    "^desk(?:/.*)?$": "person",
    "unit/": "person",
    "commander/": "person",
    # Shows nothing of anybody until the API answers; a phone opens it without a session too.
    "handheld/": "open",
    "handheld/worker.js": "open",
    "handheld/manifest.webmanifest": "open",
    # The root of an install that issues its own certificates: no secret, needed before a sign-in.
    "certificate/": "open",
    "certificate/root.crt": "open",
    "": "open",
}

#: Packages that bring addresses of their own; each stands for all below it.
_PACKAGES: dict[str, str] = {"account/": "person", "admin/": "administrator"}

#: What answers before Django does: the stream's process and the files that the proxy serves.
BESIDE = (Door("GET", "stream", "in_scope"), Door("GET", "static/*", "open"))

DOORS: tuple[Door, ...] = (
    *(Door(at.split()[0], "api/v1/" + at.split()[1], opens) for at, opens in _API.items()),
    *(Door("page", route, opens) for route, opens in _PAGES.items()),
    *(Door("page", f"{route}*", opens) for route, opens in _PACKAGES.items()),
)


def door_of(method: str, route: str) -> Door | None:
    """The door at an address; a package's own addresses are all behind its one."""
    for door in DOORS:
        if (door.method, door.route) == (method, route):
            return door
        if door.route.endswith("*") and route.startswith(door.route[:-1]):
            return door
    return None


def addresses(api: NinjaAPI) -> Iterator[tuple[str, str]]:
    """(method, route) of everything that answers, as the address resolver and the API know it."""
    ours = set()
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            route = "api/v1" + prefix + path.replace("{", "<").replace("}", ">")
            ours.add(route)
            for operation in view.operations:
                yield from ((method, route) for method in operation.methods)
    for route in _routes(get_resolver().url_patterns, ""):
        if route not in ours:
            yield "page", route


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for found in patterns:
        route = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from _routes(found.url_patterns, route)
        else:
            yield route
