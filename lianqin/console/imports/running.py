"""What all imports share: the district they go to, the account they act as, what they report.

Only what differs from the install is written, so that the same file twice changes nothing. Every
import acts as the account `import`, a system administrator of the district who cannot sign in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, ProgrammingError

from lianqin.accounts.actions import make_account
from lianqin.accounts.http import now
from lianqin.accounts.models import User
from lianqin.accounts.queries import principal_of
from lianqin.accounts.refusals import Forbidden
from lianqin.accounts.runner import Command, Done, request_hash
from lianqin.console.words import Refusal, tr
from lianqin.journal.models import Entry
from lianqin.territory.models import District

from .files import LeftOut, Opened

ACCOUNT = "import"
#: What comes from a file carries this, as the journal's entry about it does.
ORIGIN = "import"
#: Keys of imports are made from this and the file's hash.
_SPACE = UUID("5f0a6f0e-3d0c-4c59-8f0e-0b9d6a6c1f3e")
#: PostgreSQL: there is no such table.
_NO_TABLE = "42P01"


@dataclass
class Part:
    """What one table of a file brought. `changes` differ from the install, `written` were
    written."""

    what: str
    read: int = 0
    changes: int = 0
    written: int = 0
    left: list[LeftOut] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def leave_out(self, row: int, column: str, reason: str) -> None:
        """Note a row that is not taken."""
        self.left.append(LeftOut(row, column, reason))

    def as_dict(self) -> dict[str, Any]:
        """Counts alone."""
        counts = {"read": self.read, "changes": self.changes, "written": self.written}
        return {"what": self.what, **counts, "left_out": len(self.left)}


@dataclass
class Report:
    """What an import did, as commands print it."""

    source: Opened
    dry_run: bool
    parts: list[Part] = field(default_factory=list)
    passed_sheets: list[str] = field(default_factory=list)
    position: int | None = None
    notes: list[str] = field(default_factory=list)

    def part(self, what: str) -> Part:
        """A further table."""
        self.parts.append(Part(what))
        return self.parts[-1]

    def done(self, done: Done) -> None:
        """Keep where in the journal the last of it stands."""
        self.position = done.answer["position"]

    def as_dict(self) -> dict[str, Any]:
        """Plain data: the file, counts of everything and by table, every row left out."""
        sums = {
            name: sum(getattr(part, name) for part in self.parts)
            for name in ("read", "changes", "written")
        }
        left = [(part, one) for part in self.parts for one in sorted(part.left, key=_by_row)]
        several = len(self.parts) > 1
        return {
            "file": self.source.name,
            "sha256": self.source.sha256,
            "encoding": self.source.encoding or self.source.format,
            "dry_run": self.dry_run,
            **sums,
            "unchanged": sums["read"] - sums["changes"] - len(left),
            "position": self.position,
            "tables": [part.as_dict() for part in self.parts],
            "ignored_columns": [name for part in self.parts for name in part.ignored],
            "ignored_sheets": self.passed_sheets,
            "notes": self.notes,
            "errors": [
                {**({"table": part.what} if several else {}), **one.as_dict()} for part, one in left
            ],
        }


def _by_row(one: LeftOut) -> int:
    return one.row


def present() -> datetime:
    """The present, as everything else in the install sees it."""
    return now()


def today(here: District) -> date:
    """The date in the district."""
    return present().astimezone(here.tz).date()


def district_here() -> District:
    """The install's district. Raises Refusal, with what to do, when there is none."""
    here = District.objects.first()
    if here is None:
        raise Refusal(
            tr(
                "尚未设置区。请先导入区域,例如:"
                "lianqin import territory areas.csv --district 代码 --name 区名 --prefix 前缀",
                "There is no district yet. Import its territory first, for instance: "
                "lianqin import territory areas.csv --district CODE --name NAME --prefix PREFIX",
            )
        )
    return here


def run_import(
    what: str,
    here: District,
    source: Opened,
    action: Callable[[Command], Done],
) -> Done:
    """Run an import's action as the import account, under a key of its own.

    The key is made from the file and the last import before it: two at once are one, and a file
    that is brought in again after another one counts again.
    """
    now = present()
    user = User.objects.filter(username=ACCOUNT).first() or make_account(
        ACCOUNT, tr("数据导入", "Import"), [{"role": "system_admin", "place": here.code}], now=now
    )
    last = (
        Entry.objects.filter(act="import", subject_kind=what)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
    )
    key = uuid5(_SPACE, f"{what} {source.sha256} {last or 0}")
    command = Command(
        principal_of(user, now.astimezone(ZoneInfo(here.timezone)).date()),
        "import",
        key,
        request_hash(what, source.sha256),
    )
    try:
        return action(command)
    except Forbidden as error:
        raise Refusal(
            tr(
                f"账号 {ACCOUNT} 在 {here.code} 没有系统管理员岗位,未导入。",
                f"The account {ACCOUNT} has no post as system administrator at {here.code}; "
                "nothing was imported.",
            )
        ) from error


@contextmanager
def database_in_words() -> Iterator[None]:
    """Say it in words when the database is away or has no tables yet."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Refusal(
            tr(
                "数据库暂时无法访问,未导入。",
                "The database is away; nothing was imported.",
            )
        ) from error
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", None) != _NO_TABLE:
            raise
        raise Refusal(
            tr(
                "数据表尚未建立:请先启动一次 lianqin serve。",
                "There are no tables yet: start `lianqin serve` once first.",
            )
        ) from error
