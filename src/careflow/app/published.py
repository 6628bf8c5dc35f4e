"""The API with the schema that it publishes: every refusal of every address in it as it is."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from typing_extensions import override

from careflow.app.problems import MEDIA_TYPE

_NAME: Final = "ProblemDetails"
_PROBLEM: Final[dict[str, Any]] = {
    "title": _NAME,
    "description": "What was wrong (RFC 9457); `code` is stable and listed in errors.md.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "place": {"type": "string"},
        "request": {"type": "string"},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "rule"],
                "properties": {"field": {"type": "string"}, "rule": {"type": "string"}},
            },
        },
    },
}
_REFUSED: Final = {
    "description": "Refused",
    "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{_NAME}"}}},
}
_FRAMEWORKS_OWN: Final = ("HTTPValidationError", "ValidationError")


class PublishedApi(FastAPI):
    """FastAPI, whose own words for a refusal are ours."""

    @override
    def openapi(self) -> dict[str, Any]:
        """Return the schema."""
        made = super().openapi()
        schemas = made["components"]["schemas"]
        if _NAME not in schemas:
            schemas[_NAME] = _PROBLEM
            for name in _FRAMEWORKS_OWN:
                schemas.pop(name, None)
            for address in made["paths"].values():
                for operation in address.values():
                    operation["responses"].pop("422", None)
                    operation["responses"]["4XX"] = _REFUSED
        return made
