"""How long a signed-in session lasts, and who needs a second factor. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

#: A session ends with the shift, however busy it is.
LONGEST = timedelta(hours=14)

#: A use is written down at most that often: a desk that works costs one statement a minute.
NOTED_EVERY = timedelta(minutes=1)

#: What still has to be done before anything else opens, in the order in which it is asked for.
PASSWORD = "password"
SECOND_FACTOR = "second_factor"


def idle_limit(roles: Iterable[str], minutes: Mapping[str, int]) -> timedelta:
    """How long somebody with these roles may leave a session alone: the shortest that any of the
    roles asks for, else a whole shift."""
    limits = [timedelta(minutes=minutes[role]) for role in roles if role in minutes]
    return min([*limits, LONGEST])


def still_to_do(
    *, must_change_password: bool, roles: Iterable[str], required: Iterable[str], has_factor: bool
) -> tuple[str, ...]:
    """What a person must do before anything else opens: a password of their own first, then the
    second factor that one of their roles requires."""
    found = []
    if must_change_password:
        found.append(PASSWORD)
    if not has_factor and set(roles) & set(required):
        found.append(SECOND_FACTOR)
    return tuple(found)


@dataclass(frozen=True)
class Sitting:
    """A signed-in session: when it began, when it was last used, how long it may lie idle, and
    what has to be done first."""

    began_at: datetime
    used_at: datetime
    idle: timedelta
    to_do: tuple[str, ...] = ()

    @property
    def ends_at(self) -> datetime:
        """When it ends unless it is used before."""
        return min(self.used_at + self.idle, self.began_at + LONGEST)

    def over(self, now: datetime) -> bool:
        """Whether it has ended."""
        return now >= self.ends_at

    def to_be_noted(self, now: datetime) -> bool:
        """Whether a use at `now` is worth writing down."""
        return now - self.used_at >= NOTED_EVERY

    def to_json(self) -> dict[str, object]:
        """As it is kept in the session."""
        return {
            "began": self.began_at.timestamp(),
            "used": self.used_at.timestamp(),
            "idle": self.idle.total_seconds(),
            "to_do": list(self.to_do),
        }
