"""Flattens StructureDefinitions into one table of fields per type and per nested element."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.fhir_compiler.package import Json, Package

_INHERITED = {
    "resource": {"id", "meta", "implicitRules", "language"},
    "domain": {
        *("id", "meta", "implicitRules", "language"),
        *("text", "contained", "extension", "modifierExtension"),
    },
    "backbone": {"id", "extension", "modifierExtension"},
    "element": {"id", "extension"},
}
_LOOSENED = {"Questionnaire.item.linkId"}
"""Required in the definition, but absent from items of HL7's own example Questionnaire/qs1."""
PRIMITIVE_PREFIX = "http://hl7.org/fhirpath/System."


@dataclass(frozen=True, slots=True)
class Field:
    """One element: several ``types`` make it a choice (``value[x]``).

    Attributes:
        in_summary: Whether ``_summary=true`` answers it.
        is_modifier: Whether it changes the meaning of what stands beside it.
    """

    name: str
    types: tuple[str, ...]
    required: bool
    many: bool
    value_set: str | None
    constraints: tuple[Json, ...]
    in_summary: bool
    is_modifier: bool

    @property
    def is_choice(self) -> bool:
        """Report whether the name stands for one member per type."""
        return self.name.endswith("[x]")

    @property
    def stem(self) -> str:
        """Return the name as FHIRPath writes it."""
        return self.name.removesuffix("[x]")

    def variants(self) -> list[tuple[str, str]]:
        """Return (JSON member, type) of each form of the element."""
        if not self.is_choice:
            return [(self.name, self.types[0])]
        return [(self.stem + type_[0].upper() + type_[1:], type_) for type_ in self.types]


@dataclass(frozen=True, slots=True)
class Structure:
    """A type, or a nested element named by its path (``Patient.contact``)."""

    name: str
    base: str
    fields: list[Field] = field(default_factory=list)
    constraints: list[Json] = field(default_factory=list)


def read_structures(package: Package) -> dict[str, Structure]:
    """Return every data type, resource and nested element by name, in the package's order."""
    found: dict[str, Structure] = {}
    for definition in package.structures:
        if _is_wanted(definition):
            _read_definition(definition, found)
    return found


def primitive_names(package: Package) -> list[str]:
    """Return the names of the primitive types."""
    return [item["type"] for item in package.structures if item["kind"] == "primitive-type"]


def _is_wanted(definition: Json) -> bool:
    if definition["kind"] not in {"resource", "complex-type"}:
        return False
    if definition["type"] in {"Resource", "DomainResource", "BackboneElement"}:
        return False
    return definition.get("derivation") != "constraint"


def _base(definition: Json) -> str:
    parent = definition.get("baseDefinition", "").rsplit("/", 1)[-1]
    if definition["kind"] == "resource":
        return "domain" if parent == "DomainResource" else "resource"
    return "backbone" if parent == "BackboneElement" else "element"


def _read_definition(definition: Json, found: dict[str, Structure]) -> None:
    elements = definition["snapshot"]["element"]
    parents = {item["path"].rsplit(".", 1)[0] for item in elements if "." in item["path"]}
    for item in elements:
        path = item["path"]
        if path in parents or "." not in path:
            base = _base(definition) if "." not in path else _nested_base(item)
            found[path] = Structure(path, base, constraints=item.get("constraint", []))
        if "." in path:
            parent = found[path.rsplit(".", 1)[0]]
            name = path.rsplit(".", 1)[1]
            if name not in _INHERITED[parent.base]:
                parent.fields.append(_field(item, name, nested=path in parents))


def _nested_base(item: Json) -> str:
    return "backbone" if item["type"][0]["code"] == "BackboneElement" else "element"


def _field(item: Json, name: str, *, nested: bool) -> Field:
    binding = item.get("binding", {})
    required = binding.get("strength") == "required"
    return Field(
        name=name,
        types=_types(item, nested=nested),
        required=item["min"] > 0 and item["path"] not in _LOOSENED,
        many=item["max"] not in {"0", "1"},
        value_set=binding["valueSet"].split("|")[0] if required else None,
        constraints=tuple(item.get("constraint", ())),
        in_summary=item.get("isSummary", False),
        is_modifier=item.get("isModifier", False),
    )


def _types(item: Json, *, nested: bool) -> tuple[str, ...]:
    if "contentReference" in item:
        return (item["contentReference"].removeprefix("#"),)
    if nested:
        return (item["path"],)
    codes = [entry["code"] for entry in item["type"]]
    if codes[0].startswith(PRIMITIVE_PREFIX):
        # Only Extension.url is left: ids are inherited.
        return ("uri",)
    return tuple(codes)
