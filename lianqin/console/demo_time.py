"""The time that a demo install shows: read by every process, set by one act.

A file in LIANQIN_HOME holds the pace (`worktime.pace`). It counts in an install whose district is
flagged demo and in no other. It is replaced whole while the journal's entry is written, under a
lock, so that two who press at once come one after the other.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from lianqin.accounts import http
from lianqin.accounts.policy import Target
from lianqin.accounts.refusals import Refusal
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.journal.models import Entry
from lianqin.territory.models import District
from lianqin.worktime import PRESENT, Pace, PaceRefused, machine_now

from .demo_time_file import FILE, LOCK

_demo: dict[Path, bool] = {}


class NotADemo(Refusal):
    """A real district has one time: the present."""

    code = "demo_only"
    status = 404


def file() -> Path:
    """Where this install keeps its pace."""
    return Path(settings.LIANQIN_HOME) / FILE


def follow() -> None:
    """Let this process's present follow the file; once, when Django is set up."""
    PRESENT.follow(file, _is_demo)


def trust() -> None:
    """The demo district is about to be made here: the pace counts before its flag is written."""
    _demo[file()] = True


def _is_demo() -> bool:
    """Whether the district is flagged demo; asked of the database once in a process."""
    at = file()
    if at not in _demo:
        flag = District.objects.values_list("demo", flat=True).first()
        if flag is None:
            return False
        _demo[at] = flag
    return _demo[at]


@dataclass(frozen=True)
class Change:
    """What somebody wants of the demo time; `present` gives it up for the machine's."""

    speed: int | None = None
    paused: bool | None = None
    to: datetime | None = None
    present: bool = False

    @property
    def data(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        to = self.to.isoformat() if self.to else None
        said: dict[str, Any] = {"speed": self.speed, "paused": self.paused, "to": to}
        said["present"] = True if self.present else None
        return {what: value for what, value in said.items() if value is not None}


def shown() -> dict[str, Any] | None:
    """The demo time as screens are told it; None in a real install."""
    if not District.objects.filter(demo=True).exists():
        return None
    pace, real = PRESENT.pace(), machine_now(http.clock)
    return {
        "on": pace is not None,
        "shown": http.clock.now().isoformat(),
        "real": real.isoformat(),
        "speed": pace.speed if pace else 1,
        "paused": pace.paused if pace else False,
        "at_present": pace.at_present(real) if pace else True,
    }


def set_demo_time(command: Command, change: Change) -> Done:
    """Change the pace: one act, one entry. Raises NotADemo, and Refusal for what is not possible.

    Time goes forward only: before the shown instant, or the journal's last entry where none is
    kept, there is nothing to go to.
    """

    def work(acting: Acting) -> Outcome:
        here = District.objects.filter(demo=True).first()
        if here is None:
            raise NotADemo()
        post = acting.authorize(Target(here.code))
        if change == Change():
            raise Refusal("demo_time_nothing")
        if change.present and change != Change(present=True):
            raise Refusal("demo_time_alone", field="present")
        pace = _changed(change, machine_now(command.now))
        _replace_at_commit(pace)
        draft = acting.draft(post, ("demo_time", command.key), change.data, origin="demo")
        return Outcome(draft, {"on": pace is not None})

    with _alone():
        return perform(command, work)


def _changed(change: Change, real: datetime) -> Pace | None:
    if change.present:
        return None
    pace = PRESENT.pace()
    if pace is None:
        # Nothing kept yet: it may begin anywhere behind what was recorded last.
        last = Entry.objects.aggregate(at=Max("recorded_at"))["at"]
        begins = (last or datetime.min.replace(tzinfo=real.tzinfo)) if change.to else real
        pace = Pace(begins, real)
    try:
        return pace.changed(real, speed=change.speed, paused=change.paused, to=change.to)
    except PaceRefused as refused:
        params = {k: _local(v) for k, v in refused.params.items()}
        raise Refusal(refused.code, field=refused.field, **params) from refused


def _local(value: Any) -> Any:
    here = District.objects.first()
    if not isinstance(value, datetime) or here is None:
        return value
    return value.astimezone(here.tz).isoformat(timespec="seconds")


def _replace_at_commit(pace: Pace | None) -> None:
    """Have the new file written in full before the entry, and put in place when it is committed."""
    at = file()
    if pace is None:
        transaction.on_commit(lambda: at.unlink(missing_ok=True))
        return
    handle, temporary = tempfile.mkstemp(dir=at.parent, prefix=".demo-time-")
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(pace.text())
        out.flush()
        os.fsync(out.fileno())
    transaction.on_commit(lambda: os.replace(temporary, at))


@contextmanager
def _alone() -> Iterator[None]:
    """One change at a time in the install; what a broken one left is taken away."""
    home = file().parent
    descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        for left in home.glob(".demo-time-*"):
            with suppress(OSError):
                left.unlink()
        os.close(descriptor)
