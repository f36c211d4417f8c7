"""The list of open sessions, with our way of beginning one."""

from __future__ import annotations

from allauth.account.signals import password_changed, password_set
from allauth.usersessions.apps import UserSessionsConfig


class OpenSessions(UserSessionsConfig):  # type: ignore[misc]
    """As allauth has it, but a sign-in does not go through all other sessions of the account: in a
    demo, hundreds share one. `tend` sweeps those that have run out."""

    default = False

    def ready(self) -> None:
        """Follow a changed password, which gives the session another key."""
        from allauth.usersessions import signals

        for signal in (password_set, password_changed):
            signal.connect(receiver=signals.on_password_changed)
