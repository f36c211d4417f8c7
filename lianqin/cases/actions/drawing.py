"""Drawing who checks: by a seed that stands in the journal."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from lianqin.accounts.queries import posted_as
from lianqin.cases.facts import involved
from lianqin.cases.rules import draw
from lianqin.journal.canonical import text_hash

from .on_case import Change


def draw_for(change: Change, without: Iterable[UUID] = ()) -> None:
    """Draw the checker of a case that has been reported back.

    From the accounts posted as collectors in the district on that day, without whoever found or
    handled the case or served in the crew that did. Size of the pool, a hash of it and the seed go
    into the entry, so that the draw can be repeated; from an empty pool nobody is drawn, and the
    case waits at the duty commander.
    """
    change.case.checker_id, change.data["draw"] = drawn(
        change.case.id,
        change.around.today,
        secrets.token_hex(8),
        {*without, change.acting.principal.id},
    )


def drawn(
    case_id: UUID, today: date, seed: str, without: Iterable[UUID] = ()
) -> tuple[UUID | None, dict[str, object]]:
    """The checker drawn with a seed, and what the entry says of the draw."""
    out = involved(case_id) | set(without)
    pool = sorted(set(posted_as("collector", today)) - out)
    checker = draw(pool, seed)
    return checker, {
        "pool": len(pool),
        "pool_hash": text_hash([str(one) for one in pool])[:16],
        "seed": seed,
        "checker": str(checker) if checker else None,
    }
