"""Every way an act can be refused, as codes with parameters; wording is for the edge."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An act that was not done, and why. Nothing of it is kept."""

    code = "refused"
    status = 422

    def __init__(self, code: str = "", *, field: str = "", **params: Any) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.field = field
        self.params = params


class Forbidden(Refusal):
    """The act is known; none of the person's posts entitles them to it here."""

    code = "forbidden"
    status = 403

    def __init__(self, act: str) -> None:
        super().__init__(act=act)


class NotHere(Refusal):
    """Foreign or absent: the two are not to be told apart."""

    code = "not_found"
    status = 404


class Conflict(Refusal):
    """Somebody else was first; carries both sides."""

    code = "conflict"
    status = 409


class KeyReused(Refusal):
    """The idempotency key came before with another request."""

    code = "idempotency_key_reused"
    status = 422
