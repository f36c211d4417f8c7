"""`lianqin import requests`: a plain request file of any source, each good row a report.

The file is a stream: a piece is checked, what is known is looked up, each of the rest is taken in
by `cases.actions` as a report of its own, so that a file that was cut short goes on where it
stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lianqin.accounts import refusals
from lianqin.accounts.actions import make_account
from lianqin.accounts.models import User
from lianqin.accounts.principal import Principal
from lianqin.accounts.queries import principal_of
from lianqin.accounts.runner import Command, request_hash
from lianqin.cases.actions.importing import note_import
from lianqin.cases.actions.report import TICKETS, NewReport, report
from lianqin.cases.models import Report as Reported
from lianqin.catalogue.models import CaseClass
from lianqin.console.problem_words import words
from lianqin.console.words import Refusal, chinese, tr
from lianqin.territory.models import Area, District
from lianqin.territory.queries import Spot

from .cells import Fault, by_column
from .columns import Known, recognised
from .files import open_file
from .kinds import ROOMS
from .progress import shown
from .request_rows import Around, Request, names_of_classes, read_request
from .running import Part, Report, database_in_words, district_here, present, today
from .tables import tables_of

#: Whoever brings request files in: a district desk that cannot sign in.
ACCOUNT = "import-requests"
#: Keys of rows are made from this, the source, the id and what the row says.
_SPACE = UUID("6d1c7f0b-6a6d-4c3f-9d0e-4a9e0c9a7b55")
#: Rows checked and looked up at once.
_CHUNK = 500


@dataclass(frozen=True)
class Asked:
    """What the command line says of a file. `columns`: which of its columns is which field."""

    source: str
    dry_run: bool = False
    datum: str = "wgs84"
    columns: Mapping[str, str] | None = None
    zone: str = ""
    formats: Sequence[str] = ()


def import_requests_file(file: Path, asked: Asked) -> dict[str, Any]:
    """Take a file of requests in as the install's own account.

    Returns counts (`opened` cases, numbers `known` already) and every row left out. Raises Refusal
    when the file as a whole cannot be used.
    """
    source = open_file(file)
    tables = tables_of(source)
    kinds = tuple(ROOMS["requests"].values())
    known = _with_columns(tables[0].columns, kinds[0].columns, asked.columns or {})
    one = recognised(tables[:1], [replace(kinds[0], columns=known)], None)[0][0]
    told = Report(source, asked.dry_run)
    part = told.part("requests")
    part.ignored = one.ignored
    with database_in_words():
        here = district_here()
        taking = _Taking(here, asked, one, part, source.sha256)
        for _ in shown(taking.rows(), tr("上报", "requests"), one.table.about):
            pass
        taking.note(told)
    return {**told.as_dict(), "opened": taking.opened, "known": taking.known}


def _with_columns(
    headings: Sequence[str], columns: tuple[Any, ...], named: Mapping[str, str]
) -> tuple[Any, ...]:
    """The columns, those that were named by their headings in this file and by nothing else."""
    fields = {column.name for column in columns}
    for name, heading in named.items():
        if name not in fields:
            words = ", ".join(column.name for column in columns)
            raise Refusal(
                tr(
                    f"--column {name}:没有此字段,可用:{words}。",
                    f"--column {name}: there is no such field; there are {words}.",
                )
            )
        if " ".join(heading.lower().split()) not in headings:
            found = ", ".join(headings)
            raise Refusal(
                tr(
                    f"--column {name}={heading}:文件没有此列,有:{found}。",
                    f"--column {name}={heading}: the file has no such column; it has {found}.",
                )
            )
    return tuple(replace(column, heading=named.get(column.name, "")) for column in columns)


class _Taking:
    """A request file on its way in."""

    def __init__(self, here: District, asked: Asked, known: Known, part: Part, sha256: str) -> None:
        self.here, self.asked, self.table, self.part = here, asked, known, part
        self.sha256 = sha256
        self.around = _around(here, asked)
        self.who = _importer(here, make=not asked.dry_run)
        self.opened = self.known = 0
        self._seen: dict[int, int] = {}

    def rows(self) -> Iterator[int]:
        """Take every row; gives the number of each once it is done."""
        rows = self.table.rows()
        while some := list(islice(rows, _CHUNK)):
            good = [one for one in map(self._checked, some) if one is not None]
            before = self._on_record([request.id for _, request in good])
            for number, request in good:
                if request.id in before:
                    self.known += 1
                else:
                    self._take(number, request)
            yield from (number for number, _ in some)

    def _checked(self, row: tuple[int, list[str]]) -> tuple[int, Request] | None:
        number, cells = row
        self.part.read += 1
        try:
            request = read_request(by_column(self.table, cells), self.around)
            first = self._seen.setdefault(hash(request.id), number)
            if first != number:
                raise Fault(
                    "id",
                    tr(
                        f"与第 {first} 行编号相同,每个编号只留一行",
                        f"the same id as row {first}; keep one row of each",
                    ),
                )
        except Fault as fault:
            self.part.leave_out(number, fault.field, fault.reason)
            return None
        return number, request

    def _on_record(self, ids: list[str]) -> set[str]:
        """Those that came before (one query); a ticket's number is one, whoever brought it."""
        rows = Reported.objects.filter(source=self.asked.source, external_number__in=ids)
        if self.asked.source not in TICKETS:
            if self.who is None:
                return set()
            rows = rows.filter(sender_id=self.who.id)
        return {str(number) for number in rows.values_list("external_number", flat=True)}

    def _take(self, number: int, request: Request) -> None:
        if self.who is None or self.asked.dry_run:
            self.opened += 1
            return
        digest = request.digest
        source = self.asked.source
        command = Command(
            self.who,
            "report",
            uuid5(_SPACE, f"{source} {request.id} {digest}"),
            request_hash("request", source, request.id, digest),
            occurred_at=request.created,
        )
        try:
            done = report(command, _as_report(source, request))
        except refusals.Refusal as refusal:
            title, detail = words(refusal.code, "zh" if chinese() else "en", refusal.params)
            self.part.leave_out(number, refusal.field, f"{title} {detail}")
            return
        if done.replayed or done.answer["already"]:
            self.known += 1
        else:
            self.opened += 1

    def note(self, told: Report) -> None:
        """Close the account of the file: its counts, and its own entry if anything was new."""
        self.part.changes = self.opened
        if self.who is None or self.asked.dry_run or not self.opened:
            return
        self.part.written = self.opened
        answer = {
            "rows": self.part.read,
            "opened": self.opened,
            "known": self.known,
            "left_out": len(self.part.left),
            "differs": [],
        }
        command = Command(self.who, "import_tickets", uuid4(), request_hash(self.sha256))
        told.done(note_import(command, self.here.code, self.asked.source, self.sha256, answer))


