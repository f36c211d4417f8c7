"""The setting LIANQIN_IDLE_MINUTES: how long roles may leave a session alone in this install.

Read by the settings themselves, so nothing of Django is imported here.
"""

from __future__ import annotations

from lianqin.accounts.policy import ROLES

LONGEST_MINUTES = 14 * 60


def idle_minutes(text: str) -> dict[str, int]:
    """Turn `commander=30, office_staff=45` into minutes by role.

    Raises ValueError that says what is wrong and what would be right.
    """
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        role, _, minutes = (piece.strip() for piece in part.partition("="))
        if role not in ROLES:
            raise ValueError(
                f"LIANQIN_IDLE_MINUTES: no role {role!r}; there are: {', '.join(ROLES)}"
            )
        plain = minutes.isascii() and minutes.isdigit() and len(minutes) < 6
        if not plain or not 1 <= int(minutes) <= LONGEST_MINUTES:
            raise ValueError(
                f"LIANQIN_IDLE_MINUTES: {role}={minutes!r} should be whole minutes from 1 to "
                f"{LONGEST_MINUTES}, as in 'commander=30,office_staff=45'"
            )
        found[role] = int(minutes)
    return found
