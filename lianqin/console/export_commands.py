"""`lianqin export`: the district's own sheets out of the install."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from .commands import set_up_django
from .words import tr


@click.group("export", help=tr("导出数据", "Take data out"))
def export() -> None:
    pass


@export.command("replies", help=tr("任务回复表 XLSX", "The sheet of replies to tickets, XLSX"))
@click.option(
    "--source",
    type=click.Choice(["city_platform", "hotline"]),
    required=True,
    help=tr("任务来自哪里", "where the tickets came from"),
)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True,
              help=tr("首个勤务日", "first duty date"))  # fmt: skip
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]),
              help=tr("末个勤务日(默认同首日)", "last duty date (default: the first)"))  # fmt: skip
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=tr("写到哪个文件", "the file to write"),
)
def replies(source: str, first: datetime, last: datetime | None, output: Path | None) -> None:
    begins: date = first.date()
    ends: date = last.date() if last else begins
    file = output or Path(f"replies-{source}-{begins:%Y%m%d}-{ends:%Y%m%d}.xlsx")
    with set_up_django():
        from .imports.tickets import export_replies_file

        count = export_replies_file(file, source, begins, ends)
    click.echo(tr(f"{file}:{count} 件", f"{file}: {count} tickets"))


@export.command("unit-tasks", help=tr("承办单位办理表 XLSX", "A unit's sheet of tasks, XLSX"))
@click.option(
    "--as",
    "username",
    required=True,
    help=tr("该单位联络员的账号", "account of one of the unit's liaisons"),
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("unit-tasks.xlsx"),
    help=tr("写到哪个文件", "the file to write"),
)
def unit_tasks(username: str, output: Path) -> None:
    with set_up_django():
        from .imports.unit_sheet import export_unit_tasks

        export_unit_tasks(output, username)
    click.echo(str(output))
