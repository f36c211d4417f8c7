"""`lianqin export unit-tasks` and `import unit-sheet`: a unit's sheet, as one of its liaisons."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import click

from lianqin.accounts.models import User
from lianqin.accounts.principal import Principal
from lianqin.accounts.queries import principal_of
from lianqin.accounts.runner import Command, request_hash
from lianqin.cases.unit_sheet.taking import take_sheet
from lianqin.cases.unit_sheet.writing import workbook
from lianqin.console.unit_sheet_words import in_words
from lianqin.console.words import Refusal, chinese, tr
from lianqin.files.actions import upload

from .running import database_in_words, district_here, present, today
from .tickets import in_reader_words, read_file, reader_language

#: Keys of uploads are made from this and the picture: chosen again, it is the same upload.
_SPACE = UUID("8f4c0b0e-58a8-4d0b-8a2f-6f6a0f9f3b11")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp")
_SHOWN = 40


def export_unit_tasks(file: Path, username: str) -> None:
    """Write the sheet of the liaison's open tasks. Raises Refusal for an unknown account."""
    with database_in_words():
        content = workbook(_liaison(username), present(), "zh" if chinese() else "en")
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refusal(
            tr(f"无法写入 {file}:{error.strerror}", f"{file}: {error.strerror}")
        ) from error


def import_unit_sheet(
    file: Path, username: str, photos: Path | None, *, dry_run: bool
) -> dict[str, Any]:
    """Do what a filled sheet says, as that liaison; pictures lie in the folder `photos`.

    Returns what became of each row, as the API does. Raises Refusal for a file that cannot be used.
    """
    content = read_file(file)
    with database_in_words():
        who = _liaison(username)
        names = _uploaded(who, photos) if photos else {}
        digest = hashlib.sha256(content).hexdigest()
        command = Command(
            who,
            "import_unit_sheet",
            uuid5(_SPACE, f"sheet {who.id} {digest} {present().isoformat()}"),
            request_hash("import_unit_sheet", digest, dry_run),
        )
        done = in_reader_words(lambda: take_sheet(command, content, photos=names, dry_run=dry_run))
        return in_words(done.answer)


def _liaison(username: str) -> Principal:
    here = district_here()
    user = User.objects.filter(username=username, is_active=True).first()
    who = principal_of(user, today(here)) if user else None
    if who is None or not who.units:
        raise Refusal(
            tr(
                f"{username} 不是今日在岗的承办单位联络员。",
                f"{username} is no liaison of a unit today.",
            )
        )
    return who


def _uploaded(who: Principal, folder: Path) -> dict[str, UUID]:
    """The pictures of a folder by their names, each uploaded once."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in _PICTURES:
            continue
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        command = Command(
            who, "upload", uuid5(_SPACE, f"{who.id} {path.name} {digest}"), request_hash(digest)
        )
        made = in_reader_words(partial(upload, command, content))
        found[path.name] = UUID(made.answer["id"])
    return found


def say_unit_sheet(report: dict[str, Any], *, as_json: bool) -> None:
    """Print what became of a sheet."""
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    left = report["conflict"] + report["refused"] + report["wrong"]
    done, would = report["done"], report["would"]
    acted = tr(f"可办理 {would}", f"{would} can be done") if report["dry_run"] else None
    click.echo(
        tr(
            f"读取 {report['rows']} 行,{acted or f'已办理 {done}'},以前已办 {report['already']},"
            f"未办理 {left},未填写 {report['blank']}。",
            f"{report['rows']} rows read, {acted or f'{done} done'}, {report['already']} done "
            f"before, {left} not done, {report['blank']} left blank.",
        )
    )
    told = [one for one in report["results"] if one["reason"]]
    for one in told[:_SHOWN]:
        click.echo(
            tr(f"  第 {one['row']} 行", f"  row {one['row']}")
            + f" {one['number']}: {one['reason'][reader_language()]}"
        )
    if len(told) > _SHOWN:
        click.echo(tr("  其余见 --json", "  --json lists the others"))
