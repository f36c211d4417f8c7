"""Commands that work on the district's data: demo, journal, tend, docs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from .database import database
from .words import Refusal, tr

LOGS = ("journal", "access")


@contextmanager
def set_up_django() -> Iterator[None]:
    """The database reached and Django set up, for the duration of a command."""
    import os

    with database():
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqin.settings")
        django.setup()
        yield


@click.group(help=tr("演示城区", "The demo district"))
def demo() -> None:
    pass


@demo.command("seed", help=tr("装入演示城区;可重复", "Bring the demo district in; safe to repeat"))
@click.option("--no-cases", is_flag=True, help=tr("不装入案件", "leave the cases out"))
@click.option(
    "--teams",
    type=click.Choice(["5", "13"]),
    default="5",
    envvar="LIANQIN_DEMO_TEAMS",
    show_default=True,
    show_envvar=True,
    help=tr("试点 5 队或全区 13 队", "the five teams of the pilot, or the whole district's"),
)
def demo_seed(no_cases: bool, teams: str) -> None:
    with set_up_django():
        from .demo import seed

        for step in seed(with_cases=not no_cases, teams=int(teams)):
            click.echo(step)


@demo.command("accounts", help=tr("列出演示账号", "List the demo accounts"))
@click.option("--json", "as_json", is_flag=True)
def demo_accounts(as_json: bool) -> None:
    from .home import Home

    file = Home.from_environment().root / "demo-accounts.json"
    if not file.exists():
        raise Refusal(
            tr(
                "没有演示账号:先运行 lianqin demo seed。",
                "No demo accounts: run `lianqin demo seed` first.",
            )
        )
    found = json.loads(file.read_text())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for account in found["accounts"]:
        roles = ", ".join(f"{r['role']} {r['place']}" for r in account["roles"])
        click.echo(f"{account['username']:28} {account['name']:6} {roles}")


@demo.command(
    "staff",
    help=tr("为演练区的账号签发令牌", "Issue tokens for the accounts of a rehearsal district"),
)
def demo_staff() -> None:
    with set_up_django():
        from .demo_staff import write_staff

        for line in write_staff():
            click.echo(line)


@demo.command("reset", help=tr("清空演示城区(serve 运行时拒绝)", "Wipe the demo district"))
def demo_reset() -> None:
    from .home import Home
    from .reset import reset

    reset(Home.from_environment())
    click.echo(tr("演示城区已清空。", "The demo district has been wiped."))


@click.group(help=tr("日志", "The journal"))
def journal() -> None:
    pass


def _file(log: str) -> Path:
    from .home import Home

    return Home.from_environment().root / "seals" / f"{log}.txt"


def _sealed_logs() -> dict[str, object]:
    from lianqin.accounts.access import ACCESS
    from lianqin.journal.seals import JOURNAL

    return {"journal": JOURNAL, "access": ACCESS}


@journal.command("verify", help=tr("逐条核对封存", "Check every entry against its seal"))
@click.option("--log", type=click.Choice(LOGS), multiple=True, help=tr("只查其一", "one of them"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def verify_command(ctx: click.Context, log: tuple[str, ...], as_json: bool) -> None:
    with set_up_django():
        from lianqin.journal.seals import verify

        reports = [verify(_sealed_logs()[name], _file(name)) for name in log or LOGS]  # type: ignore[arg-type]
    if as_json:
        click.echo(json.dumps([r.as_dict() for r in reports], indent=1))
    for r in reports if not as_json else []:
        click.echo(
            tr(
                f"{r.log}:{r.entries} 条,已封存 {r.sealed} 条({r.seals} 个封条),"
                f"最后位置 {r.head}。",
                f"{r.log}: {r.entries} entries, {r.sealed} sealed under {r.seals} seals, "
                f"head at {r.head}.",
            )
        )
        if r.not_in_file:
            click.echo(
                tr(
                    f"  {r.not_in_file} 个封条不在封条文件中,请与纸本核对",
                    f"  {r.not_in_file} seals are not in the seals file: compare with the paper",
                )
            )
        for finding in r.findings:
            click.echo(f"  {finding}")
        if r.clean:
            click.echo(tr("  完好", "  clean"))
    ctx.exit(0 if all(r.clean for r in reports) else 1)


@journal.command("seal", help=tr("立即封存", "Seal what is not sealed yet"))
def seal_command() -> None:
    with set_up_django():
        from django.utils import timezone

        from lianqin.journal.seals import seal

        for name, log in _sealed_logs().items():
            count = seal(log, timezone.now(), _file(name))  # type: ignore[arg-type]
            click.echo(tr(f"{name}:新封存 {count} 条", f"{name}: {count} entries sealed"))


@journal.command("seals", help=tr("打印封条,可留存纸本", "Print the seals, for keeping on paper"))
@click.option("--log", type=click.Choice(LOGS), default="journal")
def seals_command(log: str) -> None:
    with set_up_django():
        from lianqin.journal.models import Seal
        from lianqin.journal.seals import line

        for seal in Seal.objects.filter(log=log).order_by("number"):
            click.echo(line(seal))


@click.command(help=tr("封存日志、清理文件(由 serve 启动)", "Seal the journal, sweep files"))
@click.option(
    "--every", default=5.0, show_default=True, help=tr("间隔秒", "seconds between rounds")
)
def tend(every: float) -> None:
    with set_up_django():
        from .tending import tend_once

        while True:
            tend_once(_file)
            time.sleep(every)


@click.command(help=tr("由代码生成的文档", "Write the documents that are made from the code"))
def docs() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqin.settings")
    django.setup()
    from .generated import documents, project_root

    for name, text in documents().items():
        path = project_root() / name
        changed = not path.exists() or path.read_text() != text
        path.write_text(text)
        click.echo(f"{name}: {tr('已更新', 'written') if changed else tr('未变', 'unchanged')}")
