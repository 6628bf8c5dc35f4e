"""Where a resource refers to: the texts that its reference parameters find, versions and all.

An index forgets the version that a reference names; whoever follows it must know.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from careflow.fhir.definitions import Path, SearchParameter, search_parameters
from careflow.fhir.reference import parse_reference


@cache
def reference_parameters(type_: str) -> dict[str, SearchParameter]:
    """Return the parameters of a type that are references, by code."""
    return {code: one for code, one in search_parameters(type_).items() if one.type == "reference"}


def may_refer_to(parameter: SearchParameter, type_: str) -> bool:
    """Report whether the parameter's references may point to a type."""
    return not parameter.targets or type_ in parameter.targets


def is_canonical(parameter: SearchParameter) -> bool:
    """Report whether the parameter names resources by their canonical address."""
    return any(path.type != "Reference" for path in parameter.paths)


def references_of(resource: Any, parameter: SearchParameter) -> Iterator[str]:  # noqa: ANN401
    """Yield what a parameter finds in a resource (plain JSON data), contained ones left out."""
    for path in parameter.paths:
        for found in reached(resource, path):
            text = found.get("reference") if isinstance(found, dict) else found
            if isinstance(text, str) and not text.startswith("#"):
                yield text


def reached(resource: Any, path: Path) -> list[Any]:  # noqa: ANN401 - JSON.
    """Return what a resource (plain JSON data) has where a search parameter looks."""
    places = [resource]
    for step in path.steps:
        name, _, condition = step.removesuffix("]").partition("[")
        places = [
            item
            for place in places
            if isinstance(place, dict) and name in place
            for item in _items(place[name])
            if not condition or _meets(item, condition)
        ]
    return places


def _items(value: Any) -> list[Any]:  # noqa: ANN401 - JSON.
    return value if isinstance(value, list) else [value]


def _meets(item: Any, condition: str) -> bool:  # noqa: ANN401 - JSON.
    """Report whether an item is ``is Patient`` (a reference to one) or has ``type=successor``."""
    if not isinstance(item, dict):
        return False
    if condition.startswith("is "):
        literal = parse_reference(item.get("reference", ""))
        type_ = literal.type if literal else item.get("type")
        return bool(type_ == condition.removeprefix("is "))
    member, _, wanted = condition.partition("=")
    return bool(item.get(member) == wanted)
