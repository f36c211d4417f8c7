"""Reading a case number back: prefix, duty date, serial."""

from __future__ import annotations

import re
from datetime import date

from .models import Case

_NUMBER = re.compile(r"(?:.*-)?(\d{4})(\d{2})(\d{2})-(\d{1,6})")


def parse_number(text: str) -> tuple[date, int] | None:
    """Duty date and serial of "<prefix>-20261123-0042" (the prefix may be left out), or None."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, serial = (int(part) for part in match.groups())
    try:
        return date(year, month, day), serial
    except ValueError:
        return None


def by_number(text: str, *, lock: bool = False) -> Case | None:
    """The case with that number, or the one it was joined into; its row locked if asked."""
    parsed = parse_number(text)
    if parsed is None:
        return None
    rows = Case.objects.select_for_update(of=("self",)) if lock else Case.objects.all()
    found = rows.filter(duty_date=parsed[0], serial=parsed[1]).first()
    while found is not None and found.joined_into_id is not None:
        found = rows.filter(id=found.joined_into_id).first()
    return found
