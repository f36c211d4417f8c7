"""The rows of a table of accounts: who signs in, and which posts they hold from when to when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lianqin.accounts.models import Posting, User
from lianqin.accounts.policy import ROLES, SERVICE_ROLES
from lianqin.accounts.queries import matching_post
from lianqin.accounts.refusals import Refusal
from lianqin.accounts.rules import ADMINISTRATORS, OWN_ACCOUNTS, Held, apart
from lianqin.console.page_words import ROLE_WORDS
from lianqin.console.words import tr

from .cells import Fault, by_column, known_place, one_of, span, text
from .columns import Known
from .force_rows import Around
from .progress import shown
from .running import Part

_USERNAME = re.compile(r"[\w.@+-]{1,150}")
#: Roles that go with one of these columns, and with no other.
_HANDS = {"crew_member": "crew", "unit_liaison": "unit"}


@dataclass(frozen=True)
class Post:
    """A row that can be taken; crew and unit by their codes."""

    username: str
    name: str
    role: str
    place: str
    crew: str = ""
    unit: str = ""
    start: date | None = None
    end: date | None = None


@dataclass
class People:
    """What rows of accounts are checked against: the force, and whether the district is a
    rehearsal."""

    around: Around
    demo: bool = False

    @property
    def roles(self) -> dict[str, str]:
        """Roles that a person or a program may be given here, with their Chinese names."""
        hidden = SERVICE_ROLES if self.demo else SERVICE_ROLES | {"replayer"}
        return {
            role: ROLE_WORDS.get(role, {}).get("zh", role) for role in ROLES if role not in hidden
        }


def read_accounts(known: Known, people: People, part: Part) -> list[Post]:
    """Posts of accounts; several rows of one username are several posts of one person."""
    good: list[Post] = []
    named: dict[str, tuple[str, int]] = {}
    held: dict[tuple[str, str, str], list[tuple[Post, int]]] = {}
    administrators = _administrators()
    for number, cells in shown(known.rows(), tr("账号", "accounts"), known.table.about):
        part.read += 1
        try:
            post = _post(by_column(known, cells), people)
            _one_name(post, named, number)
            same = held.setdefault((post.username, post.role, post.place), [])
            _no_overlap(post, same)
            _apart(post, administrators)
            same.append((post, number))
            good.append(post)
        except Fault as fault:
            part.leave_out(number, fault.field, fault.reason)
    return good


def _post(found: Mapping[str, str], people: People) -> Post:
    role = one_of("role", found["role"], people.roles)
    crew, unit = _hands(found, role, people)
    start, end = span(found, "from", "until", date.min)
    return Post(
        username=_username(found["username"]),
        name=text("name", found["name"], 60, needed=True),
        role=role,
        place=_place(found.get("place", ""), crew, unit, people),
        crew=crew,
        unit=unit,
        start=None if start == date.min else start,
        end=end,
    )


def _username(value: str) -> str:
    if not _USERNAME.fullmatch(value):
        raise Fault(
            "username",
            tr(
                f"“{value}”应为 1 至 150 位字母、数字或 @ . + - _",
                f"'{value}' should be 1 to 150 letters, digits or @ . + - _",
            ),
        )
    if value in OWN_ACCOUNTS:
        raise Fault(
            "username",
            tr(
                f"“{value}”是系统自用账号,请换一个",
                f"'{value}' is the install's own account; choose another",
            ),
        )
    return value


def _hands(found: Mapping[str, str], role: str, people: People) -> tuple[str, str]:
    """Crew and unit: what the role needs, and nothing else."""
    given = {"crew": found.get("crew", ""), "unit": found.get("unit", "")}
    needed = _HANDS.get(role)
    for column, value in given.items():
        if column == needed and not value:
            raise Fault(
                column, tr(f"{role} 须填 {column}", f"a {role} needs a {column}; give its code")
            )
        if column != needed and value:
            raise Fault(column, tr(f"{role} 不填 {column}", f"a {role} has no {column}: leave it"))
    crew = people.around.crews.code_of(given["crew"], None) if given["crew"] else ""
    unit = people.around.agency("unit", given["unit"]) if given["unit"] else ""
    if unit and unit not in people.around.units:
        raise Fault(
            "unit",
            tr(
                f"“{unit}”不承办案件,应为承办单位(takes_cases)的代码",
                f"'{unit}' takes no cases; give the code of a unit that does (takes_cases)",
            ),
        )
    return crew, unit


def _place(value: str, crew: str, unit: str, people: People) -> str:
    """The post's place: what is said, else the crew's or the unit's, else the district."""
    if not value and crew:
        return people.around.crews.places[crew]
    if not value and unit:
        return people.around.units[unit]
    around = people.around
    return known_place("place", value, around.district, around.places | around.centres)


