"""A small house for the room's own tests: people with posts; the rooms above answer by heart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from lianqin.accounts.models import Posting, User
from lianqin.accounts.principal import Principal
from lianqin.accounts.queries import principal_of
from lianqin.accounts.runner import Command, request_hash
from lianqin.journal.append import Draft, append
from lianqin.journal.queries import head
from lianqin.notices.actions.climbing import climb
from lianqin.notices.actions.following import Telling, follow
from lianqin.notices.actions.sending import Sent, send_due
from lianqin.notices.around import CaseFacts
from lianqin.notices.models import Follower
from lianqin.notices.ways import Message, Way
from lianqin.worktime import FrozenNow

CENTRE = "990101/990101001/east"
NOW = datetime.fromisoformat("2026-11-23T20:00:00+08:00")
TODAY = date(2026, 11, 23)
#: The ladder of people in the order in which they are told of a task that a crew does not take.
RUNGS = ("crew", "desk", "leader", "commander")
ROLES = {"desk": "operator", "leader": "shift_leader", "commander": "commander"}


@dataclass
class Recorder:
    """A way that remembers what it sent, and fails when told to."""

    key: str
    needs_contact: bool = False
    told: list[tuple[str, UUID]] = field(default_factory=list)
    failing: Exception | None = None

    def send(self, to: str, message: Message) -> None:
        """Remember, or fail."""
        if self.failing is not None:
            raise self.failing
        self.told.append((to, message.id))


@dataclass
class House:
    """One centre, a crew of two, a desk, a shift leader and a commander."""

    people: dict[str, User] = field(default_factory=dict)
    asleep: set[UUID] = field(default_factory=set)
    crew: UUID = field(default_factory=uuid4)
    case: UUID = field(default_factory=uuid4)
    clock: FrozenNow = field(default_factory=lambda: FrozenNow(NOW))
    sms: Recorder = field(default_factory=lambda: Recorder("sms"))
    call: Recorder = field(default_factory=lambda: Recorder("call"))

    def cases(self, ids: Iterable[UUID]) -> dict[UUID, CaseFacts]:
        """One case."""
        facts = CaseFacts(self.case, "试验-20261123-0001", CENTRE, "live", (self.crew,), "占道经营")
        return {i: facts for i in ids if i == self.case}

    def hands_of(self, tasks: Iterable[UUID]) -> dict[UUID, UUID]:
        """Every task is the crew's."""
        return dict.fromkeys(tasks, self.crew)

    def on_duty(self, users: Iterable[UUID], at: datetime) -> frozenset[UUID]:
        """Whoever is not asleep."""
        return frozenset(users) - self.asleep

    def today(self, at: datetime) -> date:
        """Always the same day."""
        return TODAY

    @property
    def ways(self) -> dict[str, Way]:
        return {"sms": self.sms, "call": self.call}

    def telling(self) -> Telling:
        return Telling(self, {"push", *self.ways}, self.clock.now())

    def who(self, name: str) -> Principal:
        return principal_of(self.people[name], TODAY)

    def command(self, name: str, act: str, *parts: object) -> Command:
        return Command(self.who(name), act, uuid4(), request_hash(act, *parts), now=self.clock)

    def write(self, act: str, by: str = "desk", **data: Any) -> int:
        """One entry of the journal about the case; its position."""
        at = self.clock.now()
        with transaction.atomic():
            return append(
                Draft(act, "case", self.case, CENTRE, self.people[by].id, "operator", at, at,
                      data={"from": "filed", "to": "filed", **data})
            ).position  # fmt: skip

    def send_crew(self) -> int:
        """A crew is sent."""
        return self.write("dispatch", to="dispatched", assignee_kind="crew",
                          assignee=str(self.crew), task=str(uuid4()))  # fmt: skip

    def round(self) -> tuple[int, int, Sent]:
        """What the loop does in one round: climbed, ended, sent."""
        while follow(self.telling()):
            pass
        climbed, ended = climb(self.telling(), lambda: self.who("clock"), self.clock)
        return climbed, ended, send_due(self.telling(), self.clock.now(), self.ways)

    def pass_time(self, seconds: int, every: int = 1) -> None:
        """Time goes by, with a round every so often."""
        for _ in range(0, seconds, every):
            self.clock.advance(timedelta(seconds=every))
            self.round()


def build() -> House:
    """Make it; the journal is read from here on."""
    house = House()
    for name in ("crew", "mate"):
        person(house, name, "crew_member", crew_id=house.crew)
    for name, role in ROLES.items():
        person(house, name, role)
    person(house, "clock", "clock")
    Follower.objects.create(name="notices", position=head())
    return house


def person(house: House, name: str, role: str, **more: object) -> None:
    user = User.objects.create(username=name, display_name=name)
    Posting.objects.create(user=user, role=role, place=CENTRE, **more)
    house.people[name] = user
