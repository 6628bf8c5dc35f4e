"""Turns the FHIRPath of search parameters into plain paths with a known type at the end.

A path reads ``telecom[system=phone] ContactPoint``: members of the JSON, an optional filter in
brackets (``[system=phone]`` or ``[is Patient]`` for what a reference points to), then the type.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.fhir_compiler.elements import Structure
from tools.fhir_compiler.fhirpath import (
    Binary,
    Call,
    Literal,
    Member,
    Node,
    UnsupportedError,
    parse_fhirpath,
)
from tools.fhir_compiler.package import Json, Package

_TYPES_SEARCHED = {
    "token": {
        *("CodeableConcept", "Coding", "Identifier", "ContactPoint"),
        *("code", "boolean", "string", "id", "uri", "canonical", "oid", "uuid"),
    },
    "reference": {"Reference", "canonical", "uri", "Identifier"},
    "string": {
        "string",
        "markdown",
        "HumanName",
        "Address",
        "code",
        "uri",
        "id",
        "CodeableConcept",
    },
    "date": {"date", "dateTime", "instant", "Period", "Timing"},
    "quantity": {
        "Quantity",
        "Age",
        "Count",
        "Distance",
        "Duration",
        "Money",
        "Range",
        "SampledData",
    },
    "number": {"integer", "decimal", "positiveInt", "unsignedInt", "Range"},
    "uri": {"uri", "url", "canonical", "oid", "uuid"},
}
_FROM_RESOURCE = "%resource."
_ANY_TYPE = 140
"""A parameter with this many target types takes any resource, which an empty list stands for."""
_LEFT_OUT = ("extensions-", "-genetic-", "example")
"""Parameters over extensions of single profiles; they are not in HL7's search-parameters bundle."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path has arrived: the members so far and the type there."""

    path: str
    type: str


class PathReader:
    """Walks expressions over the structures of one resource type."""

    def __init__(
        self, structures: dict[str, Structure], root: str, start: str | None = None
    ) -> None:
        self._structures = structures
        self._root = root
        self._start = Place("", start or root)

    def read(self, expression: str, search_type: str) -> list[str]:
        """Return the paths of an expression for one kind of search."""
        node = parse_fhirpath(expression)
        wanted = _TYPES_SEARCHED[search_type]
        return [
            f"{place.path} {place.type}"
            for place in self._walk(node)
            if place.path and place.type in wanted
        ]

    def types(self, expression: str) -> list[Place]:
        """Return every place that an expression reaches."""
        return self._walk(parse_fhirpath(expression))

    def _walk(self, node: Node) -> list[Place]:
        if isinstance(node, Member):
            return self._member(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Binary):
            return self._binary(node)
        raise UnsupportedError(type(node).__name__)

    def _member(self, node: Member) -> list[Place]:
        if node.of is None:
            if node.name == self._root:
                return [self._start]
            if node.name[0].isupper():
                return []
            return self._children(self._start, node.name)
        return [
            child for place in self._walk(node.of) for child in self._children(place, node.name)
        ]

    def _children(self, place: Place, name: str) -> list[Place]:
        structure = self._structures.get(place.type)
        if structure is None:
            raise UnsupportedError(f"{place.type}.{name}")
        for field in structure.fields:
            if field.stem == name:
                return [_step(place, member, type_) for member, type_ in field.variants()]
        raise UnsupportedError(f"{place.type}.{name}")

    def _binary(self, node: Binary) -> list[Place]:
        if node.operator == "|":
            return self._walk(node.left) + self._walk(node.right)
        if node.operator == "as" and isinstance(node.right, Member):
            return self._of_type(node.left, node.right.name)
        if node.operator == "and" and "deceased" in repr(node):
            # The one expression that asks whether a value exists and is not false.
            return [Place("[deceased]", "boolean")]
        raise UnsupportedError(node.operator)

    def _call(self, node: Call) -> list[Place]:
        if node.of is None:
            raise UnsupportedError(node.name)
        if node.name in {"as", "ofType"} and isinstance(node.arguments[0], Member):
            return self._of_type(node.of, node.arguments[0].name)
        if node.name == "where":
            condition = _filter(node.arguments[0])
            return [Place(place.path + condition, place.type) for place in self._walk(node.of)]
        raise UnsupportedError(node.name)

    def _of_type(self, node: Node, name: str) -> list[Place]:
        places = self._walk(node)
        # Some expressions write DateTime for dateTime.
        return [place for place in places if place.type.lower() == name.lower()]


