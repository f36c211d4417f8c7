"""`lianqin account`: the first accounts and tokens of a real district, from the console."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING
from uuid import UUID

import click

from .commands import set_up_django
from .home import Home
from .services import Plan
from .words import Refusal, chinese, tr

if TYPE_CHECKING:
    from lianqin.accounts.rules import PostWanted


@click.group(help=tr("账号与令牌", "Accounts and tokens"))
def account() -> None:
    pass


@account.command(
    "add", help=tr("新建账号;密码从标准输入读取", "Add an account; asks for a password")
)
@click.argument("username")
@click.option("--name", required=True, help=tr("姓名", "the person's name"))
@click.option("--role", required=True, help=tr("岗位,如 operator", "a role, such as operator"))
@click.option("--place", required=True, help=tr("范围路径", "a place: 110101/110101001/east"))
@click.option("--crew", default="", help=tr("联勤组名称", "the crew of a crew member"))
@click.option("--unit", default="", help=tr("单位编码", "the unit of a liaison"))
@click.option("--machine", is_flag=True, help=tr("程序账号,无密码", "a program: no password"))
def add(
    username: str, name: str, role: str, place: str, crew: str, unit: str, machine: bool
) -> None:
    with set_up_django():
        from lianqin.accounts import account_actions
        from lianqin.accounts.http import real_now
        from lianqin.accounts.models import User

        from .console_account import at_the_console

        if User.objects.filter(username=username).exists():
            raise Refusal(tr(f"已有账号 {username}。", f"There is an account {username} already."))
        post = _post(role, place, crew, unit)
        password = None if machine else _password(username, name)
        new = account_actions.NewAccount(username, name, (post,))
        with at_the_console("invite", username) as (command, today, demo):
            account_actions.invite(command, new, today=today, demo=demo, link=False)
        if password is not None:
            from lianqin.accounts.actions import set_password

            set_password(User.objects.get(username=username), password, now=real_now())
        click.echo(tr(f"已新建 {username}:{role} {place}", f"added {username}: {role} {place}"))


@account.command(
    "invite",
    help=tr(
        "生成一次性邀请链接;账号不存在时先新建",
        "Make a one-time link to set a password with; makes the account if there is none",
    ),
)
@click.argument("username")
@click.option("--name", default="", help=tr("姓名", "the person's name"))
@click.option("--role", default="", help=tr("岗位,如 security_admin", "a role: security_admin"))
@click.option("--place", default="", help=tr("范围路径", "a place: 110101/110101001/east"))
@click.option("--crew", default="", help=tr("联勤组名称", "the crew of a crew member"))
@click.option("--unit", default="", help=tr("单位编码", "the unit of a liaison"))
@click.option("--hours", default=72, show_default=True, type=click.IntRange(1, 720))
def invite(
    username: str, name: str, role: str, place: str, crew: str, unit: str, hours: int
) -> None:
    with set_up_django():
        from datetime import timedelta

        from lianqin.accounts import account_actions
        from lianqin.accounts.invitation_actions import invitation_path
        from lianqin.accounts.models import User

        from .console_account import at_the_console

        good_for = timedelta(hours=hours)
        user = User.objects.filter(username=username).first()
        if user is None:
            if not (name and role and place):
                raise Refusal(
                    tr(
                        f"没有账号 {username}:新建时请写明 --name、--role 和 --place。",
                        f"There is no account {username}: to make it, say --name, --role and "
                        "--place.",
                    )
                )
            new = account_actions.NewAccount(username, name, (_post(role, place, crew, unit),))
            with at_the_console("invite", username) as (command, today, demo):
                shown = account_actions.invite(
                    command, new, today=today, demo=demo, good_for=good_for
                )
        elif not user.is_active:
            raise Refusal(tr(f"账号 {username} 已停用。", f"{username} is switched off."))
        else:
            with at_the_console("invite", username) as (command, today, _):
                shown = account_actions.invite_again(
                    command, user.id, today=today, good_for=good_for
                )
        click.echo(
            tr(
                f"{username} 的邀请链接({hours} 小时内有效,只能使用一次):",
                f"The link for {username} (good for {hours} hours, and once):",
            )
        )
        click.echo(_address() + invitation_path(shown.secret))


@account.command(
    "password", help=tr("设置密码;从标准输入读取", "Set the password of an account; asks for it")
)
@click.argument("username")
def set_password(username: str) -> None:
    with set_up_django():
        from django.utils import timezone

        from lianqin.accounts.actions import set_password
        from lianqin.accounts.models import User

        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise Refusal(tr(f"没有账号 {username}。", f"There is no account {username}."))
        set_password(user, _password(username, user.display_name), now=timezone.now())
        click.echo(
            tr(
                f"已设置 {username} 的密码;首次登录时须更改",
                f"{username} has a new password, to be changed at the first sign-in",
            )
        )


@account.command("token", help=tr("签发令牌;只显示这一次", "Issue a token; it is shown this once"))
@click.argument("username")
@click.option("--name", default="api", show_default=True, help=tr("用途", "what it is for"))
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=("read", "report", "act"),
    show_default=True,
    help=tr("用途范围,可重复", "what it may be used for; may be repeated"),
)
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 365))
def token(username: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    with set_up_django():
        from lianqin.accounts import token_actions
        from lianqin.accounts.models import User

        from .console_account import at_the_console

        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise Refusal(tr(f"没有账号 {username}。", f"There is no account {username}."))
        wanted = token_actions.TokenWanted(name, scopes, days)
        with at_the_console("issue_token", username, name) as (command, today, demo):
            shown = token_actions.issue(command, user.id, wanted, today=today, demo=demo)
        click.echo(shown.secret)


@account.command("list", help=tr("列出账号与岗位", "List accounts and their posts"))
def list_accounts() -> None:
    with set_up_django():
        from lianqin.accounts.models import Posting

        rows = Posting.objects.select_related("user").order_by("user__username", "role")
        for row in rows:
            shown = f"{row.user.username:28} {row.user.display_name:10} {row.role} {row.place}"
            click.echo(shown)


def _post(role: str, place: str, crew: str, unit: str) -> PostWanted:
    """The posting, checked against the policy's roles, the district and the force."""
    from lianqin.accounts.policy import ROLES, SERVICE_ROLES
    from lianqin.accounts.principal import within
    from lianqin.accounts.rules import PostWanted
    from lianqin.force.models import Agency, Crew
    from lianqin.territory.queries import NoDistrict, district

    try:
        code = district().code
    except NoDistrict:
        raise Refusal(
            tr(
                "尚未设置区:先运行 lianqin import territory。",
                "No district yet: import its territory.",
            )
        ) from None
    roles = [known for known in ROLES if known not in SERVICE_ROLES]
    if role not in roles:
        raise Refusal(tr("没有该岗位。可用:", "No such role. There are: ") + ", ".join(roles))
    if not within(place, code):
        raise Refusal(tr(f"范围须以 {code} 开头。", f"A place begins with {code}."))
    crew_id: UUID | None = None
    unit_id: UUID | None = None
    if role == "crew_member":
        found = Crew.objects.filter(name_zh=crew).first()
        if found is None:
            raise Refusal(tr(f"没有联勤组“{crew}”(--crew)。", f"No crew named '{crew}' (--crew)."))
        crew_id = found.id
    if role == "unit_liaison":
        agency = Agency.objects.filter(code=unit, takes_cases=True).first()
        if agency is None:
            raise Refusal(tr(f"没有承办单位“{unit}”(--unit)。", f"No unit '{unit}' (--unit)."))
        unit_id = agency.id
    return PostWanted(role, place, crew_id, unit_id)


def _address() -> str:
    """Where people reach this install: what `serve` says of itself, else what it will say."""
    state = Home.from_environment().read_state() or {}
    return str(state.get("address") or Plan.from_environment(demo=False).site.address).rstrip("/")


def _password(username: str, name: str) -> str:
    """A password from the keyboard, or a line of standard input; held to the house's rules."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.utils import translation

    from lianqin.accounts.models import User

    if sys.stdin.isatty():
        given = getpass.getpass(tr(f"{username} 的密码:", f"Password for {username}: "))
    else:
        given = sys.stdin.readline().rstrip("\n")
    with translation.override("zh-hans" if chinese() else "en"):
        try:
            validate_password(given, User(username=username, display_name=name))
        except ValidationError as error:
            raise Refusal(" ".join(error.messages)) from None
    return given