def _one_name(post: Post, named: dict[str, tuple[str, int]], number: int) -> None:
    name, first = named.setdefault(post.username, (post.name, number))
    if name != post.name:
        raise Fault(
            "name",
            tr(
                f"第 {first} 行同一账号的姓名是“{name}”,应一致",
                f"row {first} calls the same account '{name}'; it should be one name",
            ),
        )


def _no_overlap(post: Post, same: list[tuple[Post, int]]) -> None:
    for other, number in same:
        apart = (post.end and other.start and post.end <= other.start) or (
            other.end and post.start and other.end <= post.start
        )
        if not apart:
            raise Fault(
                "from",
                tr(
                    f"与第 {number} 行是同一岗位且日期重叠,请改 from 或 until",
                    f"the same post as row {number} on the same days; change from or until",
                ),
            )


def _administrators() -> dict[str, list[Held]]:
    """Who is or was an administrator here, from when to when (one query)."""
    found: dict[str, list[Held]] = {}
    rows = Posting.objects.filter(role__in=ADMINISTRATORS).select_related("user")
    for row in rows:
        held = Held(row.role, row.place, row.dates.lower, row.dates.upper)
        found.setdefault(row.user.username, []).append(held)
    return found


def _apart(post: Post, administrators: dict[str, list[Held]]) -> None:
    """System, security and audit are three people, whatever rows and install say together."""
    if post.role not in ADMINISTRATORS:
        return
    wanted = Held(post.role, post.place, post.start, post.end)
    held = administrators.setdefault(post.username, [])
    try:
        apart(held, wanted)
    except Refusal as refusal:
        other = refusal.params["held"]
        raise Fault(
            "role",
            tr(
                f"{post.username} 同期已是 {other};系统、安全、审计管理员须由不同的人担任",
                f"{post.username} is {other} on the same days; system, security and audit "
                "administrators are three people",
            ),
        ) from None
    held.append(wanted)


def changed_posts(posts: list[Post], ids: Mapping[str, Mapping[str, Any]]) -> list[Post]:
    """Those that differ from the install. `ids`: of crews and units, by code."""
    usernames = {post.username for post in posts}
    users = {
        user.username: user.display_name for user in User.objects.filter(username__in=usernames)
    }
    known: dict[tuple[str, str, str], list[Posting]] = {}
    rows = Posting.objects.filter(user__username__in=usernames).select_related("user")
    for row in rows.order_by("dates"):
        known.setdefault((row.user.username, row.role, row.place), []).append(row)
    found = []
    for post in posts:
        same = known.get((post.username, post.role, post.place), [])
        stored = matching_post(same, post.start, post.end)
        if stored is None or users.get(post.username) != post.name:
            found.append(post)
            continue
        hands = (ids["crews"].get(post.crew), ids["units"].get(post.unit))
        start = post.start or stored.dates.lower
        if (stored.crew_id, stored.unit_id) != hands or (
            (stored.dates.lower, stored.dates.upper) != (start, post.end)
        ):
            found.append(post)
    return found
