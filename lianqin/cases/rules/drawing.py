"""Draws that anybody can repeat from what stands in the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID


def draw(pool: Sequence[UUID], seed: str) -> UUID | None:
    """The checker that a seed draws from a pool; None from an empty one.

    Anybody can repeat the draw from the pool and the seed in the entry: the pool in the order of
    its ids, the place in it the SHA-256 of the seed.
    """
    if not pool:
        return None
    ordered = sorted(pool)
    return ordered[int.from_bytes(hashlib.sha256(seed.encode()).digest()) % len(ordered)]


def drawn_as_sample(seed: str, percent: int) -> bool:
    """Whether a case settled on the spot is looked at again: `percent` of a hundred are."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()) % 100 < percent


def replay_seed(key: UUID) -> str:
    """The seed of a draw in a replay: it follows from the act's key, so that what is played again
    comes out again. Where nobody replays a seed is nobody's to choose."""
    return hashlib.sha256(f"draw {key}".encode()).hexdigest()[:16]
