"""`lianqin import`: files into the rooms of the install, one command for each room."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lianqin.catalogue.rules import SOURCES

from .commands import set_up_django
from .imports.telling import say_import, say_rest
from .words import tr

if TYPE_CHECKING:
    from .imports.new_district import NewDistrict

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(dir_okay=False, path_type=Path)
#: The tables of each room, by which --what names them.
TABLES = {
    "territory": ("areas", "sites", "calendar"),
    "force": ("agencies", "centres", "crews", "members", "accounts"),
    "catalogue": ("classes", "standards", "duty", "ways", "stage_limits", "practice"),
}
#: Whose files are tickets, unless their columns are named.
TICKETS = ("city_platform", "hotline")


@click.group("import", help=tr("导入数据", "Bring data in"))
def import_() -> None:
    pass


def _common(room: str) -> Callable[[F], F]:
    """The options that every room's command has."""
    options = [
        click.argument("file", type=_FILE, required=False),
        click.option(
            "--what",
            type=click.Choice(TABLES[room]),
            help=tr(
                "文件是什么表(默认按列名认出)", "which table it is (else known by its columns)"
            ),
        ),
        click.option("--dry-run", is_flag=True, help=tr("只检查", "only check")),
        click.option("--json", "as_json", is_flag=True),
        click.option(
            "--template",
            type=_FILE,
            help=tr(
                "写出空表:.xlsx 含全部表,.csv 须加 --what",
                "write an empty table instead: .xlsx with all of them, .csv needs --what",
            ),
        ),
    ]

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_DATUM = click.option(
    "--datum",
    type=click.Choice(["wgs84", "gcj02", "bd09"]),
    default="wgs84",
    show_default=True,
    help=tr("没有坐标系列时的坐标系", "what coordinates are meant in where no column says it"),
)


def _template(room: str, file: Path | None, template: Path | None, what: str | None) -> bool:
    """Write the template if one is asked for. Raises UsageError unless it or a file is named."""
    if (file is None) == (template is None):
        raise click.UsageError(
            tr(
                "请给出 FILE,或用 --template 写出空表",
                "Name a FILE, or --template for an empty one",
            )
        )
    if template is None:
        return False
    from .imports.templates import write_template

    click.echo(write_template(room, template, what))
    return True


@import_.command(
    "territory",
    help=tr(
        "区域(GeoJSON 或表)、点位、日历;首次导入设置本区",
        "Areas (GeoJSON or a table), sites, the calendar; the first import sets the district up",
    ),
)
@_common("territory")
@_DATUM
@click.option(
    "--calendar-until",
    type=click.DateTime(["%Y-%m-%d"]),
    help=tr("节假日录至哪一天(默认文件最后一年年底)",
            "last day of which the calendar speaks (else the end of its last year)"),
)  # fmt: skip
@click.option(
    "--district",
    metavar="CODE",
    help=tr("首次导入:区划代码", "first import: the district's code"),
)
@click.option(
    "--name", help=tr("首次导入:区名", "first import: its name in Chinese, or its only one")
)
@click.option("--name-en", default="", help=tr("区名(英文)", "its name in English"))
@click.option("--prefix", help=tr("首次导入:案号前缀", "first import: prefix of case numbers"))
@click.option("--timezone", help=tr("时区(默认 Asia/Shanghai)", "time zone (else Asia/Shanghai)"))
@click.option(
    "--demo",
    is_flag=True,
    help=tr("首次导入:演练用的区,各处标明演示,可回放",
            "first import: a rehearsal district, marked demo everywhere, open to replays"),
)  # fmt: skip
@click.pass_context
def import_territory(
    ctx: click.Context,
    /,
    file: Path | None,
    what: str | None,
    dry_run: bool,
    as_json: bool,
    template: Path | None,
    datum: str,
    calendar_until: datetime | None,
    **named: Any,
) -> None:
    if _template("territory", file, template, what):
        return
    _refuse_half_named(named)
    with set_up_django():
        from .imports.territory import import_territory_file

        assert file is not None
        report = import_territory_file(
            file,
            district=_new_district(named),
            dry_run=dry_run,
            datum=datum,
            what=what,
            calendar_until=calendar_until.date() if calendar_until else None,
        )
    say_import(report, as_json)
    ctx.exit(1 if report["errors"] else 0)


def _refuse_half_named(named: dict[str, Any]) -> None:
    code, name, prefix = named["district"], named["name"], named["prefix"]
    if code is None:
        others = ("name", "prefix", "name_en", "timezone", "demo")
        if any(named[option] for option in others):
            raise click.UsageError(
                tr(
                    "--name、--prefix、--timezone、--demo 须与 --district 同用",
                    "--name, --prefix, --timezone and --demo go with --district",
                )
            )
        return
    if not name or not prefix:
        raise click.UsageError(
            tr("--district 须与 --name、--prefix 同用", "--district needs --name and --prefix")
        )


def _new_district(named: dict[str, Any]) -> NewDistrict | None:
    from lianqin.worktime.holidays import CHINA_ZONE

    from .imports.new_district import NewDistrict

    if named["district"] is None:
        return None
    return NewDistrict(
        code=named["district"],
        name_zh=named["name"],
        number_prefix=named["prefix"],
        name_en=named["name_en"],
        timezone=named["timezone"] or CHINA_ZONE,
        demo=named["demo"],
    )


