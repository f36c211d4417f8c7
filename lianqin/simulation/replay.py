"""`lianqin replay FILE`: real requests through the public API, worked to their end by demo staff.

Composition only: options in, the parts put together, the summary out. The process has no
database access; it is a client like any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import httpx

from . import mapping, modelled, reading, staff, summary
from .board import Board, Rhythm
from .choosing import choose, profile_options
from .client import AT_ONCE, Api, GaveUp
from .decisions import Judge
from .intake import Intake, Plan
from .profiles import Profile, ProfileUnknown
from .run import Run, reference
from .setting import Setting, read_setting
from .words import tr
from .work import Office


@dataclass(frozen=True)
class Options:
    """The command line, read and checked."""

    file: Path
    profile: Profile
    speed: float | None
    limit: int | None
    server: str
    demo: staff.Demo
    staffings: tuple[staff.Staffing, ...]
    seed: int
    everything: bool
    quiet: bool
    model: bool


def _default_server() -> str:
    return f"http://127.0.0.1:{os.environ.get('LIANQIN_PORT') or '8420'}"


def _speed(text: str) -> float | None:
    """`max` or a positive number; raises click.BadParameter."""
    if text == "max":
        return None
    with contextlib.suppress(ValueError):
        if (speed := float(text)) > 0:
            return speed
    raise click.BadParameter(tr("应为 max 或正数", "max or a number above 0"), param_hint="--speed")


def _staffing(text: str) -> staff.Staffing:
    try:
        return staff.parse_staffing(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}?", param_hint="--staff") from error


HELP = tr(
    """把 FILE(CSV、Parquet)的每一行经公开 HTTP 接口上报,并由演示账号扮演的坐席、联勤组、
承办单位与核查员按规则办到结案。

同一文件再放一遍不会多出任何东西;服务器中途被杀也会接着办完。仅限演示城区。""",
    """Post every row of FILE (CSV, Parquet) as a report over the public HTTP API, and let demo
accounts work the cases to their end by the rules, as operators, crews, units and checkers.

