"""The district that a first import sets up: what can be kept, and what stands already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lianqin.console.words import Refusal, tr
from lianqin.territory.models import District
from lianqin.worktime import china
from lianqin.worktime.holidays import CHINA_ZONE, DayKind, seed_days

from .files import LeftOut
from .running import district_here


@dataclass(frozen=True)
class NewDistrict:
    """What `--district` and its companions say. `demo`: a rehearsal, marked so on every screen."""

    code: str
    name_zh: str
    number_prefix: str
    name_en: str = ""
    timezone: str = CHINA_ZONE
    demo: bool = False

    @property
    def row(self) -> Mapping[str, Any]:
        """As the territory keeps it."""
        return {
            "code": self.code,
            "name_zh": self.name_zh,
            "name_en": self.name_en or self.name_zh,
            "number_prefix": self.number_prefix,
            "timezone": self.timezone,
            "demo": self.demo,
        }

    @property
    def holidays(self) -> dict[str, Any]:
        """The holidays that come with the project; elsewhere there are weekends alone until
        somebody enters them."""
        if self.timezone != CHINA_ZONE:
            return {}
        days = [
            (d.date, "holiday" if d.kind is DayKind.HOLIDAY else "workday", d.zh)
            for d in seed_days()
        ]
        return {"days": days, "days_until": china().valid_until}


def district_for(wanted: NewDistrict | None) -> tuple[District, NewDistrict | None]:
    """The install's district, and what is to be set up when there is none yet.

    Raises Refusal for a district that cannot be kept, and for another one than stands here.
    """
    if wanted is None:
        return district_here(), None
    here = District.objects.first()
    if here is None:
        _refuse_unusable(wanted)
        return District(**wanted.row), wanted
    if here.code != wanted.code or here.demo != wanted.demo:
        held = f"{here.name_zh} ({here.code})"
        if here.demo:
            held = tr(f"演示区 {held}", f"the demo district {held}")
        raise Refusal(
            tr(
                f"本安装已是{held}。每个安装只对应一个区,请用 LIANQIN_HOME 另设数据目录。",
                f"This install holds {held} already. One install is one district: "
                "name another data folder in LIANQIN_HOME.",
            )
        )
    same = (here.name_zh, here.number_prefix, here.timezone) == (
        wanted.name_zh,
        wanted.number_prefix,
        wanted.timezone,
    )
    if not same or (wanted.name_en and wanted.name_en != here.name_en):
        raise Refusal(
            tr(
                f"{here.name_zh}已设置(前缀 {here.number_prefix},时区 {here.timezone}),"
                "导入不更改这些内容;请去掉 --district。",
                f"{here.name_zh} is set up already (prefix {here.number_prefix}, "
                f"{here.timezone}); an import does not change that: leave --district out.",
            )
        )
    return here, None


def _refuse_unusable(wanted: NewDistrict) -> None:
    """Refuse a district whose code, names, prefix or time zone cannot be kept."""
    if not (wanted.code.isascii() and wanted.code.isalnum() and len(wanted.code) <= 12):
        raise Refusal(
            tr(
                f"--district “{wanted.code}”应为区划代码,1 至 12 位数字或字母。",
                f"--district '{wanted.code}' should be the district's code, "
                "1 to 12 digits or letters.",
            )
        )
    longest = {"--name": (wanted.name_zh, 60), "--name-en": (wanted.name_en, 60)}
    longest["--prefix"] = (wanted.number_prefix, 12)
    for option, (value, most) in longest.items():
        if len(value) > most or (not value.strip() and option != "--name-en"):
            raise Refusal(
                tr(f"{option} 应为 1 至 {most} 个字。", f"{option} has 1 to {most} characters.")
            )
    try:
        ZoneInfo(wanted.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refusal(
            tr(
                f"没有时区 {wanted.timezone},例如 Asia/Shanghai 或 America/New_York。",
                f"There is no time zone {wanted.timezone}; such are Asia/Shanghai and "
                "America/New_York.",
            )
        ) from error


def nothing_to_set_up(left: list[LeftOut]) -> Refusal:
    """Said when a first import has no area that can be used."""
    first = next((f"{one.row}: {one.field}: {one.reason}" for one in left), "")
    return Refusal(
        tr(
            f"没有可用的区域,未设置区。{first}",
            f"No area can be used, so no district was set up. {first}",
        )
    )
