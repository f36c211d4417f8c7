"""What a token may be used for. A token is its account's posts narrowed by its scopes; whoever
signs in with a session has no scopes and is not narrowed by any. Pure."""

from __future__ import annotations

from collections.abc import Iterable

#: Scope → what it is for, in Chinese and English.
SCOPES: dict[str, tuple[str, str]] = {
    "read": ("查看本账号范围内的案件与记录", "read cases and records within the account's place"),
    "report": ("上报与上传照片", "report and upload pictures"),
    "act": ("办理案件", "act on cases"),
    "tickets": ("导入平台与热线工单", "bring in tickets of the platform and the hotline"),
    "reveal": ("查看上报人姓名与电话", "see names and numbers of reporters"),
    "replay": ("按原时间回放(仅演示)", "replay at times of its own (demo only)"),
}

#: Scopes that only programs of a demo install hold; nobody is offered them.
SEED = "seed"

#: What a token could do before tokens had scopes; the upgrade gives it to those that stand.
BEFORE = ("read", "report", "act", "tickets", "reveal")

#: Acts that a scope of their own opens; every other act is opened by `act`.
_BY_ACT = {
    "report": "report",
    "settle": "report",
    "upload": "report",
    "import_tickets": "tickets",
    "reveal": "reveal",
}


def scope_for(act: str) -> str:
    """The scope that a token needs for an act."""
    return _BY_ACT.get(act, "act")


def opens(scopes: Iterable[str], act: str) -> bool:
    """Whether a token with these scopes may be used for the act."""
    return scope_for(act) in scopes


def offered(demo: bool) -> list[str]:
    """Scopes that a new token may be given here."""
    return [scope for scope in SCOPES if demo or scope != "replay"]
