"""The CapabilityStatement: what this server does, told from the tables it works by."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import msgspec

from careflow.clock import instant_text
from careflow.fhir.definitions import resource_types
from careflow.fhir.search_offered import (
    PREFIXES,
    includes_of,
    modifiers_of,
    of_every_type,
    parameters_of,
    result_parameters,
    revincludes_of,
)
from careflow.records.offered import (
    CONDITIONALS,
    INTERACTIONS,
    OPERATIONS,
    PATCH_TYPES,
    VIEWS_OFFERED,
    Level,
    Operation,
)

_SERVICES: Final = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_WITH_PREFIXES: Final = frozenset({"date", "number", "quantity"})


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
        "patchFormat": list(PATCH_TYPES),
        "rest": [_rest()],
    }
    return msgspec.json.encode(statement)


@cache
def _rest() -> msgspec.Raw:
    """Return what does not depend on who asks where: made once, it is most of the statement."""
    rest = {
        "mode": "server",
        "documentation": "Searches of every type also take "
        f"{', '.join(result_parameters())}; "
        "a search over several types names them with _type and takes the parameters listed here.",
        "security": {
            "cors": False,
            "description": "A bearer token for every request but this one; "
            ".well-known/smart-configuration says where to ask for one.",
            "service": [{"coding": [{"system": _SERVICES, "code": "SMART-on-FHIR"}]}],
        },
        "resource": [
            _view(kind) if kind in VIEWS_OFFERED else _resource(kind)
            for kind in sorted(resource_types())
        ],
        "interaction": _interactions("system"),
        "searchParam": [_parameter("Basic", *one) for one in of_every_type().items()],
    }
    return msgspec.Raw(msgspec.json.encode(rest | _operations("system")))


def _interactions(*levels: Level) -> list[dict[str, str]]:
    codes = dict.fromkeys(offer.code for offer in INTERACTIONS if offer.level in levels)
    return [{"code": code} for code in codes]


def _resource(kind: str) -> dict[str, Any]:
    return {
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
        "searchInclude": includes_of(kind),
        "searchRevInclude": [
            one for one in revincludes_of(kind) if one.partition(":")[0] not in VIEWS_OFFERED
        ],
        "searchParam": [_parameter(kind, *one) for one in parameters_of(kind).items()],
    } | _operations("type", "instance", kind=kind)


def _view(kind: str) -> dict[str, Any]:
    view = VIEWS_OFFERED[kind]
    return {
        "type": kind,
        "documentation": view.shows,
        "interaction": [{"code": code} for code in view.codes],
        "versioning": "no-version",
        "searchParam": [{"name": name, "type": type_} for name, type_ in view.parameters.items()],
    }


def _parameter(kind: str, name: str, type_: str) -> dict[str, str]:
    takes = []
    if modifiers := modifiers_of(kind, name):
        takes.append(f"Modifiers: {', '.join(modifiers)}.")
    if type_ in _WITH_PREFIXES:
        takes.append(f"Prefixes: {', '.join(PREFIXES)}.")
    told = {"name": name, "type": type_}
    return told | {"documentation": " ".join(takes)} if takes else told


def _operations(*levels: Level, kind: str | None = None) -> dict[str, list[dict[str, str]]]:
    found = [one for one in OPERATIONS if _is_at(one, levels, kind)]
    told = [{"name": o.name, "definition": o.definition, "documentation": o.does} for o in found]
    return {"operation": told} if told else {}


def _is_at(operation: Operation, levels: tuple[Level, ...], kind: str | None) -> bool:
    here = not set(levels).isdisjoint(operation.levels)
    return here and (kind is None or operation.is_on(kind))
