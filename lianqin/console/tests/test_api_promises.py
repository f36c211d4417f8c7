"""The API keeps what its schema promises, whoever asks and whatever comes: no fault, no answer of
another shape, no row of another place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lianqin.accounts.principal import within
from lianqin.cases.models import Case, CasePhoto, CaseRequest, SecurityLead, Task
from lianqin.cases.tests.world import CENTRES, DESK_ROLES, DISTRICT, OFFICES, World, build
from lianqin.console.api import api
from lianqin.console.tests.test_api import Caller
from lianqin.console.wsgi import application

pytestmark = pytest.mark.django_db

HERE = CENTRES[0]
#: One of every role, and the places of which each may read everything.
ASKERS: dict[str, tuple[str, ...]] = {
    **{f"{role}@{HERE}": (HERE,) for role in DESK_ROLES if role != "collector"},
    f"collector@{HERE}": (),
    f"crew@{HERE}": (),
    f"unit@{OFFICES[0]}": (),
    f"office_staff@{OFFICES[0]}": (OFFICES[0],),
    f"district_desk@{DISTRICT}": (DISTRICT,),
    f"replayer@{DISTRICT}": (DISTRICT,),
    **{f"{role}@{DISTRICT}": () for role in ("system_admin", "security_admin", "audit_admin")},
    f"reporter_client@{DISTRICT}": (),
}
PROMISES = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = {
    f"{found.ok().method.upper()} {found.ok().path}": found.ok()
    for found in schemathesis.openapi.from_dict(
        json.loads(json.dumps(api.get_openapi_schema(), default=str))
    ).get_all_operations()
}


@dataclass
class Ground:
    """A district with the same things at each end, who asks there, and what each may not see."""

    world: World
    callers: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, frozenset[str]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def lay(self) -> None:
        """Cases in every state of the way, a lead, and a token for everybody."""
        for place in CENTRES:
            for state in ("reported", "filed", "handling", "to_check", "closed"):
                self.world.walk(self.world.report(place, source="patrol"), state)
            asked = self.world.walk(self.world.report(place), "handling")
            self.world.ask(f"crew@{place}", "ask_extension", asked)
        for name in ASKERS:
            Caller(self.world, name)
            self.callers[name] = f"Bearer token-{name}"
            self.hidden[name] = self._hidden_from(name)
        self.ids = {
            "case_id": [str(case.id) for case in Case.objects.all()],
            "task_id": [str(task.id) for task in Task.objects.all()],
            "request_id": [str(one.id) for one in CaseRequest.objects.all()],
            "photo_id": [str(photo.id) for photo in CasePhoto.objects.all()],
            "record_id": [str(lead.id) for lead in SecurityLead.objects.all()] or [str(uuid4())],
            "id": [str(crew.id) for crew in self.world.crews.values()]
            + [str(unit.id) for unit in self.world.units.values()],
        }

    def _hidden_from(self, name: str) -> frozenset[str]:
        who = self.world.who(name)
        found = set()
        for case in Case.objects.all():
            seen = any(within(case.place, place) for place in ASKERS[name])
            seen |= case.crew_id in who.crews or case.unit_id in who.units
            seen |= case.checker_id == who.id
            if not seen:
                found |= {str(case.id), case.number}
        return frozenset(found)


@pytest.fixture
def ground() -> Ground:
    laid = Ground(build())
    laid.lay()
    return laid


def meant(case: schemathesis.Case, ground: Ground, draw: Callable[[Any], Any]) -> None:
    """Ids that exist instead of made-up ones, here and at the other end, and a key of its own:
    what is only ever refused for its shape tries nothing."""
    for name in case.path_parameters or {}:
        if name in ground.ids:
            case.path_parameters[name] = draw(st.sampled_from(ground.ids[name]))
    if isinstance(case.body, dict):
        if "expected_version" in case.body:
            case.body["expected_version"] = draw(st.integers(1, 5))
        _put_ids(case.body, ground, draw)
    if case.method != "GET" and draw(st.integers(0, 9)):
        case.headers["Idempotency-Key"] = str(draw(st.uuids()))


def _put_ids(body: dict[str, Any], ground: Ground, draw: Callable[[Any], Any]) -> None:
    for name, value in body.items():
        if name in ground.ids and isinstance(value, str):
            body[name] = draw(st.sampled_from(ground.ids[name]))
        elif isinstance(value, dict):
            _put_ids(value, ground, draw)


def asked(case: schemathesis.Case, ground: Ground, name: str) -> None:
    """Ask as that person, look at the answer, keep nothing of it."""
    case.headers["Authorization"] = ground.callers[name]
    with transaction.atomic():
        answer = case.call(base_url="http://testserver")
        transaction.set_rollback(True)
    case.validate_response(answer, checks=PROMISES)
    told = answer.text
    said = f"{case.formatted_path} {case.query} {case.body}"
    shown = [secret for secret in ground.hidden[name] if secret in told and secret not in said]
    assert shown == [], f"{name} was shown what is not theirs by {case.method} {case.path}"


def _kept(ground: Ground, operation: Any, names: list[str], examples: int) -> None:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def keeps(case: schemathesis.Case, data: st.DataObject) -> None:
        meant(case, ground, data.draw)
        asked(case, ground, data.draw(st.sampled_from(names)))

    keeps()


def test_every_operation_keeps_its_promises(ground: Ground) -> None:
    """A few requests to each, by anybody; the long run asks each as every role."""
    for operation in OPERATIONS.values():
        operation.schema.app = application
        _kept(ground, operation, list(ASKERS), 6)


@pytest.mark.long
@pytest.mark.parametrize("name", ASKERS)
def test_every_operation_keeps_its_promises_to_every_role(ground: Ground, name: str) -> None:
    for operation in OPERATIONS.values():
        operation.schema.app = application
        _kept(ground, operation, [name], 40)
