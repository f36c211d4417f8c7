"""The people of the simulation: demo accounts, what they are posted to, and who may do what."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .decisions import MINUTES
from .hours import Hours, parse_days, parse_hours
from .words import tr

#: Who is asked first for an act at a place. What each may really do, the server says.
DESK = ("operator", "shift_leader", "commander", "district_desk")
CLOSERS = ("shift_leader", "commander", "district_desk")
TURN: dict[str, tuple[str, ...]] = {
    "ask_verify": DESK,
    "verify": ("collector", *DESK),
    "sign": DESK,
    "file": DESK,
    "reply": DESK,
    "closed_elsewhere": DESK,
    "resume": DESK,
    "reject": DESK,
    "join": DESK,
    "dispatch": DESK,
    "draw_checker": DESK,
    "check_pass": DESK,
    "check_fail": DESK,
    "close": CLOSERS,
}
#: Roles that --staff limits, by its word for them.
KINDS = {"operators": ("operator",), "checkers": ("collector",), "crews": ("crew_member",)}
KINDS |= {"units": ("unit_liaison",), "leaders": ("shift_leader",)}


#: When people are usually at work: from, until, weekdays (Monday is 0). A desk never closes.
USUAL: dict[str, tuple[int, int, Iterable[int]]] = {
    "checkers": (7, 19, range(7)),
    "units": (8, 17, range(5)),
}


class NoAccounts(Exception):
    """There are no demo accounts to work with; the text says what to do."""


@dataclass(frozen=True)
class Post:
    """A role of an account at a place; crew or unit where it has one."""

    role: str
    place: str
    crew_id: str | None = None
    unit_id: str | None = None


@dataclass(eq=False)
class Account:
    """A demo account; one person does one thing at a time."""

    username: str
    name: str
    token: str
    posts: tuple[Post, ...]
    id: str = ""
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0

    @property
    def hands(self) -> frozenset[str]:
        """Ids of the crews and units this account serves in."""
        return frozenset(i for p in self.posts for i in (p.crew_id, p.unit_id) if i)


@dataclass(frozen=True)
class Demo:
    """What `lianqin demo` wrote for us: the replay's own token and everybody's accounts."""

    district: Mapping[str, Any]
    token: str
    accounts: tuple[Account, ...]


@dataclass(frozen=True)
class Staffing:
    """How many of each kind work at a place (None = all), minutes per act and hours where set."""

    at_most: Mapping[str, int | None] = field(default_factory=dict)
    minutes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    hours: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    days: Mapping[str, frozenset[int]] = field(default_factory=dict)
    text: str = ""

    def hours_of(self, role: str, zone: str) -> Hours:
        """When a role is at work: as set, else as is usual."""
        word = next((w for w, roles in KINDS.items() if role in roles), "")
        opens, closes, days = USUAL.get(word, (0, 24, range(7)))
        opens, closes = self.hours.get(word, (opens, closes))
        return Hours(zone, opens, closes, self.days.get(word, frozenset(days)))


def within(place: str, outer: str) -> bool:
    """True when `place` is `outer` or lies inside it."""
    return place == outer or place.startswith(outer + "/")


def default_accounts() -> Path:
    """Where `lianqin demo` leaves the accounts: in LIANQIN_HOME."""
    home = os.environ.get("LIANQIN_HOME")
    if not home:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        home = "/var/lib/lianqin" if root else str(Path.home() / ".local/share/lianqin")
    return Path(home) / "demo-accounts.json"


def load(path: Path) -> Demo:
    """Read the demo accounts, or NoAccounts with what to do."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        accounts = tuple(_account(item) for item in data["accounts"])
        return Demo(data.get("district", {}), data["replayer"]["token"], accounts)
    except OSError as error:
        raise NoAccounts(
            tr(
                f"读不到演示账号 {path}({error.strerror})。回放只在演示城区中进行:请先运行 "
                "`make run` 或 `lianqin demo seed`,并以同一用户、同一 LIANQIN_HOME 运行本命令。",
                f"No demo accounts at {path} ({error.strerror}). A replay runs in a demo district "
                "only: first `make run` or `lianqin demo seed`, then this command as the same user "
                "with the same LIANQIN_HOME (or name the file with --accounts).",
            )
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise NoAccounts(
            tr(
                f"演示账号文件 {path} 不完整({error!r}),请重新运行 `lianqin demo seed`。",
                f"The demo accounts at {path} are incomplete ({error!r}): run `lianqin demo seed`.",
            )
        ) from error


def _account(item: Mapping[str, Any]) -> Account:
    posts = tuple(
        Post(r["role"], r["place"], r.get("crew_id"), r.get("unit_id")) for r in item["roles"]
    )
    return Account(
        item["username"], item.get("name", ""), item["token"], posts, str(item.get("id", ""))
    )


def parse_staffing(text: str) -> Staffing:
    """`operators=2,units=3,units_hours=8-16,units_days=1-5,file=3-15`: people per place, hours,
    minutes per act.

    Raises ValueError naming the part that is not understood.
    """
    found = Staffing({}, {}, {}, {}, text)
    for part in filter(None, (p.strip() for p in text.split(","))):
        word, _, value = part.partition("=")
        try:
            _understand(found, word, value)
        except (ValueError, KeyError):
            raise ValueError(part) from None
    return found


def _understand(found: Staffing, word: str, value: str) -> None:
    """Enter one part of a staffing; ValueError or KeyError when it makes no sense."""
    kind, _, what = word.partition("_")
    tables: dict[str, Any] = vars(found)
    if word in KINDS:
        tables["at_most"][word] = None if value == "all" else int(value)
        if value.startswith("-"):
            raise ValueError
    elif kind in KINDS and what in ("hours", "days"):
        tables[what][kind] = parse_hours(value) if what == "hours" else parse_days(value)
    elif word in MINUTES:
        low, _, high = value.partition("-")
        tables["minutes"][word] = float(low), float(high or low)
    else:
        raise KeyError(word)


class Staff:
    """Accounts that work, found by role and place or by crew and unit."""

    def __init__(self, accounts: Iterable[Account], staffing: Staffing | None = None) -> None:
        self._limits = (staffing or Staffing()).at_most
        self._posts: dict[tuple[str, str], list[tuple[tuple[int, int], Account]]] = {}
        self.accounts = self._chosen(accounts)

    def _chosen(self, accounts: Iterable[Account]) -> list[Account]:
        """The accounts within the limits per role and place, by username so that it is always
        the same ones."""
        limit = {role: self._limits.get(word) for word, roles in KINDS.items() for role in roles}
        taken: dict[tuple[str, ...], int] = {}
        chosen = []
        for account in sorted(accounts, key=lambda a: a.username):
            keys = {(p.role, p.crew_id or p.unit_id or p.place) for p in account.posts}
            full = [k for k in keys if (m := limit.get(k[0])) is not None and taken.get(k, 0) >= m]
            if len(full) == len(keys):
                continue
            chosen.append(account)
            for key in keys:
                taken[key] = taken.get(key, 0) + 1
        return chosen

    def for_act(self, act: str, place: str) -> list[Account]:
        """Who may be asked to do an act at a place: by role, nearest post, shortest queue."""
        ranked = self._ranked(act, place)
        ranked.sort(key=lambda entry: (entry[0], entry[1].waiting, entry[1].username))
        return [account for _, account in ranked]

    def _ranked(self, act: str, place: str) -> list[tuple[tuple[int, int], Account]]:
        """Who may do an act at a place, the fittest post first; looked up once."""
        if (act, place) not in self._posts:
            found = []
            for account in self.accounts:
                ranks = [
                    (TURN[act].index(p.role), -len(p.place))
                    for p in account.posts
                    if p.role in TURN[act] and within(place, p.place)
                ]
                if ranks:
                    found.append((min(ranks), account))
            self._posts[act, place] = sorted(found, key=lambda e: (e[0], e[1].username))
        return list(self._posts[act, place])

    def on_post(self, act: str, place: str) -> tuple[str, list[Account]]:
        """The role that does an act at a place, and all who hold that post."""
        found = self._ranked(act, place)
        if not found:
            return "", []
        best = found[0][0]
        return TURN[act][best[0]], [account for rank, account in found if rank == best]

    def holding(self, role: str) -> list[Account]:
        """Everybody who holds a role anywhere."""
        return [a for a in self.accounts if any(p.role == role for p in a.posts)]

    def one(self, who: Mapping[str, Any]) -> list[Account]:
        """The account with that id, if it works here; by name where the accounts know no ids."""
        return [
            a
            for a in self.accounts
            if (a.id and a.id == who.get("id")) or (not a.id and a.name == who.get("name"))
        ]

    def hands(self, assignee_id: str) -> list[Account]:
        """Accounts of a crew or unit, shortest queue first."""
        mine = [a for a in self.accounts if assignee_id in a.hands]
        return sorted(mine, key=lambda a: (a.waiting, a.username))

    def has_hands(self, assignee_id: str) -> bool:
        """Whether anybody simulated serves in a crew or unit."""
        return any(assignee_id in a.hands for a in self.accounts)

    def readers(self) -> list[Account]:
        """As few desk accounts as see every place that any desk account sees."""
        desks = [(p.place, a) for a in self.accounts for p in a.posts if p.role in DESK]
        chosen: list[tuple[str, Account]] = []
        for place, account in sorted(desks, key=lambda d: (d[0].count("/"), d[0], d[1].username)):
            if not any(within(place, outer) for outer, _ in chosen):
                chosen.append((place, account))
        return [account for _, account in chosen]

    def doers(self) -> Iterator[Account]:
        """One account per crew and unit, and the checkers: those who work from "my tasks"."""
        seen: set[str] = set()
        for account in self.accounts:
            fresh = account.hands - seen
            if fresh or any(p.role == "collector" for p in account.posts):
                seen |= account.hands
                yield account
