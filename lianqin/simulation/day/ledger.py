"""What has been played of a day, on disk after every step: a killed player goes on where it was.

The server's idempotency keys are the second safety: a step whose note was lost is sent again under
the same key and changes nothing.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Told:
    """How far one story has come: steps done, its case as last known, or why it was left."""

    steps: int = 0
    case_id: str = ""
    version: int = 0
    left: str = ""


@dataclass
class Ledger:
    """One file per day, a line per step."""

    path: Path
    stories: dict[str, Told] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Read what is there; a line that was cut off by a kill is dropped."""
        found = cls(path)
        if path.exists():
            text = path.read_text(encoding="utf-8")
            whole = text[: text.rfind("\n") + 1]
            for line in whole.splitlines():
                found._take(json.loads(line))
            if whole != text:
                path.write_text(whole, encoding="utf-8")
        return found

    def told(self, story: str) -> Told:
        """How far a story has come."""
        return self.stories.setdefault(story, Told())

    def done(self, story: str, step: int) -> bool:
        """Whether a step is behind us: played, or of a story that was left."""
        told = self.stories.get(story)
        return told is not None and (told.steps >= step or bool(told.left))

    def note(self, story: str, step: int, case_id: str = "", version: int = 0) -> None:
        """A step was played."""
        self._write({"story": story, "step": step, "case": case_id, "version": version})

    def leave(self, story: str, why: str) -> None:
        """The rest of a story is not played."""
        self._write({"story": story, "left": why})

    def left(self) -> dict[str, str]:
        """Stories that were left, and why."""
        return {name: told.left for name, told in self.stories.items() if told.left}

    def _take(self, line: dict[str, Any]) -> None:
        told = self.told(line["story"])
        told.left = line.get("left", told.left)
        told.steps = max(told.steps, int(line.get("step", 0)))
        if line.get("case"):
            told.case_id, told.version = line["case"], int(line["version"])

    def _write(self, line: dict[str, Any]) -> None:
        self._take(line)
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def write_whole(path: Path, data: Any) -> None:
    """Replace a file with some JSON, so that a reader finds the old one or the new one."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    os.replace(part, path)
