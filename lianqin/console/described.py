"""What the schema of the API says beside its shapes: what opens an operation, which key a write
carries, and that every refusal is a problem document."""

from __future__ import annotations

from typing import Any

from .doors import door_of

#: RFC 9457, as `problems.problem` writes it.
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "params"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "params": {"type": "object"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
_REFUSED = {
    "description": "Refused, and why: a code with parameters, words in the reader's language.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "A UUID of the writer's own, one for each intent; 428 without it. The same "
    "request under the same key is answered as it was the first time.",
    "required": False,
    "schema": {"type": "string", "format": "uuid"},
}
#: Acts that keep no answer, and so take no key.
_KEYLESS = frozenset({"reveal"})


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with these three things added to every operation."""
    schema["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in schema["paths"].items():
        route = path.lstrip("/").replace("{", "<").replace("}", ">")
        for method, operation in operations.items():
            door = door_of(method.upper(), route)
            operation["x-opened-by"] = door.opens if door else ""
            operation["responses"]["default"] = _REFUSED
            if door and door.act and door.act not in _KEYLESS:
                operation["parameters"] = [*operation.get("parameters", []), _KEY]
    return schema
