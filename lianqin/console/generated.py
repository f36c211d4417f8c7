"""Documents that are made from the code: the OpenAPI schema, the lifecycle, the policy table, the
tables that can be brought in."""

from __future__ import annotations

import json
from pathlib import Path

from lianqin.accounts.policy import POLICY, ROLES
from lianqin.accounts.principal import READS_PLACE
from lianqin.cases.lifecycle import ACT_WORDS, ENDED, LIFECYCLE, STATE_WORDS, State
from lianqin.cases.rules import responsible

from .doors import BESIDE, DOORS, RIGHTS
from .imports.columns import Column
from .imports.kinds import ROOMS

NOTE = "<!-- Made by `lianqin docs` from the code; do not edit. -->\n"


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
    """The lifecycle as a diagram and as tables, from `cases.lifecycle.LIFECYCLE`."""
    lines = [NOTE, "# The lifecycle of a case", "", *_diagram()]
    lines += [
        "Acts that leave a case where it stands are in the table only.",
        "",
        "| act | 办理 | from | to | when | needs | may carry |",
        "|---|---|---|---|---|---|---|",
    ]
    for line in LIFECYCLE:
        sources = ", ".join(s.value for s in State if s in line.sources) or "–"
        target = line.target.value if line.target else "stays"
        lines.append(
            f"| {line.act} | {ACT_WORDS[line.act][0]} | {sources} | {target} | {line.when} "
            f"| {', '.join(line.needs)} | {', '.join(line.takes)} |"
        )
    lines += ["", "| state | 状态 | who answers for it |", "|---|---|---|"]
    lines += [f"| {s.value} | {STATE_WORDS[s][0]} | {_ANSWERS[responsible(s)]} |" for s in State]
    return "\n".join(lines) + "\n"


_ANSWERS = {
    "hands": "the crew or unit",
    "centre": "the centre",
    "elsewhere": "the platform that sent it",
    "nobody": "ended",
}


def _diagram() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{STATE_WORDS[s][0]} {s.value}" as {s.value}' for s in State]
    for line in LIFECYCLE:
        if line.target is None:
            continue
        words = f"{ACT_WORDS[line.act][0]} {line.act}" + (f" [{line.when}]" if line.when else "")
        origins = [s.value for s in State if s in line.sources] or ["[*]"]
        lines += [f"    {origin} --> {line.target.value}: {words}" for origin in origins]
    lines += [f"    {s.value} --> [*]" for s in State if s in ENDED]
    return [*lines, "```", ""]


def policy_text() -> str:
    """The policy table, act by role."""
    lines = [
        NOTE,
        "# Who may do what",
        "",
        "`place`: on what lies in the post's place. `own_task`: on what is in the hands of the "
        "post's crew or unit. `any`: wherever it is. `drawn`: a collector on what the draw gave "
        "them, a desk in its place. `hands_or_place`, `own_request`: handlers on what is in their "
        "hands, a desk in its place. `own_notice`: on a notice addressed to the person.",
        "",
        "| act | reach | " + " | ".join(ROLES) + " |",
        "|---|---|" + "---|" * len(ROLES),
    ]
    for act, grant in POLICY.items():
        marks = " | ".join("●" if role in grant.roles else "" for role in ROLES)
        lines.append(f"| {act} | {grant.reach} | {marks} |")
    lines += ["", "## Who reads what", "", _READING, "", "| role | reads |", "|---|---|"]
    lines += [f"| {role} | {_reads(role)} |" for role in ROLES]
    lines += ["", "## Ways in", "", "Every address, and the act or the right that opens it.", ""]
    lines += [f"- `{right}`: {meaning}" for right, meaning in RIGHTS.items()]
    lines += ["", "| method | address | opened by |", "|---|---|---|"]
    lines += [f"| {d.method} | `/{d.route}` | {d.opens} |" for d in (*DOORS, *BESIDE)]
    return "\n".join(lines) + "\n"


_READING = (
    "A post counts from its first day to its last. `place`: every case of the post's place. "
    "`hands`: what is in the hands of the post's crew or unit. `checks`: what the draw gave them, "
    "and what somebody is to look at in their place. `nothing`: no case at all."
)


def _reads(role: str) -> str:
    if role in READS_PLACE:
        return "place"
    return {"crew_member": "hands", "unit_liaison": "hands", "collector": "checks"}.get(
        role, "nothing"
    )


def columns_text() -> str:
    """Every table that can be brought in, with its columns, from `imports/columns.csv`."""
    lines = [NOTE, "# Tables that can be brought in · 可以导入的表", ""]
    lines += [
        "A heading may be the column's own name or the Chinese one; ● is needed, ○ with the name "
        "of the column that may stand for it. How files are read: [import.md](import.md).",
    ]
    for room, kinds in ROOMS.items():
        for kind in kinds.values():
            lines += ["", f"## {kind.zh} {kind.name} · `lianqin import {room}`", ""]
            lines += ["| column | 列 | | what it takes | 说明 |", "|---|---|---|---|---|"]
            lines += [_column(column) for column in kind.columns]
    return "\n".join(lines) + "\n"


def _column(column: Column) -> str:
    needed = {True: "●", False: ""}.get(column.needed is True, "")
    if isinstance(column.needed, str):
        needed = f"○ `{column.needed}`"
    zh, en = column.takes
    return f"| `{column.name}` | {column.zh} | {needed} | {en} | {zh} |"


def documents() -> dict[str, str]:
    """Every generated document by its path below the project's root."""
    return {
        "docs/openapi.json": openapi_text(),
        "docs/lifecycle.md": lifecycle_text(),
        "docs/policy.md": policy_text(),
        "docs/columns.md": columns_text(),
    }