def _around(here: District, asked: Asked) -> Around:
    classes = {
        (of, code): (zh, en)
        for of, code, zh, en in CaseClass.objects.values_list("kind", "code", "name_zh", "name_en")
    }
    areas: dict[str, str] = {}
    rows = list(Area.objects.order_by("code").values_list("code", "name_zh", "name_en"))
    for code, *_ in rows:
        areas[code.casefold()] = code
    for code, *called in rows:
        for name in called:
            areas.setdefault(name.casefold(), code)
    areas.pop("", None)
    return Around(
        zone=_zone(asked.zone) if asked.zone else here.tz,
        now=present(),
        classes=classes,
        areas=areas,
        formats=asked.formats,
        datum=asked.datum,
        by_name=names_of_classes(classes),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refusal(
            tr(f"没有时区 {name},例如 Asia/Shanghai。", f"There is no time zone {name}.")
        ) from error


def _importer(here: District, *, make: bool) -> Principal | None:
    """The account that brings request files in; None where it is not there and a dry run leaves
    no trace."""
    user = User.objects.filter(username=ACCOUNT).first()
    if user is None:
        if not make:
            return None
        post = {"role": "district_desk", "place": here.code}
        name = tr("上报导入", "Request files")
        user = make_account(ACCOUNT, name, [post], now=present(), origin="import")
    return principal_of(user, today(here))


def _as_report(source: str, request: Request) -> NewReport:
    spot = None
    if request.lon is not None and request.lat is not None:
        spot = Spot(request.lon, request.lat, request.datum)
    return NewReport(
        source=source,
        description=request.description or request.service,
        note=request.note,
        class_key=request.class_key,
        service_name=request.service,
        address=request.address,
        spot=spot,
        area_code=request.area,
        external_number=request.id,
        reporter_name=request.name,
        reporter_phone=request.phone,
        deadline=request.due,
    )
