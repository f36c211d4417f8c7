"""The one statement, last before COMMIT, that gives an act its position."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from uuid6 import uuid7

from .canonical import refuse_free_text


@dataclass(frozen=True)
class Draft:
    """An entry that has no position yet."""

    act: str
    subject_kind: str
    subject_id: UUID
    place: str
    actor_id: UUID
    actor_role: str
    occurred_at: datetime
    recorded_at: datetime
    marked: bool = False
    origin: str = "live"
    text_hash: str = ""
    serial_key: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    id: UUID = field(default_factory=uuid7)


@dataclass(frozen=True)
class Stamp:
    """Rows that receive the entry's position (and serial, where one is drawn) in one go."""

    table: str
    ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Appended:
    """What the journal gave out: the position, and the serial if one was asked for."""

    position: int
    serial: int | None


_APPEND = """
SELECT * FROM journal_append(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def append(
    draft: Draft,
    stamp: Stamp | None = None,
    receipt: tuple[UUID, UUID, Mapping[str, Any]] | None = None,
) -> Appended:
    """Write one entry; must be the transaction's last statement.

    `stamp` names the row whose `position` (and `serial`) are set, `receipt` the idempotency row
    (principal, key, answer) that keeps the answer: all in the same statement, because until it
    commits every other writer of the district waits for the head row.
    Raises ValueError when the data holds more than codes, ids, states and numbers.
    """
    refuse_free_text(draft.data)
    parts = [f"WITH j AS MATERIALIZED ({_APPEND})"]
    args: list[Any] = [
        draft.id,
        draft.act,
        draft.subject_kind,
        draft.subject_id,
        draft.place,
        draft.actor_id,
        draft.actor_role,
        draft.occurred_at,
        draft.recorded_at,
        draft.marked,
        draft.origin,
        draft.text_hash,
        draft.serial_key,
        json.dumps(draft.data),
    ]
    if stamp is not None:
        serial = ", serial = j.serial" if draft.serial_key else ""
        parts.append(
            f", s AS (UPDATE {connection.ops.quote_name(stamp.table)} t"
            f" SET position = j.position{serial} FROM j WHERE t.id = ANY(%s))"
        )
        args.append(list(stamp.ids))
    if receipt is not None:
        principal, key, answer = receipt
        parts.append(
            ", k AS (UPDATE accounts_idempotency t SET answer = %s::jsonb || jsonb_build_object("
            "'position', j.position, 'serial', j.serial)"
            " FROM j WHERE t.principal = %s AND t.key = %s)"
        )
        args += [json.dumps(answer), principal, key]
    parts.append("SELECT position, serial FROM j")
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), args)
        position, serial_number = cursor.fetchone()
    return Appended(position=position, serial=serial_number)
