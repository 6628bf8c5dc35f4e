"""Builds msgspec structs from the definitions, lazily: a type and what it can hold, on first use.

One decoder then parses and checks a resource in C: names, JSON types, patterns, code sets,
required elements. What a type alone can check beyond that (choices, required primitives, concepts
bound to a code set, invariants) runs in the struct's ``__post_init__``, so an error carries the
place where it was found.

Attribute names are FHIR's, with an underscore after Python's keywords (``class_``). Absent is
``None``. ``_birthDate`` holds the extensions of ``birthDate``.
"""

from __future__ import annotations

import sys
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Annotated, Any, Literal

import msgspec

from careflow.fhir.definitions import (
    Field,
    TypeDefinition,
    code_set,
    is_type,
    type_definition,
)
from careflow.fhir.primitives import ANNOTATIONS
from careflow.fhir.rule_helpers import HELPERS

_KEYWORDS = frozenset(
    {"class", "for", "assert", "import", "global", "from", "is", "in", "not", "and", "or"}
)
_NAMESPACE = ModuleType("careflow.fhir.built_structs")
"""Where msgspec looks up the names in annotations; types refer to each other in circles."""
_building = Lock()
"""Types are defined by one thread at a time, so that none sees half of a circle."""


def attribute(member: str) -> str:
    """Return the Python attribute of a JSON member."""
    return member + "_" if member in _KEYWORDS else member


@cache
def decoder(type_: str) -> msgspec.json.Decoder[msgspec.Struct]:
    """Return the decoder of a resource type, building what it needs on first use."""
    return msgspec.json.Decoder(struct(type_))


def struct(type_: str) -> type[msgspec.Struct]:
    """Return the struct of a type with everything it refers to defined."""
    with _building:
        waiting = [type_, "Element"]
        while waiting:
            name = waiting.pop()
            if not hasattr(_NAMESPACE, _identifier(name)):
                definition = type_definition(name)
                setattr(_NAMESPACE, _identifier(name), _define(definition))
                waiting += [t for field in definition.fields for t in field.types if is_type(t)]
    built: type[msgspec.Struct] = getattr(_NAMESPACE, _identifier(type_))
    return built


def _identifier(type_: str) -> str:
    return type_.replace(".", "_")


def _define(definition: TypeDefinition) -> type[msgspec.Struct]:
    fields: list[tuple[str, str] | tuple[str, str, None]] = []
    if definition.base in {"domain", "resource"}:
        fields.append(("resourceType", f"Literal[{definition.name!r}]"))
    rename = {}
    for field in definition.fields:
        for member, type_ in field.members():
            name = attribute(member)
            rename[name] = member
            fields += _members(field, name, type_, f"_{member}")
    namespace: dict[str, Any] = {}
    source = _checks_source(definition)
    if source:
        scope: dict[str, Any] = dict(HELPERS) | {"bound": _bound, "aligned": _aligned}
        exec(source, scope)  # noqa: S102 - text from our own package data, made by our compiler.
        namespace["__post_init__"] = scope["check"]
    return msgspec.defstruct(
        _identifier(definition.name),
        fields,
        module=_NAMESPACE.__name__,
        namespace=namespace,
        rename=rename,
        kw_only=True,
        omit_defaults=True,
        forbid_unknown_fields=True,
        gc=False,
    )


def _members(
    field: Field, name: str, type_: str, sibling: str
) -> list[tuple[str, str] | tuple[str, str, None]]:
    """Return the member and, for a primitive, the sibling that holds its extensions."""
    primitive = type_ in ANNOTATIONS
    text = _annotation(field, type_)
    extensions = "Element"
    if field.many:
        text = f"Annotated[list[{text}{' | None' if primitive else ''}], NOT_EMPTY]"
        extensions = "Annotated[list[Element | None], NOT_EMPTY]"
    if field.required and not primitive and not field.is_choice:
        return [(name, text)]
    members: list[tuple[str, str] | tuple[str, str, None]] = [(name, text, None)]
    if primitive and not (name == "id" and type_ == "string"):
        members.append((sibling, extensions, None))
    return members


