"""What the Law on Administrative Penalties (行政处罚法, as amended 2021) asks of a find that its
crew deals with on the spot. Pure; one rule by article.

Education and an order to put right are no penalties, and any crew may settle with them. A penalty
is not imposed here: it belongs to a procedure of its own with documents and a party. What a crew
can say is that it has begun one; the find is then a report like any other and closes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .facts import Refused

EDUCATED, CORRECTED, PENALISED = "educated", "corrected", "penalised"
#: What a find on the spot ends with: zh-CN, English.
OUTCOMES: dict[str, tuple[str, str]] = {
    EDUCATED: ("教育", "Educated"),
    CORRECTED: ("责令改正", "Ordered to put right"),
    PENALISED: ("处罚", "Penalty begun"),
}
#: The article that each rests on: 33 (not punished, but educated), 28 (ordered to put right), 42.
ARTICLES = {EDUCATED: "33", CORRECTED: "28", PENALISED: "42"}
#: Article 42: not fewer than two.
NEEDED = 2
#: Who enforces for the one body that a crew's team serves. Police officers and their auxiliaries
#: go out with it, but belong to another body and act under another law.
ENFORCES = "enforcement_officer"


@dataclass(frozen=True)
class Served:
    """Somebody of a crew: kind, whether there is a certificate, and its first and last day (None:
    open on that side)."""

    kind: str
    certificate: bool
    first: date | None = None
    last: date | None = None

    def entitled(self, on: date) -> bool:
        """Whether they may enforce on that day."""
        begun = self.first is None or self.first <= on
        return (
            self.kind == ENFORCES
            and self.certificate
            and begun
            and (self.last is None or on <= self.last)
        )


@dataclass(frozen=True)
class Qualified:
    """How many of a crew may enforce on a day; `lapsed`: whose certificate is not in force then."""

    officers: int
    lapsed: int = 0

    @property
    def ok(self) -> bool:
        """Whether the crew may begin a penalty (article 42)."""
        return self.officers >= NEEDED


def qualified(crew: Iterable[Served], on: date) -> Qualified:
    """Article 42: penalties are carried out by officers who are entitled to enforce."""
    enforcing = [one for one in crew if one.kind == ENFORCES and one.certificate]
    entitled = sum(one.entitled(on) for one in enforcing)
    return Qualified(entitled, len(enforcing) - entitled)


def article_42(outcome: str, crew: Qualified) -> None:
    """Refuse a penalty by fewer than two officers who are entitled on that day."""
    if outcome == PENALISED and not crew.ok:
        raise Refused("penalty_needs_two_officers", "outcome", officers=str(crew.officers))


def article_33(outcome: str, known_before: bool) -> bool:
    """Whether somebody should ask if educating was enough: a minor breach that is put right at
    once is not punished, a first one need not be. The first found here of its class is taken for
    a first one; whether it was minor only people can say, so that this refuses nothing."""
    return outcome == PENALISED and not known_before
