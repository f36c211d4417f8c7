"""The access log: denials, sign-ins and reveals, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from lianqin.journal.seals import SealedLog

from .models import AccessEntry

ACCESS = SealedLog("access", AccessEntry)


def note_access(
    kind: str,
    act: str,
    outcome: str,
    at: datetime,
    *,
    actor_id: UUID | None = None,
    subject: str = "",
    address: str = "",
) -> None:
    """Append one line. Called outside any action, so that a refused act still leaves its trace."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT access_append(%s, %s, %s, %s, %s, %s, %s)",
            [at, kind, actor_id, act[:60], subject[:80], outcome[:30], address[:45]],
        )
