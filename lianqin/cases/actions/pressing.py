"""Pressing for a case: urging, supervision, a leader's assignment."""

from __future__ import annotations

from .on_case import Change, verb


@verb
def urge(change: Change) -> None:
    """催办: it should go faster; how often is counted."""
    change.case.urged_count += 1
    change.data["count"] = change.case.urged_count


@verb
def supervise(change: Change) -> None:
    """督办: watched from above until it is answered, by a date."""
    change.case.supervised_at = change.when.at
    change.case.supervised_until = change.said.until
    change.data["until"] = str(change.said.until)


@verb
def lift_supervision(change: Change) -> None:
    """督办销号: answered."""
    change.case.supervised_at = change.case.supervised_until = None


@verb
def leader_assign(change: Change) -> None:
    """领导交办: a leader wants it done."""
    change.case.assigned_by_leader_at = change.when.at
    change.case.assigned_until = change.said.until
    if change.said.until:
        change.data["until"] = str(change.said.until)
