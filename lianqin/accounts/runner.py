"""The action runner: one act = one transaction = one journal entry, once per key.

Every write of every room goes through `perform`. It claims the idempotency key, runs the room's
work (policy → lock → rule → rows), and lets the journal's append be the last statement.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from lianqin.journal.append import Appended, Draft, Stamp, append
from lianqin.journal.canonical import text_hash
from lianqin.worktime import Counted
from lianqin.worktime.now import PRESENT, NowSource, machine_now

from .models import Idempotency
from .policy import Target, allowed
from .principal import Post, Principal
from .refusals import Forbidden, KeyReused

#: serialization_failure, deadlock_detected
_RETRIED = {"40001", "40P01"}


@dataclass(frozen=True)
class Command:
    """One intent of one principal: who, what, under which key, and when they say it happened;
    `device` is what the clock that says so stood at when it was sent, if it told that."""

    principal: Principal
    act: str
    key: UUID
    request_hash: str
    occurred_at: datetime | None = None
    now: NowSource = PRESENT
    device: datetime | None = None


@dataclass(frozen=True)
class Acting:
    """What the work of an act is given."""

    command: Command
    recorded_at: datetime

    @property
    def principal(self) -> Principal:
        """Who acts."""
        return self.command.principal

    def authorize(self, target: Target) -> Post:
        """The post that entitles to the act, or Forbidden; every action's first line."""
        post = allowed(self.principal, self.command.act, target)
        if post is None:
            raise Forbidden(self.command.act)
        return post

    def draft(
        self,
        post: Post,
        subject: tuple[str, UUID],
        data: Mapping[str, Any],
        *,
        place: str | None = None,
        when: Counted | None = None,
        origin: str = "live",
        texts: Iterable[str] = (),
        salt: str = "",
        serial_key: str | None = None,
    ) -> Draft:
        """The entry for this act: `subject` is (kind, id), `texts` are hashed and not kept here;
        `salt` lives and is erased with them.

        Without `when` the act counts when the server heard of it; without `place` it stands at
        the post's place. A claim that was moved, because the clock it was read from is wrong, is
        kept beside what counts.
        """
        moved = {}
        if when is not None and when.claimed is not None:
            moved = {
                "claimed_at": when.claimed.isoformat(),
                "skew_s": round(when.skew.total_seconds()),
            }
        return Draft(
            act=self.command.act,
            subject_kind=subject[0],
            subject_id=subject[1],
            place=post.place if place is None else place,
            actor_id=self.principal.id,
            actor_role=post.role,
            occurred_at=when.at if when else self.recorded_at,
            recorded_at=self.recorded_at,
            marked=when.marked if when else False,
            origin=origin,
            text_hash=text_hash([salt, *said]) if (said := [t for t in texts if t]) else "",
            serial_key=serial_key,
            data={**data, **moved},
        )


@dataclass(frozen=True)
class Outcome:
    """What the work of an act leaves: the entry to journal, the rows to stamp, the answer.

    Without a draft nothing happened that the journal should know: the same thing came again.
    """

    draft: Draft | None
    answer: Mapping[str, Any]
    stamp: Stamp | None = None


@dataclass(frozen=True)
class Done:
    """The answer to an act, and whether it had been given before."""

    answer: Mapping[str, Any]
    replayed: bool


def request_hash(*parts: object) -> str:
    """SHA-256 over the parts of a request; what makes 'the same key, another body' visible."""
    return hashlib.sha256(
        json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False).encode()
    ).hexdigest()


def perform(command: Command, work: Callable[[Acting], Outcome]) -> Done:
    """Run one act. Retried once, here and nowhere else, when the database asks for it.

    Raises whatever the work refuses with, KeyReused when the key carries another request, and
    OperationalError when the database is away.
    """
    try:
        return _once(command, work)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in _RETRIED:
            raise
        return _once(command, work)


def answered(command: Command) -> Done | None:
    """The answer that was given under the key, for work that is more than one act and asks before
    it begins. Raises KeyReused when the key carries another request."""
    known = Idempotency.objects.filter(principal=command.principal.id, key=command.key).first()
    if known is None or known.answer is None:
        return None
    if known.request_hash != command.request_hash:
        raise KeyReused()
    return Done(known.answer, replayed=True)


def forget_answers(ids: Iterable[UUID]) -> None:
    """Free the keys whose answers name things that are gone: whoever sends the same again must
    not be handed the id of nothing. Reads all answers kept; for a sweep, not for a request."""
    gone = [str(i) for i in ids]
    if gone:
        Idempotency.objects.filter(answer__id__in=gone).delete()


def _once(command: Command, work: Callable[[Acting], Outcome]) -> Done:
    with transaction.atomic():
        recorded_at = command.now.now()
        stored = _claim(command, machine_now(command.now))
        if stored is not None:
            return Done(stored, replayed=True)
        outcome = work(Acting(command, recorded_at))
        if outcome.draft is None:
            _keep(command, outcome.answer)
            return Done(outcome.answer, replayed=False)
        appended = append(
            outcome.draft, outcome.stamp, (command.principal.id, command.key, outcome.answer)
        )
    return Done({**outcome.answer, **_given(appended)}, replayed=False)


def _keep(command: Command, answer: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_idempotency SET answer = %s WHERE principal = %s AND key = %s",
            [json.dumps(answer), command.principal.id, command.key],
        )


def _given(appended: Appended) -> dict[str, Any]:
    return {"position": appended.position, "serial": appended.serial}


def _claim(command: Command, at: datetime) -> dict[str, Any] | None:
    """Take the key, or return the answer that was given under it.

    A second request with the key waits here until the first has committed (or gone), so that it
    gets the first one's answer and not a conflict with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_idempotency (principal, key, request_hash, created_at)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1",
            [command.principal.id, command.key, command.request_hash, at],
        )
        if cursor.fetchone():
            return None
        cursor.execute(
            "SELECT request_hash, answer FROM accounts_idempotency"
            " WHERE principal = %s AND key = %s",
            [command.principal.id, command.key],
        )
        known_hash, answer = cursor.fetchone()
    if known_hash != command.request_hash:
        raise KeyReused()
    return answer if isinstance(answer, dict) else dict(json.loads(answer))
