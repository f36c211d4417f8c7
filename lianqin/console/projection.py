"""From journal entries to what a screen is told: built once per entry, filtered by place."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from lianqin.accounts.http import now
from lianqin.accounts.models import User
from lianqin.accounts.principal import Scope
from lianqin.accounts.queries import names, principal_of
from lianqin.accounts.sitting import closed
from lianqin.cases.models import Case
from lianqin.cases.queries import rows_by_id
from lianqin.cases.rules import HIDDEN
from lianqin.journal.models import Entry
from lianqin.journal.queries import entries_after, head
from lianqin.territory.queries import zone


@dataclass(frozen=True)
class Hands:
    """Where a case was and in whose hands, as far as a reader's scope asks."""

    place: str
    state: str
    crew: UUID | None
    unit: UUID | None
    beside: tuple[UUID, ...] = ()
    checker: UUID | None = None

    def seen_by(self, scope: Scope) -> bool:
        """Whether a reader with this scope sees it."""
        return scope.covers(
            self.place,
            state=self.state,
            crew=self.crew,
            unit=self.unit,
            beside=self.beside,
            checker=self.checker,
        )


@dataclass(frozen=True)
class Event:
    """One entry's effect on one case, as bytes for those who may see it and for those who no
    longer may."""

    position: int
    now: Hands
    before: Hands | None
    shown: bytes
    gone: bytes

    def render(self, scope: Scope) -> bytes | None:
        """The frame for a reader: the changed row, the word that it left, or nothing."""
        if self.now.seen_by(scope):
            return self.shown
        if self.before is not None and self.before.seen_by(scope):
            return self.gone
        return None


def reader_of(session_key: str) -> Scope | None:
    """The scope of the session's user, or None when nobody is signed in with it (any more: a
    changed password and too long a pause end the session here as they do everywhere)."""
    if not session_key:
        return None
    session = SessionStore(session_key).load()
    if closed(session):
        return None
    user_id = session.get(SESSION_KEY)
    user = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
    if user is None:
        return None
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return None
    return principal_of(user, timezone.localdate(now(), zone())).scope


def project(last: int | None) -> tuple[int, list[Event]]:
    """Everything behind `last` (from now on, if None) and the position reached."""
    if last is None:
        return head(), []
    entries = entries_after(last)
    if not entries:
        return last, []
    return entries[-1].position, _events(entries)


def project_range(after: int, upto: int) -> list[Event]:
    """The events of positions after `after` up to `upto`, for a reader who was away."""
    entries = Entry.objects.filter(position__gt=after, position__lte=upto).order_by("position")
    return _events(list(entries))


def _events(entries: list[Entry]) -> list[Event]:
    entries = [e for e in entries if e.subject_kind == "case"]
    wanted = {e.subject_id for e in entries}
    wanted |= {UUID(i) for e in entries for i in e.data.get("also", [])}
    rows = rows_by_id(list(wanted))
    actors = names(e.actor_id for e in entries)
    found: list[Event] = []
    for entry in entries:
        for case_id in [*(UUID(i) for i in entry.data.get("also", [])), entry.subject_id]:
            if case_id in rows:
                case, shown = rows[case_id]
                found.append(_event(entry, case, shown, actors))
    return found


def _event(
    entry: Entry,
    case: Case,
    row: dict[str, Any],
    actors: dict[str, str],
) -> Event:
    subject = case.id == entry.subject_id
    came_from = entry.data.get("from") if subject else case.state
    now = Hands(
        case.place,
        case.state,
        case.crew_id,
        case.unit_id,
        tuple(case.side_hands),
        case.checker_id,
    )
    data = {
        "position": entry.position,
        "act": entry.act,
        "actor_name": actors.get(str(entry.actor_id), "") if entry.actor_role not in HIDDEN else "",
        "recorded_at": entry.recorded_at.isoformat(),
        "from_state": came_from,
        "to_state": entry.data.get("to") if subject else case.state,
        "case": row,
    }
    # Of an entry with several events only the last carries its position as the stream's id: who
    # is cut off between them asks for the whole entry again.
    event_id = entry.position if subject else entry.position - 1
    place = entry.place if subject else case.place
    return Event(
        position=entry.position,
        now=now,
        before=_before(entry, now, place, came_from, subject) if came_from else None,
        shown=_frame("case", event_id, data),
        gone=_frame("gone", event_id, {"position": entry.position, "id": str(case.id)}),
    )


def _before(entry: Entry, now: Hands, place: str, came_from: str, subject: bool) -> Hands:
    """As it was before the act, with those who had the case until then: they are told it is gone
    for them."""
    left = entry.data.get("left", ()) if subject else ()
    drawn = entry.data.get("was_drawn") if subject else None
    return replace(
        now,
        place=place,
        state=came_from,
        beside=(*now.beside, *(UUID(hands) for hands in left)),
        checker=UUID(drawn) if drawn else now.checker,
    )


def _frame(event: str, event_id: int, data: dict[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event_id}\nevent: {event}\ndata: {text}\n\n".encode()