def _annotation(field: Field, type_: str) -> str:
    if type_ == "code" and field.codes:
        return _code_annotation(field.codes)
    if type_ in ANNOTATIONS:
        return f"fhir_{type_}"
    return "Raw" if type_ == "Resource" else _identifier(type_)


def _code_annotation(name: str) -> str:
    alias = "codes_" + "".join(letter if letter.isalnum() else "_" for letter in name)
    if not hasattr(_NAMESPACE, alias):
        codes = tuple(value.split("|", 1)[1] for value in code_set(name))
        setattr(_NAMESPACE, alias, Literal[codes])
    return alias


# --- checks --------------------------------------------------------------------------------


def _checks_source(definition: TypeDefinition) -> str:
    lines = []
    for field in sorted(definition.fields, key=lambda field: not field.is_choice):
        lines += _choice_checks(field) if field.is_choice else _field_checks(field)
    for key, human, python in definition.rules:
        lines.append(_refuse_unless(python, f"invariant||{key}: {human}"))
    return "def check(self):\n" + "\n".join(lines) if lines else ""


def _choice_checks(field: Field) -> list[str]:
    """Count the forms that are given, which invariants ask for again, and allow one."""
    values = "".join(f"self.{attribute(member)}, " for member, _ in field.members())
    given = f"given_{field.stem}"
    message = f"structure|{field.stem}|Only one form of {field.name} may be given."
    lines = [
        f"    {given} = {len(field.types)} - ({values}).count(None)",
        _refuse_unless(f"{given} <= 1", message),
    ]
    if field.required:
        siblings = [f"self._{member}" for member, type_ in field.members() if type_ in ANNOTATIONS]
        present = " or ".join([given, *(f"{sibling} is not None" for sibling in siblings)])
        lines.append(_refuse_unless(present, f"required|{field.stem}|{field.name} is required."))
    return lines


def _field_checks(field: Field) -> list[str]:
    name, type_ = attribute(field.name), field.types[0]
    lines = []
    if field.required and type_ in ANNOTATIONS:
        present = f"self.{name} is not None or self._{field.name} is not None"
        lines.append(_refuse_unless(present, f"required|{field.name}|{field.name} is required."))
    if field.many and type_ in ANNOTATIONS:
        message = f"structure|{field.name}|Values and their extensions do not match one to one."
        test = f"aligned(self.{name}, self._{field.name})"
        lines.append(_refuse_unless(test, message))
    if field.codes and type_ == "CodeableConcept":
        message = f"code-invalid|{field.name}|No coding is from the value set {field.codes}."
        test = f"self.{name} is None or bound(self.{name}, {field.codes!r})"
        if field.many:
            test = f"all(bound(x, {field.codes!r}) for x in self.{name} or ())"
        lines.append(_refuse_unless(test, message))
    return lines


def _refuse_unless(test: str, message: str) -> str:
    return f"    if not ({test}):\n        raise ValueError({message!r})"


def _aligned(values: list[Any] | None, extensions: list[Any] | None) -> bool:
    """Report whether each null in an array of primitives has a sibling that says something."""
    if extensions is None:
        return values is None or None not in values
    if values is None:
        return None not in extensions
    return len(values) == len(extensions) and all(
        value is not None or extension is not None
        for value, extension in zip(values, extensions, strict=True)
    )


def _bound(concept: Any, codes: str) -> bool:  # noqa: ANN401 - a CodeableConcept struct.
    """Report whether one coding is from the code set (or an extension says why there is none)."""
    allowed = _code_lookup(codes)
    if concept.coding is None:
        return concept.extension is not None
    return any(f"{coding.system}|{coding.code}" in allowed for coding in concept.coding)


@cache
def _code_lookup(codes: str) -> frozenset[str]:
    return frozenset(code_set(codes))


def _prepare_namespace() -> None:
    sys.modules[_NAMESPACE.__name__] = _NAMESPACE
    for name, annotation in ANNOTATIONS.items():
        setattr(_NAMESPACE, f"fhir_{name}", annotation)
    given = {"Annotated": Annotated, "Literal": Literal, "Raw": msgspec.Raw}
    for name, value in given.items():
        setattr(_NAMESPACE, name, value)
    _NAMESPACE.NOT_EMPTY = msgspec.Meta(min_length=1)  # type: ignore[attr-defined]


_prepare_namespace()
