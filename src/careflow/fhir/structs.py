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

from careflow.fhir.checks import attribute, refusing_check
from careflow.fhir.definitions import (
    Field,
    TypeDefinition,
    code_set,
    is_type,
    type_definition,
)
from careflow.fhir.primitives import ANNOTATIONS

_NAMESPACE = ModuleType("careflow.fhir.built_structs")
"""Where msgspec looks up the names in annotations; types refer to each other in circles."""
_building = Lock()
"""Types are defined by one thread at a time, so that none sees half of a circle."""


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
    check = refusing_check(definition)
    if check is not None:
        namespace["__post_init__"] = check
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


def _prepare_namespace() -> None:
    sys.modules[_NAMESPACE.__name__] = _NAMESPACE
    for name, annotation in ANNOTATIONS.items():
        setattr(_NAMESPACE, f"fhir_{name}", annotation)
    given = {"Annotated": Annotated, "Literal": Literal, "Raw": msgspec.Raw}
    for name, value in given.items():
        setattr(_NAMESPACE, name, value)
    _NAMESPACE.NOT_EMPTY = msgspec.Meta(min_length=1)  # type: ignore[attr-defined]


_prepare_namespace()
