"""Are the tests of the rules worth anything? Spoil the rules in one place and see who notices.

`python -m lianqin.cases.tests.mutants` makes every mutant of `lianqin/cases/rules/`, runs the pure
rule tests against each in a process of its own, and prints the share killed and who survived;
`--write` keeps that in docs/mutants.md. It fails when one survives that `KNOWN` does not explain.

The mutation libraries change the bodies of functions; half of our rules are entries of tables,
which have to be taken out too.
"""

from __future__ import annotations

import ast
import copy
import importlib
import importlib.abc
import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest  # noqa: F401  (read once, before the forks)

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "lianqin/cases/rules"
TESTS = ["lianqin.cases.tests.test_rules_by_hand"]
#: Longest a test run may take, in seconds; a mutant that hangs is killed.
PATIENCE = 60

#: Survivors that change nothing anybody could see, and why.
KNOWN: dict[str, str] = {
    "lianqin.cases.rules.carried: `''` → `'~'`": "stands for no place at all: either lies nowhere",
}

_SWAPS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitOr: ast.BitAnd, ast.Mod: ast.FloorDiv,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One spoilt place: which file and line, the text before and after, the whole module."""

    module: str
    line: int
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        """How it is told apart from others."""
        return f"{self.module}: `{self.before}` → `{self.after}`"


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What one node may be spoilt to."""
    yield from _SPOILS.get(type(node), lambda _: iter(()))(node)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for place, old in enumerate(node.ops):
        for swap in _SWAPS[type(old)]:
            ops = [*node.ops[:place], swap(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)


def _bool(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    if len(node.values) > 2:
        for one in node.values:
            yield ast.BoolOp(node.op, [v for v in node.values if v is not one])


def _sum(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in _SUMS:
        yield ast.BinOp(node.left, _SUMS[type(node.op)](), node.right)


def _not(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not):
        yield node.operand


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, str):
        yield ast.Constant(f"{node.value}~")


def _entries(node: ast.Tuple | ast.List | ast.Set) -> Iterator[ast.AST]:
    for one in node.elts:
        rest = [e for e in node.elts if e is not one]
        if not isinstance(node, ast.Set):
            yield type(node)(rest, ast.Load())
        elif rest:
            yield ast.Set(rest)


def _dict(node: ast.Dict) -> Iterator[ast.AST]:
    for number in range(len(node.keys)):
        keep = [i for i in range(len(node.keys)) if i != number]
        yield ast.Dict([node.keys[i] for i in keep], [node.values[i] for i in keep])


_SPOILS: dict[type[ast.AST], Callable[[Any], Iterator[ast.AST]]] = {
    ast.Compare: _compare,
    ast.BoolOp: _bool,
    ast.BinOp: _sum,
    ast.UnaryOp: _not,
    ast.Constant: _constant,
    ast.Raise: lambda node: iter([ast.Pass()]),
    ast.IfExp: lambda node: iter([ast.IfExp(node.test, node.orelse, node.body)]),
    ast.Tuple: _entries,
    ast.List: _entries,
    ast.Set: _entries,
    ast.Dict: _dict,
}


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Every node of code that may be spoilt, by its parent, field and place in it; no annotations,
    docstrings, or lists of what is exported."""
    for line in tree.body:
        if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "__all__":
            line.value = ast.Tuple([], ast.Load())
    yield from _within(tree)


def _within(parent: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    for name, value in ast.iter_fields(parent):
        if name in ("annotation", "returns", "slice", "targets", "target"):
            continue
        if isinstance(parent, ast.Expr) and isinstance(value, ast.Constant):
            continue
        if isinstance(value, ast.AST):
            yield parent, name, None
            yield from _within(value)
        elif isinstance(value, list):
            for place, one in enumerate(value):
                if isinstance(one, ast.AST):
                    yield parent, name, place
                    yield from _within(one)


def mutants() -> Iterator[Mutant]:
    """Every mutant of the rules."""
    for path in sorted(RULES.glob("*.py")):
        tree = ast.parse(path.read_text())
        inside = "" if path.stem == "__init__" else f".{path.stem}"
        for parent, name, place in list(places(tree)):
            holder = getattr(parent, name)
            old = holder if place is None else holder[place]
            for new in changes(old):
                ast.copy_location(new, old)
                _put(parent, name, place, new)
                source = ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree)))
                _put(parent, name, place, old)
                module = f"lianqin.cases.rules{inside}"
                yield Mutant(module, old.lineno, *_told(old, new), source)


def _told(old: ast.AST, new: ast.AST) -> tuple[str, str]:
    """Before and after in words; of a table only the entry that is missing."""
    before, after = ast.unparse(old), ast.unparse(new)
    if isinstance(old, ast.Dict) and isinstance(new, ast.Dict):
        gone = [key for key in old.keys if key not in new.keys and key is not None]
        return (ast.unparse(gone[0]) if gone else "**{…}"), "(no such entry)"
    return before, after


def _put(parent: ast.AST, name: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[place] = node


class Spoilt(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module in its spoilt form."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: object, target: object = None) -> object:
        """The spec of the spoilt module, nobody else's."""
        if name != self.mutant.module:
            return None
        package = name == "lianqin.cases.rules"
        spec = importlib.util.spec_from_loader(name, self, is_package=package)
        if spec is not None and package:
            spec.submodule_search_locations = [str(RULES)]
        return spec

    def create_module(self, spec: object) -> None:
        """As usual."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the spoilt source."""
        exec(compile(self.mutant.source, f"<{self.mutant.name}>", "exec"), module.__dict__)


def survives(mutant: Mutant | None) -> bool:
    """Whether the tests pass with the rules spoilt so (with None: as they are)."""
    child = os.fork()
    if child == 0:
        os._exit(_run(mutant))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _run(mutant: Mutant | None) -> int:
    signal.alarm(PATIENCE)
    for name in [n for n in sys.modules if n.startswith("lianqin.cases")]:
        del sys.modules[name]
    if mutant is not None:
        sys.meta_path.insert(0, Spoilt(mutant))
    try:
        for name in TESTS:
            for test, values in _cases(importlib.import_module(name)):
                test(**values)
    except BaseException:
        return 1
    return 0


def _cases(module: ModuleType) -> Iterator[tuple[Callable[..., None], dict[str, object]]]:
    """The tests of a module with their rows, without pytest: it would take a hundred times as
    long, and these tests ask for no fixture."""
    for name, test in vars(module).items():
        if not name.startswith("test_"):
            continue
        marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
        if not marks:
            yield test, {}
        for names, rows, *_ in (mark.args for mark in marks):
            keys = [names] if isinstance(names, str) else list(names)
            yield from (
                (test, dict(zip(keys, [row] if len(keys) == 1 else row, strict=True)))
                for row in rows
            )


def report(all_of_them: list[Mutant], alive: list[Mutant]) -> str:
    """The page for docs/."""
    killed = len(all_of_them) - len(alive)
    lines = [
        "# How sharp the tests of the rules are", "",
        "<!-- Made by `python -m lianqin.cases.tests.mutants --write`; do not edit. -->", "",
        "`make mutants` spoils `lianqin/cases/rules/` in one place at a time (comparisons, words,",
        "numbers; refusals and entries of tables left out) and runs the rules' tests on it.", "",
        f"{datetime.now(UTC):%Y-%m-%d}: {len(all_of_them)} mutants, {killed} killed"
        f" ({100 * killed / len(all_of_them):.1f} %), {len(alive)} survived.", "",
        "| where | spoilt | why nobody can notice |", "|---|---|---|",
    ]  # fmt: skip
    for one in alive:
        file = one.module.removeprefix("lianqin.cases.") + f":{one.line}"
        text = f"`{one.before}` → `{one.after}`".replace("|", "\\|").replace("\n", " ")
        lines.append(f"| {file} | {text} | {KNOWN.get(one.name, '**not explained**')} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Make them all, and say who survived."""
    sys.path.insert(0, str(ROOT))
    if not survives(None):
        print("the tests fail without any mutant")
        return 2
    listed = list(mutants())
    with ThreadPoolExecutor(2) as pool:
        lives = list(pool.map(survives, listed))
    alive = [mutant for mutant, lived in zip(listed, lives, strict=True) if lived]
    text = report(listed, alive)
    print(text)
    if "--write" in sys.argv:
        (ROOT / "docs/mutants.md").write_text(text)
    return int(any(one.name not in KNOWN for one in alive))


if __name__ == "__main__":
    sys.exit(main())
