"""`docs/policy.md` as its reader understands it: parsed from the page, not from the code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lianqin.console.generated import project_root


@dataclass(frozen=True)
class Line:
    """One act: how far it reaches, and the roles that have a mark."""

    reach: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Page:
    """What the page says. `doors`: (method, address, what opens it)."""

    roles: tuple[str, ...]
    acts: dict[str, Line]
    reads: dict[str, str]
    doors: tuple[tuple[str, str, str], ...]


def _rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, its own head first."""
    text = (project_root() / "docs" / "policy.md").read_text(encoding="utf-8")
    section = text.partition(f"# {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if not line.startswith("|---")
    ]


@cache
def page() -> Page:
    """The page as it is checked in."""
    head, *rows = _rows("Who may do what")
    roles = tuple(head[2:])
    acts = {
        row[0]: Line(
            row[1], frozenset(r for r, mark in zip(roles, row[2:], strict=True) if mark == "●")
        )
        for row in rows
    }
    reads = dict(_rows("Who reads what")[1:])
    doors = tuple((m, at.strip("`").lstrip("/"), by) for m, at, by in _rows("Ways in")[1:])
    return Page(roles, acts, reads, doors)
