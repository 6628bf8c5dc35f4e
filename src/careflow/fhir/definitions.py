"""What HL7's R4 definitions say, read from the compact lines that ``tools/compile_fhir.py`` wrote.

The file is read once; a line is parsed when its type is first asked for.
"""

from __future__ import annotations

import pathlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

FROM_RESOURCE = "%resource"
"""First step of a composite's path that begins at the resource rather than at the base."""
PATIENT_COMPARTMENT = "Patient"
FILE = pathlib.Path(__file__).with_name("definitions") / "r4.jsonl"


@dataclass(frozen=True, slots=True)
class Field:
    """One element of a type.

    Attributes:
        name: As in the definition; ``value[x]`` stands for one JSON member per type.
        types: FHIR types; a nested element is named by its path (``Patient.contact``).
        codes: Name of the code set that a value must come from, or ``None``.
        in_summary: Whether ``_summary=true`` answers it.
        is_modifier: Whether it changes the meaning of what stands beside it.
    """

    name: str
    types: tuple[str, ...]
    required: bool
    many: bool
    codes: str | None
    in_summary: bool = False
    is_modifier: bool = False

    @property
    def is_choice(self) -> bool:
        """Report whether the name stands for one member per type."""
        return self.name.endswith("[x]")

    @property
    def stem(self) -> str:
        """Return the name as FHIRPath writes it."""
        return self.name.removesuffix("[x]")

    def members(self) -> list[tuple[str, str]]:
        """Return (JSON member, type) of each form of the element."""
        if not self.is_choice:
            return [(self.name, self.types[0])]
        return [(self.stem + type_[0].upper() + type_[1:], type_) for type_ in self.types]


