"""Notices on the live stream: what was raised or taken is told to whom it is addressed.

Notices are a reading of the journal and have no position in it. The stream asks twice a second for
those that were touched since it last asked, by the database's clock; the overlap covers what was
committed late, and what was told already is remembered.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from lianqin.notices.queries import database_now, touched_since, whole

#: Seconds between looks.
EVERY_S = 0.5
#: Longer than any transaction that touches notices stays open.
OVERLAP = timedelta(seconds=10)


class Touched:
    """What has been told, as far back as the overlap reaches."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        self.told: set[tuple[UUID, datetime]] = set()

    def look(self) -> list[tuple[UUID, dict[str, Any]]]:
        """Notices that changed, each with the person whom it is addressed to; from now on, the
        first time. One small query while nothing changes."""
        if self.since is None:
            self.since = database_now()
            return []
        rows = touched_since(self.since - OVERLAP)
        fresh = [id for id, at in rows if (id, at) not in self.told]
        if not fresh:
            return []
        self.since = max(self.since, rows[-1][1])
        self.told = set(rows)
        return whole(fresh)


def person_of(session_key: str) -> UUID | None:
    """Whose session it is; asked once the session has been found good."""
    found = SessionStore(session_key).load().get(SESSION_KEY)
    return UUID(str(found)) if found else None