@import_.command(
    "force",
    help=tr(
        "单位、指挥中心、联勤组、队员、账号",
        "Agencies, centres, crews, members, accounts",
    ),
)
@_common("force")
@click.pass_context
def import_force(
    ctx: click.Context,
    file: Path | None,
    what: str | None,
    dry_run: bool,
    as_json: bool,
    template: Path | None,
) -> None:
    if _template("force", file, template, what):
        return
    with set_up_django():
        from .imports.force import import_force_file

        assert file is not None
        report = import_force_file(file, dry_run=dry_run, what=what)
    say_import(report, as_json)
    ctx.exit(1 if report["errors"] else 0)


@import_.command(
    "catalogue",
    help=tr(
        "案件类别、立案结案标准、权责清单、来源流程、环节时限、日常口径",
        "Classes, standards, the duty list, ways by source, limits of stages, daily practice",
    ),
)
@_common("catalogue")
@click.pass_context
def import_catalogue(
    ctx: click.Context,
    file: Path | None,
    what: str | None,
    dry_run: bool,
    as_json: bool,
    template: Path | None,
) -> None:
    if _template("catalogue", file, template, what):
        return
    with set_up_django():
        from .imports.catalogue import import_catalogue_file

        assert file is not None
        report = import_catalogue_file(file, dry_run=dry_run, what=what)
    say_import(report, as_json)
    ctx.exit(1 if report["errors"] else 0)


@import_.command(
    "requests",
    help=tr(
        "任务表(市平台、热线),及其他来源的上报文件",
        "Tickets of the city platform and the hotline, and request files of any other source",
    ),
)
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--source",
    type=click.Choice(SOURCES),
    help=tr("上报来自哪里", "where the requests come from"),
)
@click.option(
    "--column",
    "columns",
    metavar="FIELD=COLUMN",
    multiple=True,
    help=tr("文件的哪一列是什么,可多次给出", "which column of the file is what; may come often"),
)
@click.option(
    "--zone", default="", help=tr("时刻的时区(默认本区)", "zone of its times (else ours)")
)
@click.option(
    "--date-format",
    "formats",
    multiple=True,
    help=tr("时刻的写法,如 %d.%m.%Y %H:%M", "how times are written, such as %d.%m.%Y %H:%M"),
)
@click.option("--dry-run", is_flag=True, help=tr("只检查", "only check"))
@_DATUM
@click.option("--json", "as_json", is_flag=True)
@click.option("--template", type=_FILE, help=tr("写出空表", "write an empty table instead"))
@click.pass_context
def import_requests(
    ctx: click.Context,
    /,
    file: Path | None,
    source: str | None,
    columns: tuple[str, ...],
    as_json: bool,
    template: Path | None,
    **said: Any,
) -> None:
    if _template("requests", file, template, None):
        return
    if source is None:
        raise click.UsageError(tr("须有 --source", "--source is needed"))
    named = _named_columns(columns)
    with set_up_django():
        plain = named or said["zone"] or said["formats"] or source not in TICKETS
        failed = (_requests if plain else _tickets)(file, source, named, as_json, **said)
    ctx.exit(1 if failed else 0)


def _named_columns(columns: tuple[str, ...]) -> dict[str, str]:
    named = dict(one.partition("=")[::2] for one in columns)
    wrong = [one for one in columns if not all(part.strip() for part in one.partition("="))]
    if wrong:
        raise click.UsageError(
            tr(
                f"--column {wrong[0]}:应为 字段=列名",
                f"--column {wrong[0]}: FIELD=COLUMN is needed",
            )
        )
    return named


def _tickets(file: Any, source: str, named: Any, as_json: bool, **said: Any) -> bool:
    from .imports.tickets import import_tickets_file, say_tickets

    report = import_tickets_file(file, source, dry_run=said["dry_run"], datum=said["datum"])
    say_tickets(report, as_json=as_json)
    return bool(report["errors"] or report["differs"])


def _requests(file: Any, source: str, named: Any, as_json: bool, **said: Any) -> bool:
    from .imports.requests import Asked, import_requests_file

    report = import_requests_file(file, Asked(source, columns=named, **said))
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return bool(report["errors"])
    verb = tr("将收件", "would be taken in") if report["dry_run"] else tr("收件", "taken in")
    left = len(report["errors"])
    click.echo(
        tr(
            f"读取 {report['read']} 行,{verb} {report['opened']},已在案 {report['known']},"
            f"未采用 {left}。",
            f"{report['read']} rows read, {report['opened']} {verb}, {report['known']} known "
            f"already, {left} left out.",
        )
    )
    say_rest(report)
    return bool(left)


@import_.command("unit-sheet", help=tr("填好的承办单位办理表", "A unit's filled sheet of tasks"))
@click.argument("file", type=_FILE)
@click.option("--as", "username", required=True,
              help=tr("该单位联络员的账号", "account of one of the unit's liaisons"))  # fmt: skip
@click.option("--photos", type=click.Path(file_okay=False, exists=True, path_type=Path),
              help=tr("照片所在文件夹", "the folder with the photos"))  # fmt: skip
@click.option("--dry-run", is_flag=True, help=tr("只检查", "only check"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def unit_sheet(
    ctx: click.Context, file: Path, username: str, photos: Path | None, dry_run: bool, as_json: bool
) -> None:
    with set_up_django():
        from .imports.unit_sheet import import_unit_sheet, say_unit_sheet

        report = import_unit_sheet(file, username, photos, dry_run=dry_run)
        say_unit_sheet(report, as_json=as_json)
    ctx.exit(1 if report["conflict"] + report["refused"] + report["wrong"] else 0)
