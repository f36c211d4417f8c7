"""`lianqin import requests` and `export replies`: the ticket room's files, from the console."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import click

from lianqin.accounts import refusals
from lianqin.accounts.actions import make_account
from lianqin.accounts.models import User
from lianqin.accounts.principal import Principal, Scope
from lianqin.accounts.queries import principal_of
from lianqin.accounts.runner import Command, request_hash
from lianqin.cases import replies
from lianqin.cases.tickets.sheet import MAX_BYTES
from lianqin.cases.tickets.taking import take_tickets
from lianqin.console.problem_words import words
from lianqin.console.words import Refusal, chinese, tr
from lianqin.territory.models import District

from .running import database_in_words, district_here, present, today

T = TypeVar("T")
#: Whoever brings tickets in from the console: a district desk that cannot sign in.
ACCOUNT = "import-tickets"


def import_tickets_file(file: Path, source: str, *, dry_run: bool, datum: str) -> dict[str, Any]:
    """Take a file of tickets in as the install's own account.

    Returns what was done, as the API does. Raises Refusal for a file that cannot be used.
    """
    content = read_file(file)
    with database_in_words():
        here = district_here()
        who = _importer(here)
        command = Command(
            who,
            "import_tickets",
            uuid4(),  # each row has a key of its own
            request_hash("import_tickets", source, datum, hashlib.sha256(content).hexdigest()),
        )
        done = in_reader_words(
            lambda: take_tickets(command, source, content, dry_run=dry_run, datum=datum)
        )
    return {"file": file.name, **done.answer}


def export_replies_file(file: Path, source: str, first: date, last: date) -> int:
    """Write the reply sheet of the whole district; returns how many tickets it holds."""
    with database_in_words():
        here = district_here()
        scope = Scope(places=frozenset({here.code}))
        found = in_reader_words(lambda: replies.replies(scope, source, first, last))
        content = replies.workbook(found, "zh" if chinese() else "en")
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refusal(
            tr(f"无法写入 {file}:{error.strerror}", f"{file}: {error.strerror}")
        ) from error
    return len(found)


def read_file(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            title, detail = words("sheet_too_large", reader_language(), {"max_bytes": MAX_BYTES})
            raise Refusal(f"{title} {detail}")
        return file.read_bytes()
    except OSError as error:
        why = error.strerror or ""
        raise Refusal(tr(f"无法读取 {file}:{why}", f"{file} cannot be read: {why}")) from error


def _importer(here: District) -> Principal:
    now = present()
    user = User.objects.filter(username=ACCOUNT).first() or make_account(
        ACCOUNT,
        "任务导入",
        [{"role": "district_desk", "place": here.code}],
        now=now,
        origin="demo" if here.demo else "live",
    )
    return principal_of(user, today(here))


def reader_language() -> str:
    return "zh" if chinese() else "en"


def in_reader_words(work: Callable[[], T]) -> T:
    try:
        return work()
    except refusals.Refusal as refusal:
        title, detail = words(refusal.code, reader_language(), refusal.params)
        raise Refusal(tr(f"{title}。{detail}", f"{title}. {detail}")) from refusal


#: Cells that the console lists; --json lists them all.
SHOWN = 40


def say_tickets(report: dict[str, Any], *, as_json: bool) -> None:
    """Print what an import of tickets did."""
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    verb = tr("将收件", "would be taken in") if report["dry_run"] else tr("收件", "taken in")
    click.echo(
        tr(
            f"读取 {report['rows']} 行,{verb} {report['opened']},已在案 {report['known']},"
            f"未采用 {report['left_out']}。",
            f"{report['rows']} rows read, {report['opened']} {verb}, {report['known']} known "
            f"already, {report['left_out']} left out.",
        )
    )
    if report["ignored_columns"]:
        names = ", ".join(report["ignored_columns"])
        click.echo(tr(f"  未使用的列:{names}", f"  columns not used: {names}"))
    language = reader_language()
    for one in report["errors"][:SHOWN]:
        click.echo(f"  {one['cell']}: {one['reason'][language]}")
    for one in report["differs"][:SHOWN]:
        number = one["case_number"] or ""
        click.echo(f"  {one['cell']} ({number}): {one['reason'][language]}")
    listed = min(len(report["errors"]), SHOWN) + min(len(report["differs"]), SHOWN)
    more = len(report["errors"]) + len(report["differs"]) + report["more"] - listed
    if more:
        click.echo(tr(f"  另有 {more} 条,见 --json", f"  and {more} more: --json lists them"))
