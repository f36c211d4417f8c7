"""The HTTP API, put together from the rooms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router

from lianqin import __version__
from lianqin.accounts.access_api import router as access_log
from lianqin.accounts.deputies_api import router as deputies
from lianqin.accounts.http import AUTH, now, principal
from lianqin.accounts.policy import may_ever
from lianqin.accounts.principal import Principal
from lianqin.cases.api import router as cases
from lianqin.cases.commander_api import router as commander
from lianqin.cases.facts import served_as
from lianqin.cases.queries import labels_of_places
from lianqin.cases.records_api import router as records
from lianqin.cases.rules import ARTICLES, NEEDED, PENALISED, qualified
from lianqin.cases.tickets_api import router as tickets
from lianqin.cases.unit_api import router as unit
from lianqin.catalogue.api import router as catalogue
from lianqin.catalogue.queries import classes
from lianqin.files.api import router as files
from lianqin.force.models import Centre, Crew
from lianqin.force.queries import force, name_of, serving
from lianqin.journal.queries import head
from lianqin.notices.api import router as notices
from lianqin.territory.models import District
from lianqin.territory.queries import areas, district, territory
from lianqin.worktime import bounds, label, shift_of

from . import problems, schemas
from .demo_time import shown
from .demo_time_api import router as demo_time
from .described import described
from .unit_sheet_api import router as unit_sheet


class DistrictApi(NinjaAPI):
    """The API, whose schema also says what opens each operation and how every refusal looks."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The schema as ninja makes it, with what the doors and the problems add."""
        return described(super().get_openapi_schema(**options))


api = DistrictApi(
    title="Lianqin 联勤",
    version=__version__,
    auth=AUTH,
    docs_url=None,
    urls_namespace="api-v1",
    description="Joint duty in a city: reports, cases, tasks. Errors are RFC 9457 problems.",
)
problems.install(api)
here = Router(tags=["district"])


@here.get("/me", response=schemas.Me)
def me(request: HttpRequest) -> Any:
    """Who is asking, what they may do, and which duty it is."""
    who = principal(request)
    place = district()
    labels = labels_of_places()
    return {
        "user": {"id": who.id, "username": who.username, "name": who.name},
        "roles": [
            {
                "role": post.role,
                "place": post.place,
                "place_name": labels.get(post.place, {"zh": post.place, "en": post.place}),
            }
            for post in who.posts
        ],
        "district": {
            "code": place.code,
            "name": {"zh": place.name_zh, "en": place.name_en},
            "demo": place.demo,
            "timezone": place.timezone,
        },
        "duty": _duty(place),
        "crew": _crew(who, place),
        "may": [act for act in may_ever(who) if place.demo or act != "set_demo_time"],
        "position": head(),
        "demo_time": shown() if place.demo else None,
    }


def _duty(place: District) -> dict[str, Any]:
    duty = shift_of(now(), place.tz)
    begins, ends = bounds(duty.date, duty.shift, place.tz)
    return {
        "date": duty.date.isoformat(),
        "shift": duty.shift.key,
        "label": {
            "zh": label(duty.date, duty.shift, "zh"),
            "en": label(duty.date, duty.shift, "en"),
        },
        "begins_at": begins,
        "ends_at": ends,
    }


def _crew(who: Principal, place: District) -> dict[str, Any] | None:
    found = Crew.objects.filter(id__in=who.crews).first() if who.crews else None
    if found is None:
        return None
    today = now().astimezone(place.tz).date()
    centre = Centre.objects.filter(place=found.place).first()
    members = serving(found.id)
    served = [served_as(member) for member in members]
    crew = qualified(served, today)
    return {
        "id": found.id,
        "name": name_of(found),
        "shift": found.shift,
        "centre": {"name": name_of(centre), "place": centre.place, "phone": centre.phone}
        if centre
        else None,
        "members": [
            {"name": member.name, "kind": member.kind, "entitled": one.entitled(today)}
            for member, one in zip(members, served, strict=True)
        ],
        "qualified": {
            "ok": crew.ok,
            "officers": crew.officers,
            "needed": NEEDED,
            "lapsed": crew.lapsed,
            "article": ARTICLES[PENALISED],
        },
    }


@here.get("/territory", response=dict[str, Any])
def territory_(request: HttpRequest, response: HttpResponse) -> Any:
    """Outline, base map, areas and sites as GeoJSON."""
    response["Cache-Control"] = "private, max-age=60"
    return territory(principal(request).scope)


@here.get("/areas", response=schemas.Areas)
def areas_(request: HttpRequest) -> Any:
    """Every area by its official code: what a report may name instead of a position."""
    return {
        "items": [
            {
                "code": a.code,
                "kind": a.kind,
                "parent_code": a.parent.code if a.parent else None,
                "name": {"zh": a.name_zh, "en": a.name_en or a.name_zh},
                "place": a.place,
            }
            for a in areas()
        ]
    }


@here.get("/classes", response=schemas.Classes)
def classes_(request: HttpRequest) -> Any:
    """The catalogue's classes, keyed by (kind, code)."""
    return {"items": classes()}


@here.get("/force", response=schemas.Force)
def force_(request: HttpRequest) -> Any:
    """Centres, crews and units within the reader's place."""
    return force(principal(request).scope)


api.add_router("", here)
api.add_router("", catalogue)
api.add_router("", cases)
api.add_router("", tickets)
api.add_router("", records)
api.add_router("", files)
api.add_router("", notices)
api.add_router("", access_log)
api.add_router("", demo_time)
api.add_router("", unit)
api.add_router("", unit_sheet)
api.add_router("", commander)
api.add_router("", deputies)