@dataclass(frozen=True, slots=True)
class TypeDefinition:
    """A resource, data type or nested element.

    Attributes:
        base: ``domain``, ``resource``, ``backbone`` or ``element``: what it inherits.
        fields: Inherited ones first.
        rules: (key, sentence, Python expression over ``self``) of each invariant.
    """

    name: str
    base: str
    fields: tuple[Field, ...]
    rules: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Path:
    """Where a search parameter finds its values: JSON members, then the FHIR type there."""

    steps: tuple[str, ...]
    type: str

    def below(self, base: tuple[str, ...]) -> tuple[str, ...]:
        """Return the steps from the resource of a path that begins at a composite's base."""
        if self.steps[0] == FROM_RESOURCE:
            return self.steps[1:]
        return (*base, *self.steps)


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a composite parameter; ``code`` is the parameter that defines it."""

    code: str
    type: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class CompositeGroup:
    """A base and the parts that must hold together within one repetition of it.

    An empty base is the resource itself: then the parts are ordinary parameters, searched together.
    """

    base: tuple[str, ...]
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """One search parameter of one resource type.

    Attributes:
        paths: Where its values are.
        targets: Types that a reference may point to; empty means any.
        groups: Parts of a composite.
        unites: Parameters that together are this one; it has no index entries of its own.
        is_bare: Its values are primitives, which have no system of their own.
    """

    code: str
    type: str
    paths: tuple[Path, ...] = ()
    targets: tuple[str, ...] = ()
    groups: tuple[CompositeGroup, ...] = ()
    unites: tuple[str, ...] = ()
    is_bare: bool = False


_INHERITED: dict[str, tuple[str, ...]] = {
    "element": ("id string ?", "extension Extension *"),
    "backbone": ("id string ?", "extension Extension *", "modifierExtension Extension *sm"),
    "resource": ("id id ?s", "meta Meta ?s", "implicitRules uri ?sm", "language code ?"),
    "domain": (
        *("id id ?s", "meta Meta ?s", "implicitRules uri ?sm", "language code ?"),
        *("text Narrative ?", "contained Resource *"),
        *("extension Extension *", "modifierExtension Extension *m"),
    ),
}
_COMMON: tuple[dict[str, Any], ...] = (
    {"code": "_profile", "type": "uri", "paths": ["meta.profile canonical"]},
    {"code": "_security", "type": "token", "paths": ["meta.security Coding"]},
    {"code": "_source", "type": "uri", "paths": ["meta.source uri"]},
    {"code": "_tag", "type": "token", "paths": ["meta.tag Coding"]},
)


@cache
def _lines() -> dict[tuple[str, str], bytes]:
    found = {}
    for line in FILE.read_bytes().splitlines():
        kind, name = line[2 : line.index(b'"', 2)], line.split(b'"', 4)[3]
        found[kind.decode(), name.decode()] = line
    return found


def _line(kind: str, name: str) -> Any:  # noqa: ANN401 - JSON of the shape that `kind` says.
    return msgspec.json.decode(_lines()[kind, name])


@cache
def resource_types() -> frozenset[str]:
    """Return the names of all resource types (146 in R4)."""
    return frozenset(name for kind, name in _lines() if kind == "search")


def is_resource_type(name: str) -> bool:
    """Report whether the standard knows a resource type of this name."""
    return ("search", name) in _lines()


def is_type(name: str) -> bool:
    """Report whether there is a structured type (not a primitive) of this name."""
    return ("type", name) in _lines()


@cache
def type_definition(name: str) -> TypeDefinition:
    """Return the fields and rules of a structured type; ``KeyError`` if there is none."""
    line = _line("type", name)
    fields = (*_INHERITED[line["base"]], *line["fields"])
    return TypeDefinition(
        name=name,
        base=line["base"],
        fields=tuple(_field(text) for text in fields),
        rules=tuple((key, human, python) for key, human, python in line["rules"]),
    )


def _field(text: str) -> Field:
    """Read ``status code 1sm observation-status``: name, types, cardinality with flags, codes."""
    name, types, cardinality, *codes = text.split(" ")
    return Field(
        name=name,
        types=tuple(types.split("|")),
        required=cardinality[0] in "1+",
        many=cardinality[0] in "*+",
        codes=codes[0] if codes else None,
        in_summary="s" in cardinality,
        is_modifier="m" in cardinality,
    )


@cache
def code_set(name: str) -> tuple[str, ...]:
    """Return the ``system|code`` values of a closed value set by its short name."""
    return tuple(_line("codes", name)["values"])


@cache
def search_parameters(type_: str) -> dict[str, SearchParameter]:
    """Return the search parameters of a resource type by code, common ones included.

    ``_id`` and ``_lastUpdated`` are not among them: the store answers those itself.
    """
    parameters = (*_COMMON, *_line("search", type_)["parameters"])
    return {item["code"]: _search_parameter(item) for item in parameters}


def _search_parameter(item: dict[str, Any]) -> SearchParameter:
    code: str = item["code"]
    unites: tuple[str, ...] = ()
    if code.startswith("combo-"):
        # Observation's combo-x is x of the observation or of one of its components.
        unites = (code.removeprefix("combo-"), code.replace("combo-", "component-"))
    paths = tuple(_path(text) for text in item.get("paths", ()))
    return SearchParameter(
        code=code,
        type=item["type"],
        paths=paths,
        targets=_targets(paths) or tuple(item.get("targets", ())),
        unites=unites,
        is_bare=all(path.type[0].islower() for path in paths),
        groups=tuple(_group(group) for group in item.get("groups", ())),
    )


def _targets(paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the types that paths like ``subject[is Patient]`` allow, if all of them say so."""
    last = [path.steps[-1].removesuffix("]").partition("[is ")[2] for path in paths]
    return tuple(dict.fromkeys(last)) if all(last) else ()


def _path(text: str) -> Path:
    steps, type_ = text.rsplit(" ", 1)
    return Path(_steps(steps), type_)


def _steps(text: str) -> tuple[str, ...]:
    return tuple(text.split(".")) if text else ()


def _group(group: dict[str, Any]) -> CompositeGroup:
    return CompositeGroup(
        base=_steps(group["base"]),
        components=tuple(
            Component(part["code"], part["type"], tuple(_path(text) for text in part["paths"]))
            for part in group["components"]
        ),
    )


@cache
def patient_compartment(type_: str) -> tuple[str, ...]:
    """Return the reference parameters that place a resource in a patient's compartment."""
    types: dict[str, list[str]] = _line("compartment", PATIENT_COMPARTMENT)["types"]
    return tuple(types.get(type_, ()))
