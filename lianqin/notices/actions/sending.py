"""Sending what is due: claimed, sent outside any transaction, written down.

A claim lasts for a while; whoever is killed between sending and writing leaves it to run out, and
the step is sent again under the same id. So nothing is lost, and a receiver that knows the id (a
push service does, by its topic) shows it once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from lianqin.notices import rules
from lianqin.notices.models import Contact, Matter, Notice, PushSubscription, Step
from lianqin.notices.ways import Gone, Message, Way, in_time
from lianqin.notices.ways.push import Browser, push
from lianqin.notices.words import text_of

from .following import Telling

log = logging.getLogger(__name__)

BATCH = 20
#: Longer than a call may take, so that nobody else takes a step that is being sent.
LEASE = timedelta(seconds=30)
CALL_S = 10.0
_KIND = {"sms": "phone", "call": "phone", "wecom": "wecom", "dingtalk": "dingtalk"}


@dataclass
class Sent:
    """What one round of sending did."""

    sent: int = 0
    absent: int = 0
    retried: int = 0
    failed: int = 0


def send_due(telling: Telling, machine: datetime, ways: Mapping[str, Way]) -> Sent:
    """Send every step whose turn has come. `machine` is the machine's time: claims and further
    tries wait in no demo's."""
    done = Sent()
    while claimed := _claim(telling.now, machine):
        awake = telling.around.on_duty({s.notice.user_id for s in claimed}, telling.now)
        browsers, contacts = _addresses(claimed)
        calls: list[tuple[Step, list[Callable[[], None]]]] = []
        for step in claimed:
            if step.notice.user_id not in awake:
                _written(step, "skipped", telling.now)
                continue
            calls.append((step, _calls(step, ways, browsers, contacts)))
        results = iter(in_time([call for _, each in calls for call in each], CALL_S))
        for step, each in calls:
            _judge(step, [next(results) for _ in each], telling.now, machine, done)
        if len(claimed) < BATCH:
            break
    return done


def _claim(now: datetime, machine: datetime) -> list[Step]:
    free = Q(claimed_until=None) | Q(claimed_until__lte=machine)
    ready = Q(retry_at=None) | Q(retry_at__lte=machine)
    with transaction.atomic():
        rows = Step.objects.select_for_update(skip_locked=True, of=("self",))
        due = rows.filter(free, ready, state="waiting", due_at__lte=now)
        claimed = list(
            due.select_related("notice__matter", "notice__user").order_by("due_at", "id")[:BATCH]
        )
        for step in claimed:
            step.tries += 1
        Step.objects.filter(id__in=[s.id for s in claimed]).update(claimed_until=machine + LEASE)
        Step.objects.bulk_update(claimed, ["tries"])
    return claimed


Browsers = dict[UUID, list[PushSubscription]]


def _addresses(claimed: list[Step]) -> tuple[Browsers, dict[tuple[UUID, str], str]]:
    """Browsers by person, and contacts by person and kind (two queries)."""
    users = {s.notice.user_id for s in claimed}
    browsers: Browsers = {}
    for row in PushSubscription.objects.filter(user_id__in=users).order_by("id"):
        browsers.setdefault(row.user_id, []).append(row)
    rows = Contact.objects.filter(user_id__in=users).values_list("user_id", "kind", "value")
    return browsers, {(user, kind): value for user, kind, value in rows}


def _calls(
    step: Step,
    ways: Mapping[str, Way],
    browsers: Browsers,
    contacts: Mapping[tuple[UUID, str], str],
) -> list[Callable[[], None]]:
    """What is to be done to send a step; nothing when there is no way to the person."""
    matter, user = step.notice.matter, step.notice.user
    zh, en = text_of(matter.kind, matter.case_number, matter.params)
    message = Message(step.notice_id, matter.level, matter.kind, zh, en)
    if step.way == "push":
        return [_push(row, message) for row in browsers.get(user.id, ())]
    way = ways.get(step.way)
    if way is None:
        return []
    to = contacts.get((user.id, _KIND[step.way]), "") if way.needs_contact else user.username
    return [lambda: way.send(to, message)] if to else []


class _Forget(Exception):
    """A browser that has given its subscription up."""

    def __init__(self, id: UUID) -> None:
        super().__init__()
        self.id = id


def _push(row: PushSubscription, message: Message) -> Callable[[], None]:
    browser = Browser(row.endpoint, row.p256dh, row.auth, row.language)

    def send() -> None:
        try:
            push(browser, message)
        except Gone as gone:
            raise _Forget(row.id) from gone

    return send


def _judge(
    step: Step, results: list[Exception | None], now: datetime, machine: datetime, done: Sent
) -> None:
    forgotten = [r.id for r in results if isinstance(r, _Forget)]
    if forgotten:
        PushSubscription.objects.filter(id__in=forgotten).delete()
    failures = [r for r in results if r is not None and not isinstance(r, _Forget)]
    if None in results:
        done.sent += _written(step, "sent", now)
    elif not failures:
        done.absent += _written(step, "absent", now)
    else:
        # By its kind alone: words of a gateway may hold numbers and addresses.
        log.warning("notices: %s failed (%s)", step.way, type(failures[0]).__name__)
        wait = rules.retry_after(step.tries)
        if wait is None or all(isinstance(f, Gone) for f in failures):
            done.failed += _failed(step, now)
        else:
            done.retried += 1
            again = machine + wait
            Step.objects.filter(id=step.id).update(claimed_until=None, retry_at=again)


def _written(step: Step, state: str, now: datetime) -> int:
    """Write a step's end; what was sent although it had been taken meanwhile was sent."""
    states = ["waiting", "skipped"] if state == "sent" else ["waiting"]
    rows = Step.objects.filter(id=step.id, state__in=states)
    changed = rows.update(state=state, at=now, claimed_until=None)
    if changed:
        Notice.objects.filter(id=step.notice_id).update(touched_at=Now())
    return changed


def _failed(step: Step, now: datetime) -> int:
    """A way that failed gives its turn to the next at once; the last one to the next person."""
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(id=step.notice.matter_id)
        if not _written(step, "failed", now):
            return 0
        rest = Step.objects.filter(notice=step.notice_id, state="waiting").order_by("due_at", "id")
        following = rest.first()
        if following is not None:
            if following.due_at > now:
                Step.objects.filter(id=following.id).update(due_at=now)
            return 1
        rung = Step.objects.filter(notice__matter=matter, notice__rung=matter.rung)
        reached = rung.exclude(way="page").filter(state__in=["waiting", "sent"]).exists()
        if not reached and matter.next_rung_at is not None and matter.next_rung_at > now:
            matter.next_rung_at = now
            matter.save(update_fields=["next_rung_at"])
    return 1
