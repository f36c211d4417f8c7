"""Showing a reporter's name and number in full: said in the access log, never in the journal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from lianqin.accounts.access import note_access
from lianqin.accounts.masking import masked
from lianqin.accounts.policy import allowed, posts_for
from lianqin.accounts.principal import Principal, within
from lianqin.accounts.refusals import Forbidden, Refusal
from lianqin.cases.lifecycle import OPEN
from lianqin.cases.models import Case, Report, Reveal
from lianqin.cases.queries import case_for, target_of
from lianqin.journal.canonical import text_hash
from lianqin.worktime.now import NowSource, machine_now


class NotForHandlers(Refusal):
    """A handler learns who called the hotline, because they must phone; of nobody else."""

    code = "reveal_hotline_only"
    status = 403


def reveal(
    principal: Principal, case_id: UUID, reason: str, now: NowSource, address: str = ""
) -> list[dict[str, Any]]:
    """Names and numbers of those who reported a case, as far as this person may learn them.

    A desk of the place learns them all; whoever has an open case in hand learns those of hotline
    callers. Every call is a line of the access log with the reason's hash, written before anything
    is shown; there is no receipt to replay, because that would keep the names.

    Raises NotHere, Forbidden, NotForHandlers, and Refusal without a reason.
    """
    case = case_for(principal.scope, case_id)
    target = target_of(case)
    if allowed(principal, "reveal", target) is None:
        raise Forbidden("reveal")
    desk = any(
        within(case.place, post.place)
        for post in posts_for(principal, "reveal")
        if not (post.crew_id or post.unit_id)
    )
    named = _named(case, hotline_only=not desk)
    if not desk and (case.state not in OPEN or not case.reports.filter(source="hotline").exists()):
        raise NotForHandlers()
    if not reason:
        raise Refusal("reason_needed", field="reason")
    _note(principal, case, reason, now, address)
    return named


def _note(principal: Principal, case: Case, reason: str, now: NowSource, address: str) -> None:
    """The line in the log and the words that it holds the hash of, together or not at all."""
    at = machine_now(now)
    with transaction.atomic():
        row = Reveal.objects.create(case=case, actor_id=principal.id, at=at, reason=reason)
        hashed = text_hash([row.salt, reason])[:32]
        # The subject has room for the case and half of a SHA-256.
        subject = f"case {case.id} {hashed}"
        note_access(
            "reveal", "reveal", "granted", at,
            actor_id=principal.id, subject=subject, address=address,
        )  # fmt: skip


def _named(case: Case, *, hotline_only: bool) -> list[dict[str, Any]]:
    rows = Report.objects.filter(case=case)
    if hotline_only:
        rows = rows.filter(source="hotline")
    return [
        {
            "report_id": str(row.id),
            "source": row.source,
            "name": row.reporter_name,
            "phone": row.reporter_phone,
            # What was said, where numbers in it are masked on every other screen.
            "text": row.description if masked(row.description) != row.description else "",
        }
        for row in rows.order_by("id")
        if row.reporter_name or row.reporter_phone or masked(row.description) != row.description
    ]
