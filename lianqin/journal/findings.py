"""Telling an altered entry from a dropped, added, moved or swapped one. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a log, and where."""

    kind: str
    position: int
    other: int | None = None
    count: int = 1

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        return {
            "kind": self.kind,
            "position": self.position,
            "other": self.other,
            "count": self.count,
        }

    def __str__(self) -> str:
        words = {
            "altered": f"position {self.position}: the entry was altered",
            "dropped": f"position {self.position}: the entry was dropped",
            "added": f"position {self.position}: an entry was added",
            "swapped": f"positions {self.position} and {self.other}: the two entries were swapped",
            "moved": f"position {self.position}: the entry sealed at {self.other} now stands here",
            "shifted": f"positions {self.position} to {self.position + self.count - 1}: "
            f"{self.count} entries stand {(self.other or 0):+d} from where they were sealed",
            "seal_broken": f"seal {self.position}: does not match its entries or the seal before",
            "seal_differs_from_file": f"seal {self.position}: differs from the seals file",
            "seal_missing": f"seal {self.position}: stands in the seals file, not in the database",
        }
        return words[self.kind]


def name_findings(sealed: dict[int, bytes], stored: dict[int, bytes]) -> list[Finding]:
    """Name what happened, given the sealed and the stored hash of every position in question.

    `stored` may also hold untouched unsealed entries; they only serve to find moved ones.
    """
    was_at = {digest: position for position, digest in sealed.items()}
    now_at = {digest: position for position, digest in stored.items()}
    moved = {p: was_at[digest] for p, digest in stored.items() if digest in was_at}
    lost = {p for p, digest in sealed.items() if digest not in now_at}
    strange = {p for p, digest in stored.items() if digest not in was_at and p in sealed}
    findings = [Finding("altered", p) for p in lost & strange]
    findings += [Finding("dropped", p) for p in lost - strange]
    findings += [Finding("added", p) for p in strange - lost]
    swaps = {p for p, origin in moved.items() if moved.get(origin) == p}
    findings += [Finding("swapped", p, moved[p]) for p in swaps if p < moved[p]]
    findings += _runs({p: origin for p, origin in moved.items() if p not in swaps})
    return sorted(findings, key=lambda f: (f.position, f.kind))


def _runs(moved: dict[int, int]) -> list[Finding]:
    """Join neighbours that moved by the same distance: one insertion shifts all behind it."""
    findings: list[Finding] = []
    for position in sorted(moved):
        distance = position - moved[position]
        last = findings[-1] if findings else None
        if last and last.other == distance and last.position + last.count == position:
            findings[-1] = Finding("shifted", last.position, distance, last.count + 1)
        else:
            findings.append(Finding("shifted", position, distance))
    return [
        Finding("moved", f.position, f.position - (f.other or 0)) if f.count == 1 else f
        for f in findings
    ]