def _step(place: Place, member: str, type_: str) -> Place:
    return Place(f"{place.path}.{member}" if place.path else member, type_)


def _filter(node: Node) -> str:
    match node:
        case Binary("=", Member(_, name), Literal(value)):
            return f"[{name}={value}]"
        case Binary("is", Call(_, "resolve", _), Member(_, name)):
            return f"[is {name}]"
    raise UnsupportedError("where")


def read_search(
    package: Package, structures: dict[str, Structure]
) -> tuple[dict[str, list[Json]], list[tuple[str, str]]]:
    """Return the parameters by resource type, and (id, reason) of those left out."""
    found: dict[str, list[Json]] = {
        name: [] for name, item in structures.items() if item.base in {"domain", "resource"}
    }
    skipped: list[tuple[str, str]] = []
    by_url = {item["url"]: item for item in package.search_parameters}
    for parameter in package.search_parameters:
        if any(mark in parameter["id"] for mark in _LEFT_OUT):
            continue
        for base in parameter.get("base", ()):
            if base not in found:
                continue
            try:
                found[base].append(_parameter(parameter, base, structures, by_url))
            except UnsupportedError as error:
                skipped.append((parameter["id"], str(error)))
    for parameters in found.values():
        parameters.sort(key=lambda item: item["code"])
    return found, skipped


def _parameter(
    parameter: Json, base: str, structures: dict[str, Structure], by_url: dict[str, Json]
) -> Json:
    kind = parameter["type"]
    line: Json = {"code": parameter["code"], "type": kind}
    if kind == "composite":
        line |= _composite(parameter, base, structures, by_url)
        return line
    if kind == "special":
        raise UnsupportedError("special")
    if "expression" not in parameter:
        raise UnsupportedError("no expression")
    line["paths"] = PathReader(structures, base).read(parameter["expression"], kind)
    if not line["paths"]:
        raise UnsupportedError("no path")
    if kind == "reference":
        targets = parameter.get("target", ())
        line["targets"] = sorted(targets) if len(targets) < _ANY_TYPE else []
    return line


def _composite(
    parameter: Json, base: str, structures: dict[str, Structure], by_url: dict[str, Json]
) -> Json:
    kinds = [by_url[part["definition"]]["type"] for part in parameter["component"]]
    measured = [kind for kind in kinds if kind in {"date", "quantity", "number"}]
    if len(measured) > 1 and measured != ["number", "number"]:
        raise UnsupportedError("two intervals in one composite")
    groups = []
    for place in PathReader(structures, base).types(parameter["expression"]):
        components = []
        for component in parameter["component"]:
            part = by_url[component["definition"]]
            paths = _part_paths(parameter, component, part["type"], (base, place), structures)
            components.append({"code": part["code"], "type": part["type"], "paths": paths})
        groups.append({"base": place.path, "components": components})
    return {"groups": groups}


def _part_paths(
    parameter: Json,
    component: Json,
    kind: str,
    start: tuple[str, Place],
    structures: dict[str, Structure],
) -> list[str]:
    """Return the paths of a part below its base, or below ``%resource`` where it says so."""
    base, place = start
    expression = component["expression"]
    if expression.startswith(_FROM_RESOURCE):
        inner = PathReader(structures, base).read(expression.removeprefix(_FROM_RESOURCE), kind)
        return [_FROM_RESOURCE + path for path in inner]
    reader = PathReader(structures, base, place.type)
    others = [other["expression"] for other in parameter["component"]]
    # R4 has the two expressions of DocumentReference's relationship exchanged.
    for text in (expression, *others):
        paths = reader.read(text, kind)
        if paths:
            return paths
    raise UnsupportedError("a part without a path")
