"""People as a resource: in the replay's time one person does one thing at a time.

A pure model. It walks the requests in the order in which they were made, gives every act to the
person of its post who is free first, and says when each act was ready, begun and done. The replay
posts what comes out of it; `--model` only counts it. Same code, same figures.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .decisions import SEND_BACK_WINDOW, Judge
from .hours import Hours
from .request import Request


@dataclass(eq=False)
class Person:
    """Somebody at work: when they are free, and how long they have worked."""

    name: str
    hours: Hours = field(default_factory=Hours)
    free: datetime | None = None
    first: datetime | None = None
    worked: timedelta = timedelta()
    acts: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One act in the replay's time.

    `ready`: when the act before was done; `busy`: how long it waited for a person; `closed`: how
    long it waited for, or was held up by, closed hours; `worked`: minutes of somebody's time.
    """

    act: str
    post: str
    ready: datetime
    done: datetime
    busy: timedelta
    closed: timedelta
    worked: timedelta
    assignee: tuple[str, str] | None = None


@dataclass(frozen=True)
class Planned:
    """A request with the acts that follow it."""

    request: Request
    key: str
    place: str
    steps: tuple[Step, ...] = ()

    def step(self, version: int, act: str) -> Step | None:
        """The planned act for a case at `version` (a report makes version 1, every act one more);
        where the case went another way, the next planned act of that name."""
        left = self.steps[max(0, version - 1) :]
        return next((s for s in left if s.act == act), None)


@dataclass(frozen=True)
class Hands:
    """A crew or unit with the people who serve in it."""

    kind: str
    id: str
    people: tuple[Person, ...]


@dataclass(frozen=True)
class World:
    """What the model asks of the district: which acts a request goes through, who does them.

    `path` yields acts; `people` names the persons for an act at a place, with the word for their
    post; `hands` those who may be sent for a request.
    """

    place_of: Callable[[Request], str]
    path: Callable[[Request, str], Sequence[str]]
    people: Callable[[str, str], tuple[str, Sequence[Person]]]
    hands: Callable[[Request, str], Sequence[Hands]]


#: Acts of those who were sent.
BY_HANDS = frozenset({"accept", "report_back", "send_back"})


@dataclass
class _Case:
    order: int
    request: Request
    key: str
    place: str
    path: list[str]
    steps: list[Step] = field(default_factory=list)
    hands: Hands | None = None


def key_of(request: Request) -> str:
    """What a request's draws belong to: the same in every run, on every install."""
    return f"{request.row_id}#{request.repeat}" if request.repeat else request.row_id


class Model:
    """The queue of acts. `plan` is fed with requests by time and yields them in the same order,
    each with its acts; in memory are only those that are open in the model."""

    def __init__(self, world: World, judge: Judge, arrives: datetime) -> None:
        self._world, self._judge, self._arrives = world, judge, arrives
        self._heap: list[tuple[datetime, int, _Case]] = []
        self._tick = itertools.count()
        self._done: dict[int, Planned] = {}

    def plan(self, requests: Iterable[Request]) -> Iterator[Planned]:
        """Every request with its acts, in the order of the requests."""
        emitted = 0
        for order, request in enumerate(requests):
            made = request.created or self._arrives
            self._until(made)
            self._enter(order, request, made)
            while emitted in self._done:
                yield self._done.pop(emitted)
                emitted += 1
        self._until(None)
        for order in sorted(self._done):
            yield self._done[order]

    def _enter(self, order: int, request: Request, made: datetime) -> None:
        key, place = key_of(request), self._world.place_of(request)
        case = _Case(order, request, key, place, list(self._world.path(request, key)))
        self._push(made, case)

    def _push(self, ready: datetime, case: _Case) -> None:
        if len(case.steps) == len(case.path):
            done = Planned(case.request, case.key, case.place, tuple(case.steps))
            self._done[case.order] = done
        else:
            heapq.heappush(self._heap, (ready, next(self._tick), case))

    def _until(self, moment: datetime | None) -> None:
        """Do everything that is ready before `moment`, in the order in which it is ready."""
        while self._heap and (moment is None or self._heap[0][0] < moment):
            ready, _, case = heapq.heappop(self._heap)
            step, person = self._act(case, ready)
            if step.act == "send_back" and step.done - ready > SEND_BACK_WINDOW:
                # Found too late that it is not theirs: they keep it.
                at = len(case.steps)
                case.path[at : at + 2] = []
                step, person = self._act(case, ready)
            if person is not None:
                person.first = person.first or ready
                person.free = step.done
                person.worked += step.worked
                person.acts += 1
            case.steps.append(step)
            self._push(step.done, case)

    def _act(self, case: _Case, ready: datetime) -> tuple[Step, Person | None]:
        """The next act of a case and who does it: whoever of the post is free first."""
        act = case.path[len(case.steps)]
        post, people = self._who(case, act)
        work = self._judge.minutes(case.key, act, len(case.steps) + 1)
        assignee = self._send(case) if act == "dispatch" else None
        if not people:
            return Step(act, post, ready, ready + work, _NONE, _NONE, work, assignee), None
        person = min(people, key=lambda p: (p.free or _LONG_AGO, p.name))
        begun = max(ready, person.free or ready)
        done = person.hours.add(begun, work)
        busy, closed = begun - ready, done - begun - work
        return Step(act, post, ready, done, busy, closed, work, assignee), person

    def _who(self, case: _Case, act: str) -> tuple[str, Sequence[Person]]:
        if act in BY_HANDS:
            return "hands", case.hands.people if case.hands else ()
        return self._world.people(act, case.place)

    def _send(self, case: _Case) -> tuple[str, str] | None:
        """Whoever of those who may be sent has somebody free first."""

        def free(hands: Hands) -> tuple[datetime, str]:
            return min(p.free or _LONG_AGO for p in hands.people), hands.id

        able = [h for h in self._world.hands(case.request, case.place) if h.people]
        case.hands = min(able, key=free, default=None)
        return (case.hands.kind, case.hands.id) if case.hands else None


_NONE = timedelta()
_LONG_AGO = datetime.fromisoformat("1900-01-01T00:00:00+00:00")
