"""Documents that are made from the code: the OpenAPI schema, the lifecycle, the policy table."""

from __future__ import annotations

import json
from pathlib import Path

from lianqin.accounts.policy import POLICY, ROLES
from lianqin.cases.export import STATES
from lianqin.cases.rules import LIFECYCLE, State, responsible

NOTE = "<!-- Made by `lianqin docs` from the code; do not edit. -->\n"

ACT_WORDS = {
    "file": "立案",
    "reject": "不予立案",
    "join": "并案",
    "dispatch": "派遣",
    "told_by_radio": "已对讲通知",
    "accept": "签收",
    "report_back": "办理反馈",
    "send_back": "回退",
    "check_pass": "核查通过",
    "check_fail": "核查不通过",
    "close": "结案",
}


def project_root() -> Path:
    """The checkout this package runs from."""
    return Path(__file__).resolve().parents[2]


def openapi_text() -> str:
    """The API's schema as it is checked in."""
    from .api import api

    schema = api.get_openapi_schema()
    for scheme in schema["components"]["securitySchemes"].values():
        if scheme.get("in") == "cookie":
            # The real name carries the install's port; the document is the same for all.
            scheme["name"] = "lianqin_session_PORT"
    return json.dumps(schema, indent=1, ensure_ascii=False, default=str) + "\n"


def lifecycle_text() -> str:
    """The lifecycle as a diagram and as a table, from `cases.rules.LIFECYCLE`."""
    lines = [NOTE, "# The lifecycle of a case", "", "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{STATES[s.value][0]} {s.value}" as {s.value}' for s in State]
    lines.append("    [*] --> reported: 上报 report")
    for line in LIFECYCLE:
        for source in sorted(line.sources):
            lines.append(
                f"    {source.value} --> {line.target.value}: {ACT_WORDS[line.act]} {line.act}"
            )
    ends = [s for s in State if responsible(s) == "nobody"]
    lines += [f"    {s.value} --> [*]" for s in ends]
    lines += [
        "```",
        "",
        "| act | 办理 | from | to | needs | may carry |",
        "|---|---|---|---|---|---|",
    ]
    for line in LIFECYCLE:
        sources = ", ".join(sorted(s.value for s in line.sources))
        lines.append(
            f"| {line.act} | {ACT_WORDS[line.act]} | {sources} | {line.target.value} "
            f"| {', '.join(line.needs)} | {', '.join(line.takes)} |"
        )
    lines += ["", "| state | 状态 | who answers for it |", "|---|---|---|"]
    words = {"hands": "the crew or unit", "centre": "the centre", "nobody": "ended"}
    lines += [f"| {s.value} | {STATES[s.value][0]} | {words[responsible(s)]} |" for s in State]
    return "\n".join(lines) + "\n"


def policy_text() -> str:
    """The policy table, act by role."""
    lines = [
        NOTE,
        "# Who may do what",
        "",
        "`place`: on what lies in the post's place. `own_task`: on what is in the hands of the "
        "post's crew or unit. `any`: wherever it is.",
        "",
        "| act | reach | " + " | ".join(ROLES) + " |",
        "|---|---|" + "---|" * len(ROLES),
    ]
    for act, grant in POLICY.items():
        marks = " | ".join("●" if role in grant.roles else "" for role in ROLES)
        lines.append(f"| {act} | {grant.reach} | {marks} |")
    return "\n".join(lines) + "\n"


def documents() -> dict[str, str]:
    """Every generated document by its path below the project's root."""
    return {
        "docs/openapi.json": openapi_text(),
        "docs/lifecycle.md": lifecycle_text(),
        "docs/policy.md": policy_text(),
    }
