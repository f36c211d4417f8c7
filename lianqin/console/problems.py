"""Refusals as RFC 9457 problem details: a code, parameters, words in the reader's language."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from lianqin.accounts.access import note_access
from lianqin.accounts.http import address, real_now
from lianqin.accounts.refusals import Refusal
from lianqin.territory.queries import NoDistrict

from .problem_words import words

#: What a validator of pydantic says → our code. Anything else is `value_invalid`.
_VALIDATION = {
    "missing": "field_missing",
    "extra_forbidden": "field_unknown",
    "string_too_long": "text_too_long",
    "string_too_short": "text_too_short",
    "uuid_parsing": "uuid_needed",
    "uuid_type": "uuid_needed",
    "timezone_aware": "offset_needed",
    "datetime_from_date_parsing": "time_needed",
    "datetime_parsing": "time_needed",
    "literal_error": "not_one_of",
    "json_invalid": "json_invalid",
    "greater_than_equal": "number_out_of_range",
    "less_than_equal": "number_out_of_range",
    "too_long": "too_many",
    "text_unusable": "text_unusable",
    "string_unicode": "text_unusable",
    "time_out_of_range": "time_out_of_range",
}

#: lock_not_available, query_canceled (by its timeout), serialization_failure, deadlock_detected
_BUSY = {"55P03", "57014", "40001", "40P01"}

#: What the framework answers without asking us → our code.
_STATUS = {400: "invalid", 404: "not_found", 405: "method_unknown", 413: "body_too_large"}


def problem(
    status: int,
    code: str,
    params: dict[str, Any] | None = None,
    errors: list[dict[str, Any]] | None = None,
) -> JsonResponse:
    """One problem document; `errors` names fields where there are any."""
    title, detail = words(code, translation.get_language(), params or {})
    body: dict[str, Any] = {
        "type": f"urn:lianqin:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "params": params or {},
    }
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type="application/problem+json")


def install(api: NinjaAPI) -> None:
    """Teach the API to answer every refusal and fault as a problem document."""
    handle: Any = api.add_exception_handler  # ninja's own type asks for `Exception | type`
    handle(Refusal, _refusal)
    handle(ValidationError, _validation)
    handle(AuthenticationError, _authentication)
    handle(HttpError, _http)
    handle(RequestDataTooBig, _too_big)
    handle(OperationalError, _away)
    handle(InterfaceError, _away)
    handle(NoDistrict, _no_district)


def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if refusal.status in (403, 404):
        _note_denial(request, refusal)
    errors = None
    if refusal.field:
        title, detail = words(refusal.code, translation.get_language(), refusal.params)
        errors = [
            {
                "field": refusal.field,
                "code": refusal.code,
                "message": detail or title,
            }
        ]
    return problem(refusal.status, refusal.code, refusal.params, errors)


def _note_denial(request: HttpRequest, refusal: Refusal) -> None:
    who = getattr(request, "auth", None)
    note_access(
        "denial",
        f"{request.method} {request.resolver_match.route if request.resolver_match else ''}",
        refusal.code,
        real_now(),
        actor_id=getattr(who, "id", None),
        subject=request.path[-80:],
        address=address(request),
    )


def _validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = []
    for item in error.errors:
        code = _VALIDATION.get(item["type"], "value_invalid")
        params = {k: str(v) for k, v in item.get("ctx", {}).items() if k != "error"}
        title, detail = words(code, translation.get_language(), params)
        # First comes where it was looked for; a body's model is then named by its parameter, a
        # name that the sender never saw.
        place = [str(part) for part in item["loc"][1:]]
        if place and place[0] == "body":
            place = place[1:]
        found.append({"field": ".".join(place), "code": code, "message": detail or title})
    return problem(422, "invalid", {}, found)


def _authentication(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = problem(401, "sign_in_needed")
    answer["WWW-Authenticate"] = 'Bearer realm="lianqin"'
    return answer


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = {400: "json_invalid", 403: "csrf_missing"}.get(error.status_code, "invalid")
    return problem(error.status_code, code)


def _too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(413, "body_too_large")


def instead_of(answer: HttpResponseBase) -> HttpResponse:
    """The problem that says what an answer made by the framework says, which is a page."""
    found = problem(answer.status_code, _STATUS.get(answer.status_code, "fault"))
    if "Allow" in answer:
        found["Allow"] = answer["Allow"]
    return found


def _away(request: HttpRequest, error: Exception) -> HttpResponse:
    return database_away_problem(error)


def database_away_problem(error: Exception) -> HttpResponse:
    """The database does not answer, or others keep it busy for longer than one waits: nothing was
    kept, the same request may come again."""
    busy = getattr(error.__cause__, "sqlstate", None) in _BUSY
    answer = problem(503, "busy" if busy else "database_away")
    answer["Retry-After"] = "2"
    return answer


def _no_district(request: HttpRequest, error: NoDistrict) -> HttpResponse:
    return problem(503, "no_district")
