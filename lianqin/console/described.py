"""What the schema of the API says beside its shapes: what opens an operation, which key and which
clock a write carries, and that every refusal is a problem document."""

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
_DEVICE = {
    "in": "header",
    "name": "Device-Time",
    "description": "What the sender's own clock stands at when it sends (ISO 8601 with an offset). "
    "If that is off by more than five minutes, `occurred_at` is moved by as much and the act is "
    "marked. It is no part of what an Idempotency-Key stands for.",
    "required": False,
    "schema": {"type": "string", "format": "date-time"},
}
#: Acts that keep no answer, and so take no key.
_KEYLESS = frozenset({"reveal"})


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with these things added to every operation that they hold for."""
    schema["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in schema["paths"].items():
        route = path.lstrip("/").replace("{", "<").replace("}", ">")
        for method, operation in operations.items():
            door = door_of(method.upper(), route)
            operation["x-opened-by"] = door.opens if door else ""
            operation["responses"]["default"] = _REFUSED
            if door and door.act and door.act not in _KEYLESS:
                operation["parameters"] = [*operation.get("parameters", []), _KEY]
            if _claims(operation, schema["components"]["schemas"]):
                operation["parameters"] = [*operation.get("parameters", []), _DEVICE]
    return schema


def _claims(operation: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether what is sent there may say when something happened."""
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    shape = sent.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return "occurred_at" in schemas.get(shape, {}).get("properties", {})