The same file again adds nothing, and a server that is killed in between is waited for. Demo
districts only.""",
)


@click.command(help=HELP)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--speed",
    default="max",
    show_default=True,
    metavar="N|max",
    help=tr("文件节奏的 N 倍,或尽快", "N times the file's own rhythm, or as fast as it goes"),
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="M",
    help=tr("只取前 M 行", "only the first M rows"),
)
@click.option(
    "--server",
    default=_default_server,
    metavar="URL",
    help=tr(
        "服务器地址(默认 http://127.0.0.1:$LIANQIN_PORT)",
        "the server (default http://127.0.0.1:$LIANQIN_PORT)",
    ),
)
@click.option(
    "--accounts",
    type=click.Path(path_type=Path),
    metavar="JSON",
    help=tr(
        "演示账号(默认 LIANQIN_HOME/demo-accounts.json)",
        "demo accounts (default LIANQIN_HOME/demo-accounts.json)",
    ),
)
@click.option(
    "--staff",
    "staffings",
    multiple=True,
    default=["operators=2,crews=all,checkers=all"],
    show_default=True,
    help=tr(
        "各岗位人数、上班时间与每步分钟,如 operators=1,units_hours=8-16,accept=5-10",
        "people per post, their hours, minutes per act: operators=1,units_hours=8-16,accept=5-10",
    ),
)
@click.option(
    "--model",
    is_flag=True,
    help=tr(
        "只推演,不上报:按每个 --staff 给出按时比例与等待",
        "post nothing: say what each --staff would come to, by the same model of queues",
    ),
)
@click.option("--seed", default=1, show_default=True, help=tr("随机种子", "seed of what is drawn"))
@profile_options
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help=tr("也办理非回放的案件", "also work cases that no replay brought"),
)
@click.option("--json", "as_json", is_flag=True, help=tr("以 JSON 输出", "print JSON"))
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="PATH",
    help=tr("另把 JSON 结果写入此文件", "also write the JSON result to this file"),
)
def replay(
    file: Path, speed: str, limit: int | None, server: str, accounts: Path | None,
    staffings: tuple[str, ...], model: bool, seed: int, profile: str | None,
    columns: tuple[str, ...], zone: str, formats: tuple[str, ...],
    everything: bool, as_json: bool, report: Path | None,
) -> None:  # fmt: skip
    """Read the options, run, print; exits 1 when cases are left open or the server stayed away."""
    try:
        options = Options(
            file=file,
            profile=choose(file, profile, columns, zone, formats),
            speed=_speed(speed),
            limit=limit,
            server=server,
            demo=staff.load(accounts or staff.default_accounts()),
            staffings=tuple(map(_staffing, staffings)),
            seed=seed,
            everything=everything,
            quiet=as_json,
            model=model,
        )
        if len(staffings) > 1 and not model:
            raise click.BadParameter(
                tr("只有 --model 可以比较多种", "several only with --model"), param_hint="--staff"
            )
        data = asyncio.run(_with_server(options))
    except (staff.NoAccounts, ProfileUnknown, reading.FileUnreadable) as error:
        raise click.UsageError(str(error)) from error
    except (RuntimeError, GaveUp) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        again = tr("已中断。再次运行即从中断处继续。", "Stopped. Run it again to go on from here.")
        raise click.ClickException(again) from None
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if report:
        report.write_text(text + "\n", encoding="utf-8")
    in_words = modelled.in_words if model else summary.in_words
    click.echo(text if as_json else in_words(data))
    if data.get("open") or data.get("gave_up"):
        sys.exit(1)


async def _with_server(options: Options) -> dict[str, Any]:
    """Put the parts together and run them, or the model alone; the result."""
    trouble = _Trouble(options.quiet)
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    timeout = httpx.Timeout(30.0, connect=5.0)
    # trust_env: a proxy of the environment is not meant for the district's own server.
    async with httpx.AsyncClient(
        base_url=options.server, limits=limits, timeout=timeout, trust_env=False
    ) as http:
        api = Api(http, on_trouble=trouble)
        known = await reference(api, options.demo.token)
        setting = await read_setting(
            api, options.file, options.profile, options.demo, options.seed, known
        )
        _say_areas(options, setting.plan)
        if options.model:
            return modelled.compare(setting, options.staffings, options.limit)
        return await _replay(options, api, setting)


async def _replay(options: Options, api: Api, setting: Setting) -> dict[str, Any]:
    run, staffing = _run(options, api, setting), options.staffings[0]
    run.on_progress = _Progress(run, options.quiet)
    judge = run.board.judge
    district = setting.district(staffing, judge)
    planned = setting.planned(district, judge, run.intake.tally, options.limit)
    began = time.monotonic()
    await run.run(planned)
    return summary.summary(run, time.monotonic() - began) | {
        "staffing": modelled.staffing_of(staffing, district)
    }


def _run(options: Options, api: Api, setting: Setting) -> Run:
    profile, staffing = options.profile, options.staffings[0]
    judge = Judge(options.seed, staffing.minutes)
    board = Board(judge, Rhythm(options.speed))
    position = int(setting.known["me"].get("position") or 0)
    token, plan = options.demo.token, setting.plan
    intake = Intake(api, token, plan, board, reading.Tally(), start_position=position)
    office = Office(
        api=api,
        staff=staff.Staff(options.demo.accounts, staffing),
        board=board,
        judge=judge,
        general=setting.general,
        not_ours=lambda service: (
            plan.class_of(service) is None and mapping.not_ours(service, profile)
        ),
        services=intake.services,
    )
    return Run(api, board, intake, office, options.everything)


def _say_areas(options: Options, plan: Plan) -> None:
    """Print which area stands for which name in the file, and that this is invented."""
    if options.quiet:
        return
    click.echo(f"{options.file.name} · {plan.profile.title or plan.profile.name}", err=True)
    for name, area in plan.areas.items():
        mark = tr("(虚构的分配)", "(allotment invented)") if area.invented else ""
        missing = tr("(未写明)", "(none named)")
        click.echo(f"  {name or missing:<24} → {area.code} {area.area_name} {mark}", err=True)


class _Trouble:
    """Says once per spell that the server is not answering and that we wait."""

    def __init__(self, quiet: bool) -> None:
        self._quiet, self._said_at = quiet, -60.0

    def __call__(self, failure: str) -> None:
        if self._quiet or time.monotonic() - self._said_at < 5:
            return
        self._said_at = time.monotonic()
        waiting = tr("服务器未应答,等待后重试", "the server is not answering, waiting")
        click.echo(f"  {waiting} ({failure})", err=True)


class _Progress:
    """A line every few seconds."""

    def __init__(self, run: Run, quiet: bool) -> None:
        self._run, self._quiet, self._said_at = run, quiet, time.monotonic()

    def __call__(self) -> None:
        if self._quiet or time.monotonic() - self._said_at < 3:
            return
        self._said_at = time.monotonic()
        posted, acts = self._run.intake.posted, self._run.office.acts.total()
        left = len(self._run.board.open())
        click.echo(
            tr(f"  已上报 {posted},动作 {acts},未办结 {left}",
               f"  {posted} posted, {acts} acts, {left} open"),
            err=True,
        )  # fmt: skip
