"""What a way is: SMS, voice call, WeCom, government DingTalk; whatever sends may be plugged in.

A plug-in is a class without arguments that has `key`, `needs_contact` and `send`. It is found by
its entry point in the group `lianqin.notice_ways`, or by its dotted path in LIANQIN_NOTICE_WAYS.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Protocol
from uuid import UUID

KEYS = ("sms", "call", "wecom", "dingtalk")
GROUP = "lianqin.notice_ways"
#: Calls that never come back keep a thread each; from so many on nothing more is tried.
MOST_HUNG = 32


class Failed(Exception):
    """It could not be sent now; it is tried again, and then the next way takes its turn."""


class Gone(Failed):
    """The address does not exist any more: trying again would not help."""


@dataclass(frozen=True)
class Message:
    """What is sent: no address of a case, no name, no words of a citizen.

    `id` is the same however often it is tried: a gateway that knows it sends it once.
    """

    id: UUID
    level: str
    kind: str
    zh: str
    en: str


class Way(Protocol):
    """One way. `send` returns once the gateway has taken it, and raises `Failed` otherwise."""

    key: str
    #: False: the way knows people by their account (`to` is the user name).
    needs_contact: bool

    def send(self, to: str, message: Message) -> None:
        """Send; called in a thread of its own and given up after a few seconds."""
        ...


class WayUnknown(Exception):
    """A plug-in cannot be loaded, or says no key that there is; the text says which and why."""


def installed(paths: Iterable[str]) -> dict[str, Way]:
    """The ways of this install by key: those named by their dotted paths, then those of installed
    packages; of two with one key the first counts. Raises WayUnknown."""
    found: dict[str, Way] = {}
    for path in paths:
        found.setdefault(*_checked(path, _at(path)))
    for point in entry_points(group=GROUP):
        try:
            made = point.load()()
        except Exception as error:
            raise WayUnknown(f"{point.value}: {error}") from error
        found.setdefault(*_checked(point.value, made))
    return found


def _at(path: str) -> Way:
    module, _, name = path.rpartition(".")
    try:
        made: Way = getattr(import_module(module), name)()
    except Exception as error:
        raise WayUnknown(f"{path}: {error}") from error
    return made


def _checked(path: str, way: Way) -> tuple[str, Way]:
    if getattr(way, "key", None) not in KEYS:
        raise WayUnknown(f"{path}: key must be one of {', '.join(KEYS)}")
    return way.key, way


_hung: list[threading.Thread] = []


def in_time(calls: list[Callable[[], None]], seconds: float) -> list[Exception | None]:
    """Do the calls side by side; for each None or what it failed with. One that has not come back
    in time has failed, and whatever it does later counts for nothing."""
    _hung[:] = [thread for thread in _hung if thread.is_alive()]
    results: list[Exception | None] = [Failed("too slow")] * len(calls)
    threads = []
    for n, call in enumerate(calls):
        if len(_hung) >= MOST_HUNG:
            break
        thread = threading.Thread(target=_run, args=(call, results, n), daemon=True)
        thread.start()
        threads.append(thread)
    end = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    given = list(results)
    _hung.extend(thread for thread in threads if thread.is_alive())
    return given


def _run(call: Callable[[], None], results: list[Exception | None], n: int) -> None:
    try:
        call()
    except Exception as error:
        results[n] = error
    else:
        results[n] = None
