"""References from one patient to another, wherever a resource holds them."""

from __future__ import annotations

from typing import Any

from careflow.records.elements import Json


def referring(resource: Json, before: str, after: str) -> Json:
    """Return a resource that refers to one patient where it referred to another."""
    moved: Json = _moved(resource, f"Patient/{before}", f"Patient/{after}")
    return moved


def _moved(value: Any, before: str, after: str) -> Any:  # noqa: ANN401 - JSON.
    if isinstance(value, list):
        return [_moved(one, before, after) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _reference(one, before, after) if name == "reference" else _moved(one, before, after)
        for name, one in value.items()
    }


def _reference(value: Any, before: str, after: str) -> Any:  # noqa: ANN401 - JSON.
    """Return a reference that no longer names a version, as the other patient never had it."""
    if value == before or (isinstance(value, str) and value.startswith(f"{before}/_history/")):
        return after
    return _moved(value, before, after)


def linked(patient: Json, kind: str, other: str) -> Json:
    """Return a Patient with one more link of a kind: ``replaces`` or ``replaced-by``."""
    link = {"other": {"reference": f"Patient/{other}"}, "type": kind}
    return {**patient, "link": [*patient.get("link", ()), link]}


def unlinked(patient: Json, other: str) -> Json:
    """Return a Patient without the links of a merge with another."""
    rest = [
        one
        for one in patient.get("link", ())
        if one.get("type") not in {"replaces", "replaced-by"}
        or (one.get("other") or {}).get("reference") != f"Patient/{other}"
    ]
    bare = {name: value for name, value in patient.items() if name != "link"}
    return {**bare, "link": rest} if rest else bare


def is_replaced(patient: Json) -> bool:
    """Report whether another record took this one over."""
    return any(one.get("type") == "replaced-by" for one in patient.get("link", ()))
