"""A file of tickets taken in: each good row a report of its own, and one entry for the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from lianqin.accounts.policy import Target, allowed
from lianqin.accounts.principal import Scope
from lianqin.accounts.refusals import Forbidden, Refusal
from lianqin.accounts.runner import Command, Done, answered, request_hash
from lianqin.cases.actions.importing import note_import
from lianqin.cases.actions.report import TICKETS, NewReport, report
from lianqin.cases.models import Case, Report
from lianqin.cases.queries import visible
from lianqin.catalogue.queries import class_ids
from lianqin.territory.models import District
from lianqin.territory.queries import Spot, areas, check_datum, district, locate

from .columns import body_of
from .reading import Ground, LeftOut, Numbered, Read, Ticket, read_tickets
from .sheet import read_sheet

#: Keys of rows are made from this, the source, the number and what the row says.
_SPACE = UUID("0c7a2f6e-2a55-4a43-9b1b-6f1f4a2f6b90")
#: Rows asked for at once when looking for what is known.
_CHUNK = 1000
#: Cells and differences that an answer lists; the counts are always whole.
LISTED = 2000


@dataclass
class Taken:
    """What an import did, or would do."""

    source: str
    sha256: str
    dry_run: bool
    read: Read
    ignored: list[str]
    opened: int = 0
    known: int = 0
    differs: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain data: counts, every wrong cell, every known number that says something else."""
        return {
            "source": self.source,
            "sha256": self.sha256,
            "dry_run": self.dry_run,
            "rows": self.read.rows,
            "opened": self.opened,
            "known": self.known,
            "left_out": self.read.rows_left,
            "ignored_columns": self.ignored,
            "errors": [one.as_dict() for one in self.read.left[:LISTED]],
            "differs": self.differs[:LISTED],
            "more": max(0, len(self.read.left) - LISTED) + max(0, len(self.differs) - LISTED),
        }


def take_tickets(
    command: Command,
    source: str,
    content: bytes,
    *,
    dry_run: bool = False,
    datum: str = "wgs84",
    most_rows: int | None = None,
) -> Done:
    """Take a file of tickets in as `command.principal`, who may import them.

    Each good row is one report: one transaction, one entry, under a key made from source, number
    and row, so that a file that was cut short goes on where it stopped. The import itself is one
    more entry with counts and the file's hash, unless nothing was new. A number that is known is
    not touched; where the file says something else of it, that is listed for a person.

    Raises Forbidden, and Refusal for a source that sends no tickets or a file that cannot be used
    as a whole.
    """
    if source not in TICKETS:
        raise Refusal("not_one_of", field="source", expected=", ".join(sorted(TICKETS)))
    here = district()
    if allowed(command.principal, command.act, Target(here.code)) is None:
        raise Forbidden(command.act)
    before = None if dry_run else answered(command)
    if before is not None:
        return before
    sheet = read_sheet(content)
    body = body_of(sheet)
    if most_rows is not None and len(body.rows) > most_rows:
        raise Refusal("sheet_too_many_rows", field="file", max_rows=most_rows)
    read = read_tickets(body, _ground(here, command.now.now(), check_datum(datum)))
    taken = Taken(source, sheet.sha256, dry_run, read, body.ignored)
    known = _known(source, read.tickets)
    taken.differs = list(_differences(known, read.tickets, command.principal.scope, here))
    for numbered in read.tickets:
        _take(command, taken, numbered, numbered.ticket.number in known)
    if dry_run:
        return Done(taken.as_dict(), replayed=False)
    return note_import(command, here.code, source, sheet.sha256, taken.as_dict())


def _ground(here: District, now: datetime, datum: str) -> Ground:
    """What rows are checked against (three queries; positions are looked up in memory)."""

    def refuses(spot: Spot) -> str:
        return locate(spot, here).refused

    return Ground(
        zone=here.tz,
        now=now,
        classes=frozenset(class_ids()),
        areas=frozenset(areas().values_list("code", flat=True)),
        refuses=refuses,
        datum=datum,
    )


