"""The CapabilityStatement: what this server does, told from the tables it works by."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final

import msgspec

from careflow.clock import instant_text
from careflow.fhir.definitions import resource_types, search_parameters
from careflow.records.offered import CONDITIONALS, INTERACTIONS, Level
from careflow.records.owners import VIEWS

_EVERYWHERE: Final = (("_id", "token"), ("_lastUpdated", "date"))


@lru_cache(maxsize=16)
def capability_statement(base: str, since: datetime) -> bytes:
    """Return the statement for a base address, as of when the server started."""
    statement = {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant_text(since),
        "kind": "instance",
        "software": {"name": "CareFlowAI", "version": version("careflow")},
        "implementation": {"description": "CareFlowAI health record", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [_rest()],
    }
    return msgspec.json.encode(statement)


def _rest() -> dict[str, Any]:
    return {
        "mode": "server",
        "security": {
            "cors": False,
            "description": "A bearer token for every request but this one; see /api/auth/token.",
        },
        "resource": [_resource(kind) for kind in sorted(resource_types() - VIEWS)],
        "interaction": _interactions("system"),
    }


def _interactions(*levels: Level) -> list[dict[str, str]]:
    codes = dict.fromkeys(offer.code for offer in INTERACTIONS if offer.level in levels)
    return [{"code": code} for code in codes]


def _resource(kind: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": kind,
        "interaction": _interactions("instance", "type"),
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": CONDITIONALS.create,
        "conditionalRead": CONDITIONALS.read,
        "conditionalUpdate": CONDITIONALS.update,
        "conditionalDelete": CONDITIONALS.delete,
        "referencePolicy": ["literal", "local"],
    }
    told["searchParam"] = [
        *({"name": name, "type": type_} for name, type_ in _EVERYWHERE),
        *(
            {"name": parameter.code, "type": parameter.type}
            for parameter in search_parameters(kind).values()
        ),
    ]
    return told
