"""Every open case with a position, column by column, as text that PostgreSQL writes.

A desk that reads the whole district may get 20,000 of them at once. Neither a model nor a
dictionary is built per case: the database hands over one piece of JSON per column.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Aggregate, BooleanField, Count, ExpressionWrapper, F, Func, Q, When
from django.db.models.functions import Coalesce

from lianqin.accounts.principal import Scope
from lianqin.catalogue.queries import class_names

from .lifecycle import OPEN
from .models import Case
from .queries import visible

#: The most cases on one map, the newest first; the answer says when there are more.
MOST = 50_000


class _Column(Aggregate):
    """All values of an expression as one JSON list."""

    template = "coalesce(array_to_json(array_agg(%(expressions)s))::text, '[]')"
    output_field = models.TextField()
    # A reader of nothing is answered without asking the database.
    empty_result_set_value = "[]"  # type: ignore[assignment]


class _Epoch(Func):
    """An instant as whole seconds since 1970."""

    template = "extract(epoch from %(expressions)s)::bigint"
    output_field = models.BigIntegerField()


def _counting(instant: str) -> models.Case:
    """An instant of the clock, unless the clock has done its work."""
    return models.Case(When(clock_stopped_at=None, then=_Epoch(F(instant))))


#: What the map says of a case: the property and where it comes from.
COLUMNS: dict[str, Any] = {
    "id": F("id"),
    "state": F("state"),
    "class_key": Coalesce(
        Func("case_class__kind", "case_class__code", template="(%(expressions)s)", arg_joiner="||"),
        "service_name",
        output_field=models.TextField(),
    ),
    "lon": F("lon"),
    "lat": F("lat"),
    "started_at": _counting("clock_started_at"),
    "due_at": _counting("clock_due_at"),
    "paused": ExpressionWrapper(
        Q(clock_stopped_at=None, clock_paused_at__isnull=False), output_field=BooleanField()
    ),
}


def map_columns(scope: Scope, position: int) -> str:
    """The map's answer as JSON: journal position, names of classes by key, one list per property.

    Two queries, however many cases there are.
    """
    cases = Case.objects.filter(visible(scope), state__in=OPEN, lat__isnull=False)
    named = cases.annotate(**{f"map_{name}": made for name, made in COLUMNS.items()})
    newest = named.order_by("-id").values(*(f"map_{name}" for name in COLUMNS))[: MOST + 1]
    lists = newest.aggregate(
        count=Count("map_id"), **{name: _Column(f"map_{name}") for name in COLUMNS}
    )
    whole = json.dumps(lists["count"] <= MOST)
    classes = json.dumps(class_names(), ensure_ascii=False, separators=(",", ":"))
    cases_ = ",".join(f'"{name}":{lists[name]}' for name in COLUMNS)
    return f'{{"position":{position},"whole":{whole},"classes":{classes},"cases":{{{cases_}}}}}'
