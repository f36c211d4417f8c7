"""The entry about a file of tickets; the reports made of its rows have their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lianqin.accounts.policy import Target
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform


def note_import(
    command: Command, place: str, source: str, file_hash: str, answer: Mapping[str, Any]
) -> Done:
    """Journal that a file was taken in, with its counts and SHA-256, and keep the answer.

    A file that opened nothing leaves no entry: the same file again changes nothing.
    """

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(place))
        if not answer["opened"]:
            return Outcome(None, answer)
        counts = {name: answer[name] for name in ("rows", "opened", "known", "left_out")}
        data = {"source": source, "file": file_hash, "counts": counts}
        counts["differs"] = len(answer["differs"])
        return Outcome(acting.draft(post, ("tickets", command.key), data), answer)

    return perform(command, work)
