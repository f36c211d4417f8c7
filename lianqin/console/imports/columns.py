"""The tables that can be brought in: their columns, headings in both languages, how a table is
known by them. What a template shows is made from the same list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lianqin.console.words import Refusal, tr

from .tables import Row, Table


@dataclass(frozen=True)
class Column:
    """A column: its own name, its Chinese heading, what it takes (zh, en), an example, other
    headings that mean the same. `needed`: True, or the name of a column that may stand for it."""

    name: str
    zh: str
    takes: tuple[str, str]
    example: str = ""
    needed: bool | str = False
    others: tuple[str, ...] = ()
    #: What it is called in this one file, where somebody has said so.
    heading: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of table. `any_of`: it has at least one of these columns, where none is needed."""

    name: str
    zh: str
    columns: tuple[Column, ...]
    any_of: tuple[str, ...] = ()

    def named(self, table: Table) -> dict[str, int]:
        """Where each known column stands; own names win over others that mean the same."""
        said = {_bare(column.heading): column.name for column in self.columns if column.heading}
        free = [column for column in self.columns if not column.heading]
        own = {_bare(column.name): column.name for column in free}
        other = {
            _bare(word): column.name for column in free for word in (column.zh, *column.others)
        }
        found: dict[str, int] = {}
        for names in (said, own, other):
            for at, heading in enumerate(table.columns):
                name = names.get(_bare(heading))
                if name and at not in found.values():
                    found.setdefault(name, at)
        return found

    def missing(self, table: Table) -> list[str]:
        """Names of needed columns that the table does not have."""
        there = self.named(table)
        return [
            column.name
            for column in self.columns
            if column.needed and column.name not in there and column.needed not in there
        ]

    def fits(self, table: Table) -> int:
        """How many columns of the table are this kind's; 0 if it cannot be one."""
        there = self.named(table)
        if self.missing(table) or (self.any_of and not set(self.any_of) & set(there)):
            return 0
        return len(there)


@dataclass(frozen=True)
class Known:
    """A table of a file and what it holds: its columns by name, and the headings not used."""

    kind: Kind
    table: Table
    at: dict[str, int]

    @property
    def ignored(self) -> list[str]:
        """Headings that mean nothing here."""
        used = set(self.at.values())
        return [name for at, name in enumerate(self.table.columns) if name and at not in used]

    def rows(self) -> Iterator[Row]:
        """The rows below the heading."""
        return self.table.rows()


def _bare(heading: str) -> str:
    """A heading as far as it matters: without blanks, marks and what stands in brackets."""
    without = re.sub(r"[(（\[【].*?[)）\]】]", "", heading)
    return re.sub(r"[\s_*:：/／\-]+", "", without).lower()


def recognised(
    tables: Sequence[Table], kinds: Sequence[Kind], what: str | None
) -> tuple[list[Known], list[str]]:
    """What each table holds: as said by `what`, else by its name, else by its columns.

    Sheets that hold none of it are named and passed over. Raises Refusal when nothing is left.
    """
    wanted = [kind for kind in kinds if kind.name == what] if what else list(kinds)
    if len(tables) == 1:
        return [_known(tables[0], _only(tables[0], wanted))], []
    found, passed = [], []
    for table in tables:
        kind = _by_name(table, wanted) or _by_columns(table, wanted)
        if kind is None:
            passed.append(table.name)
        else:
            found.append(_known(table, kind))
    if not found:
        raise _nothing_known(wanted)
    return sorted(found, key=lambda one: wanted.index(one.kind)), passed


def _only(table: Table, kinds: Sequence[Kind]) -> Kind:
    if len(kinds) == 1:
        return kinds[0]
    kind = _by_name(table, kinds) or _by_columns(table, kinds)
    if kind is not None:
        return kind
    nearest = _nearest(table, kinds)
    raise _nothing_known(kinds, nearest, *(nearest.missing(table) or nearest.any_of))


def _known(table: Table, kind: Kind) -> Known:
    missing = kind.missing(table)
    if missing or (kind.any_of and not kind.fits(table)):
        needed = [c.name for c in kind.columns if c.needed] or list(kind.any_of)
        may = [column.name for column in kind.columns if not column.needed]
        lost = missing or needed
        where = f"({table.name})" if table.name else ""
        raise Refusal(
            tr(
                f"缺少列{where}:{'、'.join(lost)}。"
                f"需要 {'、'.join(needed)},可有 {'、'.join(may)}。",
                f"Missing columns{where}: {', '.join(lost)}. Needed: {', '.join(needed)}; "
                f"may have: {', '.join(may)}.",
            )
        )
    return Known(kind, table, kind.named(table))


def _by_name(table: Table, kinds: Sequence[Kind]) -> Kind | None:
    said = _bare(table.name)
    return next((kind for kind in kinds if said and said in (_bare(kind.name), kind.zh)), None)


def _by_columns(table: Table, kinds: Sequence[Kind]) -> Kind | None:
    best = sorted(((kind.fits(table), kind) for kind in kinds), key=lambda one: -one[0])
    if not best[0][0] or (len(best) > 1 and best[0][0] == best[1][0]):
        return None
    return best[0][1]


def _nearest(table: Table, kinds: Sequence[Kind]) -> Kind:
    """The kind whose columns the table has most of: what was probably meant."""
    may = [kind for kind in kinds if kind.named(table) and not kind.any_of] or list(kinds)
    return min(may, key=lambda kind: (len(kind.missing(table)), -len(kind.named(table))))


def _nothing_known(kinds: Sequence[Kind], nearest: Kind | None = None, *lost: str) -> Refusal:
    names = ", ".join(kind.name for kind in kinds)
    if nearest is None:
        return Refusal(
            tr(
                f"没有认出的工作表,应名为或含有下列之一的列:{names}。",
                f"No sheet is known; each should be called, or have the columns of, one of: "
                f"{names}.",
            )
        )
    return Refusal(
        tr(
            f"缺少列:{'、'.join(lost)}(若为 {nearest.name},即{nearest.zh})。"
            f"如是其他表,请用 --what 指明:{names}。",
            f"Missing columns: {', '.join(lost)}, if it is {nearest.name}. "
            f"Say with --what if it is another table: {names}.",
        )
    )
