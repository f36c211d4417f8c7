"""Rules of the house that a machine can watch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import lianqin

HOUSE = Path(lianqin.__file__).parent
ROOMS = (
    "journal",
    "accounts",
    "files",
    "notices",
    "territory",
    "force",
    "catalogue",
    "cases",
    "geo",
)


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of the rooms, without tests and migrations."""
    for room in rooms:
        for path in sorted((HOUSE / room).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.parts):
                yield str(path.relative_to(HOUSE)), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[str]:
    """Every call as it is written, up to its bracket."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func) + ("()" if not node.args and not node.keywords else "")


def test_no_room_asks_the_machine_for_the_time() -> None:
    asks = {"timezone.now()", "timezone.localdate()", "timezone.localtime()", "date.today()",
            "datetime.now", "datetime.now()", "datetime.utcnow()", "time.time()"}  # fmt: skip
    assert [(n, c) for n, tree in modules(*ROOMS) for c in calls(tree) if c in asks] == []


def test_rows_are_written_by_actions_alone() -> None:
    """The sealer is the one exception: it writes seals beside the log that it seals."""
    writes = (".objects.create", ".bulk_create", "update_or_create", "get_or_create")
    found = {
        name
        for name, tree in modules(*ROOMS)
        for call in calls(tree)
        if call.endswith(writes) and "actions" not in name
    }
    assert found == {"journal/seals.py"}


def test_a_function_is_read_at_a_glance() -> None:
    """Forty lines of code; what a docstring explains does not count against it."""
    long = []
    for name, tree in modules(*ROOMS):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]
                if lines > 40:
                    long.append((name, node.name, lines))
    assert long == []