def _known(source: str, tickets: list[Numbered]) -> dict[str, UUID]:
    """Reports that these numbers have opened before, by number (one query per thousand)."""
    found: dict[str, UUID] = {}
    numbers = [one.ticket.number for one in tickets]
    for start in range(0, len(numbers), _CHUNK):
        rows = Report.objects.filter(
            source=source, external_number__in=numbers[start : start + _CHUNK]
        )
        found |= {str(number): pk for number, pk in rows.values_list("external_number", "id")}
    return found


def _differences(
    known: dict[str, UUID], tickets: list[Numbered], scope: Scope, here: District
) -> Iterator[dict[str, Any]]:
    """Where a known number says something else than on record, for those that may read it.

    A platform that moves a deadline or rewrites a ticket has done so for a reason that somebody
    has to look at: nothing of it is taken by itself.
    """
    by_number = {one.ticket.number: one for one in tickets if one.ticket.number in known}
    ids = [known[number] for number in by_number]
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        mine = Case.objects.filter(visible(scope), reports__id__in=chunk)
        seen = set(mine.values_list("id", flat=True))
        rows = Report.objects.select_related("case").filter(id__in=chunk)
        for row in rows.order_by("id"):
            if row.case_id in seen and row.external_number:
                yield from _differing(by_number[row.external_number], row, here)


def _differing(numbered: Numbered, row: Report, here: District) -> Iterator[dict[str, Any]]:
    ticket = numbered.ticket
    pairs = {
        # What was erased is not asked for again, and what the file does not say is no difference.
        "description": (row.description, ticket.description),
        "address": (row.address, ticket.address),
        "deadline": (row.case.deadline, ticket.deadline),
    }
    for name, (on_record, said) in pairs.items():
        if not on_record and name == "description" or not said or on_record == said:
            continue
        yield {
            "cell": numbered.addresses.get(name, f"A{numbered.row}"),
            "row": numbered.row,
            "field": name,
            "number": ticket.number,
            "case_id": str(row.case_id),
            "case_number": row.case.number,
            "reason": _difference_words(name, on_record, here),
        }


def _difference_words(name: str, on_record: object, here: District) -> dict[str, str]:
    if name == "deadline":
        local = on_record.astimezone(here.tz) if isinstance(on_record, datetime) else None
        there = f"{local:%Y-%m-%d %H:%M}" if local else ""
        return {
            "zh": f"截止时间与在案的({there or '未设'})不同,未更改,请人工核对",
            "en": f"another deadline than on record ({there or 'none'}); nothing was changed, "
            "somebody has to look",
        }
    zh, en = {"description": ("问题描述", "description"), "address": ("地址", "address")}[name]
    return {
        "zh": f"{zh}与在案的不同,未更改,请人工核对",
        "en": f"another {en} than on record; nothing was changed, somebody has to look",
    }


def _take(command: Command, taken: Taken, numbered: Numbered, known: bool) -> None:
    """One row: a report, unless its number is known or this is a dry run."""
    if known:
        taken.known += 1
        return
    if taken.dry_run:
        taken.opened += 1
        return
    try:
        done = report(*_as_report(command, taken.source, numbered.ticket))
    except Refusal as refusal:  # something changed since the rows were checked
        taken.read.left.append(
            LeftOut(
                numbered.addresses["number"],
                numbered.row,
                refusal.field,
                refusal.code,
                f"未能收件({refusal.code}),请再导入一次",
                f"could not be taken in ({refusal.code}); bring the file in again",
            )
        )
        return
    if done.replayed or done.answer["already"]:
        taken.known += 1
    else:
        taken.opened += 1


def _as_report(command: Command, source: str, ticket: Ticket) -> tuple[Command, NewReport]:
    digest = ticket.digest
    made = replace(
        command,
        act="report",
        key=uuid5(_SPACE, f"{source} {ticket.number} {digest}"),
        request_hash=request_hash("ticket", source, ticket.number, digest),
        occurred_at=ticket.reported_at,
    )
    return made, NewReport(
        source=source,
        description=ticket.description,
        note=ticket.note,
        class_key=ticket.class_key,
        address=ticket.address,
        spot=ticket.spot,
        area_code=ticket.area_code,
        external_number=ticket.number,
        reporter_name=ticket.name,
        reporter_phone=ticket.phone,
        deadline=ticket.deadline,
    )
